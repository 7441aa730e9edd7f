/* SPDX-License-Identifier: Apache-2.0 */
/* tables.c: see tables.h. */
#include "tools/bench/simulate/tables.h"

#include <math.h>
#include <string.h>

enum { SEEDS = 4, SIZES = 6, COSTS = 2 };

static const double size[SIZES] = { 1e3, 1e4, 1e5, 1e6, 1e7, 1e8 };
static const double item_s[COSTS] = { 20e-9, 1e-6 };

#define REGULAR (1u << SIM_REGULAR)
#define IRREGULAR                                                \
    (1u << SIM_RISING | 1u << SIM_FALLING | 1u << SIM_MANDELBROT \
            | 1u << SIM_TWO_PHASE)
#define ALWAYS 1e-3, 1e9 /* long enough to matter, however long */

const struct sim_table sim_table[SIM_TABLES] = {
    { "T1. Tenth call, regular items, bound >= 1 ms", SIM_CALLS(10), REGULAR,
            ALWAYS },
    { "T2. Tenth call, rising, falling, Mandelbrot, two-phase, >= 1 ms",
            SIM_CALLS(10), IRREGULAR, ALWAYS },
    { "T3. Tenth call, heavy tail (Pareto 1.5), >= 1 ms", SIM_CALLS(10),
            1u << SIM_HEAVY, ALWAYS },
    { "T4. First call ever, devices are built meanwhile, >= 1 ms", SIM_CALLS(1),
            REGULAR | IRREGULAR, ALWAYS },
    { "T5. Tenth call, short: 0.1 to 1 ms", SIM_CALLS(10), REGULAR | IRREGULAR,
            1e-4, 1e-3 },
    { "T6. Tenth call, tiny: below 0.1 ms", SIM_CALLS(10), REGULAR | IRREGULAR, 0,
            1e-4 },
    { "T7. First call ever, short: 0.1 to 1 ms", SIM_CALLS(1), REGULAR | IRREGULAR,
            1e-4, 1e-3 },
    { "R1. Noisy virtual machine: noise x5, 50 preemptions/s, >= 1 ms",
            SIM_NOISY(10), REGULAR | 1u << SIM_MANDELBROT, ALWAYS },
    { "R2. 50 us set-up per CPU partition, regular, >= 1 ms", SIM_SET_UP(10),
            REGULAR, ALWAYS },
    { "R3. Like T1, after calls with a thirtieth of the items", SIM_GROWING(10),
            REGULAR, ALWAYS },
    { "R4. All devices 3x slower after 40 % of the tenth call, regular",
            SIM_SLOWER(10, 1, 3), REGULAR, ALWAYS },
    { "R5. All CPU workers 2x slower after 40 % of the tenth call, regular",
            SIM_SLOWER(10, 2, 1), REGULAR, ALWAYS },
    { "R6a. Devices believed 3x faster than they are, same call",
            SIM_BELIEVED(10, 1.0 / 3), REGULAR, ALWAYS },
    { "R6b. Devices believed 3x slower than they are, same call",
            SIM_BELIEVED(10, 3), REGULAR, ALWAYS },
    { "R6c. Devices believed 3x slower, ten calls later", SIM_BELIEVED(20, 3),
            REGULAR, ALWAYS },
    { "R7. First 12 samples of each class 250x too slow; ten calls later",
            SIM_SICK(13), REGULAR, ALWAYS },
};

static void add(struct sim_cell *cell, const struct sim_result *result)
{
    if (cell->count++ == 0)
        cell->worst = cell->single = INFINITY;
    cell->log_sum += log(fmax(result->efficiency, 1e-6));
    cell->worst = fmin(cell->worst, result->efficiency);
    cell->single = fmin(cell->single, result->single);
}

double sim_cell_mean(const struct sim_cell *cell)
{
    return cell->count ? exp(cell->log_sum / cell->count) : 0;
}

/* One workload on every machine. */
static void run_load(const struct sim_table *table, const struct sim_load *load,
        uint64_t seed, const struct sim_scheduler *const *schedulers,
        unsigned count, struct sim_row *rows)
{
    for (unsigned m = 0; m < SIM_MACHINES; m++) {
        const double bound_s = sim_experiment_bound(
                &table->experiment, &sim_machine[m], load, seed);

        if (bound_s < table->from_s || bound_s >= table->to_s)
            continue;
        for (unsigned r = 0; r < count; r++) {
            struct sim_result result;

            if ((double)load->items > schedulers[r]->most_items
                    && schedulers[r]->most_items > 0)
                continue;
            result = sim_experiment_run(
                    &table->experiment, &sim_machine[m], load, schedulers[r], seed);
            add(&rows[r].machine[m], &result);
            add(&rows[r].all, &result);
        }
    }
}

void sim_table_run(const struct sim_table *table,
        const struct sim_scheduler *const *schedulers, unsigned count,
        struct sim_row *rows)
{
    static struct sim_load load;

    memset(rows, 0, count * sizeof *rows);
    for (unsigned shape = 0; shape < SIM_SHAPES; shape++)
        for (unsigned s = 0; s < SIZES * COSTS * SEEDS; s++) {
            const uint64_t seed = 1 + s * SIM_SHAPES + shape;

            if (!(table->shapes >> shape & 1u))
                continue;
            sim_load_make(&load, (enum sim_shape)shape,
                    (size_t)size[s / SEEDS / COSTS], item_s[s / SEEDS % COSTS],
                    seed);
            run_load(table, &load, seed, schedulers, count, rows);
        }
}
