/* SPDX-License-Identifier: Apache-2.0 */
/* random.c: see random.h. */
#include "tools/bench/simulate/random.h"

#include <math.h>

/* splitmix64: Steele, Lea, Flood, OOPSLA 2014 */
double sim_random_uniform(struct sim_random *random)
{
    uint64_t z = (random->state += 0x9E3779B97F4A7C15u);

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return (double)((z ^ (z >> 31)) >> 11) * 0x1p-53 + 0x1p-54;
}

double sim_random_factor(struct sim_random *random, double sigma)
{
    const double u = sim_random_uniform(random), v = sim_random_uniform(random);
    const double normal = sqrt(-2 * log(u)) * cos(6.283185307179586 * v);

    return exp(sigma * normal - 0.5 * sigma * sigma);
}

double sim_random_wait(struct sim_random *random)
{
    return -log(sim_random_uniform(random));
}
