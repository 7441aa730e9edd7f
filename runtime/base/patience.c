/* SPDX-License-Identifier: Apache-2.0 */
/* patience.c: see patience.h. */
#include "runtime/base/patience.h"

#include "runtime/base/clock.h"
#include "runtime/base/thread.h"

enum {
    /* Measured on virtual machines: 7 us to be woken soon after going to sleep, 20 to
     * 60 later. */
    PATIENCE_NS = 50000,
    RELAXATIONS = 2 /* take some times as long as reading the clock */
};

struct pf_patience pf_patience_begin(void)
{
    return (struct pf_patience){ pf_clock_ns() + PATIENCE_NS };
}

bool pf_patience_wait(const struct pf_patience *patience)
{
    for (int i = 0; i < RELAXATIONS; i++)
        pf_thread_relax();
    return pf_clock_ns() < patience->end_ns;
}
