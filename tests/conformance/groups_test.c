/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups_test.c: functions split by group on one backend, its selector is the argument,
 * against plain loops over sorted rows: for rows in any order, with null keys, few and
 * many groups, and partitions of any size.
 */
#include "groups.h"

#include "support/cmocka.h"
#include "support/leaks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ROWS = 20000, LANES = 3, PATTERN = 0x5a5a5a5a };

static const char *backend;
static const size_t partition_sizes[] = { 0, 1, 7, 1000, 1000000 };

/* A table of keys, and what plain loops know of its groups. */
struct rows {
    size_t count, kept, groups;
    int32_t key[ROWS];
    uint8_t validity[ROWS / 8 + 1];
    size_t order[ROWS];     /* the kept rows, group by group */
    size_t begin[ROWS + 1]; /* of groups */
    struct parfun_groups *handle;
};

static struct rows rows, other;
static int32_t value[ROWS], weight[ROWS];
static uint64_t number[ROWS];

static uint32_t draw(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (uint32_t)(state >> 20);
}

static const struct rows *sorting;

static int compare_rows(const void *a, const void *b)
{
    const size_t row_a = *(const size_t *)a, row_b = *(const size_t *)b;
    const int32_t key_a = sorting->key[row_a], key_b = sorting->key[row_b];

    return key_a != key_b ? (key_a > key_b) - (key_a < key_b)
                          : (row_a > row_b) - (row_a < row_b);
}

static bool is_null(const struct rows *of, size_t row)
{
    return !(of->validity[row / 8] >> (row % 8) & 1);
}

/* Sorts the rows as a plain program would, and has the library group them. */
static void group(struct rows *made)
{
    static const char *const names[] = { "key" };
    struct parfun_table *table;

    made->kept = made->groups = 0;
    for (size_t row = 0; row < made->count; row++)
        if (!is_null(made, row))
            made->order[made->kept++] = row;
    sorting = made;
    qsort(made->order, made->kept, sizeof *made->order, compare_rows);
    for (size_t i = 0; i < made->kept; i++)
        if (i == 0 || made->key[made->order[i - 1]] != made->key[made->order[i]])
            made->begin[made->groups++] = i;
    made->begin[made->groups] = made->kept;
    assert_int_equal(parfun_table_create(made->count, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add_nullable(
                             table, "key", PARFUN_INT32, made->key, made->validity),
            PARFUN_OK);
    assert_int_equal(parfun_group_by(table, names, 1, &made->handle), PARFUN_OK);
    assert_int_equal(parfun_groups_count(made->handle), made->groups);
    parfun_table_destroy(table);
}

/* Kinds of tables. */
static void draw_rows(struct rows *made, unsigned kind)
{
    static const unsigned ranges[] = { 10, 1000, ROWS, 1, 300 };

    made->count = kind == 5 ? 0 : kind == 6 ? 1 : ROWS - kind;
    memset(made->validity, 0xff, sizeof made->validity);
    for (size_t row = 0; row < made->count; row++) {
        made->key[row] = (int32_t)(draw() % ranges[kind % 5]) - 5;
        if (kind == 4) /* sorted already */
            made->key[row] = (int32_t)(row / 70);
    }
    for (size_t row = 0; row < made->count && kind == 1; row += 3)
        made->validity[row / 8] &= (uint8_t)~(1u << row % 8);
    for (size_t row = 0; row < 100 && kind == 4; row++)
        made->validity[row / 8] &= (uint8_t)~(1u << row % 8);
}

enum { KINDS = 7 };

static void set_size(struct parfun_function *function, size_t size)
{
    if (parfun_set_options(function, PARFUN_OPTIONS(.fixed_partition_size = size)))
        fail_msg("%s", parfun_error());
}

/* ---- Every kind of result ------------------------------------------------------------ */

static int32_t back[ROWS], ends[2 * ROWS];
static uint64_t sorted[ROWS];

static void check_everything(int64_t total, const int32_t *most)
{
    int64_t all = 0;
    int32_t longest = INT32_MIN;

    for (size_t row = 0; row < rows.count; row++)
        if (is_null(&rows, row))
            assert_int_equal(back[row], PATTERN);
    for (size_t g = 0; g < rows.groups; g++) {
        const size_t begin = rows.begin[g], end = rows.begin[g + 1];
        int32_t sum = 0;

        for (size_t i = begin; i < end; i++)
            sum += value[rows.order[i]];
        for (size_t i = begin; i < end; i++) {
            assert_int_equal(
                    back[rows.order[i]], value[rows.order[i]] - sum * weight[g]);
            assert_int_equal(sorted[i], number[rows.order[i]]);
        }
        assert_int_equal(ends[2 * g], value[rows.order[begin]]);
        assert_int_equal(ends[2 * g + 1], value[rows.order[end - 1]]);
        all += sum;
        longest =
                (int32_t)(end - begin) > longest ? (int32_t)(end - begin) : longest;
    }
    assert_int_equal(total, all);
    assert_int_equal(most[0], longest);
    for (unsigned i = 1; i < 4; i++)
        assert_int_equal(most[i], INT32_MIN);
}

static void gives_every_kind_of_result(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < KINDS; kind++) {
        draw_rows(&rows, kind);
        group(&rows);
        for (unsigned s = 0; s < sizeof partition_sizes / sizeof(size_t); s++) {
            int64_t total = 1;
            int32_t most[4];

            if (partition_sizes[s] && rows.groups / partition_sizes[s] > 1500)
                continue;
            set_size(g_everything_function(), partition_sizes[s]);
            for (size_t i = 0; i < ROWS; i++)
                back[i] = PATTERN;
            if (g_everything(rows.handle, value, number, weight, back, sorted, ends,
                        &total, most))
                fail_msg("%s", parfun_error());
            check_everything(total, most);
        }
        parfun_groups_destroy(rows.handle);
    }
}

