/* SPDX-License-Identifier: Apache-2.0 */
/* Partitions of groups: the sizes of docs/tables.md, and what is larger than allowed. */
#include "runtime/cuts.h"
#include "support/cmocka.h"

static const size_t at[] = { 0, 3, 4, 6 }; /* groups of 3, 1 and 2 rows */
static const struct pf_cuts cuts = { at, 3 };

static void packs_whole_groups_until_the_wanted_rows_are_reached(void **state)
{
    static const struct {
        size_t size, rows[4];
    } sizes[] = { { 1, { 3, 1, 2 } }, { 2, { 3, 3 } }, { 3, { 3, 3 } },
        { 4, { 4, 2 } }, { 5, { 6 } }, { 100, { 6 } } };

    (void)state;
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (size_t first = 0, p = 0; first < 6; p++) {
            const size_t rows =
                    pf_cuts_round(&cuts, first, sizes[s].size, SIZE_MAX);

            assert_int_equal(rows, sizes[s].rows[p]);
            first += rows;
        }
}

static void stays_below_the_largest_but_for_a_group_that_is_larger(void **state)
{
    (void)state;
    assert_int_equal(pf_cuts_round(&cuts, 0, 5, 5), 4);
    assert_int_equal(pf_cuts_round(&cuts, 0, 5, 3), 3);
    assert_int_equal(pf_cuts_round(&cuts, 0, 5, 2), 3);
    assert_int_equal(pf_cuts_round(&cuts, 4, 5, 1), 2);
}

static void finds_the_group_that_begins_at_a_row_or_behind_it(void **state)
{
    static const size_t found[] = { 0, 1, 1, 1, 2, 3, 3, 3 };
    const struct pf_cuts plain = { NULL, 3 };

    (void)state;
    for (size_t row = 0; row < 8; row++) {
        assert_int_equal(pf_cuts_find(&cuts, row), found[row]);
        assert_int_equal(pf_cuts_find(&plain, row), row < 3 ? row : 3);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packs_whole_groups_until_the_wanted_rows_are_reached),
        cmocka_unit_test(stays_below_the_largest_but_for_a_group_that_is_larger),
        cmocka_unit_test(finds_the_group_that_begins_at_a_row_or_behind_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
