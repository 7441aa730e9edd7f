/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arguments_test.c: calls with wrong arguments.  Each is refused before anything
 * runs, by a sentence that names the function and the argument; the next call works.
 */
#include "errors.h"
#include "expect.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 64 };

static int numbers[ITEMS], results[ITEMS];
static float floats[2 * ITEMS], sums[ITEMS];
static const int bytes_4 = 4;

/* ---- Values ------------------------------------------------------------------ */

static void refuses_a_null_array(void **state)
{
    (void)state;
    EXPECT_FAILURE(e_saxpy(ITEMS, 2, NULL, sums), PARFUN_INVALID,
            "e_saxpy(): argument 'x' is NULL", "give the address of an array");
    EXPECT_FAILURE(e_saxpy(ITEMS, 2, floats, NULL), PARFUN_INVALID,
            "e_saxpy(): argument 'y' is NULL");
    EXPECT_FAILURE(e_sum(ITEMS, floats, NULL), PARFUN_INVALID,
            "e_sum(): argument 's' is NULL");
    EXPECT_FAILURE(e_pick(ITEMS, numbers, results, NULL), PARFUN_INVALID,
            "e_pick(): value 3", "size_t", "packed");
    EXPECT_FAILURE(parfun_call(e_twice_function(), ITEMS, NULL, 2), PARFUN_INVALID,
            "e_twice(): `values` is NULL");
}

static void refuses_a_null_value(void **state)
{
    (void)state;
    EXPECT_FAILURE(
            PARFUN_CALL(e_saxpy_function(), ITEMS, PARFUN_VALUE((float *)NULL),
                    PARFUN_ARRAY(floats), PARFUN_ARRAY(sums)),
            PARFUN_INVALID, "e_saxpy(): argument 'a' is NULL",
            "give the address of a value");
}

static void refuses_a_wrong_number_of_values(void **state)
{
    (void)state;
    EXPECT_FAILURE(PARFUN_CALL(e_twice_function(), ITEMS, PARFUN_ARRAY(numbers)),
            PARFUN_INVALID, "e_twice(): 1 values were given", "leave 2 to give");
    EXPECT_FAILURE(PARFUN_CALL(e_twice_function(), ITEMS, PARFUN_ARRAY(numbers),
                           PARFUN_ARRAY(results), PARFUN_VALUE(&bytes_4)),
            PARFUN_INVALID, "e_twice(): 3 values were given");
    EXPECT_FAILURE(parfun_call(e_twice_function(), ITEMS, NULL, 0), PARFUN_INVALID,
            "e_twice(): 0 values were given");
}

static void refuses_elements_of_another_size(void **state)
{
    (void)state;
    double a = 2, total = 0;
    float narrow = 0;

    EXPECT_FAILURE(PARFUN_CALL(e_saxpy_function(), ITEMS, PARFUN_VALUE(&a),
                           PARFUN_ARRAY(floats), PARFUN_ARRAY(sums)),
            PARFUN_INVALID, "e_saxpy(): argument 'a' has 8 bytes",
            "its type float needs 4");
    EXPECT_FAILURE(PARFUN_CALL(e_sum_function(), ITEMS, PARFUN_ARRAY(floats),
                           PARFUN_VALUE(&narrow)),
            PARFUN_INVALID, "e_sum(): argument 's' has elements of 4 bytes",
            "its type double needs 8");
    EXPECT_FAILURE(PARFUN_CALL(e_sum_function(), ITEMS, PARFUN_VALUE(&total),
                           PARFUN_VALUE(&total)),
            PARFUN_INVALID, "e_sum(): argument 'x' has elements of 8 bytes",
            "its type float needs 4");
    EXPECT_FAILURE(PARFUN_CALL(e_pick_function(), ITEMS, PARFUN_ARRAY(numbers),
                           PARFUN_ARRAY(results), PARFUN_VALUE(&bytes_4)),
            PARFUN_INVALID, "e_pick(): value 3", "size_t");
}

static void refuses_wrong_counts(void **state)
{
    (void)state;
    int w = 4, h = 1, n = 5;

    EXPECT_FAILURE(
            PARFUN_CALL(e_twice_function(), ITEMS,
                    PARFUN_COUNTED(numbers, ITEMS - 1), PARFUN_ARRAY(results)),
            PARFUN_INVALID, "e_twice(): argument 'x' has 63 elements",
            "a call over 64 items needs 64");
    EXPECT_FAILURE(
            PARFUN_CALL(e_rows_function(), 10, PARFUN_VALUE(&w), PARFUN_VALUE(&h),
                    PARFUN_COUNTED(numbers, 40), PARFUN_ARRAY(results)),
            PARFUN_INVALID, "e_rows(): argument 'in' has 40 elements", "needs 48");
    EXPECT_FAILURE(PARFUN_CALL(e_count_function(), ITEMS, PARFUN_VALUE(&n),
                           PARFUN_ARRAY(numbers), PARFUN_COUNTED(results, 4)),
            PARFUN_INVALID, "e_count(): argument 'counts' has 4 elements",
            "needs 5");
    EXPECT_FAILURE(e_gather(ITEMS, numbers, 0, numbers, results), PARFUN_INVALID,
            "e_gather(): the number of elements of argument 'table' is 0",
            "PARFUN_COUNTED");
}

