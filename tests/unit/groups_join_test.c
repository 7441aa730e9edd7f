/* SPDX-License-Identifier: Apache-2.0 */
/* Groups of several tables, paired by key. */
#include "runtime/groups.h"
#include "support/cmocka.h"

#include <string.h>

struct side {
    struct parfun_table *table;
    struct parfun_groups *groups;
};

static struct side make_side(enum parfun_type type, const void *data, size_t rows)
{
    static const char *const names[] = { "key" };
    struct side side;

    assert_int_equal(parfun_table_create(rows, &side.table), PARFUN_OK);
    assert_int_equal(parfun_table_add(side.table, "key", type, data), PARFUN_OK);
    assert_int_equal(
            parfun_group_by(side.table, names, 1, &side.groups), PARFUN_OK);
    parfun_table_destroy(side.table);
    return side;
}

static void joins_by_key_and_knows_whose_order_an_array_has(void **state)
{
    const int32_t a[] = { 3, 1, 3 }, b[] = { 3, 3, 1 }, c[] = { 1, 3, 3 };
    const struct side one = make_side(PARFUN_INT32, a, 3);
    const struct side two = make_side(PARFUN_INT32, b, 3);
    const struct side three = make_side(PARFUN_INT32, c, 3);
    struct parfun_groups *pair, *triple;

    (void)state;
    assert_int_equal(parfun_groups_join(one.groups, two.groups, &pair), PARFUN_OK);
    assert_int_equal(parfun_groups_join(pair, three.groups, &triple), PARFUN_OK);
    assert_ptr_equal(pf_groups_of(pair, &b[1]), two.groups);
    assert_ptr_equal(pf_groups_of(triple, a), one.groups);
    assert_ptr_equal(pf_groups_of(triple, b), two.groups);
    assert_ptr_equal(pf_groups_of(triple, &c[2]), three.groups);
    assert_ptr_equal(pf_groups_of(triple, &triple), one.groups);
    assert_int_equal(parfun_groups_count(triple), 2);
    assert_int_equal(parfun_groups_rows(triple), 3);
    parfun_groups_destroy(one.groups);
    parfun_groups_destroy(two.groups);
    parfun_groups_destroy(three.groups);
    parfun_groups_destroy(pair);
    assert_int_equal(parfun_groups_rows(triple), 3);
    parfun_groups_destroy(triple);
}

static void refuses_to_join(
        const struct side *a, const struct side *b, const char *sentence)
{
    struct parfun_groups *both;

    assert_int_equal(
            parfun_groups_join(a->groups, b->groups, &both), PARFUN_INVALID);
    assert_non_null(strstr(parfun_error(), sentence));
}

static void names_the_key_that_one_table_lacks(void **state)
{
    const char *const a[] = { "NL", "US", "DE" }, *const b[] = { "US", "NL" },
                      *const c[] = { "US", "NL", "US", "DE" };
    const int32_t d[] = { 1 };
    const struct side one = make_side(PARFUN_STRING, a, 3);
    const struct side two = make_side(PARFUN_STRING, b, 2);
    const struct side three = make_side(PARFUN_STRING, c, 4);
    const struct side four = make_side(PARFUN_INT32, d, 1);

    (void)state;
    refuses_to_join(&one, &two, "the key key \"DE\" is in `a` but not in `b`");
    refuses_to_join(&two, &one, "the key key \"DE\" is in `b` but not in `a`");
    refuses_to_join(
            &one, &three, "the group key \"US\" has 1 rows in `a` but 2 in `b`");
    refuses_to_join(&one, &four,
            "key 'key' of `a` is PARFUN_STRING, and key 'key' of `b` is "
            "PARFUN_INT32");
    parfun_groups_destroy(one.groups);
    parfun_groups_destroy(two.groups);
    parfun_groups_destroy(three.groups);
    parfun_groups_destroy(four.groups);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(joins_by_key_and_knows_whose_order_an_array_has),
        cmocka_unit_test(names_the_key_that_one_table_lacks),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
