/* SPDX-License-Identifier: Apache-2.0 */
/* Reductions: any way to cut the items gives the bits of the plain tree. */
#include "runtime/reduce.h"
#include "runtime/reduce_block.h"
#include "support/cmocka.h"
#include "support/reduce_plain.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static uint64_t random_state = 0x9e3779b97f4a7c15u;

static uint64_t random_bits(void)
{
    uint64_t x = random_state;

    x ^= x << 13;
    x ^= x >> 7;
    x ^= x << 17;
    return random_state = x;
}

static size_t random_below(size_t n)
{
    return (size_t)(random_bits() % n);
}

/* Values that show a wrong order: of many magnitudes, with both zeros, infinities
 * and NaN in `strange` ones. */
static double random_double(bool strange)
{
    const uint64_t kind = random_bits() % 64;
    const double value =
            ldexp((double)(int64_t)random_bits(), -63 + (int)random_below(24));

    if (!strange)
        return value;
    switch (kind) {
    case 0:
        return (double)NAN;
    case 1:
        return -(double)NAN;
    case 2:
        return random_bits() % 64 ? 1.0 : (double)INFINITY;
    case 3:
        return -0.0;
    case 4:
        return 0.0;
    default:
        return value;
    }
}

static void fill(enum pf_type type, void *values, size_t count, bool strange)
{
    const size_t bytes = pf_type_info(type)->bytes;

    for (size_t i = 0; i < count; i++) {
        const double d = random_double(strange);
        const float f = (float)d;
        const uint64_t u = random_bits();
        char *at = (char *)values + i * bytes;

        memcpy(at,
                type == PF_TYPE_FLOAT            ? (const void *)&f
                        : type == PF_TYPE_DOUBLE ? (const void *)&d
                                                 : (const void *)&u,
                bytes);
    }
}

/* Products stay near 1, so that they tell something. */
static void tame(const struct pf_reduction *reduction, void *values, size_t count)
{
    if (reduction->operation != PF_PRODUCT)
        return;
    for (size_t i = 0; i < count; i++)
        if (reduction->type == PF_TYPE_FLOAT)
            ((float *)values)[i] = 1.0f + (float)random_below(1000) * 1e-6f
                    - (float)random_below(1000) * 1e-6f;
        else if (reduction->type == PF_TYPE_DOUBLE)
            ((double *)values)[i] = 1.0 + (double)random_below(1000) * 1e-6
                    - (double)random_below(1000) * 1e-6;
        else
            ((unsigned char *)values)[i * pf_type_info(reduction->type)->bytes] |=
                    1;
}

/* The next partition's size: small, around blocks, or anything. */
static size_t random_cut(size_t left)
{
    size_t n;

    switch (random_below(4)) {
    case 0:
        n = random_below(40);
        break;
    case 1:
        n = PF_REDUCE_BLOCK - 1 + random_below(3);
        break;
    case 2:
        n = random_below(5 * PF_REDUCE_BLOCK);
        break;
    default:
        n = random_below(left + 1);
        break;
    }
    return n < left ? n : left;
}

/* Hands the values on in pieces of any size; whole blocks now and then as blocks. */
static void feed(struct pf_reduce_part *part, const struct pf_reduction *reduction,
        const char *values, size_t first, size_t count)
{
    const size_t bytes = pf_reduce_value_bytes(reduction);

    while (count > 0) {
        size_t n = random_cut(count);

        if (first % PF_REDUCE_BLOCK == 0 && count >= PF_REDUCE_BLOCK
                && random_below(2)) {
            char block[PF_REDUCE_BYTES] = { 0 };

            plain_reduce(reduction, values, PF_REDUCE_BLOCK, block);
            pf_reduce_part_blocks(part, block, 1);
            n = PF_REDUCE_BLOCK;
        } else {
            pf_reduce_part_values(part, values, n);
        }
        values += n * bytes;
        first += n;
        count -= n;
    }
}

