/* SPDX-License-Identifier: Apache-2.0 */
/* load.c: see load.h. */
#include "tools/bench/simulate/load.h"

#include "tools/bench/simulate/random.h"

#include <math.h>

enum { CELLS = SIM_LOAD_CELLS };

/* Iterations of a row of the picture of 64 columns. */
static double mandelbrot_row(double y)
{
    double sum = 0;

    for (int i = 0; i < 64; i++) {
        const double cr = -2.2 + 3.2 * i / 64, ci = -1.6 + 3.2 * y;
        double zr = 0, zi = 0;
        int k = 0;

        for (; k < 512 && zr * zr + zi * zi < 4; k++) {
            const double next = zr * zr - zi * zi + cr;

            zi = 2 * zr * zi + ci;
            zr = next;
        }
        sum += k + 2;
    }
    return sum;
}

/* The mean of as many items as the cell holds; up to 64 stand for more. */
static double heavy_cell(
        const struct sim_load *load, struct sim_random *random, double *largest)
{
    const double per_cell = (double)load->items / CELLS;
    const int n = per_cell < 1 ? 1 : per_cell > 64 ? 64 : (int)per_cell;
    double sum = 0;

    *largest = 0;
    for (int k = 0; k < n; k++) {
        const double one = fmin(pow(sim_random_uniform(random), -1 / 1.5), 3000);

        *largest = fmax(*largest, one);
        sum += one / n;
    }
    return sum;
}

static double cell_cost(enum sim_shape shape, double x)
{
    switch (shape) {
    case SIM_RISING:
        return 2 * x;
    case SIM_FALLING:
        return 2 - 2 * x;
    case SIM_TWO_PHASE:
        return x < 0.5 ? 1 : 8;
    case SIM_MANDELBROT:
        return mandelbrot_row(x);
    default:
        return 1;
    }
}

void sim_load_make(struct sim_load *load, enum sim_shape shape, size_t items,
        double seconds, uint64_t seed)
{
    struct sim_random random = { seed * 77 + (uint64_t)shape };
    double scale;

    load->shape = shape;
    load->items = items;
    load->seconds = seconds;
    load->cost[0] = 0;
    for (int i = 0; i < CELLS; i++) {
        double cost;

        load->largest[i] = 0;
        cost = shape == SIM_HEAVY ? heavy_cell(load, &random, &load->largest[i])
                                  : cell_cost(shape, (i + 0.5) / CELLS);
        load->cost[i + 1] = load->cost[i] + cost;
    }
    scale = CELLS / load->cost[CELLS];
    for (int i = 0; i < CELLS; i++) {
        load->cost[i + 1] *= scale;
        load->largest[i] *= scale;
    }
}

static double work_before(const struct sim_load *load, size_t item)
{
    const double items = (double)load->items;
    const double position = (double)item / items * CELLS;
    const int i = (int)position;

    if (i >= CELLS)
        return items;
    return (load->cost[i] + (position - i) * (load->cost[i + 1] - load->cost[i]))
            / CELLS * items;
}

double sim_load_work(const struct sim_load *load, size_t first, size_t items)
{
    return work_before(load, first + items) - work_before(load, first);
}

double sim_load_largest(const struct sim_load *load, size_t first, size_t items)
{
    const double n = (double)load->items;
    int i = (int)((double)first / n * CELLS);
    const int end = (int)((double)(first + items - 1) / n * CELLS);
    double largest = 0;

    if (load->shape != SIM_HEAVY)
        return 0;
    for (; i <= end && i < CELLS; i++)
        largest = fmax(largest, load->largest[i]);
    return largest;
}
