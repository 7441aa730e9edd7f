/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call.h: one simulated call, from its first partition to its last: discrete events
 * on a made-up machine.  Decisions are serialised by a lock, as in the library.
 *
 * Units: seconds since the call began.
 */
#ifndef SIM_CALL_H
#define SIM_CALL_H

#include "tools/bench/simulate/load.h"
#include "tools/bench/simulate/machine.h"
#include "tools/bench/simulate/random.h"

#include <stdbool.h>

/* What goes wrong. */
struct sim_fault {
    double noise;       /* scales all noise; 1: a quiet machine */
    double preemptions; /* per second and core, 0.3 or (noisy) 1 ms each */
    double setup;       /* per CPU partition, in the user's function */
    double slow_after;  /* part of the lower bound after which ...; 0: never */
    double slow_cpu, slow_device; /* ... they are slower by these */
    unsigned sick;                /* first samples of a class that are ... */
    double sick_factor;           /* ... slower by this, in calls 1 to 3 */
};

struct sim_call {
    const struct sim_machine *machine;
    const struct sim_load *load;
    struct sim_fault fault;
    bool cold;                 /* programs must be built */
    double slow_at;            /* when the machine slows down */
    double drift[SIM_WORKERS]; /* seconds of this worker in this call, relative */
    unsigned *samples;         /* of each class, so far; grows */
    struct sim_random random;
};

/* How a partition went. */
struct sim_times {
    double now, run, executed;
};

/* Who decides.  Of the functions those that are NULL are not called. */
struct sim_scheduler {
    const char *name;
    unsigned depth;    /* partitions in flight on a device; 0: 1 or 2, the better */
    bool learns;       /* earlier calls matter */
    double most_items; /* more would take too long to simulate; 0: no limit */
    void *(*create)(const struct sim_machine *machine, struct sim_random *random);
    void (*destroy)(void *self);
    void (*begin)(void *self, const struct sim_call *call);
    bool (*active)(const void *self, unsigned worker);
    /* The size of the worker's next partition; 0: nothing now. */
    size_t (*take)(void *self, unsigned worker, double now, size_t *first);
    /* The worker's oldest partition has ended. */
    void (*done)(void *self, unsigned worker, size_t items,
            const struct sim_times *times);
    void (*end)(void *self);
    /* Multiplies what it believes of the devices' times. */
    void (*mislead)(void *self, double factor);
};

/* The seconds that it takes.  Aborts if the scheduler breaks the rules: items in
 * order, each once, and all of them. */
double sim_call_run(struct sim_call *call, const struct sim_scheduler *scheduler,
        void *self, unsigned depth);

#endif