static void reduce_in_pieces(const struct pf_reduction *reduction,
        const char *values, size_t items, bool in_one, void *result)
{
    const size_t bytes = pf_reduce_value_bytes(reduction);
    struct pf_reduce_total *total;
    struct pf_reduce_part *part = NULL;

    assert_int_equal(pf_reduce_total_create(reduction, items, &total), PARFUN_OK);
    for (size_t first = 0, n; first < items; first += n) {
        n = in_one ? items : random_cut(items - first);
        if (part)
            assert_int_equal(pf_reduce_part_reset(part, first, n), PARFUN_OK);
        else
            assert_int_equal(
                    pf_reduce_part_create(reduction, first, n, &part), PARFUN_OK);
        if (in_one)
            pf_reduce_part_values(part, values, n);
        else
            feed(part, reduction, values + first * bytes, first, n);
        pf_reduce_total_append(total, part);
    }
    pf_reduce_total_finish(total, result);
    pf_reduce_part_destroy(part);
    pf_reduce_total_destroy(total);
}

static void check(const struct pf_reduction *reduction, size_t items, bool strange)
{
    const size_t scalars = items * (reduction->width == 3 ? 4 : reduction->width);
    const size_t compared =
            reduction->width * pf_type_info(reduction->result_type)->bytes;
    char *values = malloc(scalars * pf_type_info(reduction->type)->bytes + 1);
    char want[PF_REDUCE_BYTES], got[PF_REDUCE_BYTES];

    assert_non_null(values);
    fill(reduction->type, values, scalars, strange);
    if (!strange)
        tame(reduction, values, scalars);
    plain_reduce(reduction, values, items, want);
    for (int round = 0; round < 3; round++) {
        reduce_in_pieces(reduction, values, items, round == 0, got);
        if (memcmp(got, want, compared) != 0)
            fail_msg("operator %d of %u x %s to %s, %zu items, round %d",
                    (int)reduction->operation, reduction->width,
                    pf_type_info(reduction->type)->name,
                    pf_type_info(reduction->result_type)->name, items, round);
    }
    free(values);
}

static const size_t sizes[] = { 1, 2, 3, 31, 32, 33, 63, 64, 65, 100, 1023, 1024,
    1025, 2047, 2048, 2049, 3071, 4097, 8192, 9973 };

static bool exists(const struct pf_reduction *reduction)
{
    return reduction->operation < PF_AND
            || pf_type_info(reduction->result_type)->is_integer;
}

static void every_type_operator_and_width_gives_the_bits_of_the_plain_tree(
        void **state)
{
    static const unsigned widths[] = { 1, 2, 3, 4, 8, 16 };

    (void)state;
    for (int operation = PF_SUM; operation <= PF_XOR; operation++)
        for (int type = PF_TYPE_CHAR; type <= PF_TYPE_DOUBLE; type++)
            for (size_t w = 0; w < 6; w++)
                for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++) {
                    const struct pf_reduction reduction = {
                        (enum pf_operator)operation, (enum pf_type)type,
                        (enum pf_type)type, widths[w]
                    };

                    if (type == PF_TYPE_HALF || !exists(&reduction)
                            || (w > 0 && s % 3 != w % 3))
                        continue;
                    check(&reduction, sizes[s], s % 2);
                }
}

static void values_are_converted_before_they_are_joined(void **state)
{
    static const struct pf_reduction reductions[] = {
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 1 },
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 3 },
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 16 },
        { PF_PRODUCT, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 1 },
        { PF_MAX, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 2 },
        { PF_SUM, PF_TYPE_UCHAR, PF_TYPE_UINT, 1 },
        { PF_SUM, PF_TYPE_CHAR, PF_TYPE_LONG, 1 },
        { PF_SUM, PF_TYPE_SHORT, PF_TYPE_INT, 4 },
        { PF_SUM, PF_TYPE_USHORT, PF_TYPE_ULONG, 8 },
        { PF_SUM, PF_TYPE_INT, PF_TYPE_LONG, 1 },
        { PF_PRODUCT, PF_TYPE_UINT, PF_TYPE_ULONG, 2 },
        { PF_SUM, PF_TYPE_INT, PF_TYPE_DOUBLE, 1 },
        { PF_SUM, PF_TYPE_ULONG, PF_TYPE_DOUBLE, 1 },
        { PF_SUM, PF_TYPE_LONG, PF_TYPE_FLOAT, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof reductions / sizeof reductions[0]; i++)
        for (size_t s = 0; s < sizeof sizes / sizeof sizes[0]; s++)
            check(&reductions[i], sizes[s], s % 2);
}

