/* SPDX-License-Identifier: Apache-2.0 */
/*
 * options_test.c: options that are refused, and leave the old ones; kernels that a
 * device's compiler refuses; profiles that there are none of.
 */
#include "errors.h"
#include "expect.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 64 };

static int numbers[ITEMS], results[ITEMS];

static size_t rule_of_0(size_t items, void *user)
{
    (void)items, (void)user;
    return 0;
}

static size_t rule_of_user(size_t items, void *user)
{
    return items ? *(size_t *)user : 0;
}

/* ---- Clauses ----------------------------------------------------------------------- */

static void says_where_clauses_are_wrong(void **state)
{
    (void)state;
    static const struct {
        const char *clauses, *place, *word;
    } wrong[] = {
        { "split(x) combine(z)", "clauses:1:18: error:", "'z'" },
        { "split(x) combin(y)", "clauses:1:10: error:", "combine" },
        { "split(x)\n  combine(rows(: y)", "clauses:2:15: error:", "" },
        { "split(x) combine(y", "clauses:1:", "error:" },
        { "split(x) combine(y) @", "clauses:1:21: error:", "'@'" },
        { "split(x)", "clauses:1:", "y" },
        { "", "clauses:1:", "y" },
        { "split(bye(weeks): x) combine(y)", "clauses:1:7: error:", "by" },
        { "split(rows(q): x) combine(y)", "clauses:1:12: error:", "'q'" },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        EXPECT_FAILURE(parfun_set_options(e_twice_function(),
                               PARFUN_OPTIONS(.clauses = wrong[i].clauses)),
                PARFUN_INVALID, "options of e_twice(): ", wrong[i].place,
                wrong[i].word);
}

static void leaves_the_old_options_when_new_ones_are_refused(void **state)
{
    (void)state;
    struct parfun_profile profile = { .size = sizeof profile };

    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_partition_size = 16)));
    EXPECT_FAILURE(
            parfun_set_options(e_twice_function(),
                    PARFUN_OPTIONS(.fixed_partition_size = 8, .clauses = "?")),
            PARFUN_INVALID, "e_twice()");
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_get_profile(e_twice_function(), &profile));
    assert_int_equal(profile.partitions, ITEMS / 16);
}

/* ---- Sizes --------------------------------------------------------------------------- */

static void refuses_sizes_that_exclude_each_other(void **state)
{
    (void)state;
    size_t size = 4;

    EXPECT_FAILURE(parfun_set_options(e_twice_function(),
                           PARFUN_OPTIONS(.fixed_partition_size = 4,
                                   .initial_partition_size = 4)),
            PARFUN_INVALID, "options of e_twice(): a fixed and an initial",
            "give one");
    EXPECT_FAILURE(parfun_set_options(e_twice_function(),
                           PARFUN_OPTIONS(.fixed_rule = rule_of_user,
                                   .initial_partition_size = 4, .user = &size)),
            PARFUN_INVALID, "a fixed and an initial");
    EXPECT_FAILURE(parfun_set_options(e_twice_function(),
                           PARFUN_OPTIONS(.fixed_rule = rule_of_user,
                                   .fixed_partition_size = 4, .user = &size)),
            PARFUN_INVALID, "options of e_twice(): a partition size and a rule",
            "give one");
    EXPECT_FAILURE(parfun_set_options(e_twice_function(),
                           PARFUN_OPTIONS(.initial_rule = rule_of_user,
                                   .initial_partition_size = 4, .user = &size)),
            PARFUN_INVALID, "a partition size and a rule");
}

static void refuses_a_rule_that_gives_0(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_rule = rule_of_0)));
    EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_INVALID,
            "e_twice(): fixed_rule gave a partition size of 0 for 64 items",
            "give 1 or more");
    EXPECT_SUCCESS(e_twice(0, numbers, results));
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.initial_rule = rule_of_0)));
    EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_INVALID,
            "e_twice(): initial_rule gave a partition size of 0");
}

