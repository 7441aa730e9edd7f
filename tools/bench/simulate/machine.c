/* SPDX-License-Identifier: Apache-2.0 */
/* machine.c: see machine.h. */
#include "tools/bench/simulate/machine.h"

#include <stddef.h>
#include <string.h>

/* PoCL's devices: the CPU's own cores, one each, behind a driver. */
#define POCL             \
    { .speed = 1,        \
        .launch = 80e-6, \
        .gap = 20e-6,    \
        .width = 8,      \
        .divergence = 1, \
        .lane = 1,       \
        .build = 150e-3 }

#define DISCRETE(speed_, launch_, gap_, latency_, bandwidth_, width_) \
    { .speed = (speed_),                                              \
        .launch = (launch_),                                          \
        .gap = (gap_),                                                \
        .latency = (latency_),                                        \
        .bandwidth = (bandwidth_),                                    \
        .width = (width_),                                            \
        .divergence = 1.3,                                            \
        .lane = 20,                                                   \
        .build = 100e-3 }

const struct sim_machine sim_machine[SIM_MACHINES] = {
    { .name = "2c", .cpus = 2 },
    { .name = "16c", .cpus = 16 },
    { .name = "64c", .cpus = 64 },
    { .name = "8c+iGPU",
            .cpus = 8,
            .devices = 1,
            .device = { { .speed = 4,
                    .launch = 18e-6,
                    .gap = 7e-6,
                    .width = 512,
                    .divergence = 1.15,
                    .lane = 10,
                    .build = 30e-3 } } },
    { .name = "16c+dGPU",
            .cpus = 16,
            .devices = 1,
            .device = { DISCRETE(50, 8e-6, 4e-6, 8e-6, 12e9, 4096) } },
    { .name = "2xPoCL",
            .cpus = 1,
            .devices = 2,
            .exclusive = true,
            .device = { POCL, POCL } },
    { .name = "1c+4GPU",
            .cpus = 1,
            .devices = 4,
            .device = { DISCRETE(60, 8e-6, 4e-6, 8e-6, 12e9, 4096),
                    DISCRETE(40, 8e-6, 4e-6, 8e-6, 12e9, 3072),
                    DISCRETE(20, 12e-6, 6e-6, 10e-6, 6e9, 2048),
                    DISCRETE(10, 18e-6, 8e-6, 10e-6, 3e9, 1024) } },
};

const struct sim_machine *sim_machine_find(const char *name)
{
    for (unsigned m = 0; m < SIM_MACHINES; m++)
        if (strcmp(sim_machine[m].name, name) == 0)
            return &sim_machine[m];
    return NULL;
}

unsigned sim_machine_workers(const struct sim_machine *machine)
{
    return machine->cpus + machine->devices;
}

const struct sim_device *sim_machine_device(
        const struct sim_machine *machine, unsigned worker)
{
    return worker < machine->cpus ? NULL : &machine->device[worker - machine->cpus];
}

unsigned sim_machine_class(const struct sim_machine *machine, unsigned worker)
{
    if (worker < machine->cpus)
        return 0;
    return machine->exclusive ? 1 : 1 + worker - machine->cpus;
}
