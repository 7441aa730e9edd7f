/* SPDX-License-Identifier: Apache-2.0 */
/* nesting_test.c: parallel functions inside parallel functions, and many callers. */
#include "functions/functions.h"
#include "support/tasks.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

enum { OUTER = 20, INNER = 50, DEEP = 5, CALLERS = 20, CALLS = 10, THREADS = 3 };

/* ---- Sums of sums ------------------------------------------------------------------------ */

static struct parfun_function *inner;

static enum parfun_status copy(struct parfun_partition *part, void *user)
{
    const long *x = parfun_argument(part, "x");
    long *sum = parfun_argument(part, "sum");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        sum[i] = x[i];
    return PARFUN_OK;
}

static enum parfun_status add_rows(struct parfun_partition *part, void *user)
{
    const long *row = parfun_argument(part, "row");
    long *sum = parfun_argument(part, "sum");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        const enum parfun_status status = PARFUN_CALL(
                inner, INNER, PARFUN_ARRAY(row + i * INNER), PARFUN_VALUE(&sum[i]));

        if (status)
            return status;
    }
    return PARFUN_OK;
}

static void make_inner(size_t size)
{
    inner = make("add", "const long *x, long *sum", copy,
            PARFUN_OPTIONS(.clauses = "split(x) combine(sum: sum)",
                    .fixed_partition_size = size));
}

static struct parfun_function *make_outer(size_t size)
{
    return make("add_rows", "const long *row, long *sum", add_rows,
            PARFUN_OPTIONS(.clauses = "split(rows(50): row) combine(sum: sum)",
                    .fixed_partition_size = size));
}

static long matrix[OUTER * INNER];
static const long total = (long)OUTER * INNER * (OUTER * INNER - 1) / 2;

static void functions_call_functions(void **state)
{
    static const size_t sizes[] = { 0, 1, 7 };

    (void)state;
    for (long i = 0; i < OUTER * INNER; i++)
        matrix[i] = i;
    for (unsigned o = 0; o < 3; o++)
        for (unsigned i = 0; i < 3; i++) {
            struct parfun_function *outer = make_outer(sizes[o]);
            long sum = 0;

            make_inner(sizes[i]);
            for (unsigned again = 0; again < 5; again++) {
                MUST(PARFUN_CALL(
                        outer, OUTER, PARFUN_ARRAY(matrix), PARFUN_VALUE(&sum)));
                assert_int_equal(sum, total);
            }
            parfun_function_destroy(inner);
            parfun_function_destroy(outer);
        }
}

static struct parfun_function *tree;

/* A tree of two branches, DEEP levels high: counts its leaves. */
static enum parfun_status grow(struct parfun_partition *part, void *user)
{
    const int *level = parfun_argument(part, "level");
    long *leaves = parfun_argument(part, "leaves");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        int below = *level - 1;

        leaves[i] = 1;
        if (*level > 0) {
            const enum parfun_status status = PARFUN_CALL(
                    tree, 2, PARFUN_VALUE(&below), PARFUN_VALUE(&leaves[i]));

            if (status)
                return status;
        }
    }
    return PARFUN_OK;
}

static void calls_nest_to_any_depth(void **state)
{
    int level = DEEP;
    long leaves = 0;

    (void)state;
    tree = make("grow", "int level, long *leaves", grow,
            PARFUN_OPTIONS(.clauses = "combine(sum: leaves)",
                    .fixed_partition_size = 1));
    MUST(PARFUN_CALL(tree, 2, PARFUN_VALUE(&level), PARFUN_VALUE(&leaves)));
    assert_int_equal(leaves, 2 << DEEP);
    parfun_function_destroy(tree);
}

static enum parfun_status fail_inside(struct parfun_partition *part, void *user)
{
    (void)user;
    return parfun_first(part) == 3 ? parfun_fail("no third") : PARFUN_OK;
}

static void a_failure_inside_tells_its_way(void **state)
{
    struct parfun_function *outer = make_outer(1);
    long sum = 0;

    (void)state;
    inner = make("third", "const long *x, long *sum", fail_inside,
            PARFUN_OPTIONS(.clauses = "split(x) combine(sum: sum)",
                    .fixed_partition_size = 1));
    MUST_FAIL(PARFUN_CALL(outer, OUTER, PARFUN_ARRAY(matrix), PARFUN_VALUE(&sum)),
            PARFUN_FUNCTION_FAILED, "add_rows(): third(): no third");
    parfun_function_destroy(inner);
    parfun_function_destroy(outer);
}

/* ---- Backends ----------------------------------------------------------------------------- */

static _Atomic unsigned wrong;

