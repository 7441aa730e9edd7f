/* SPDX-License-Identifier: Apache-2.0 */
/* process_test.c: the library's life in a process: starts, ends, forks, threads that
 * come and go. */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/leaks.h"
#include "support/native_kernels.h"
#include "support/tasks.h"

#include <dirent.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SAXPY, ITEMS = 4000, STARTS = 10000 };

static struct parfun_function *function;

static enum parfun_status call(void)
{
    const char *wrong = NULL;
    const enum parfun_status status =
            test_calls[SAXPY].run(function, ITEMS, &wrong);

    return wrong ? PARFUN_FUNCTION_FAILED : status;
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static unsigned open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    unsigned count = 0;

    assert_non_null(folder);
    while (readdir(folder))
        count++;
    closedir(folder);
    return count;
}

/* ---- Starts and ends ----------------------------------------------------------- */

static void starts_and_ends_ten_thousand_times_and_grows_by_nothing(void **state)
{
    const unsigned files = open_files();

    (void)state;
    for (unsigned i = 0; i < STARTS; i++) {
        must(parfun_set_backend(i % 2 ? "serial" : "fake"));
        must(parfun_shutdown());
    }
    assert_int_equal(open_files(), files);
    assert_int_equal(tasks_of_library(), 0);
    assert_int_equal(fake_live(), 0);
}

static void calls_again_after_each_end(void **state)
{
    static const char *const selectors[] = { "threads:3", "fake", "threads:2, fake",
        "none" };

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        must(parfun_set_backend(selectors[i % 4]));
        must(call());
        must(parfun_shutdown());
        assert_int_equal(tasks_of_library(), 0);
        assert_int_equal(fake_live(), 0);
    }
    must(parfun_shutdown());
}

static void forgets_the_chosen_backend_at_the_end_but_not_a_scope(void **state)
{
    (void)state;
    must(parfun_set_backend("serial"));
    must(parfun_shutdown());
    assert_string_equal(parfun_backend(), "auto");
    must(parfun_push_backend("none"));
    must(parfun_shutdown());
    assert_string_equal(parfun_backend(), "none");
    must(call());
    must(parfun_pop_backend());
    assert_int_equal(parfun_pop_backend(), PARFUN_INVALID);
}

static void refuses_more_scopes_than_there_is_room_for(void **state)
{
    unsigned depth = 0;

    (void)state;
    while (!parfun_push_backend("serial"))
        depth++;
    assert_int_equal(depth, 32);
    assert_non_null(strstr(parfun_error(), "parfun_pop_backend"));
    must(call());
    while (depth--)
        must(parfun_pop_backend());
}

/* ---- Fork ------------------------------------------------------------------------ */

/* What the child returns from `in_child`. */
static int fork_and_wait(int (*in_child)(void))
{
    const pid_t child = fork();
    int status = -1;

    assert_true(child >= 0);
    if (!child)
        _exit(in_child());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static int use_parents_choice(void)
{
    if (parfun_set_backend("threads:2") != PARFUN_SYSTEM
            || !strstr(parfun_error(), "fork"))
        return 1;
    if (parfun_set_backend("fake") != PARFUN_SYSTEM)
        return 2;
    return 0;
}

static int call_serially(void)
{
    struct parfun_function *own;
    const char *wrong = NULL;

    if (parfun_set_backend("serial") || call())
        return 1;
    if (parfun_set_options(function, PARFUN_OPTIONS(.fixed_partition_size = 10))
            || call())
        return 2;
    if (parfun_function_create(&native_dot, NULL, &own))
        return 3;
    if (test_calls[8].run(own, ITEMS, &wrong) || wrong)
        return 4;
    parfun_function_destroy(own);
    parfun_function_destroy(function);
    return parfun_shutdown() ? 5 : 0;
}

static void the_child_of_a_fork_may_use_serial_alone(void **state)
{
    static const char *const selectors[] = { "threads:3", "threads:2, fake",
        "fake" };

    (void)state;
    for (unsigned s = 0; s < 3; s++) {
        must(parfun_set_backend(selectors[s]));
        must(call());
        assert_int_equal(fork_and_wait(use_parents_choice), 0);
        assert_int_equal(fork_and_wait(call_serially), 0);
        must(call()); /* the parent noticed nothing */
        must(parfun_shutdown());
    }
}

static _Atomic int busy;

static void *call_until_told(void *unused)
{
    (void)unused;
    while (busy)
        must(call());
    return NULL;
}

/* Whatever locks other threads hold at that moment. */
static void forks_while_others_call(void **state)
{
    pthread_t other;

    (void)state;
    if (__lsan_do_leak_check)
        skip(); /* its allocator does not survive what this test does */
    must(parfun_set_backend("threads:2, fake"));
    busy = 1;
    assert_int_equal(pthread_create(&other, NULL, call_until_told, NULL), 0);
    for (unsigned i = 0; i < 50; i++)
        assert_int_equal(fork_and_wait(call_serially), 0);
    busy = 0;
    pthread_join(other, NULL);
    must(parfun_shutdown());
}

/* ---- Threads that end --------------------------------------------------------------- */

static void *push_and_end(void *unused)
{
    (void)unused;
    must(parfun_push_backend("threads:2"));
    must(parfun_push_backend("fake"));
    must(call());
    return NULL; /* with two scopes, which the leak checker looks for */
}

static void threads_that_end_leave_nothing(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        pthread_t thread;

        assert_int_equal(pthread_create(&thread, NULL, push_and_end, NULL), 0);
        pthread_join(thread, NULL);
    }
    assert_string_equal(parfun_backend(), "auto");
    must(call());
    must(parfun_shutdown());
    assert_int_equal(fake_live(), 0);
}

static void *shut_down(void *unused)
{
    (void)unused;
    must(parfun_set_backend("threads:2"));
    must(call());
    must(parfun_shutdown());
    return NULL;
}

static void several_threads_may_end_it_at_once(void **state)
{
    (void)state;
    for (unsigned round = 0; round < 50; round++) {
        pthread_t thread[4];

        for (unsigned i = 0; i < 4; i++)
            assert_int_equal(pthread_create(&thread[i], NULL, shut_down, NULL), 0);
        for (unsigned i = 0; i < 4; i++)
            pthread_join(thread[i], NULL);
    }
    assert_int_equal(tasks_of_library(), 0);
}

static int set_up(void **state)
{
    (void)state;
    fake_set_devices((const struct fake_device[]){ { .lanes = 2 } }, 1);
    return (int)parfun_function_create(test_calls[SAXPY].kernel, NULL, &function);
}

static int tear_down(void **state)
{
    (void)state;
    parfun_function_destroy(function);
    return fake_live() || fake_breach() ? -1 : 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(starts_and_ends_ten_thousand_times_and_grows_by_nothing),
        cmocka_unit_test(calls_again_after_each_end),
        cmocka_unit_test(forgets_the_chosen_backend_at_the_end_but_not_a_scope),
        cmocka_unit_test(refuses_more_scopes_than_there_is_room_for),
        cmocka_unit_test(the_child_of_a_fork_may_use_serial_alone),
        cmocka_unit_test(forks_while_others_call),
        cmocka_unit_test(threads_that_end_leave_nothing),
        cmocka_unit_test(several_threads_may_end_it_at_once),
    };

    return cmocka_run_group_tests_name("process", tests, set_up, tear_down);
}
