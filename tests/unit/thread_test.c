/* SPDX-License-Identifier: Apache-2.0 */
/* Threads, locks, conditions: that waiting ends, and what a new thread is like. */
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/thread.h"
#include "support/cmocka.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct meeting {
    struct pf_lock lock;
    struct pf_condition changed;
    int turn;
    long count;
};

static void open_meeting(struct meeting *meeting)
{
    meeting->turn = 0;
    meeting->count = 0;
    assert_int_equal(pf_lock_init(&meeting->lock), PARFUN_OK);
    assert_int_equal(pf_condition_init(&meeting->changed), PARFUN_OK);
}

static void close_meeting(struct meeting *meeting)
{
    pf_condition_finish(&meeting->changed);
    pf_lock_finish(&meeting->lock);
}

static void count_up(void *argument)
{
    struct meeting *meeting = argument;
    for (int i = 0; i < 10000; i++) {
        pf_lock_take(&meeting->lock);
        meeting->count++;
        pf_lock_give(&meeting->lock);
    }
}

static void lets_one_thread_in_at_a_time(void **state)
{
    (void)state;
    enum { THREADS = 4 };
    struct meeting meeting;
    struct pf_thread threads[THREADS];
    open_meeting(&meeting);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
                pf_thread_start(&threads[i], "counter", count_up, &meeting),
                PARFUN_OK);
    for (int i = 0; i < THREADS; i++)
        pf_thread_join(&threads[i]);
    assert_int_equal(meeting.count, 10000 * THREADS);
    close_meeting(&meeting);
}

static void play(void *argument)
{
    struct meeting *meeting = argument;
    pf_lock_take(&meeting->lock);
    for (int i = 0; i < 1000; i++) {
        while (meeting->turn != 1)
            pf_condition_wait(&meeting->changed, &meeting->lock);
        meeting->turn = 0;
        meeting->count++;
        pf_condition_wake_all(&meeting->changed);
    }
    pf_lock_give(&meeting->lock);
}

static void wakes_the_one_that_waits(void **state)
{
    (void)state;
    struct meeting meeting;
    struct pf_thread thread;
    open_meeting(&meeting);
    assert_int_equal(pf_thread_start(&thread, "player", play, &meeting), PARFUN_OK);
    pf_lock_take(&meeting.lock);
    for (int i = 0; i < 1000; i++) {
        while (meeting.turn != 0)
            assert_true(pf_condition_wait_until(
                    &meeting.changed, &meeting.lock, UINT64_MAX));
        meeting.turn = 1;
        pf_condition_wake_one(&meeting.changed);
    }
    pf_lock_give(&meeting.lock);
    pf_thread_join(&thread);
    assert_int_equal(meeting.count, 1000);
    close_meeting(&meeting);
}

static void stops_waiting_when_the_clock_says_so(void **state)
{
    (void)state;
    struct meeting meeting;
    open_meeting(&meeting);
    pf_lock_take(&meeting.lock);
    uint64_t end_ns = pf_clock_ns() + 2000000;
    while (pf_condition_wait_until(&meeting.changed, &meeting.lock, end_ns))
        ;
    assert_true(pf_clock_ns() >= end_ns);
    assert_false(pf_condition_wait_until(&meeting.changed, &meeting.lock, 0));
    pf_lock_give(&meeting.lock);
    close_meeting(&meeting);
}

static void never_goes_back_in_time(void **state)
{
    (void)state;
    uint64_t last_ns = pf_clock_ns();
    assert_true(last_ns > 0);
    for (int i = 0; i < 1000; i++) {
        uint64_t now_ns = pf_clock_ns();
        assert_true(now_ns >= last_ns);
        last_ns = now_ns;
    }
}

struct look {
    char name[32];
    bool takes_signals;
};

static void look_around(void *argument)
{
    struct look *look = argument;
    pthread_getname_np(pthread_self(), look->name, sizeof look->name);
    sigset_t blocked;
    pthread_sigmask(SIG_BLOCK, NULL, &blocked);
    look->takes_signals = !sigismember(&blocked, SIGINT)
            || !sigismember(&blocked, SIGUSR1) || !sigismember(&blocked, SIGALRM);
}

static void starts_threads_that_take_no_signals_and_have_a_name(void **state)
{
    (void)state;
    struct look look = { "", true };
    struct pf_thread thread;
    sigset_t before, after;
    pthread_sigmask(SIG_BLOCK, NULL, &before);
    assert_int_equal(
            pf_thread_start(&thread, "parfun a long name", look_around, &look),
            PARFUN_OK);
    pf_thread_join(&thread);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    assert_string_equal(look.name, "parfun a long n");
    assert_false(look.takes_signals);
    assert_int_equal(sigismember(&after, SIGINT), sigismember(&before, SIGINT));
}

static void pin_everywhere(void *argument)
{
    unsigned *pinned = argument;
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    if (sched_getaffinity(0, sizeof allowed, &allowed))
        return;
    for (unsigned i = 0; i < CPU_SETSIZE; i++)
        if (CPU_ISSET(i, &allowed) && pf_thread_pin(i) == PARFUN_OK
                && sched_getcpu() == (int)i)
            ++*pinned;
}

static void pins_a_thread_to_each_processor(void **state)
{
    (void)state;
    unsigned pinned = 0;
    cpu_set_t allowed;
    CPU_ZERO(&allowed);
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    struct pf_thread thread;
    assert_int_equal(
            pf_thread_start(&thread, "pin", pin_everywhere, &pinned), PARFUN_OK);
    pf_thread_join(&thread);
    assert_int_equal(pinned, CPU_COUNT(&allowed));
}

static void says_which_processor_there_is_not(void **state)
{
    (void)state;
    assert_int_equal(pf_thread_pin(1000000), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "1000000"));
}

static void end_one(void *data)
{
    int *order = data;
    *order = *order * 10 + 1;
}

static void end_two(void *data)
{
    int *order = data;
    *order = *order * 10 + 2;
}

static void ask_for_ends(void *argument)
{
    int *order = argument;
    if (!pf_thread_at_end(end_one, order) || !pf_thread_at_end(end_two, order))
        *order = -1;
}

static void does_what_was_asked_at_a_threads_end(void **state)
{
    (void)state;
    int order = 0;
    struct pf_thread thread;
    assert_int_equal(
            pf_thread_start(&thread, "ends", ask_for_ends, &order), PARFUN_OK);
    pf_thread_join(&thread);
    assert_int_equal(order, 21);
}

static volatile sig_atomic_t is_child;

static void notice_child(void)
{
    is_child = 1;
}

static void tells_the_child_of_a_fork(void **state)
{
    (void)state;
    assert_int_equal(pf_thread_at_fork(notice_child), PARFUN_OK);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0)
        _exit(is_child ? 0 : 1);
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(is_child, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lets_one_thread_in_at_a_time),
        cmocka_unit_test(wakes_the_one_that_waits),
        cmocka_unit_test(stops_waiting_when_the_clock_says_so),
        cmocka_unit_test(never_goes_back_in_time),
        cmocka_unit_test(starts_threads_that_take_no_signals_and_have_a_name),
        cmocka_unit_test(pins_a_thread_to_each_processor),
        cmocka_unit_test(says_which_processor_there_is_not),
        cmocka_unit_test(does_what_was_asked_at_a_threads_end),
        cmocka_unit_test(tells_the_child_of_a_fork),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
