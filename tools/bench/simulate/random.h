/* SPDX-License-Identifier: Apache-2.0 */
/* random.h: the simulator's dice; the same seed gives the same numbers anywhere. */
#ifndef SIM_RANDOM_H
#define SIM_RANDOM_H

#include <stdint.h>

struct sim_random {
    uint64_t state;
};

/* Between 0 and 1, without both. */
double sim_random_uniform(struct sim_random *random);

/* Log-normal with mean 1: what noise multiplies times with. */
double sim_random_factor(struct sim_random *random, double sigma);

/* Exponential with mean 1: the time until something rare happens. */
double sim_random_wait(struct sim_random *random);

#endif
