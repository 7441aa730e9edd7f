/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits_test.c: progress, limits of time, and calls that are cancelled.  Calls that
 * would take a quarter of an hour end: otherwise the test's own limit is passed.
 */
#include "functions/functions.h"

#include <parfun/kernel.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <time.h>
#include <unistd.h>

enum { MANY = 1000000, SOME = 400, FEW = 200 };

static _Atomic size_t ran;
static _Atomic bool begun;

/* Works for a millisecond. */
static void work(void)
{
    struct timespec now, begin;

    clock_gettime(CLOCK_MONOTONIC, &begin);
    do
        clock_gettime(CLOCK_MONOTONIC, &now);
    while ((now.tv_sec - begin.tv_sec) * 1000000000L + now.tv_nsec - begin.tv_nsec
            < 1000000);
}

static enum parfun_status slow(struct parfun_partition *part, void *user)
{
    (void)user;
    atomic_store(&begun, true);
    for (size_t i = 0; i < parfun_items(part); i++)
        work();
    (void)atomic_fetch_add(&ran, parfun_items(part));
    return PARFUN_OK;
}

static struct parfun_function *make_slow(const struct parfun_options *more)
{
    struct parfun_options options = *more;

    atomic_store(&ran, 0);
    atomic_store(&begun, false);
    options.clauses = "combine(shared: y)";
    options.fixed_partition_size = 1;
    return make("slow", "char *y", slow, &options);
}

static char nothing[1];
#define NOTHING PARFUN_COUNTED(nothing, 1)

static void expect_unfinished(void)
{
    assert_in_range(atomic_load(&ran), 0, MANY - 1);
}

/* ---- Progress ------------------------------------------------------------------------------ */

struct progress {
    pthread_t caller;
    unsigned called;
    size_t first, last, items;
    bool wrong;
    unsigned stop_at; /* which call returns false; 0: none */
};

static bool note_progress(size_t done, size_t items, void *user)
{
    struct progress *progress = user;

    progress->wrong |= done < progress->last || done > items
            || !pthread_equal(pthread_self(), progress->caller);
    if (!progress->called++)
        progress->first = done;
    progress->last = done;
    progress->items = items;
    return progress->called != progress->stop_at;
}

static void progress_is_reported_on_the_calling_thread(void **state)
{
    struct progress progress = { .caller = pthread_self() };
    struct parfun_function *function =
            make_slow(PARFUN_OPTIONS(.progress = note_progress, .user = &progress));

    (void)state;
    MUST(PARFUN_CALL(function, SOME, NOTHING));
    assert_false(progress.wrong);
    assert_int_equal(progress.items, SOME);
    assert_int_equal(progress.last, SOME); /* the last one */
    assert_true(progress.called >= 2);
    parfun_function_destroy(function);
}

/* Another thread's partition ends when the caller, who has none any more, has told of
 * its progress; a busy machine may bring that thread too late. */
static pthread_t calling;
static _Atomic bool told, others_came;

static bool note_that_it_is_told(size_t done, size_t items, void *user)
{
    (void)user;
    atomic_store(&told, atomic_load(&told) || done < items);
    return true;
}

static enum parfun_status wait_until_told(struct parfun_partition *part, void *user)
{
    enum { TRIES = 20000 }; /* of a millisecond */

    (void)part, (void)user;
    if (pthread_equal(pthread_self(), calling))
        return PARFUN_OK;
    atomic_store(&others_came, true);
    for (int i = 0; i < TRIES && !atomic_load(&told); i++)
        work();
    return atomic_load(&told) ? PARFUN_OK : parfun_fail("nothing is told");
}

static void progress_is_told_while_others_run_the_last_partitions(void **state)
{
    struct parfun_function *function = make("wait", "char *y", wait_until_told,
            PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                    .fixed_partition_size = 1, .progress = note_that_it_is_told));

    (void)state;
    calling = pthread_self();
    MUST(parfun_push_backend("threads:2"));
    while (!atomic_load(&others_came)) {
        atomic_store(&told, false);
        MUST(PARFUN_CALL(function, SOME, NOTHING));
    }
    MUST(parfun_pop_backend());
    parfun_function_destroy(function);
}

static void a_progress_function_that_declines_cancels_the_call(void **state)
{
    struct progress progress = { .caller = pthread_self(), .stop_at = 1 };
    struct parfun_function *function =
            make_slow(PARFUN_OPTIONS(.progress = note_progress, .user = &progress));

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, MANY, NOTHING), PARFUN_CANCELLED,
            "slow(): it was cancelled by its progress function");
    assert_int_equal(progress.called, 1);
    expect_unfinished();
    parfun_function_destroy(function);
}

