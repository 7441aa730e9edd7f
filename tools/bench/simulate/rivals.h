/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rivals.h: what rivals have in common.
 *
 * static     one partition per worker, by true speeds
 * dynamic    OpenMP's schedule(dynamic, N / 150)
 * guided     left / (2 workers), LLVM's schedule(guided); Polychronopoulos and Kuck,
 *            "Guided self-scheduling", IEEE TC 36 (1987)
 * factoring  batches of half the rest; Hummel, Schonberg, Flynn, CACM 35 (1992)
 * HGuided    by true speeds; Nozal, Bosque, Beivide, "EngineCL", FGCS 107 (2020)
 * dmda       tasks of N / 150 items, each to the worker that is expected to finish it
 *            first by the mean of all earlier ones; Augonnet, Thibault, Namyst,
 *            Wacrenier, "StarPU", CCPE 23 (2011)
 * Python     the Python library's estimator, one per class of device
 */
#ifndef SIM_RIVALS_INSIDE_H
#define SIM_RIVALS_INSIDE_H

#include "tools/bench/simulate/call.h"

struct sim_rival {
    const struct sim_machine *machine;
    const struct sim_call *call; /* under way */
    unsigned workers, first;     /* the first one that is used */
    size_t items, left;
    size_t share[SIM_WORKERS]; /* static: items; dmda: tasks not yet taken */
    size_t batch_size;         /* factoring */
    unsigned batch_left;
};

void *sim_rival_create(
        const struct sim_machine *machine, struct sim_random *random);
void sim_rival_begin(void *self, const struct sim_call *call);
bool sim_rival_active(const void *self, unsigned worker);
void sim_rival_ignore(
        void *self, unsigned worker, size_t items, const struct sim_times *times);

/* Hands out the next items, at least one and at most what is left. */
size_t sim_rival_give(struct sim_rival *rival, size_t wanted, size_t *first);

/* Those that learn. */
extern const struct sim_scheduler sim_rival_dmda, sim_rival_python;

#endif
