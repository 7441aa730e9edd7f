/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sharing_test.c: calls of several callers share the library's threads and the devices:
 * a long one that has them all gives some away, and ends as it should.
 */
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/folder.h"
#include "support/native_kernels.h"

#include <parfun.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { ITEMS = 3000, BINS = 7 };

static const struct fake_device slow = { .launch_s = 2e-3 };
static char folder[256];
static int bins[ITEMS];
static struct parfun_function *first, *second;
/* Of the call that was there first. */
static atomic_bool first_begun, first_done, first_failed;
static atomic_uint first_runs; /* of its body */
/* The other one was served by whom it waited for, long before the first one ended. */
static atomic_bool served, served_in_time;

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void nap(void)
{
    (void)nanosleep(&(struct timespec){ .tv_nsec = 2000000 }, NULL);
}

static void serve(void)
{
    if (!atomic_exchange(&served, true))
        atomic_store(&served_in_time,
                !atomic_load(&first_done) && atomic_load(&first_runs) < ITEMS / 2);
}

static int set_up(void **state)
{
    (void)state;
    atomic_store(&first_begun, false);
    atomic_store(&first_done, false);
    atomic_store(&first_failed, false);
    atomic_store(&first_runs, 0);
    atomic_store(&served, false);
    atomic_store(&served_in_time, false);
    fake_set_devices(&slow, 1);
    return test_folder_make(folder, sizeof folder)
            || setenv("PARFUN_CACHE_DIR", folder, 1);
}

static int tear_down(void **state)
{
    (void)state;
    parfun_function_destroy(first);
    parfun_function_destroy(second);
    must(parfun_shutdown());
    if (fake_breach())
        fail_msg("%s", fake_breach());
    assert_int_equal(fake_live(), 0);
    fake_reset();
    test_folder_remove(folder);
    return 0;
}

/* ---- The call that is there first ------------------------------------------------------- */

/* Counts on the device, where counts are kept from partition to partition; threads take
 * as long for a partition. */
static void count_run(const struct parfun_ndrange *range, void *const *arguments)
{
    atomic_store(&first_begun, true);
    native_count.variants[0].run(range, arguments);
    if (!fake_is_running())
        nap();
}

static void create_first(void)
{
    static const struct parfun_variant variant = { .isa = "generic",
        .run = count_run };
    static struct parfun_kernel kernel;

    kernel = native_count;
    kernel.variants = &variant;
    must(parfun_function_create(
            &kernel, PARFUN_OPTIONS(.fixed_partition_size = 6), &first));
}

static void *call_first(void *unused)
{
    const int32_t n = BINS;
    uint32_t counts[BINS];

    for (int i = 0; i < ITEMS; i++)
        bins[i] = i % BINS;
    if (PARFUN_CALL(first, ITEMS, PARFUN_ARRAY(bins), PARFUN_VALUE(&n),
                PARFUN_ARRAY(counts)))
        atomic_store(&first_failed, true);
    for (int b = 0; b < BINS; b++)
        if (counts[b] != ITEMS / BINS + (b < ITEMS % BINS))
            atomic_store(&first_failed, true);
    atomic_store(&first_done, true);
    return unused;
}

static pthread_t begin_first(void *(*call)(void *unused))
{
    pthread_t caller;

    assert_int_equal(pthread_create(&caller, NULL, call, NULL), 0);
    while (!atomic_load(&first_begun) && !atomic_load(&first_done))
        nap();
    return caller;
}

static void end_first(pthread_t caller)
{
    assert_int_equal(pthread_join(caller, NULL), 0);
    assert_false(atomic_load(&first_failed));
}

/* ---- Devices ----------------------------------------------------------------------------- */

