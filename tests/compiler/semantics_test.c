/* SPDX-License-Identifier: Apache-2.0 */
/*
 * semantics_test.c: kernels mean in native code what they mean in OpenCL C, in
 * every instruction set, for ranges from one item to three dimensions.
 */
#include "run.h"

#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

static const struct range ranges[] = {
    { 1, { 1, 1, 1 }, { 1, 1, 1 }, { 0 }, 3 },
    { 1, { 5, 1, 1 }, { 1, 1, 1 }, { 0 }, 6 },
    { 1, { 7, 1, 1 }, { 7, 1, 1 }, { 0 }, 9 },
    { 1, { 64, 1, 1 }, { 16, 1, 1 }, { 0 }, 5 },
    { 1, { 96, 1, 1 }, { 32, 1, 1 }, { 3 }, 4 },
    { 1, { 100, 1, 1 }, { 50, 1, 1 }, { 0 }, 11 },
    { 1, { 122, 1, 1 }, { 61, 1, 1 }, { 1000000 }, 0 },
    { 2, { 16, 12, 1 }, { 4, 3, 1 }, { 0 }, 3 },
    { 2, { 32, 8, 1 }, { 8, 4, 1 }, { 2, 1 }, 7 },
    { 2, { 3, 31, 1 }, { 1, 31, 1 }, { 0 }, 2 },
    { 3, { 8, 4, 4 }, { 2, 2, 2 }, { 0, 1, 2 }, 2 },
    { 3, { 34, 3, 2 }, { 17, 1, 2 }, { 0 }, 1 },
    { 1, { 97, 1, 1 }, { 16, 1, 1 }, { 0 }, 8 },     /* the last group is partial */
    { 2, { 37, 5, 1 }, { 16, 2, 1 }, { 5, 0 }, 10 }, /* along both dimensions */
};
enum { RANGES = sizeof ranges / sizeof *ranges, WHOLE_RANGES = RANGES - 2 };

enum { LOCAL_BYTES = 2 * MOST_ITEMS * sizeof(int) };

static int input[ELEMENTS];

static void fill_input(void)
{
    uint32_t state = 3;

    for (int i = 0; i < ELEMENTS; i++) {
        state = state * 1664525 + 1013904223;
        input[i] = (int)(state >> 8) % 100;
    }
}

/* One group's items in order, x fastest. */
static int place_items(
        const struct range *r, const size_t *index, struct place *items)
{
    int n = 0;

    for (size_t z = 0; z < r->local[2]; z++)
        for (size_t y = 0; y < r->local[1]; y++)
            for (size_t x = 0; x < r->local[0]; x++) {
                size_t local[3] = { x, y, z }, at[3];
                bool inside = true;

                for (int d = 0; d < 3; d++) {
                    at[d] = index[d] * r->local[d] + local[d];
                    inside &= at[d] < r->global[d];
                }
                if (!inside)
                    continue;
                for (int d = 0; d < 3; d++) {
                    items[n].local[d] = local[d];
                    items[n].global[d] = at[d] + r->offset[d];
                }
                items[n++].linear =
                        (int)((at[2] * r->global[1] + at[1]) * r->global[0]
                                + at[0]);
            }
    return n;
}

static void compute_group(const struct semantics *test, const struct range *r,
        const size_t *index, const size_t *count, int *expected)
{
    struct place items[MOST_ITEMS];
    struct group g = {
        .range = r, .p = r->p, .item = items, .all_in = input, .all_out = expected
    };

    memcpy(g.index, index, sizeof g.index);
    memcpy(g.count, count, sizeof g.count);
    for (int d = 0; d < 3; d++) {
        size_t rest = r->global[d] - index[d] * r->local[d];
        g.size[d] = rest < r->local[d] ? rest : r->local[d];
    }
    g.n = place_items(r, index, items);
    for (int i = 0; i < g.n; i++) {
        g.in[i] = input[items[i].linear];
        g.out[i] = expected[items[i].linear];
    }
    test->compute(&g);
    for (int i = 0; i < g.n; i++)
        expected[items[i].linear] = g.out[i];
}

static void compute(
        const struct semantics *test, const struct range *r, int *expected)
{
    size_t count[3], index[3];

    for (int d = 0; d < 3; d++)
        count[d] = (r->global[d] + r->local[d] - 1) / r->local[d];
    memset(expected, 0, ELEMENTS * sizeof *expected);
    for (index[2] = 0; index[2] < count[2]; index[2]++)
        for (index[1] = 0; index[1] < count[1]; index[1]++)
            for (index[0] = 0; index[0] < count[0]; index[0]++)
                compute_group(test, r, index, count, expected);
}

static void check_variant(const struct semantics *test,
        const struct parfun_variant *variant, const struct range *r,
        const int *expected)
{
    size_t local_bytes = LOCAL_BYTES;

    for (size_t pieces = 1; pieces <= 2; pieces++) {
        int out[ELEMENTS] = { 0 }, p = r->p;
        int *out_pointer = out;
        const int *in_pointer = input;
        void *const arguments[] = { &out_pointer, &in_pointer, &local_bytes, &p };

        run_kernel(variant, r, pieces, arguments, local_bytes);
        for (int i = 0; i < ELEMENTS; i++)
            if (out[i] != expected[i])
                fail_msg("%s, %s, range %d, in %d pieces: element %d is %d, "
                         "not %d",
                        test->name, variant->isa, (int)(r - ranges), (int)pieces, i,
                        out[i], expected[i]);
    }
}

/* The kernels with barriers are only given whole groups. */
static void check(const struct semantics *test)
{
    const struct parfun_kernel *kernel = test->kernel;
    int expected[ELEMENTS];
    int count = kernel->flags & PARFUN_KERNEL_BARRIERS ? WHOLE_RANGES : RANGES;
    bool ran = false;

    assert_string_equal(kernel->name, test->name);
    assert_int_equal(kernel->parameter_count, 4);
    for (int r = 0; r < count; r++) {
        compute(test, &ranges[r], expected);
        for (uint32_t v = 0; v < kernel->variant_count; v++)
            if (can_run(kernel->variants[v].isa)) {
                check_variant(test, &kernel->variants[v], &ranges[r], expected);
                ran = true;
            }
    }
    assert_true(ran);
}

static void check_all(const struct semantics *tests)
{
    for (; tests->name; tests++)
        check(tests);
}

static void barriers_hold_in_every_control_flow(void **state)
{
    (void)state;
    check_all(barrier_semantics);
}

static void every_item_takes_its_own_way(void **state)
{
    (void)state;
    check_all(control_semantics);
}

static void memory_is_private_local_or_global(void **state)
{
    (void)state;
    check_all(storage_semantics);
}

static void values_have_their_types_meaning(void **state)
{
    (void)state;
    check_all(value_semantics);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(barriers_hold_in_every_control_flow),
        cmocka_unit_test(every_item_takes_its_own_way),
        cmocka_unit_test(memory_is_private_local_or_global),
        cmocka_unit_test(values_have_their_types_meaning),
    };

    fill_input();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
