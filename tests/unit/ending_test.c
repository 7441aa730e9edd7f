/* SPDX-License-Identifier: Apache-2.0 */
/* ending_test.c: the end of the process, while a device is in use. */
#include "support/cmocka.h"
#include "support/fake_backend.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/devices.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>

static struct pf_devices devices;
static sem_t taken, go_on;
static atomic_bool built;

/* As a thread that builds a kernel. */
static void *build(void *unused)
{
    struct pf_driver *driver = &devices.driver[0];

    (void)unused;
    pf_lock_take(&driver->lock);
    sem_post(&taken);
    sem_wait(&go_on);
    atomic_store(&built, true);
    pf_lock_give(&driver->lock);
    return NULL;
}

static void *let_go(void *unused)
{
    (void)unused;
    sem_post(&go_on);
    return NULL;
}

static void the_end_of_the_process_waits_for_who_builds_and_lets_nobody_begin(
        void **state)
{
    const struct pf_backend_options options = { .processors = 1 };
    struct pf_selection *selection;
    pthread_t builder, other;

    (void)state;
    fake_set_devices(&(struct fake_device){ .lanes = 1 }, 1);
    assert_int_equal(pf_devices_init(&devices, &options, false), PARFUN_OK);
    if (pf_selection_create("fake", 1, &devices.source, &selection))
        fail_msg("%s", pf_error_text());
    assert_int_equal(sem_init(&taken, 0, 0), 0);
    assert_int_equal(sem_init(&go_on, 0, 0), 0);
    assert_int_equal(pthread_create(&builder, NULL, build, NULL), 0);
    sem_wait(&taken);
    assert_int_equal(pthread_create(&other, NULL, let_go, NULL), 0);
    pf_devices_hold(&devices);
    assert_true(atomic_load(&built));
    assert_false(
            pf_lock_take_until(&devices.driver[0].lock, pf_clock_ns() + 1000000));
    assert_int_equal(pthread_join(builder, NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    pf_lock_give(&devices.driver[0].lock);
    pf_selection_destroy(selection);
    pf_devices_finish(&devices);
    sem_destroy(&taken);
    sem_destroy(&go_on);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
                the_end_of_the_process_waits_for_who_builds_and_lets_nobody_begin),
    };

    return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
