/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blocks_test.c: native code that reduces whole blocks as it goes against values that
 * go through memory.  The same clauses as options mean the latter: native code was
 * not compiled for them.  With a backend as argument, that one against native code's
 * values in memory, for some vectors and several results.
 */
#include "blocks.h"
#include "support/cmocka.h"
#include "support/leaks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { N = 300000, COPIES = 2 * N };

static float *floats;
static int *integers, *copied;
static const float table[] = { 0.5f, -2, 3, 0.125f, 7, -1, 1, 9, 4, -6, 2 };
static const int numbers[] = { 3, -1, 4, 1, -5, 9, 2 };

/* What a case writes; the bits count. */
union result {
    double wide;
    float single;
    int integer;
    uint32_t natural;
    int64_t large;
    uint64_t larger;
    parfun_float4 floats;
    parfun_float3 three;
    parfun_double2 doubles;
    parfun_double16 many;
    parfun_ulong2 naturals;
    parfun_int8 integers;
    struct {
        parfun_int2 least;
        double wide, most;
        float total;
        uint32_t high;
    } several;
    struct {
        uint64_t any, bytes;
        int64_t wide;
        uint32_t all;
        float scale;
        uint16_t product;
        int16_t low;
        parfun_uchar2 odd;
        int8_t wrapped, high;
    } rare;
};

#define CASE(name, input, member)                                        \
    static enum parfun_status run_##name(size_t n, union result *result) \
    {                                                                    \
        return name(n, input, &result->member);                          \
    }
CASE(k_sum_float, floats, single)
CASE(k_min_float, floats, single)
CASE(k_max_float, floats, single)
CASE(k_wide, floats, wide)
CASE(k_max_double, floats, wide)
CASE(k_sum_int, integers, integer)
CASE(k_min_int, integers, integer)
CASE(k_max_uint, integers, natural)
CASE(k_min_long, integers, large)
CASE(k_max_ulong, integers, larger)
CASE(k_fast, floats, single)
CASE(k_squares, floats, single)
CASE(k_sum_float4, floats, floats)
CASE(k_wide2, floats, doubles)
CASE(k_max_double16, floats, many)
CASE(k_sum_ulong2, integers, naturals)
CASE(k_max_int8, integers, integers)

/* The fourth component is nobody's. */
static enum parfun_status run_k_min_float3(size_t n, union result *result)
{
    const enum parfun_status status = k_min_float3(n, floats, &result->three);

    result->three.s[3] = 0;
    return status;
}

static enum parfun_status run_k_several(size_t n, union result *result)
{
    return k_several(n, floats, &result->several.total, &result->several.wide,
            &result->several.most, &result->several.high, &result->several.least);
}

static enum parfun_status run_k_rare(size_t n, union result *result)
{
    return k_rare(n, integers, &result->rare.product, &result->rare.scale,
            &result->rare.all, &result->rare.any, &result->rare.odd,
            &result->rare.wide, &result->rare.bytes, &result->rare.wrapped,
            &result->rare.low, &result->rare.high);
}

static enum parfun_status run_k_everything(size_t n, union result *result)
{
    return k_everything(
            n, (int)n, integers, integers, numbers, 7, copied, &result->integer);
}

static enum parfun_status run_k_loop(size_t n, union result *result)
{
    return k_loop(n, 11, floats, table, 11, &result->single);
}

static enum parfun_status run_k_items(size_t n, union result *result)
{
    return k_items(n, integers, &result->integer);
}

