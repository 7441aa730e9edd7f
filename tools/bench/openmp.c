/* SPDX-License-Identifier: Apache-2.0 */
/* openmp.c: loops of OpenMP, as its users write them. */
#include "rivals.h"

void rival_openmp(size_t items, size_t chunk, rival_body *body, void *user)
{
#pragma omp parallel for schedule(dynamic)
    for (size_t begin = 0; begin < items; begin += chunk)
        body(user, begin, begin + chunk < items ? begin + chunk : items);
}

float rival_openmp_sum(const float *values, size_t count)
{
    float sum = 0;

#pragma omp parallel for simd reduction(+ : sum)
    for (size_t i = 0; i < count; i++)
        sum += values[i];
    return sum;
}
