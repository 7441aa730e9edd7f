/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of made-up tables, looked at row by row. */
#include "runtime/base/error.h"
#include "runtime/groups.h"
#include "support/cmocka.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Rows whose keys two functions know. */
struct keys {
    size_t rows;
    int (*compare)(const struct keys *keys, size_t a, size_t b);
    bool (*is_null)(const struct keys *keys, size_t row);
    const void *data, *more;
    const uint8_t *validity;
};

static uint64_t seed = 1;

/* Steele, Lea, Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014. */
static uint64_t draw(void)
{
    uint64_t z = (seed += UINT64_C(0x9e3779b97f4a7c15));

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static bool bit_is_clear(const struct keys *keys, size_t row)
{
    return keys->validity && !(keys->validity[row / 8] >> (row % 8) & 1);
}

/* All that parfun_group_by() promises. */
static void check(const struct parfun_groups *groups, const struct keys *keys)
{
    const size_t rows = parfun_groups_rows(groups);
    size_t *at = malloc((rows + 1) * sizeof *at), placed = 0, group = 0;

    assert_non_null(at);
    for (size_t row = 0; row < keys->rows; row++) {
        size_t place = row - groups->first;

        if (groups->places)
            place = groups->places[row] == PF_DISTINCT_NONE ? rows
                                                            : groups->places[row];
        assert_int_equal(place >= rows, keys->is_null(keys, row));
        if (place < rows) {
            at[place] = row;
            placed++;
        }
    }
    assert_int_equal(placed, rows);
    assert_int_equal(parfun_groups_dropped(groups), keys->rows - rows);
    assert_int_equal(groups->offsets[0], 0);
    for (size_t place = 0; place < rows; place++) {
        if (place == groups->offsets[group + 1]) {
            group++;
            assert_true(keys->compare(keys, at[place - 1], at[place]) < 0);
        } else if (place > 0) {
            assert_int_equal(keys->compare(keys, at[place - 1], at[place]), 0);
            assert_true(at[place - 1] < at[place]);
        }
        if (place == groups->offsets[group])
            assert_int_equal(pf_groups_row(groups, group), at[place]);
    }
    assert_int_equal(parfun_groups_count(groups), rows ? group + 1 : 0);
    free(at);
}

static struct parfun_groups *group(struct parfun_table *table,
        const char *const *names, size_t count, const struct keys *keys)
{
    struct parfun_groups *groups = NULL;

    assert_int_equal(parfun_group_by(table, names, count, &groups), PARFUN_OK);
    check(groups, keys);
    return groups;
}

static struct parfun_groups *group_one(
        enum parfun_type type, const struct keys *keys)
{
    static const char *const names[] = { "key" };
    struct parfun_table *table;
    struct parfun_groups *groups;

    assert_int_equal(parfun_table_create(keys->rows, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add_nullable(
                             table, "key", type, keys->data, keys->validity),
            PARFUN_OK);
    groups = group(table, names, 1, keys);
    parfun_table_destroy(table);
    return groups;
}

/* ---- Types -------------------------------------------------------------------------- */

#define COMPARE(name, ctype)                                               \
    static int compare_##name(const struct keys *keys, size_t a, size_t b) \
    {                                                                      \
        const ctype *data = (const ctype *)keys->data;                     \
                                                                           \
        return (data[a] > data[b]) - (data[a] < data[b]);                  \
    }
COMPARE(int8, int8_t)
COMPARE(uint8, uint8_t)
COMPARE(int16, int16_t)
COMPARE(uint16, uint16_t)
COMPARE(int32, int32_t)
COMPARE(uint32, uint32_t)
COMPARE(int64, int64_t)
COMPARE(uint64, uint64_t)

static int order_doubles(double a, double b)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) != 0) - (isnan(b) != 0);
    return (a > b) - (a < b);
}

static int compare_float(const struct keys *keys, size_t a, size_t b)
{
    const float *data = keys->data;

    return order_doubles((double)data[a], (double)data[b]);
}

static int compare_double(const struct keys *keys, size_t a, size_t b)
{
    const double *data = keys->data;

    return order_doubles(data[a], data[b]);
}

