/* SPDX-License-Identifier: Apache-2.0 */
/* forecast.c: see forecast.h. */
#include "runtime/forecast.h"

#include "runtime/base/number.h"

#include <math.h>

/* The level of a class is that of the last quarter of the work done: costs along
 * the index change slowly.  Flat from 15 % to 40 %. */
static const double LEVEL_WINDOW = 0.25;
/* An overdue partition is expected to need a tenth of its time more: the longer
 * it is late, the longer it will be. */
static const double OVERDUE = 0.1;

/* ---- Work ---------------------------------------------------------------------- */

double pf_forecast_learned_work(
        const struct pf_plan *plan, size_t first, size_t items)
{
    double n = (double)plan->call.items;
    double begin = (double)first / n, end = (double)(first + items) / n;
    return n
            * (pf_density_work(&plan->density, end)
                    - pf_density_work(&plan->density, begin));
}

double pf_forecast_work(const struct pf_plan *plan, size_t first, size_t items)
{
    return plan->use_density ? pf_forecast_learned_work(plan, first, items)
                             : (double)items;
}

double pf_forecast_items(
        const struct pf_plan *plan, struct pf_plan_place place, double work)
{
    if (!plan->use_density)
        return work;
    double n = (double)plan->call.items, item = (double)place.item;
    double here = pf_density_work(&plan->density, item / n);
    double there = place.down ? pf_number_max(here - work / n, 0) : here + work / n;
    return pf_number_max(
            fabs(n * pf_density_position(&plan->density, there) - item), 0);
}

double pf_forecast_items_per_work(const struct pf_plan *plan)
{
    return plan->use_density
            ? (double)pf_plan_left(plan) / pf_number_max(plan->left, 1e-9)
            : 1;
}

/* ---- Speeds -------------------------------------------------------------------- */

/* How much slower than the model says is a class in this call?  The common level
 * of all classes, shrunk to 1, corrected by its own as evidence comes in. */
static double level_of(
        const struct pf_plan *plan, unsigned c, double predicted, double measured)
{
    const struct pf_plan_level *level = &plan->level[c];
    double prior = plan->level_prior;
    predicted += prior;
    measured += prior;
    double common = predicted > 0 ? measured / predicted : 1;
    double own = level->predicted + prior;
    return own > 0 ? (level->measured + prior * common) / own : 1;
}

/* What one item may take of a device whose times a few costly items make, as any
 * partition may hold one; believed half as much with each call without the device, so
 * that none is left out for long.  0: what a partition takes is known, or the device is
 * cores, which have no lanes that wait. */
static double longest_of(const struct pf_plan *plan, unsigned c)
{
    const struct pf_model_class *learned = &plan->model->device_class[c];
    if (c == 0 || plan->machine->facts[c].cores || plan->machine->exclusive
            || plan->first_call || plan->use_density
            || !pf_model_is_scattered(learned))
        return 0;
    return learned->longest_s * exp2(learned->last_call - plan->model->calls);
}

static void set_speed(struct pf_plan *plan, unsigned c, double level)
{
    const struct pf_model_class *learned = &plan->model->device_class[c];
    const struct pf_device_facts *facts = &plan->machine->facts[c];
    struct pf_plan_speed *speed = &plan->speed[c];
    speed->rate = speed->stage = learned->seconds_per_item * level;
    speed->overhead = pf_number_max(learned->overhead_s, facts->overhead_s);
    speed->shortest = learned->shortest_s;
    speed->least = pf_number_max(speed->shortest, speed->overhead);
    speed->longest = longest_of(plan, c);
    speed->least = pf_number_max(speed->least, speed->longest);
    speed->before = facts->launch_s + facts->transfer_latency_s;
    speed->in = facts->bytes_in_per_s > 0
            ? plan->call.bytes_in / facts->bytes_in_per_s
            : 0;
    speed->out = facts->bytes_out_per_s > 0
            ? plan->call.bytes_out / facts->bytes_out_per_s
            : 0;
    double transfer = pf_number_max(speed->in, speed->out);
    if (transfer > 0)
        speed->stage = pf_number_max(
                speed->stage, transfer * pf_forecast_items_per_work(plan));
}

void pf_forecast_speeds(struct pf_plan *plan)
{
    double predicted = 0, measured = 0;
    for (unsigned c = 0; c < plan->machine->classes; c++) {
        predicted += plan->level[c].predicted;
        measured += plan->level[c].measured;
    }
    for (unsigned c = 0; c < plan->machine->classes; c++)
        set_speed(plan, c, level_of(plan, c, predicted, measured));
}

/* Older evidence fades with the progress of the whole call, alike for all
 * classes, so that they are compared over the same stretch of items. */
