/* SPDX-License-Identifier: Apache-2.0 */
/* groups_test.c: functions in C over groups of rows, from the tables of the Python
 * library's manual. */
#include "functions/functions.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 5 };

static const char *const company[ROWS] = { "Apple", "ASML", "Volkswagen",
    "Citigroup", "Tencent" };
static const char *const country[ROWS] = { "US", "NL", "DE", "US", "CN" };
static const double market_cap[ROWS] = { 2828e9, 236e9, 55.55e9, 80.31e9, 345e9 };

static struct parfun_groups *by_country(const struct parfun_table *table)
{
    const char *const by[] = { "country" };
    struct parfun_groups *groups;

    MUST(parfun_group_by(table, by, 1, &groups));
    return groups;
}

static struct parfun_table *make_table(void)
{
    struct parfun_table *table;

    MUST(parfun_table_create(ROWS, &table));
    MUST(parfun_table_add(table, "company", PARFUN_STRING, company));
    MUST(parfun_table_add(table, "country", PARFUN_STRING, country));
    MUST(parfun_table_add(table, "market_cap", PARFUN_FLOAT64, market_cap));
    return table;
}

/* Differences to the mean, in standard deviations, too. */
static enum parfun_status compare(struct parfun_partition *part, void *user)
{
    const double *value = parfun_argument(part, "value");
    const uint32_t *begin = parfun_argument(part, "begin");
    double *difference = parfun_argument(part, "difference");
    double *relative = parfun_argument(part, "relative");

    (void)user;
    if (parfun_items_of(part, "value") != begin[parfun_items(part)])
        return parfun_fail("not the rows of whole groups");
    for (size_t g = 0; g < parfun_items(part); g++) {
        const double rows = begin[g + 1] - begin[g];
        double mean = 0, squares = 0;

        for (size_t i = begin[g]; i < begin[g + 1]; i++)
            mean += value[i] / rows;
        for (size_t i = begin[g]; i < begin[g + 1]; i++)
            squares += (value[i] - mean) * (value[i] - mean);
        for (size_t i = begin[g]; i < begin[g + 1]; i++) {
            difference[i] = value[i] - mean;
            relative[i] = difference[i] / sqrt(squares / (rows - 1));
        }
    }
    return PARFUN_OK;
}

static void compares_companies_with_those_of_their_country(void **state)
{
    static const double expected[ROWS] = { 0, 0, 0, 1373.845e9, -1373.845e9 };
    struct parfun_function *function = make("compare",
            "const double *value, const uint32_t *begin, double *difference, "
            "double *relative",
            compare,
            PARFUN_OPTIONS(.clauses = "split(group: value) offsets(begin) "
                                      "combine(group: difference, relative)"));
    struct parfun_table *table = make_table();
    struct parfun_groups *groups = by_country(table);

    (void)state;
    for (size_t size = 0; size < 7; size++) {
        const struct parfun_value values[] = { PARFUN_ARRAY(market_cap),
            PARFUN_ARRAY((double[ROWS]){ 0 }), PARFUN_ARRAY((double[ROWS]){ 0 }) };
        const double *difference = values[1].data, *relative = values[2].data;

        MUST(parfun_set_options(function,
                PARFUN_OPTIONS(.clauses = "split(group: value) offsets(begin) "
                                          "combine(group: difference, relative)",
                        .fixed_partition_size = size)));
        MUST(parfun_call_groups(function, groups, values, 3));
        /* Tencent, Volkswagen, ASML, Apple, Citigroup */
        for (unsigned i = 0; i < ROWS; i++)
            assert_true(fabs(difference[i] - expected[i]) < 1e3);
        for (unsigned i = 0; i < 3; i++)
            assert_true(isnan(relative[i]));
        assert_true(fabs(relative[3] - sqrt(0.5)) < 1e-9);
        assert_true(fabs(relative[4] + sqrt(0.5)) < 1e-9);
    }
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    parfun_function_destroy(function);
}

/* The longest name of each country: strings, and one result per group. */
static enum parfun_status longest(struct parfun_partition *part, void *user)
{
    char *const *name = parfun_argument(part, "name");
    const uint64_t *begin = parfun_argument(part, "begin");
    uint64_t *length = parfun_argument(part, "length");

