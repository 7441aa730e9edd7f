/* SPDX-License-Identifier: Apache-2.0 */
/*
 * slow.h: kernels whose items take threads 5 us each, asleep: what else the machine does
 * changes little.  On fake devices they take what the device says.
 */
#ifndef PF_TESTS_SCHED_SLOW_H
#define PF_TESTS_SCHED_SLOW_H

#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdatomic.h>
#include <time.h>

enum { ITEMS = 4096, ITEM_NS = 5000 }; /* of a call; of one thread: 20 ms in all */

static atomic_uint slow_boxes; /* that threads have run */

static void slow_down(const struct parfun_ndrange *range)
{
    const size_t items =
            (range->group_end[0] - range->group_begin[0]) * range->local_size[0];

    if (fake_is_running())
        return;
    atomic_fetch_add(&slow_boxes, 1);
    (void)nanosleep(&(struct timespec){ .tv_nsec = (long)items * ITEM_NS }, NULL);
}

static void slow_twice_run(
        const struct parfun_ndrange *range, void *const *arguments)
{
    native_twice.variants[0].run(range, arguments);
    slow_down(range);
}

/* native_twice, slowly. */
static inline struct parfun_kernel slow_twice(void)
{
    static const struct parfun_variant variant = { .isa = "generic",
        .run = slow_twice_run };
    struct parfun_kernel kernel = native_twice;

    kernel.variants = &variant;
    return kernel;
}

#endif
