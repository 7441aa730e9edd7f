/* SPDX-License-Identifier: Apache-2.0 */
/* plan.c: items are handed out, taken back, and learned from. */
#include "runtime/plan.h"

#include "runtime/base/error.h"
#include "runtime/base/number.h"
#include "runtime/forecast.h"
#include "runtime/plan_state.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH = PF_PLAN_DEPTH };

/* A partition is at least the part handed out so far divided by this and by the
 * number of workers.  Only bounds nonsense: if the times are lies there are still
 * at most this times workers times ln(items) partitions. */
static const double MOST_PARTITIONS = 4096;
/* Longer times are nonsense (30 years). */
static const double LONGEST = 1e9;

/* The density is learned from one call in so many seconds of them, at least from one of
 * so many, and from each of the first. */
static const double LEARNING_S = 200e-6, MOST_CALLS = 16, YOUNG_CALLS = 16;

/* ---- Room ------------------------------------------------------------------------ */

enum parfun_status pf_plan_create(unsigned workers, struct pf_plan **plan)
{
    size_t n = workers;
    struct pf_plan *made = calloc(1, sizeof *made + n * sizeof made->worker[0]);
    if (made != NULL) {
        made->room = workers;
        made->returned = malloc(2 * DEPTH * n * sizeof *made->returned);
        made->queue = malloc(DEPTH * n * sizeof *made->queue);
        made->lane = malloc(n * sizeof *made->lane);
        made->order = malloc(n * sizeof *made->order);
        made->log = malloc(PF_PLAN_LOG * sizeof *made->log);
    }
    if (made == NULL || made->returned == NULL || made->queue == NULL
            || made->lane == NULL || made->order == NULL || made->log == NULL) {
        pf_plan_destroy(made);
        return pf_fail(PARFUN_NO_MEMORY, "no memory to plan calls for %u workers",
                workers);
    }
    *plan = made;
    return PARFUN_OK;
}

void pf_plan_destroy(struct pf_plan *plan)
{
    if (plan == NULL)
        return;
    free(plan->returned);
    free(plan->queue);
    free(plan->lane);
    free(plan->order);
    free(plan->log);
    free(plan);
}

/* ---- Items ----------------------------------------------------------------------- */

bool pf_plan_active(const struct pf_plan *plan, unsigned worker)
{
    return plan->worker[worker].active;
}

size_t pf_plan_left(const struct pf_plan *plan)
{
    return plan->end - plan->next + plan->returned_items;
}

static void count_left(struct pf_plan *plan)
{
    double left = 0;
    if (plan->next < plan->end)
        left = pf_forecast_work(plan, plan->next, plan->end - plan->next);
    for (unsigned i = 0; i < plan->returned_count; i++)
        left += plan->returned[i].work;
    plan->left = pf_number_max(left, 1e-9);
}

/* Returned items go first, the lowest first. */
static struct pf_plan_range *lowest_returned(const struct pf_plan *plan)
{
    struct pf_plan_range *lowest = NULL;
    for (unsigned i = 0; i < plan->returned_count; i++)
        if (lowest == NULL || plan->returned[i].first < lowest->first)
            lowest = &plan->returned[i];
    return lowest;
}

/* Ranges are cut only while there are fewer than all workers can have in hand, so
 * that the room for them always suffices. */
static size_t take_returned(struct pf_plan *plan, unsigned worker, double wanted,
        struct pf_plan_range *range)
{
    size_t items = range->items;
    if (plan->returned_count < DEPTH * plan->machine->workers)
        items = pf_plan_round(plan, worker, range->first, wanted, items);
    range->first += items;
    range->items -= items;
    range->work = pf_forecast_work(plan, range->first, range->items);
    plan->returned_items -= items;
    if (range->items == 0)
        *range = plan->returned[--plan->returned_count];
    return items;
}

/* ---- Take ------------------------------------------------------------------------ */

static double sane_time(struct pf_plan *plan, double now)
{
    if (now > plan->latest && now < PF_PLAN_NEVER) /* false for NaN */
        plan->latest = now;
    return plan->latest;
}

