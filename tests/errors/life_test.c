/* SPDX-License-Identifier: Apache-2.0 */
/*
 * life_test.c: what may not be done from inside a call, shutdown and what comes
 * after it, functions that end, and forks.
 */
#include "child.h"
#include "errors.h"
#include "expect.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <parfun/kernel.h>

extern const struct parfun_kernel parfun_kernel_e_twice;

enum { ITEMS = 64, FORKS = 20, ROUNDS = 40 };

static int numbers[ITEMS], results[ITEMS];

/* A call of e_twice() with `rule`, which may do anything. */
static enum parfun_status call_with_rule(parfun_size_rule *rule, void *user)
{
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_rule = rule, .user = user)));
    return e_twice(ITEMS, numbers, results);
}

/* ---- From inside a call ----------------------------------------------------------------- */

static size_t shut_down_inside(size_t items, void *user)
{
    (void)user;
    EXPECT_FAILURE(parfun_shutdown(), PARFUN_INVALID,
            "parfun_shutdown(): it was called from inside a parallel function");
    return items;
}

static void refuses_to_shut_down_inside_a_call(void **state)
{
    (void)state;
    EXPECT_SUCCESS(call_with_rule(shut_down_inside, NULL));
}

static size_t choose_inside(size_t items, void *user)
{
    (void)user;
    EXPECT_FAILURE(parfun_set_backend("serial"), PARFUN_INVALID,
            "parfun_set_backend(): it was called from inside a parallel function",
            "parfun_push_backend()");
    assert_string_equal(parfun_backend(), "threads:2");
    return items;
}

static void refuses_to_choose_for_all_inside_a_call(void **state)
{
    (void)state;
    EXPECT_SUCCESS(call_with_rule(choose_inside, NULL));
}

static size_t nest(size_t items, void *user)
{
    (void)user;
    EXPECT_SUCCESS(parfun_push_backend("serial"));
    expect_next_call_to_work();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    expect_next_call_to_work();
    return items / 2;
}

static void nests_calls_and_scopes(void **state)
{
    (void)state;
    EXPECT_SUCCESS(call_with_rule(nest, NULL));
}

static size_t destroy_inside(size_t items, void *user)
{
    parfun_function_destroy(*(struct parfun_function **)user);
    assert_non_null(strstr(
            parfun_error(), "parfun_function_destroy(): e_twice() is under way"));
    assert_non_null(strstr(parfun_error(), "destroy it afterwards"));
    return items;
}

static void keeps_a_function_that_is_destroyed_inside_its_call(void **state)
{
    (void)state;
    struct parfun_function *function;

    EXPECT_SUCCESS(parfun_function_create(&parfun_kernel_e_twice,
            PARFUN_OPTIONS(.fixed_rule = destroy_inside, .user = &function),
            &function));
    for (int i = 0; i < 2; i++)
        EXPECT_SUCCESS(PARFUN_CALL(
                function, ITEMS, PARFUN_ARRAY(numbers), PARFUN_ARRAY(results)));
    parfun_function_destroy(function);
}

static size_t destroy_another(size_t items, void *user)
{
    parfun_function_destroy(user);
    return items;
}

static void destroys_an_idle_function_inside_a_call(void **state)
{
    (void)state;
    struct parfun_function *other;

    EXPECT_SUCCESS(parfun_function_create(&parfun_kernel_e_twice, NULL, &other));
    EXPECT_SUCCESS(call_with_rule(destroy_another, other));
}

static void leaves_generated_functions_alone(void **state)
{
    (void)state;
    parfun_function_destroy(e_twice_function());
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
}

/* ---- Ends -------------------------------------------------------------------------------- */

static void begins_again_after_a_shutdown(void **state)
{
    (void)state;
    struct parfun_profile profile = { .size = sizeof profile };

    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_partition_size = 16)));
    EXPECT_SUCCESS(parfun_set_backend("serial"));
    EXPECT_SUCCESS(parfun_shutdown());
    EXPECT_SUCCESS(parfun_shutdown());
    assert_string_equal(parfun_backend(), "auto"); /* forgotten */
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_get_profile(e_twice_function(), &profile));
    assert_int_equal(profile.partitions, 4); /* not forgotten */
}

struct waiting {
    struct parfun_function *function;
    sem_t begun, go_on;
    enum parfun_status status;
};

