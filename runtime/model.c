/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: samples in, a line through their means out. */
#include "runtime/model.h"

#include "runtime/base/number.h"

#include <math.h>
#include <string.h>

static const uint32_t VERSION = 4;
/* A mean counts as at most this many samples: a size is forgotten after about
 * eight new ones. */
static const double CELL_MEMORY = 8;
/* In the fit a mean counts as at most this many, so that one size seen often can
 * not outvote the others.  Flat between 1 and 4. */
static const double FIT_WEIGHT = 2;
/* Means that have faded below this are forgotten. */
static const double FADED = 1e-9;
/* A class with fewer samples than this is fitted again after each of them. */
static const double YOUNG = 16;
/* A sample above this times the mean of its cell counts as this much: nothing
 * runs faster than it can, so only slow ones are doubted, and a true change is
 * still learned in a few samples. */
static const double OUTLIER = 3;
/* Longer times are nonsense (30 years). */
static const double LONGEST = 1e9;
/* Weight of the measured overhead of an empty partition, in samples of pure
 * overhead.  Flat from 0.0005 to 0.05; 0.5 hides a set-up of 50 us. */
static const double GUESS_WEIGHT = 0.005;
/* A kernel longer than this times the shortest one is not dominated by what any
 * launch takes. */
static const double SATURATED = 2.5;
/* Squared errors of the logarithm above this (22 %) are no noise: a few costly items
 * explain them.  0.1 costs heavy tails 2 %. */
static const double SCATTERED = 0.05;
/* Half of the scatter is that of the last call that shows any; without one it is doubted
 * a little more with each call. */
static const double SCATTER_BLEND = 0.5, SCATTER_DOUBT = 0.9;
/* Means of less weight are too old to say what a partition takes at worst. */
static const double RECENT = 0.25;
/* Calls without a class before it is tried again: back within ten calls. */
static const double IDLE_LIMIT = 6;

void pf_model_init(struct pf_model *model, unsigned classes)
{
    memset(model, 0, sizeof *model);
    model->version = VERSION;
    model->classes = classes < PF_MODEL_CLASSES ? classes : PF_MODEL_CLASSES;
    pf_density_init(&model->density);
    for (unsigned c = 0; c < model->classes; c++)
        model->device_class[c].idle_limit = IDLE_LIMIT;
}

static bool is_sane(double x)
{
    return x >= 0 && x < 1e30; /* false for NaN */
}

static bool class_valid(const struct pf_model_class *learned)
{
    bool valid = is_sane(learned->seconds_per_item) && is_sane(learned->overhead_s)
            && is_sane(learned->shortest_s) && is_sane(learned->samples)
            && is_sane(learned->last_call) && is_sane(learned->idle_limit)
            && is_sane(learned->scatter) && is_sane(learned->longest_s);
    for (int i = 0; valid && i < PF_MODEL_CELLS; i++) {
        const struct pf_model_cell *cell = &learned->cell[i];
        valid = is_sane(cell->weight) && is_sane(cell->call) && is_sane(cell->work)
                && is_sane(cell->seconds)
                && (!(cell->weight > 0) || (cell->work > 0 && cell->seconds > 0));
    }
    return valid;
}

bool pf_model_valid(const struct pf_model *model)
{
    bool valid = model->version == VERSION && model->classes >= 1
            && model->classes <= PF_MODEL_CLASSES && is_sane(model->calls)
            && pf_density_valid(&model->density);
    for (unsigned c = 0; valid && c < model->classes; c++)
        valid = class_valid(&model->device_class[c]);
    return valid;
}

/* Weights are halved with every call, used or not; done when they are read. */
static double weight_of(
        const struct pf_model *model, const struct pf_model_cell *cell)
{
    double age = model->calls - cell->call;
    if (!(age > 0) || !(cell->weight > 0))
        return cell->weight;
    return age < 64 ? ldexp(cell->weight, -(int)age) : 0;
}

static void add_sample(struct pf_model *model, struct pf_model_cell *cell,
        double work, double seconds)
{
    double weight = weight_of(model, cell);
    if (weight < FADED)
        weight = 0;
    if (weight >= 3)
        seconds = pf_number_min(seconds, OUTLIER * cell->seconds);
    weight = pf_number_min(weight + 1, CELL_MEMORY);
    if (weight <= 1)
        cell->work = cell->seconds = 0;
    cell->work += (work - cell->work) / weight;
    cell->seconds += (seconds - cell->seconds) / weight;
    cell->weight = weight;
    cell->call = model->calls;
}

bool pf_model_observe(
        struct pf_model *model, unsigned device_class, double work, double seconds)
{
    struct pf_model_class *learned = &model->device_class[device_class];
    if (!(work > 0 && seconds > 0 && work < 1e18 && seconds < LONGEST))
        return false;
    int index = work > 1 ? ilogb(work) : 0;
    if (index >= PF_MODEL_CELLS)
        index = PF_MODEL_CELLS - 1;
    add_sample(model, &learned->cell[index], work, seconds);
    learned->samples += 1;
    return learned->samples < YOUNG;
}

bool pf_model_is_scattered(const struct pf_model_class *learned)
{
    return learned->scatter > SCATTERED;
}