static bool takes_from_end(const struct pf_plan *plan, unsigned worker)
{
    return plan->call.two_ends && !plan->call.cuts.at && worker > 0
            && !pf_plan_is_cpu(plan, worker);
}

static size_t take_new(
        struct pf_plan *plan, unsigned worker, double wanted, size_t *first)
{
    size_t left = plan->end - plan->next, multiple = plan->call.multiple;
    size_t items = pf_plan_round(plan, worker, plan->next, wanted, left);
    if (!takes_from_end(plan, worker)) {
        *first = plan->next;
        plan->next += items;
        return items;
    }
    *first = plan->end - items;
    if (*first % multiple != 0) /* only the last items of all are no multiple */
        *first += multiple - *first % multiple;
    items = plan->end - *first;
    plan->end = *first;
    return items;
}

/* One partition more passes through the stages of a worker. */
static void pass(struct pf_plan_worker *state, const struct pf_plan_speed *speed,
        const struct pf_plan_range *range)
{
    if (!(speed->rate > 0))
        return;
    state->executed = pf_number_max(state->executed, range->moved_in)
            + speed->overhead
            + pf_number_max(speed->shortest, range->work * speed->rate);
    state->moved_out = pf_number_max(state->moved_out, state->executed)
            + (double)range->items * speed->out;
}

/* When its transfers and kernels are expected to end with one partition more. */
static void expect(struct pf_plan *plan, unsigned worker, double now,
        struct pf_plan_range *range)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    if (state->outstanding == 0) {
        state->started = now;
        state->moved_in = state->executed = state->moved_out = 0;
    }
    state->moved_in = pf_number_max(state->moved_in,
                              now + pf_plan_facts(plan, worker)->launch_s)
            + (double)range->items * speed->in;
    range->moved_in = state->moved_in;
    pass(state, speed, range);
}

static size_t hand_out(struct pf_plan *plan, unsigned worker, double now,
        double wanted, size_t *first)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    struct pf_plan_range *returned = lowest_returned(plan);
    size_t items;
    if (returned != NULL) {
        *first = returned->first;
        items = take_returned(plan, worker, wanted, returned);
    } else {
        items = take_new(plan, worker, wanted, first);
    }
    struct pf_plan_range *range = &plan->queue[DEPTH * worker + state->outstanding];
    *range = (struct pf_plan_range){ *first, items,
        pf_number_max(pf_forecast_work(plan, *first, items), 1e-9), 0 };
    expect(plan, worker, now, range);
    state->taken += range->work;
    state->outstanding++;
    plan->outstanding++;
    state->largest = items > state->largest ? items : state->largest;
    /* an exclusive side that was only measured did not take part */
    if (plan->side == PF_PLAN_BOTH || pf_plan_is_known(plan, worker))
        plan->used |= 1u << pf_plan_class(plan, worker);
    count_left(plan);
    return items;
}

/* The worker is here: nobody waits for it any more. */
static void arrive(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    plan->awaited -= state->active && !state->asked && !state->late;
    plan->parked -= state->parked;
    state->asked = true;
    state->parked = state->late = false;
    if (state->absent) { /* it came after all */
        state->absent = false;
        state->active = true;
    }
}

/* A device that is measured first keeps the others waiting: it will ask again. */
static void await_again(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    if (plan->side != PF_PLAN_DEVICES || state->outstanding > 0 || !state->active
            || !state->asked || pf_plan_is_known(plan, worker))
        return;
    state->asked = false;
    plan->awaited++;
}

unsigned pf_plan_depth(const struct pf_plan *plan, unsigned worker)
{
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    if (pf_plan_is_cpu(plan, worker))
        return 1;
    return speed->in + speed->out > 0 ? DEPTH : 2;
}

