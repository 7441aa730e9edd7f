/* SPDX-License-Identifier: Apache-2.0 */
/* running_test.c: calls that run beside their caller. */
#include "functions/functions.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <time.h>

enum { ITEMS = 500 };

static int x[ITEMS], y[ITEMS];
static _Atomic size_t ran;

static enum parfun_status double_up(struct parfun_partition *part, void *user)
{
    const int *in = parfun_argument(part, "x");
    int *out = parfun_argument(part, "y");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        if (in[i] < 0)
            return parfun_fail("item %zu is negative", parfun_first(part) + i);
        out[i] = 2 * in[i];
    }
    (void)atomic_fetch_add(&ran, 1);
    return PARFUN_OK;
}

static struct parfun_function *make_doubling(void)
{
    for (int i = 0; i < ITEMS; i++)
        x[i] = i, y[i] = -1;
    atomic_store(&ran, 0);
    return make("double_up", "const int *x, int *y", double_up,
            PARFUN_OPTIONS(.clauses = "split(x) combine(y)",
                    .fixed_partition_size = 10));
}

#define START(function, items, running, ...)                                  \
    parfun_start((function), (items), (struct parfun_value[]){ __VA_ARGS__ }, \
            sizeof((struct parfun_value[]){ __VA_ARGS__ })                    \
                    / sizeof(struct parfun_value),                            \
            (running))

static void a_started_call_is_finished_with_its_status(void **state)
{
    struct parfun_function *function = make_doubling();
    struct parfun_running *running = NULL;

    (void)state;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    assert_null(parfun_results(running));
    MUST(parfun_finish(running));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 2 * i);
    x[77] = -1;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    MUST_FAIL(parfun_finish(running), PARFUN_FUNCTION_FAILED,
            "double_up(): item 77 is negative");
    MUST(START(function, 0, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    MUST(parfun_finish(running));
    running = NULL;
    MUST_FAIL(START(function, ITEMS, &running, PARFUN_ARRAY(x)), PARFUN_INVALID,
            "double_up(): 1 values were given");
    assert_null(running);
    parfun_function_destroy(function);
}

static void a_started_call_runs_beside_its_caller(void **state)
{
    struct parfun_function *function = make_doubling();
    struct parfun_running *running = NULL;

    (void)state;
    MUST(parfun_push_backend("threads:3"));
    for (unsigned planned = 0; planned < 2; planned++) {
        MUST(parfun_set_options(function,
                PARFUN_OPTIONS(.clauses = "split(x) combine(y)",
                        .fixed_partition_size = planned ? 0 : 10)));
        atomic_store(&ran, 0);
        MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
        while (!atomic_load(&ran))
            sched_yield();
        MUST(parfun_finish(running));
    }
    MUST(parfun_pop_backend());
    parfun_function_destroy(function);
}

static void several_calls_are_started_at_once(void **state)
{
    static int result[4][ITEMS];
    struct parfun_function *function = make_doubling();
    struct parfun_running *running[4];

    (void)state;
    for (unsigned r = 0; r < 4; r++)
        MUST(START(function, ITEMS, &running[r], PARFUN_ARRAY(x),
                PARFUN_ARRAY(result[r])));
    for (unsigned r = 4; r-- > 0;)
        MUST(parfun_finish(running[r]));
    for (unsigned r = 0; r < 4; r++)
        assert_int_equal(result[r][ITEMS - 1], 2 * (ITEMS - 1));
    parfun_function_destroy(function);
}

static void *finish_elsewhere(void *running)
{
    return (void *)(uintptr_t)parfun_finish(running);
}

static void another_thread_may_finish_a_call(void **state)
{
    struct parfun_function *function = make_doubling();
    struct parfun_running *running = NULL;
    pthread_t other;
    void *status = &other;

    (void)state;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    assert_int_equal(pthread_create(&other, NULL, finish_elsewhere, running), 0);
    assert_int_equal(pthread_join(other, &status), 0);
    assert_null(status);
    parfun_function_destroy(function);
}

static void a_started_call_keeps_the_choice_it_began_with(void **state)
{
    struct parfun_function *function = make_doubling();
    struct parfun_running *running = NULL;

    (void)state;
    MUST(parfun_push_backend("threads:2"));
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    MUST(parfun_pop_backend());
    MUST(parfun_push_backend("serial"));
    MUST(parfun_finish(running));
    MUST(parfun_pop_backend());
    assert_int_equal(y[ITEMS - 1], 2 * (ITEMS - 1));
    parfun_function_destroy(function);
}

static void a_started_call_must_be_finished_before_a_shutdown(void **state)
{
    struct parfun_function *function = make_doubling();
    struct parfun_running *running = NULL;

    (void)state;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    MUST_FAIL(parfun_shutdown(), PARFUN_INVALID,
            "parfun_shutdown(): this thread has started calls");
    parfun_function_destroy(function); /* ignored, with a sentence */
    assert_non_null(strstr(parfun_error(),
            "double_up() is under way, and this thread has started calls"));
    MUST(parfun_finish(running));
    parfun_function_destroy(function);
    MUST_FAIL(parfun_finish(NULL), PARFUN_INVALID, "`running` is NULL");
}

/* ---- Results --------------------------------------------------------------------------------- */

static enum parfun_status square(struct parfun_partition *part, void *user)
{
    const int *in = parfun_argument(part, "x");
    long *sum = parfun_argument(part, "sum");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        *sum += (long)in[i] * in[i];
    (void)atomic_fetch_add(&ran, 1);
    return PARFUN_OK;
}

static struct parfun_function *make_squaring(size_t size)
{
    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    atomic_store(&ran, 0);
    return make("square", "const int *x, long *sum", square,
            PARFUN_OPTIONS(.clauses = "split(x) combine(each(1): sum)",
                    .fixed_partition_size = size));
}

#define UNUSED ((struct parfun_value){ NULL, sizeof(long), 0 })

static void results_are_taken_in_order_as_they_come(void **state)
{
    struct parfun_function *function = make_squaring(7);
    struct parfun_running *running = NULL;
    struct parfun_partition *part;
    size_t next = 0;

    (void)state;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), UNUSED));
    for (;;) {
        long wanted = 0;

        MUST(parfun_next(parfun_results(running), &part));
        if (!part)
            break;
        assert_int_equal(parfun_first(part), next);
        for (size_t i = 0; i < parfun_items(part); i++)
            wanted += (long)(next + i) * (long)(next + i);
        assert_int_equal(*(long *)parfun_argument(part, "sum"), wanted);
        next += parfun_items(part);
    }
    assert_int_equal(next, ITEMS);
    MUST(parfun_next(parfun_results(running), &part)); /* and none again */
    assert_null(part);
    MUST(parfun_finish(running));
    parfun_function_destroy(function);
}

