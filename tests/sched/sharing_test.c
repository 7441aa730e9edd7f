/* SPDX-License-Identifier: Apache-2.0 */
/*
 * sharing_test.c: calls of several callers share the library's threads: a long one that
 * has them all gives some away.
 */
#include "support/cmocka.h"

#include <parfun.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <time.h>

enum { ITEMS = 3000 };

static struct parfun_function *first, *second;
/* Of the call that was there first. */
static atomic_bool first_begun, first_done, first_failed;
static atomic_uint first_runs; /* of its body */
/* The other one was helped, long before the first one ended. */
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
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    parfun_function_destroy(first);
    parfun_function_destroy(second);
    must(parfun_shutdown());
    return 0;
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

static void the_only_helper_comes_to_the_second_caller(void **state)
{
    (void)state;
    check_helpers(2, 1);
}

static void a_helper_comes_where_sizes_are_planned(void **state)
{
    (void)state;
    check_helpers(2, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                a_long_call_lets_one_of_its_helpers_go, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                the_only_helper_comes_to_the_second_caller, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_helper_comes_where_sizes_are_planned, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
