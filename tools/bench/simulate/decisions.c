/* SPDX-License-Identifier: Apache-2.0 */
/* decisions.c: see decisions.h. */
#include "tools/bench/simulate/decisions.h"

#include "runtime/base/clock.h"
#include "runtime/plan.h"

#include <stdio.h>
#include <stdlib.h>

enum { MOST_WORKERS = 256, CALLS = 31 };

static const size_t items = 10000000;
static const double item_s = 1e-7;

/* Every worker by turns takes a partition and reports the one before.  Returns the
 * seconds of a decision. */
static double one_call(struct pf_plan *plan, struct pf_model *model,
        const struct pf_plan_machine *machine)
{
    const struct pf_plan_call call = { .items = items, .multiple = 1 };
    double now = 0;
    size_t in_hand[MOST_WORKERS] = { 0 }, decisions = 0, first;
    bool ready[MOST_WORKERS];
    uint64_t begin;

    for (unsigned w = 0; w < machine->workers; w++)
        ready[w] = true;
    pf_plan_begin(plan, model, machine, &call, ready);
    begin = pf_clock_ns();
    while (pf_plan_left(plan) > 0)
        for (unsigned w = 0; w < machine->workers; w++) {
            const double run = (double)in_hand[w] * item_s;

            if (in_hand[w])
                pf_plan_done(
                        plan, w, &(struct pf_plan_times){ now += 1e-6, run, now });
            in_hand[w] = pf_plan_take(plan, w, now, &first);
            decisions++;
        }
    return (double)(pf_clock_ns() - begin) * 1e-9 / (double)decisions;
}

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double sim_decision_s(unsigned workers)
{
    const struct pf_device_facts facts = { .overhead_s = 1e-6, .multiple = 1 };
    const unsigned device_class[MOST_WORKERS] = { 0 };
    const struct pf_plan_machine machine = { .workers = workers,
        .cpu_workers = workers,
        .device_class = device_class,
        .facts = &facts,
        .classes = 1,
        .wake_first_s = 4e-6,
        .wake_next_s = 7e-7,
        .wake_fan = 8 };
    double seconds[CALLS];
    struct pf_model model;
    struct pf_plan *plan;

    if (pf_plan_create(workers, &plan)) {
        (void)fputs("no memory\n", stderr);
        abort();
    }
    pf_model_init(&model, 1);
    for (unsigned n = 0; n < CALLS; n++)
        seconds[n] = one_call(plan, &model, &machine);
    pf_plan_destroy(plan);
    qsort(seconds, CALLS, sizeof *seconds, compare);
    return seconds[CALLS / 2];
}
