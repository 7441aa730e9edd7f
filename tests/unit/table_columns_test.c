/* SPDX-License-Identifier: Apache-2.0 */
/* What tables tell about their columns: those that were added, and those of record
 * batches that are parts of longer ones. */
#include "support/cmocka.h"

#include <parfun.h>
#include <parfun/arrow.h>
#include <string.h>

enum { ROWS = 12, FIRST = 5, SOME = 4 };

static const int32_t numbers[ROWS] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const char *const words[ROWS] = { "zero", "one", NULL, "", "four", "five",
    "", NULL, "eight", "nine", "ten", "eleven" };
static const uint8_t validity[] = { 0xa5, 0x0e }; /* 101001010111 from row 0 on */

static bool is_valid(size_t row)
{
    return validity[row / 8] >> row % 8 & 1;
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s", parfun_error());
}

static struct parfun_table *make_table(void)
{
    struct parfun_table *table;

    must(parfun_table_create(ROWS, &table));
    must(parfun_table_add_nullable(
            table, "number", PARFUN_INT32, numbers, validity));
    must(parfun_table_add(table, "plain", PARFUN_INT32, numbers));
    must(parfun_table_add(table, "word", PARFUN_STRING, words));
    must(parfun_table_add_nullable(table, "some", PARFUN_STRING, words, validity));
    return table;
}

/* Rows FIRST to FIRST + SOME - 1 of the table, the first one of which each column
 * skips, and the others the batch. */
static struct parfun_table *import_slice(void)
{
    struct parfun_table *table = make_table(), *slice;
    struct ArrowSchema schema;
    struct ArrowArray array;

    must(parfun_table_export(table, &schema, &array));
    parfun_table_destroy(table);
    array.offset = FIRST - 1;
    array.length = SOME;
    for (int64_t c = 0; c < array.n_children; c++) {
        array.children[c]->offset = 1;
        array.children[c]->length = ROWS - 1;
        array.children[c]->null_count = -1; /* nobody has counted */
    }
    must(parfun_table_import(&schema, &array, &slice));
    return slice;
}

static void tells_names_and_types_in_their_order(void **state)
{
    static const char *const names[] = { "number", "plain", "word", "some" };
    static const enum parfun_type types[] = { PARFUN_INT32, PARFUN_INT32,
        PARFUN_STRING, PARFUN_STRING };

    (void)state;
    for (unsigned imported = 0; imported < 2; imported++) {
        struct parfun_table *table = imported ? import_slice() : make_table();

        assert_int_equal(parfun_table_columns(table), 4);
        for (unsigned c = 0; c < 4; c++) {
            enum parfun_type type = PARFUN_FLOAT64;

            assert_string_equal(parfun_table_column_name(table, c), names[c]);
            must(parfun_table_column_type(table, names[c], &type));
            assert_int_equal(type, types[c]);
        }
        assert_null(parfun_table_column_name(table, 4));
        assert_non_null(strstr(parfun_error(), "column 4, counted from 0"));
        parfun_table_destroy(table);
    }
}

/* Rows of a column whose row 0 is row `base` of `words`. */
static void compare(
        const struct parfun_table *table, size_t base, size_t first, size_t count)
{
    uint8_t number[ROWS + 1], plain[ROWS + 1], word[ROWS + 1], some[ROWS + 1];

    number[count] = plain[count] = word[count] = some[count] = 77;
    must(parfun_table_column_validity(table, "number", first, count, number));
    must(parfun_table_column_validity(table, "plain", first, count, plain));
    must(parfun_table_column_validity(table, "word", first, count, word));
    must(parfun_table_column_validity(table, "some", first, count, some));
    for (size_t i = 0; i < count; i++) {
        const size_t row = base + first + i;

        assert_int_equal(number[i], is_valid(row));
        assert_int_equal(plain[i], 1);
        assert_int_equal(word[i], words[row] != NULL);
        assert_int_equal(some[i], is_valid(row) && words[row]);
    }
    assert_int_equal(number[count], 77);
    assert_int_equal(plain[count], 77);
    assert_int_equal(word[count], 77);
    assert_int_equal(some[count], 77);
}

static void tells_which_rows_are_null(void **state)
{
    struct parfun_table *table = make_table(), *slice = import_slice();

    (void)state;
    compare(table, 0, 0, ROWS);
    compare(table, 0, 3, 7);
    compare(table, 0, ROWS, 0);
    compare(slice, FIRST, 0, SOME);
    compare(slice, FIRST, 1, 2);
    parfun_table_destroy(table);
    parfun_table_destroy(slice);
}

