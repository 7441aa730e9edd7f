/* SPDX-License-Identifier: Apache-2.0 */
/* plan_begin.c: who takes part, when the call begins and as it goes on. */
#include "runtime/forecast.h"

#include "runtime/base/number.h"
#include "runtime/plan_state.h"

#include <math.h>
#include <string.h>

/* A forecast must be shorter by 2 % to justify waking more workers. */
static const double WORTHWHILE = 0.98;
/* The level of a class starts with this part of the call as evidence for 1: a few
 * partitions outweigh it.  Flat from 1 % to 20 %. */
static const double LEVEL_PRIOR = 0.05;
/* An unused device is tried again if its start costs at most this part of the
 * call: a bounded loss. */
static const double TRIAL_PART = 0.3;
/* The calls without a trial double up to this. */
static const double MOST_IDLE = 1024;
/* A device of unknown speed must start within the call with this to spare. */
static const double UNKNOWN_SPARE = 1.5;
/* Sleepers are woken later in the call if it gets shorter by a tenth. */
static const double WAKE_GAIN = 0.9;

/* Those that `order` wakes, itself woken as one of `count`; 0: the caller. */
static unsigned woken_by(
        const struct pf_plan_machine *machine, unsigned order, unsigned count)
{
    unsigned before = order * machine->wake_fan;
    if (machine->wake_fan == 0)
        return order == 0 ? count : 0;
    return before >= count                       ? 0
            : before + machine->wake_fan > count ? count - before
                                                 : machine->wake_fan;
}

double pf_plan_wake_s(
        const struct pf_plan_machine *machine, unsigned order, unsigned count)
{
    double seconds = woken_by(machine, order, count) * machine->wake_next_s;
    if (order == 0)
        return seconds;
    /* The workers are numbered level by level; (order - 1) / fan wakes this one. */
    for (unsigned fan = machine->wake_fan; fan > 0 && order > fan;
            order = (order - 1) / fan)
        seconds += machine->wake_first_s
                + ((order - 1) % fan + 1) * machine->wake_next_s;
    return seconds + machine->wake_first_s + order * machine->wake_next_s;
}

/* CPU workers 0 .. count - 1, and when they are expected to be awake. */
static void expect_cpu_workers(struct pf_plan *plan, unsigned count)
{
    const struct pf_plan_machine *machine = plan->machine;
    for (unsigned w = 0; w < machine->cpu_workers; w++) {
        struct pf_plan_worker *state = &plan->worker[w];
        state->active = w < count;
        state->executed = pf_plan_wake_s(machine, w, count - 1);
    }
}

/* 1, 2, 4, ... or all: whichever finishes first. */
void pf_plan_choose_cpu_workers(struct pf_plan *plan)
{
    unsigned all = plan->machine->cpu_workers, best = 1;
    double shortest = PF_PLAN_NEVER;
    for (unsigned count = 1;; count = 2 * count < all ? 2 * count : all) {
        expect_cpu_workers(plan, count);
        double finish = pf_forecast_finish(plan, 0, PF_FORECAST_ALL, false);
        if (count > 1)
            finish += plan->machine->share_s;
        if (finish < WORTHWHILE * shortest) {
            shortest = finish;
            best = count;
        }
        if (count >= all)
            break;
    }
    expect_cpu_workers(plan, best);
}

/* An excluded device is measured again, from scratch, after 6, 12, 24 ... calls
 * without it: its cost may have changed, or was measured at a bad moment. */
bool pf_plan_due_for_trial(struct pf_plan *plan, unsigned worker, double without)
{
    unsigned c = pf_plan_class(plan, worker);
    struct pf_model_class *learned = &plan->model->device_class[c];
    double idle = plan->model->calls + 1 - learned->last_call;
    double cost = pf_forecast_start_cost(pf_plan_facts(plan, worker));
    if (plan->trial || idle <= learned->idle_limit || cost > TRIAL_PART * without)
        return false;
    plan->trial = true; /* one class per call */
    learned->idle_limit = pf_number_min(2 * learned->idle_limit, MOST_IDLE);
    pf_model_forget(plan->model, c);
    pf_forecast_speeds(plan);
    return true;
}