/* ---- In place --------------------------------------------------------------------- */

static void updates_rows_in_place_and_packs_groups(void **state)
{
    static uint8_t given[ROWS], updated[ROWS];
    static uint64_t counts[ROWS];

    (void)state;
    for (unsigned kind = 0; kind < KINDS; kind++) {
        size_t count = 1, wanted = 0;

        draw_rows(&rows, kind);
        group(&rows);
        for (size_t i = 0; i < ROWS; i++)
            given[i] = updated[i] = (uint8_t)draw();
        set_size(g_update_function(), kind % 2 ? 100 : 0);
        if (g_update(rows.handle, updated, counts, &count))
            fail_msg("%s", parfun_error());
        for (size_t row = 0; row < rows.count; row++)
            if (is_null(&rows, row))
                assert_int_equal(updated[row], given[row]);
        for (size_t g = 0; g < rows.groups; g++) {
            const size_t begin = rows.begin[g], end = rows.begin[g + 1];

            for (size_t i = begin; i < end; i++)
                assert_int_equal(updated[rows.order[i]],
                        given[rows.order[i]] ^ given[rows.order[end - 1]]);
            if (end - begin > 2)
                assert_int_equal(counts[wanted++], end - begin);
        }
        assert_int_equal(count, wanted);
        parfun_groups_destroy(rows.handle);
    }
}

/* ---- Two tables ------------------------------------------------------------------- */

static uint16_t right[ROWS];
static parfun_float4 left[ROWS];
static float products[ROWS * LANES];

static void check_pairs(void)
{
    for (size_t g = 0; g < rows.groups; g++)
        for (size_t lane = 0; lane < LANES; lane++) {
            float sum = 0;

            for (size_t i = rows.begin[g] + lane; i < rows.begin[g + 1]; i += LANES)
                sum += left[rows.order[i]].s[1] * (float)right[other.order[i]];
            assert_true(products[g * LANES + lane] == sum);
        }
}

/* The same keys in another order. */
static void shuffle_rows(void)
{
    other = rows;
    for (size_t i = other.count; i > 1; i--) {
        const size_t j = draw() % i;
        const int32_t key = other.key[j];

        other.key[j] = other.key[i - 1];
        other.key[i - 1] = key;
    }
}