static void asks_rules_with_the_items_and_user(void **state)
{
    (void)state;
    size_t size = 13;
    struct parfun_profile profile = { .size = sizeof profile };

    EXPECT_SUCCESS(parfun_set_options(e_twice_function(),
            PARFUN_OPTIONS(.fixed_rule = rule_of_user, .user = &size)));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_get_profile(e_twice_function(), &profile));
    assert_int_equal(profile.partitions, 5);
}

static void refuses_sizes_that_cut_work_groups(void **state)
{
    (void)state;
    size_t size = 12;

    EXPECT_SUCCESS(parfun_set_options(
            e_groups_function(), PARFUN_OPTIONS(.fixed_partition_size = 12)));
    EXPECT_FAILURE(e_groups(ITEMS, numbers, results), PARFUN_INVALID,
            "e_groups(): the partition size 12 (fixed_partition_size) is no "
            "multiple of the work-group's 8 items");
    EXPECT_SUCCESS(parfun_set_options(e_groups_function(),
            PARFUN_OPTIONS(.initial_rule = rule_of_user, .user = &size)));
    EXPECT_FAILURE(e_groups(ITEMS, numbers, results), PARFUN_INVALID,
            "e_groups(): the partition size 12 (initial_rule)");
    EXPECT_SUCCESS(parfun_set_options(e_groups_function(), NULL));
}

/* ---- The struct ----------------------------------------------------------------------- */

/* Options as a later version may have them. */
struct newer {
    struct parfun_options options;
    size_t more;
};

static void takes_options_of_older_and_newer_programs(void **state)
{
    (void)state;
    struct newer newer = { .options = { .size = sizeof newer } };
    struct parfun_profile profile = { .size = sizeof profile };
    struct parfun_options older = { .size = offsetof(struct parfun_options,
                                            initial_partition_size),
        .fixed_partition_size = 32,
        .initial_partition_size = 16 /* beyond its end */ };

    EXPECT_SUCCESS(parfun_set_options(e_twice_function(), &newer.options));
    newer.more = 1;
    EXPECT_FAILURE(parfun_set_options(e_twice_function(), &newer.options),
            PARFUN_INVALID, "options of e_twice(): they use what this version",
            "use a newer one");
    EXPECT_SUCCESS(parfun_set_options(e_twice_function(), &older));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_get_profile(e_twice_function(), &profile));
    assert_int_equal(profile.partitions, 2);
}

static void refuses_options_without_their_size(void **state)
{
    (void)state;
    struct parfun_options none = { .size = 0 };
    struct parfun_options wild = { .size = SIZE_MAX / 2 };

    EXPECT_FAILURE(parfun_set_options(e_twice_function(), &none), PARFUN_INVALID,
            "options of e_twice(): .size is 0", "PARFUN_OPTIONS()");
    EXPECT_FAILURE(parfun_set_options(e_twice_function(), &wild), PARFUN_INVALID,
            "options of e_twice(): .size is", "PARFUN_OPTIONS()");
}

static void refuses_unknown_flags(void **state)
{
    (void)state;
    EXPECT_FAILURE(
            parfun_set_options(e_twice_function(), PARFUN_OPTIONS(.flags = 6)),
            PARFUN_INVALID, "options of e_twice(): unknown flags 0x6");
}

static void refuses_no_function(void **state)
{
    (void)state;
    struct parfun_function *function = e_twice_function();

    EXPECT_FAILURE(parfun_set_options(NULL, NULL), PARFUN_INVALID,
            "parfun_set_options(): `function` is NULL");
    EXPECT_FAILURE(parfun_function_create(NULL, NULL, &function), PARFUN_INVALID,
            "parfun_function_create(): `kernel` is NULL");
    assert_ptr_equal(function, e_twice_function());
    EXPECT_FAILURE(parfun_function_create(NULL, NULL, NULL), PARFUN_INVALID,
            "parfun_function_create(): `function`");
    parfun_function_destroy(NULL);
}

