/* SPDX-License-Identifier: Apache-2.0 */
/* failing_test.c: what becomes of failures in bodies, and what bodies may not do. */
#include "functions/functions.h"
#include "support/folder.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <unistd.h>

enum { ITEMS = 400, CALLERS = 8, CALLS = 20 };

static _Atomic size_t ran;

static enum parfun_status fail_in_some(struct parfun_partition *part, void *user)
{
    const int *x = parfun_argument(part, "x");
    int *y = parfun_argument(part, "y");

    (void)user;
    (void)atomic_fetch_add(&ran, 1);
    for (size_t i = 0; i < parfun_items(part); i++) {
        if (x[i] < 0)
            return parfun_fail("item %zu is %d", parfun_first(part) + i, x[i]);
        y[i] = 2 * x[i];
    }
    return PARFUN_OK;
}

static struct parfun_function *make_failing(size_t size)
{
    return make("double_up", "const int *x, int *y", fail_in_some,
            PARFUN_OPTIONS(.clauses = "split(x) combine(y)",
                    .fixed_partition_size = size));
}

static void the_first_failure_in_item_order_reaches_the_caller(void **state)
{
    static int x[ITEMS], y[ITEMS];
    struct parfun_function *function = make_failing(10);

    (void)state;
    for (unsigned round = 0; round < 50; round++) {
        memset(x, 0, sizeof x);
        x[35] = -1;
        x[37] = -2;
        x[49] = -3;
        MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
                PARFUN_FUNCTION_FAILED, "double_up(): item 35 is -1");
        x[35] = x[37] = x[49] = 0;
        MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    }
    parfun_function_destroy(function);
}

static void what_has_not_begun_is_not_run(void **state)
{
    static int x[ITEMS], y[ITEMS];
    struct parfun_function *function = make_failing(1);

    (void)state;
    memset(x, 0, sizeof x);
    x[0] = -1;
    atomic_store(&ran, 0);
    MUST(parfun_push_backend("serial"));
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
            PARFUN_FUNCTION_FAILED, "double_up(): item 0 is -1");
    MUST(parfun_pop_backend());
    assert_int_equal(atomic_load(&ran), 1);
    parfun_function_destroy(function);
}

static _Atomic int inside;

/* The first one fails once another one is under way, or nobody comes. */
static enum parfun_status fail_first(struct parfun_partition *part, void *user)
{
    enum { LOOKS = 2000 };

    (void)user;
    (void)atomic_fetch_add(&inside, 1);
    if (parfun_first(part) == 0) {
        for (unsigned look = 0; look < LOOKS && atomic_load(&inside) < 2; look++)
            sched_yield();
        (void)atomic_fetch_sub(&inside, 1);
        return parfun_fail("the first one");
    }
    for (unsigned look = 0; look < LOOKS; look++)
        sched_yield();
    memset(parfun_argument(part, "y"), 1, parfun_items(part) * sizeof(int));
    (void)atomic_fetch_sub(&inside, 1);
    return PARFUN_OK;
}

static void what_has_begun_is_waited_for(void **state)
{
    static int y[ITEMS];
    struct parfun_function *function = make("first", "int *y", fail_first,
            PARFUN_OPTIONS(.clauses = "combine(y)", .fixed_partition_size = 1));

    (void)state;
    for (unsigned round = 0; round < 20; round++) {
        MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(y)),
                PARFUN_FUNCTION_FAILED, "first(): the first one");
        assert_int_equal(atomic_load(&inside), 0);
    }
    parfun_function_destroy(function);
}

/* ---- Other calls are unaffected ----------------------------------------------------------- */

static void *call_often(void *data)
{
    struct parfun_function *function = data;
    int x[ITEMS], y[ITEMS];
    size_t wrong = 0;

    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    for (unsigned c = 0; c < CALLS; c++) {
        const bool bad = c % 2 == 0;

        x[200] = bad ? -7 : 200;
        const enum parfun_status status =
                PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y));

        if (bad)
            wrong += status != PARFUN_FUNCTION_FAILED
                    || !strstr(parfun_error(), "item 200 is -7");
        else
            wrong += status != PARFUN_OK || y[200] != 400 || y[ITEMS - 1] != 798;
    }
    return (void *)(uintptr_t)wrong;
}

static void a_failure_does_not_touch_other_calls(void **state)
{
    struct parfun_function *function = make_failing(16);
    pthread_t caller[CALLERS];

    (void)state;
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&caller[i], NULL, call_often, function), 0);
    for (unsigned i = 0; i < CALLERS; i++) {
        void *wrong = NULL;

        assert_int_equal(pthread_join(caller[i], &wrong), 0);
        assert_null(wrong);
    }
    parfun_function_destroy(function);
}

/* ---- Without a reason ---------------------------------------------------------------------- */

static enum parfun_status answer(struct parfun_partition *part, void *user)
{
    (void)part;
    return *(enum parfun_status *)user;
}

static void a_failure_without_a_reason_says_so(void **state)
{
    enum parfun_status status = PARFUN_NO_MEMORY;
    int y[4] = { 0 };
    struct parfun_function *function = make("answer", "int *y", answer,
            PARFUN_OPTIONS(.clauses = "combine(y)", .user = &status));

    (void)state;
    (void)parfun_fail("an old sentence");
    MUST_FAIL(PARFUN_CALL(function, 4, PARFUN_ARRAY(y)), PARFUN_NO_MEMORY,
            "answer(): the function returned PARFUN_NO_MEMORY and gave no reason");
    status = (enum parfun_status)99;
    MUST_FAIL(PARFUN_CALL(function, 4, PARFUN_ARRAY(y)), PARFUN_FUNCTION_FAILED,
            "answer(): the function returned unknown status and gave no reason");
    status = PARFUN_OK;
    MUST(PARFUN_CALL(function, 4, PARFUN_ARRAY(y)));
    parfun_function_destroy(function);
}