static void takes_columns_of_two_tables(void **state)
{
    static const char *const names[] = { "key" };

    (void)state;
    for (unsigned kind = 0; kind < 3; kind += 2) {
        struct parfun_groups *both;
        struct parfun_table *table;

        draw_rows(&rows, kind);
        group(&rows);
        shuffle_rows();
        group(&other);
        parfun_groups_destroy(other.handle);
        /* the other table's columns are known by their addresses */
        assert_int_equal(parfun_table_create(other.count, &table), PARFUN_OK);
        if (parfun_table_add(table, "key", PARFUN_INT32, other.key)
                || parfun_table_add(table, "right", PARFUN_UINT16, right)
                || parfun_group_by(table, names, 1, &other.handle)
                || parfun_groups_join(rows.handle, other.handle, &both))
            fail_msg("%s", parfun_error());
        parfun_table_destroy(table);
        parfun_groups_destroy(rows.handle);
        parfun_groups_destroy(other.handle);
        for (size_t i = 0; i < ROWS; i++) {
            left[i].s[1] = (float)(draw() % 16);
            right[i] = (uint16_t)(draw() % 16);
        }
        set_size(g_pairs_function(), kind ? 1000 : 0);
        if (g_pairs(both, LANES, left, right, products))
            fail_msg("%s", parfun_error());
        check_pairs();
        parfun_groups_destroy(both);
    }
}

/* ---- What is told ------------------------------------------------------------------- */

static void tells_the_rows_and_those_left_out(void **state)
{
    struct parfun_profile profile = { .size = sizeof profile };
    int64_t total;
    int32_t most[4];

    (void)state;
    draw_rows(&rows, 1);
    group(&rows);
    set_size(g_everything_function(), 0);
    assert_int_equal(g_everything(rows.handle, value, number, weight, back, sorted,
                             ends, &total, most),
            PARFUN_OK);
    assert_int_equal(
            parfun_get_profile(g_everything_function(), &profile), PARFUN_OK);
    assert_int_equal(profile.items, rows.kept);
    assert_int_equal(profile.dropped, rows.count - rows.kept);
    parfun_groups_destroy(rows.handle);
}

/* ---- Partitions --------------------------------------------------------------------- */

/* Groups of 3, 1 and 2 rows. */
static void group_six_rows(void)
{
    static const int32_t keys[] = { 7, 9, 7, 8, 7, 9 };

    rows.count = sizeof keys / sizeof *keys;
    memcpy(rows.key, keys, sizeof keys);
    memset(rows.validity, 0xff, sizeof rows.validity);
    group(&rows);
}

/* "3,1,2": the partitions that a trace tells of. */
static void read_sizes(const char *path, char *sizes)
{
    char line[300];
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    assert_non_null(fgets(line, sizeof line, file));
    *sizes = '\0';
    while (fgets(line, sizeof line, file))
        sprintf(sizes + strlen(sizes), "%s%ld", *sizes ? "," : "",
                strtol(strchr(line, ',') + 1, NULL, 10));
    (void)fclose(file);
}

static void packs_whole_groups_until_a_size_in_rows_is_reached(void **state)
{
    static const struct {
        size_t size;
        const char *sizes;
    } sizes[] = { { 1, "3,1,2" }, { 2, "3,3" }, { 4, "4,2" }, { 5, "6" } };
    char path[] = "/tmp/parfun-groups-XXXXXX", found[64];
    const int file = mkstemp(path);

    (void)state;
    assert_true(file >= 0);
    (void)close(file);
    group_six_rows();
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        int64_t total = 0;
        int32_t most[4] = { 0 };

        if (parfun_set_options(g_everything_function(),
                    PARFUN_OPTIONS(.fixed_partition_size = sizes[s].size,
                            .trace_export = path))
                || g_everything(rows.handle, value, number, weight, back, sorted,
                        ends, &total, most))
            fail_msg("%s", parfun_error());
        check_everything(total, most);
        read_sizes(path, found);
        assert_string_equal(found, sizes[s].sizes);
    }
    (void)unlink(path);
    set_size(g_everything_function(), 0);
    parfun_groups_destroy(rows.handle);
}

