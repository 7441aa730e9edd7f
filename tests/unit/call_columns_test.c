/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_columns_test.c: arguments that are columns of the groups' tables are read as
 * what the columns are, or the call is refused.
 */
#include "runtime/call.h"

#include "runtime/base/error.h"
#include "support/cmocka.h"

#include <string.h>

enum { ROWS = 4 };

/* Room for the columns of a trial, and for what is read of them. */
static _Alignas(16) unsigned char memory[2 * ROWS * 16];

static const struct element {
    const char *type; /* in OpenCL C */
    uint32_t bytes;
} of_char = { "char", 1 }, of_uchar = { "uchar", 1 }, of_ushort = { "ushort", 2 },
  of_half = { "half", 2 }, of_int = { "int", 4 }, of_uint = { "uint", 4 },
  of_float = { "float", 4 }, of_long = { "long", 8 }, of_ulong = { "ulong", 8 },
  of_double = { "double", 8 }, of_uchar4 = { "uchar4", 4 },
  of_double2 = { "double2", 16 }, of_void = { "void", 1 },
  of_struct = { "struct pair", 8 }, of_pointer = { "char *", 8 },
  of_typedef = { "price", 0 };

static const char by_row[] = "split(group: x) offsets(begin)";
static const char whole[] = "split(group: other) offsets(begin)";

static struct parfun_groups *group(struct parfun_table *table)
{
    static const char *const names[] = { "key" };
    static const int32_t keys[ROWS];
    struct parfun_groups *groups;

    assert_int_equal(parfun_table_add(table, "key", PARFUN_INT32, keys), PARFUN_OK);
    assert_int_equal(parfun_group_by(table, names, 1, &groups), PARFUN_OK);
    parfun_table_destroy(table);
    return groups;
}

/* Groups of a table with `memory` as the column "x". */
static struct parfun_groups *group_column(enum parfun_type type)
{
    struct parfun_table *table;

    assert_int_equal(parfun_table_create(ROWS, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add(table, "x", type, memory), PARFUN_OK);
    return group(table);
}

/* A call of f(x, other, begin) with elements of `x` as they are declared. */
static enum parfun_status check(const struct parfun_groups *groups,
        const char *clauses, const struct element *element, void *x)
{
    static char other[ROWS];
    const struct parfun_parameter parameters[] = {
        { .name = "x",
                .type = element->type,
                .bytes = element->bytes,
                .alignment = 1,
                .space = PARFUN_GLOBAL_SPACE,
                .is_const = 1 },
        { .name = "other",
                .type = "char",
                .bytes = 1,
                .alignment = 1,
                .space = PARFUN_GLOBAL_SPACE,
                .is_const = 1 },
        { .name = "begin",
                .type = "uint",
                .bytes = 4,
                .alignment = 4,
                .space = PARFUN_GLOBAL_SPACE,
                .is_const = 1 },
    };
    const struct parfun_pragma pragma = { .text = clauses };
    const struct parfun_kernel kernel = { .abi = PARFUN_KERNEL_ABI,
        .name = "f",
        .file = "f.cl",
        .parameters = parameters,
        .parameter_count = 3 };
    const struct parfun_value values[] = {
        { x, element->bytes ? element->bytes : 8, ROWS },
        PARFUN_COUNTED(other, ROWS),
    };
    struct pf_call_argument arguments[3];
    struct pf_call call = { .arguments = arguments };
    struct pf_clauses *parsed;
    enum parfun_status status;

    if (pf_clauses_create(&kernel, "f", &pragma, 1, &parsed))
        fail_msg("%s", pf_error_text());
    status = pf_call_check_groups(&call, &kernel, parsed, groups, values, 2);
    if (!status)
        pf_call_finish(&call, false);
    pf_clauses_destroy(parsed);
    return status;
}

static void expect_taken(
        const char *clauses, enum parfun_type type, const struct element *element)
{
    struct parfun_groups *groups = group_column(type);

    if (check(groups, clauses, element, memory))
        fail_msg("%s of %s: %s", clauses, element->type, pf_error_text());
    parfun_groups_destroy(groups);
}

static void expect_refusal(const struct parfun_groups *groups, const char *clauses,
        const struct element *element, void *x, const char *sentence)
{
    if (!check(groups, clauses, element, x))
        fail_msg("%s of %s: taken", clauses, element->type);
    if (!strstr(pf_error_text(), sentence))
        fail_msg("not \"%s\" but \"%s\"", sentence, pf_error_text());
}

static void expect_refused(
        const char *clauses, enum parfun_type type, const struct element *element)
{
    struct parfun_groups *groups = group_column(type);

    expect_refusal(groups, clauses, element, memory, "begins in column 'x'");
    parfun_groups_destroy(groups);
}

static void takes_columns_of_the_size_and_kind_that_are_read(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        const char *clauses = i ? whole : by_row;

        expect_taken(clauses, PARFUN_INT8, &of_uchar);
        expect_taken(clauses, PARFUN_UINT8, &of_char);
        expect_taken(clauses, PARFUN_INT16, &of_ushort);
        expect_taken(clauses, PARFUN_INT32, &of_uint);
        expect_taken(clauses, PARFUN_UINT32, &of_int);
        expect_taken(clauses, PARFUN_INT64, &of_long);
        expect_taken(clauses, PARFUN_INT64, &of_ulong);
        expect_taken(clauses, PARFUN_FLOAT32, &of_float);
        expect_taken(clauses, PARFUN_FLOAT64, &of_double);
        expect_taken(clauses, PARFUN_STRING, &of_pointer);
    }
}

