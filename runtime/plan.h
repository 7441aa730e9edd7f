/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.h: the decisions of one call: which workers take part, and how many items
 * the worker that asks gets next.
 *
 *     pf_plan_begin(...)                    who takes part
 *     every worker that is active, as often as it has room:
 *         pf_plan_take(...)                 0: ask again after a done or absent
 *         ... run the partition ...
 *         pf_plan_done(...)                 its oldest outstanding one is finished
 *     pf_plan_end(plan)                     the model learns
 *
 * Pure: no clock, no threads, no devices; the same numbers give the same
 * decisions.  The caller holds a lock around each function, measures the times and
 * moves the data.  Whatever times are reported (0, NaN, negative, huge), every
 * item is handed out exactly once and the call ends.
 *
 * Units: seconds since pf_plan_begin(), items, bytes.
 */
#ifndef PF_PLAN_H
#define PF_PLAN_H

#include "runtime/cuts.h"
#include "runtime/model.h"
#include <parfun.h>

/* The machine as chosen for a call.  Worker 0 is the calling thread.  Workers
 * 0 .. cpu_workers - 1 are CPU workers, of device class 0; the others drive one
 * device each.  With cpu_workers 0 the caller drives device worker 0. */
struct pf_plan_machine {
    unsigned workers;
    unsigned cpu_workers;
    const unsigned *device_class;        /* of each worker: index into facts */
    const struct pf_device_facts *facts; /* of each class */
    unsigned classes;
    bool exclusive; /* the devices run on the CPU workers' cores: either the ones
                       work or the others, whoever finishes first */
    double wake_first_s; /* until the first woken worker runs */
    double wake_next_s;  /* that waking one costs who wakes it */
    unsigned wake_fan;   /* that the caller, and each woken one, wakes */
    double share_s; /* that a call takes longer if CPU workers share it, awake or
                            not: what they read was written elsewhere, and the last
                            report must be seen */
};

struct pf_plan_call {
    size_t items;
    double bytes_in, bytes_out; /* per item, that devices must move */
    size_t multiple;            /* of every size but the last; at least 1 */
    size_t initial;             /* the caller's first size while a class is
                                   unmeasured; 0: ours */
    size_t largest;             /* no partition above this; 0: no limit */
    double limit_s;             /* after which the call is stopped; 0: never */
    bool watched;               /* by somebody who is told how far it is, and can
                                   stop it */
    struct pf_cuts cuts; /* where partitions may end, if `at` is not NULL: the
                                   items above are its rows */
    bool two_ends;       /* devices beside a first worker take from the last
                                   item down: in calls that are alike each gets the
                                   items whose data it has had before. Not with `cuts` */
};

struct pf_plan_times {
    double now;      /* when this is reported */
    double run;      /* of execution: kernel event, or wall time; 0: no sample, such
                        as a device's first launch, which pays for compilation */
    double executed; /* when execution ended; at most now */
};

/* Seconds from when the caller begins to wake `count` CPU workers until the one
 * numbered `order`, from 1, is there and has woken those that are its to wake. */
double pf_plan_wake_s(
        const struct pf_plan_machine *machine, unsigned order, unsigned count);

struct pf_plan; /* opaque; can be kept and begun again for another call */

/* Room for calls with up to `workers` workers. */
enum parfun_status pf_plan_create(unsigned workers, struct pf_plan **plan);
void pf_plan_destroy(struct pf_plan *plan);

/* Start a call.  machine, call and model must outlive it.  `ready[w]`: the worker
 * can start at once (a device that is still being built may ask when it is). */
void pf_plan_begin(struct pf_plan *plan, struct pf_model *model,
        const struct pf_plan_machine *machine, const struct pf_plan_call *call,
        const bool *ready);

/* Should this worker be woken now?  Worker 0 runs in any case. */
bool pf_plan_active(const struct pf_plan *plan, unsigned worker);

/* Should this worker come when the call begins?  Those that are active should, and
 * those that may take over from others later. */
bool pf_plan_summons(const struct pf_plan *plan, unsigned worker);

/* May the call go on without this worker, which is active but has not come? */
bool pf_plan_dispensable(const struct pf_plan *plan, unsigned worker);

/* How many items worker w takes now, from *first on.  0: nothing now; ask again
 * after the next pf_plan_done(), _absent() or _return() of anybody.  0 is never
 * returned to all: as long as items are left, a partition is outstanding or an
 * active worker has not asked yet (report one that can not start with
 * pf_plan_absent()). */
size_t pf_plan_take(
        struct pf_plan *plan, unsigned worker, double now, size_t *first);

/* Seconds from the last pf_plan_take() until this worker should be done with all it
 * has; 0 if nothing is known of it. */
double pf_plan_expected(const struct pf_plan *plan, unsigned worker);

/* The oldest outstanding partition of this worker is finished.  True: more workers
 * became active, or parked ones may get something now: look at pf_plan_active()
 * and ask again for them.  Insane times are ignored. */
bool pf_plan_done(
        struct pf_plan *plan, unsigned worker, const struct pf_plan_times *times);

/* The oldest outstanding partition of this worker was not run: its items are
 * handed out again.  Nothing is learned from it. */
void pf_plan_return(struct pf_plan *plan, unsigned worker);

/* This worker will not ask any more.  Only if it has nothing outstanding.  Then
 * ask again for everybody else. */
void pf_plan_absent(struct pf_plan *plan, unsigned worker);

/* Items not handed out (also returned ones). */
size_t pf_plan_left(const struct pf_plan *plan);

/* All items are done, or the call has failed: learn. */
void pf_plan_end(struct pf_plan *plan);

/* The size that the estimator would choose for this worker's class now, in items,
 * for reports. */
size_t pf_plan_size(const struct pf_plan *plan, unsigned worker);

#endif
