/* SPDX-License-Identifier: Apache-2.0 */
/* parfun.c: the library's own decisions on a made-up machine. */
#include "tools/bench/simulate/schedulers.h"

#include "runtime/plan.h"

#include <stdio.h>
#include <stdlib.h>

struct parfun {
    struct pf_model model;
    struct pf_plan *plan;
    struct pf_plan_machine machine;
    struct pf_plan_call call;
    struct pf_device_facts facts[PF_MODEL_CLASSES];
    unsigned device_class[SIM_WORKERS];
    bool ready[SIM_WORKERS];
    bool launched[SIM_WORKERS]; /* its first partition has ended */
};

/* The facts are measured: a little wrong.  The width is a guess: more so. */
static struct pf_device_facts measure(
        const struct sim_device *device, struct sim_random *random)
{
    struct pf_device_facts facts = {
        .overhead_s = SIM_CPU_OVERHEAD, .width = 1, .multiple = 1
    };
    double bandwidth;

    if (!device) {
        facts.overhead_s *= sim_random_factor(random, 0.15);
        return facts;
    }
    bandwidth = device->bandwidth * sim_random_factor(random, 0.05);
    facts.launch_s = device->launch * sim_random_factor(random, 0.15);
    facts.overhead_s = device->gap * sim_random_factor(random, 0.15);
    facts.transfer_latency_s = device->latency * sim_random_factor(random, 0.1);
    facts.bytes_in_per_s = facts.bytes_out_per_s = bandwidth;
    facts.width = device->width * sim_random_factor(random, 0.4);
    facts.multiple = 64;
    return facts;
}

static void *create(const struct sim_machine *machine, struct sim_random *random)
{
    struct parfun *parfun = calloc(1, sizeof *parfun);
    const unsigned workers = sim_machine_workers(machine);
    unsigned classes = 1;

    if (!parfun || pf_plan_create(workers, &parfun->plan)) {
        (void)fputs("no memory\n", stderr);
        abort();
    }
    parfun->facts[0] = measure(NULL, random);
    for (unsigned w = machine->cpus; w < workers; w++) {
        const unsigned c = sim_machine_class(machine, w);

        parfun->device_class[w] = c;
        parfun->facts[c] = measure(sim_machine_device(machine, w), random);
        classes = c + 1;
    }
    pf_model_init(&parfun->model, classes);
    parfun->machine = (struct pf_plan_machine){ .workers = workers,
        .cpu_workers = machine->cpus,
        .device_class = parfun->device_class,
        .facts = parfun->facts,
        .classes = classes,
        .exclusive = machine->exclusive,
        .wake_first_s = SIM_WAKE_FIRST,
        .wake_next_s = SIM_WAKE_NEXT,
        .wake_fan = SIM_WAKE_FAN };
    return parfun;
}

static void destroy(void *self)
{
    struct parfun *parfun = self;

    pf_plan_destroy(parfun->plan);
    free(parfun);
}

static void begin(void *self, const struct sim_call *call)
{
    struct parfun *parfun = self;

    parfun->call = (struct pf_plan_call){ .items = call->load->items,
        .bytes_in = SIM_ITEM_BYTES,
        .bytes_out = SIM_ITEM_BYTES,
        .multiple = 1 };
    for (unsigned w = 0; w < parfun->machine.workers; w++)
        parfun->ready[w] = !call->cold || w < parfun->machine.cpu_workers;
    pf_plan_begin(parfun->plan, &parfun->model, &parfun->machine, &parfun->call,
            parfun->ready);
}

static bool active(const void *self, unsigned worker)
{
    const struct parfun *parfun = self;

    return pf_plan_active(parfun->plan, worker);
}

static size_t take(void *self, unsigned worker, double now, size_t *first)
{
    struct parfun *parfun = self;

    return pf_plan_take(parfun->plan, worker, now, first);
}

static void done(
        void *self, unsigned worker, size_t items, const struct sim_times *times)
{
    struct parfun *parfun = self;
    const bool sample =
            worker < parfun->machine.cpu_workers || parfun->launched[worker];
    const struct pf_plan_times told = { times->now, sample ? times->run : 0,
        times->executed };

    (void)items;
    parfun->launched[worker] = true;
    pf_plan_done(parfun->plan, worker, &told);
}

static void end(void *self)
{
    struct parfun *parfun = self;

    pf_plan_end(parfun->plan);
    if (!pf_model_valid(&parfun->model)) {
        (void)fputs("the model is not valid\n", stderr);
        abort();
    }
}

static void mislead(void *self, double factor)
{
    struct parfun *parfun = self;

    for (unsigned c = 1; c < parfun->model.classes; c++) {
        struct pf_model_class *learned = &parfun->model.device_class[c];

        learned->seconds_per_item *= factor;
        for (unsigned i = 0; i < PF_MODEL_CELLS; i++)
            learned->cell[i].seconds *= factor;
    }
}

const struct sim_scheduler sim_parfun = {
    .name = "**parfun**",
    .depth = 3,
    .learns = true,
    .create = create,
    .destroy = destroy,
    .begin = begin,
    .active = active,
    .take = take,
    .done = done,
    .end = end,
    .mislead = mislead,
};