size_t pf_plan_take(
        struct pf_plan *plan, unsigned worker, double now, size_t *first)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    bool back = state->late || state->absent;
    now = sane_time(plan, now);
    arrive(plan, worker);
    if (back && plan->side != PF_PLAN_BOTH)
        pf_plan_join_side(plan, worker, now);
    *first = plan->next;
    if (pf_plan_left(plan) == 0
            || state->outstanding >= pf_plan_depth(plan, worker))
        return 0;
    bool must = plan->outstanding == 0 && plan->awaited == 0
            && pf_plan_has_turn(plan, worker);
    if (plan->serial && (worker == 0 || must))
        return hand_out(plan, worker, now, (double)plan->call.items, first);
    double wanted = 0;
    if (state->active || must) {
        const struct pf_plan_range *returned = lowest_returned(plan);
        struct pf_plan_place place = { plan->next, takes_from_end(plan, worker) };
        if (returned != NULL)
            place = (struct pf_plan_place){ returned->first, false };
        else if (place.down)
            place.item = plan->end;
        pf_forecast_speeds(plan);
        double finish = pf_forecast_finish(plan, now, PF_FORECAST_ALL, false);
        wanted = pf_plan_wanted(plan, worker, now, finish, must, place);
    }
    if (!(wanted > 0) && !must) {
        state->parked = true;
        plan->parked++;
        return 0;
    }
    double handed_out = (double)(plan->call.items - (plan->end - plan->next));
    wanted = pf_number_max(
            wanted, handed_out / (MOST_PARTITIONS * plan->machine->workers));
    return hand_out(plan, worker, now, wanted, first);
}

double pf_plan_expected(const struct pf_plan *plan, unsigned worker)
{
    const struct pf_plan_worker *state = &plan->worker[worker];
    if (!pf_plan_is_known(plan, worker) || state->outstanding == 0)
        return 0;
    return pf_number_max(state->executed - plan->latest, 0);
}

/* ---- Done ------------------------------------------------------------------------ */

static struct pf_plan_range pop_oldest(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_range *queue = &plan->queue[DEPTH * worker];
    struct pf_plan_range oldest = queue[0];
    plan->outstanding--;
    plan->worker[worker].outstanding--;
    memmove(queue, queue + 1, plan->worker[worker].outstanding * sizeof oldest);
    return oldest;
}

/* What the worker still has in hand begins at `start`. */
static void restart(struct pf_plan *plan, unsigned worker, double start)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    const struct pf_plan_speed *speed = pf_plan_speed(plan, worker);
    const struct pf_plan_range *queue = &plan->queue[DEPTH * worker];
    state->started = state->executed = start;
    state->moved_out = plan->latest;
    for (unsigned i = 0; i < state->outstanding; i++)
        pass(state, speed, &queue[i]);
}

/* Keeps a uniform sample of the partitions: Vitter, "Random sampling with a
 * reservoir", ACM TOMS 11 (1985), with a multiplicative hash for the dice. */
static void log_partition(struct pf_plan *plan, const struct pf_plan_range *range,
        unsigned device_class, double seconds)
{
    double n = (double)plan->call.items;
    size_t slot = plan->log_seen++;
    if (slot >= PF_PLAN_LOG)
        slot = (slot * 2654435761u >> 7) % plan->log_seen;
    else
        plan->log_count++;
    if (slot < PF_PLAN_LOG)
        plan->log[slot] = (struct pf_density_sample){ .device_class = device_class,
            .begin = (double)range->first / n,
            .end = (double)(range->first + range->items) / n,
            .seconds = seconds };
}

static void learn(struct pf_plan *plan, unsigned worker,
        const struct pf_plan_range *range, double seconds)
{
    unsigned c = pf_plan_class(plan, worker);
    bool cpu = pf_plan_is_cpu(plan, worker);
    const struct pf_model_class *learned = &plan->model->device_class[c];
    double predicted = learned->seconds_per_item * range->work;
    double work = pf_forecast_learned_work(plan, range->first, range->items);
    bool young = pf_model_observe(plan->model, c, work, seconds)
            || !pf_plan_is_known(plan, worker);
    if (young) { /* too little is known for a level: fit again instead */
        pf_model_fit(plan->model, c, pf_plan_facts(plan, worker), cpu);
        plan->level[c] = (struct pf_plan_level){ .predicted = 0 };
    }
    double net = pf_number_max(seconds - learned->overhead_s, 0.1 * seconds);
    double fitted = learned->seconds_per_item * range->work;
    if (!(fitted > 2 * learned->shortest_s))
        return; /* shows the launch time, not the cost of the items */
    /* where nothing else tells what costs are here, its last partition does */
    if (young && !cpu && plan->first_call)
        plan->level[c] = (struct pf_plan_level){ fitted, net, plan->finished };
    else if (!young && predicted > 0)
        pf_forecast_level(plan, c, predicted, net);
    log_partition(plan, range, c, net);
}

