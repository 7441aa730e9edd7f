/* SPDX-License-Identifier: Apache-2.0 */
/*
 * calls_test.c: threads that call the same functions at once, while others choose
 * backends, set options, look at profiles and shut the library down.  Every result
 * is right, sums have the same bits, and the library has no more threads than it
 * may.  The arguments: how often each thread does something, and the backends to
 * choose from.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/leaks.h"
#include "support/native_kernels.h"
#include "support/tasks.h"
#ifdef WITH_FAKES
#include "support/fake_backend.h"
#endif

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { CALLERS = 4, FUNCTIONS = 16, DRIVERS = 2, MOST_THREADS = 3 };

static unsigned rounds;
static char **selectors;
static unsigned selector_count;
static struct parfun_function *functions[FUNCTIONS];
static _Atomic unsigned done;

/* What went wrong first; cmocka's asserts are for the main thread. */
static char wrong_text[400];
static atomic_flag wrong_taken = ATOMIC_FLAG_INIT;
static atomic_bool wrong;

static void complain(const char *what, const char *text)
{
    if (!atomic_flag_test_and_set(&wrong_taken)) {
        snprintf(wrong_text, sizeof wrong_text, "%s: %s", what, text);
        atomic_store(&wrong, true);
    }
}

static void expect_ok(const char *what, enum parfun_status status)
{
    if (status)
        complain(what, parfun_error());
}

/* ---- What a caller does ---------------------------------------------------------- */

static unsigned draw(unsigned *seed, unsigned end)
{
    *seed = *seed * 1664525u + 1013904223u;
    return (unsigned)((uint64_t)(*seed) * end >> 32);
}

static const char *draw_selector(unsigned *seed)
{
    return selectors[draw(seed, selector_count)];
}

static void call_shared(unsigned *seed)
{
    const unsigned c = draw(seed, test_call_count);
    const size_t items = (1 + draw(seed, 600)) * 8;
    struct parfun_profile profile = { .size = sizeof profile };
    const char *bad = NULL;
    const enum parfun_status status = test_calls[c].run(functions[c], items, &bad);

    expect_ok(test_calls[c].name, status);
    if (bad)
        complain(test_calls[c].name, bad);
    if (!status)
        expect_ok("profile", parfun_get_profile(functions[c], &profile));
}

static void call_in_scope(unsigned *seed)
{
    expect_ok("push", parfun_push_backend(draw_selector(seed)));
    call_shared(seed);
    if (draw(seed, 4)) /* the others are left to the end of the thread */
        expect_ok("pop", parfun_pop_backend());
}

static void call_own(unsigned *seed)
{
    const struct test_call *call = &test_calls[draw(seed, test_call_count)];
    struct parfun_function *function;
    const char *bad = NULL;
    const enum parfun_status status =
            parfun_function_create(call->kernel, NULL, &function);

    expect_ok("create", status);
    if (status)
        return;
    expect_ok(call->name, call->run(function, 96, &bad));
    if (bad)
        complain(call->name, bad);
    parfun_function_destroy(function);
}

static void set_options(unsigned *seed)
{
    const unsigned c = draw(seed, test_call_count);

    expect_ok("options",
            parfun_set_options(functions[c],
                    PARFUN_OPTIONS(.fixed_partition_size = draw(seed, 8) * 96)));
}

