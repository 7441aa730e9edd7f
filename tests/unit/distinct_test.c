/* SPDX-License-Identifier: Apache-2.0 */
/* Keys that are numbered and counted, against looking through all before. */
#include "runtime/distinct.h"
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { ROWS = 3000, BLOCK = 250, MANY = 1 << 20 };

static uint64_t seed = 1;

/* Knuth, "The Art of Computer Programming", volume 2, section 3.3.4: his MMIX. */
static uint64_t draw(uint64_t end)
{
    seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (seed >> 33) % end;
}

/* Every row's code is that of its key, of which the first row and how many there are
 * are known; no key is there twice. */
static void check_settled(const struct pf_distinct *distinct, const uint64_t *keys,
        const uint32_t *codes)
{
    uint32_t rows = 0;

    for (uint32_t k = 0; k < distinct->count; k++) {
        const struct pf_distinct_key *key = &distinct->keys[k];
        uint32_t found = 0;

        assert_true(key->code < distinct->codes_end);
        for (size_t i = ROWS; i-- > 0;)
            if (codes[i] != PF_DISTINCT_NONE && keys[i] == key->key.number) {
                assert_int_equal(codes[i], key->code);
                found++;
                assert_true(i >= key->row);
            }
        assert_int_equal(keys[key->row], key->key.number);
        assert_int_equal(codes[key->row], key->code);
        assert_int_equal(key->rows, found);
        rows += found;
    }
    for (size_t i = 0; i < ROWS; i++)
        rows += codes[i] == PF_DISTINCT_NONE;
    assert_int_equal(rows, ROWS);
}

static void check(size_t rows_to_come, const uint64_t *keys, bool nulls)
{
    static uint32_t codes[ROWS];
    struct pf_distinct distinct = { .rows = rows_to_come };

    for (size_t i = 0; i < ROWS; i++)
        codes[i] = nulls && draw(5) == 0 ? PF_DISTINCT_NONE : 0;
    for (size_t at = 0; at < ROWS; at += BLOCK)
        assert_int_equal(
                pf_distinct_numbers(&distinct, keys + at, at, BLOCK, codes + at),
                PARFUN_OK);
    assert_int_equal(pf_distinct_settle(&distinct), PARFUN_OK);
    check_settled(&distinct, keys, codes);
    pf_distinct_finish(&distinct);
}

/* Around either end of the numbers and far from it, in any order. */
static void numbers_near_each_other_and_far_are_counted_alike(void **state)
{
    static const uint64_t centres[] = { 0, UINT64_MAX, UINT64_C(1) << 63,
        UINT64_C(1) << 20 };
    uint64_t keys[ROWS];

    (void)state;
    for (unsigned first = 0; first < 4; first++)
        for (unsigned spread = 50; spread < 1u << 20; spread *= 20) {
            for (size_t i = 0; i < ROWS; i++)
                keys[i] = centres[i && draw(4) == 0 ? draw(4) : first]
                        + draw(spread) - spread / 2;
            check(0, keys, false);
            check(MANY, keys, false);
            check(MANY, keys, true);
        }
}

static void few_rows_are_not_worth_a_table_of_near_numbers(void **state)
{
    const uint64_t keys[] = { 7, 8, 7 };
    uint32_t codes[3] = { 0 };
    struct pf_distinct few = { .rows = 3 }, many = { .rows = MANY };

    (void)state;
    assert_int_equal(pf_distinct_numbers(&few, keys, 0, 3, codes), PARFUN_OK);
    assert_int_equal(few.near.count, 0);
    assert_int_equal(codes[0], 0);
    assert_int_equal(codes[1], 1);
    assert_int_equal(codes[2], 0);
    assert_int_equal(pf_distinct_numbers(&many, keys, 0, 3, codes), PARFUN_OK);
    assert_true(many.near.count > 0);
    pf_distinct_finish(&few);
    pf_distinct_finish(&many);
}

/* Block by block: as far as pf_distinct_column() goes, the rest as numbers. */
static void check_column(const struct pf_column *column, bool integers)
{
    static uint64_t keys[ROWS];
    static uint32_t codes[ROWS];
    struct pf_distinct distinct = { .rows = MANY };
    size_t all = 0;

    pf_key_numbers(column, 0, ROWS, keys);
    for (size_t at = 0; at < ROWS; at += BLOCK) {
        const size_t done =
                pf_distinct_column(&distinct, column, at, BLOCK, codes + at);

        for (size_t i = at + done; i < at + BLOCK; i++)
            codes[i] = 0;
        assert_true(done <= BLOCK);
        assert_int_equal(pf_distinct_numbers(&distinct, keys + at + done, at + done,
                                 BLOCK - done, codes + at + done),
                PARFUN_OK);
        all += done;
    }
    assert_int_equal(all > 0, integers);
    assert_int_equal(pf_distinct_settle(&distinct), PARFUN_OK);
    check_settled(&distinct, keys, codes);
    pf_distinct_finish(&distinct);
}

static void columns_of_every_type_are_counted_as_their_numbers_are(void **state)
{
    static const uint64_t spreads[] = { 20, 40000, UINT64_MAX };
    static uint64_t memory[ROWS];

    (void)state;
    for (int type = PARFUN_INT8; type <= PARFUN_FLOAT64; type++)
        for (unsigned s = 0; s < 3; s++) {
            const size_t bytes = pf_table_type_bytes((enum parfun_type)type);
            const struct pf_column column = { .type = (enum parfun_type)type,
                .layout = PF_LAYOUT_VALUES,
                .data = memory };

            if (bytes == 0 || type == PARFUN_STRING)
                continue;
            for (size_t i = 0; i < ROWS; i++) {
                const uint64_t value = draw(spreads[s]) - spreads[s] / 2;

                memcpy((char *)memory + i * bytes, &value, bytes);
            }
            check_column(&column, type < PARFUN_FLOAT16);
        }
}

/* Their bits, and so the differences of some, come round at 2^32. */
static void the_least_and_the_greatest_integers_are_not_near(void **state)
{
    static int32_t keys[ROWS];
    const struct pf_column column = { .type = PARFUN_INT32, .data = keys };

    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        keys[i] = (i & 1 ? INT32_MAX - 3 : INT32_MIN) + (int32_t)(i % 4);
    check_column(&column, true);
}

static void a_column_that_may_have_nulls_is_left_to_its_numbers(void **state)
{
    static const uint8_t validity[ROWS / 8 + 1];
    static int32_t keys[ROWS];
    const struct pf_column column = {
        .type = PARFUN_INT32, .data = keys, .validity = validity
    };
    struct pf_distinct distinct = { .rows = MANY };
    uint32_t codes[BLOCK];

    (void)state;
    assert_int_equal(pf_distinct_column(&distinct, &column, 0, BLOCK, codes), 0);
    pf_distinct_finish(&distinct);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_near_each_other_and_far_are_counted_alike),
        cmocka_unit_test(few_rows_are_not_worth_a_table_of_near_numbers),
        cmocka_unit_test(columns_of_every_type_are_counted_as_their_numbers_are),
        cmocka_unit_test(the_least_and_the_greatest_integers_are_not_near),
        cmocka_unit_test(a_column_that_may_have_nulls_is_left_to_its_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
