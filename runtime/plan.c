/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan.c: guided partitions by measured speed: each worker takes a third of its
 * share of what is left.
 */
#include "runtime/plan.h"

#include "runtime/base/error.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = 3 }; /* partitions in flight on a device, at most */

/* A cost three times the predicted one still ends with the others. */
static const double FRACTION = 1.0 / 3;
/* The overhead of a partition should not exceed this part of its time. */
static const double OVERHEAD_PART = 0.05;
/* While a class is unmeasured, a partition is at most this many times the
 * largest that has finished. */
static const size_t GROWTH = 3;

struct range {
    size_t first, items;
};

struct worker {
    bool active, asked, absent;
    unsigned outstanding;
    struct range queue[DEPTH]; /* oldest first */
};

struct pf_plan {
    unsigned room;
    struct pf_model *model;
    const struct pf_plan_machine *machine;
    struct pf_plan_call call;
    size_t next;           /* first item that was never handed out */
    size_t returned_items; /* in returned[] */
    size_t largest_done;
    unsigned returned_count;
    struct range *returned; /* room for twice all outstanding ones */
    struct worker worker[];
};

enum parfun_status pf_plan_create(unsigned workers, struct pf_plan **plan)
{
    struct pf_plan *made =
            calloc(1, sizeof *made + workers * sizeof made->worker[0]);
    struct range *returned = calloc(2 * DEPTH * (size_t)workers + 1,
            sizeof *returned);
    if (made == NULL || returned == NULL) {
        free(made);
        free(returned);
        return pf_fail(PARFUN_NO_MEMORY,
                "No memory for the plan of a call with %u workers.", workers);
    }
    made->room = workers;
    made->returned = returned;
    *plan = made;
    return PARFUN_OK;
}

void pf_plan_destroy(struct pf_plan *plan)
{
    if (plan == NULL)
        return;
    free(plan->returned);
    free(plan);
}

static unsigned class_of(const struct pf_plan *plan, unsigned worker)
{
    return plan->machine->device_class[worker];
}

static const struct pf_device_facts *facts_of(
        const struct pf_plan *plan, unsigned worker)
{
    return &plan->machine->facts[class_of(plan, worker)];
}

static bool is_cpu(const struct pf_plan *plan, unsigned worker)
{
    return worker < plan->machine->cpu_workers;
}

/* Seconds per item of the slowest stage; 0: never measured. */
static double rate_of(const struct pf_plan *plan, unsigned worker)
{
    const struct pf_device_facts *facts = facts_of(plan, worker);
    double rate = plan->model->device_class[class_of(plan, worker)]
                          .seconds_per_item;
    if (rate > 0 && facts->bytes_in_per_s > 0)
        rate = fmax(rate, plan->call.bytes_in / facts->bytes_in_per_s);
    if (rate > 0 && facts->bytes_out_per_s > 0)
        rate = fmax(rate, plan->call.bytes_out / facts->bytes_out_per_s);
    return rate;
}

static double start_cost(const struct pf_device_facts *facts)
{
    return facts->launch_s + facts->overhead_s + 2 * facts->transfer_latency_s;
}

size_t pf_plan_left(const struct pf_plan *plan)
{
    return plan->call.items - plan->next + plan->returned_items;
}

/* Seconds until all active workers together have done what is left. */
static double time_left(const struct pf_plan *plan)
{
    double speed = 0;
    for (unsigned w = 0; w < plan->machine->workers; w++) {
        double rate = rate_of(plan, w);
        if (plan->worker[w].active && rate > 0)
            speed += 1 / rate;
    }
    return speed > 0 ? (double)pf_plan_left(plan) / speed : INFINITY;
}

/* Wake whoever starts in less than half the time that is left. */
static bool activate(struct pf_plan *plan)
{
    const struct pf_plan_machine *machine = plan->machine;
    bool activated = false;
    double left = time_left(plan);
    if (!isfinite(left))
        return false;
    for (unsigned w = 1; w < machine->workers; w++) {
        double cost = is_cpu(plan, w)
                ? machine->wake_first_s + w * machine->wake_next_s
                : start_cost(facts_of(plan, w));
        if (plan->worker[w].active || plan->worker[w].absent || 2 * cost > left)
            continue;
        plan->worker[w].active = activated = true;
    }
    return activated;
}

void pf_plan_begin(struct pf_plan *plan, struct pf_model *model,
        const struct pf_plan_machine *machine, const struct pf_plan_call *call,
        const bool *ready)
{
    (void)ready;
    plan->model = model;
    plan->machine = machine;
    plan->call = *call;
    if (plan->call.multiple < 1)
        plan->call.multiple = 1;
    if (plan->call.largest < 1)
        plan->call.largest = SIZE_MAX;
    plan->next = plan->returned_items = plan->largest_done = 0;
    plan->returned_count = 0;
    for (unsigned c = 0; c < machine->classes; c++)
        model->device_class[c].overhead_s = machine->facts[c].overhead_s;
    memset(plan->worker, 0, machine->workers * sizeof plan->worker[0]);
    plan->worker[0].active = true;
    activate(plan);
}

bool pf_plan_active(const struct pf_plan *plan, unsigned worker)
{
    return plan->worker[worker].active;
}

