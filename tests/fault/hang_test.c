/* SPDX-License-Identifier: Apache-2.0 */
/*
 * hang_test.c: a device hangs in the middle of a call and goes on later: the call is
 * right then, whatever the others have done meanwhile, and nothing is left behind.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

enum { ITEMS = 960, SIZE = 96 };

static atomic_bool over;

static void *wake_again_and_again(void *unused)
{
    (void)unused;
    while (!atomic_load(&over)) {
        fake_wake();
        nanosleep(&(struct timespec){ .tv_nsec = 200000 }, NULL);
    }
    return NULL;
}

static void hang_in(const struct test_call *call, const char *selector,
        enum fake_call operation, unsigned nth)
{
    struct parfun_function *function;
    const char *wrong = NULL;
    pthread_t other;

    fake_set_devices((const struct fake_device[]){ { .lanes = 2 } }, 1);
    fake_fail(&(struct fake_failure){
            .device = 0, .call = operation, .nth = nth, .hangs = true });
    assert_int_equal(parfun_set_backend(selector), PARFUN_OK);
    assert_int_equal(
            parfun_function_create(call->kernel,
                    PARFUN_OPTIONS(.fixed_partition_size = SIZE), &function),
            PARFUN_OK);
    atomic_store(&over, false);
    assert_int_equal(pthread_create(&other, NULL, wake_again_and_again, NULL), 0);
    if (call->run(function, ITEMS, &wrong))
        fail_msg("%s on %s: %s", call->name, selector, parfun_error());
    if (wrong)
        fail_msg("%s on %s: %s", call->name, selector, wrong);
    atomic_store(&over, true);
    pthread_join(other, NULL);
    parfun_function_destroy(function);
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
}

static void is_right_when_a_device_goes_on_after_it_hung(void **state)
{
    static const char *const selectors[] = { "fake", "threads:2, fake" };
    static const enum fake_call operations[] = { FAKE_WRITE, FAKE_LAUNCH,
        FAKE_READ };

    (void)state;
    for (unsigned c = 0; c < test_call_count; c++)
        for (unsigned s = 0; s < 2; s++)
            for (unsigned o = 0; o < 3; o++)
                for (unsigned nth = 0; nth < 3; nth++)
                    hang_in(&test_calls[c], selectors[s], operations[o], nth);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_right_when_a_device_goes_on_after_it_hung),
    };

    return cmocka_run_group_tests_name("fault.hang", tests, NULL, NULL);
}