void pf_model_forget(struct pf_model *model, unsigned device_class)
{
    struct pf_model_class *learned = &model->device_class[device_class];
    learned->seconds_per_item = learned->shortest_s = learned->samples = 0;
    learned->scatter = learned->longest_s = 0;
    memset(learned->cell, 0, sizeof learned->cell);
}

/* Sums over the cells for seconds = overhead + rate * work. */
struct sums {
    double one, work, square, seconds, product;
    double shortest; /* seconds of any cell */
    double longest;  /* of any recent one */
    double bound;    /* the rate is at most this */
};

/* Least squares with weight 1 / seconds: the variance of a sum of item costs
 * grows like its mean.  Cells that show only the time that any launch takes bound
 * the rate but do not enter. */
static struct sums sum_cells(const struct pf_model *model,
        const struct pf_model_class *learned, const struct pf_device_facts *facts,
        bool is_cpu)
{
    struct sums sums = { .shortest = INFINITY, .bound = INFINITY };
    const struct pf_model_cell *used[PF_MODEL_CELLS];
    double weights[PF_MODEL_CELLS], width = is_cpu ? 0 : facts->width;
    unsigned count = 0;
    for (int i = 0; i < PF_MODEL_CELLS; i++) {
        const struct pf_model_cell *cell = &learned->cell[i];
        if (!(cell->weight > FADED)) /* most are empty; age makes none heavier */
            continue;
        weights[count] = weight_of(model, cell);
        if (!(weights[count] > FADED))
            continue;
        sums.shortest = pf_number_min(sums.shortest, cell->seconds);
        if (weights[count] > RECENT)
            sums.longest = pf_number_max(sums.longest, cell->seconds);
        used[count++] = cell;
    }
    for (unsigned i = 0; i < count; i++) {
        double work = used[i]->work, t = used[i]->seconds;
        sums.bound = pf_number_min(sums.bound,
                pf_number_max(t - facts->overhead_s, 0.1 * t)
                        / pf_number_max(work, width));
        if (work < width && t < SATURATED * sums.shortest)
            continue;
        double weight = pf_number_min(weights[i], FIT_WEIGHT) / t;
        sums.one += weight;
        sums.work += weight * work;
        sums.square += weight * work * work;
        sums.seconds += weight * t;
        sums.product += weight * work * t;
    }
    return sums;
}

void pf_model_fit(struct pf_model *model, unsigned device_class,
        const struct pf_device_facts *facts, bool is_cpu)
{
    struct pf_model_class *learned = &model->device_class[device_class];
    struct sums sums = sum_cells(model, learned, facts, is_cpu);
    if (!isfinite(sums.bound))
        return;
    /* overhead = guess * u, with a weak pull of u towards 1, and never less:
     * nothing is faster than an empty partition. */
    double guess = facts->overhead_s, u = 1, rate = sums.bound;
    if (sums.square > 0) {
        double pull = GUESS_WEIGHT * guess;
        double m00 = sums.one * guess * guess + pull, m01 = sums.work * guess;
        double v0 = sums.seconds * guess + pull;
        double determinant = m00 * sums.square - m01 * m01;
        if (determinant > 1e-9 * m00 * sums.square)
            u = (v0 * sums.square - sums.product * m01) / determinant;
        u = pf_number_max(u, 1);
        rate = (sums.product - m01 * u) / sums.square;
        if (!(rate > 0)) {
            rate = 0.5 * sums.product / sums.square;
            u = 1;
        }
    }
    learned->seconds_per_item = rate;
    learned->overhead_s = guess * u;
    learned->longest_s = sums.longest;
    learned->shortest_s = is_cpu
            ? 0
            : pf_number_max(0,
                      pf_number_min(sums.shortest - learned->overhead_s,
                              facts->width * rate));
}

void pf_model_learn_density(struct pf_model *model,
        const struct pf_density_sample *samples, size_t count)
{
    double rescale[PF_DENSITY_CLASSES], scatter[PF_DENSITY_CLASSES];
    pf_density_learn(&model->density, samples, count, rescale, scatter);
    for (unsigned c = 0; c < model->classes; c++) {
        double *own = &model->device_class[c].scatter;
        *own = scatter[c] < 0 ? *own * SCATTER_DOUBT
                              : *own + SCATTER_BLEND * (scatter[c] - *own);
    }
    /* The cells are in units of the old density. */
    for (unsigned c = 0; c < model->classes; c++) {
        struct pf_model_cell *cell = model->device_class[c].cell;
        if (!(rescale[c] < 1 || rescale[c] > 1))
            continue;
        for (int i = 0; i < PF_MODEL_CELLS; i++) {
            cell[i].work *= rescale[c];
            if (weight_of(model, &cell[i]) < FADED || !(cell[i].work > 1e-20)
                    || cell[i].work > 1e20)
                cell[i] = (struct pf_model_cell){ .weight = 0 };
        }
    }
}

double pf_model_predict(
        const struct pf_model *model, unsigned device_class, double work)
{
    const struct pf_model_class *learned = &model->device_class[device_class];
    if (!(learned->seconds_per_item > 0))
        return 0;
    return learned->overhead_s
            + pf_number_max(learned->shortest_s, learned->seconds_per_item * work);
}