static void *call_all(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;

    for (unsigned round = 0, scopes = 0; round < rounds; round++) {
        const unsigned what = draw(&seed, 100);

        if (what < 60)
            call_shared(&seed);
        else if (what < 75 && scopes++ < 100)
            call_in_scope(&seed);
        else if (what < 80)
            call_own(&seed);
        else if (what < 90)
            set_options(&seed);
        else if (what < 98)
            expect_ok("set_backend", parfun_set_backend(draw_selector(&seed)));
        else
            expect_ok("shutdown", parfun_shutdown());
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

static void pause_shortly(void)
{
    nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void run_callers(void *(*run)(void *argument))
{
    pthread_t caller[CALLERS];
    unsigned most = 0;

    atomic_store(&done, 0);
    for (unsigned i = 0; i < CALLERS; i++)
        assert_int_equal(
                pthread_create(&caller[i], NULL, run, (void *)(uintptr_t)(i + 1)),
                0);
    while (atomic_load(&done) < CALLERS) {
        const unsigned now = tasks_of_library();

        most = now > most ? now : most;
        pause_shortly();
    }
    for (unsigned i = 0; i < CALLERS; i++)
        pthread_join(caller[i], NULL);
    if (atomic_load(&wrong))
        fail_msg("%s", wrong_text);
    assert_true(most <= MOST_THREADS - 1 + DRIVERS);
}

/* ---- The tests --------------------------------------------------------------------- */

static void every_call_is_right_whatever_others_do(void **state)
{
    (void)state;
    run_callers(call_all);
}

enum { SUM_ITEMS = 20011 };
static struct parfun_function *summing;
static float sum_x[SUM_ITEMS], sum_y[SUM_ITEMS], sum_wanted;

static float dot(void)
{
    float sum = -1;

    expect_ok("dot",
            PARFUN_CALL(summing, SUM_ITEMS, PARFUN_ARRAY(sum_x),
                    PARFUN_ARRAY(sum_y), PARFUN_VALUE(&sum)));
    return sum;
}

static void *sum_all(void *argument)
{
    unsigned seed = (unsigned)(uintptr_t)argument;

    for (unsigned round = 0; round < rounds / 4; round++) {
        float sum;

        expect_ok("push", parfun_push_backend(draw_selector(&seed)));
        sum = dot();
        if (memcmp(&sum, &sum_wanted, sizeof sum) != 0)
            complain("dot", "the sum has other bits");
        expect_ok("pop", parfun_pop_backend());
        expect_ok("options",
                parfun_set_options(summing,
                        PARFUN_OPTIONS(.fixed_partition_size =
                                               draw(&seed, 3) * 777)));
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

static void sums_have_the_same_bits_under_load(void **state)
{
    (void)state;
    for (size_t i = 0; i < SUM_ITEMS; i++) {
        sum_x[i] = 1 / (float)(i + 3);
        sum_y[i] = (float)(i % 1013) - 400.7f;
    }
    assert_int_equal(
            parfun_function_create(&native_dot, NULL, &summing), PARFUN_OK);
    assert_int_equal(parfun_push_backend("serial"), PARFUN_OK);
    sum_wanted = dot();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    run_callers(sum_all);
    parfun_function_destroy(summing);
}

static void calls_of_kept_arrays_are_right_whatever_others_do(void **state)
{
    (void)state;
    test_calls_keep = true;
    run_callers(call_all);
    test_calls_keep = false;
}

/* All read the one kept array, and each has a part of the other. */
enum { PART = 3001 };
static int kept_in[PART], kept_out[CALLERS * PART];
static struct parfun_function *doubling;

static void double_part(unsigned caller, unsigned *seed)
{
    int *out = kept_out + caller * PART;

    expect_ok("push", parfun_push_backend(draw_selector(seed)));
    expect_ok("twice",
            PARFUN_CALL(doubling, PART, PARFUN_ARRAY(kept_in), PARFUN_ARRAY(out)));
    expect_ok("twice",
            PARFUN_CALL(doubling, PART / 2, PARFUN_ARRAY(out),
                    PARFUN_ARRAY(out + PART / 2 + 1)));
    if (draw(seed, 2))
        expect_ok("update_host", parfun_update_host(kept_out));
    expect_ok("pop", parfun_pop_backend());
}

static void *double_all(void *argument)
{
    const unsigned caller = (unsigned)(uintptr_t)argument - 1;
    unsigned seed = caller + 77;

    for (unsigned round = 0; round < rounds / 4; round++) {
        const int *out = kept_out + caller * PART;

        double_part(caller, &seed);
        expect_ok("update_host", parfun_update_host(kept_out));
        for (int i = 0; i < PART / 2; i++)
            if (out[i] != 2 * i || out[i + PART / 2 + 1] != 4 * i)
                complain("twice", "a part of a kept array is wrong");
    }
    atomic_fetch_add(&done, 1);
    return NULL;
}

static void callers_share_kept_arrays(void **state)
{
    (void)state;
    for (int i = 0; i < PART; i++)
        kept_in[i] = i;
    assert_int_equal(
            parfun_function_create(&native_twice, NULL, &doubling), PARFUN_OK);
    assert_int_equal(parfun_keep(kept_in, sizeof kept_in), PARFUN_OK);
    assert_int_equal(parfun_keep(kept_out, sizeof kept_out), PARFUN_OK);
    run_callers(double_all);
    assert_int_equal(parfun_release(kept_in), PARFUN_OK);
    assert_int_equal(parfun_release(kept_out), PARFUN_OK);
    parfun_function_destroy(doubling);
}

/*
 * Blocked threads are not switched to, however long one looks; but on a busy machine
 * the last ones may still be on their way to sleep when one begins to look.
 */
static bool a_look_sees_no_switch(void)
{
    const unsigned long before = tasks_switches();

    for (unsigned i = 0; i < 25; i++)
        pause_shortly();
    return !tasks_awake() && tasks_switches() == before;
}

static void idle_threads_do_not_run(void **state)
{
    bool quiet = false;

    (void)state;
    for (unsigned s = 0; s < selector_count; s++) {
        assert_int_equal(parfun_set_backend(selectors[s]), PARFUN_OK);
        for (unsigned c = 0; c < test_call_count; c++) {
            const char *bad = NULL;

            assert_int_equal(
                    test_calls[c].run(functions[c], 4800, &bad), PARFUN_OK);
        }
    }
    for (unsigned look = 0; look < 20 && !quiet; look++)
        quiet = a_look_sees_no_switch();
    assert_true(quiet);
}

static void a_shutdown_leaves_no_thread(void **state)
{
    (void)state;
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    assert_int_equal(tasks_of_library(), 0);
}

static int set_up(void **state)
{
    (void)state;
#ifdef WITH_FAKES
    fake_set_devices((const struct fake_device[]){ { .lanes = 2 }, { .lanes = 3 } },
            DRIVERS);
#endif
    for (unsigned c = 0; c < test_call_count; c++)
        if (parfun_function_create(test_calls[c].kernel, NULL, &functions[c]))
            return -1;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        parfun_function_destroy(functions[c]);
#ifdef WITH_FAKES
    if (fake_live() || fake_breach())
        return -1;
#endif
    return 0;
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_call_is_right_whatever_others_do),
        cmocka_unit_test(sums_have_the_same_bits_under_load),
        cmocka_unit_test(calls_of_kept_arrays_are_right_whatever_others_do),
        cmocka_unit_test(callers_share_kept_arrays),
        cmocka_unit_test(idle_threads_do_not_run),
        cmocka_unit_test(a_shutdown_leaves_no_thread),
    };

    rounds = (unsigned)strtoul(arguments[1], NULL, 10);
    selectors = arguments + 2;
    selector_count = (unsigned)count - 2;
    return without_leaks(
            cmocka_run_group_tests_name("stress", tests, set_up, tear_down));
}
