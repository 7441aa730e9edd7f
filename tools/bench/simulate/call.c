/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: see call.h. */
#include "tools/bench/simulate/call.h"

#include "tools/bench/simulate/bound.h"

#include "runtime/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { EVENTS = 4 * SIM_WORKERS };

struct event {
    double time;
    unsigned worker;
    bool done; /* of a partition; else: the worker asks */
    size_t items;
    struct sim_times times;
};

/* A heap, the earliest first. */
struct events {
    unsigned count;
    struct event event[EVENTS];
};

/* When each stage of a device is free. */
struct stages {
    double in, run, out;
};

struct worker {
    struct stages stages;
    unsigned depth, flying;
    double busy; /* until */
    bool awake, coming, parked;
};

struct state {
    struct sim_call *call;
    const struct sim_scheduler *scheduler;
    void *self;
    struct events events;
    struct worker worker[SIM_WORKERS];
    size_t next;             /* first item not handed out */
    double locked, combined; /* until */
};

/* ---- Events ------------------------------------------------------------------------ */

static void push(struct events *events, const struct event *event)
{
    unsigned i = events->count++;

    for (; i > 0 && events->event[(i - 1) / 2].time > event->time; i = (i - 1) / 2)
        events->event[i] = events->event[(i - 1) / 2];
    events->event[i] = *event;
}

static struct event pop(struct events *events)
{
    const struct event top = events->event[0];
    const struct event last = events->event[--events->count];
    unsigned i = 0;

    for (unsigned child = 1; child < events->count; child = 2 * i + 1) {
        if (child + 1 < events->count
                && events->event[child + 1].time < events->event[child].time)
            child++;
        if (events->event[child].time >= last.time)
            break;
        events->event[i] = events->event[child];
        i = child;
    }
    events->event[i] = last;
    return top;
}

static void come(struct state *state, unsigned worker, double time)
{
    state->worker[worker].coming = true;
    push(&state->events, &(struct event){ .time = time, .worker = worker });
}

/* ---- Execution --------------------------------------------------------------------- */

/* Short runs scatter more; preemptions come at random. */
static double noisy(struct sim_call *call, double seconds, bool is_cpu)
{
    const struct sim_fault *fault = &call->fault;
    const double sigma = (is_cpu ? 0.03 : 0.02) * fault->noise;
    double mean, when = 0;

    seconds *= sim_random_factor(&call->random, sigma / sqrt(1 + seconds / 10e-3));
    mean = is_cpu ? seconds * fault->preemptions : 0;
    for (int k = 0; (when += sim_random_wait(&call->random)) < mean && k < 1000;
            k++)
        seconds +=
                sim_random_wait(&call->random) * (fault->noise > 1 ? 1e-3 : 0.3e-3);
    return seconds;
}

static double execute_on_device(struct sim_call *call, struct stages *stages,
        const struct sim_device *device, struct event *event, size_t first,
        double run)
{
    const struct sim_load *load = call->load;
    const double jitter = 0.2 * call->fault.noise;
    const double launched =
            event->time + device->launch * sim_random_factor(&call->random, jitter);
    double move = 0, after = 0, start;

    if (device->bandwidth > 0) {
        move = (double)event->items * SIM_ITEM_BYTES / device->bandwidth;
        after = 0.75 * device->latency; /* a quarter blocks the next one */
    }
    stages->in = fmax(stages->in, launched) + move + after / 3;
    run = fmax(run, device->width * load->seconds / device->speed);
    run = fmax(run,
            sim_load_largest(load, first, event->items) * load->seconds
                    * device->lane);
    run = noisy(call, run, false)
            + device->gap * sim_random_factor(&call->random, jitter);
    if (call->cold && stages->run <= 0)
        run += SIM_FIRST_LAUNCH;
    start = fmax(stages->run, stages->in + after);
    event->times.run = sim_bound_stretch(call, false, start, run);
    stages->run = event->times.executed = start + event->times.run;
    stages->out = fmax(stages->out, stages->run) + move + after / 3;
    event->time = stages->out + after;
    return launched;
}

/* While the other side of an exclusive machine runs on the same cores, a partition of
 * `run` seconds gets half of them: the seconds that it loses. */
static double shared(
        const struct state *state, unsigned worker, double now, double run)
{
    const struct sim_machine *machine = state->call->machine;
    double until = now;

    for (unsigned w = 0; machine->exclusive && w < sim_machine_workers(machine);
            w++)
        if ((w < machine->cpus) != (worker < machine->cpus))
            until = fmax(until, state->worker[w].busy);
    return fmin(0.5 * (until - now), run);
}