/* ---- Reports ------------------------------------------------------------------------------- */

/* Which of a call's parts fails. */
enum part { NO_PART, BODY, GENERATOR, COMBINER, CANCEL, PARTS };

static enum parfun_status cut_or_fail(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t n = parfun_split_items(split);

    (void)wanted;
    piece->first += piece->count;
    piece->count = n - piece->first < 10 ? n - piece->first : 10;
    return *(enum part *)user == GENERATOR && piece->first == 30
            ? parfun_fail("the generator")
            : PARFUN_OK;
}

static enum parfun_status run_or_fail(struct parfun_partition *part, void *user)
{
    const enum part fails = *(enum part *)user;

    if (fails == CANCEL)
        parfun_cancel(NULL);
    return fails == BODY && parfun_first(part) == 30 ? parfun_fail("the body")
                                                     : PARFUN_OK;
}

static enum parfun_status combine_or_fail(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    (void)combined;
    while (!(status = parfun_next(results, &part)) && part)
        if (*(enum part *)user == COMBINER && parfun_first(part) == 30)
            return parfun_fail("the combiner");
    return status;
}

/* The call's status; *printed is how many bytes went to stderr. */
static enum parfun_status call_and_listen(
        struct parfun_function *function, size_t *printed)
{
    static int x[ITEMS];
    FILE *heard = tmpfile();
    const int saved = dup(STDERR_FILENO);
    enum parfun_status status;
    char result;

    assert_true(heard && saved >= 0);
    assert_int_equal(dup2(fileno(heard), STDERR_FILENO), STDERR_FILENO);
    status = PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_VALUE(&result));
    assert_int_equal(dup2(saved, STDERR_FILENO), STDERR_FILENO);
    *printed = (size_t)lseek(fileno(heard), 0, SEEK_END);
    (void)close(saved);
    (void)fclose(heard);
    return status;
}

static void a_failed_call_writes_no_trace_and_prints_no_profile(void **state)
{
    static const char *const sentences[PARTS] = { "", "the body", "the generator",
        "the combiner", "it was cancelled" };
    const struct parfun_named_generator generators[] = { { "g", cut_or_fail },
        { 0 } };
    enum part fails = NO_PART;
    char folder[256], trace[300];
    size_t printed;
    struct parfun_function *function;

    (void)state;
    assert_int_equal(test_folder_make(folder, sizeof folder), 0);
    (void)snprintf(trace, sizeof trace, "%s/trace.csv", folder);
    function = make("moody", "const int *x, void *result", run_or_fail,
            PARFUN_OPTIONS(.clauses = "split(by(g): x) combine(each(1): result)",
                    .generators = generators, .combiner = combine_or_fail,
                    .user = &fails, .trace_export = trace,
                    .flags = PARFUN_PROFILE));
    for (; fails < PARTS; fails++) {
        const enum parfun_status status = call_and_listen(function, &printed);

        if (fails == NO_PART) {
            MUST(status);
            assert_true(printed > 0);
            assert_int_equal(unlink(trace), 0);
            continue;
        }
        MUST_FAIL(status,
                fails == CANCEL ? PARFUN_CANCELLED : PARFUN_FUNCTION_FAILED,
                sentences[fails]);
        assert_int_equal(printed, 0);
        assert_int_equal(access(trace, F_OK), -1);
    }
    test_folder_remove(folder);
    parfun_function_destroy(function);
}

/* ---- What bodies may not do ------------------------------------------------------------------ */

static struct parfun_function *own;

static enum parfun_status misbehave(struct parfun_partition *part, void *user)
{
    (void)part;
    switch (*(int *)user) {
    case 0:
        return parfun_set_backend("serial");
    case 1:
        return parfun_shutdown();
    case 2:
        return parfun_pop_backend();
    default:
        parfun_function_destroy(own); /* ignored, with a sentence */
        return *parfun_error() ? PARFUN_INVALID : PARFUN_OK;
    }
}

static void a_body_may_not_choose_for_all_nor_shut_down_nor_destroy_itself(
        void **state)
{
    static const char *const sentences[] = {
        "parfun_set_backend(): it was called from inside a parallel function",
        "parfun_shutdown(): it was called from inside a parallel function",
        "parfun_pop_backend(): this thread has pushed no backend",
        "parfun_function_destroy(): misbehave() is under way, and this is inside",
    };
    int what, y[8];

    (void)state;
    own = make("misbehave", "int *y", misbehave,
            PARFUN_OPTIONS(.clauses = "combine(y)", .user = &what,
                    .fixed_partition_size = 1));
    MUST(parfun_push_backend(parfun_backend()));
    for (what = 0; what < 4; what++)
        MUST_FAIL(PARFUN_CALL(own, 8, PARFUN_ARRAY(y)), PARFUN_INVALID,
                sentences[what]);
    MUST(parfun_pop_backend());
    parfun_function_destroy(own);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_failure_in_item_order_reaches_the_caller),
        cmocka_unit_test(what_has_not_begun_is_not_run),
        cmocka_unit_test(what_has_begun_is_waited_for),
        cmocka_unit_test(a_failure_does_not_touch_other_calls),
        cmocka_unit_test(a_failure_without_a_reason_says_so),
        cmocka_unit_test(a_failed_call_writes_no_trace_and_prints_no_profile),
        cmocka_unit_test(
                a_body_may_not_choose_for_all_nor_shut_down_nor_destroy_itself),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