/* Pieces that overlap have more items than the call. */
static enum parfun_status twice_each(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)wanted, (void)user;
    piece->first = piece->count ? piece->first + 1 : 0;
    piece->count = piece->first + 1 < parfun_split_items(split) ? 2 : 0;
    return PARFUN_OK;
}

static enum parfun_status take_all(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    (void)combined, (void)user;
    while (!(status = parfun_next(results, &part)) && part)
        ;
    return status;
}

static void no_more_is_reported_than_there_is(void **state)
{
    const struct parfun_named_generator generators[] = { { "g", twice_each },
        { 0 } };
    static char x[FEW];
    struct progress progress = { .caller = pthread_self() };
    struct parfun_function *function = make("slow", "const char *x, char *y", slow,
            PARFUN_OPTIONS(.clauses = "split(by(g): x) combine(each(1): y)",
                    .generators = generators, .combiner = take_all,
                    .progress = note_progress, .user = &progress));

    (void)state;
    MUST(PARFUN_CALL(function, FEW, PARFUN_ARRAY(x), PARFUN_ARRAY(nothing)));
    assert_false(progress.wrong);
    assert_int_equal(progress.last, FEW);
    parfun_function_destroy(function);
}

/* ---- Time ------------------------------------------------------------------------------------ */

static void a_call_that_takes_longer_than_its_limit_is_ended(void **state)
{
    struct parfun_function *function = make_slow(PARFUN_OPTIONS(.timeout_s = 0.02));
    struct parfun_options none = { .size = sizeof none };

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, MANY, NOTHING), PARFUN_TIMED_OUT,
            "slow(): it took longer than its limit, timeout_s, of 0.02 s");
    expect_unfinished();
    parfun_function_destroy(function);
    function = make_slow(&none);
    MUST(PARFUN_CALL(function, 2, NOTHING)); /* the next call works */
    parfun_function_destroy(function);
}

static void a_limit_that_is_no_time_is_refused(void **state)
{
    struct parfun_function *function = NULL;

    (void)state;
    MUST_FAIL(parfun_function_from_c("slow", "char *y", slow,
                      PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                              .timeout_s = -1),
                      &function),
            PARFUN_INVALID, "options of slow(): timeout_s is -1; give seconds");
}

/* ---- Cancel ----------------------------------------------------------------------------------- */

static void *cancel_all(void *unused)
{
    (void)unused;
    while (!atomic_load(&begun))
        ;
    parfun_cancel(NULL);
    return NULL;
}

static void every_call_under_way_is_cancelled_from_another_thread(void **state)
{
    struct parfun_options none = { .size = sizeof none };
    struct parfun_function *function = make_slow(&none);
    pthread_t other;

    (void)state;
    assert_int_equal(pthread_create(&other, NULL, cancel_all, NULL), 0);
    MUST_FAIL(PARFUN_CALL(function, MANY, NOTHING), PARFUN_CANCELLED,
            "slow(): it was cancelled by parfun_cancel()");
    assert_int_equal(pthread_join(other, NULL), 0);
    expect_unfinished();
    MUST(PARFUN_CALL(function, 2, NOTHING)); /* later calls are not */
    parfun_function_destroy(function);
}

static void cancel_in_handler(int unused)
{
    (void)unused;
    parfun_cancel(NULL);
}

static enum parfun_status raise_a_signal(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    if (parfun_first(part) == 10)
        (void)kill(getpid(), SIGUSR1); /* the library's threads block it */
    work();
    (void)atomic_fetch_add(&ran, 1);
    return PARFUN_OK;
}

static void a_signal_handler_may_cancel(void **state)
{
    struct parfun_function *function = make("raise", "char *y", raise_a_signal,
            PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                    .fixed_partition_size = 1));
    struct sigaction action = { .sa_handler = cancel_in_handler }, old;

    (void)state;
    atomic_store(&ran, 0);
    assert_int_equal(sigaction(SIGUSR1, &action, &old), 0);
    MUST_FAIL(PARFUN_CALL(function, MANY, NOTHING), PARFUN_CANCELLED,
            "raise(): it was cancelled by parfun_cancel()");
    assert_int_equal(sigaction(SIGUSR1, &old, NULL), 0);
    expect_unfinished();
    parfun_function_destroy(function);
}

static struct parfun_function *inner;

static enum parfun_status call_inner(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    return PARFUN_CALL(inner, MANY, NOTHING);
}