static void compare_strings(const struct parfun_table *table, const char *name,
        size_t base, size_t first, size_t count)
{
    const char *text[ROWS];
    size_t bytes[ROWS];
    uint8_t valid[ROWS];

    must(parfun_table_column_validity(table, name, first, count, valid));
    must(parfun_table_column_strings(table, name, first, count, text, bytes));
    for (size_t i = 0; i < count; i++) {
        const char *expected = valid[i] ? words[base + first + i] : NULL;

        assert_int_equal(bytes[i], expected ? strlen(expected) : 0);
        assert_int_equal(text[i] != NULL, expected != NULL);
        if (expected)
            assert_memory_equal(text[i], expected, bytes[i]);
    }
}

static void gives_strings_with_their_lengths(void **state)
{
    struct parfun_table *table = make_table(), *slice = import_slice();

    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        const char *name = i ? "some" : "word";

        compare_strings(table, name, 0, 0, ROWS);
        compare_strings(table, name, 0, 7, 2);
        compare_strings(slice, name, FIRST, 0, SOME);
        compare_strings(slice, name, FIRST, 3, 1);
    }
    parfun_table_destroy(table);
    parfun_table_destroy(slice);
}

/* No bytes need no memory; an empty string is not null for that. */
static void tells_empty_strings_from_null_ones(void **state)
{
    static const char *const empty[] = { "", NULL };
    struct parfun_table *table, *imported;
    struct ArrowSchema schema;
    struct ArrowArray array;
    const char *text[2];
    size_t bytes[2];

    (void)state;
    must(parfun_table_create(2, &table));
    must(parfun_table_add(table, "x", PARFUN_STRING, empty));
    must(parfun_table_export(table, &schema, &array));
    parfun_table_destroy(table);
    array.children[0]->buffers[2] = NULL;
    must(parfun_table_import(&schema, &array, &imported));
    must(parfun_table_column_strings(imported, "x", 0, 2, text, bytes));
    assert_non_null(text[0]);
    assert_null(text[1]);
    assert_int_equal(bytes[0], 0);
    parfun_table_destroy(imported);
}

static void expect(enum parfun_status status, const char *sentence)
{
    assert_int_equal(status, PARFUN_INVALID);
    if (!strstr(parfun_error(), sentence))
        fail_msg("not \"%s\" but \"%s\"", sentence, parfun_error());
}

static void refuses_what_is_not_there(void **state)
{
    struct parfun_table *table = make_table();
    enum parfun_type type;
    const char *text[1];
    uint8_t valid[1];
    size_t bytes[1];

    (void)state;
    expect(parfun_table_column_type(table, "x", &type), "no column 'x'");
    expect(parfun_table_column_type(NULL, "x", &type), "`table` is NULL");
    expect(parfun_table_column_type(table, NULL, &type), "`name` is NULL");
    expect(parfun_table_column_type(table, "word", NULL), "`type` is NULL");
    expect(parfun_table_column_validity(table, "x", 0, 1, valid), "no column 'x'");
    expect(parfun_table_column_validity(table, "word", 12, 1, valid),
            "1 rows from row 12 on, but the table has 12");
    expect(parfun_table_column_validity(table, "word", 1, SIZE_MAX, valid),
            "from row 1 on, but the table has 12");
    expect(parfun_table_column_validity(table, "word", 13, 0, valid),
            "0 rows from row 13 on");
    expect(parfun_table_column_validity(table, "word", 0, 1, NULL), "is NULL");
    expect(parfun_table_column_strings(table, "number", 0, 1, text, bytes),
            "column 'number' is PARFUN_INT32, and holds no strings");
    expect(parfun_table_column_strings(table, "word", 0, 13, text, bytes),
            "13 rows from row 0 on, but the table has 12");
    expect(parfun_table_column_strings(table, "word", 0, 1, NULL, bytes), "NULL");
    expect(parfun_table_column_strings(table, "word", 0, 1, text, NULL), "NULL");
    must(parfun_table_column_strings(table, "word", ROWS, 0, NULL, NULL));
    assert_null(parfun_table_column_name(NULL, 0));
    assert_non_null(strstr(parfun_error(), "`table` is NULL"));
    assert_int_equal(parfun_table_columns(NULL), 0);
    parfun_table_destroy(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_names_and_types_in_their_order),
        cmocka_unit_test(tells_which_rows_are_null),
        cmocka_unit_test(gives_strings_with_their_lengths),
        cmocka_unit_test(tells_empty_strings_from_null_ones),
        cmocka_unit_test(refuses_what_is_not_there),
    };

    return cmocka_run_group_tests_name("unit.table_columns", tests, NULL, NULL);
}
