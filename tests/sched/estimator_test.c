/* SPDX-License-Identifier: Apache-2.0 */
/*
 * estimator_test.c: that calls do with their devices what the estimator is for, with
 * devices whose times are made up.  They run what the simulator only imagines.
 */
#include "slow.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/folder.h"

#include <limits.h>
#include <parfun.h>
#include <stdlib.h>

enum { MOST = 60 }; /* calls */

/* Far longer than a call. */
static const double LONG = 0.5;

static int x[ITEMS], y[ITEMS];
static struct parfun_kernel kernel;
static struct parfun_function *twice;
static char folder[256]; /* what earlier tests have learned is not there */

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void call(void)
{
    y[0] = y[ITEMS - 1] = 1;
    must(PARFUN_CALL(twice, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    assert_int_equal(y[0], 2 * x[0]);
    assert_int_equal(y[ITEMS - 1], 2 * x[ITEMS - 1]);
}

static size_t launches(void)
{
    return fake_count(FAKE_ANY, FAKE_LAUNCH);
}

/* Calls until there were so many launches; how many calls that took. */
static unsigned call_until(size_t count)
{
    unsigned calls = 0;

    for (; launches() < count; calls++) {
        if (calls == MOST)
            fail_msg("%zu launches after %u calls", launches(), calls);
        call();
    }
    return calls;
}

static void begin(const char *selector, const struct fake_device *like)
{
    assert_int_equal(test_folder_make(folder, sizeof folder), 0);
    assert_int_equal(setenv("PARFUN_CACHE_DIR", folder, 1), 0);
    fake_set_devices(like, 1);
    must(parfun_set_backend(selector));
    must(parfun_function_create(&kernel, NULL, &twice));
}

static int end(void **state)
{
    (void)state;
    parfun_function_destroy(twice);
    twice = NULL;
    must(parfun_shutdown());
    if (fake_breach())
        fail_msg("%s", fake_breach());
    assert_int_equal(fake_live(), 0);
    fake_reset();
    test_folder_remove(folder);
    return 0;
}

/* ---- Devices beside threads ---------------------------------------------------------- */

static void a_device_that_would_be_late_is_left_out(void **state)
{
    const struct fake_device like = { .launch_s = LONG, .seconds_per_item = 1e-12 };
    size_t before;

    (void)state;
    begin("threads:1, fake", &like);
    (void)call_until(2); /* one to compile, one to measure */
    before = launches();
    for (int i = 0; i < 4; i++)
        call();
    assert_int_equal(launches(), before);
}

static void a_device_that_became_fast_again_is_found_within_ten_calls(void **state)
{
    const struct fake_device like = { .seconds_per_item = 1e-12 };
    unsigned calls;

    (void)state;
    fake_delay(UINT_MAX, LONG);
    begin("threads:1, fake", &like);
    (void)call_until(2);
    call();
    fake_delay(0, 0);
    calls = call_until(launches() + 1);
    assert_in_range(calls, 1, 9);
}

/* It compiles, and touches memory for the first time. */
static void the_first_launch_is_no_measure_of_a_device(void **state)
{
    const struct fake_device like = { .seconds_per_item = 1e-12 };

    (void)state;
    fake_delay(1, LONG);
    begin("threads:1, fake", &like);
    (void)call_until(1);
    assert_in_range(call_until(2), 0, 3);
}

static void slow_saxpy_run(
        const struct parfun_ndrange *range, void *const *arguments)
{
    native_saxpy.variants[0].run(range, arguments);
    slow_down(range);
}

/* Where memory is shared, what is read and written is copied nevertheless. */
static void copies_in_shared_memory_count_as_work(void **state)
{
    static const struct parfun_variant variant = { .isa = "generic",
        .run = slow_saxpy_run };
    static float zeros[ITEMS], more[ITEMS];
    const struct fake_device like = {
        .seconds_per_item = 1e-12, .seconds_per_byte = 25e-6, .shared_memory = true
    };
    const float a = 2;
    size_t before = 0;

    (void)state;
    kernel = native_saxpy;
    kernel.variants = &variant;
    begin("threads:1, fake", &like);
    for (int i = 0; i < 12; i++) {
        if (i == 8)
            before = fake_bytes_written();
        must(PARFUN_CALL(twice, ITEMS, PARFUN_VALUE(&a), PARFUN_ARRAY(zeros),
                PARFUN_ARRAY(more)));
    }
    assert_true(before > 0);
    assert_true(fake_bytes_written() - before < sizeof more);
}

/* ---- Devices that are the threads' own cores ------------------------------------------- */

static void threads_alone_work_if_their_cores_driver_is_slower(void **state)
{
    const struct fake_device like = {
        .launch_s = LONG, .seconds_per_item = 1e-12, .same_cpu = true
    };
    unsigned with = 0;

    (void)state;
    begin("threads, fake", &like);
    /* more than one item, so that a disturbance is not all that is known of threads */
    must(parfun_set_options(twice, PARFUN_OPTIONS(.initial_partition_size = 64)));
    (void)call_until(2);
    slow_boxes = 0;
    for (int i = 0; i < 5; i++) {
        const size_t before = launches();

        call();
        with += launches() > before;
    }
    assert_in_range(with, 0, 1); /* it may be measured again */
    assert_true(slow_boxes >= 5);
}

static void the_driver_alone_works_if_threads_are_slower(void **state)
{
    const struct fake_device like = { .seconds_per_item = 1e-12, .same_cpu = true };
    size_t before;

    (void)state;
    begin("threads, fake", &like);
    (void)call_until(3);
    call();
    before = launches();
    slow_boxes = 0;
    for (int i = 0; i < 3; i++)
        call();
    assert_true(launches() >= before + 3);
    assert_int_equal(slow_boxes, 0);
}

/* ---- Memory ------------------------------------------------------------------------------ */

static void partitions_of_the_next_call_find_their_memory(void **state)
{
    const struct fake_device like = { .seconds_per_item = 1e-9 };
    size_t made;

    (void)state;
    begin("fake", &like);
    for (int i = 0; i < 4; i++)
        call();
    made = fake_count(FAKE_ANY, FAKE_MEMORY_CREATE);
    for (int i = 0; i < 4; i++)
        call();
    assert_in_range(fake_count(FAKE_ANY, FAKE_MEMORY_CREATE), made, made + 1);
}

static int set_up(void **state)
{
    (void)state;
    kernel = slow_twice();
    for (int i = 0; i < ITEMS; i++)
        x[i] = i + 1;
    return 0;
}

#define ESTIMATOR(test) cmocka_unit_test_setup_teardown(test, set_up, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        ESTIMATOR(a_device_that_would_be_late_is_left_out),
        ESTIMATOR(a_device_that_became_fast_again_is_found_within_ten_calls),
        ESTIMATOR(the_first_launch_is_no_measure_of_a_device),
        ESTIMATOR(copies_in_shared_memory_count_as_work),
        ESTIMATOR(threads_alone_work_if_their_cores_driver_is_slower),
        ESTIMATOR(the_driver_alone_works_if_threads_are_slower),
        ESTIMATOR(partitions_of_the_next_call_find_their_memory),
    };
    return cmocka_run_group_tests_name("sched.estimator", tests, NULL, NULL);
}
