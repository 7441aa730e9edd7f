/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_run.c: runs the kernels of kernels.cl twice, as native code and as C that
 * this file includes, with a context of its own for each work-item of a group, and
 * compares the results.  random_kernels.py makes the two files and compiles this one.
 */
#include "run.h"

#include "support/cmocka.h"

#include <string.h>
#include <ucontext.h>

enum { IN = 64, OUT = 512, OWN = 4 * OUT, STACK = 1 << 16 };

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
#include "names.h"

typedef void body(uint32_t *, const uint32_t *, uint32_t *, uint32_t);

struct test {
    const char *name;
    body *body;
    const struct parfun_kernel *native;
};

NAMES(DECLARE)
static const struct test tests[] = {
#define TEST(name) { #name, name, &parfun_kernel_##name },
    NAMES(TEST)
};

/* ---- Their meaning ------------------------------------------------------------------ */

struct arrays {
    uint32_t in[IN], out[OUT], own[OWN];
};

static const struct test *running;
static struct arrays *running_on;

static void enter(void)
{
    running->body(
            running_on->out, running_on->in, running_on->own, (uint32_t)range->p);
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

static void run_reference(const struct test *test, struct arrays *arrays)
{
    running = test;
    running_on = arrays;
    for (group[1] = 0; group[1] < get_num_groups(1); group[1]++)
        for (group[0] = 0; group[0] < get_num_groups(0); group[0]++)
            run_group();
}

/* ---- Comparison ------------------------------------------------------------------------- */

static const struct range ranges[] = {
    { 1, { 1, 1, 1 }, { 1, 1, 1 }, { 0 }, 3 },
    { 1, { 64, 1, 1 }, { 16, 1, 1 }, { 0 }, 5 },
    { 1, { 100, 1, 1 }, { 50, 1, 1 }, { 0 }, 2 },
    { 2, { 24, 9, 1 }, { 8, 3, 1 }, { 0 }, 7 },
    { 2, { 34, 8, 1 }, { 17, 2, 1 }, { 0 }, 12 },
    { 1, { 320, 1, 1 }, { 64, 1, 1 }, { 0 }, 9 },
    { 2, { 160, 3, 1 }, { 32, 1, 1 }, { 0 }, 1 },
};

static void fill(struct arrays *arrays)
{
    uint32_t state = 7;

    memset(arrays, 0, sizeof *arrays);
    for (int i = 0; i < IN; i++) {
        state = state * 1664525 + 1013904223;
        arrays->in[i] = state >> (i % 3 * 12);
    }
}

static void compare(const struct test *test, const struct parfun_variant *variant,
        struct arrays *got, const struct arrays *right)
{
    uint32_t p = (uint32_t)range->p;
    void *out = got->out, *in = got->in, *own = got->own;
    void *const arguments[] = { &out, &in, &own, &p };

    fill(got);
    run_kernel(variant, range, 1 + (size_t)range->p % 2, arguments, 0);
    for (int i = 0; i < OUT; i++)
        if (got->out[i] != right->out[i])
            fail_msg("%s, %s, range %d: out[%d] is %u, not %u", test->name,
                    variant->isa, (int)(range - ranges), i, got->out[i],
                    right->out[i]);
    for (int i = 0; i < OWN; i++)
        if (got->own[i] != right->own[i])
            fail_msg("%s, %s, range %d: own[%d] is %u, not %u", test->name,
                    variant->isa, (int)(range - ranges), i, got->own[i],
                    right->own[i]);
}

static void native_code_means_what_the_text_says(void **state)
{
    static struct arrays right, got;

    (void)state;
    for (size_t t = 0; t < sizeof tests / sizeof *tests; t++)
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r++) {
            const struct parfun_kernel *native = tests[t].native;
            range = &ranges[r];
            fill(&right);
            run_reference(&tests[t], &right);
            for (uint32_t v = 0; v < native->variant_count; v++)
                if (can_run(native->variants[v].isa))
                    compare(&tests[t], &native->variants[v], &got, &right);
        }
}

int main(void)
{
    const struct CMUnitTest all[] = {
        cmocka_unit_test(native_code_means_what_the_text_says),
    };

    return cmocka_run_group_tests_name("random", all, NULL, NULL);
}
