/* SPDX-License-Identifier: Apache-2.0 */
/*
 * answer_test.c: a device no longer answers, whatever was asked of it.  A call with a
 * limit ends there, and the device reaches no memory of the caller's afterwards.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include "runtime/base/clock.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 960, SIZE = 240 };

static const double LIMIT_S = 0.02;
static const double SOON_S = 5; /* on a busy machine; it is 0.1 s on an idle one */

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void begin(const struct fake_device *like, const char *selector)
{
    fake_set_devices(like, 1);
    must(parfun_set_backend(selector));
}

static int end(void **state)
{
    (void)state;
    fake_wake();
    must(parfun_shutdown());
    fake_wake();
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
    return unsetenv("PARFUN_HANG_LIMIT");
}

static void hang_at(enum fake_call operation, unsigned nth)
{
    fake_fail(&(struct fake_failure){
            .device = 0, .call = operation, .nth = nth, .hangs = true });
}

static double seconds_since(uint64_t begin_ns)
{
    return 1e-9 * (double)(pf_clock_ns() - begin_ns);
}

/* ---- Calls ------------------------------------------------------------------------ */

static void end_at_the_limit(const struct test_call *call,
        const struct fake_device *like, const char *selector,
        enum fake_call operation, unsigned nth)
{
    struct parfun_function *function;
    const char *wrong = NULL;
    enum parfun_status status;
    uint64_t begin_ns;

    begin(like, selector);
    must(parfun_function_create(call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = SIZE, .timeout_s = LIMIT_S),
            &function));
    hang_at(operation, nth);
    begin_ns = pf_clock_ns();
    status = call->run(function, ITEMS, &wrong);
    if (status && status != PARFUN_TIMED_OUT)
        fail_msg("%s on %s: %s", call->name, selector, parfun_error());
    if (wrong)
        fail_msg("%s on %s: %s", call->name, selector, wrong);
    assert_true(seconds_since(begin_ns) < SOON_S);
    fake_wake(); /* what it has left over is done now, or never */
    must(parfun_set_options(
            function, PARFUN_OPTIONS(.fixed_partition_size = SIZE)));
    must(call->run(function, ITEMS, &wrong));
    if (wrong)
        fail_msg("%s on %s, again: %s", call->name, selector, wrong);
    parfun_function_destroy(function);
    (void)end(NULL);
}

static void a_call_ends_at_its_limit_wherever_its_device_hangs(void **state)
{
    static const enum fake_call operations[] = { FAKE_WRITE, FAKE_LAUNCH,
        FAKE_READ };
    const struct fake_device apart = { .lanes = 2 }, stiff = { .no_offsets = true };

    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        for (unsigned o = 0; o < 3; o++) {
            end_at_the_limit(&test_calls[c], &apart, "fake", operations[o], 0);
            end_at_the_limit(&test_calls[c], &stiff, "fake", operations[o], 2);
        }
}

static void a_call_on_a_device_that_shares_memory_ends_at_its_limit(void **state)
{
    const struct fake_device shared = { .lanes = 2, .shared_memory = true };

    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        end_at_the_limit(&test_calls[c], &shared, "fake", FAKE_LAUNCH, 0);
}

static void the_callers_memory_is_its_own_after_a_call_has_ended(
        enum fake_call operation)
{
    struct parfun_function *function;
    int *const x = calloc(ITEMS, sizeof *x), *const y = calloc(ITEMS, sizeof *y);

    assert_true(x && y);
    begin(&(struct fake_device){ .lanes = 2, .shared_memory = true }, "fake");
    must(parfun_function_create(&native_twice,
            PARFUN_OPTIONS(.fixed_partition_size = ITEMS, .timeout_s = LIMIT_S),
            &function));
    hang_at(operation, 0);
    assert_int_equal(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
            PARFUN_TIMED_OUT);
    free(x); /* address sanitizers see who reads it */
    memset(y, 7, ITEMS * sizeof *y);
    fake_wake();
    must(parfun_shutdown()); /* all that the device ever does is done */
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 0x07070707);
    free(y);
    parfun_function_destroy(function);
    (void)end(NULL);
}

static void nothing_is_read_or_written_after_a_call_has_ended(void **state)
{
    (void)state;
    the_callers_memory_is_its_own_after_a_call_has_ended(FAKE_WRITE);
    the_callers_memory_is_its_own_after_a_call_has_ended(FAKE_LAUNCH);
    the_callers_memory_is_its_own_after_a_call_has_ended(FAKE_READ);
}

/* ---- A device in use by another call ------------------------------------------------ */

static void *call_without_limit(void *function)
{
    static int x[ITEMS], y[ITEMS];

    return (void *)(uintptr_t)PARFUN_CALL((struct parfun_function *)function, ITEMS,
            PARFUN_ARRAY(x), PARFUN_ARRAY(y));
}

