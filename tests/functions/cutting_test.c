/* SPDX-License-Identifier: Apache-2.0 */
/* cutting_test.c: the sizes of partitions of functions in C, and where they run. */
#include "functions/functions.h"

#include <pthread.h>
#include <stdatomic.h>

enum { MOST = 1000 };

/* By their first item: how large partitions were; and how many there were. */
static _Atomic size_t size_at[MOST];
static _Atomic unsigned pieces, elsewhere;
static pthread_t caller;

static enum parfun_status note(struct parfun_partition *part, void *user)
{
    char *y = parfun_argument(part, "y");

    (void)user;
    atomic_store(&size_at[parfun_first(part)], parfun_items(part));
    (void)atomic_fetch_add(&pieces, 1);
    if (!pthread_equal(pthread_self(), caller))
        (void)atomic_fetch_add(&elsewhere, 1);
    memset(y, 1, parfun_items(part));
    return PARFUN_OK;
}

static char y[MOST];

static void call(struct parfun_function *function, size_t items)
{
    caller = pthread_self();
    atomic_store(&pieces, 0);
    atomic_store(&elsewhere, 0);
    for (size_t i = 0; i < MOST; i++)
        atomic_store(&size_at[i], 0);
    memset(y, 0, sizeof y);
    MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(y)));
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(y[i], i < items);
}

static struct parfun_function *make_noting(const struct parfun_options *more)
{
    struct parfun_options options = *more;

    options.clauses = "combine(y)";
    return make("note", "char *y", note, &options);
}

static void ten_items_of_size_three_are_cut_3_3_3_1(void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.fixed_partition_size = 3));

    (void)state;
    call(function, 10);
    assert_int_equal(atomic_load(&pieces), 4);
    for (size_t i = 0; i < 9; i += 3)
        assert_int_equal(atomic_load(&size_at[i]), 3);
    assert_int_equal(atomic_load(&size_at[9]), 1);
    call(function, 9); /* never an empty last one */
    assert_int_equal(atomic_load(&pieces), 3);
    parfun_function_destroy(function);
}

static void fixed_ten_over_ninety_nine_is_nine_of_ten_and_one_of_nine(void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.fixed_partition_size = 10));
    struct parfun_profile profile = { .size = sizeof profile };

    (void)state;
    call(function, 99);
    assert_int_equal(atomic_load(&pieces), 10);
    for (size_t i = 0; i < 90; i += 10)
        assert_int_equal(atomic_load(&size_at[i]), 10);
    assert_int_equal(atomic_load(&size_at[90]), 9);
    MUST(parfun_get_profile(function, &profile));
    assert_int_equal(profile.partitions, 10);
    assert_int_equal(profile.items, 99);
    assert_int_equal(profile.partition_size, 0); /* no learning */
    parfun_function_destroy(function);
}

struct asked {
    unsigned times;
    size_t items, answer;
};

static size_t rule(size_t items, void *user)
{
    struct asked *asked = user;

    asked->times++;
    asked->items = items;
    return asked->answer;
}

static void a_rule_gets_the_number_of_items_once_per_call(void **state)
{
    struct asked asked = { .answer = 50 };
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.fixed_rule = rule, .user = &asked));

    (void)state;
    call(function, 200);
    assert_int_equal(asked.times, 1);
    assert_int_equal(asked.items, 200);
    assert_int_equal(atomic_load(&pieces), 4);
    asked.answer = 0;
    MUST_FAIL(PARFUN_CALL(function, 10, PARFUN_ARRAY(y)), PARFUN_INVALID,
            "note(): fixed_rule gave a partition size of 0 for 10 items");
    parfun_function_destroy(function);
}

static void initial_and_fixed_together_are_an_error_at_definition(void **state)
{
    struct parfun_function *function = NULL;

    (void)state;
    MUST_FAIL(
            parfun_function_from_c("note", "char *y", note,
                    PARFUN_OPTIONS(.clauses = "combine(y)",
                            .fixed_partition_size = 1, .initial_partition_size = 1),
                    &function),
            PARFUN_INVALID, "options of note(): a fixed and an initial partition");
    assert_null(function);
}

static void the_initial_size_is_the_first_while_the_function_is_unmeasured(
        void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.initial_partition_size = 17));
    struct asked asked = { .answer = 23 };

    (void)state;
    MUST(parfun_push_backend("threads:2"));
    call(function, MOST);
    assert_int_equal(atomic_load(&size_at[0]), 17);
    parfun_function_destroy(function);
    function = make_noting(PARFUN_OPTIONS(.initial_rule = rule, .user = &asked));
    call(function, MOST);
    MUST(parfun_pop_backend());
    assert_int_equal(asked.times, 1);
    assert_int_equal(asked.items, MOST);
    assert_int_equal(atomic_load(&size_at[0]), asked.answer);
    parfun_function_destroy(function);
}

static void none_makes_no_cuts_of_its_own(void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.initial_partition_size = 5));

    (void)state;
    MUST(parfun_push_backend("none"));
    call(function, MOST);
    assert_int_equal(atomic_load(&pieces), 1);
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = "combine(y)", .fixed_partition_size = 100)));
    call(function, MOST);
    assert_int_equal(atomic_load(&pieces), 10); /* the caller's, one by one */
    assert_int_equal(atomic_load(&elsewhere), 0);
    MUST(parfun_pop_backend());
    parfun_function_destroy(function);
}

static void one_piece_runs_in_the_caller(void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.fixed_partition_size = MOST));

    (void)state;
    for (unsigned i = 0; i < 20; i++) {
        call(function, MOST);
        assert_int_equal(atomic_load(&pieces), 1);
        assert_int_equal(atomic_load(&elsewhere), 0);
    }
    parfun_function_destroy(function);
}

static void zero_items_run_nothing(void **state)
{
    struct parfun_function *function = make_noting(
            &(struct parfun_options){ .size = sizeof(struct parfun_options) });

    (void)state;
    call(function, 0);
    assert_int_equal(atomic_load(&pieces), 0);
    parfun_function_destroy(function);
}

static void serial_runs_in_the_calling_thread(void **state)
{
    struct parfun_function *function =
            make_noting(PARFUN_OPTIONS(.fixed_partition_size = 1));

    (void)state;
    MUST(parfun_push_backend("serial"));
    call(function, MOST);
    MUST(parfun_pop_backend());
    assert_int_equal(atomic_load(&pieces), MOST);
    assert_int_equal(atomic_load(&elsewhere), 0);
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ten_items_of_size_three_are_cut_3_3_3_1),
        cmocka_unit_test(fixed_ten_over_ninety_nine_is_nine_of_ten_and_one_of_nine),
        cmocka_unit_test(a_rule_gets_the_number_of_items_once_per_call),
        cmocka_unit_test(initial_and_fixed_together_are_an_error_at_definition),
        cmocka_unit_test(
                the_initial_size_is_the_first_while_the_function_is_unmeasured),
        cmocka_unit_test(none_makes_no_cuts_of_its_own),
        cmocka_unit_test(one_piece_runs_in_the_caller),
        cmocka_unit_test(zero_items_run_nothing),
        cmocka_unit_test(serial_runs_in_the_calling_thread),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