/* Runs a partition from event->time on; fills the event of its end.  Returns when
 * the worker could ask for another one. */
static double execute(struct state *state, struct worker *worker,
        struct event *event, size_t first)
{
    struct sim_call *call = state->call;
    const unsigned w = event->worker, c = sim_machine_class(call->machine, w);
    const struct sim_device *device = sim_machine_device(call->machine, w);
    const struct sim_fault *fault = &call->fault;
    double run = sim_load_work(call->load, first, event->items)
            * sim_bound_rate(call, w) * call->drift[w];

    if (call->samples[c]++ < fault->sick)
        run *= fault->sick_factor;
    run += shared(state, w, event->time, run);
    if (device)
        return execute_on_device(call, &worker->stages, device, event, first, run);
    run = noisy(call, run, true) + fault->setup
            + SIM_CPU_OVERHEAD * sim_random_factor(&call->random, 0.1);
    event->times.run = sim_bound_stretch(call, true, event->time, run);
    event->time = event->times.executed = event->time + event->times.run;
    return event->time;
}

/* ---- The call ------------------------------------------------------------------------ */

static bool is_wanted(const struct state *state, unsigned worker)
{
    return !state->worker[worker].awake
            && state->scheduler->active(state->self, worker);
}

/* Threads are woken in a tree, as the library does it. */
static const struct pf_plan_machine waking = { .wake_first_s = SIM_WAKE_FIRST,
    .wake_next_s = SIM_WAKE_NEXT,
    .wake_fan = SIM_WAKE_FAN };

/* Wakes whoever became active. */
static void wake(struct state *state)
{
    const struct sim_machine *machine = state->call->machine;
    unsigned count = 0, order = 0;

    for (unsigned w = 1; w < machine->cpus; w++)
        count += is_wanted(state, w);
    for (unsigned w = 0; w < sim_machine_workers(machine); w++) {
        const struct sim_device *device = sim_machine_device(machine, w);
        double time = state->combined;

        if (!is_wanted(state, w))
            continue;
        if (device)
            time = fmax(time, state->call->cold ? device->build : 0) + 1e-6;
        else
            time += pf_plan_wake_s(&waking, w == 0 ? 0 : ++order, count);
        state->worker[w].awake = true;
        come(state, w, time);
    }
}

static void finish(struct state *state, const struct event *event)
{
    const size_t items = state->call->load->items;
    struct sim_times times = event->times;

    times.now = event->time;
    state->worker[event->worker].flying--;
    state->combined = fmax(state->combined, event->time) + SIM_COMBINE;
    state->scheduler->done(state->self, event->worker, event->items, &times);
    for (unsigned w = 0; w < SIM_WORKERS && state->next < items; w++)
        if (state->worker[w].parked && !state->worker[w].coming)
            come(state, w, event->time);
    wake(state);
}

static void ask(struct state *state, unsigned w, double now)
{
    struct worker *worker = &state->worker[w];
    const size_t items = state->call->load->items;
    struct event end = { .worker = w, .done = true };
    size_t first = state->next;
    double again;

    worker->coming = false;
    if (state->next >= items || worker->flying >= worker->depth)
        return;
    end.time = fmax(now, state->locked) + SIM_DECISION;
    end.items = state->scheduler->take(state->self, w, end.time, &first);
    worker->parked = end.items == 0;
    if (end.items == 0)
        return;
    if (first != state->next || end.items > items - state->next) {
        (void)fprintf(stderr, "%s: a wrong partition\n", state->scheduler->name);
        abort();
    }
    state->locked = end.time;
    again = execute(state, worker, &end, first);
    state->next += end.items;
    worker->flying++;
    worker->busy = end.times.executed;
    push(&state->events, &end);
    if (worker->flying < worker->depth)
        come(state, w, again);
}

double sim_call_run(struct sim_call *call, const struct sim_scheduler *scheduler,
        void *self, unsigned depth)
{
    struct state state = { .call = call, .scheduler = scheduler, .self = self };

    for (unsigned w = 0; w < SIM_WORKERS; w++)
        state.worker[w].depth = w < call->machine->cpus ? 1 : depth;
    scheduler->begin(self, call);
    wake(&state);
    while (state.events.count > 0) {
        const struct event event = pop(&state.events);

        if (event.done)
            finish(&state, &event);
        if (!event.done || !state.worker[event.worker].coming)
            ask(&state, event.worker, event.time);
    }
    if (state.next < call->load->items) {
        (void)fprintf(stderr, "%s on %s: stopped with items left\n",
                scheduler->name, call->machine->name);
        abort();
    }
    if (scheduler->end)
        scheduler->end(self);
    return state.combined;
}
