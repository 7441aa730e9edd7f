/* SPDX-License-Identifier: Apache-2.0 */
/*
 * alone_test.c: the only device of a call hangs.  Nobody else can run what it has in
 * hand, but the call ends: at its time limit, or when a device whose speed is known
 * has taken far too long.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include "runtime/base/clock.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 960, SIZE = 96 };

static const struct fake_failure hang = {
    .device = 0, .call = FAKE_LAUNCH, .hangs = true
};

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void run(const struct test_call *call, struct parfun_function *function)
{
    const char *wrong;

    must(call->run(function, ITEMS, &wrong));
    if (wrong)
        fail_msg("%s: %s", call->name, wrong);
}

static void begin(void)
{
    fake_set_devices(
            (const struct fake_device[]){ { .seconds_per_item = 1e-9 } }, 1);
    must(parfun_set_backend("fake"));
}

static int end(void **state)
{
    (void)state;
    must(parfun_shutdown());
    fake_wake();
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
    return unsetenv("PARFUN_HANG_LIMIT");
}

static void a_call_ends_at_its_time_limit(void **state)
{
    const struct parfun_options *limited =
            PARFUN_OPTIONS(.fixed_partition_size = SIZE, .timeout_s = 0.1);
    struct parfun_function *function;

    (void)state;
    begin();
    for (unsigned c = 0; c < test_call_count; c++) {
        const struct test_call *call = &test_calls[c];
        const char *wrong = NULL;

        must(parfun_function_create(call->kernel, limited, &function));
        fake_fail(&hang);
        assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_TIMED_OUT);
        if (wrong)
            fail_msg("%s: %s", call->name, wrong);
        must(parfun_set_options(
                function, PARFUN_OPTIONS(.fixed_partition_size = SIZE)));
        fake_wake();
        run(call, function); /* it is back */
        parfun_function_destroy(function);
    }
}

static void nothing_is_written_after_a_call_has_timed_out(void **state)
{
    static int x[ITEMS], y[ITEMS];
    struct parfun_function *function;

    (void)state;
    begin();
    must(parfun_function_create(
            &native_twice, PARFUN_OPTIONS(.timeout_s = 0.1), &function));
    for (int i = 0; i < ITEMS; i++)
        x[i] = i + 1;
    fake_fail(&hang);
    assert_int_equal(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
            PARFUN_TIMED_OUT);
    memset(y, 7, sizeof y);
    fake_wake();
    parfun_function_destroy(function);
    must(parfun_shutdown()); /* all that it ever does is done */
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 0x07070707);
}

static void a_device_that_should_be_done_long_ago_is_given_up(void **state)
{
    const struct test_call *call = &test_calls[0];
    struct parfun_function *function;
    const char *wrong = NULL;

    (void)state;
    assert_int_equal(setenv("PARFUN_HANG_LIMIT", "1", 1), 0);
    begin();
    must(parfun_function_create(
            call->kernel, PARFUN_OPTIONS(.fixed_partition_size = SIZE), &function));
    for (int i = 0; i < 3; i++)
        run(call, function); /* what it takes is known now */
    fake_fail(&hang);
    assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_DEVICE_FAILED);
    assert_null(wrong);
    assert_non_null(strstr(parfun_error(), "hangs"));
    assert_non_null(strstr(parfun_error(), "PARFUN_HANG_LIMIT"));
    assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_DEVICE_FAILED);
    assert_non_null(strstr(parfun_error(), "has failed before"));
    must(parfun_set_backend("threads:1"));
    run(call, function);
    parfun_function_destroy(function);
}

/* ---- Soon ------------------------------------------------------------------------- */

static const double SOON_S = 2; /* on a busy machine; it is 0.2 s on an idle one */

static double seconds_since(uint64_t begin_ns)
{
    return 1e-9 * (double)(pf_clock_ns() - begin_ns);
}