static double half_value(uint16_t bits)
{
    const int exponent = bits >> 10 & 31, fraction = bits & 1023;
    double value = exponent == 0 ? ldexp(fraction, -24)
                                 : ldexp(1024 + fraction, exponent - 25);

    if (exponent == 31)
        value = fraction ? (double)NAN : (double)INFINITY;
    return bits & 0x8000 ? -value : value;
}

static int compare_half(const struct keys *keys, size_t a, size_t b)
{
    const uint16_t *data = keys->data;

    return order_doubles(half_value(data[a]), half_value(data[b]));
}

static const struct type {
    enum parfun_type type;
    size_t bytes;
    int (*compare)(const struct keys *keys, size_t a, size_t b);
} types[] = {
    { PARFUN_INT8, 1, compare_int8 },
    { PARFUN_UINT8, 1, compare_uint8 },
    { PARFUN_INT16, 2, compare_int16 },
    { PARFUN_UINT16, 2, compare_uint16 },
    { PARFUN_INT32, 4, compare_int32 },
    { PARFUN_UINT32, 4, compare_uint32 },
    { PARFUN_INT64, 8, compare_int64 },
    { PARFUN_UINT64, 8, compare_uint64 },
    { PARFUN_FLOAT16, 2, compare_half },
    { PARFUN_FLOAT32, 4, compare_float },
    { PARFUN_FLOAT64, 8, compare_double },
};

enum { TYPES = sizeof types / sizeof *types, ROWS = 3000 };

/* Few of all bit patterns, so that they come again: among them the ends of the range,
 * both zeros, and several NaN. */
static void draw_patterns(const struct type *type, unsigned char *data, size_t rows)
{
    unsigned char patterns[40][8] = { 0 };

    for (unsigned p = 0; p < 40; p++)
        for (unsigned b = 0; b < 8; b++)
            patterns[p][b] = (unsigned char)(p < 4 ? (p & 1 ? 0xff : 0) : draw());
    patterns[2][type->bytes - 1] = 0x80;
    patterns[3][type->bytes - 1] = 0x7f;
    for (size_t i = 0; i < rows; i++)
        memcpy(data + i * type->bytes, patterns[draw() % 40], type->bytes);
}

static void groups_every_type_with_nulls_anywhere(void **state)
{
    static double data[ROWS];
    uint8_t validity[ROWS / 8 + 1];

    (void)state;
    for (unsigned t = 0; t < TYPES; t++)
        for (unsigned nulls = 0; nulls < 2; nulls++) {
            struct keys keys = { ROWS, types[t].compare, bit_is_clear, data, NULL,
                nulls ? validity : NULL };

            draw_patterns(&types[t], (unsigned char *)data, ROWS);
            for (size_t i = 0; i < sizeof validity; i++)
                validity[i] = (uint8_t)draw();
            parfun_groups_destroy(group_one(types[t].type, &keys));
        }
}

/* Around either end of the range, and far from it, in any order. */
static void groups_numbers_that_are_near_each_other_and_far(void **state)
{
    static const int64_t centres[] = { 0, INT64_MIN, INT64_MAX, 1 << 20 };
    static int64_t data[ROWS];
    uint8_t validity[ROWS / 8 + 1];
    struct keys keys = { ROWS, compare_int64, bit_is_clear, data, NULL, NULL };

    (void)state;
    for (size_t i = 0; i < sizeof validity; i++)
        validity[i] = (uint8_t)draw();
    for (unsigned first = 0; first < 4; first++)
        for (unsigned spread = 100; spread < 1u << 20; spread *= 20) {
            for (size_t i = 0; i < ROWS; i++) {
                const uint64_t centre = (uint64_t)
                        centres[i && draw() % 4 == 0 ? draw() % 4 : first];

                data[i] = (int64_t)(centre + draw() % spread - spread / 2);
            }
            keys.validity = first % 2 ? validity : NULL;
            parfun_groups_destroy(group_one(PARFUN_INT64, &keys));
        }
}

static const struct type *sorting;

static int compare_values(const void *a, const void *b)
{
    unsigned char both[16] = { 0 };
    double aligned[2];

    memcpy(both, a, sorting->bytes);
    memcpy(both + sorting->bytes, b, sorting->bytes);
    memcpy(aligned, both, sizeof both);
    return sorting->compare(&(struct keys){ .data = aligned }, 0, 1);
}

