/* SPDX-License-Identifier: Apache-2.0 */
/* scenarios.c: see scenarios.h. */
#include "tools/bench/simulate/scenarios.h"

#include <math.h>

const struct sim_scenario sim_scenario[] = {
    { "regular, first call", "2c", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(1), 0.97 },
    { "regular, first call", "16c", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(1), 0.97 },
    { "regular, first call", "16c+dGPU", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(1),
            0.96 },
    { "regular, first call", "2xPoCL", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(1), 0.97 },
    { "Mandelbrot, first call", "8c+iGPU", SIM_MANDELBROT, 1e8, 1e-6, SIM_CALLS(1),
            0.93 },
    { "falling, first call", "1c+4GPU", SIM_FALLING, 1e8, 1e-6, SIM_CALLS(1),
            0.93 },
    { "regular, tenth call", "2c", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10), 0.97 },
    { "regular, tenth call", "16c", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10), 0.97 },
    { "regular, tenth call", "64c", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10), 0.96 },
    { "regular, tenth call", "8c+iGPU", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10),
            0.96 },
    { "regular, tenth call", "16c+dGPU", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10),
            0.95 },
    { "regular, tenth call", "2xPoCL", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10),
            0.96 },
    { "regular, tenth call", "1c+4GPU", SIM_REGULAR, 1e6, 1e-6, SIM_CALLS(10),
            0.92 },
    { "transfers dominate", "16c+dGPU", SIM_REGULAR, 1e7, 20e-9, SIM_CALLS(10),
            0.88 },
    { "transfers dominate", "1c+4GPU", SIM_REGULAR, 1e7, 20e-9, SIM_CALLS(10),
            0.80 },
    { "Mandelbrot, tenth call", "16c", SIM_MANDELBROT, 1e6, 1e-6, SIM_CALLS(10),
            0.96 },
    { "Mandelbrot, tenth call", "8c+iGPU", SIM_MANDELBROT, 1e6, 1e-6, SIM_CALLS(10),
            0.95 },
    { "Mandelbrot, tenth call", "16c+dGPU", SIM_MANDELBROT, 1e6, 1e-6,
            SIM_CALLS(10), 0.93 },
    { "two phases, tenth call", "16c+dGPU", SIM_TWO_PHASE, 1e6, 1e-6, SIM_CALLS(10),
            0.93 },
    { "rising, tenth call", "1c+4GPU", SIM_RISING, 1e7, 1e-6, SIM_CALLS(10), 0.92 },
    { "heavy tail, tenth call", "16c", SIM_HEAVY, 1e6, 1e-6, SIM_CALLS(10), 0.94 },
    { "tiny: 20 us of work", "16c", SIM_REGULAR, 1e3, 20e-9, SIM_CALLS(10), 0.60 },
    { "tiny: 20 us of work", "2xPoCL", SIM_REGULAR, 1e3, 20e-9, SIM_CALLS(10),
            0.80 },
    { "50 us set-up", "16c", SIM_REGULAR, 1e6, 20e-9, SIM_SET_UP(10), 0.85 },
    { "noisy virtual machine", "16c", SIM_REGULAR, 1e7, 1e-6, SIM_NOISY(10), 0.85 },
    { "device 3x slower at 40 %", "8c+iGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_SLOWER(10, 1, 3), 0.80 },
    { "device 3x slower at 40 %", "16c+dGPU", SIM_REGULAR, 1e7, 1e-6,
            SIM_SLOWER(10, 1, 3), 0.90 },
    { "CPU 2x slower at 40 %", "8c+iGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_SLOWER(10, 2, 1), 0.93 },
    { "believed 3x faster, same call", "8c+iGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(10, 1.0 / 3), 0.85 },
    { "believed 3x faster, same call", "16c+dGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(10, 1.0 / 3), 0.93 },
    { "believed 3x slower, same call", "8c+iGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(10, 3), 0.94 },
    { "believed 3x slower, same call", "16c+dGPU", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(10, 3), 0.92 },
    { "believed 3x slower, same call", "2xPoCL", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(10, 3), 0.95 },
    { "believed 3x slower, 10 calls later", "2xPoCL", SIM_REGULAR, 1e6, 1e-6,
            SIM_BELIEVED(20, 3), 0.95 },
    { "12 samples 250x too slow, 10 calls later", "16c+dGPU", SIM_REGULAR, 1e6,
            1e-6, SIM_SICK(13), 0.92 },
    { "12 samples 250x too slow, 10 calls later", "1c+4GPU", SIM_REGULAR, 1e7, 1e-6,
            SIM_SICK(13), 0.92 },
};

const unsigned sim_scenarios = sizeof sim_scenario / sizeof *sim_scenario;

double sim_scenario_run(const struct sim_scenario *scenario,
        const struct sim_scheduler *scheduler, unsigned seeds)
{
    static struct sim_load load;
    const struct sim_machine *machine = sim_machine_find(scenario->machine);
    double worst = 1;

    for (unsigned seed = 1; seed <= seeds; seed++) {
        sim_load_make(&load, scenario->shape, (size_t)scenario->items,
                scenario->item_s, seed);
        worst = fmin(worst,
                sim_experiment_run(
                        &scenario->experiment, machine, &load, scheduler, seed)
                        .efficiency);
    }
    return worst;
}
