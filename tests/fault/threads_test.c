/* SPDX-License-Identifier: Apache-2.0 */
/*
 * threads_test.c: the system starts no more threads.  Calls go on without them, or say
 * so; none waits for a thread that never comes.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <errno.h>
#include <parfun.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 960, SIZE = 96, SECONDS = 30 };

static atomic_bool refusing;

int __real_pthread_create(
        pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);
int __wrap_pthread_create(
        pthread_t *, const pthread_attr_t *, void *(*)(void *), void *);

int __wrap_pthread_create(pthread_t *thread, const pthread_attr_t *attributes,
        void *(*run)(void *), void *argument)
{
    return atomic_load(&refusing)
            ? EAGAIN
            : __real_pthread_create(thread, attributes, run, argument);
}

static bool go_on(size_t done, size_t items, void *user)
{
    (void)done, (void)items, (void)user;
    return true;
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static int set_up(void **state)
{
    (void)state;
    (void)alarm(SECONDS); /* instead of a test that never ends */
    atomic_store(&refusing, true);
    fake_set_devices(
            (const struct fake_device[]){ { .lanes = 2 }, { .lanes = 2 } }, 2);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    must(parfun_shutdown());
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
    (void)alarm(0);
    return 0;
}

static enum parfun_status run_all(
        const struct test_call *call, parfun_progress *progress)
{
    struct parfun_function *function;
    enum parfun_status status;
    const char *wrong = NULL;

    must(parfun_function_create(call->kernel,
            PARFUN_OPTIONS(.fixed_partition_size = SIZE, .progress = progress),
            &function));
    status = call->run(function, ITEMS, &wrong);
    if (wrong)
        fail_msg("%s: %s", call->name, wrong);
    parfun_function_destroy(function);
    return status;
}

static void calls_go_on_without_threads(void **state)
{
    static const char *const selectors[] = { "threads:3", "threads:2, fake",
        "fake" };

    (void)state;
    for (unsigned s = 0; s < 3; s++) {
        must(parfun_set_backend(selectors[s]));
        for (unsigned c = 0; c < test_call_count; c++)
            must(run_all(&test_calls[c], NULL));
    }
}

/* The caller has progress to report, and so drives no device. */
static void devices_that_nobody_can_drive_are_left_out(void **state)
{
    (void)state;
    must(parfun_set_backend("threads:1, fake"));
    must(run_all(&test_calls[0], go_on));
    must(parfun_set_backend("fake"));
    assert_int_equal(run_all(&test_calls[0], go_on), PARFUN_SYSTEM);
    assert_non_null(strstr(parfun_error(), "no thread could be started"));
    atomic_store(&refusing, false);
    must(run_all(&test_calls[0], go_on)); /* the next one works */
}

/* The second one has no thread, and the caller, who drives the first, must do all. */
static void what_a_failed_device_leaves_goes_to_one_without_a_thread(void **state)
{
    (void)state;
    must(parfun_set_backend("fake"));
    fake_fail(&(struct fake_failure){ .device = 0,
            .call = FAKE_LAUNCH,
            .nth = 2,
            .for_ever = true,
            .status = PARFUN_DEVICE_FAILED });
    must(run_all(&test_calls[0], NULL));
    assert_true(fake_count(1, FAKE_LAUNCH) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                calls_go_on_without_threads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                devices_that_nobody_can_drive_are_left_out, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                what_a_failed_device_leaves_goes_to_one_without_a_thread, set_up,
                tear_down),
    };
    return cmocka_run_group_tests_name("fault.threads", tests, NULL, NULL);
}
