/* SPDX-License-Identifier: Apache-2.0 */
/* density.c: see density.h. */
#include "runtime/density.h"

#include "runtime/base/number.h"

#include <math.h>

enum { BINS = PF_DENSITY_BINS, CLASSES = PF_DENSITY_CLASSES };

static const double BIN_COUNT = PF_DENSITY_BINS;
/* Rounds of correction after a call; the next call brings more. */
static const int ROUNDS = 3;
/* A call counts half, all earlier ones together the other half: a change of the
 * data is followed within a few calls, noise is halved. */
static const double BLEND = 0.5;
/* The learned density must explain calls it has not seen at least twice as well
 * as a flat one: a wrong density costs more than none. */
static const double CONVINCING = 0.5;
/* Both errors are at least this: relative noise of 0.1 %. */
static const double LEAST_ERROR = 1e-6;
/* No bin is believed to be cheaper than a hundredth of the mean: it could never
 * recover from 0. */
static const double LEAST_DENSITY = 0.01;
/* Fewer partitions of a class than this do not show how far their times scatter. */
static const unsigned FEW = 3;
/* One call may change the unit of work by this, not more. */
static const double MOST_RESCALE = 16;

void pf_density_init(struct pf_density *density)
{
    *density = (struct pf_density){ .calls = 0 };
    for (int b = 0; b <= BINS; b++)
        density->to[b] = b / BIN_COUNT;
}

bool pf_density_valid(const struct pf_density *density)
{
    bool valid = density->calls >= 0 && density->calls < 1e30
            && density->flat_error >= 0 && density->flat_error < 1e30
            && density->error >= 0 && density->error < 1e30 && density->to[0] == 0
            && fabs(density->to[BINS] - 1) < 1e-6;
    for (int b = 0; valid && b < BINS; b++)
        valid = density->to[b + 1] > density->to[b]; /* false for NaN */
    return valid;
}

bool pf_density_trusted(const struct pf_density *density)
{
    return density->calls >= 2 && density->error < CONVINCING * density->flat_error;
}

/* The bin of a position. */
static int bin_of(double position)
{
    int b = (int)(position * BIN_COUNT);
    return b < 0 ? 0 : b >= BINS ? BINS - 1 : b;
}

double pf_density_work(const struct pf_density *density, double position)
{
    int b = bin_of(position);
    double low = density->to[b], high = density->to[b + 1];
    return pf_number_min(
            low + (position * BIN_COUNT - b) * (high - low), density->to[BINS]);
}

double pf_density_position(const struct pf_density *density, double work)
{
    int low = 0, high = BINS;
    if (work >= density->to[BINS])
        return 1;
    while (high - low > 1) {
        int middle = (low + high) / 2;
        if (density->to[middle] <= work)
            low = middle;
        else
            high = middle;
    }
    double part =
            (work - density->to[low]) / (density->to[high] - density->to[low]);
    return (low + pf_number_max(part, 0)) / BIN_COUNT;
}

static double sample_work(
        const struct pf_density *density, const struct pf_density_sample *sample)
{
    double work = pf_density_work(density, sample->end)
            - pf_density_work(density, sample->begin);
    return pf_number_max(work, 1e-15);
}

/* Mean squared log error of a density on these partitions, after the best
 * constant rate of each class; every second of execution counts alike.  own[c] is
 * lowered to that of class c alone. */
static double error_of(const struct pf_density *density,
        const struct pf_density_sample *samples, size_t count, double own[CLASSES])
{
    double sum[CLASSES] = { 0 }, squares[CLASSES] = { 0 }, weight[CLASSES] = { 0 };
    double total = 0, all = 0;
    for (size_t k = 0; k < count; k++) {
        unsigned c = samples[k].device_class;
        double seconds = samples[k].seconds;
        double error = log(seconds / sample_work(density, &samples[k]));
        sum[c] += seconds * error;
        squares[c] += seconds * error * error;
        weight[c] += seconds;
    }
    for (int c = 0; c < CLASSES; c++) {
        double spread = 0;
        if (weight[c] > 0)
            spread = pf_number_max(squares[c] - sum[c] * sum[c] / weight[c], 0);
        own[c] = weight[c] > 0 ? pf_number_min(own[c], spread / weight[c]) : own[c];
        total += spread;
        all += weight[c];
    }
    return LEAST_ERROR + (all > 0 ? total / all : 0);
}

static void set_bins(struct pf_density *density, const double bin[BINS])
{
    double sum = 0, to = 0;
    for (int b = 0; b < BINS; b++)
        sum += bin[b];
    for (int b = 0; b < BINS; b++) {
        density->to[b] = to;
        to += bin[b] / sum;
    }
    density->to[BINS] = 1;
}