    (void)user;
    for (size_t g = 0; g < parfun_items(part); g++) {
        length[g] = 0;
        for (size_t i = begin[g]; i < begin[g + 1]; i++)
            if (strlen(name[i]) > length[g])
                length[g] = strlen(name[i]);
    }
    return PARFUN_OK;
}

static void looks_at_strings_and_gives_one_result_per_group(void **state)
{
    static const uint64_t expected[] = { 7, 10, 4, 9 }; /* CN DE NL US */
    struct parfun_function *function = make("longest",
            "char *const *name, const uint64_t *begin, uint64_t *length", longest,
            PARFUN_OPTIONS(.clauses = "split(group: name) offsets(begin) "
                                      "combine(length)"));
    struct parfun_table *table = make_table();
    struct parfun_groups *groups = by_country(table);
    uint64_t length[4];
    const struct parfun_value values[] = {
        PARFUN_ARRAY((char *const *)parfun_table_column(table, "company")),
        PARFUN_ARRAY(length)
    };

    (void)state;
    parfun_table_destroy(table);
    MUST(parfun_call_groups(function, groups, values, 2));
    for (unsigned g = 0; g < 4; g++)
        assert_int_equal(length[g], expected[g]);
    parfun_groups_destroy(groups);
    parfun_function_destroy(function);
}

/* ---- Keys --------------------------------------------------------------------------------- */

static enum parfun_status copy_rows(struct parfun_partition *part, void *user)
{
    const int *number = parfun_argument(part, "number");
    const uint32_t *begin = parfun_argument(part, "begin");
    int *sorted = parfun_argument(part, "sorted");
    unsigned *rows = parfun_argument(part, "rows");

    (void)user;
    for (size_t g = 0; g < parfun_items(part); g++)
        rows[g] = begin[g + 1] - begin[g];
    memcpy(sorted, number, parfun_items_of(part, "number") * sizeof *sorted);
    return PARFUN_OK;
}

static void equal_keys_are_one_group_also_zeros_of_both_signs_and_nans(void **state)
{
    enum { KEYS = 8 };
    static const double key[KEYS] = { (double)NAN, 2, -0.0, 9, -(double)NAN, 0, 2,
        -1 };
    static const uint8_t valid[] = { 0xff & ~(1 << 3) }; /* 9 is null */
    static const int number[KEYS] = { 0, 1, 2, 3, 4, 5, 6, 7 };
    static const int in_order[] = { 7, 2, 5, 1, 6, 0, 4 };
    static const unsigned lengths[] = { 1, 2, 2, 2 };
    const char *const by[] = { "key" };
    struct parfun_function *function = make("copy_rows",
            "const int *number, const uint32_t *begin, int *sorted, unsigned *rows",
            copy_rows,
            PARFUN_OPTIONS(.clauses = "split(group: number) offsets(begin) "
                                      "combine(group: sorted) combine(rows)"));
    struct parfun_profile profile = { .size = sizeof profile };
    struct parfun_table *table;
    struct parfun_groups *groups;
    int sorted[KEYS] = { 0 };
    unsigned rows[4] = { 0 };
    const struct parfun_value values[] = { PARFUN_ARRAY(number),
        PARFUN_ARRAY(sorted), PARFUN_ARRAY(rows) };

    (void)state;
    MUST(parfun_table_create(KEYS, &table));
    MUST(parfun_table_add_nullable(table, "key", PARFUN_FLOAT64, key, valid));
    MUST(parfun_group_by(table, by, 1, &groups));
    assert_int_equal(parfun_groups_count(groups), 4);
    assert_int_equal(parfun_groups_dropped(groups), 1);
    MUST(parfun_call_groups(function, groups, values, 3));
    assert_memory_equal(sorted, in_order, sizeof in_order);
    assert_memory_equal(rows, lengths, sizeof lengths);
    MUST(parfun_get_profile(function, &profile));
    assert_int_equal(profile.dropped, 1);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    parfun_function_destroy(function);
}

/* ---- Many rows ------------------------------------------------------------------------------ */

enum { MANY = 5000, WIDEST = 8 };

/* Its items are as wide as `user` says. */
static enum parfun_status copy_items(struct parfun_partition *part, void *user)
{
    const size_t *bytes = user;