/* What an earlier one left behind there is waited for no longer. */
static void a_call_behind_a_hung_one_ends_at_its_own_limit(void **state)
{
    const struct test_call *call = &test_calls[0];
    struct parfun_function *function;
    const char *wrong = NULL;
    uint64_t begin_ns;

    (void)state;
    begin();
    must(parfun_function_create(call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = SIZE, .timeout_s = 0.1),
            &function));
    fake_fail(&hang);
    assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_TIMED_OUT);
    begin_ns = pf_clock_ns();
    assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_TIMED_OUT);
    assert_true(seconds_since(begin_ns) < SOON_S);
    assert_non_null(strstr(parfun_error(), "timeout_s"));
    assert_null(wrong);
    parfun_function_destroy(function);
}

static bool go_on;

static bool decline(size_t done, size_t items, void *user)
{
    (void)done, (void)items, (void)user;
    return go_on;
}

static void a_progress_function_ends_a_call_on_a_hung_device(void **state)
{
    const struct test_call *call = &test_calls[0];
    struct parfun_function *function;
    const char *wrong = NULL;

    (void)state;
    begin();
    must(parfun_function_create(call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = SIZE, .progress = decline),
            &function));
    go_on = false;
    fake_fail(&hang);
    for (unsigned again = 0; again < 2; again++) { /* hangs; is behind it */
        const uint64_t begin_ns = pf_clock_ns();

        assert_int_equal(call->run(function, ITEMS, &wrong), PARFUN_CANCELLED);
        assert_true(seconds_since(begin_ns) < SOON_S);
        assert_non_null(strstr(parfun_error(), "progress function"));
    }
    assert_null(wrong);
    go_on = true;
    fake_wake();
    run(call, function);
    parfun_function_destroy(function);
}

static void a_call_that_needs_kept_memory_of_a_hung_device_ends_at_its_limit(
        void **state)
{
    static float x[SIZE], y[SIZE], kept[SIZE];
    const float a = 2;
    struct parfun_function *saxpy;

    (void)state;
    begin();
    for (int i = 0; i < SIZE; i++)
        x[i] = (float)i;
    must(parfun_function_create(&native_saxpy, NULL, &saxpy));
    must(parfun_keep(kept, sizeof kept));
    must(PARFUN_CALL(saxpy, SIZE, PARFUN_VALUE(&a), PARFUN_ARRAY(x),
            PARFUN_ARRAY(kept))); /* the device alone has the newest values */
    must(parfun_set_options(saxpy, PARFUN_OPTIONS(.timeout_s = 0.1)));
    fake_fail(&hang);
    assert_int_equal(PARFUN_CALL(saxpy, SIZE, PARFUN_VALUE(&a), PARFUN_ARRAY(x),
                             PARFUN_ARRAY(y)),
            PARFUN_TIMED_OUT);
    must(parfun_set_backend("threads:1"));
    assert_int_equal(PARFUN_CALL(saxpy, SIZE, PARFUN_VALUE(&a), PARFUN_ARRAY(x),
                             PARFUN_ARRAY(kept)),
            PARFUN_TIMED_OUT);
    assert_string_equal(parfun_error(),
            "saxpy(): it took longer than its limit, timeout_s, of 0.1 s");
    fake_wake();
    must(parfun_set_options(saxpy, NULL));
    must(PARFUN_CALL(
            saxpy, SIZE, PARFUN_VALUE(&a), PARFUN_ARRAY(x), PARFUN_ARRAY(kept)));
    for (int i = 0; i < SIZE; i++)
        assert_true(kept[i] == 4 * x[i]);
    must(parfun_release(kept));
    parfun_function_destroy(saxpy);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_call_ends_at_its_time_limit, end),
        cmocka_unit_test_teardown(
                nothing_is_written_after_a_call_has_timed_out, end),
        cmocka_unit_test_teardown(
                a_device_that_should_be_done_long_ago_is_given_up, end),
        cmocka_unit_test_teardown(
                a_call_behind_a_hung_one_ends_at_its_own_limit, end),
        cmocka_unit_test_teardown(
                a_progress_function_ends_a_call_on_a_hung_device, end),
        cmocka_unit_test_teardown(
                a_call_that_needs_kept_memory_of_a_hung_device_ends_at_its_limit,
                end),
    };
    return cmocka_run_group_tests_name("fault.alone", tests, NULL, NULL);
}