/* Each bin times the mean of measured / predicted seconds over it. */
static void correct(struct pf_density *density,
        const struct pf_density_sample *samples, size_t count,
        const double rate[CLASSES])
{
    double top[BINS] = { 0 }, bottom[BINS] = { 0 }, bin[BINS];
    for (size_t k = 0; k < count; k++) {
        const struct pf_density_sample *sample = &samples[k];
        double ratio = sample->seconds / rate[sample->device_class]
                / sample_work(density, sample);
        double begin = sample->begin * BIN_COUNT, end = sample->end * BIN_COUNT;
        for (int b = bin_of(sample->begin); b < BINS && b < end; b++) {
            double part = pf_number_min(end, b + 1) - pf_number_max(begin, b);
            top[b] += part * ratio;
            bottom[b] += part;
        }
    }
    for (int b = 0; b < BINS; b++) {
        bin[b] = (density->to[b + 1] - density->to[b]) * BIN_COUNT;
        if (bottom[b] > 0)
            bin[b] = pf_number_max(bin[b] * top[b] / bottom[b], LEAST_DENSITY);
    }
    set_bins(density, bin);
}

/* The rate of each class given the density, then the density given the rates.
 * All classes see the same density, which is what separates "this device is
 * slow" from "these items are expensive". */
static void reconstruct(struct pf_density *density,
        const struct pf_density_sample *samples, size_t count)
{
    for (int round = 0; round < ROUNDS; round++) {
        double seconds[CLASSES] = { 0 }, work[CLASSES] = { 0 }, rate[CLASSES];
        for (size_t k = 0; k < count; k++) {
            seconds[samples[k].device_class] += samples[k].seconds;
            work[samples[k].device_class] += sample_work(density, &samples[k]);
        }
        for (int c = 0; c < CLASSES; c++)
            rate[c] = work[c] > 0 ? seconds[c] / work[c] : 1;
        correct(density, samples, count, rate);
    }
}

static void blend(struct pf_density *density, const struct pf_density *fresh)
{
    double part = density->calls > 0 ? BLEND : 1, bin[BINS];
    for (int b = 0; b < BINS; b++) {
        double old = density->to[b + 1] - density->to[b];
        double new = fresh->to[b + 1] - fresh->to[b];
        bin[b] = old + part * (new - old);
    }
    set_bins(density, bin);
}

/* What both densities would have predicted for a call not seen before.  That tells of
 * scatter only from the third call on: one call is not enough to learn a density. */
static void score(struct pf_density *density,
        const struct pf_density_sample *samples, size_t count,
        double scatter[CLASSES])
{
    struct pf_density flat;
    double part = density->calls > 1 ? BLEND : 1;
    unsigned of_class[CLASSES] = { 0 };
    for (int c = 0; c < CLASSES; c++)
        scatter[c] = INFINITY;
    pf_density_init(&flat);
    density->flat_error +=
            part * (error_of(&flat, samples, count, scatter) - density->flat_error);
    density->error +=
            part * (error_of(density, samples, count, scatter) - density->error);
    for (size_t k = 0; k < count; k++)
        of_class[samples[k].device_class] += 1;
    for (int c = 0; c < CLASSES; c++)
        scatter[c] = of_class[c] < FEW || density->calls < 2
                ? -1
                : pf_number_min(scatter[c], 1);
}

void pf_density_learn(struct pf_density *density,
        const struct pf_density_sample *samples, size_t count,
        double rescale[PF_DENSITY_CLASSES], double scatter[PF_DENSITY_CLASSES])
{
    double before[CLASSES] = { 0 }, after[CLASSES] = { 0 };
    struct pf_density fresh = *density;
    for (int c = 0; c < CLASSES; c++)
        scatter[c] = -1;
    if (density->calls > 0)
        score(density, samples, count, scatter);
    reconstruct(&fresh, samples, count);
    for (size_t k = 0; k < count; k++)
        before[samples[k].device_class] += sample_work(density, &samples[k]);
    blend(density, &fresh);
    for (size_t k = 0; k < count; k++)
        after[samples[k].device_class] += sample_work(density, &samples[k]);
    for (int c = 0; c < CLASSES; c++) {
        double ratio = before[c] > 0 ? after[c] / before[c] : 1;
        rescale[c] =
                pf_number_min(pf_number_max(ratio, 1 / MOST_RESCALE), MOST_RESCALE);
    }
    density->calls += 1;
}
