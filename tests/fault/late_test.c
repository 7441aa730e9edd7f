/* SPDX-License-Identifier: Apache-2.0 */
/*
 * late_test.c: a device does not come back.  Others run what it has in hand, the call
 * ends with the right results, and the device writes nothing into them later.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdatomic.h>
#include <string.h>
#include <time.h>

enum { ITEMS = 1 << 13, SIZE = 1 << 8, PATIENCE = 20000, MOST = 100 };

static atomic_size_t wanted; /* launches on the first device */

/* Threads wait until the device has something in hand. */
static void let_the_device_begin(void)
{
    if (fake_is_running())
        return;
    for (int i = 0; i < PATIENCE && fake_count(0, FAKE_LAUNCH) < wanted; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

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

/* Until the device has been used `count` times: another may be faster. */
static void run_until(const struct test_call *call,
        struct parfun_function *function, size_t count)
{
    atomic_store(&wanted, count);
    for (int i = 0; i < MOST && fake_count(0, FAKE_LAUNCH) < count; i++)
        run(call, function);
    if (fake_count(0, FAKE_LAUNCH) < count)
        fail_msg("%s does not run on the device", call->name);
}

static void hang_in(const struct test_call *call, const char *selector,
        unsigned devices, size_t fixed)
{
    /* the second one leaves something for the first */
    const struct fake_device like[2] = { { .lanes = 2, .seconds_per_item = 1e-9 },
        { .lanes = 3, .seconds_per_item = 1e-6 } };
    const struct fake_failure failure = {
        .device = 0, .call = FAKE_LAUNCH, .hangs = true
    };
    struct parfun_function *function;
    size_t launches;

    fake_set_devices(like, devices);
    must(parfun_set_backend(selector));
    must(parfun_function_create(call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = fixed), &function));
    run_until(call, function, 1); /* finds out what the device takes */
    fake_fail(&failure);
    run_until(call, function, fake_count(0, FAKE_LAUNCH) + 1);
    launches = fake_count(0, FAKE_LAUNCH);
    for (int i = 0; i < 2; i++)
        run(call, function); /* without it */
    assert_int_equal(fake_count(0, FAKE_LAUNCH), launches);
    fake_wake();                             /* it writes now, if it ever does */
    run_until(call, function, launches + 1); /* it is back */
    parfun_function_destroy(function);
    must(parfun_shutdown());
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s: %s", call->name, fake_breach());
    fake_reset();
}

static int set_up(void **state)
{
    (void)state;
    native_before = let_the_device_begin;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    native_before = NULL;
    return parfun_shutdown() != PARFUN_OK;
}

static void threads_run_what_a_hung_device_has_in_hand(void **state)
{
    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        hang_in(&test_calls[c], "threads:2, fake", 1, SIZE);
}

static void a_device_runs_what_another_has_in_hand(void **state)
{
    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        hang_in(&test_calls[c], "fake", 2, SIZE);
}

/* What the partition that was left behind came to matters to nobody. */
static void a_device_is_back_though_its_late_partition_failed(void **state)
{
    const struct test_call *call = &test_calls[0];
    const struct fake_failure failure = { .device = 0,
        .call = FAKE_LAUNCH,
        .hangs = true,
        .late = true,
        .status = PARFUN_NO_MEMORY };
    struct parfun_function *function;
    size_t launches;

    (void)state;
    fake_set_devices((const struct fake_device[]){ { .lanes = 2 } }, 1);
    must(parfun_set_backend("threads:2, fake"));
    must(parfun_function_create(
            call->kernel, PARFUN_OPTIONS(.fixed_partition_size = SIZE), &function));
    atomic_store(&wanted, 1);
    run(call, function); /* finds out what the device takes */
    fake_fail(&failure);
    atomic_store(&wanted, fake_count(0, FAKE_LAUNCH) + 1);
    run(call, function);
    launches = fake_count(0, FAKE_LAUNCH);
    assert_true(launches >= wanted);
    fake_wake();
    atomic_store(&wanted, launches + 1);
    run(call, function);
    assert_true(fake_count(0, FAKE_LAUNCH) > launches);
    parfun_function_destroy(function);
    must(parfun_shutdown());
    assert_null(fake_breach());
    fake_reset();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_run_what_a_hung_device_has_in_hand),
        cmocka_unit_test(a_device_runs_what_another_has_in_hand),
        cmocka_unit_test(a_device_is_back_though_its_late_partition_failed),
    };
    return cmocka_run_group_tests_name("fault.late", tests, set_up, tear_down);
}