static void leaves_sorted_rows_of_every_type_where_they_are(void **state)
{
    static double data[ROWS];
    uint8_t validity[ROWS / 8 + 1];

    (void)state;
    for (unsigned t = 0; t < TYPES; t++) {
        struct keys keys = { ROWS, types[t].compare, bit_is_clear, data, NULL,
            NULL };
        struct parfun_groups *groups;

        draw_patterns(&types[t], (unsigned char *)data, ROWS);
        sorting = &types[t];
        qsort(data, ROWS, types[t].bytes, compare_values);
        groups = group_one(types[t].type, &keys);
        assert_null(groups->places);
        parfun_groups_destroy(groups);

        /* nulls at the ends are no obstacle, one among the others is */
        memset(validity, 0xff, sizeof validity);
        validity[0] = 0xf8;
        validity[ROWS / 8 - 1] = 0x0f;
        keys.validity = validity;
        groups = group_one(types[t].type, &keys);
        assert_null(groups->places);
        assert_int_equal(groups->first, 3);
        assert_int_equal(parfun_groups_dropped(groups), 7);
        parfun_groups_destroy(groups);
        validity[100] = 0xfe;
        groups = group_one(types[t].type, &keys);
        assert_non_null(groups->places);
        assert_int_equal(parfun_groups_dropped(groups), 8);
        parfun_groups_destroy(groups);
    }
}

/* ---- Strings ------------------------------------------------------------------------ */

static int compare_strings(const struct keys *keys, size_t a, size_t b)
{
    return strcmp(((char *const *)keys->data)[a], ((char *const *)keys->data)[b]);
}

static bool string_is_null(const struct keys *keys, size_t row)
{
    return !((char *const *)keys->data)[row] || bit_is_clear(keys, row);
}

static void groups_strings_by_their_bytes_and_leaves_null_ones_out(void **state)
{
    static const char *const words[] = { "", "a", "A", "aa", "NA", "N", "\xc3\xa9",
        "e", "country with a long name", "country with a long nam",
        "country with a long name!", NULL };
    const char *data[ROWS];
    uint8_t validity[ROWS / 8 + 1];
    struct keys keys = { ROWS, compare_strings, string_is_null, data, NULL, NULL };
    struct parfun_groups *groups;

    (void)state;
    for (size_t i = 0; i < ROWS; i++)
        data[i] = words[draw() % (sizeof words / sizeof *words)];
    for (size_t i = 0; i < sizeof validity; i++)
        validity[i] = (uint8_t)draw();
    groups = group_one(PARFUN_STRING, &keys);
    assert_int_equal(parfun_groups_count(groups), 11);
    parfun_groups_destroy(groups);
    keys.validity = validity;
    parfun_groups_destroy(group_one(PARFUN_STRING, &keys));
}

/* ---- Several keys ------------------------------------------------------------------- */

static int compare_both(const struct keys *keys, size_t a, size_t b)
{
    const int order = compare_strings(keys, a, b);

    return order ? order
                 : compare_double(&(struct keys){ .data = keys->more }, a, b);
}

static void groups_by_several_columns_the_first_one_first(void **state)
{
    static const char *const words[] = { "x", "y", "z", NULL };
    static const char *const names[] = { "word", "number", "word", "number" };
    const char *data[ROWS];
    double numbers[ROWS];
    struct keys keys = { ROWS, compare_both, string_is_null, data, numbers, NULL };
    struct parfun_table *table;

    (void)state;
    for (size_t i = 0; i < ROWS; i++) {
        data[i] = words[draw() % 4];
        numbers[i] = (double)(draw() % 50) - 25;
    }
    assert_int_equal(parfun_table_create(ROWS, &table), PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "word", PARFUN_STRING, data), PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "number", PARFUN_FLOAT64, numbers), PARFUN_OK);
    parfun_groups_destroy(group(table, names, 2, &keys));
    parfun_groups_destroy(group(table, names, 4, &keys));
    parfun_table_destroy(table);
}

/* ---- Sizes -------------------------------------------------------------------------- */