static void refuses_negative_sizes(void **state)
{
    (void)state;
    EXPECT_FAILURE(e_rows(4, -1, 0, numbers, results), PARFUN_INVALID,
            "e_rows(): argument 'w' is negative", "size");
    EXPECT_FAILURE(e_rows(4, 1, -3, numbers, results), PARFUN_INVALID,
            "e_rows(): argument 'h' is negative");
    EXPECT_FAILURE(e_count(4, -2, numbers, results), PARFUN_INVALID,
            "e_count(): argument 'n' is negative");
}

static void refuses_columns_that_do_not_fit_the_rows(void **state)
{
    (void)state;
    EXPECT_FAILURE(e_columns(ITEMS, ITEMS - 1, numbers, results), PARFUN_INVALID,
            "e_columns(): argument 'in' has rows of 63 elements", "64 columns");
}

/* ---- Sizes -------------------------------------------------------------------- */

static void refuses_sizes_beyond_the_address_space(void **state)
{
    (void)state;
    int w = 1 << 30, h = 0;
    size_t count;

    EXPECT_FAILURE(e_twice(SIZE_MAX, numbers, results), PARFUN_INVALID,
            "e_twice(): 18446744073709551615 items", "address space");
    EXPECT_FAILURE(e_twice(SIZE_MAX / 4, numbers, results), PARFUN_INVALID,
            "e_twice(): the size of 'x'", "address space", "pass smaller sizes");
    EXPECT_FAILURE(e_pick(SIZE_MAX / 8, numbers, results, &count), PARFUN_INVALID,
            "e_pick(): the size of 'x'");
    EXPECT_FAILURE(e_rows((size_t)1 << 33, w, h, numbers, results), PARFUN_INVALID,
            "e_rows(): the size of 'in'");
    EXPECT_FAILURE(e_rows(1, w, 1 << 30, numbers, results), PARFUN_INVALID,
            "e_rows(): the size of 'in'");
    EXPECT_FAILURE(e_gather(1, numbers, SIZE_MAX / 2, numbers, results),
            PARFUN_INVALID, "e_gather(): the size of 'table'");
    EXPECT_FAILURE(e_plane(1, INT64_MAX, results), PARFUN_INVALID,
            "e_plane(): the size of", "address space");
    EXPECT_FAILURE(e_plane(1, (int64_t)1 << 32, results), PARFUN_INVALID,
            "e_plane(): dimension 0", "4294967296 work-items", "2147483647");
    /* eight times 2^61 bytes: no bytes, if nobody looks */
    EXPECT_FAILURE(e_local(4, (uint64_t)1 << 59, results), PARFUN_INVALID,
            "e_local(): its arrays together, up to 'b'", "pass smaller sizes");
}

static void refuses_more_items_than_ids_can_count(void **state)
{
    static int many[128];
    (void)state;
    EXPECT_FAILURE(e_absolute((size_t)1 << 31, (int8_t *)results), PARFUN_INVALID,
            "e_absolute(): with ids(absolute)", "2147483647", "2147483648");
    EXPECT_FAILURE(e_places(129, results), PARFUN_INVALID,
            "e_places(): 129 items do not fit the char parameter 'begin'",
            "declare it ulong");
    EXPECT_FAILURE(e_small(128, many), PARFUN_INVALID,
            "e_small(): 128 items do not fit the char parameter 'count'",
            "declare it ulong");
    EXPECT_SUCCESS(e_places(128, many));
    EXPECT_SUCCESS(e_small(127, many));
}

static void refuses_items_that_are_no_multiple_of_the_work_group(void **state)
{
    (void)state;
    EXPECT_FAILURE(e_groups(63, numbers, results), PARFUN_INVALID,
            "e_groups(): 63 items are no multiple of the work-group's 8",
            "workgroup()");
    EXPECT_SUCCESS(e_groups(ITEMS, numbers, results));
}

/* ---- Places in memory ------------------------------------------------------------ */

