/* SPDX-License-Identifier: Apache-2.0 */
/* bound.c: see bound.h. */
#include "tools/bench/simulate/bound.h"

#include <math.h>

double sim_bound_rate(const struct sim_call *call, unsigned worker)
{
    const struct sim_device *device = sim_machine_device(call->machine, worker);
    const struct sim_load *load = call->load;
    double divergence = 1;

    if (!device)
        return load->seconds;
    if (load->shape == SIM_MANDELBROT)
        divergence = device->divergence;
    else if (load->shape == SIM_HEAVY)
        divergence = 1 + 5 * (device->divergence - 1);
    return load->seconds * divergence / device->speed;
}

static double transfer(const struct sim_device *device)
{
    return device && device->bandwidth > 0 ? SIM_ITEM_BYTES / device->bandwidth : 0;
}

double sim_bound_stage(const struct sim_call *call, unsigned worker)
{
    return fmax(sim_bound_rate(call, worker),
            transfer(sim_machine_device(call->machine, worker)));
}

double sim_bound_start(const struct sim_call *call, unsigned worker)
{
    const struct sim_device *device = sim_machine_device(call->machine, worker);

    if (!device)
        return worker == 0 ? 0 : SIM_WAKE_FIRST + SIM_WAKE_NEXT * worker;
    return device->launch + device->gap
            + (device->bandwidth > 0 ? 2 * device->latency : 0)
            + (call->cold ? device->build : 0);
}

double sim_bound_stretch(
        const struct sim_call *call, bool is_cpu, double start, double seconds)
{
    const double slow = is_cpu ? call->fault.slow_cpu : call->fault.slow_device;
    const double before = fmax(0, fmin(seconds, call->slow_at - start));

    return slow > 1 ? before + (seconds - before) * slow : seconds;
}

/* Work that one worker can do until `finish`. */
static double capacity(const struct sim_call *call, unsigned worker, double finish)
{
    const struct sim_device *device = sim_machine_device(call->machine, worker);
    const double start = sim_bound_start(call, worker) + call->fault.setup;
    const double least =
            device ? device->width * call->load->seconds / device->speed : 0;
    const double seconds = finish - start, stage = transfer(device);
    const double rate = sim_bound_rate(call, worker) * call->drift[worker];
    const double slow = device ? call->fault.slow_device : call->fault.slow_cpu;
    const double late = fmax(0, finish - fmax(start, call->slow_at));

    if (seconds <= 0 || seconds < least)
        return 0;
    return (seconds - late) / fmax(rate, stage) + late / fmax(rate * slow, stage);
}

/* Work that all can do together until `finish`. */
static double capacities(const struct sim_call *call, double finish)
{
    const struct sim_machine *machine = call->machine;
    double done = 0, cpus = 0;

    for (unsigned w = 0; w < sim_machine_workers(machine); w++) {
        double until = finish;

        if (machine->exclusive && w < machine->cpus) {
            cpus += capacity(call, w, finish);
            until = call->cold ? fmin(finish, machine->device[0].build) : 0;
        }
        done += capacity(call, w, until);
    }
    return fmax(done, cpus);
}

/* An item can not be split. */
static double longest_item(const struct sim_call *call, unsigned worker)
{
    const struct sim_device *device = sim_machine_device(call->machine, worker);
    const struct sim_load *load = call->load;

    return (device ? device->lane : 1) * load->seconds
            * sim_load_largest(load, 0, load->items);
}

double sim_bound(const struct sim_call *call)
{
    double low = 0, high = 1e9, longest = INFINITY;

    for (int i = 0; i < 100; i++) {
        const double middle = 0.5 * (low + high);

        if (capacities(call, middle) >= (double)call->load->items)
            high = middle;
        else
            low = middle;
    }
    for (unsigned w = 0; w < sim_machine_workers(call->machine); w++)
        longest = fmin(longest, longest_item(call, w));
    return fmax(high, longest) + SIM_COMBINE;
}

double sim_bound_single(const struct sim_call *call)
{
    const double items = (double)call->load->items;
    double best = INFINITY;

    for (unsigned w = 0; w < sim_machine_workers(call->machine); w++) {
        const struct sim_device *device = sim_machine_device(call->machine, w);
        double fixed = SIM_CPU_OVERHEAD, run;

        if (w > 0 && !device)
            continue;
        if (device)
            fixed = sim_bound_start(call, w) + 2 * items * transfer(device)
                    + (call->cold ? SIM_FIRST_LAUNCH : 0);
        run = fmax(items * sim_bound_rate(call, w) * call->drift[w],
                longest_item(call, w));
        best = fmin(best, fixed + sim_bound_stretch(call, !device, fixed, run));
    }
    return best;
}
