/* SPDX-License-Identifier: Apache-2.0 */
/* experiment.h: calls in a row, of which the last one is reported. */
#ifndef SIM_EXPERIMENT_H
#define SIM_EXPERIMENT_H

#include "tools/bench/simulate/call.h"

struct sim_experiment {
    unsigned calls;
    struct sim_fault fault; /* of all calls ... */
    bool last_only;         /* ... or of the last one */
    double wrong_rate;     /* devices are believed to need this times as long ... */
    unsigned wrong_before; /* ... before this call; 0: never */
    unsigned shorter; /* earlier calls have so many times fewer items; 0: not */
};

/* The experiments of tables and scenarios; `n` calls. */
#define SIM_AS_EVER .slow_cpu = 1, .slow_device = 1, .sick_factor = 1
#define SIM_QUIET .noise = 1, .preemptions = 2, SIM_AS_EVER
#define SIM_CALLS(n)                         \
    {                                        \
        .calls = (n), .fault = { SIM_QUIET } \
    }
#define SIM_NOISY(n)                                                         \
    {                                                                        \
        .calls = (n), .fault = {.noise = 5, .preemptions = 50, SIM_AS_EVER } \
    }
#define SIM_SET_UP(n) { .calls = (n), .fault = { SIM_QUIET, .setup = 50e-6 } }
/* The machine slows down at 40 % of the last call. */
#define SIM_SLOWER(n, cpu, device)       \
    { .calls = (n),                      \
        .fault = { .noise = 1,           \
                .preemptions = 2,        \
                .slow_after = 0.4,       \
                .slow_cpu = (cpu),       \
                .slow_device = (device), \
                .sick_factor = 1 },      \
        .last_only = true }
/* Before the tenth call the devices' learned times are multiplied. */
#define SIM_BELIEVED(n, factor) \
    { .calls = (n),             \
        .fault = { SIM_QUIET }, \
        .wrong_rate = (factor), \
        .wrong_before = 9 }
/* The first twelve samples of each class are 250 times too slow. */
#define SIM_SICK(n)               \
    { .calls = (n),               \
        .fault = { .noise = 1,    \
                .preemptions = 2, \
                .slow_cpu = 1,    \
                .slow_device = 1, \
                .sick = 12,       \
                .sick_factor = 250 } }
/* Earlier calls have a thirtieth of the items. */
#define SIM_GROWING(n) { .calls = (n), .fault = { SIM_QUIET }, .shorter = 30 }

struct sim_result {
    double efficiency; /* lower bound / seconds */
    double single;     /* seconds of the best single device / seconds */
    double bound_s, seconds;
};

struct sim_result sim_experiment_run(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        const struct sim_scheduler *scheduler, uint64_t seed);

/* The lower bound of the last call, alone. */
double sim_experiment_bound(const struct sim_experiment *experiment,
        const struct sim_machine *machine, const struct sim_load *load,
        uint64_t seed);

#endif
