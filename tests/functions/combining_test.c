/* SPDX-License-Identifier: Apache-2.0 */
/* combining_test.c: combiners of the caller's own. */
#include "functions/functions.h"

#include <stdatomic.h>
#include <stdlib.h>

enum { ITEMS = 1000, SIZE = 10, WORKERS_MAX = 5, WAIT_MAX = 4 };

static int number[ITEMS];
static _Atomic size_t ran, taken, most_ahead;

struct range {
    size_t first, count;
    long sum;
};

static enum parfun_status add_up(struct parfun_partition *part, void *user)
{
    const int *x = parfun_argument(part, "x");
    struct range *range = parfun_argument(part, "range");
    const size_t ahead = atomic_fetch_add(&ran, 1) + 1 - atomic_load(&taken);

    (void)user;
    if (range->count || range->sum)
        return parfun_fail("it is not zeroed");
    if (ahead > atomic_load(&most_ahead) && ahead < ITEMS)
        atomic_store(&most_ahead, ahead);
    range->first = parfun_first(part);
    range->count = parfun_items(part);
    for (size_t i = 0; i < parfun_items(part); i++)
        range->sum += x[i];
    return PARFUN_OK;
}

struct outcome {
    unsigned called;
    size_t pieces, items;
    long sum;
    bool in_order;
};

static enum parfun_status join(
        struct parfun_results *results, void *combined, void *user)
{
    struct outcome *outcome = combined;
    struct parfun_partition *part;
    enum parfun_status status;
    size_t next = 0;

    (void)user;
    outcome->called++;
    outcome->in_order = true;
    while (!(status = parfun_next(results, &part)) && part) {
        const struct range *range = parfun_argument(part, "range");

        outcome->in_order = outcome->in_order && range->first == next
                && parfun_first(part) == next && parfun_items(part) == range->count
                && parfun_items_of(part, "range") == sizeof *range;
        next += range->count;
        outcome->pieces++;
        outcome->items += range->count;
        outcome->sum += range->sum;
        (void)atomic_fetch_add(&taken, 1);
    }
    return status;
}

static struct parfun_function *make_adding(parfun_combiner *combiner, size_t size)
{
    char clauses[80];

    snprintf(clauses, sizeof clauses, "split(x) combine(each(%zu): range)",
            sizeof(struct range));
    for (int i = 0; i < ITEMS; i++)
        number[i] = i;
    atomic_store(&ran, 0);
    atomic_store(&taken, 0);
    atomic_store(&most_ahead, 0);
    return make("add_up", "const int *x, void *range", add_up,
            PARFUN_OPTIONS(.clauses = clauses, .combiner = combiner,
                    .fixed_partition_size = size));
}

static void a_combiner_is_called_once_and_takes_results_in_order(void **state)
{
    static const size_t counts[] = { 1, 2, 9, 10, 11, ITEMS };
    static const size_t sizes[] = { 0, 1, SIZE, 999 };

    (void)state;
    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        struct parfun_function *function = make_adding(join, sizes[s]);

        for (size_t c = 0; c < sizeof counts / sizeof *counts; c++) {
            const long n = (long)counts[c];
            struct outcome outcome = { 0 };

            MUST(PARFUN_CALL(function, counts[c], PARFUN_ARRAY(number),
                    PARFUN_VALUE(&outcome)));
            assert_int_equal(outcome.called, 1);
            assert_true(outcome.in_order);
            assert_int_equal(outcome.items, n);
            assert_int_equal(outcome.sum, n * (n - 1) / 2);
            if (sizes[s])
                assert_int_equal(outcome.pieces, (counts[c] - 1) / sizes[s] + 1);
        }
        parfun_function_destroy(function);
    }
}

static void zero_items_call_the_combiner_and_give_it_none(void **state)
{
    struct parfun_function *function = make_adding(join, 0);
    struct outcome outcome = { 0 };

    (void)state;
    MUST(PARFUN_CALL(function, 0, PARFUN_ARRAY(number), PARFUN_VALUE(&outcome)));
    assert_int_equal(outcome.called, 1);
    assert_int_equal(outcome.pieces, 0);
    assert_int_equal(atomic_load(&ran), 0);
    parfun_function_destroy(function);
}

