/* SPDX-License-Identifier: Apache-2.0 */
/* turn_test.c: a queue of threads before one thing. */
#include "support/cmocka.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/turn.h"

#include <sched.h>
#include <stdatomic.h>

enum { THREADS = 4, TIMES = 1000 };

static const uint64_t MOMENT_NS = 1000000, MINUTE_NS = 60000000000u;

/* ---- One at a time ---------------------------------------------------------------------- */

static struct pf_turn turn;
static long count; /* of whoever has the turn */
static unsigned order[THREADS];
static unsigned came;

static void open_turn(void)
{
    assert_int_equal(pf_turn_init(&turn), PARFUN_OK);
    count = 0;
    came = 0;
}

static void count_up(void *unused)
{
    (void)unused;
    for (int i = 0; i < TIMES; i++) {
        pf_turn_take(&turn);
        count++;
        pf_turn_give(&turn);
    }
}

static void run_threads(void (*run)(void *argument))
{
    struct pf_thread threads[THREADS];

    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
                pf_thread_start(&threads[i], "turn", run, NULL), PARFUN_OK);
    for (int i = 0; i < THREADS; i++)
        pf_thread_join(&threads[i]);
}

static void one_thread_has_it_at_a_time(void **state)
{
    (void)state;
    open_turn();
    run_threads(count_up);
    assert_int_equal(count, TIMES * THREADS);
    pf_turn_finish(&turn);
}

/* ---- Order -------------------------------------------------------------------------------- */

static bool note_periods(void *context)
{
    atomic_uint *periods = context;

    atomic_fetch_add(periods, 1);
    return true;
}

struct waiter {
    struct pf_thread thread;
    unsigned number;
    atomic_uint periods;
};

static void wait_for_turn(void *argument)
{
    struct waiter *waiter = argument;

    if (!pf_turn_take_while(&turn, MOMENT_NS, note_periods, &waiter->periods))
        return;
    order[came++] = waiter->number;
    pf_turn_give(&turn);
}

/* Also by those who have asked again and again whether to wait any longer. */
static void whoever_asked_first_gets_it_first(void **state)
{
    static struct waiter waiters[THREADS];

    (void)state;
    open_turn();
    pf_turn_take(&turn);
    for (unsigned i = 0; i < THREADS; i++) {
        waiters[i].number = i;
        atomic_store(&waiters[i].periods, 0);
        assert_int_equal(pf_thread_start(&waiters[i].thread, "waiter",
                                 wait_for_turn, &waiters[i]),
                PARFUN_OK);
        while (atomic_load(&waiters[i].periods) < 3)
            (void)sched_yield();
    }
    pf_turn_give(&turn);
    for (unsigned i = 0; i < THREADS; i++)
        pf_thread_join(&waiters[i].thread);
    assert_int_equal(came, THREADS);
    for (unsigned i = 0; i < THREADS; i++)
        assert_int_equal(order[i], i);
    pf_turn_finish(&turn);
}

/* ---- Giving up ----------------------------------------------------------------------------- */

static bool ask_twice(void *context)
{
    unsigned *asked = context;

    return ++*asked < 2;
}

static void leaves_the_queue_when_it_need_not_wait_any_longer(void **state)
{
    unsigned asked = 0;

    (void)state;
    open_turn();
    pf_turn_take(&turn);
    assert_false(pf_turn_take_while(&turn, MOMENT_NS, ask_twice, &asked));
    assert_int_equal(asked, 2);
    assert_false(pf_turn_take_until(&turn, pf_clock_ns() + MOMENT_NS));
    assert_false(pf_turn_take_until(&turn, 0));
    pf_turn_give(&turn);
    assert_true(pf_turn_take_until(&turn, 0)); /* those who left do not have it */
    pf_turn_give(&turn);
    pf_turn_finish(&turn);
}

static void try_again_and_again(void *unused)
{
    (void)unused;
    for (int i = 0; i < TIMES; i++) {
        if (!pf_turn_take_until(&turn, i % 2 ? 0 : pf_clock_ns() + MINUTE_NS))
            continue;
        count++;
        pf_turn_give(&turn);
    }
}

/* Neither lost nor given twice when it comes as somebody leaves. */
static void is_not_lost_among_those_who_leave(void **state)
{
    (void)state;
    open_turn();
    run_threads(try_again_and_again);
    assert_in_range(count, TIMES / 2 * THREADS, TIMES * THREADS);
    assert_true(pf_turn_take_until(&turn, 0));
    pf_turn_give(&turn);
    pf_turn_finish(&turn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_thread_has_it_at_a_time),
        cmocka_unit_test(whoever_asked_first_gets_it_first),
        cmocka_unit_test(leaves_the_queue_when_it_need_not_wait_any_longer),
        cmocka_unit_test(is_not_lost_among_those_who_leave),
    };

    return cmocka_run_group_tests_name("turn", tests, NULL, NULL);
}
