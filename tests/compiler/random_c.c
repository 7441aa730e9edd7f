/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_c.c: the kernels of kernels.cl as C that this file includes, with a context of
 * its own for each work-item of a group.
 */
#include "random.h"

#include <string.h>
#include <ucontext.h>

enum { STACK = 1 << 16 };

struct item {
    ucontext_t context;
    size_t local[3], global[3];
    bool done;
};

static struct item items[MOST_ITEMS], *present;
static char stacks[MOST_ITEMS][STACK];
static ucontext_t scheduler;
static const struct range *range;
static size_t group[3];

static void yield(void)
{
    struct item *self = present;
    swapcontext(&self->context, &scheduler);
}

static size_t get_global_id(int d)
{
    return present->global[d];
}

static size_t get_local_id(int d)
{
    return present->local[d];
}

static size_t get_group_id(int d)
{
    return group[d];
}

static size_t get_local_size(int d)
{
    return range->local[d];
}

static size_t get_global_size(int d)
{
    return range->global[d];
}

static size_t get_num_groups(int d)
{
    return range->global[d] / range->local[d];
}

/* ---- The kernels, as C --------------------------------------------------------- */

typedef unsigned char uchar;
typedef unsigned short ushort;
typedef unsigned int uint;
typedef unsigned long ulong;
#define kernel static
#define global
#define local static
#define barrier(flags) yield()
#define atomic_add(pointer, value) (*(pointer) += (value))
#include "kernels.cl"
#undef kernel
#undef global
#undef local

typedef void body(uint32_t *, const uint32_t *, uint32_t *, uint32_t);

static body *const bodies[] = {
#define BODY(name) name,
    NAMES(BODY)
};

/* ---- Their meaning ------------------------------------------------------------------ */

static body *running;
static struct arrays *running_on;

static void enter(void)
{
    running(running_on->out, running_on->in, running_on->own, (uint32_t)range->p);
    present->done = true;
    yield();
}

static void start(struct item *item, char *stack)
{
    item->done = false;
    getcontext(&item->context);
    item->context.uc_stack.ss_sp = stack;
    item->context.uc_stack.ss_size = STACK;
    makecontext(&item->context, enter, 0);
}

/* All work-items from barrier to barrier, in turn. */
static void run_group(void)
{
    size_t n = range->local[0] * range->local[1];
    bool all_done = false;

    for (size_t i = 0; i < n; i++) {
        items[i].local[0] = i % range->local[0];
        items[i].local[1] = i / range->local[0];
        for (int d = 0; d < 2; d++)
            items[i].global[d] = group[d] * range->local[d] + items[i].local[d];
        start(&items[i], stacks[i]);
    }
    while (!all_done) {
        all_done = true;
        for (size_t i = 0; i < n; i++) {
            if (items[i].done)
                continue;
            present = &items[i];
            swapcontext(&scheduler, &items[i].context);
            all_done &= items[i].done;
        }
    }
}

bool run_reference(size_t kernel, const struct range *whole, struct arrays *arrays)
{
    running = bodies[kernel];
    running_on = arrays;
    range = whole;
    for (group[1] = 0; group[1] < get_num_groups(1); group[1]++)
        for (group[0] = 0; group[0] < get_num_groups(0); group[0]++)
            run_group();
    return true;
}
