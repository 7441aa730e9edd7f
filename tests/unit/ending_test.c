/* SPDX-License-Identifier: Apache-2.0 */
/* ending_test.c: the end of the process, while a device is in use, and what the
 * program's own exit handlers call then. */
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/devices.h"

#include <parfun.h>
#include <pthread.h>
#include <sched.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static struct pf_devices devices;
static sem_t taken, go_on;
static atomic_bool built;

/* As a thread that builds a kernel. */
static void *build(void *unused)
{
    struct pf_driver *driver = &devices.driver[0];

    (void)unused;
    pf_turn_take(&driver->turn);
    sem_post(&taken);
    sem_wait(&go_on);
    atomic_store(&built, true);
    pf_turn_give(&driver->turn);
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
    assert_true(atomic_load(&devices.driver[0].lost));
    assert_int_equal(pthread_join(builder, NULL), 0);
    assert_int_equal(pthread_join(other, NULL), 0);
    pf_selection_destroy(selection);
    pf_devices_finish(&devices);
    sem_destroy(&taken);
    sem_destroy(&go_on);
}

/* ---- Exit handlers, in a process of their own ------------------------------------------- */

enum { ITEMS = 100, SECONDS = 20 };

static int x[ITEMS], y[ITEMS];
static struct parfun_function *function;
static size_t launches;

static enum parfun_status twice(void)
{
    return PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
}

static void end_if(bool wrong, int code)
{
    if (wrong)
        _exit(code);
}

/* Registered before the library is first used, and so called after its own. */
static void tidy_up(void)
{
    end_if(twice() != PARFUN_SYSTEM || !strstr(parfun_error(), "the process ends"),
            2);
    end_if(parfun_set_options(function, NULL) != PARFUN_OK, 3);
    end_if(parfun_release(x) != PARFUN_OK, 4);
    parfun_function_destroy(function);
    end_if(parfun_shutdown() != PARFUN_OK, 5);
    end_if(parfun_set_backend("fake") != PARFUN_SYSTEM
                    || !strstr(parfun_error(), "the process ends"),
            6);
    end_if(fake_count(0, FAKE_LAUNCH) != launches, 7);
    _exit(0);
}

static int use_a_device_and_end(void)
{
    (void)alarm(SECONDS);
    if (atexit(tidy_up))
        return 1;
    fake_set_devices(&(struct fake_device){ .lanes = 1 }, 1);
    if (parfun_set_backend("fake")
            || parfun_function_create(&native_twice, NULL, &function)
            || parfun_keep(x, sizeof x) || twice())
        return 1;
    launches = fake_count(0, FAKE_LAUNCH);
    return 0;
}

/* As what a compiler registers in the midst of its first build. */
static void late_destructor(void)
{
    _exit(atomic_load(&built) ? 0 : 9);
}

static void *build_until_the_end(void *unused)
{
    struct pf_driver *driver = &devices.driver[0];

    (void)unused;
    pf_turn_take(&driver->turn);
    if (atexit(late_destructor))
        _exit(8);
    sem_post(&taken);
    while (!atomic_load(&driver->builds_ended))
        (void)sched_yield();
    atomic_store(&built, true);
    pf_turn_give(&driver->turn);
    return NULL;
}

static int end_in_the_midst_of_a_build(void)
{
    const struct pf_backend_options options = { .processors = 1 };
    struct pf_selection *selection;
    pthread_t builder;

    (void)alarm(SECONDS);
    fake_set_devices(&(struct fake_device){ .lanes = 1 }, 1);
    if (pf_devices_init(&devices, &options, false)
            || pf_selection_create("fake", 1, &devices.source, &selection)
            || sem_init(&taken, 0, 0)
            || !pf_thread_before_exit(pf_devices_end_builds, &devices)
            || pthread_create(&builder, NULL, build_until_the_end, NULL)
            || pthread_detach(builder))
        return 1;
    sem_wait(&taken);
    return 0;
}

static void run_scene(const char *name)
{
    int status = -1;
    pid_t child;

    child = fork();
    assert_true(child >= 0);
    if (!child) {
        (void)execl("/proc/self/exe", "ending_test", name, (char *)NULL);
        _exit(98);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

static void exit_handlers_may_tidy_up_and_reach_no_device(void **state)
{
    (void)state;
    run_scene("tidy");
}

static void a_build_ends_before_destructors_that_it_registered(void **state)
{
    (void)state;
    run_scene("build");
}

int main(int argc, char **argv)
{
    if (argc > 1)
        return strcmp(argv[1], "build") == 0 ? end_in_the_midst_of_a_build()
                                             : use_a_device_and_end();

    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
                the_end_of_the_process_waits_for_who_builds_and_lets_nobody_begin),
        cmocka_unit_test(exit_handlers_may_tidy_up_and_reach_no_device),
        cmocka_unit_test(a_build_ends_before_destructors_that_it_registered),
    };

    return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