static enum parfun_status look_around(struct parfun_partition *part, void *user)
{
    (void)part;
    if (strcmp(parfun_backend(), user) != 0)
        (void)atomic_fetch_add(&wrong, 1);
    if (parfun_push_backend("serial"))
        return PARFUN_INVALID;
    if (strcmp(parfun_backend(), "serial") != 0)
        (void)atomic_fetch_add(&wrong, 1);
    return PARFUN_OK; /* and leaves the scope open */
}

static void workers_inherit_the_calls_choice(void **state)
{
    static const char *const choices[] = { "threads:2", "threads:3", "serial" };
    char y[1], before[200];

    (void)state;
    snprintf(before, sizeof before, "%s", parfun_backend());
    atomic_store(&wrong, 0);
    for (unsigned c = 0; c < 3; c++) {
        struct parfun_function *function = make("look", "char *y", look_around,
                PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                        .fixed_partition_size = 1,
                        .user = (void *)(uintptr_t)choices[c]));

        MUST(parfun_push_backend(choices[c]));
        MUST(PARFUN_CALL(function, 50, PARFUN_COUNTED(y, 1)));
        assert_string_equal(parfun_backend(), choices[c]);
        MUST(parfun_pop_backend());
        parfun_function_destroy(function);
    }
    assert_int_equal(atomic_load(&wrong), 0);
    assert_string_equal(parfun_backend(), before);
}

static enum parfun_status fail_in_a_scope(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    return parfun_push_backend("serial") ? PARFUN_INVALID
                                         : parfun_fail("inside a scope");
}

static void a_scope_that_a_failing_body_leaves_open_is_closed(void **state)
{
    char y[1], before[200];
    struct parfun_function *function = make("fail", "char *y", fail_in_a_scope,
            PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                    .fixed_partition_size = 1));

    (void)state;
    snprintf(before, sizeof before, "%s", parfun_backend());
    MUST(parfun_push_backend("threads:2"));
    MUST_FAIL(PARFUN_CALL(function, 50, PARFUN_COUNTED(y, 1)),
            PARFUN_FUNCTION_FAILED, "inside a scope");
    assert_string_equal(parfun_backend(), "threads:2");
    MUST(parfun_pop_backend());
    assert_string_equal(parfun_backend(), before);
    MUST_FAIL(parfun_pop_backend(), PARFUN_INVALID, "has pushed no backend");
    parfun_function_destroy(function);
}

/* ---- Many callers --------------------------------------------------------------------------- */

static void *call_often(void *data)
{
    struct parfun_function *outer = data;

    for (unsigned c = 0; c < CALLS; c++) {
        long sum = 0;

        if (PARFUN_CALL(outer, OUTER, PARFUN_ARRAY(matrix), PARFUN_VALUE(&sum))
                || sum != total)
            (void)atomic_fetch_add(&wrong, 1);
    }
    return NULL;
}

static void twenty_threads_and_two_hundred_calls_share_the_workers(void **state)
{
    struct parfun_function *outer = make_outer(1);
    pthread_t caller[CALLERS];

    (void)state;
    atomic_store(&wrong, 0);
    make_inner(10);
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&caller[i], NULL, call_often, outer), 0);
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_join(caller[i], NULL), 0);
    assert_int_equal(atomic_load(&wrong), 0);
    parfun_function_destroy(inner);
    parfun_function_destroy(outer);
}

/* The library has been shut down: no threads of earlier tests are there. */
static void callers_share_one_less_than_threads_however_many_they_are(void **state)
{
    struct parfun_function *outer = make_outer(1);
    pthread_t caller[CALLERS];

    (void)state;
    assert_int_equal(setenv("PARFUN_NUM_THREADS", "3", 1), 0);
    MUST(parfun_set_backend("threads"));
    make_inner(10);
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_create(&caller[i], NULL, call_often, outer), 0);
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(pthread_join(caller[i], NULL), 0);
    assert_in_range(tasks_of_library(), 0, THREADS - 1);
    parfun_function_destroy(inner);
    parfun_function_destroy(outer);
    assert_int_equal(unsetenv("PARFUN_NUM_THREADS"), 0);
    MUST(parfun_shutdown());
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_call_functions),
        cmocka_unit_test(calls_nest_to_any_depth),
        cmocka_unit_test(a_failure_inside_tells_its_way),
        cmocka_unit_test(workers_inherit_the_calls_choice),
        cmocka_unit_test(a_scope_that_a_failing_body_leaves_open_is_closed),
        cmocka_unit_test(twenty_threads_and_two_hundred_calls_share_the_workers),
    };
    const struct CMUnitTest once[] = {
        cmocka_unit_test(callers_share_one_less_than_threads_however_many_they_are),
    };
    const int failures = RUN_ON_BACKENDS(argc, argv, tests);

    return failures + cmocka_run_group_tests_name("once", once, NULL, NULL);
}