/* Can this device finish anything before the others finish everything? */
static bool device_pays(struct pf_plan *plan, unsigned worker)
{
    double cost = pf_forecast_start_cost(pf_plan_facts(plan, worker));
    double without = pf_forecast_finish(plan, 0, worker, false);
    if (!pf_plan_is_known(plan, worker))
        return UNKNOWN_SPARE * cost < without;
    return cost + pf_plan_speed(plan, worker)->shortest < without
            || pf_plan_due_for_trial(plan, worker, without);
}

static void choose_workers(struct pf_plan *plan)
{
    const struct pf_plan_machine *machine = plan->machine;
    bool any_device = false;
    if (machine->cpu_workers > 0)
        pf_plan_choose_cpu_workers(plan);
    for (unsigned w = machine->cpu_workers; w < machine->workers; w++) {
        plan->worker[w].active = w == 0 || device_pays(plan, w);
        any_device |= plan->worker[w].active;
    }
    if (machine->cpu_workers == 0)
        return;
    if (any_device)
        pf_plan_choose_cpu_workers(plan); /* devices may make some superfluous */
    double finish = pf_forecast_finish(plan, 0, PF_FORECAST_ALL, false);
    double serial = pf_model_predict(plan->model, 0, plan->left);
    if (!any_device && WORTHWHILE * serial <= finish) {
        plan->serial = true;
        expect_cpu_workers(plan, 1);
    }
}

/* Is the call over before anybody else could help, without looking closer? */
static bool is_tiny(const struct pf_plan *plan)
{
    const struct pf_plan_machine *machine = plan->machine;
    const struct pf_plan_speed *cpu = &plan->speed[0];
    double serial = pf_model_predict(plan->model, 0, plan->left);
    if (machine->cpu_workers > 1
            && machine->wake_first_s + machine->wake_next_s + machine->share_s
                            + cpu->overhead + cpu->least
                    < serial)
        return false;
    for (unsigned w = machine->cpu_workers; w < machine->workers; w++) {
        const struct pf_plan_speed *speed = pf_plan_speed(plan, w);
        double cost = pf_forecast_start_cost(pf_plan_facts(plan, w));
        double first =
                speed->rate > 0 ? cost + speed->shortest : UNKNOWN_SPARE * cost;
        if (first < serial || cost <= TRIAL_PART * serial)
            return false;
    }
    return true;
}

static void reset(struct pf_plan *plan)
{
    plan->serial = plan->trial = false;
    plan->used = plan->outstanding = plan->awaited = plan->parked = 0;
    plan->next = plan->largest = plan->returned_items = 0;
    plan->end = plan->call.items;
    plan->returned_count = 0;
    plan->log_seen = plan->log_count = 0;
    plan->side = PF_PLAN_BOTH;
    plan->switched = false;
    plan->latest = plan->finished = plan->level_prior = 0;
    memset(plan->level, 0, plan->machine->classes * sizeof plan->level[0]);
    memset(plan->worker, 0, plan->machine->workers * sizeof plan->worker[0]);
}

static void begin_known(struct pf_plan *plan)
{
    const struct pf_plan_machine *machine = plan->machine;
    double speed = 0;
    if (machine->workers == 1 || (machine->cpu_workers > 0 && is_tiny(plan))) {
        plan->serial = machine->cpu_workers > 0;
        return;
    }
    for (unsigned w = 0; w < machine->workers; w++)
        if (pf_plan_is_known(plan, w))
            speed += 1 / pf_plan_speed(plan, w)->stage;
    if (speed > 0)
        plan->level_prior = LEVEL_PRIOR * plan->left / speed * machine->workers;
    if (machine->exclusive && machine->cpu_workers > 0)
        pf_plan_begin_side(plan);
    else
        choose_workers(plan);
}

