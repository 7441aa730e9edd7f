/* SPDX-License-Identifier: Apache-2.0 */
/* model.c: a mean of the recent seconds per item of each class. */
#include "runtime/model.h"

#include <math.h>
#include <string.h>

static const uint32_t VERSION = 1;
/* A mean over about this many samples: forgets a bad one, averages noise. */
static const double MEMORY = 8;
/* Longer times are nonsense (30 years). */
static const double LONGEST = 1e9;

void pf_model_init(struct pf_model *model, unsigned classes)
{
    memset(model, 0, sizeof *model);
    model->version = VERSION;
    model->classes = classes < PF_MODEL_CLASSES ? classes : PF_MODEL_CLASSES;
}

static bool is_sane(double x)
{
    return x >= 0 && x < 1e30; /* false for NaN */
}

bool pf_model_valid(const struct pf_model *model)
{
    bool valid = model->version == VERSION && model->classes >= 1
                 && model->classes <= PF_MODEL_CLASSES && is_sane(model->calls);
    for (unsigned c = 0; valid && c < model->classes; c++) {
        const struct pf_model_class *learned = &model->device_class[c];
        valid = is_sane(learned->seconds_per_item)
                && is_sane(learned->overhead_s) && is_sane(learned->samples);
    }
    return valid;
}

void pf_model_observe(struct pf_model *model, unsigned device_class, double items,
        double seconds, bool is_cpu)
{
    if (!(items > 0 && seconds > 0 && items < 1e18 && seconds < LONGEST))
        return;
    struct pf_model_class *learned = &model->device_class[device_class];
    learned->samples += 1;
    if (learned->samples < 2 && !is_cpu)
        return; /* the first launch pays for lazy compilation */
    double net = fmax(seconds - learned->overhead_s, 0.1 * seconds);
    double measured = net / items;
    double old = learned->seconds_per_item;
    double weight = old > 0 ? 1 / fmin(learned->samples, MEMORY) : 1;
    learned->seconds_per_item = old + weight * (measured - old);
}

double pf_model_predict(
        const struct pf_model *model, unsigned device_class, double items)
{
    const struct pf_model_class *learned = &model->device_class[device_class];
    if (!(learned->seconds_per_item > 0))
        return 0;
    return learned->overhead_s + learned->seconds_per_item * items;
}
