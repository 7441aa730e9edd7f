/* SPDX-License-Identifier: Apache-2.0 */
/* Tables, groups and their way to Arrow and back with the k-th allocation failing, for
 * every k, once and from then on: each says so, and loses nothing. */
#include "support/allocations.h"
#include "support/cmocka.h"

#include <parfun.h>
#include <parfun/arrow.h>
#include <string.h>

enum { ROWS = 2000 };

static const char *words[ROWS];
static double numbers[ROWS];

static const char *const by[] = { "word", "number" };

static enum parfun_status make(struct parfun_table **table)
{
    enum parfun_status status = parfun_table_create(ROWS, table);

    if (!status)
        status = parfun_table_add(*table, "word", PARFUN_STRING, words);
    if (!status)
        status = parfun_table_add(*table, "number", PARFUN_FLOAT64, numbers);
    return status;
}

static enum parfun_status group(void)
{
    struct parfun_table *table = NULL;
    struct parfun_groups *groups = NULL, *both = NULL;
    enum parfun_status status = make(&table);

    if (!status)
        status = parfun_group_by(table, by, 2, &groups);
    if (!status)
        status = parfun_groups_join(groups, groups, &both);
    if (!status)
        assert_int_equal(parfun_groups_rows(both), ROWS);
    parfun_table_destroy(table);
    parfun_groups_destroy(groups);
    parfun_groups_destroy(both);
    return status;
}

static enum parfun_status exchange(void)
{
    struct parfun_table *table = NULL, *again = NULL;
    struct ArrowSchema schema = { 0 };
    struct ArrowArray array = { 0 };
    enum parfun_status status = make(&table);

    if (!status)
        status = parfun_table_export(table, &schema, &array);
    parfun_table_destroy(table);
    if (!status)
        status = parfun_table_import(&schema, &array, &again);
    assert_null(schema.release);
    assert_null(array.release);
    parfun_table_destroy(again);
    return status;
}

static void try_all(enum parfun_status (*work)(void))
{
    for (unsigned for_ever = 0; for_ever < 2; for_ever++)
        for (long k = 0;; k++) {
            allocations_fail(k, for_ever);
            const enum parfun_status status = work();

            if (!allocations_all_succeed()) {
                assert_int_equal(status, PARFUN_OK);
                assert_in_range(k, 10, 200);
                break;
            }
            assert_int_equal(status, PARFUN_NO_MEMORY);
            assert_non_null(strstr(parfun_error(), "memory"));
        }
}

static void groups_lose_nothing_without_memory(void **state)
{
    (void)state;
    try_all(group);
}

static void batches_lose_nothing_without_memory(void **state)
{
    (void)state;
    try_all(exchange);
}

static int fill(void **state)
{
    static const char *const known[] = { "NL", "US", "DE" };

    (void)state;
    for (unsigned i = 0; i < ROWS; i++) {
        words[i] = known[i * i % 3];
        numbers[i] = i % 700;
    }
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_lose_nothing_without_memory),
        cmocka_unit_test(batches_lose_nothing_without_memory),
    };

    return cmocka_run_group_tests(tests, fill, NULL);
}
