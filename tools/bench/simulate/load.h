/* SPDX-License-Identifier: Apache-2.0 */
/* load.h: made-up workloads: what each item of a call costs. */
#ifndef SIM_LOAD_H
#define SIM_LOAD_H

#include <stddef.h>
#include <stdint.h>

enum sim_shape {
    SIM_REGULAR,
    SIM_RISING,     /* linear from 0 */
    SIM_FALLING,    /* linear to 0 */
    SIM_MANDELBROT, /* rows of the picture */
    SIM_TWO_PHASE,  /* the second half costs eight times the first */
    SIM_HEAVY,      /* Pareto with index 1.5, cut at 3000 times the least */
    SIM_SHAPES
};

enum { SIM_LOAD_CELLS = 1 << 14 };

struct sim_load {
    enum sim_shape shape;
    size_t items;
    double seconds;                  /* mean of an item on one CPU worker */
    double cost[SIM_LOAD_CELLS + 1]; /* before each cell, in mean items per cell */
    double largest[SIM_LOAD_CELLS];  /* item of a cell, in mean items */
};

void sim_load_make(struct sim_load *load, enum sim_shape shape, size_t items,
        double seconds, uint64_t seed);

/* Work of a range, in mean items. */
double sim_load_work(const struct sim_load *load, size_t first, size_t items);

/* The largest item of a range, in mean items; 0 where none stands out. */
double sim_load_largest(const struct sim_load *load, size_t first, size_t items);

#endif