static bool never(const struct keys *keys, size_t row)
{
    (void)keys, (void)row;
    return false;
}

static void groups_the_same_with_threads_and_without(void **state)
{
    enum { MANY = 400000 };
    int64_t *data = malloc(MANY * sizeof *data);
    struct keys keys = { MANY, compare_int64, never, data, NULL, NULL };

    (void)state;
    assert_non_null(data);
    /* one, a few, a thousand, and as good as only lone ones */
    for (uint64_t range = 1; range < UINT64_C(1) << 40; range *= 1031)
        for (unsigned b = 0; b < 2; b++) {
            struct parfun_groups *groups;

            for (size_t i = 0; i < MANY; i++)
                data[i] = (int64_t)((draw() % range - range / 2)
                        * UINT64_C(0x100000001));
            assert_int_equal(
                    parfun_push_backend(b ? "threads:3" : "serial"), PARFUN_OK);
            groups = group_one(PARFUN_INT64, &keys);
            assert_int_equal(groups->places == NULL, range == 1);
            parfun_groups_destroy(groups);
            assert_int_equal(parfun_pop_backend(), PARFUN_OK);
        }
    free(data);
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
}

static int compare_pairs(const struct keys *keys, size_t a, size_t b)
{
    const struct keys second = { .data = keys->more };
    const int order = compare_int64(keys, a, b);

    return order ? order : compare_int64(&second, a, b);
}

static bool first_is_null(const struct keys *keys, size_t row)
{
    return bit_is_clear(keys, row);
}

static void groups_pairs_of_many_keys(void **state)
{
    enum { MANY = 200000 };
    static const char *const names[] = { "first", "second" };
    static uint8_t validity[MANY / 8 + 1];
    static int64_t first[MANY], second[MANY];
    struct keys keys = { MANY, compare_pairs, first_is_null, first, second,
        validity };
    struct parfun_table *table;

    (void)state;
    for (size_t i = 0; i < sizeof validity; i++)
        validity[i] = (uint8_t)(draw() | draw());
    assert_int_equal(parfun_table_create(MANY, &table), PARFUN_OK);
    assert_int_equal(parfun_table_add_nullable(
                             table, "first", PARFUN_INT64, first, validity),
            PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "second", PARFUN_INT64, second), PARFUN_OK);
    /* few and few, few and many, many and few, many and many */
    for (unsigned kind = 0; kind < 4; kind++) {
        for (size_t i = 0; i < MANY; i++) {
            first[i] = (int64_t)(draw() % (kind & 2 ? 1 << 30 : 50));
            second[i] = (int64_t)(draw() % (kind & 1 ? 1 << 30 : 50)) - 10;
        }
        parfun_groups_destroy(group(table, names, 2, &keys));
    }
    parfun_table_destroy(table);
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
}

static void groups_no_rows_one_row_and_rows_of_null_keys_alone(void **state)
{
    const int32_t data[] = { 5, 3 };
    const uint8_t none = 0;
    struct keys keys = { 0, compare_int32, bit_is_clear, data, NULL, NULL };

    (void)state;
    for (keys.rows = 0; keys.rows <= 2; keys.rows++) {
        struct parfun_groups *groups = group_one(PARFUN_INT32, &keys);

        assert_int_equal(parfun_groups_count(groups), keys.rows);
        parfun_groups_destroy(groups);
        keys.validity = &none;
        groups = group_one(PARFUN_INT32, &keys);
        assert_int_equal(parfun_groups_count(groups), 0);
        assert_int_equal(parfun_groups_dropped(groups), keys.rows);
        parfun_groups_destroy(groups);
        keys.validity = NULL;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_every_type_with_nulls_anywhere),
        cmocka_unit_test(groups_numbers_that_are_near_each_other_and_far),
        cmocka_unit_test(leaves_sorted_rows_of_every_type_where_they_are),
        cmocka_unit_test(groups_strings_by_their_bytes_and_leaves_null_ones_out),
        cmocka_unit_test(groups_by_several_columns_the_first_one_first),
        cmocka_unit_test(groups_the_same_with_threads_and_without),
        cmocka_unit_test(groups_pairs_of_many_keys),
        cmocka_unit_test(groups_no_rows_one_row_and_rows_of_null_keys_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
