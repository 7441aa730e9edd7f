/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_state.h: what a plan consists of; for plan*.c and forecast.c alone.
 *
 * forecast.c   how much work is where, how fast everybody is, when all finish
 * plan_begin.c who takes part
 * plan_side.c  the CPU workers or the devices, if both are the same cores
 * plan_size.c  how many items a worker wants
 * plan.c       handing out, taking back, learning
 */
#ifndef PF_PLAN_STATE_H
#define PF_PLAN_STATE_H

#include "runtime/plan.h"

enum {
    PF_PLAN_DEPTH = 3, /* partitions in flight on a device, at most */
    PF_PLAN_LOG = 1024 /* partitions kept to learn the density */
};

#define PF_PLAN_NEVER 1e30 /* seconds */

/* Who may work, if the devices run on the CPU workers' cores. */
enum pf_plan_side { PF_PLAN_BOTH, PF_PLAN_CPU, PF_PLAN_DEVICES };

/* A run of items that is, or may be, in one worker's hands. */
struct pf_plan_range {
    size_t first, items;
    double work;
    double moved_in; /* predicted end of its transfer in, in a queue */
};

/* What is known about a class in this call, from its model and its level. */
struct pf_plan_speed {
    double rate;     /* seconds per unit of work, execution only; 0: unknown */
    double stage;    /* the same of the slowest stage */
    double overhead; /* per partition */
    double shortest; /* kernel */
    double least;    /* execution worth its overhead takes at least this */
    double before;   /* from a decision to the begin of its work */
    double in, out;  /* transfers, seconds per item */
    double longest;  /* that its costliest item may take; 0: items are alike */
};

/* Measured against predicted seconds of the partitions near the frontier. */
struct pf_plan_level {
    double predicted, measured;
    double at; /* work of the call when last updated */
};

struct pf_plan_worker {
    bool active; /* takes part in this call */
    bool asked;  /* since it became active */
    bool parked; /* was refused, and nothing has changed for it */
    bool absent; /* will not ask */
    bool late;   /* is still being built */
    unsigned outstanding;
    double started;   /* start of the oldest outstanding one */
    double moved_in;  /* predicted end of the last transfer in */
    double executed;  /* predicted end of the last execution */
    double moved_out; /* predicted end of the last transfer out */
    size_t largest;   /* partition it was given */
    double taken;     /* work it was given in this call, and has not returned */
};

/* From when on, and how fast, a worker turns time into work. */
struct pf_plan_lane {
    double opens; /* nothing it starts now is finished before */
    double start; /* work counts from here */
    double speed; /* work per second */
    unsigned worker;
};

/* Where a partition begins, or, from there down, where it ends. */
struct pf_plan_place {
    size_t item;
    bool down;
};

struct pf_plan {
    unsigned room; /* workers */
    struct pf_model *model;
    const struct pf_plan_machine *machine;
    struct pf_plan_call call;
    bool serial;     /* the caller does everything itself */
    bool first_call; /* nothing is known about the density */
    bool trial;      /* an excluded class is measured again */
    bool use_density;
    enum pf_plan_side side;
    bool switched; /* and nobody was told yet */
    unsigned used; /* bit set: classes that took something */
    unsigned outstanding, awaited, parked; /* of all workers */
    size_t next, end;          /* the frontiers: items between were never handed
                                  out */
    size_t largest;            /* items of the largest finished CPU partition */
    double left;               /* work of all items in nobody's hands */
    double latest;             /* latest sane time seen */
    double finished;           /* work */
    double level_prior;        /* seconds of pseudo-evidence for level 1 */
    struct pf_density density; /* as it was when the call began */
    struct pf_plan_level level[PF_MODEL_CLASSES];
    struct pf_plan_speed speed[PF_MODEL_CLASSES];
    size_t log_seen, log_count;
    size_t returned_items;
    unsigned returned_count;
    struct pf_plan_range *returned; /* room for all outstanding, twice */
    struct pf_plan_range *queue;    /* PF_PLAN_DEPTH of each worker */
    struct pf_plan_lane *lane;      /* of each worker; nearly sorted */
    unsigned *order;                /* workers in the order of their lanes */
    struct pf_density_sample *log;
    struct pf_plan_worker worker[];
};

static inline bool pf_plan_is_cpu(const struct pf_plan *plan, unsigned worker)
{
    return worker < plan->machine->cpu_workers;
}

static inline unsigned pf_plan_class(const struct pf_plan *plan, unsigned worker)
{
    return plan->machine->device_class[worker];
}

static inline const struct pf_device_facts *pf_plan_facts(
        const struct pf_plan *plan, unsigned worker)
{
    return &plan->machine->facts[pf_plan_class(plan, worker)];
}

static inline const struct pf_plan_speed *pf_plan_speed(
        const struct pf_plan *plan, unsigned worker)
{
    return &plan->speed[pf_plan_class(plan, worker)];
}

static inline bool pf_plan_is_known(const struct pf_plan *plan, unsigned worker)
{
    return pf_plan_speed(plan, worker)->rate > 0;
}

/* plan.c: partitions that the worker may have in flight. */
unsigned pf_plan_depth(const struct pf_plan *plan, unsigned worker);

/* plan_begin.c */
void pf_plan_activate(struct pf_plan *plan, unsigned worker);
void pf_plan_deactivate(struct pf_plan *plan, unsigned worker);
bool pf_plan_activate_more(struct pf_plan *plan, double now);

/* plan_side.c: who works from now on; true if others do than before. */
bool pf_plan_choose_side(struct pf_plan *plan, double now);
void pf_plan_begin_side(struct pf_plan *plan);
/* A device has been built and asks for the first time. */
void pf_plan_join_side(struct pf_plan *plan, unsigned worker, double now);
/* Would nobody of the side that works take what is left, or is it this worker's? */
bool pf_plan_has_turn(const struct pf_plan *plan, unsigned worker);

/* plan_begin.c: CPU workers 0 .. n - 1 for the fastest n. */
void pf_plan_choose_cpu_workers(struct pf_plan *plan);
/* Is a class that was left out to be measured again, in a call that takes `without`
 * seconds without it?  Then it is forgotten. */
bool pf_plan_due_for_trial(struct pf_plan *plan, unsigned worker, double without);

/* plan_size.c: items that this worker wants now, from `place` on; 0: nothing.
 * `must`: nobody else would take the rest. */
double pf_plan_wanted(const struct pf_plan *plan, unsigned worker, double now,
        double finish, bool must, struct pf_plan_place place);
/* Is it sure to want nothing? */
bool pf_plan_refuses(
        const struct pf_plan *plan, unsigned worker, double now, double finish);
/* What may be had of it from `first` on: `most` at most. */
size_t pf_plan_round(const struct pf_plan *plan, unsigned worker, size_t first,
        double wanted, size_t most);

#endif
