/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blocks_test.c: native code that reduces whole blocks as it goes against values that
 * go through memory.  The same clauses as options mean the latter: native code was
 * not compiled for them.
 */
#include "blocks.h"
#include "support/cmocka.h"

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
    unsigned char bytes[8];
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
    bool blocks;
} cases[] = {
#define LINE(name, clauses, blocks) \
    { #name, run_##name, name##_function, clauses, blocks }
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
static void compare(const char *backend)
{
    must(parfun_set_backend(backend));
    for (size_t c = 0; c < sizeof cases / sizeof *cases; c++)
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            union result want = { 0 }, got[2] = { { 0 }, { 0 } };
            uint64_t hash;

            must(parfun_set_options(cases[c].function(),
                    PARFUN_OPTIONS(.clauses = cases[c].clauses)));
            must(cases[c].run(sizes[s], &want));
            hash = hash_copied();
            must(parfun_set_options(cases[c].function(), NULL));
            must(cases[c].run(sizes[s], &got[0]));
            assert_true(hash_copied() == hash);
            if (cases[c].blocks)
                must(parfun_set_options(cases[c].function(),
                        PARFUN_OPTIONS(.fixed_partition_size = 3001)));
            must(cases[c].run(sizes[s], &got[1]));
            assert_true(hash_copied() == hash);
            for (size_t i = 0; i < 2; i++)
                if (memcmp(&got[i], &want, sizeof want) != 0)
                    fail_msg("%s of %zu items: %.17g instead of %.17g",
                            cases[c].name, sizes[s], got[i].wide, want.wide);
            must(parfun_set_options(cases[c].function(), NULL));
        }
}

static void gives_the_bits_of_values_in_memory(void **state)
{
    (void)state;
    compare("none");
    compare("threads:2");
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
        &parfun_kernel_k_everything, &parfun_kernel_k_loop };

    (void)state;
    for (size_t i = 0; i < sizeof with / sizeof *with; i++)
        for (uint32_t v = 0; v < with[i]->variant_count; v++)
            assert_non_null(with[i]->variants[v].blocks);
    assert_null(parfun_kernel_k_items.variants[0].blocks);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_compiled_where_the_clauses_allow_it),
        cmocka_unit_test(gives_the_bits_of_values_in_memory),
        cmocka_unit_test(passes_over_nan_and_keeps_zeros_apart),
    };

    return cmocka_run_group_tests_name("blocks", tests, make, clear);
}