static const struct {
    const char *name;
    enum parfun_status (*run)(size_t n, union result *result);
    struct parfun_function *(*function)(void);
    const char *clauses;
    bool blocks; /* native code reduces them */
    bool there;  /* compared on devices, too, whose compilers take long */
} cases[] = {
#define LINE(name, clauses, blocks) \
    { #name, run_##name, name##_function, clauses, blocks, false }
#define THERE(name, clauses) \
    { #name, run_##name, name##_function, clauses, true, true }
    LINE(k_sum_float, "split(x) combine(sum: s)", true),
    LINE(k_min_float, "split(x) combine(min: s)", true),
    LINE(k_max_float, "split(x) combine(max: s)", true),
    LINE(k_wide, "split(x) combine(sum(double): s)", true),
    LINE(k_max_double, "split(x) combine(max: s)", true),
    LINE(k_sum_int, "split(x) combine(sum: s)", true),
    LINE(k_min_int, "split(x) combine(min: s)", true),
    LINE(k_max_uint, "split(x) combine(max: s)", true),
    LINE(k_min_long, "split(x) combine(min: s)", true),
    LINE(k_max_ulong, "split(x) combine(max: s)", true),
    LINE(k_fast, "split(x) combine(sum: s) build(-cl-fast-relaxed-math)", true),
    LINE(k_squares, "split(x) combine(sum: s)", true),
    LINE(k_everything,
            "split(rows(3), halo(1): x) split(columns(stride, 2): y) first(first) "
            "combine(sum: s) combine(rows(2): copy)",
            true),
    LINE(k_loop, "split(x) combine(sum: s)", true),
    THERE(k_sum_float4, "split(x) combine(sum: s)"),
    LINE(k_wide2, "split(x) combine(sum(double): s)", true),
    THERE(k_min_float3, "split(x) combine(min: s)"),
    LINE(k_max_double16, "split(x) combine(max: s)", true),
    LINE(k_sum_ulong2, "split(x) combine(sum: s)", true),
    LINE(k_max_int8, "split(x) combine(max: s)", true),
    THERE(k_several,
            "split(x) combine(sum: total, high) combine(sum(double): wide) "
            "combine(max: most) combine(min: least)"),
    LINE(k_rare,
            "split(x) combine(product: product, scale) combine(and: all) "
            "combine(or: any) combine(xor: odd) combine(sum(long): wide) "
            "combine(sum(ulong): bytes) "
            "combine(sum: wrapped) combine(min: low) combine(max: high)",
            true),
    LINE(k_items, "split(x) items(n) combine(sum: s)", false),
};

static const size_t sizes[] = { 1, 31, 1023, 1024, 1025, 5000, 99991 };

static uint32_t random_bits(void)
{
    static uint32_t state = 2463534242u;

    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    return state;
}

static int make(void **state)
{
    (void)state;
    floats = malloc(N * sizeof *floats);
    integers = malloc((3 * (size_t)N + 6) * sizeof *integers);
    copied = calloc(COPIES, sizeof *copied);
    if (!floats || !integers || !copied)
        return -1;
    for (size_t i = 0; i < N; i++)
        floats[i] = ldexpf((float)(int32_t)random_bits(), -(int)(i % 40));
    for (size_t i = 0; i < 3 * (size_t)N + 6; i++)
        integers[i] = (int)random_bits();
    return 0;
}

static int clear(void **state)
{
    (void)state;
    free(floats);
    free(integers);
    free(copied);
    return 0;
}

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static uint64_t hash_copied(void)
{
    uint64_t hash = 14695981039346656037u;

    for (size_t i = 0; i < COPIES; i++)
        hash = (hash ^ (uint32_t)copied[i]) * 1099511628211u;
    return hash;
}

/* Both ways, with and without partitions that end inside blocks. */
static void compare_case(const char *backend, size_t c, size_t items)
{
    union result want, got[2];
    uint64_t hash;

    memset(&want, 0, sizeof want);
    memset(got, 0, sizeof got);
    must(parfun_set_backend("none"));
    must(parfun_set_options(
            cases[c].function(), PARFUN_OPTIONS(.clauses = cases[c].clauses)));
    must(cases[c].run(items, &want));
    hash = hash_copied();
    must(parfun_set_backend(backend));
    must(parfun_set_options(cases[c].function(), NULL));
    must(cases[c].run(items, &got[0]));
    assert_true(hash_copied() == hash);
    if (cases[c].blocks)
        must(parfun_set_options(
                cases[c].function(), PARFUN_OPTIONS(.fixed_partition_size = 3001)));
    must(cases[c].run(items, &got[1]));
    assert_true(hash_copied() == hash);
    for (size_t i = 0; i < 2; i++)
        if (memcmp(&got[i], &want, sizeof want) != 0)
            fail_msg("%s of %zu items on %s: %.17g instead of %.17g", cases[c].name,
                    items, backend, got[i].wide, want.wide);
    must(parfun_set_options(cases[c].function(), NULL));
}

static void compare(const char *backend)
{
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++)
            compare_case(backend, c, sizes[s]);
}

static void gives_the_bits_of_values_in_memory(void **state)
{
    (void)state;
    compare("none");
    compare("threads:2");
}

static const char *backend_argument;

/* Of few sizes, as PoCL compiles for each work-group's. */
static void vectors_and_several_results_have_the_bits_of_values_in_memory(
        void **state)
{
    (void)state;
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        if (cases[c].there)
            compare_case(backend_argument, c, 99991);
}

static void passes_over_nan_and_keeps_zeros_apart(void **state)
{
    float *kept = malloc(N * sizeof *kept);

    (void)state;
    assert_non_null(kept);
    memcpy(kept, floats, N * sizeof *kept);
    for (size_t i = 0; i < N; i++)
        floats[i] = i % 3 ? NAN : random_bits() % 2 ? -0.0f : 0.0f;
    compare("none");
    for (size_t i = 0; i < N; i++)
        floats[i] = -0.0f;
    compare("none");
    for (size_t i = 0; i < N; i++)
        floats[i] = i % 2048 < 1100 ? NAN : INFINITY;
    compare("none");
    memcpy(floats, kept, N * sizeof *kept);
    free(kept);
}

/* Else the comparison would be with itself. */
static void is_compiled_where_the_clauses_allow_it(void **state)
{
    static const struct parfun_kernel *const with[] = { &parfun_kernel_k_sum_float,
        &parfun_kernel_k_wide, &parfun_kernel_k_max_ulong, &parfun_kernel_k_fast,
        &parfun_kernel_k_everything, &parfun_kernel_k_loop,
        &parfun_kernel_k_sum_float4, &parfun_kernel_k_wide2,
        &parfun_kernel_k_min_float3, &parfun_kernel_k_max_double16,
        &parfun_kernel_k_sum_ulong2, &parfun_kernel_k_max_int8,
        &parfun_kernel_k_several, &parfun_kernel_k_rare };

    (void)state;
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        for (uint32_t v = 0; v < with[i]->variant_count; v++)
            assert_non_null(with[i]->variants[v].blocks);
    assert_null(parfun_kernel_k_items.variants[0].blocks);
}

int main(int argc, char **argv)
{
    static const struct CMUnitTest there[] = {
        cmocka_unit_test(
                vectors_and_several_results_have_the_bits_of_values_in_memory),
    };
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_compiled_where_the_clauses_allow_it),
        cmocka_unit_test(gives_the_bits_of_values_in_memory),
        cmocka_unit_test(passes_over_nan_and_keeps_zeros_apart),
    };

    if (argc > 1) {
        backend_argument = argv[1];
        return without_leaks(
                cmocka_run_group_tests_name("blocks", there, make, clear));
    }
    return cmocka_run_group_tests_name("blocks", tests, make, clear);
}
