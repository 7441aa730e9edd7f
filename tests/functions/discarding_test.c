/* SPDX-License-Identifier: Apache-2.0 */
/* discarding_test.c: results that point to memory, in calls that leave some untaken:
 * what bodies have made is taken, or given back. */
#include "functions/functions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>

enum { ITEMS = 100, SIZE = 2, PIECES = ITEMS / SIZE, BAD = 20, NEVER = -1 };

static int x[ITEMS];
static _Atomic size_t made, second;
static size_t taken, discarded, wrong;
static pthread_t caller;

/* What happens, and at which item, or after how many results. */
static int body_fails_at, cancel_at, stop_at, combiner_fails_at;

static enum parfun_status make_some(struct parfun_partition *part, void *user)
{
    const int first = (int)parfun_first(part);
    size_t *number = parfun_argument(part, "number");

    (void)user;
    if (first == body_fails_at)
        return parfun_fail("item %d is bad", first);
    if (first == cancel_at)
        parfun_cancel(NULL);
    *(void **)parfun_argument(part, "memory") = malloc(1);
    number[0] = number[1] = parfun_first(part) + 1;
    (void)atomic_fetch_add(&made, 1);
    return PARFUN_OK;
}

static void take(struct parfun_partition *part)
{
    free(*(void **)parfun_argument(part, "memory"));
    taken++;
}

static enum parfun_status take_all(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    (void)combined, (void)user;
    for (;;) {
        if ((int)taken == stop_at)
            return PARFUN_OK;
        if ((int)taken == combiner_fails_at)
            return parfun_fail("enough");
        status = parfun_next(results, &part);
        if (status || !part)
            return status;
        take(part);
    }
}

/* Sees what the body left, of both outputs, on the calling thread, in order. */
static void discard(const char *argument, void *elements, size_t count, void *user)
{
    static size_t last;

    wrong += user != &made || !pthread_equal(pthread_self(), caller);
    if (strcmp(argument, "memory") == 0) {
        wrong += count != sizeof(void *);
        free(*(void **)elements);
        discarded++;
        return;
    }
    const size_t *number = elements;

    wrong +=
            strcmp(argument, "number") != 0 || count != 2 || number[0] != number[1];
    wrong += number[0] % SIZE != 1 || (second && number[0] <= last);
    last = number[0];
    second++;
}

static void begin(void)
{
    body_fails_at = cancel_at = stop_at = combiner_fails_at = NEVER;
    atomic_store(&made, 0);
    atomic_store(&second, 0);
    taken = discarded = wrong = 0;
    caller = pthread_self();
}

static struct parfun_function *make_making(parfun_combiner *combiner)
{
    static char clauses[80];

    snprintf(clauses, sizeof clauses,
            "split(x) combine(each(%zu): memory) "
            "combine(each(2): number)",
            sizeof(void *));
    begin();
    return make("make_some", "const int *x, void *memory, size_t *number",
            make_some,
            PARFUN_OPTIONS(.clauses = clauses, .combiner = combiner,
                    .discard = discard, .user = &made,
                    .fixed_partition_size = SIZE));
}

static void *outcome;
static size_t numbers[2];
#define VALUES PARFUN_ARRAY(x), PARFUN_VALUE(&outcome), PARFUN_ARRAY(numbers)

/* Nothing is lost, and nothing is freed twice. */
static void expect_none_lost(void)
{
    assert_int_equal(taken + discarded, atomic_load(&made));
    assert_int_equal(atomic_load(&second), discarded);
    assert_int_equal(wrong, 0);
}

static void what_is_taken_is_not_given_back(void **state)
{
    struct parfun_function *function = make_making(take_all);

    (void)state;
    MUST(PARFUN_CALL(function, ITEMS, VALUES));
    assert_int_equal(taken, PIECES);
    assert_int_equal(discarded, 0);
    expect_none_lost();
    parfun_function_destroy(function);
}