    memcpy(parfun_argument(part, "out"), parfun_argument(part, "in"),
            parfun_items_of(part, "in") * *bytes);
    return PARFUN_OK;
}

/* Every 17th row has no key.  Arrays begin `shift` items after their memory. */
static void move_many(const char *signature, size_t bytes, size_t shift)
{
    static int key[MANY];
    static uint8_t valid[(MANY + 7) / 8];
    static _Alignas(64) unsigned char in[(MANY + 64) * WIDEST],
            out[(MANY + 64) * WIDEST];
    const char *const by[] = { "key" };
    unsigned char *first = in + shift * bytes, *result = out + shift * bytes;
    struct parfun_function *function = NULL;
    struct parfun_table *table;
    struct parfun_groups *groups;
    const struct parfun_value values[] = {
        { first, bytes, 0 },
        { result, bytes, 0 },
    };

    memset(valid, 0, sizeof valid);
    memset(out, 0xee, sizeof out);
    for (unsigned i = 0; i < MANY; i++) {
        key[i] = (int)(i * 2654435761u >> 20 & 1023);
        if (i % 17)
            valid[i / 8] |= (uint8_t)(1 << i % 8);
    }
    for (size_t i = 0; i < sizeof in; i++)
        in[i] = (unsigned char)(i * 2654435761u >> 24 & 0x7f);
    MUST(parfun_function_from_c("copy_items", signature, copy_items,
            PARFUN_OPTIONS(.clauses = "split(group: in) combine(scatter: out)",
                    .user = &bytes),
            &function));
    MUST(parfun_table_create(MANY, &table));
    MUST(parfun_table_add_nullable(table, "key", PARFUN_INT32, key, valid));
    MUST(parfun_group_by(table, by, 1, &groups));
    assert_int_equal(parfun_groups_dropped(groups), (MANY + 16) / 17);
    MUST(parfun_call_groups(function, groups, values, 2));
    for (size_t i = 0; i < MANY * bytes; i++)
        assert_int_equal(result[i], i / bytes % 17 ? first[i] : 0xee);
    for (size_t i = 0; i < shift * bytes; i++)
        assert_int_equal(out[i], 0xee);
    for (size_t i = (shift + MANY) * bytes; i < sizeof out; i++)
        assert_int_equal(out[i], 0xee);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    parfun_function_destroy(function);
}

static void many_rows_of_any_width_go_to_their_groups_and_come_back(void **state)
{
    (void)state;
    for (size_t shift = 0; shift < 64; shift += 5) {
        move_many("const char *in, char *out", 1, shift);
        move_many("const short *in, short *out", 2, shift);
        move_many("const int *in, int *out", 4, shift);
        move_many("const double *in, double *out", 8, shift);
    }
}

/* ---- Failures ------------------------------------------------------------------------------ */

static enum parfun_status refuse(struct parfun_partition *part, void *user)
{
    const double *value = parfun_argument(part, "value");

    (void)user;
    return *value == market_cap[3] || parfun_items_of(part, "value") == 2
            ? parfun_fail("no such group")
            : PARFUN_OK;
}

static void fails_and_leaves_results_alone(void **state)
{
    struct parfun_function *function = make("refuse", "double *value", refuse,
            PARFUN_OPTIONS(.clauses = "split(group: value) combine(scatter: value)",
                    .fixed_partition_size = 1));
    struct parfun_table *table = make_table();
    struct parfun_groups *groups = by_country(table);
    double copy[ROWS];
    const struct parfun_value values[] = { PARFUN_ARRAY(copy) };

    (void)state;
    memcpy(copy, market_cap, sizeof copy);
    MUST_FAIL(parfun_call_groups(function, groups, values, 1),
            PARFUN_FUNCTION_FAILED, "no such group");
    assert_memory_equal(copy, market_cap, sizeof copy);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compares_companies_with_those_of_their_country),
        cmocka_unit_test(looks_at_strings_and_gives_one_result_per_group),
        cmocka_unit_test(
                equal_keys_are_one_group_also_zeros_of_both_signs_and_nans),
        cmocka_unit_test(many_rows_of_any_width_go_to_their_groups_and_come_back),
        cmocka_unit_test(fails_and_leaves_results_alone),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