static size_t wait_inside(size_t items, void *user)
{
    struct waiting *waiting = user;

    (void)sem_post(&waiting->begun);
    (void)sem_wait(&waiting->go_on);
    return items;
}

static void *run_call(void *data)
{
    struct waiting *waiting = data;

    waiting->status = PARFUN_CALL(
            waiting->function, ITEMS, PARFUN_ARRAY(numbers), PARFUN_ARRAY(results));
    return NULL;
}

static void *run_shutdown(void *data)
{
    struct waiting *waiting = data;

    (void)sem_post(&waiting->go_on);
    return parfun_shutdown() ? waiting : NULL;
}

/* Several threads end the library while a call is under way. */
static void waits_for_calls_and_shuts_down_once(void **state)
{
    (void)state;
    for (int round = 0; round < ROUNDS; round++) {
        struct waiting waiting = { .status = PARFUN_SYSTEM };
        pthread_t call, end[3];
        void *wrong;

        assert_int_equal(sem_init(&waiting.begun, 0, 0), 0);
        assert_int_equal(sem_init(&waiting.go_on, 0, 0), 0);
        EXPECT_SUCCESS(parfun_function_create(&parfun_kernel_e_twice,
                PARFUN_OPTIONS(.fixed_rule = wait_inside, .user = &waiting),
                &waiting.function));
        assert_int_equal(pthread_create(&call, NULL, run_call, &waiting), 0);
        (void)sem_wait(&waiting.begun);
        for (int i = 0; i < 3; i++)
            assert_int_equal(
                    pthread_create(&end[i], NULL, run_shutdown, &waiting), 0);
        for (int i = 0; i < 3; i++) {
            assert_int_equal(pthread_join(end[i], &wrong), 0);
            assert_null(wrong);
        }
        assert_int_equal(pthread_join(call, NULL), 0);
        assert_int_equal(waiting.status, PARFUN_OK);
        parfun_function_destroy(waiting.function);
        (void)sem_destroy(&waiting.begun);
        (void)sem_destroy(&waiting.go_on);
    }
}

static void *run_destroy(void *data)
{
    struct waiting *waiting = data;

    (void)sem_post(&waiting->go_on);
    parfun_function_destroy(waiting->function);
    return NULL;
}

static void waits_for_a_call_before_its_function_ends(void **state)
{
    (void)state;
    struct waiting waiting = { .status = PARFUN_SYSTEM };
    pthread_t call, end;

    assert_int_equal(sem_init(&waiting.begun, 0, 0), 0);
    assert_int_equal(sem_init(&waiting.go_on, 0, 0), 0);
    EXPECT_SUCCESS(parfun_function_create(&parfun_kernel_e_twice,
            PARFUN_OPTIONS(.fixed_rule = wait_inside, .user = &waiting),
            &waiting.function));
    assert_int_equal(pthread_create(&call, NULL, run_call, &waiting), 0);
    (void)sem_wait(&waiting.begun);
    assert_int_equal(pthread_create(&end, NULL, run_destroy, &waiting), 0);
    assert_int_equal(pthread_join(end, NULL), 0);
    assert_int_equal(pthread_join(call, NULL), 0);
    assert_int_equal(waiting.status, PARFUN_OK);
    (void)sem_destroy(&waiting.begun);
    (void)sem_destroy(&waiting.go_on);
}

/* ---- Forks ----------------------------------------------------------------------------------- */

static struct parfun_running *started; /* by the parent, before the fork; or NULL */

/* In the child of a fork; 0 if all is as promised. */
static int check_child(void)
{
    if (started)
        EXPECT_FAILURE(parfun_finish(started), PARFUN_SYSTEM,
                "e_twice(): the call was started before fork()");
    EXPECT_FAILURE(parfun_set_backend("threads:2"), PARFUN_SYSTEM,
            "parfun_set_backend(): backend \"threads:2\": after fork()",
            "\"serial\"", "exec");
    EXPECT_FAILURE(parfun_set_backend("opencl"), PARFUN_SYSTEM,
            "parfun_set_backend(): after fork() the child has no threads and no opencl devices",
            "\"serial\"");
    EXPECT_FAILURE(e_twice(ITEMS, numbers, results), PARFUN_SYSTEM,
            "e_twice(): ", "after fork()", "\"serial\"");
    EXPECT_SUCCESS(parfun_set_backend("serial"));
    expect_next_call_to_work();
    EXPECT_SUCCESS(parfun_push_backend("none"));
    expect_next_call_to_work();
    EXPECT_SUCCESS(parfun_shutdown());
    expect_next_call_to_work();
    return 0;
}