static void large_calls_give_the_bits_of_the_plain_tree(void **state)
{
    static const struct pf_reduction sum = { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_FLOAT,
        1 };
    static const struct pf_reduction wide = { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE,
        1 };
    static const struct pf_reduction least = { PF_MIN, PF_TYPE_DOUBLE,
        PF_TYPE_DOUBLE, 1 };

    (void)state;
    for (int i = 0; i < 3; i++) {
        check(&sum, 1000000, false);
        check(&wide, 1000003, false);
        check(&least, 262144, true);
    }
}

/* Every instruction set that this machine has, against the baseline. */
static void every_instruction_set_gives_the_same_bits(void **state)
{
    enum { COUNT = 3 * PF_REDUCE_BLOCK, STRIDE = 3 * PF_REDUCE_LANES, ROWS = 31 };
    _Alignas(8) static char values[COUNT * 8];

    (void)state;
    for (int isa = PF_REDUCE_BASE; isa <= (int)pf_reduce_best_isa(); isa++)
        for (int operation = PF_SUM; operation <= PF_XOR; operation++)
            for (int type = PF_TYPE_CHAR; type <= PF_TYPE_DOUBLE; type++) {
                const struct pf_reduction reduction = { (enum pf_operator)operation,
                    (enum pf_type)type, (enum pf_type)type, 1 };
                const size_t bytes = pf_type_info((enum pf_type)type)->bytes;
                const struct pf_reduce_code code =
                        pf_reduce_code((enum pf_reduce_isa)isa,
                                (enum pf_operator)operation, (enum pf_type)type);
                _Alignas(8) char lanes[PF_REDUCE_LANES * 8],
                        want_lanes[sizeof lanes];
                char want[8], got[3 * 8];

                if (type == PF_TYPE_HALF || !exists(&reduction))
                    continue;
                fill((enum pf_type)type, values, COUNT, false);
                tame(&reduction, values, COUNT);
                code.blocks(got, values, 3);
                for (size_t j = 0; j < 3; j++) {
                    plain_reduce(&reduction, values + j * PF_REDUCE_BLOCK * bytes,
                            PF_REDUCE_BLOCK, want);
                    assert_memory_equal(got + j * bytes, want, bytes);
                }
                memcpy(lanes, values, PF_REDUCE_LANES * bytes);
                memcpy(want_lanes, values, PF_REDUCE_LANES * bytes);
                code.rows(lanes, values + PF_REDUCE_LANES * bytes, STRIDE, ROWS);
                for (size_t r = 0; r < ROWS; r++)
                    code.join(want_lanes,
                            values + (PF_REDUCE_LANES + r * STRIDE) * bytes,
                            PF_REDUCE_LANES);
                assert_memory_equal(lanes, want_lanes, PF_REDUCE_LANES * bytes);
            }
}