/* ---- Compilers ------------------------------------------------------------------------- */

static void hands_on_the_log_of_a_device_s_compiler(void **state)
{
    (void)state;
    if (parfun_push_backend("opencl") != PARFUN_OK)
        skip();
    EXPECT_SUCCESS(e_broken(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_set_options(e_broken_function(),
            PARFUN_OPTIONS(.clauses = "split(x) combine(y) build(-DBROKEN)")));
    for (int i = 0; i < 2; i++) /* it is remembered */
        EXPECT_FAILURE(e_broken(ITEMS, numbers, results), PARFUN_COMPILE,
                "e_broken(): ", "does not compile for", "(opencl:0)", "-DBROKEN",
                "undeclared_name", "errors.cl:");
    EXPECT_SUCCESS(parfun_push_backend("threads:1, opencl"));
    EXPECT_SUCCESS(e_broken(ITEMS, numbers, results)); /* the CPU does all */
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    EXPECT_SUCCESS(parfun_set_options(e_broken_function(), NULL));
    EXPECT_SUCCESS(e_broken(ITEMS, numbers, results));
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

/* ---- Profiles ---------------------------------------------------------------------------- */

static void has_no_profile_before_a_call(void **state)
{
    (void)state;
    struct parfun_profile profile = { .size = sizeof profile };

    EXPECT_FAILURE(parfun_get_profile(e_count_function(), &profile), PARFUN_INVALID,
            "parfun_get_profile(): this thread has finished no call of e_count()");
    EXPECT_FAILURE(parfun_get_profile(NULL, &profile), PARFUN_INVALID,
            "parfun_get_profile(): `function` is NULL");
    EXPECT_FAILURE(parfun_get_profile(e_count_function(), NULL), PARFUN_INVALID,
            "parfun_get_profile(): `profile` is NULL");
    profile.size = 0;
    EXPECT_FAILURE(parfun_get_profile(e_count_function(), &profile), PARFUN_INVALID,
            "parfun_get_profile(): profile->size is 0");
}

static void fills_no_more_of_a_profile_than_it_has(void **state)
{
    (void)state;
    struct parfun_profile profile;

    memset(&profile, 0x5a, sizeof profile);
    profile.size = offsetof(struct parfun_profile, compute_ns);
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_get_profile(e_twice_function(), &profile));
    assert_int_equal(profile.size, offsetof(struct parfun_profile, compute_ns));
    assert_true(profile.total_ns != UINT64_C(0x5a5a5a5a5a5a5a5a));
    assert_true(profile.compute_ns == UINT64_C(0x5a5a5a5a5a5a5a5a));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(says_where_clauses_are_wrong, expect_to_go_on),
        cmocka_unit_test_teardown(
                leaves_the_old_options_when_new_ones_are_refused, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_sizes_that_exclude_each_other, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_a_rule_that_gives_0, expect_to_go_on),
        cmocka_unit_test_teardown(
                asks_rules_with_the_items_and_user, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_sizes_that_cut_work_groups, expect_to_go_on),
        cmocka_unit_test_teardown(
                takes_options_of_older_and_newer_programs, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_options_without_their_size, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_unknown_flags, expect_to_go_on),
        cmocka_unit_test_teardown(refuses_no_function, expect_to_go_on),
        cmocka_unit_test_teardown(
                hands_on_the_log_of_a_device_s_compiler, expect_to_go_on),
        cmocka_unit_test_teardown(has_no_profile_before_a_call, expect_to_go_on),
        cmocka_unit_test_teardown(
                fills_no_more_of_a_profile_than_it_has, expect_to_go_on),
    };
    return without_leaks(cmocka_run_group_tests_name(
            "errors.options", tests, expect_threads, expect_shutdown));
}