static void a_call_waits_for_anothers_device_no_longer_than_its_limit(void **state)
{
    static int x[ITEMS], y[ITEMS];
    struct parfun_function *limited, *unlimited;
    void *status;
    pthread_t other;

    (void)state;
    begin(&(struct fake_device){ .lanes = 1 }, "fake");
    must(parfun_function_create(&native_twice, NULL, &unlimited));
    must(parfun_function_create(
            &native_twice, PARFUN_OPTIONS(.timeout_s = LIMIT_S), &limited));
    hang_at(FAKE_READ, 0); /* into the caller's memory: it is waited for */
    assert_int_equal(
            pthread_create(&other, NULL, call_without_limit, unlimited), 0);
    while (!fake_count(0, FAKE_READ))
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
    assert_int_equal(PARFUN_CALL(limited, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
            PARFUN_TIMED_OUT);
    fake_wake();
    assert_int_equal(pthread_join(other, &status), 0);
    assert_int_equal((uintptr_t)status, PARFUN_OK);
    parfun_function_destroy(limited);
    parfun_function_destroy(unlimited);
}

/* ---- Kept memory -------------------------------------------------------------------- */

static int in[ITEMS], kept[ITEMS];

/* The device alone has the newest values of `kept`. */
static void keep_on_the_device(struct parfun_function **twice)
{
    begin(&(struct fake_device){ .lanes = 2 }, "fake");
    for (int i = 0; i < ITEMS; i++)
        in[i] = i;
    must(parfun_function_create(&native_twice, NULL, twice));
    must(parfun_keep(kept, sizeof kept));
    must(PARFUN_CALL(*twice, ITEMS, PARFUN_ARRAY(in), PARFUN_ARRAY(kept)));
}

static void a_call_that_needs_what_a_device_keeps_ends_at_its_limit(void **state)
{
    static int out[ITEMS];
    struct parfun_function *twice;

    (void)state;
    keep_on_the_device(&twice);
    must(parfun_set_backend("threads:1"));
    must(parfun_set_options(twice, PARFUN_OPTIONS(.timeout_s = LIMIT_S)));
    hang_at(FAKE_READ, 0);
    for (int again = 0; again < 2; again++) /* hangs; is behind it */
        assert_int_equal(
                PARFUN_CALL(twice, ITEMS, PARFUN_ARRAY(kept), PARFUN_ARRAY(out)),
                PARFUN_TIMED_OUT);
    fake_wake();
    must(parfun_set_options(twice, NULL));
    must(PARFUN_CALL(twice, ITEMS, PARFUN_ARRAY(kept), PARFUN_ARRAY(out)));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(out[i], 4 * i);
    must(parfun_release(kept));
    parfun_function_destroy(twice);
}

static void what_a_device_keeps_is_lost_when_it_never_answers(void **state)
{
    struct parfun_function *twice;

    (void)state;
    assert_int_equal(setenv("PARFUN_HANG_LIMIT", "1", 1), 0);
    keep_on_the_device(&twice);
    hang_at(FAKE_READ, 0);
    memset(kept, 7, sizeof kept);
    assert_int_equal(parfun_update_host(kept), PARFUN_DEVICE_FAILED);
    assert_non_null(strstr(parfun_error(), "newest values"));
    assert_int_equal(parfun_update_host(kept), PARFUN_DEVICE_FAILED);
    fake_wake();
    must(parfun_shutdown());
    fake_wake(); /* all that the device ever does is done */
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(kept[i], 0x07070707);
    must(parfun_release(kept));
    parfun_function_destroy(twice);
}

static void a_shutdown_ends_though_what_a_device_keeps_does_not_come(void **state)
{
    struct parfun_function *twice;

    (void)state;
    assert_int_equal(setenv("PARFUN_HANG_LIMIT", "1", 1), 0);
    keep_on_the_device(&twice);
    hang_at(FAKE_READ, 0);
    must(parfun_shutdown());
    assert_int_equal(parfun_update_host(kept), PARFUN_DEVICE_FAILED);
    must(parfun_release(kept));
    parfun_function_destroy(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_call_ends_at_its_limit_wherever_its_device_hangs),
        cmocka_unit_test(a_call_on_a_device_that_shares_memory_ends_at_its_limit),
        cmocka_unit_test(nothing_is_read_or_written_after_a_call_has_ended),
        cmocka_unit_test_teardown(
                a_call_waits_for_anothers_device_no_longer_than_its_limit, end),
        cmocka_unit_test_teardown(
                a_call_that_needs_what_a_device_keeps_ends_at_its_limit, end),
        cmocka_unit_test_teardown(
                what_a_device_keeps_is_lost_when_it_never_answers, end),
        cmocka_unit_test_teardown(
                a_shutdown_ends_though_what_a_device_keeps_does_not_come, end),
    };
    return cmocka_run_group_tests_name("fault.answer", tests, NULL, NULL);
}
