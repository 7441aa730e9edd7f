/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_side.c: devices that run on the CPU workers' own cores, as PoCL's do.  Both at
 * once would only share these cores, so one side works, the one that is expected
 * to finish first, and hands over when that changes.
 */
#include "runtime/forecast.h"

#include "runtime/base/number.h"
#include "runtime/plan_state.h"

#include <math.h>

/* A forecast must be shorter by so much for the sides to change: at the begin, when
 * nothing is under way, and later. */
static const double WORTHWHILE = 0.98;
static const double WORTH_CHANGING = 0.9;
/* Devices of unknown speed are measured if their start costs at most this part of
 * the rest of the call. */
static const double PROBE_COST = 0.3;
/* The same for devices that the call before used and that seem not to pay any more:
 * a wrong belief is found at once, for a loss of a tenth. */
static const double DOUBT_COST = 0.1;

static bool is_here(const struct pf_plan *plan, unsigned worker)
{
    return !plan->worker[worker].late && !plan->worker[worker].absent;
}

/* Devices that are being built keep their place: they are asked for. */
static void set_side(struct pf_plan *plan, enum pf_plan_side side)
{
    const struct pf_plan_machine *machine = plan->machine;
    plan->side = side;
    plan->switched = true;
    for (unsigned w = 0; w < machine->workers; w++)
        if (plan->worker[w].late
                || pf_plan_is_cpu(plan, w) == (side == PF_PLAN_CPU))
            pf_plan_activate(plan, w);
        else
            pf_plan_deactivate(plan, w);
}

/* Is there a device whose speed is worth knowing, with so many seconds to go? */
static bool any_to_measure(const struct pf_plan *plan, double rest)
{
    for (unsigned w = plan->machine->cpu_workers; w < plan->machine->workers; w++)
        if (is_here(plan, w) && !pf_plan_is_known(plan, w)
                && pf_forecast_start_cost(pf_plan_facts(plan, w))
                        <= PROBE_COST * rest)
            return true;
    return false;
}

/* Devices that seem too slow: time to look again? */
static bool is_doubtful(struct pf_plan *plan, double rest)
{
    for (unsigned w = plan->machine->cpu_workers; w < plan->machine->workers; w++) {
        unsigned c = pf_plan_class(plan, w);
        const struct pf_model_class *learned = &plan->model->device_class[c];
        double cost = pf_forecast_start_cost(pf_plan_facts(plan, w));
        if (!is_here(plan, w) || !pf_plan_is_known(plan, w))
            continue;
        if (learned->last_call > 0 && !(learned->last_call < plan->model->calls)
                && cost <= DOUBT_COST * rest) {
            pf_model_forget(plan->model, c);
            pf_forecast_speeds(plan);
            return true;
        }
        if (pf_plan_due_for_trial(plan, w, rest))
            return true;
    }
    return false;
}

void pf_plan_begin_side(struct pf_plan *plan)
{
    const struct pf_plan_machine *machine = plan->machine;
    bool late = false;
    plan->side = PF_PLAN_CPU;
    for (unsigned w = machine->cpu_workers; w < machine->workers; w++) {
        plan->worker[w].active = plan->worker[w].late;
        late |= plan->worker[w].late;
    }
    if (!pf_plan_is_known(plan, 0))
        return; /* the caller begins, with one item */
    pf_plan_choose_cpu_workers(plan);
    double serial = pf_model_predict(plan->model, 0, plan->left);
    double cpu = pf_forecast_finish_side(plan, 0, PF_PLAN_CPU);
    double devices = pf_forecast_finish_side(plan, 0, PF_PLAN_DEVICES);
    if (devices < WORTHWHILE * pf_number_min(cpu, serial)
            || any_to_measure(plan, cpu) || is_doubtful(plan, cpu)) {
        plan->side = PF_PLAN_DEVICES;
        for (unsigned w = 0; w < machine->workers; w++)
            plan->worker[w].active = w >= machine->cpu_workers;
    } else if (!late && WORTHWHILE * serial <= cpu) {
        plan->serial = true;
        for (unsigned w = 0; w < machine->workers; w++)
            plan->worker[w].active = w == 0;
    }
}

/* Seconds until this side would have done the rest.  It begins when the other one
 * has done what it has in hand. */
static double rest_of(struct pf_plan *plan, double now, enum pf_plan_side side)
{
    double begin = now;
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (pf_plan_is_cpu(plan, w) != (side == PF_PLAN_CPU)
                && plan->worker[w].outstanding > 0)
            begin = pf_number_max(begin, plan->worker[w].executed);
    return pf_forecast_finish_side(plan, begin, side) - now;
}

bool pf_plan_choose_side(struct pf_plan *plan, double now)
{
    if (!pf_plan_is_known(plan, 0) || plan->serial || pf_plan_left(plan) == 0)
        return false;
    double cpu = rest_of(plan, now, PF_PLAN_CPU);
    double devices = rest_of(plan, now, PF_PLAN_DEVICES);
    enum pf_plan_side side = plan->side;
    if (any_to_measure(plan, cpu))
        side = PF_PLAN_DEVICES;
    else if (side == PF_PLAN_CPU && devices < WORTH_CHANGING * cpu)
        side = PF_PLAN_DEVICES;
    else if (side == PF_PLAN_DEVICES && cpu < WORTH_CHANGING * devices)
        side = PF_PLAN_CPU;
    if (side == plan->side)
        return false;
    set_side(plan, side);
    return true;
}

void pf_plan_join_side(struct pf_plan *plan, unsigned worker, double now)
{
    pf_plan_choose_side(plan, now);
    if (pf_plan_is_cpu(plan, worker) != (plan->side == PF_PLAN_CPU))
        pf_plan_deactivate(plan, worker);
}

bool pf_plan_has_turn(const struct pf_plan *plan, unsigned worker)
{
    bool cpu = plan->side == PF_PLAN_CPU;
    if (plan->side == PF_PLAN_BOTH || pf_plan_is_cpu(plan, worker) == cpu)
        return true;
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (pf_plan_is_cpu(plan, w) == cpu && plan->worker[w].active)
            return false;
    return true;
}

bool pf_plan_summons(const struct pf_plan *plan, unsigned worker)
{
    return plan->worker[worker].active
            || (plan->side != PF_PLAN_BOTH && !plan->serial
                    && !pf_plan_is_cpu(plan, worker));
}

bool pf_plan_dispensable(const struct pf_plan *plan, unsigned worker)
{
    return plan->side == PF_PLAN_BOTH || pf_plan_is_cpu(plan, worker);
}