static void a_call_that_fails_gives_back_what_is_left(void **state)
{
    struct parfun_function *function = make_making(take_all);

    (void)state;
    body_fails_at = BAD;
    MUST_FAIL(PARFUN_CALL(function, ITEMS, VALUES), PARFUN_FUNCTION_FAILED,
            "item 20 is bad");
    assert_true(taken <= BAD / SIZE);
    expect_none_lost();
    parfun_function_destroy(function);
}

static void a_call_that_is_cancelled_gives_back_what_is_left(void **state)
{
    struct parfun_function *function = make_making(take_all);

    (void)state;
    cancel_at = BAD;
    MUST_FAIL(PARFUN_CALL(function, ITEMS, VALUES), PARFUN_CANCELLED, "cancelled");
    assert_true(taken < PIECES);
    expect_none_lost();
    parfun_function_destroy(function);
}

static void a_combiner_that_stops_early_or_fails_leaves_nothing_behind(void **state)
{
    struct parfun_function *function = make_making(take_all);

    (void)state;
    stop_at = 3;
    MUST(PARFUN_CALL(function, ITEMS, VALUES));
    assert_int_equal(taken, 3);
    expect_none_lost();
    begin();
    combiner_fails_at = 3;
    MUST_FAIL(
            PARFUN_CALL(function, ITEMS, VALUES), PARFUN_FUNCTION_FAILED, "enough");
    assert_int_equal(taken, 3);
    expect_none_lost();
    parfun_function_destroy(function);
}

static void a_started_call_gives_back_what_was_not_taken(void **state)
{
    struct parfun_function *function = make_making(NULL);
    const struct parfun_value values[] = { VALUES };
    struct parfun_running *running;
    struct parfun_partition *part;

    (void)state;
    for (size_t wanted = 0; wanted < 3; wanted++) {
        begin();
        MUST(parfun_start(function, ITEMS, values, 3, &running));
        for (size_t i = 0; i < wanted; i++) {
            MUST(parfun_next(parfun_results(running), &part));
            take(part);
        }
        MUST(parfun_finish(running));
        assert_int_equal(taken, wanted);
        assert_int_equal(discarded, PIECES - wanted);
        expect_none_lost();
    }
    parfun_function_destroy(function);
}

/* The first result is still in its taker's hands when the time is over. */
static enum parfun_status take_one_and_wait(
        struct parfun_results *results, void *combined, void *user)
{
    enum parfun_status status = PARFUN_OK;
    struct parfun_partition *part = NULL;

    (void)combined, (void)user;
    do {
        status = parfun_next(results, &part);
        if (!status && part)
            take(part);
        if (!status)
            nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
    } while (!status && part);
    return status;
}

static void a_call_that_times_out_gives_back_what_is_left(void **state)
{
    struct parfun_function *function = make_making(NULL);

    (void)state;
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = "split(x) combine(each(8): memory) "
                                      "combine(each(2): number)",
                    .combiner = take_one_and_wait, .discard = discard,
                    .user = &made, .fixed_partition_size = SIZE,
                    .timeout_s = 0.02)));
    MUST_FAIL(PARFUN_CALL(function, ITEMS, VALUES), PARFUN_TIMED_OUT, "");
    assert_true(taken < PIECES);
    expect_none_lost();
    parfun_function_destroy(function);
}

static void a_discard_function_without_its_output_is_an_error(void **state)
{
    struct parfun_function *function = NULL;

    (void)state;
    MUST_FAIL(parfun_function_from_c("make_some", "int *x", make_some,
                      PARFUN_OPTIONS(.clauses = "split(x) combine(x)",
                              .discard = discard),
                      &function),
            PARFUN_INVALID,
            "options of make_some(): there is a discard function, but no output for "
            "it");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_taken_is_not_given_back),
        cmocka_unit_test(a_call_that_fails_gives_back_what_is_left),
        cmocka_unit_test(a_call_that_is_cancelled_gives_back_what_is_left),
        cmocka_unit_test(
                a_combiner_that_stops_early_or_fails_leaves_nothing_behind),
        cmocka_unit_test(a_started_call_gives_back_what_was_not_taken),
        cmocka_unit_test(a_call_that_times_out_gives_back_what_is_left),
        cmocka_unit_test(a_discard_function_without_its_output_is_an_error),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