static void a_long_call_lets_others_use_its_device(void **state)
{
    int x[ITEMS], y[ITEMS];
    pthread_t caller;

    (void)state;
    must(parfun_set_backend("fake:0"));
    create_first();
    must(parfun_function_create(&native_twice, NULL, &second));
    caller = begin_first(call_first);
    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    for (int turn = 0; turn < 3; turn++) {
        must(PARFUN_CALL(second, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
        assert_false(atomic_load(&first_done));
        for (int i = 0; i < ITEMS; i++)
            assert_int_equal(y[i], 2 * i);
    }
    end_first(caller);
}

/* Its thread waits for the device. */
static void twice_run(const struct parfun_ndrange *range, void *const *arguments)
{
    native_twice.variants[0].run(range, arguments);
    if (fake_is_running())
        serve();
    while (!atomic_load(&served) && !atomic_load(&first_done))
        nap();
}

static void a_device_beside_threads_serves_calls_in_turn(void **state)
{
    static const struct parfun_variant variant = { .isa = "generic",
        .run = twice_run };
    static struct parfun_kernel kernel;
    int x[ITEMS], y[ITEMS];
    pthread_t caller;

    (void)state;
    kernel = native_twice;
    kernel.variants = &variant;
    must(parfun_set_backend("threads:1, fake"));
    create_first();
    must(parfun_function_create(
            &kernel, PARFUN_OPTIONS(.fixed_partition_size = ITEMS / 2), &second));
    caller = begin_first(call_first);
    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    must(PARFUN_CALL(second, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 2 * i);
    assert_true(atomic_load(&served_in_time));
    end_first(caller);
}

/* ---- Threads ----------------------------------------------------------------------------- */

static pthread_t second_caller;
static unsigned threads;
static atomic_uint first_inside; /* who works on it */

static void work(const struct parfun_partition *part)
{
    const long ns = 200000 * (long)parfun_items(part);

    (void)nanosleep(&(struct timespec){ ns / 1000000000, ns % 1000000000 }, NULL);
}

static enum parfun_status take_long(struct parfun_partition *part, void *user)
{
    (void)user;
    if (atomic_fetch_add(&first_inside, 1) == threads - 1)
        atomic_store(&first_begun, true);
    atomic_fetch_add(&first_runs, (unsigned)parfun_items(part));
    if (!atomic_load(&served))
        work(part);
    (void)atomic_fetch_sub(&first_inside, 1);
    return PARFUN_OK;
}

static enum parfun_status wait_for_help(struct parfun_partition *part, void *user)
{
    (void)user;
    if (!pthread_equal(pthread_self(), second_caller))
        serve();
    if (!atomic_load(&served))
        work(part);
    return PARFUN_OK;
}

static void *call_long(void *unused)
{
    char y = 0;

    if (PARFUN_CALL(first, ITEMS, PARFUN_COUNTED(&y, 1)))
        atomic_store(&first_failed, true);
    atomic_store(&first_done, true);
    return unused;
}

static void check_helpers(unsigned count, size_t size)
{
    char selector[20];
    const struct parfun_options *options =
            PARFUN_OPTIONS(.clauses = "combine(shared: y)",
                    .fixed_partition_size = size);
    pthread_t caller;
    char y = 0;

    threads = count;
    (void)snprintf(selector, sizeof selector, "threads:%u", threads);
    must(parfun_set_backend(selector));
    must(parfun_function_from_c(
            "take_long", "char *y", take_long, options, &first));
    must(parfun_function_from_c(
            "wait_for_help", "char *y", wait_for_help, options, &second));
    second_caller = pthread_self();
    caller = begin_first(call_long);
    must(PARFUN_CALL(second, ITEMS, PARFUN_COUNTED(&y, 1)));
    assert_true(atomic_load(&served_in_time));
    end_first(caller);
}

static void a_long_call_lets_one_of_its_helpers_go(void **state)
{
    (void)state;
    check_helpers(4, 1);
}

static void the_only_helper_works_for_all_callers(void **state)
{
    (void)state;
    check_helpers(2, 1);
}

static void helpers_come_and_go_where_sizes_are_planned(void **state)
{
    (void)state;
    check_helpers(2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                a_long_call_lets_others_use_its_device, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_device_beside_threads_serves_calls_in_turn, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_long_call_lets_one_of_its_helpers_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                the_only_helper_works_for_all_callers, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                helpers_come_and_go_where_sizes_are_planned, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
