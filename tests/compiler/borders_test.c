/* SPDX-License-Identifier: Apache-2.0 */
/*
 * borders_test.c: conditions that tell the items at the ends of a row from the others
 * mean in native code, where rows are cut, what they mean in C; in every instruction
 * set, for rows that are too short to be cut and longer ones, and where the numbers
 * that are compared wrap.
 */
#include "run.h"

#include "support/cmocka.h"

#include <string.h>

enum { MOST = 1024, GROUP = 256 };

typedef unsigned int uint;
typedef unsigned long ulong;

struct item {
    int x, y, w, h, r;
    ulong n;
    size_t at;
};

struct border {
    const struct parfun_kernel *choose, *leave;
    bool (*holds)(const struct item *item);
};

static uint in[MOST + 2];

static const struct range ranges[] = {
    { 2, { 200, 4, 1 }, { 100, 1, 1 }, { 0 }, 0 },
    { 2, { 13, 5, 1 }, { 13, 1, 1 }, { 0 }, 0 },
    { 2, { 70, 3, 1 }, { 1, 1, 1 }, { 0 }, 0 },
    { 1, { 1024, 1, 1 }, { 1024, 1, 1 }, { 0 }, 0 },
    { 1, { 1, 1, 1 }, { 1, 1, 1 }, { 0 }, 0 },
};

/* The width that the kernels are told, and the width of the border. */
static const struct {
    bool whole; /* with the row's own width added */
    int w, r;
} told[] = { { true, 0, 2 }, { true, -67, 0 }, { true, 5000, 100 }, { false, 0, 1 },
    { false, -3, -5 }, { true, -1, 199 } };

/* ---- What the kernels compute ---------------------------------------------------- */

#define BORDER(name, condition)                                                    \
    extern const struct parfun_kernel parfun_kernel_choose_##name,                 \
            parfun_kernel_leave_##name;                                            \
    static bool holds_##name(const struct item *item)                              \
    {                                                                              \
        const int x = item->x, y = item->y, w = item->w, h = item->h, r = item->r; \
        const uint ux = (uint)x, uy = (uint)y, uw = (uint)w, ur = (uint)r;         \
        const ulong n = item->n;                                                   \
                                                                                   \
        (void)x, (void)y, (void)w, (void)h, (void)r, (void)n;                      \
        (void)ux, (void)uy, (void)uw, (void)ur;                                    \
        return condition;                                                          \
    }
#include "borders.def"
#undef BORDER

#define BORDER(name, condition) \
    { &parfun_kernel_choose_##name, &parfun_kernel_leave_##name, holds_##name },
static const struct border borders[] = {
#include "borders.def"
};
#undef BORDER

extern const struct parfun_kernel parfun_kernel_one_after_the_other,
        parfun_kernel_around_barriers;

static uint chosen(bool holds, const struct item *item)
{
    const uint *at = in + item->at;

    return holds ? at[0] + 3 * at[1] + 5 * at[2] : at[1];
}

static uint left(bool holds, const struct item *item)
{
    return in[item->at] + (holds ? 0 : in[item->at + 2]);
}

static uint one_after_the_other(bool holds, const struct item *item)
{
    const uint *at = in + item->at;
    uint sum = 7;

    (void)holds;
    if (item->x > 0)
        sum += at[0];
    if (item->x < item->w - 1)
        sum += 3 * at[2];
    if (item->y == 0)
        sum ^= at[1];
    else if (item->x == item->r)
        sum *= at[1];
    return sum;
}

static bool never(const struct item *item)
{
    (void)item;
    return false;
}

/* ---- Running them ---------------------------------------------------------------- */

static void check_variant(const struct parfun_kernel *kernel,
        const struct parfun_variant *variant, const struct range *range,
        const struct item *told_item, const uint *expected)
{
    struct item item = *told_item;
    uint out[MOST] = { 0 }, *to = out;
    const uint *from = in;
    void *const arguments[] = { (void *)&to, (void *)&from, &item.w, &item.h,
        &item.r, &item.n };

    run_kernel(variant, range, 1, arguments, 0);
    for (size_t i = 0; i < range->global[0] * range->global[1]; i++)
        if (out[i] != expected[i])
            fail_msg("%s, %s, row of %zu, w %d, r %d: item %zu is %u, not %u",
                    kernel->name, variant->isa, range->global[0], item.w, item.r, i,
                    out[i], expected[i]);
}

static void check(const struct parfun_kernel *kernel,
        bool (*holds)(const struct item *item),
        uint (*compute)(bool holds, const struct item *item))
{
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        for (size_t k = 0; k < sizeof told / sizeof *told; k++) {
            const struct range *range = &ranges[i];
            struct item item = {
                .w = told[k].w, .h = (int)range->global[1], .r = told[k].r, .n = 100
            };
            uint expected[MOST];

            if (told[k].whole)
                item.w += (int)range->global[0];
            for (item.y = 0; item.y < item.h; item.y++)
                for (item.x = 0; item.x < (int)range->global[0]; item.x++) {
                    item.at = (size_t)item.y * range->global[0] + (size_t)item.x;
                    expected[item.at] = compute(holds(&item), &item);
                }
            for (uint32_t v = 0; v < kernel->variant_count; v++)
                if (can_run(kernel->variants[v].isa))
                    check_variant(
                            kernel, &kernel->variants[v], range, &item, expected);
        }
}

static void items_at_the_ends_of_a_row_take_the_other_side(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        check(borders[i].choose, borders[i].holds, chosen);
}

static void items_at_the_ends_of_a_row_return_early(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof borders / sizeof *borders; i++)
        check(borders[i].leave, borders[i].holds, left);
}

static void conditions_stand_one_after_the_other(void **state)
{
    (void)state;
    check(&parfun_kernel_one_after_the_other, never, one_after_the_other);
}

/* The neighbours' sum, then the sum of the group, as a tree. */
static void compute_group(const uint *from, uint *to)
{
    uint sum = 0;

    for (size_t i = 0; i < GROUP; i++)
        sum += i > 0 && i < GROUP - 1 ? from[i - 1] % 1000 + from[i + 1] % 1000
                                      : from[i] % 1000;
    for (size_t i = 0; i < GROUP; i++)
        to[i] = sum + (uint)i;
}

static void borders_of_groups_stand_between_barriers(void **state)
{
    const struct range range = {
        .dimensions = 1, .global = { MOST, 1, 1 }, .local = { GROUP, 1, 1 }
    };
    const struct parfun_kernel *kernel = &parfun_kernel_around_barriers;
    const struct item item = { 0 };
    uint expected[MOST];

    (void)state;
    for (size_t first = 0; first < MOST; first += GROUP)
        compute_group(in + first, expected + first);
    for (uint32_t v = 0; v < kernel->variant_count; v++)
        if (can_run(kernel->variants[v].isa))
            check_variant(kernel, &kernel->variants[v], &range, &item, expected);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_at_the_ends_of_a_row_take_the_other_side),
        cmocka_unit_test(items_at_the_ends_of_a_row_return_early),
        cmocka_unit_test(conditions_stand_one_after_the_other),
        cmocka_unit_test(borders_of_groups_stand_between_barriers),
    };
    uint32_t state = 5;

    for (size_t i = 0; i < MOST + 2; i++) {
        state = state * 1664525 + 1013904223;
        in[i] = state >> 4;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
