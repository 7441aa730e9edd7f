/* SPDX-License-Identifier: Apache-2.0 */
/*
 * random_run.c: runs the kernels of kernels.cl as native code, in every instruction set,
 * and as random_c.c or random_opencl.c does, and compares the results.  random_kernels.py
 * makes kernels.cl and names.h, and compiles this file.
 */
#include "random.h"

#include "support/cmocka.h"

#include <string.h>

struct test {
    const char *name;
    const struct parfun_kernel *native;
};

NAMES(DECLARE)
static const struct test tests[] = {
#define TEST(name) { #name, &parfun_kernel_##name },
    NAMES(TEST)
};

static const struct range *range;

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
        for (size_t r = 0; r < sizeof ranges / sizeof *ranges; r += STEP) {
            const struct parfun_kernel *native = tests[t].native;
            range = &ranges[r];
            fill(&right);
            if (!run_reference(t, range, &right))
                skip(); /* no OpenCL device */
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