/* Results wait in bounded memory: four per worker, and one in each one's hands. */
static void results_that_wait_are_bounded(void **state)
{
    struct parfun_function *function = make_adding(join, 1);
    struct outcome outcome = { 0 };

    (void)state;
    MUST(parfun_push_backend("threads:5"));
    MUST(PARFUN_CALL(
            function, ITEMS, PARFUN_ARRAY(number), PARFUN_VALUE(&outcome)));
    MUST(parfun_pop_backend());
    assert_int_equal(outcome.pieces, ITEMS);
    assert_in_range(atomic_load(&most_ahead), 1, WAIT_MAX * WORKERS_MAX + 1);
    parfun_function_destroy(function);
}

static enum parfun_status stop_early(
        struct parfun_results *results, void *combined, void *user)
{
    size_t *pieces = combined;
    struct parfun_partition *part;

    (void)user;
    for (*pieces = 0; *pieces < 3; ++*pieces)
        if (parfun_next(results, &part) || !part)
            return parfun_fail("too few");
    return PARFUN_OK;
}

static enum parfun_status read_nothing(
        struct parfun_results *results, void *combined, void *user)
{
    (void)results, (void)user;
    *(size_t *)combined = 7;
    return PARFUN_OK;
}

static void a_combiner_may_stop_early_or_read_nothing(void **state)
{
    struct parfun_function *function = make_adding(stop_early, 1);
    size_t pieces = 0;

    (void)state;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number), PARFUN_VALUE(&pieces)));
    assert_int_equal(pieces, 3);
    assert_in_range(atomic_load(&ran), 3, 3 + WAIT_MAX * WORKERS_MAX + 1);
    parfun_function_destroy(function);
    function = make_adding(read_nothing, 1);
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number), PARFUN_VALUE(&pieces)));
    assert_int_equal(pieces, 7);
    assert_in_range(atomic_load(&ran), 0, WAIT_MAX * WORKERS_MAX + 1);
    parfun_function_destroy(function);
}

static enum parfun_status fail_later(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;

    (void)combined, (void)user;
    if (parfun_next(results, &part))
        return parfun_fail("no first result");
    return parfun_fail("%d results do not go together", 2);
}

static enum parfun_status fail_mutely(
        struct parfun_results *results, void *combined, void *user)
{
    (void)results, (void)combined, (void)user;
    return PARFUN_FUNCTION_FAILED;
}

static void a_combiners_failure_reaches_the_caller(void **state)
{
    struct parfun_function *function = make_adding(fail_later, SIZE);
    struct outcome outcome = { 0 };

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number),
                      PARFUN_VALUE(&outcome)),
            PARFUN_FUNCTION_FAILED, "add_up(): 2 results do not go together");
    parfun_function_destroy(function);
    function = make_adding(fail_mutely, SIZE);
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number),
                      PARFUN_VALUE(&outcome)),
            PARFUN_FUNCTION_FAILED,
            "add_up(): the combiner returned PARFUN_FUNCTION_FAILED and gave no");
    parfun_function_destroy(function);
    function = make_adding(join, SIZE);
    MUST(PARFUN_CALL(
            function, ITEMS, PARFUN_ARRAY(number), PARFUN_VALUE(&outcome)));
    assert_int_equal(outcome.items, ITEMS); /* the next call works */
    parfun_function_destroy(function);
}

/* ---- A body that fails -------------------------------------------------------------------- */

static enum parfun_status fail_at_the_fourth(
        struct parfun_partition *part, void *user)
{
    struct range *range = parfun_argument(part, "range");
    long *sum = parfun_argument(part, "sum");

    (void)user;
    if (parfun_first(part) == 3 * SIZE)
        return parfun_fail("there is no fourth");
    range->count = parfun_items(part);
    for (size_t i = 0; i < parfun_items(part); i++)
        sum[i] = 1;
    return PARFUN_OK;
}