/* ---- Limits ------------------------------------------------------------------------- */

static void stops_when_its_time_is_over_and_goes_on(void **state)
{
    int64_t total = 0;
    int32_t most[4] = { 0 };

    (void)state;
    draw_rows(&rows, 1);
    group(&rows);
    for (size_t i = 0; i < ROWS; i++)
        back[i] = PATTERN;
    if (parfun_set_options(
                g_everything_function(), PARFUN_OPTIONS(.timeout_s = 1e-9)))
        fail_msg("%s", parfun_error());
    assert_int_equal(g_everything(rows.handle, value, number, weight, back, sorted,
                             ends, &total, most),
            PARFUN_TIMED_OUT);
    set_size(g_everything_function(), 0);
    if (g_everything(rows.handle, value, number, weight, back, sorted, ends, &total,
                most))
        fail_msg("%s", parfun_error());
    check_everything(total, most);
    parfun_groups_destroy(rows.handle);
}

/* ---- What is refused ---------------------------------------------------------------- */

static void expect(enum parfun_status status, const char *sentence)
{
    assert_int_equal(status, PARFUN_INVALID);
    if (!strstr(parfun_error(), sentence))
        fail_msg("not \"%s\" but \"%s\"", sentence, parfun_error());
}

static void refuses_wrong_calls_and_goes_on(void **state)
{
    static uint8_t bytes[ROWS];
    static uint64_t counts[ROWS];
    size_t count;
    struct parfun_value values[] = { PARFUN_COUNTED(bytes, 7), PARFUN_ARRAY(counts),
        PARFUN_VALUE(&count) };

    (void)state;
    group_six_rows();
    expect(parfun_call(g_update_function(), 6, values, 3),
            "g_update(): it is split by group; give it groups");
    expect(parfun_call_groups(g_update_function(), NULL, values, 3),
            "parfun_call_groups(): `groups` is NULL");
    expect(parfun_call_groups(NULL, rows.handle, values, 3),
            "parfun_call_groups(): `function` is NULL");
    expect(parfun_call_groups(g_update_function(), rows.handle, values, 3),
            "argument 'value' has 7 elements, but the table has 6 rows");
    expect(parfun_call_groups(g_plain_function(), rows.handle, values, 1),
            "g_plain(): nothing of it is split by group");
    values[0].count = 6;
    values[0].data = rows.key;
    expect(parfun_call_groups(g_update_function(), rows.handle, values, 3),
            "g_update(): argument 'value' has elements of 1 bytes (uchar), but begins "
            "in column 'key', which is PARFUN_INT32");
    values[0].data = bytes;
    assert_int_equal(
            parfun_call_groups(g_update_function(), rows.handle, values, 3),
            PARFUN_OK);
    parfun_groups_destroy(rows.handle);
}

static int begin(void **state)
{
    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        value[i] = (int32_t)(draw() % 2001) - 1000;
        weight[i] = (int32_t)(draw() % 7);
        number[i] = draw();
    }
    return parfun_set_backend(backend) ? fprintf(stderr, "%s\n", parfun_error())
                                       : 0;
}

static int end(void **state)
{
    (void)state;
    return parfun_shutdown() != PARFUN_OK;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_every_kind_of_result),
        cmocka_unit_test(updates_rows_in_place_and_packs_groups),
        cmocka_unit_test(takes_columns_of_two_tables),
        cmocka_unit_test(tells_the_rows_and_those_left_out),
        cmocka_unit_test(packs_whole_groups_until_a_size_in_rows_is_reached),
        cmocka_unit_test(stops_when_its_time_is_over_and_goes_on),
        cmocka_unit_test(refuses_wrong_calls_and_goes_on),
    };

    if (argc != 2)
        return fprintf(stderr, "usage: %s BACKEND\n", argv[0]), 2;
    backend = argv[1];
    return without_leaks(cmocka_run_group_tests(tests, begin, end));
}