/* Would any parked worker get something now? */
static bool wakes_parked(struct pf_plan *plan, double now)
{
    if (plan->parked == 0 || plan->serial || pf_plan_left(plan) == 0)
        return false;
    double finish = pf_forecast_finish(plan, now, PF_FORECAST_ALL, false);
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (plan->worker[w].parked && plan->worker[w].active
                && !pf_plan_refuses(plan, w, now, finish))
            return true;
    return false;
}

bool pf_plan_done(
        struct pf_plan *plan, unsigned worker, const struct pf_plan_times *times)
{
    if (plan->worker[worker].outstanding == 0)
        return false;
    double now = sane_time(plan, times->now);
    struct pf_plan_range range = pop_oldest(plan, worker);
    plan->finished += range.work;
    if (pf_plan_is_cpu(plan, worker) && range.items > plan->largest)
        plan->largest = range.items;
    if (times->run > 0 && times->run < LONGEST) /* false for NaN */
        learn(plan, worker, &range, times->run);
    if (pf_plan_left(plan) == 0)
        return false;
    pf_forecast_speeds(plan);
    /* The queue starts where this one really ended. */
    restart(plan, worker,
            times->executed > 0 && times->executed <= now ? times->executed : now);
    bool activated = pf_plan_activate_more(plan, now) || plan->switched;
    plan->switched = false;
    await_again(plan, worker);
    return activated || wakes_parked(plan, now);
}

void pf_plan_return(struct pf_plan *plan, unsigned worker)
{
    if (plan->worker[worker].outstanding == 0)
        return;
    struct pf_plan_range range = pop_oldest(plan, worker);
    plan->worker[worker].taken -= range.work;
    plan->returned[plan->returned_count++] = range;
    plan->returned_items += range.items;
    count_left(plan);
    restart(plan, worker, plan->latest);
}

void pf_plan_absent(struct pf_plan *plan, unsigned worker)
{
    struct pf_plan_worker *state = &plan->worker[worker];
    arrive(plan, worker);
    state->absent = true;
    state->active = false;
    if (worker == 0)
        plan->serial = false;
    if (plan->side != PF_PLAN_BOTH)
        pf_plan_choose_side(plan, plan->latest);
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (plan->worker[w].active)
            return;
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (w == 0 || plan->worker[0].absent)
            pf_plan_activate(plan, w);
}

/* ---- End ------------------------------------------------------------------------- */

/* Of short calls that are many some are enough: for each this took a tenth of 25 us. */
static bool is_worth_learning(const struct pf_plan *plan)
{
    double calls = plan->model->calls;
    double every =
            LEARNING_S / pf_number_max(plan->latest, LEARNING_S / MOST_CALLS);
    return calls < YOUNG_CALLS || fmod(calls, every) < 1;
}

void pf_plan_end(struct pf_plan *plan)
{
    struct pf_model *model = plan->model;
    if (plan->log_count >= 2 && is_worth_learning(plan))
        pf_model_learn_density(model, plan->log, plan->log_count);
    for (unsigned c = 0; c < plan->machine->classes; c++) {
        if (!(plan->used >> c & 1u))
            continue;
        pf_model_fit(model, c, &plan->machine->facts[c],
                c == 0 && plan->machine->cpu_workers > 0);
        model->device_class[c].last_call = model->calls + 1;
    }
    model->calls += 1;
}

size_t pf_plan_size(const struct pf_plan *plan, unsigned worker)
{
    size_t largest = 1;
    for (unsigned w = 0; w < plan->machine->workers; w++)
        if (pf_plan_class(plan, w) == pf_plan_class(plan, worker)
                && plan->worker[w].largest > largest)
            largest = plan->worker[w].largest;
    return largest;
}