void pf_plan_begin(struct pf_plan *plan, struct pf_model *model,
        const struct pf_plan_machine *machine, const struct pf_plan_call *call,
        const bool *ready)
{
    plan->model = model;
    plan->machine = machine;
    plan->call = *call;
    if (plan->call.multiple < 1)
        plan->call.multiple = 1;
    if (plan->call.largest < 1)
        plan->call.largest = SIZE_MAX;
    reset(plan);
    plan->density = model->density;
    plan->first_call = model->density.calls < 1;
    plan->use_density = pf_density_trusted(&model->density);
    plan->left = (double)call->items;
    for (unsigned k = 0; k < machine->workers; k++)
        plan->order[k] = k;
    for (unsigned w = machine->cpu_workers; w < machine->workers; w++)
        plan->worker[w].late = !ready[w];
    pf_forecast_speeds(plan);
    plan->worker[0].active = true;
    /* The very first call starts in the caller, with one item; others become
     * active as soon as they pay.  Without CPU workers there is nothing to
     * compare with. */
    if (machine->cpu_workers == 0 || pf_plan_is_known(plan, 0)
            || machine->workers == 1)
        begin_known(plan);
    else if (machine->exclusive)
        pf_plan_begin_side(plan);
    for (unsigned w = 0; w < machine->workers; w++)
        plan->awaited += plan->worker[w].active && !plan->worker[w].late;
}

/* ---- Later in the call ------------------------------------------------------------ */

void pf_plan_activate(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    if (state->active || state->absent)
        return;
    state->active = true;
    state->asked = false;
    plan->parked -= state->parked;
    state->parked = false;
    plan->awaited += !state->late;
}

void pf_plan_deactivate(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    plan->awaited -= state->active && !state->asked && !state->late;
    state->active = false;
}

/* All sleeping CPU workers, if that shortens the call. */
static bool wake_cpu_workers(struct pf_plan *plan, double now, double *finish)
{
    const struct pf_plan_machine *machine = plan->machine;
    unsigned sleeping = 0;
    for (unsigned w = 1; w < machine->cpu_workers; w++)
        sleeping += !plan->worker[w].active && !plan->worker[w].absent;
    if (sleeping == 0 || *finish - now < 2 * machine->wake_first_s)
        return false;
    double awake = pf_forecast_finish(plan, now, PF_FORECAST_ALL, true)
            + 0.5 * pf_plan_wake_s(machine, 0, sleeping) + machine->share_s;
    if (awake - now >= WAKE_GAIN * (*finish - now))
        return false;
    for (unsigned w = 1, order = 0; w < machine->cpu_workers; w++) {
        if (plan->worker[w].active || plan->worker[w].absent)
            continue;
        pf_plan_activate(plan, w);
        plan->worker[w].started = now;
        plan->worker[w].executed = now + pf_plan_wake_s(machine, ++order, sleeping);
    }
    *finish = awake;
    return true;
}

/* Activates what sleeps, if what is left justifies it now. */
bool pf_plan_activate_more(struct pf_plan *plan, double now)
{
    const struct pf_plan_machine *machine = plan->machine;
    bool sleeping = false;
    if (plan->side != PF_PLAN_BOTH)
        return pf_plan_choose_side(plan, now);
    for (unsigned w = 1; w < machine->workers && !sleeping; w++)
        sleeping = !plan->worker[w].active && !plan->worker[w].absent;
    if (!sleeping || plan->serial || pf_plan_left(plan) == 0)
        return false;
    double finish = pf_forecast_finish(plan, now, PF_FORECAST_ALL, false);
    if (finish >= PF_PLAN_NEVER)
        return false; /* nobody is known */
    bool activated = wake_cpu_workers(plan, now, &finish);
    for (unsigned w = machine->cpu_workers; w < machine->workers; w++) {
        double cost = pf_forecast_start_cost(pf_plan_facts(plan, w));
        double first = pf_plan_is_known(plan, w)
                ? cost + pf_plan_speed(plan, w)->least
                : UNKNOWN_SPARE * cost;
        if (plan->worker[w].active || plan->worker[w].absent
                || first >= finish - now)
            continue;
        pf_plan_activate(plan, w);
        activated = true;
    }
    return activated;
}