/* Forks, and sees how the child ends; a child that hangs is ended by its alarm. */
static int fork_and_check(void)
{
    int status = -1;
    const pid_t pid = fork();

    if (pid == 0) {
        (void)alarm(20);
        _exit(check_child());
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 1;
    return !WIFEXITED(status) || WEXITSTATUS(status) ? 2 : 0;
}

static int play_fork(void)
{
    EXPECT_SUCCESS(parfun_set_backend("threads:2"));
    (void)!parfun_set_backend("threads:2, opencl"); /* where there is one */
    expect_next_call_to_work();
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    /* where no thread works on it: sanitizers do not survive forks beside malloc() */
    EXPECT_SUCCESS(parfun_push_backend("serial"));
    EXPECT_SUCCESS(parfun_start(e_twice_function(), ITEMS,
            (struct parfun_value[]){ PARFUN_ARRAY(numbers), PARFUN_ARRAY(results) },
            2, &started));
    EXPECT_SUCCESS(parfun_pop_backend());
    if (fork_and_check())
        return 3;
    EXPECT_SUCCESS(parfun_finish(started));
    started = NULL;
    expect_next_call_to_work();
    return 0;
}

static atomic_bool enough;

static void *call_on_and_on(void *data)
{
    float x[ITEMS] = { 0 }, y[ITEMS] = { 0 };

    (void)data;
    while (!atomic_load(&enough))
        if (e_saxpy(ITEMS, 2, x, y))
            return "a call beside the forks failed";
    return NULL;
}

static int play_forks_beside_calls(void)
{
    pthread_t thread;
    void *wrong;
    int failed = 0;

    EXPECT_SUCCESS(parfun_set_backend("threads:2"));
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    if (pthread_create(&thread, NULL, call_on_and_on, NULL))
        return 4;
    for (int i = 0; i < FORKS && !failed; i++)
        failed = fork_and_check();
    atomic_store(&enough, true);
    return pthread_join(thread, &wrong) || wrong || failed;
}

static const struct scene scenes[] = {
    { "fork", play_fork },
    { "forks beside calls", play_forks_beside_calls },
};

static void leaves_the_child_of_a_fork_serial(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("fork", &child, "PARFUN_BACKEND=threads:2");
    child_expect_success(&child);
    CHILD_RUN("fork", &child, "PARFUN_BACKEND=opencl");
    child_expect_success(&child);
}

static void survives_forks_while_calls_are_under_way(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("forks beside calls", &child, "PARFUN_BACKEND=threads:2");
    child_expect_success(&child);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(
                refuses_to_shut_down_inside_a_call, expect_to_go_on),
        cmocka_unit_test_teardown(
                refuses_to_choose_for_all_inside_a_call, expect_to_go_on),
        cmocka_unit_test_teardown(nests_calls_and_scopes, expect_to_go_on),
        cmocka_unit_test_teardown(
                keeps_a_function_that_is_destroyed_inside_its_call,
                expect_to_go_on),
        cmocka_unit_test_teardown(
                destroys_an_idle_function_inside_a_call, expect_to_go_on),
        cmocka_unit_test_teardown(
                leaves_generated_functions_alone, expect_to_go_on),
        cmocka_unit_test_teardown(begins_again_after_a_shutdown, expect_to_go_on),
        cmocka_unit_test_teardown(
                waits_for_calls_and_shuts_down_once, expect_to_go_on),
        cmocka_unit_test_teardown(
                waits_for_a_call_before_its_function_ends, expect_to_go_on),
        cmocka_unit_test_teardown(
                leaves_the_child_of_a_fork_serial, expect_to_go_on),
        cmocka_unit_test_teardown(
                survives_forks_while_calls_are_under_way, expect_to_go_on),
    };
    const int played =
            child_play(argc, argv, scenes, sizeof scenes / sizeof *scenes);

    return without_leaks(played >= 0
                    ? played
                    : cmocka_run_group_tests_name("errors.life", tests,
                              expect_threads, expect_shutdown));
}
