/* SPDX-License-Identifier: Apache-2.0 */
/* experiment.c: see experiment.h. */
#include "tools/bench/simulate/experiment.h"

#include "tools/bench/simulate/bound.h"

#include <math.h>

enum { SICK_CALLS = 3 };

static const struct sim_fault no_fault = { SIM_QUIET };

/* The call number `n`, as the machine will be by then. */
static void prepare(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        uint64_t seed, unsigned n, struct sim_call *call)
{
    const bool last = n == experiment->calls - 1;

    *call = (struct sim_call){ .machine = machine,
        .load = load,
        .fault = last || !experiment->last_only ? experiment->fault : no_fault,
        .cold = n == 0,
        .slow_at = INFINITY,
        .random = { seed * 1000003u + (uint64_t)n * 104729u } };
    if (n >= SICK_CALLS)
        call->fault.sick = 0;
    for (unsigned w = 0; w < sim_machine_workers(machine); w++)
        call->drift[w] = sim_random_factor(&call->random, 0.02);
    if (call->fault.slow_after > 0)
        call->slow_at = call->fault.slow_after * sim_bound(call);
}

static struct sim_result run(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        const struct sim_scheduler *scheduler, unsigned depth, uint64_t seed)
{
    struct sim_random random = { seed };
    void *self = scheduler->create(machine, &random);
    unsigned samples[SIM_WORKERS] = { 0 };
    struct sim_result result = { .efficiency = 0 };
    static struct sim_load earlier;

    earlier = *load;
    if (experiment->shorter)
        earlier.items = (load->items - 1) / experiment->shorter + 1;
    for (unsigned n = scheduler->learns ? 0 : experiment->calls - 1;
            n < experiment->calls; n++) {
        const bool last = n == experiment->calls - 1;
        struct sim_call call;

        prepare(experiment, machine, last ? load : &earlier, seed, n, &call);
        call.samples = samples;
        if (n > 0 && n == experiment->wrong_before && scheduler->mislead)
            scheduler->mislead(self, experiment->wrong_rate);
        result.seconds = sim_call_run(&call, scheduler, self, depth);
        result.bound_s = sim_bound(&call);
        result.efficiency = fmin(1, result.bound_s / result.seconds);
        result.single = sim_bound_single(&call) / result.seconds;
    }
    scheduler->destroy(self);
    return result;
}

struct sim_result sim_experiment_run(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        const struct sim_scheduler *scheduler, uint64_t seed)
{
    const unsigned depth = scheduler->depth > 0 ? scheduler->depth : 1;
    struct sim_result best = run(experiment, machine, load, scheduler, depth, seed);

    if (scheduler->depth == 0 && machine->devices > 0) {
        const struct sim_result two =
                run(experiment, machine, load, scheduler, 2, seed);

        if (two.efficiency > best.efficiency)
            best = two;
    }
    return best;
}

double sim_experiment_bound(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        uint64_t seed)
{
    struct sim_call call;

    prepare(experiment, machine, load, seed, experiment->calls - 1, &call);
    return sim_bound(&call);
}
