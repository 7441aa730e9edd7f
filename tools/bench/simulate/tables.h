/* SPDX-License-Identifier: Apache-2.0 */
/* tables.h: many workloads on every machine, and their geometric means. */
#ifndef SIM_TABLES_H
#define SIM_TABLES_H

#include "tools/bench/simulate/experiment.h"

struct sim_table {
    const char *title; /* "T1. ..." */
    struct sim_experiment experiment;
    unsigned shapes;     /* bit set */
    double from_s, to_s; /* lower bounds that count */
};

enum { SIM_TABLES = 16 };
extern const struct sim_table sim_table[SIM_TABLES];

/* Efficiencies of one scheduler on one machine, or on all. */
struct sim_cell {
    double log_sum, worst, single;
    unsigned count;
};

struct sim_row {
    struct sim_cell machine[SIM_MACHINES], all;
};

void sim_table_run(const struct sim_table *table,
        const struct sim_scheduler *const *schedulers, unsigned count,
        struct sim_row *rows);

double sim_cell_mean(const struct sim_cell *cell);

#endif