/* Takes what comes, and does not tell of the failure. */
static enum parfun_status take_all(
        struct parfun_results *results, void *combined, void *user)
{
    struct outcome *outcome = combined;
    struct parfun_partition *part;

    outcome->called++;
    while (!(*(enum parfun_status *)user = parfun_next(results, &part)) && part)
        outcome->pieces++;
    return PARFUN_OK;
}

static void a_bodys_failure_comes_in_its_turn_and_nothing_is_combined(void **state)
{
    enum parfun_status seen = PARFUN_OK;
    struct outcome outcome = { 0 };
    long sum = -7;
    char clauses[120];
    struct parfun_function *function;

    (void)state;
    snprintf(clauses, sizeof clauses,
            "split(x) combine(each(%zu): range) combine(sum: sum)",
            sizeof(struct range));
    function = make("fourth", "const int *x, void *range, long *sum",
            fail_at_the_fourth,
            PARFUN_OPTIONS(.clauses = clauses, .combiner = take_all, .user = &seen,
                    .fixed_partition_size = SIZE));
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number),
                      PARFUN_VALUE(&outcome), PARFUN_VALUE(&sum)),
            PARFUN_FUNCTION_FAILED, "fourth(): there is no fourth");
    assert_int_equal(outcome.called, 1);
    assert_in_range(outcome.pieces, 0, 3);
    assert_int_equal(seen, PARFUN_FUNCTION_FAILED);
    assert_int_equal(sum, -7);
    parfun_function_destroy(function);
}

static void each_without_a_combiner_is_an_error(void **state)
{
    struct parfun_function *function = make_adding(NULL, 0);
    struct outcome outcome = { 0 };

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number),
                      PARFUN_VALUE(&outcome)),
            PARFUN_INVALID, "add_up(): its clauses have an each() output, but");
    parfun_function_destroy(function);
    MUST_FAIL(parfun_function_from_c("f", "int *x", add_up,
                      PARFUN_OPTIONS(.clauses = "combine(x)", .combiner = join),
                      &function),
            PARFUN_INVALID, "there is a combiner, but no output for it");
}

static void an_outcome_without_a_place_is_an_error_before_anything_runs(
        void **state)
{
    struct parfun_function *function = make_adding(join, SIZE);
    struct parfun_value values[] = { PARFUN_ARRAY(number), { NULL, 1, 0 } };

    (void)state;
    for (size_t items = 0; items <= ITEMS; items += ITEMS)
        MUST_FAIL(parfun_call(function, items, values, 2), PARFUN_INVALID,
                "add_up(): argument 'range' is NULL; give the address where the "
                "combiner puts its outcome");
    assert_int_equal(atomic_load(&ran), 0);
    parfun_function_destroy(function);
    function = make("add_up", "const int *x, struct range *range", add_up,
            PARFUN_OPTIONS(.clauses = "split(x) combine(each(1): range)",
                    .combiner = join));
    values[1] = (struct parfun_value){ &(struct outcome){ 0 }, 0, 0 };
    MUST_FAIL(parfun_call(function, ITEMS, values, 2), PARFUN_INVALID,
            "add_up(): argument 'range' has elements of 0 bytes, and its type "
            "struct range does not say how many");
    assert_int_equal(atomic_load(&ran), 0);
    parfun_function_destroy(function);
}

/* ---- Overlapping pieces ------------------------------------------------------------------ */

/* Windows of ten items, five apart, without the last ones. */
static enum parfun_status windows(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)wanted, (void)user;
    if (piece->count)
        piece->first += 5;
    piece->count = piece->first + 20 <= parfun_split_items(split) ? 10 : 0;
    return PARFUN_OK;
}

static enum parfun_status sum_windows(
        struct parfun_results *results, void *combined, void *user)
{
    struct outcome *outcome = combined;
    struct parfun_partition *part;
    enum parfun_status status;

