/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rivals.c: published schedulers that hand out sizes by a rule.  On a machine whose
 * devices are the CPU's cores they use the devices.
 */
#include "tools/bench/simulate/rivals.h"

#include "tools/bench/simulate/bound.h"
#include "tools/bench/simulate/schedulers.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

void *sim_rival_create(const struct sim_machine *machine, struct sim_random *random)
{
    struct sim_rival *rival = calloc(1, sizeof *rival);

    (void)random;
    if (!rival) {
        (void)fputs("no memory\n", stderr);
        abort();
    }
    rival->machine = machine;
    rival->workers = sim_machine_workers(machine);
    rival->first = machine->exclusive ? machine->cpus : 0;
    return rival;
}

void sim_rival_begin(void *self, const struct sim_call *call)
{
    struct sim_rival *rival = self;

    rival->call = call;
    rival->items = rival->left = call->load->items;
    rival->batch_left = 0;
}

bool sim_rival_active(const void *self, unsigned worker)
{
    const struct sim_rival *rival = self;

    return worker >= rival->first && worker < rival->workers;
}

size_t sim_rival_give(struct sim_rival *rival, size_t wanted, size_t *first)
{
    if (wanted < 1)
        wanted = 1;
    if (wanted > rival->left)
        wanted = rival->left;
    *first = rival->items - rival->left;
    rival->left -= wanted;
    return wanted;
}

void sim_rival_ignore(
        void *self, unsigned worker, size_t items, const struct sim_times *times)
{
    (void)self, (void)worker, (void)items, (void)times;
}

/* ---- Static ------------------------------------------------------------------------ */

static double static_share(
        const struct sim_rival *rival, unsigned worker, double finish)
{
    const struct sim_device *device = sim_machine_device(rival->machine, worker);
    double start = sim_bound_start(rival->call, worker), items;

    if (worker < rival->first)
        return 0;
    start += !device ? SIM_CPU_OVERHEAD : rival->call->cold ? SIM_FIRST_LAUNCH : 0;
    items = (finish - start) / sim_bound_stage(rival->call, worker);
    return items < (device ? 0.5 * device->width : 0) ? 0 : items;
}

/* One partition per worker, by water filling. */
static void static_begin(void *self, const struct sim_call *call)
{
    struct sim_rival *rival = self;
    double low = 0, high = 1e9;
    size_t given = 0;
    unsigned largest = 0;

    sim_rival_begin(self, call);
    for (int i = 0; i < 200; i++) {
        const double middle = 0.5 * (low + high);
        double sum = 0;

        for (unsigned w = 0; w < rival->workers; w++)
            sum += static_share(rival, w, middle);
        if (sum >= (double)rival->items)
            high = middle;
        else
            low = middle;
    }
    for (unsigned w = 0; w < rival->workers; w++) {
        const double share = static_share(rival, w, high) + 0.5;
        const size_t left = rival->items - given;

        rival->share[w] = share < (double)left ? (size_t)share : left;
        given += rival->share[w];
        if (rival->share[w] > rival->share[largest])
            largest = w;
    }
    rival->share[largest] += rival->items - given;
}

static size_t static_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;
    const size_t share = rival->share[worker];

    (void)now;
    rival->share[worker] = 0;
    return share > 0 ? sim_rival_give(rival, share, first) : 0;
}

/* ---- Dynamic, guided, factoring -------------------------------------------------- */

static size_t dynamic_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;

    (void)worker, (void)now;
    return sim_rival_give(rival, rival->items / 150, first);
}

static size_t half_share(const struct sim_rival *rival)
{
    const size_t workers = rival->workers;

    return (rival->left + 2 * workers - 1) / (2 * workers);
}

static size_t guided_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;

    (void)worker, (void)now;
    return sim_rival_give(rival, half_share(rival), first);
}

static size_t factoring_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;

    (void)worker, (void)now;
    if (rival->batch_left == 0) {
        rival->batch_size = half_share(rival);
        rival->batch_left = rival->workers;
    }
    rival->batch_left--;
    return sim_rival_give(rival, rival->batch_size, first);
}

/* ---- HGuided ------------------------------------------------------------------------ */

/* left * power / (k * devices), not below a least size, in work-groups of 64 items;
 * k and the least sizes are those of the paper: CPU k = 3.5, 1 group; integrated GPU
 * 1.5, 15 groups; discrete GPU 1, 30 groups.  The CPU's cores count as one device. */
static size_t hguided_take(void *self, unsigned worker, double now, size_t *first)
{
    struct sim_rival *rival = self;
    const struct sim_device *device = sim_machine_device(rival->machine, worker);
    const bool integrated = device && device->bandwidth <= 0;
    const double k = !device ? 3.5 : integrated ? 1.5 : 1;
    const double devices =
            rival->machine->devices + (rival->machine->exclusive ? 0 : 1);
    double power = 0, group = 64,
           least = group
            * (!device                   ? 1
                            : integrated ? 15
                                         : 30);
    double size;

    (void)now;
    for (unsigned w = rival->first; w < rival->workers; w++)
        power += 1 / sim_bound_stage(rival->call, w);
    if (!device && rival->items < 100000)
        group = least = 1;
    if (rival->items < 10000)
        least = fmax(1, least / 16);
    size = (double)rival->left / sim_bound_stage(rival->call, worker) / power
            / (k * devices);
    return sim_rival_give(
            rival, (size_t)fmax(ceil(size / group) * group, least), first);
}

#define RULE(name_, begin_, take_)  \
    { .name = (name_),              \
        .create = sim_rival_create, \
        .destroy = free,            \
        .begin = (begin_),          \
        .active = sim_rival_active, \
        .take = (take_),            \
        .done = sim_rival_ignore }

static const struct sim_scheduler
        oracle = RULE("static, oracle", static_begin, static_take),
        dynamic = RULE("dynamic N/150", sim_rival_begin, dynamic_take),
        guided = RULE("guided", sim_rival_begin, guided_take),
        factoring = RULE("factoring", sim_rival_begin, factoring_take),
        hguided = RULE("HGuided, oracle", sim_rival_begin, hguided_take);

const struct sim_scheduler *const sim_rival[SIM_RIVALS] = { &oracle, &dynamic,
    &guided, &factoring, &hguided, &sim_rival_dmda, &sim_rival_python };
