/* SPDX-License-Identifier: Apache-2.0 */
/* Tables: columns added, found and refused. */
#include "runtime/table.h"
#include "support/cmocka.h"

#include <stdint.h>
#include <string.h>

static void expect_refusal(enum parfun_status status, const char *sentence)
{
    assert_int_equal(status, PARFUN_INVALID);
    assert_non_null(strstr(parfun_error(), sentence));
}

static void finds_the_columns_that_were_added(void **state)
{
    static const char *const names[] = { "a", "b", "c", "d", "e", "f", "g", "h",
        "i", "j" };
    double data[10][3];
    struct parfun_table *table;

    (void)state;
    assert_int_equal(parfun_table_create(3, &table), PARFUN_OK);
    assert_int_equal(parfun_table_rows(table), 3);
    for (unsigned i = 0; i < 10; i++)
        assert_int_equal(parfun_table_add(table, names[i], PARFUN_FLOAT64, data[i]),
                PARFUN_OK);
    for (unsigned i = 0; i < 10; i++)
        assert_ptr_equal(parfun_table_column(table, names[i]), data[i]);
    assert_null(parfun_table_column(table, "k"));
    assert_non_null(strstr(parfun_error(), "no column 'k'"));
    parfun_table_destroy(table);
}

static void refuses_columns_that_can_not_be(void **state)
{
    double data[3];
    struct parfun_table *table;

    (void)state;
    assert_int_equal(parfun_table_create(3, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add(table, "x", PARFUN_FLOAT64, data), PARFUN_OK);
    expect_refusal(parfun_table_add(table, "x", PARFUN_FLOAT32, data),
            "has a column 'x' already");
    expect_refusal(
            parfun_table_add(table, "y", PARFUN_FLOAT64, NULL), "is NULL, but");
    expect_refusal(parfun_table_add(table, "y", PARFUN_FLOAT64, (char *)data + 4),
            "not aligned to 8 bytes");
    expect_refusal(parfun_table_add(table, "y", (enum parfun_type)99, data),
            "the type 99, which is none");
    expect_refusal(
            parfun_table_add(table, NULL, PARFUN_FLOAT64, data), "`name` is NULL");
    expect_refusal(
            parfun_table_add(NULL, "y", PARFUN_FLOAT64, data), "`table` is NULL");
    expect_refusal(parfun_table_create(3, NULL), "is NULL");
    assert_null(parfun_table_column(table, "y"));
    assert_null(parfun_table_column(NULL, "y"));
    assert_non_null(strstr(parfun_error(), "`table` is NULL"));
    parfun_table_destroy(table);
    parfun_table_destroy(NULL);
}

/* Lengths in Arrow are signed. */
static void refuses_more_rows_than_there_can_be(void **state)
{
    struct parfun_table *table = NULL;

    (void)state;
    expect_refusal(parfun_table_create(SIZE_MAX, &table),
            "18446744073709551615 rows are beyond the address space");
    assert_null(table);
    assert_int_equal(parfun_table_create(PTRDIFF_MAX / 16, &table), PARFUN_OK);
    parfun_table_destroy(table);
}

static void refuses_groups_by_columns_that_are_not_there(void **state)
{
    const int32_t data[] = { 1, 2, 3 };
    const char *const names[20] = { "x", "z" };
    struct parfun_groups *groups;
    struct parfun_table *table;

    (void)state;
    assert_int_equal(parfun_table_create(3, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add(table, "x", PARFUN_INT32, data), PARFUN_OK);
    expect_refusal(parfun_group_by(table, names, 0, &groups), "0 key columns");
    expect_refusal(parfun_group_by(table, names, 17, &groups), "17 key columns");
    expect_refusal(parfun_group_by(table, names, 2, &groups), "no column 'z'");
    expect_refusal(parfun_group_by(table, names, 3, &groups), "no column 'z'");
    expect_refusal(parfun_group_by(NULL, names, 1, &groups), "`table` is NULL");
    expect_refusal(parfun_group_by(table, NULL, 1, &groups), "`columns` is NULL");
    expect_refusal(parfun_group_by(table, names, 1, NULL), "`groups` is NULL");
    expect_refusal(parfun_groups_join(NULL, NULL, &groups), "`a` is NULL");
    parfun_table_destroy(table);
    assert_int_equal(parfun_table_rows(NULL), 0);
    assert_int_equal(parfun_groups_count(NULL), 0);
    assert_int_equal(parfun_groups_rows(NULL), 0);
    assert_int_equal(parfun_groups_dropped(NULL), 0);
    parfun_groups_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_columns_that_were_added),
        cmocka_unit_test(refuses_columns_that_can_not_be),
        cmocka_unit_test(refuses_more_rows_than_there_can_be),
        cmocka_unit_test(refuses_groups_by_columns_that_are_not_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
