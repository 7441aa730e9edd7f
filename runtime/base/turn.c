/* SPDX-License-Identifier: Apache-2.0 */
/* turn.c: a queue of threads before one thing. */
#include "runtime/base/turn.h"

#include "runtime/base/clock.h"
#include "runtime/base/patience.h"

#include <stdatomic.h>
#include <stddef.h>

static const uint64_t LONG_NS = 3600000000000u; /* an hour */

/* On the stack of who waits. */
struct pf_turn_wait {
    atomic_bool has_it;
    struct pf_turn_wait *next;
};

enum parfun_status pf_turn_init(struct pf_turn *turn)
{
    enum parfun_status status;

    *turn = (struct pf_turn){ .taken = false };
    status = pf_lock_init(&turn->lock);
    if (status)
        return status;
    status = pf_condition_init(&turn->passed);
    if (status)
        pf_lock_finish(&turn->lock);
    return status;
}

void pf_turn_finish(struct pf_turn *turn)
{
    pf_condition_finish(&turn->passed);
    pf_lock_finish(&turn->lock);
}

/* Takes it if it is free; else joins those who wait. */
static bool take_or_join_locked(struct pf_turn *turn, struct pf_turn_wait *wait)
{
    const bool is_free = !turn->taken;

    turn->taken = true;
    if (is_free)
        return true;
    if (turn->last)
        turn->last->next = wait;
    else
        turn->first = wait;
    turn->last = wait;
    return false;
}

static void leave(struct pf_turn *turn, const struct pf_turn_wait *wait)
{
    struct pf_turn_wait *before = NULL;

    for (struct pf_turn_wait *at = turn->first; at != wait; at = at->next)
        before = at;
    if (before)
        before->next = wait->next;
    else
        turn->first = wait->next;
    if (turn->last == wait)
        turn->last = before;
}

/* Being woken would take as long. */
static void wait_awake(struct pf_turn_wait *wait)
{
    const struct pf_patience patience = pf_patience_begin();

    while (!atomic_load(&wait->has_it) && pf_patience_wait(&patience))
        continue;
}

static bool take_or_join(struct pf_turn *turn, struct pf_turn_wait *wait)
{
    bool mine;

    pf_lock_take(&turn->lock);
    mine = take_or_join_locked(turn, wait);
    pf_lock_give(&turn->lock);
    if (!mine)
        wait_awake(wait);
    return mine;
}

/* Has it come?  `stays`: whoever waits keeps the place in the queue if not. */
static bool await(struct pf_turn *turn, struct pf_turn_wait *wait, uint64_t end_ns,
        bool stays)
{
    bool in_time = true, mine;

    pf_lock_take(&turn->lock);
    while (!atomic_load(&wait->has_it) && in_time)
        in_time = pf_condition_wait_until(&turn->passed, &turn->lock, end_ns);
    mine = atomic_load(&wait->has_it);
    if (!mine && !stays)
        leave(turn, wait);
    pf_lock_give(&turn->lock);
    return mine;
}

static bool goes_on(void *unused)
{
    (void)unused;
    return true;
}

void pf_turn_take(struct pf_turn *turn)
{
    (void)pf_turn_take_while(turn, LONG_NS, goes_on, NULL);
}

bool pf_turn_take_until(struct pf_turn *turn, uint64_t end_ns)
{
    struct pf_turn_wait wait = { .next = NULL };

    return take_or_join(turn, &wait) || await(turn, &wait, end_ns, false);
}

bool pf_turn_take_while(struct pf_turn *turn, uint64_t period_ns,
        bool (*may_wait)(void *context), void *context)
{
    struct pf_turn_wait wait = { .next = NULL };

    if (take_or_join(turn, &wait))
        return true;
    while (!await(turn, &wait, pf_clock_ns() + period_ns, true))
        if (!may_wait(context))
            return await(turn, &wait, 0, false);
    return true;
}

void pf_turn_give(struct pf_turn *turn)
{
    struct pf_turn_wait *next;

    pf_lock_take(&turn->lock);
    next = turn->first;
    if (next) {
        turn->first = next->next;
        if (!turn->first)
            turn->last = NULL;
        atomic_store(&next->has_it, true);
        pf_condition_wake_all(&turn->passed);
    } else {
        turn->taken = false;
    }
    pf_lock_give(&turn->lock);
}