static void refuses_arrays_that_overlap(void **state)
{
    (void)state;
    EXPECT_FAILURE(e_saxpy(ITEMS, 2, floats, floats + 1), PARFUN_INVALID,
            "e_saxpy(): arguments 'x' and 'y' overlap in memory",
            "the function writes y", "a copy");
    EXPECT_FAILURE(e_saxpy(ITEMS, 2, floats + ITEMS - 1, floats), PARFUN_INVALID,
            "e_saxpy(): arguments 'x' and 'y' overlap");
    EXPECT_FAILURE(e_gather(ITEMS, numbers, ITEMS, results, numbers),
            PARFUN_INVALID, "e_gather(): arguments 'table' and 'y' overlap");
    EXPECT_FAILURE(e_sum(ITEMS, floats, (double *)(void *)(floats + 2)),
            PARFUN_INVALID, "e_sum(): arguments 'x' and 's' overlap");
}

static void takes_neighbours_and_the_same_array_twice(void **state)
{
    (void)state;
    for (int i = 0; i < ITEMS; i++)
        numbers[i] = i;
    EXPECT_SUCCESS(e_saxpy(ITEMS, 2, floats, floats + ITEMS));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, numbers));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(numbers[i], 2 * i);
}

static void copies_misaligned_arrays(void **state)
{
    (void)state;
    char in[ITEMS * sizeof(int) + 8], out[ITEMS * sizeof(int) + 8];

    memset(out, 0x5a, sizeof out);
    for (int i = 0; i < ITEMS; i++)
        memcpy(in + 1 + i * (int)sizeof i, &i, sizeof i);
    EXPECT_SUCCESS(e_twice(
            ITEMS, (const int *)(void *)(in + 1), (int *)(void *)(out + 3)));
    for (int i = 0; i < ITEMS; i++) {
        int got;

        memcpy(&got, out + 3 + i * (int)sizeof got, sizeof got);
        assert_int_equal(got, 2 * i);
    }
    for (int i = 0; i < 3; i++)
        assert_int_equal(out[i], 0x5a);
    assert_int_equal(out[3 + ITEMS * sizeof(int)], 0x5a);
}

static void refuses_a_misaligned_shared_array(void **state)
{
    (void)state;
    for (int i = 0; i < ITEMS; i++)
        numbers[i] = i;
    EXPECT_FAILURE(
            e_scatter(ITEMS / 2, numbers, (int *)(void *)((char *)results + 1)),
            PARFUN_INVALID, "e_scatter(): the shared array 'y'",
            "aligned to 4 bytes", "malloc()");
}

/* ---- Nothing to do ------------------------------------------------------------------ */

static void gives_identities_for_0_items(void **state)
{
    (void)state;
    double total = 7;
    size_t count = 7;
    int counts[3] = { 7, 7, 7 };

    EXPECT_SUCCESS(e_saxpy(0, 2, NULL, NULL));
    EXPECT_SUCCESS(e_sum(0, NULL, &total));
    assert_true(total == 0);
    EXPECT_SUCCESS(e_count(0, 3, NULL, counts));
    assert_int_equal(counts[0] + counts[1] + counts[2], 0);
    EXPECT_SUCCESS(e_pick(0, NULL, NULL, &count));
    assert_int_equal(count, 0);
}

static void refuses_no_room_for_identities(void **state)
{
    (void)state;
    EXPECT_FAILURE(
            e_sum(0, NULL, NULL), PARFUN_INVALID, "e_sum(): argument 's' is NULL");
    EXPECT_FAILURE(e_count(0, 3, NULL, NULL), PARFUN_INVALID,
            "e_count(): argument 'counts' is NULL");
    EXPECT_FAILURE(
            e_pick(0, NULL, NULL, NULL), PARFUN_INVALID, "e_pick(): value 3");
}

static void refuses_no_function(void **state)
{
    (void)state;
    EXPECT_FAILURE(parfun_call(NULL, 0, NULL, 0), PARFUN_INVALID, "parfun_call()",
            "`function` is NULL");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(refuses_a_null_array, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_a_null_value, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_a_wrong_number_of_values, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_elements_of_another_size, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_wrong_counts, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_negative_sizes, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_columns_that_do_not_fit_the_rows, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_sizes_beyond_the_address_space, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_more_items_than_ids_can_count, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_items_that_are_no_multiple_of_the_work_group,
                expect_to_go_on),
        cmocka_unit_test_teardown(refuses_arrays_that_overlap, expect_to_go_on),
        cmocka_unit_test_teardown(
                takes_neighbours_and_the_same_array_twice, expect_to_go_on),
        cmocka_unit_test_teardown(copies_misaligned_arrays, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_a_misaligned_shared_array, expect_to_go_on),
        cmocka_unit_test_teardown(gives_identities_for_0_items, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_no_room_for_identities, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_no_function, expect_to_go_on),
    };
    return without_leaks(cmocka_run_group_tests_name(
            "errors.arguments", tests, expect_threads, expect_shutdown));
}
