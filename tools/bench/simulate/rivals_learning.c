/* SPDX-License-Identifier: Apache-2.0 */
/* rivals_learning.c: rivals that learn from earlier partitions. */
#include "tools/bench/simulate/rivals.h"

#include "runtime/python_estimator.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- dmda: StarPU's expected completion times ------------------------------------- */

enum { TASKS = 150, CALIBRATION = 10 };

struct dmda {
    struct sim_rival rival;
    struct history {
        double sum, count; /* of seconds per item, equally weighted for ever */
    } history[SIM_WORKERS];
};

static void *allocate(size_t bytes, const struct sim_machine *machine)
{
    struct sim_rival *rival = calloc(1, bytes), *made;

    if (!rival) {
        (void)fputs("no memory\n", stderr);
        abort();
    }
    made = sim_rival_create(machine, NULL);
    *rival = *made;
    free(made);
    return rival;
}

static void *dmda_create(
        const struct sim_machine *machine, struct sim_random *random)
{
    (void)random;
    return allocate(sizeof(struct dmda), machine);
}

/* What a worker's task costs by the history, and what moving its data costs by the
 * bandwidth, which StarPU measures for each bus. */
struct cost {
    double run, move;
};

static struct cost cost_of(const struct dmda *dmda, unsigned worker, double items)
{
    const struct sim_machine *machine = dmda->rival.machine;
    const struct sim_device *device = sim_machine_device(machine, worker);
    const struct history *history =
            &dmda->history[sim_machine_class(machine, worker)];
    struct cost cost = { .run = 1e-12 };

    if (history->count > 0)
        cost.run += items * history->sum / history->count;
    if (device && device->bandwidth > 0)
        cost.move = device->latency + items * SIM_ITEM_BYTES / device->bandwidth;
    return cost;
}

/* Gives a task to whoever is expected to end it first; moves and runs overlap. */
static void push(struct dmda *dmda, double ready[SIM_WORKERS])
{
    struct sim_rival *rival = &dmda->rival;
    const double items = (double)rival->batch_size;
    unsigned best = rival->first;
    double earliest = INFINITY;
    struct cost cost;

    for (unsigned w = rival->first; w < rival->workers; w++) {
        cost = cost_of(dmda, w, items);
        if (ready[w] + cost.run + cost.move < earliest) {
            earliest = ready[w] + cost.run + cost.move;
            best = w;
        }
    }
    cost = cost_of(dmda, best, items);
    ready[best] += fmax(cost.run, cost.move);
    rival->share[best]++;
}

/* All tasks are pushed to the workers' queues when the call begins.  A class with
 * fewer than ten samples is calibrated first: its workers get one task each. */
static void dmda_begin(void *self, const struct sim_call *call)
{
    struct dmda *dmda = self;
    struct sim_rival *rival = &dmda->rival;
    double ready[SIM_WORKERS] = { 0 };
    size_t tasks;

    sim_rival_begin(self, call);
    rival->batch_size = (rival->items + TASKS - 1) / TASKS;
    tasks = (rival->items + rival->batch_size - 1) / rival->batch_size;
    memset(rival->share, 0, sizeof rival->share);
    for (unsigned w = rival->first; w < rival->workers && tasks > 0; w++)
        if (dmda->history[sim_machine_class(rival->machine, w)].count
                < CALIBRATION) {
            rival->share[w]++;
            tasks--;
        }
    for (; tasks > 0; tasks--)
        push(dmda, ready);
}

static size_t dmda_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;

    (void)now;
    if (rival->share[worker] == 0)
        return 0;
    rival->share[worker]--;
    return sim_rival_give(rival, rival->batch_size, first);
}

static void dmda_done(
        void *self, unsigned worker, size_t items, const struct sim_times *times)
{
    struct dmda *dmda = self;
    struct history *history =
            &dmda->history[sim_machine_class(dmda->rival.machine, worker)];

    history->sum += times->run / (double)items;
    history->count += 1;
}

static void dmda_mislead(void *self, double factor)
{
    struct dmda *dmda = self;

    for (unsigned c = 1; c < SIM_WORKERS; c++)
        dmda->history[c].sum *= factor;
}

const struct sim_scheduler sim_rival_dmda = {
    .name = "dmda (StarPU)",
    .learns = true,
    .create = dmda_create,
    .destroy = free,
    .begin = dmda_begin,
    .active = sim_rival_active,
    .take = dmda_take,
    .done = dmda_done,
    .mislead = dmda_mislead,
};

/* ---- The Python library's estimator ------------------------------------------------- */

struct python {
    struct sim_rival rival;
    struct pf_python_estimator estimator[SIM_DEVICES + 1];
};

static void *python_create(
        const struct sim_machine *machine, struct sim_random *random)
{
    (void)random;
    return allocate(sizeof(struct python), machine);
}

static size_t python_take(void *self, unsigned worker, double now, size_t *first)
{
    struct python *python = self;

    (void)now;
    return sim_rival_give(&python->rival,
            pf_python_estimator_next(&python->estimator[sim_machine_class(
                    python->rival.machine, worker)]),
            first);
}

static void python_done(
        void *self, unsigned worker, size_t items, const struct sim_times *times)
{
    struct python *python = self;

    pf_python_estimator_add(
            &python->estimator[sim_machine_class(python->rival.machine, worker)],
            items, (uint64_t)(times->run * 1e9));
}

const struct sim_scheduler sim_rival_python = {
    .name = "Python parfun",
    .learns = true,
    .most_items = 1e5,
    .create = python_create,
    .destroy = free,
    .begin = sim_rival_begin,
    .active = sim_rival_active,
    .take = python_take,
    .done = python_done,
};
