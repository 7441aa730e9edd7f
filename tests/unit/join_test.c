/* SPDX-License-Identifier: Apache-2.0 */
/* join_test.c: who joins a call that is under way. */
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/folder.h"
#include "support/native_kernels.h"

#include <parfun.h>
#include <stdlib.h>
#include <time.h>

enum { ITEMS = 1 << 22, PATIENCE = 100 };

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* Partitions of threads are long until the device has something in hand. */
static void wait_for_the_device(void)
{
    if (fake_is_running())
        return;
    for (int i = 0; i < PATIENCE && !fake_count(0, FAKE_LAUNCH); i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void double_all(struct parfun_function *function, int *x, int *y)
{
    must(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    for (size_t i = 0; i < ITEMS; i++)
        if (y[i] != 2 * x[i])
            fail_msg("y[%zu] is %d", i, y[i]);
}

/* Nothing is known when the call begins; it is long enough for the device. */
static void join_with(const char *selector)
{
    const struct fake_device like = { .lanes = 2 };
    struct parfun_function *function;
    int *x = malloc(ITEMS * sizeof *x), *y = malloc(ITEMS * sizeof *y);
    assert_true(x && y);
    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    fake_set_devices(&like, 1);
    native_before = wait_for_the_device;
    must(parfun_set_backend(selector));
    must(parfun_function_create(&native_twice, NULL, &function));
    double_all(function, x, y);
    assert_true(fake_count(0, FAKE_LAUNCH) > 0);
    parfun_function_destroy(function);
    must(parfun_shutdown());
    assert_null(fake_breach());
    fake_reset();
    native_before = NULL;
    free(x);
    free(y);
}

static void a_device_joins_the_first_call_of_one_thread(void **state)
{
    (void)state;
    join_with("threads:1, fake");
}

static void a_device_joins_the_first_call_of_threads(void **state)
{
    (void)state;
    join_with("threads:2, fake");
}

/* The second build, that of the reduction. */
static void wait_for_the_builds(void)
{
    for (int i = 0; i < PATIENCE && fake_count(0, FAKE_CODE_CREATE) < 2; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void a_device_that_fails_as_it_builds_ahead_is_left_alone(void **state)
{
    enum { COUNT = 1 << 20 };
    struct parfun_function *function;
    float *x = calloc(COUNT, sizeof *x), sum = 1;

    (void)state;
    assert_non_null(x);
    fake_set_devices((const struct fake_device[]){ { .lanes = 2 } }, 1);
    fake_fail(&(const struct fake_failure){
            .call = FAKE_CODE_CREATE, .nth = 1, .status = PARFUN_DEVICE_FAILED });
    native_before = wait_for_the_builds;
    must(parfun_set_backend("threads:1, fake"));
    must(parfun_function_create(&native_dot, NULL, &function));
    must(PARFUN_CALL(
            function, COUNT, PARFUN_ARRAY(x), PARFUN_ARRAY(x), PARFUN_VALUE(&sum)));
    assert_true(sum == 0);
    assert_int_equal(fake_count(0, FAKE_CODE_CREATE), 2);
    parfun_function_destroy(function);
    must(parfun_shutdown());
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
    native_before = NULL;
    free(x);
}

/* What other processes have learned is not known here. */
static char folder[256];

static int set_up(void **state)
{
    (void)state;
    return test_folder_make(folder, sizeof folder)
            || setenv("PARFUN_CACHE_DIR", folder, 1);
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                a_device_joins_the_first_call_of_one_thread, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_device_joins_the_first_call_of_threads, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_device_that_fails_as_it_builds_ahead_is_left_alone, set_up,
                tear_down),
    };
    return cmocka_run_group_tests_name("unit.join", tests, NULL, NULL);
}