static void refuses_columns_of_other_sizes(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        const char *clauses = i ? whole : by_row;

        expect_refused(clauses, PARFUN_FLOAT32, &of_double);
        expect_refused(clauses, PARFUN_FLOAT64, &of_float);
        expect_refused(clauses, PARFUN_INT32, &of_long);
        expect_refused(clauses, PARFUN_INT64, &of_int);
        expect_refused(clauses, PARFUN_UINT8, &of_ushort);
    }
    expect_refused(by_row, PARFUN_FLOAT64, &of_double2);
    expect_refused(by_row, PARFUN_FLOAT64, &of_uchar);
    expect_refused(by_row, PARFUN_STRING, &of_char);
}

static void refuses_integers_for_floating_point_and_the_reverse(void **state)
{
    (void)state;
    expect_refused(by_row, PARFUN_INT32, &of_float);
    expect_refused(by_row, PARFUN_FLOAT32, &of_uint);
    expect_refused(by_row, PARFUN_UINT64, &of_double);
    expect_refused(whole, PARFUN_FLOAT64, &of_long);
    expect_refused(by_row, PARFUN_STRING, &of_double);
    expect_refused(by_row, PARFUN_STRING, &of_ulong);
}

/* There is no such type in C. */
static void takes_numbers_of_16_bits_for_each_other(void **state)
{
    (void)state;
    expect_taken(by_row, PARFUN_FLOAT16, &of_half);
    expect_taken(by_row, PARFUN_FLOAT16, &of_ushort);
    expect_taken(by_row, PARFUN_UINT16, &of_half);
}

static void takes_opaque_types_by_their_size_alone(void **state)
{
    (void)state;
    expect_taken(by_row, PARFUN_FLOAT64, &of_struct);
    expect_taken(by_row, PARFUN_INT64, &of_typedef);
    expect_taken(by_row, PARFUN_UINT32, &of_uchar4);
    expect_refused(by_row, PARFUN_INT32, &of_struct);
    expect_refused(by_row, PARFUN_FLOAT32, &of_typedef);
    expect_refused(by_row, PARFUN_INT32, &of_void);
}

static void takes_whole_columns_as_bytes_vectors_and_structs(void **state)
{
    (void)state;
    expect_taken(whole, PARFUN_FLOAT64, &of_double2);
    expect_taken(whole, PARFUN_FLOAT64, &of_uchar);
    expect_taken(whole, PARFUN_FLOAT32, &of_void);
    expect_taken(whole, PARFUN_FLOAT32, &of_struct);
}

static void names_argument_column_and_both_types(void **state)
{
    struct parfun_groups *groups = group_column(PARFUN_FLOAT32);

    (void)state;
    expect_refusal(groups, by_row, &of_double, memory,
            "f(): argument 'x' has elements of 8 bytes (double), but begins in column "
            "'x', which is PARFUN_FLOAT32; convert the column, or declare an array of "
            "float");
    parfun_groups_destroy(groups);
    groups = group_column(PARFUN_STRING);
    expect_refusal(
            groups, by_row, &of_double, memory, "declare an array of char *");
    parfun_groups_destroy(groups);
}

static void looks_where_columns_end(void **state)
{
    struct parfun_groups *groups = group_column(PARFUN_FLOAT32);

    (void)state;
    expect_refusal(groups, by_row, &of_double, memory + 4, "begins in column 'x'");
    assert_int_equal(check(groups, by_row, &of_double, memory + 16), PARFUN_OK);
    parfun_groups_destroy(groups);
}

static void takes_memory_that_is_also_a_column_of_the_right_type(void **state)
{
    struct parfun_table *table;
    struct parfun_groups *groups;

    (void)state;
    assert_int_equal(parfun_table_create(ROWS, &table), PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "x", PARFUN_FLOAT32, memory), PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "bits", PARFUN_UINT32, memory), PARFUN_OK);
    groups = group(table);
    assert_int_equal(check(groups, by_row, &of_int, memory), PARFUN_OK);
    assert_int_equal(check(groups, by_row, &of_float, memory), PARFUN_OK);
    expect_refusal(groups, by_row, &of_double, memory, "begins in column 'x'");
    parfun_groups_destroy(groups);
}

static void looks_into_all_tables_of_joins(void **state)
{
    struct parfun_table *table;
    struct parfun_groups *one, *two, *pair, *three;

    (void)state;
    assert_int_equal(parfun_table_create(ROWS, &table), PARFUN_OK);
    one = group(table);
    two = group_column(PARFUN_FLOAT32);
    assert_int_equal(parfun_groups_join(one, two, &pair), PARFUN_OK);
    assert_int_equal(parfun_groups_join(one, pair, &three), PARFUN_OK);
    expect_refusal(three, by_row, &of_double, memory, "begins in column 'x'");
    assert_int_equal(check(three, by_row, &of_float, memory), PARFUN_OK);
    parfun_groups_destroy(one);
    parfun_groups_destroy(two);
    parfun_groups_destroy(pair);
    parfun_groups_destroy(three);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_columns_of_the_size_and_kind_that_are_read),
        cmocka_unit_test(refuses_columns_of_other_sizes),
        cmocka_unit_test(refuses_integers_for_floating_point_and_the_reverse),
        cmocka_unit_test(takes_numbers_of_16_bits_for_each_other),
        cmocka_unit_test(takes_opaque_types_by_their_size_alone),
        cmocka_unit_test(takes_whole_columns_as_bytes_vectors_and_structs),
        cmocka_unit_test(names_argument_column_and_both_types),
        cmocka_unit_test(looks_where_columns_end),
        cmocka_unit_test(takes_memory_that_is_also_a_column_of_the_right_type),
        cmocka_unit_test(looks_into_all_tables_of_joins),
    };

    return cmocka_run_group_tests_name("unit.call_columns", tests, NULL, NULL);
}