static void a_call_inside_another_one_ends_with_it(void **state)
{
    struct parfun_options none = { .size = sizeof none };
    struct parfun_function *outer = make("outer", "char *y", call_inner,
            PARFUN_OPTIONS(.clauses = "combine(shared: y)", .timeout_s = 0.02));

    (void)state;
    inner = make_slow(&none);
    MUST_FAIL(PARFUN_CALL(outer, 3, NOTHING), PARFUN_TIMED_OUT,
            "outer(): it took longer than its limit");
    expect_unfinished();
    parfun_function_destroy(inner);
    parfun_function_destroy(outer);
}

/* ---- Native kernels ---------------------------------------------------------------------------- */

static void run_slowly(const struct parfun_ndrange *range, void *const *arguments)
{
    float *y = *(float *const *)arguments[0];

    for (size_t i = range->group_begin[0]; i < range->group_end[0]; i++) {
        work();
        y[i] = 1;
        (void)atomic_fetch_add(&ran, 1);
    }
}

static const struct parfun_parameter parameters[] = { { "y", "float", 4, 4,
        PARFUN_GLOBAL_SPACE, 0, 0, { 0 } } };
static const struct parfun_variant variants[] = { { .isa = "generic",
        .run = run_slowly } };
static const struct parfun_pragma pragmas[] = { { "combine(y)", 1, 1 } };
static const struct parfun_kernel slow_kernel = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "slow_kernel",
    .file = "slow.cl",
    .source = "",
    .build = "",
    .parameters = parameters,
    .pragmas = pragmas,
    .variants = variants,
    .parameter_count = 1,
    .pragma_count = 1,
    .variant_count = 1,
};

/* One partition of a kernel runs in boxes, between which the limit is looked at. */
static void a_native_kernel_stops_in_the_midst_of_a_partition(void **state)
{
    static float y[MANY];
    struct progress progress = { .caller = pthread_self(), .stop_at = 1 };
    struct parfun_function *function = NULL;

    (void)state;
    atomic_store(&ran, 0);
    MUST(parfun_push_backend("none"));
    MUST(parfun_function_create(
            &slow_kernel, PARFUN_OPTIONS(.timeout_s = 0.02), &function));
    MUST_FAIL(PARFUN_CALL(function, MANY, PARFUN_ARRAY(y)), PARFUN_TIMED_OUT,
            "slow_kernel(): it took longer than its limit");
    expect_unfinished();
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.progress = note_progress, .user = &progress)));
    MUST_FAIL(PARFUN_CALL(function, MANY, PARFUN_ARRAY(y)), PARFUN_CANCELLED,
            "slow_kernel(): it was cancelled by its progress function");
    MUST(parfun_pop_backend());
    parfun_function_destroy(function);
}

static void progress_goes_on_in_the_midst_of_a_partition(void **state)
{
    static const char *const clauses[] = { "combine(y)", "combine(sum: y)" };
    static float y[FEW];

    (void)state;
    MUST(parfun_push_backend("none"));
    for (unsigned c = 0; c < 2; c++) {
        struct progress progress = { .caller = pthread_self() };
        struct parfun_function *function = NULL;

        MUST(parfun_function_create(&slow_kernel,
                PARFUN_OPTIONS(.clauses = clauses[c], .progress = note_progress,
                        .user = &progress),
                &function));
        MUST(PARFUN_CALL(function, FEW, PARFUN_ARRAY(y)));
        assert_false(progress.wrong);
        assert_in_range(progress.first, 1, FEW - 1);
        assert_int_equal(progress.last, FEW);
        parfun_function_destroy(function);
    }
    MUST(parfun_pop_backend());
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(progress_is_reported_on_the_calling_thread),
        cmocka_unit_test(no_more_is_reported_than_there_is),
        cmocka_unit_test(a_progress_function_that_declines_cancels_the_call),
        cmocka_unit_test(a_call_that_takes_longer_than_its_limit_is_ended),
        cmocka_unit_test(a_limit_that_is_no_time_is_refused),
        cmocka_unit_test(every_call_under_way_is_cancelled_from_another_thread),
        cmocka_unit_test(a_signal_handler_may_cancel),
        cmocka_unit_test(a_call_inside_another_one_ends_with_it),
    };
    const struct CMUnitTest once[] = {
        cmocka_unit_test(progress_is_told_while_others_run_the_last_partitions),
        cmocka_unit_test(a_native_kernel_stops_in_the_midst_of_a_partition),
        cmocka_unit_test(progress_goes_on_in_the_midst_of_a_partition),
    };
    const int failures = RUN_ON_BACKENDS(argc, argv, tests);

    return failures + cmocka_run_group_tests_name("once", once, NULL, NULL);
}
