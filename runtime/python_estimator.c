/* SPDX-License-Identifier: Apache-2.0 */
/* python_estimator.c: see python_estimator.h. */
#include "runtime/python_estimator.h"

#include "runtime/base/number.h"

#include <math.h>

enum { MOST = PF_PYTHON_ESTIMATOR_SAMPLES, LEARNING = 5, LEARNING_SIZES = 9 };

static const double EFFICIENCY = 0.95;
/* Larger estimates are as good as this. */
static const double LARGEST = 1e15;

static const size_t learning_size[LEARNING_SIZES] = { 64, 8, 96, 32, 256, 1, 128,
    48, 4 };

static bool is_less(struct pf_python_sample a, struct pf_python_sample b)
{
    return a.size != b.size ? a.size < b.size : a.per_item < b.per_item;
}

/* The first sample that is not less, by the bisection of Python's bisect module: the
 * samples are in order of their sizes, but not of their times. */
static unsigned bisect(
        const struct pf_python_estimator *estimator, struct pf_python_sample sample)
{
    unsigned low = 0, high = MOST;

    while (low < high) {
        const unsigned middle = (low + high) / 2;

        if (is_less(estimator->sample[middle], sample))
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Which sample makes room: that of the nearest size. */
static unsigned nearest(
        const struct pf_python_estimator *estimator, struct pf_python_sample sample)
{
    const unsigned left = bisect(estimator, sample);
    double below, above;

    if (left == 0)
        return 0;
    if (left + 1 >= MOST)
        return MOST - 1;
    below = (double)sample.size - (double)estimator->sample[left].size;
    above = (double)estimator->sample[left + 1].size - (double)sample.size;
    return below < above ? left : left + 1;
}

void pf_python_estimator_add(
        struct pf_python_estimator *estimator, size_t size, uint64_t ns)
{
    struct pf_python_sample *sample = estimator->sample;
    struct pf_python_sample added;
    unsigned i;

    if (size < 1)
        return;
    added = (struct pf_python_sample){ size, ns / size };
    if (estimator->count == MOST) {
        sample[nearest(estimator, added)] = added;
        return;
    }
    for (i = estimator->count++; i > 0 && sample[i - 1].size > size; i--)
        sample[i] = sample[i - 1];
    sample[i] = added;
}

/* Least squares of per_item over 1 / size. */
static void fit(
        const struct pf_python_estimator *estimator, double *alpha, double *beta)
{
    const double n = estimator->count;
    double mean_x = 0, mean_y = 0, product = 0, square = 0;

    for (unsigned i = 0; i < estimator->count; i++) {
        mean_x += 1 / (double)estimator->sample[i].size / n;
        mean_y += (double)estimator->sample[i].per_item / n;
    }
    for (unsigned i = 0; i < estimator->count; i++) {
        const double x = 1 / (double)estimator->sample[i].size - mean_x;

        product += x * ((double)estimator->sample[i].per_item - mean_y);
        square += x * x;
    }
    *beta = square > 0 ? pf_number_max(product / square, 0) : 0;
    *alpha = mean_y - *beta * mean_x;
}

struct pf_python_estimate pf_python_estimator_look(
        const struct pf_python_estimator *estimator)
{
    struct pf_python_estimate estimate = {
        .running = estimator->count >= LEARNING,
        .size = learning_size[estimator->turn % LEARNING_SIZES],
    };
    double alpha, beta;

    if (!estimate.running)
        return estimate;
    fit(estimator, &alpha, &beta);
    if (!(alpha > 0 && beta > 0))
        return estimate;
    estimate.alpha = alpha;
    estimate.beta = beta;
    estimate.size =
            (size_t)pf_number_min(ceil(beta / (alpha * (1 - EFFICIENCY))), LARGEST);
    return estimate;
}

size_t pf_python_estimator_next(struct pf_python_estimator *estimator)
{
    const struct pf_python_estimate estimate = pf_python_estimator_look(estimator);

    if (!(estimate.beta > 0))
        estimator->turn++;
    return estimate.size;
}