/* Items, may be 0. */
static double wanted_by(const struct pf_plan *plan, unsigned worker)
{
    double left = (double)pf_plan_left(plan), rate = rate_of(plan, worker);
    double finish = time_left(plan);
    const struct pf_device_facts *facts = facts_of(plan, worker);
    if (plan->machine->workers == 1)
        return left;
    if (!(rate > 0)) {
        double initial = fmax((double)plan->call.initial, 1);
        double size = fmax(initial,
                (double)(GROWTH * plan->largest_done));
        if (!is_cpu(plan, worker))
            size = fmax(size, facts->width);
        return fmin(size, left / (2.0 * plan->machine->workers));
    }
    double share = finish / rate;
    double least = facts->overhead_s / (OVERHEAD_PART * rate);
    double size = fmax(FRACTION * share, least);
    return size > share - 0.5 * least ? share : size;
}

/* Is this device too slow to finish anything before the others? */
static bool is_late(const struct pf_plan *plan, unsigned worker)
{
    return !is_cpu(plan, worker)
           && start_cost(facts_of(plan, worker)) > time_left(plan);
}

static size_t rounded(
        const struct pf_plan *plan, unsigned worker, double wanted, size_t left)
{
    size_t multiple = plan->call.multiple, own = facts_of(plan, worker)->multiple;
    size_t largest = plan->call.largest;
    size_t items = wanted >= (double)left ? left
                   : wanted > 1           ? (size_t)(wanted + 0.5)
                                          : 1;
    if (own > multiple && own < largest && items >= own)
        multiple *= (own + multiple - 1) / multiple;
    if (items % multiple != 0 && items < left)
        items += multiple - items % multiple;
    if (items > largest)
        items = largest > multiple ? largest - largest % multiple
                                   : plan->call.multiple;
    return items < left ? items : left;
}

/* Returned ranges go first, the lowest first.  They are cut only while there is
 * room for the parts to be returned. */
static size_t take_returned(
        struct pf_plan *plan, unsigned worker, double wanted, size_t *first)
{
    unsigned lowest = 0;
    for (unsigned i = 1; i < plan->returned_count; i++)
        if (plan->returned[i].first < plan->returned[lowest].first)
            lowest = i;
    struct range *range = &plan->returned[lowest];
    size_t items = range->items;
    if (plan->returned_count < DEPTH * plan->machine->workers)
        items = rounded(plan, worker, wanted, items);
    *first = range->first;
    range->first += items;
    range->items -= items;
    plan->returned_items -= items;
    if (range->items == 0)
        *range = plan->returned[--plan->returned_count];
    return items;
}

static bool others_will_ask(const struct pf_plan *plan, unsigned worker)
{
    for (unsigned w = 0; w < plan->machine->workers; w++) {
        const struct worker *other = &plan->worker[w];
        if (other->outstanding > 0
                || (w != worker && other->active && !other->asked))
            return true;
    }
    return false;
}

size_t pf_plan_take(
        struct pf_plan *plan, unsigned worker, double now, size_t *first)
{
    (void)now;
    struct worker *state = &plan->worker[worker];
    size_t left = pf_plan_left(plan);
    unsigned depth = is_cpu(plan, worker) ? 1 : rate_of(plan, worker) > 0 ? 2 : 1;
    *first = plan->next;
    state->asked = true;
    if (left == 0 || state->outstanding >= depth)
        return 0;
    bool must = !others_will_ask(plan, worker);
    if (!must && (!state->active || is_late(plan, worker)))
        return 0;
    double wanted = wanted_by(plan, worker);
    size_t items;
    if (plan->returned_count > 0) {
        items = take_returned(plan, worker, wanted, first);
    } else {
        items = rounded(plan, worker, wanted, plan->call.items - plan->next);
        plan->next += items;
    }
    state->queue[state->outstanding++] = (struct range){*first, items};
    return items;
}

static struct range pop_oldest(struct worker *state)
{
    struct range oldest = state->queue[0];
    state->outstanding--;
    memmove(state->queue, state->queue + 1,
            state->outstanding * sizeof oldest);
    return oldest;
}

bool pf_plan_done(struct pf_plan *plan, unsigned worker,
        const struct pf_plan_times *times)
{
    struct worker *state = &plan->worker[worker];
    if (state->outstanding == 0)
        return false;
    struct range done = pop_oldest(state);
    if (done.items > plan->largest_done)
        plan->largest_done = done.items;
    pf_model_observe(plan->model, class_of(plan, worker), (double)done.items,
            times->run, is_cpu(plan, worker));
    activate(plan);
    return pf_plan_left(plan) > 0;
}

void pf_plan_return(struct pf_plan *plan, unsigned worker)
{
    struct worker *state = &plan->worker[worker];
    if (state->outstanding == 0)
        return;
    struct range range = pop_oldest(state);
    plan->returned[plan->returned_count++] = range;
    plan->returned_items += range.items;
}

void pf_plan_absent(struct pf_plan *plan, unsigned worker)
{
    plan->worker[worker].active = false;
    plan->worker[worker].asked = plan->worker[worker].absent = true;
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (plan->worker[w].active)
            return;
    plan->worker[0].active = true; /* the caller is always there */
}

void pf_plan_end(struct pf_plan *plan)
{
    plan->model->calls += 1;
}

size_t pf_plan_size(const struct pf_plan *plan, unsigned worker)
{
    size_t left = pf_plan_left(plan);
    return rounded(plan, worker, wanted_by(plan, worker),
            left > 0 ? left : plan->call.items);
}