    (void)user;
    while (!(status = parfun_next(results, &part)) && part) {
        const struct range *range = parfun_argument(part, "range");

        outcome->in_order = range->first == 5 * outcome->pieces;
        outcome->pieces++;
        outcome->items += range->count;
    }
    return status;
}

static enum parfun_status same_again(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)wanted, (void)user, (void)split;
    piece->count = 10;
    return PARFUN_OK;
}

static void pieces_for_a_combiner_may_overlap_or_leave_items_out(void **state)
{
    struct parfun_named_generator generators[] = { { "w", windows }, { 0 } };
    char clauses[80];
    struct parfun_function *function;
    struct outcome outcome = { 0 };

    (void)state;
    snprintf(clauses, sizeof clauses, "split(by(w): x) combine(each(%zu): range)",
            sizeof(struct range));
    function = make("windows", "const int *x, void *range", add_up,
            PARFUN_OPTIONS(.clauses = clauses, .combiner = sum_windows,
                    .generators = generators));
    MUST(PARFUN_CALL(function, 100, PARFUN_ARRAY(number), PARFUN_VALUE(&outcome)));
    assert_int_equal(outcome.pieces, 17);
    assert_int_equal(outcome.items, 170);
    assert_true(outcome.in_order);
    generators[0].generator = same_again;
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = clauses, .combiner = sum_windows,
                    .generators = generators)));
    MUST_FAIL(PARFUN_CALL(
                      function, 100, PARFUN_ARRAY(number), PARFUN_VALUE(&outcome)),
            PARFUN_INVALID,
            "windows(): generator 'w' gave the 10 items from 0 on twice in a row");
    parfun_function_destroy(function);
}

/* ---- Beside other results --------------------------------------------------------------- */

static enum parfun_status both(struct parfun_partition *part, void *user)
{
    const int *x = parfun_argument(part, "x");
    long *sum = parfun_argument(part, "sum"),
         *twice = parfun_argument(part, "twice");
    size_t *count = parfun_argument(part, "count");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        sum[i] = x[i];
        twice[i] = 2 * x[i];
    }
    *count = parfun_items(part);
    return PARFUN_OK;
}

static enum parfun_status count_all(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    while (!(status = parfun_next(results, &part)) && part)
        *(size_t *)combined +=
                *(size_t *)parfun_argument(part, "count") + *(size_t *)user;
    return status;
}

static void a_combiner_goes_with_other_results(void **state)
{
    static long twice[ITEMS];
    size_t more = 0, count = 0;
    long sum = 0;
    struct parfun_function *function = make("both",
            "const int *x, long *sum, long *twice, size_t *count", both,
            PARFUN_OPTIONS(.clauses = "split(x) combine(sum: sum) combine(twice) "
                                      "combine(each(1): count)",
                    .combiner = count_all, .user = &more,
                    .fixed_partition_size = 7));

    (void)state;
    for (int i = 0; i < ITEMS; i++)
        number[i] = i;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(number), PARFUN_VALUE(&sum),
            PARFUN_ARRAY(twice), PARFUN_VALUE(&count)));
    assert_int_equal(sum, ITEMS * (ITEMS - 1) / 2);
    assert_int_equal(count, ITEMS);
    assert_int_equal(twice[ITEMS - 1], 2 * (ITEMS - 1));
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_combiner_is_called_once_and_takes_results_in_order),
        cmocka_unit_test(zero_items_call_the_combiner_and_give_it_none),
        cmocka_unit_test(results_that_wait_are_bounded),
        cmocka_unit_test(a_combiner_may_stop_early_or_read_nothing),
        cmocka_unit_test(a_combiners_failure_reaches_the_caller),
        cmocka_unit_test(a_bodys_failure_comes_in_its_turn_and_nothing_is_combined),
        cmocka_unit_test(each_without_a_combiner_is_an_error),
        cmocka_unit_test(
                an_outcome_without_a_place_is_an_error_before_anything_runs),
        cmocka_unit_test(pieces_for_a_combiner_may_overlap_or_leave_items_out),
        cmocka_unit_test(a_combiner_goes_with_other_results),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
