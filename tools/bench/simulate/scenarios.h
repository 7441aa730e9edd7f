/* SPDX-License-Identifier: Apache-2.0 */
/* scenarios.h: what must hold on made-up machines, with thresholds. */
#ifndef SIM_SCENARIOS_H
#define SIM_SCENARIOS_H

#include "tools/bench/simulate/experiment.h"

struct sim_scenario {
    const char *name, *machine;
    enum sim_shape shape;
    double items, item_s;
    struct sim_experiment experiment;
    double least; /* efficiency of the worst seed, with a margin */
};

extern const struct sim_scenario sim_scenario[];
extern const unsigned sim_scenarios;

/* The worst efficiency of the first `seeds` seeds. */
double sim_scenario_run(const struct sim_scenario *scenario,
        const struct sim_scheduler *scheduler, unsigned seeds);

#endif