static void none_gives_the_identity(void **state)
{
    static const struct {
        struct pf_reduction reduction;
        double want;
    } cases[] = {
        { { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 1 }, 0.0 },
        { { PF_PRODUCT, PF_TYPE_DOUBLE, PF_TYPE_DOUBLE, 1 }, 1.0 },
        { { PF_MIN, PF_TYPE_DOUBLE, PF_TYPE_DOUBLE, 1 }, (double)INFINITY },
        { { PF_MAX, PF_TYPE_DOUBLE, PF_TYPE_DOUBLE, 1 }, -(double)INFINITY },
    };
    struct pf_reduction integers = { PF_MIN, PF_TYPE_CHAR, PF_TYPE_CHAR, 3 };
    signed char least[4];
    int64_t most;
    uint16_t ones;

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        double got = 5.0;

        reduce_in_pieces(&cases[i].reduction, NULL, 0, false, &got);
        assert_true(got == cases[i].want);
    }
    pf_reduce_identity(&integers, least);
    assert_int_equal(least[0], INT8_MAX);
    assert_int_equal(least[2], INT8_MAX);
    integers = (struct pf_reduction){ PF_MAX, PF_TYPE_LONG, PF_TYPE_LONG, 1 };
    pf_reduce_identity(&integers, &most);
    assert_true(most == INT64_MIN);
    integers = (struct pf_reduction){ PF_AND, PF_TYPE_USHORT, PF_TYPE_USHORT, 1 };
    pf_reduce_identity(&integers, &ones);
    assert_int_equal(ones, UINT16_MAX);
    integers = (struct pf_reduction){ PF_MAX, PF_TYPE_UINT, PF_TYPE_UINT, 1 };
    ones = 7;
    pf_reduce_identity(&integers, &most);
    assert_int_equal((uint32_t)most, 0);
}

static void min_and_max_pass_over_nan_and_keep_the_first_of_two_zeros(void **state)
{
    const struct pf_reduction least = { PF_MIN, PF_TYPE_FLOAT, PF_TYPE_FLOAT, 1 };
    const struct pf_reduction most = { PF_MAX, PF_TYPE_FLOAT, PF_TYPE_FLOAT, 1 };
    const float zeros[] = { NAN, -0.0f, NAN, 0.0f };
    const float nothing[] = { NAN, NAN, -NAN };
    float got;

    (void)state;
    reduce_in_pieces(&least, (const char *)zeros, 4, true, &got);
    assert_true(got == 0.0f && signbit(got));
    reduce_in_pieces(&most, (const char *)zeros, 4, true, &got);
    assert_true(got == 0.0f && signbit(got));
    reduce_in_pieces(&most, (const char *)nothing, 3, true, &got);
    assert_true(isnan(got) && !signbit(got));
}

static void elements_are_joined_one_by_one(void **state)
{
    const struct pf_reduction reduction = { PF_SUM, PF_TYPE_INT, PF_TYPE_INT, 3 };
    int32_t to[16], from[16];

    (void)state;
    for (int i = 0; i < 16; i++)
        to[i] = INT32_MAX, from[i] = i;
    pf_reduce_elementwise(&reduction, to, from, 4);
    assert_int_equal(to[0], INT32_MAX);
    assert_int_equal(to[14], INT32_MIN + 13);
    assert_int_equal(pf_reduce_result_bytes(&reduction), 16);
}

static void refuses_what_there_is_no_operator_for(void **state)
{
    const struct pf_reduction reduction = { PF_AND, PF_TYPE_FLOAT, PF_TYPE_FLOAT,
        1 };
    const struct pf_reduction narrowing = { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_INT, 1 };
    struct pf_reduce_part *part;
    struct pf_reduce_total *total;

    (void)state;
    assert_int_equal(
            pf_reduce_part_create(&reduction, 0, 1, &part), PARFUN_INVALID);
    assert_int_equal(pf_reduce_total_create(&narrowing, 1, &total), PARFUN_INVALID);
    pf_reduce_part_destroy(NULL);
    pf_reduce_total_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
                every_type_operator_and_width_gives_the_bits_of_the_plain_tree),
        cmocka_unit_test(values_are_converted_before_they_are_joined),
        cmocka_unit_test(large_calls_give_the_bits_of_the_plain_tree),
        cmocka_unit_test(every_instruction_set_gives_the_same_bits),
        cmocka_unit_test(none_gives_the_identity),
        cmocka_unit_test(min_and_max_pass_over_nan_and_keep_the_first_of_two_zeros),
        cmocka_unit_test(elements_are_joined_one_by_one),
        cmocka_unit_test(refuses_what_there_is_no_operator_for),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