void pf_forecast_level(
        struct pf_plan *plan, unsigned c, double predicted, double measured)
{
    struct pf_plan_level *level = &plan->level[c];
    double window = pf_number_max(LEVEL_WINDOW * plan->finished, 1);
    double fade = exp((level->at - plan->finished) / window);
    level->at = plan->finished;
    level->predicted = level->predicted * fade + predicted;
    level->measured = level->measured * fade + measured;
}

/* ---- The common finish time ------------------------------------------------------ */

double pf_forecast_start_cost(const struct pf_device_facts *facts)
{
    return facts->launch_s + facts->overhead_s + 2 * facts->transfer_latency_s;
}

double pf_forecast_available(
        const struct pf_plan *plan, unsigned worker, double now)
{
    const struct pf_plan_worker *state = &plan->worker[worker];
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    double ready = now, after = speed->overhead;
    if (!pf_plan_is_cpu(plan, worker)) {
        ready += speed->before;
        if (pf_plan_facts(plan, worker)->bytes_out_per_s > 0)
            after += pf_plan_facts(plan, worker)->transfer_latency_s;
    }
    if (state->outstanding > 0 || !state->asked) {
        double end = state->executed;
        if (end < now)
            end = now + OVERDUE * (now - state->started);
        ready = pf_number_max(ready, pf_number_max(end, state->moved_in));
        if (state->outstanding > 0 && state->executed >= now)
            ready = pf_number_max(ready, state->moved_out);
    }
    return ready + after;
}

/* Whose lanes count. */
struct who {
    unsigned without; /* not this worker's */
    bool awake;       /* also those of sleeping CPU workers, from when they wake */
    enum pf_plan_side side;
};

static bool counts(
        const struct pf_plan *plan, const struct who *who, unsigned worker)
{
    const struct pf_plan_worker *state = &plan->worker[worker];
    const bool cpu = pf_plan_is_cpu(plan, worker);
    if (worker == who->without || !pf_plan_is_known(plan, worker) || state->late
            || state->absent)
        return false;
    if (who->side == PF_PLAN_BOTH)
        return state->active || (who->awake && cpu);
    return cpu == (who->side == PF_PLAN_CPU);
}

/* Fills plan->lane in the order in which they open; returns how many.  The order
 * is kept from call to call, so that this is linear but for what has changed. */
static unsigned sort_lanes(struct pf_plan *plan, double now, const struct who *who)
{
    const struct pf_plan_machine *machine = plan->machine;
    struct pf_plan_lane *lane = plan->lane;
    unsigned count = 0, woken = 0;
    double per_class[PF_MODEL_CLASSES];
    for (unsigned c = 0; c < machine->classes; c++)
        per_class[c] = plan->speed[c].stage > 0 ? 1 / plan->speed[c].stage : 0;
    for (unsigned k = 0; k < machine->workers; k++) {
        unsigned w = plan->order[k];
        const struct pf_plan_speed *speed = pf_plan_speed(plan, w);
        bool sleeping = !plan->worker[w].active && pf_plan_is_cpu(plan, w);
        struct pf_plan_lane own = { .opens = PF_PLAN_NEVER,
            .worker = w,
            .speed = per_class[pf_plan_class(plan, w)] };
        if (counts(plan, who, w)) {
            own.start = sleeping ? now + speed->overhead
                            + pf_plan_wake_s(
                                    machine, ++woken, machine->cpu_workers - 1)
                                 : pf_forecast_available(plan, w, now);
            own.opens = own.start + speed->least;
        }
        unsigned i = k;
        for (; i > 0 && lane[i - 1].opens > own.opens; i--)
            lane[i] = lane[i - 1];
        lane[i] = own;
        count += own.opens < PF_PLAN_NEVER;
    }
    for (unsigned k = 0; k < machine->workers; k++)
        plan->order[k] = lane[k].worker;
    return count;
}

/* Work is poured over the lanes like water: a lane that opens after the water
 * level gets nothing. */
static double pour(struct pf_plan *plan, double now, const struct who *who)
{
    unsigned count = sort_lanes(plan, now, who);
    const struct pf_plan_lane *lane = plan->lane;
    double speed = 0, offset = 0, finish = PF_PLAN_NEVER, left = plan->left;
    for (unsigned i = 0; i < count && finish > lane[i].opens; i++) {
        speed += lane[i].speed;
        offset += lane[i].speed * lane[i].start;
        finish = pf_number_max((left + offset) / speed, lane[i].opens);
    }
    return finish;
}

double pf_forecast_finish(
        struct pf_plan *plan, double now, unsigned without, bool awake)
{
    const struct who who = { without, awake, PF_PLAN_BOTH };
    return pour(plan, now, &who);
}

double pf_forecast_finish_side(
        struct pf_plan *plan, double now, enum pf_plan_side side)
{
    const struct who who = { PF_FORECAST_ALL, false, side };
    return pour(plan, now, &who);
}