static void results_that_are_not_taken_are_dropped(void **state)
{
    struct parfun_function *function = make_squaring(1);
    struct parfun_running *running = NULL;
    struct parfun_partition *part;

    (void)state;
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), UNUSED));
    MUST(parfun_next(parfun_results(running), &part));
    assert_non_null(part);
    MUST(parfun_finish(running));
    assert_int_equal(atomic_load(&ran), ITEMS);
    MUST(START(function, 0, &running, PARFUN_ARRAY(x), UNUSED));
    MUST(parfun_next(parfun_results(running), &part));
    assert_null(part);
    MUST(parfun_finish(running));
    parfun_function_destroy(function);
}

/* ---- Cancel ----------------------------------------------------------------------------------- */

static void a_started_call_is_cancelled_alone(void **state)
{
    struct parfun_function *function = make_squaring(1);
    struct parfun_function *other = make_doubling();
    struct parfun_running *running = NULL, *beside = NULL;

    (void)state;
    /* nobody takes results, so that it can not end by itself */
    MUST(START(function, ITEMS, &running, PARFUN_ARRAY(x), UNUSED));
    MUST(START(other, ITEMS, &beside, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    parfun_cancel(running);
    MUST_FAIL(parfun_finish(running), PARFUN_CANCELLED,
            "square(): it was cancelled by parfun_cancel()");
    assert_in_range(atomic_load(&ran), 0, ITEMS - 1 + ITEMS / 10);
    MUST(parfun_finish(beside));
    parfun_function_destroy(other);
    parfun_function_destroy(function);
}

/* ---- Inside other calls ------------------------------------------------------------------------ */

static struct parfun_function *doubling;
static struct parfun_running *left_running;

static enum parfun_status start_another(struct parfun_partition *part, void *user)
{
    (void)part, (void)user;
    return START(doubling, ITEMS, &left_running, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
}

static void a_call_may_outlive_the_one_that_it_was_started_in(void **state)
{
    static int z[1];
    struct parfun_function *starting = make("start_another", "const int *z",
            start_another, PARFUN_OPTIONS(.clauses = "split(z)", .timeout_s = 0.2));

    (void)state;
    doubling = make_doubling();
    MUST(PARFUN_CALL(starting, 1, PARFUN_ARRAY(z)));
    parfun_function_destroy(starting);
    /* when the time of the one that has ended would be over */
    nanosleep(&(struct timespec){ .tv_nsec = 300000000 }, NULL);
    MUST(parfun_finish(left_running));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 2 * i);
    parfun_function_destroy(doubling);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_started_call_is_finished_with_its_status),
        cmocka_unit_test(a_started_call_runs_beside_its_caller),
        cmocka_unit_test(several_calls_are_started_at_once),
        cmocka_unit_test(another_thread_may_finish_a_call),
        cmocka_unit_test(a_started_call_keeps_the_choice_it_began_with),
        cmocka_unit_test(a_started_call_must_be_finished_before_a_shutdown),
        cmocka_unit_test(results_are_taken_in_order_as_they_come),
        cmocka_unit_test(results_that_are_not_taken_are_dropped),
        cmocka_unit_test(a_started_call_is_cancelled_alone),
        cmocka_unit_test(a_call_may_outlive_the_one_that_it_was_started_in),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
