/* SPDX-License-Identifier: Apache-2.0 */
/*
 * machine.h: made-up machines.  A machine is CPU workers plus devices.  A device has
 * a launch latency, a fixed gap per kernel, transfers that overlap with kernels,
 * and a width below which a kernel does not get faster.
 *
 * Units: seconds, bytes, items.
 */
#ifndef SIM_MACHINE_H
#define SIM_MACHINE_H

#include <stdbool.h>

enum { SIM_WORKERS = 80, SIM_DEVICES = 4 };

/* What the same thing costs on every machine. */
#define SIM_CPU_OVERHEAD 1e-6 /* per partition of a CPU worker */
#define SIM_DECISION 0.2e-6   /* in the lock, per partition */
#define SIM_COMBINE 0.3e-6    /* of results, per partition */
#define SIM_WAKE_FIRST 4e-6   /* until a woken thread runs */
#define SIM_WAKE_NEXT 0.7e-6  /* that waking it costs who wakes it */
#define SIM_WAKE_FAN 8 /* threads that each thread wakes; 0: the caller all */
#define SIM_FIRST_LAUNCH 1e-3 /* lazy compilation in a device's first kernel */
#define SIM_ITEM_BYTES 8.0    /* that an item moves in, and as many out */

struct sim_device {
    double speed;      /* CPU workers it replaces */
    double launch;     /* until a kernel starts */
    double gap;        /* per kernel */
    double latency;    /* per transfer */
    double bandwidth;  /* 0: shared memory */
    double width;      /* items that fill it */
    double divergence; /* slowdown on irregular items */
    double lane;       /* slowdown of one item on one lane */
    double build;      /* of the program, in the first call */
};

struct sim_machine {
    const char *name;
    unsigned cpus, devices;
    bool exclusive; /* the devices run on the CPU workers' cores */
    struct sim_device device[SIM_DEVICES];
};

enum { SIM_MACHINES = 7 };
extern const struct sim_machine sim_machine[SIM_MACHINES];

/* NULL if there is none of this name. */
const struct sim_machine *sim_machine_find(const char *name);

unsigned sim_machine_workers(const struct sim_machine *machine);

/* NULL for a CPU worker. */
const struct sim_device *sim_machine_device(
        const struct sim_machine *machine, unsigned worker);

/* 0 for CPU workers; the devices of an exclusive machine are all alike. */
unsigned sim_machine_class(const struct sim_machine *machine, unsigned worker);

#endif
