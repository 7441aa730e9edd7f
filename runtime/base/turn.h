/* SPDX-License-Identifier: Apache-2.0 */
/*
 * turn.h: what one thread at a time has for long, a whole call perhaps.  The others get it
 * in the order in which they asked, and sleep meanwhile.
 */
#ifndef PF_BASE_TURN_H
#define PF_BASE_TURN_H

#include "runtime/base/thread.h"

struct pf_turn {
    struct pf_lock lock;
    struct pf_condition passed;
    bool taken;
    struct pf_turn_wait *first, *last; /* who waits */
};

enum parfun_status pf_turn_init(struct pf_turn *turn);
void pf_turn_finish(struct pf_turn *turn);

void pf_turn_take(struct pf_turn *turn);
/* Until pf_clock_ns() reaches end_ns at the latest; false if it has. */
bool pf_turn_take_until(struct pf_turn *turn, uint64_t end_ns);
/* Asks every period_ns whether to wait any longer; false if not. */
bool pf_turn_take_while(struct pf_turn *turn, uint64_t period_ns,
        bool (*may_wait)(void *context), void *context);
void pf_turn_give(struct pf_turn *turn);

#endif
