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

static uint32_t number_of(const uint64_t *seen, uint32_t count, uint64_t key)
{
    uint32_t number = 0;

    while (number < count && seen[number] != key)
        number++;
    return number;
}

static void check(size_t rows_to_come, const uint64_t *keys, bool nulls)
{
    static uint64_t seen[ROWS];
    static uint32_t codes[ROWS], rows[ROWS], counted[ROWS];
    struct pf_distinct distinct = { .rows = rows_to_come };
    uint32_t count = 0;

    memset(rows, 0, sizeof rows);
    for (size_t i = 0; i < ROWS; i++)
        codes[i] = nulls && draw(5) == 0 ? PF_DISTINCT_NONE : 0;
    for (size_t at = 0; at < ROWS; at += BLOCK) {
        uint32_t expected[BLOCK];

        for (size_t i = 0; i < BLOCK; i++) {
            expected[i] = PF_DISTINCT_NONE;
            if (codes[at + i] == PF_DISTINCT_NONE)
                continue;
            expected[i] = number_of(seen, count, keys[at + i]);
            if (expected[i] == count)
                seen[count++] = keys[at + i];
            rows[expected[i]]++;
        }
        assert_int_equal(
                pf_distinct_numbers(&distinct, keys + at, at, BLOCK, codes + at),
                PARFUN_OK);
        assert_memory_equal(codes + at, expected, sizeof expected);
    }
    assert_int_equal(distinct.count, count);
    pf_distinct_rows(&distinct, counted);
    assert_memory_equal(counted, rows, count * sizeof *rows);
    for (uint32_t k = 0; k < count; k++)
        assert_int_equal(distinct.keys[k].key.number, seen[k]);
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
    assert_null(few.near);
    assert_int_equal(pf_distinct_numbers(&many, keys, 0, 3, codes), PARFUN_OK);
    assert_non_null(many.near);
    pf_distinct_finish(&few);
    pf_distinct_finish(&many);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_near_each_other_and_far_are_counted_alike),
        cmocka_unit_test(few_rows_are_not_worth_a_table_of_near_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
