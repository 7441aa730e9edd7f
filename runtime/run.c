/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c: one call from its first partition to its last.  The caller is a worker,
 * too: CPU worker 0, or the driver of the first device if there is no CPU.
 */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- The CPU workers ----------------------------------------------------------------- */

void pf_run_count(struct pf_run *run, unsigned worker, const struct pf_piece *piece,
        const struct pf_piece_times *times)
{
    struct pf_tally *tally = &run->tally[worker];

    tally->compute_ns += times->function_ns;
    tally->partitioning_ns += times->partitioning_ns;
    if (!tally->partitions || times->function_ns < tally->compute_min_ns)
        tally->compute_min_ns = times->function_ns;
    if (times->function_ns > tally->compute_max_ns)
        tally->compute_max_ns = times->function_ns;
    tally->recent[tally->partitions++ % PF_TALLY_RECENT] =
            (struct pf_partition){ piece->count, times->function_ns };
    tally->items += piece->count;
}

static void hand_in(struct pf_run *run, const struct pf_host *host)
{
    for (unsigned i = 0; i < run->call->clauses->argument_count; i++) {
        const void *copy = pf_host_accumulated(host, i);

        if (!copy)
            continue;
        pf_lock_take(&run->accumulating);
        pf_combine_worker(run->combiner, i, copy);
        pf_lock_give(&run->accumulating);
    }
}

/* Runs one partition; the time that it ended. */
static uint64_t run_piece(struct pf_run *run, struct pf_host *host, unsigned worker,
        const struct pf_piece *piece, uint64_t asked_ns)
{
    /* Asking for one of many tiny partitions takes less time than reading the clock. */
    const bool at_once = run->feed->simple;
    struct pf_piece_times times = { .start_ns =
                                            at_once ? asked_ns : pf_clock_ns() };
    enum parfun_status status = PARFUN_OK;

    times.partitioning_ns = times.start_ns - asked_ns;
    if (piece->result)
        status = pf_result_begin(run->call, piece->result);
    if (!status && run->keeps)
        status = pf_keep_host_writes(run->call, piece->first, piece->count);
    if (status)
        pf_feed_fail(run->feed, status, piece->first);
    else
        pf_host_run(host, piece->first, piece->count, piece->result);
    times.now_ns = times.executed_ns = pf_clock_ns();
    times.function_ns = times.now_ns - times.start_ns;
    pf_run_count(run, worker, piece, &times);
    if (pf_feed_done(run->feed, worker, piece, &times))
        pf_run_wake(run);
    return times.now_ns;
}

/* A CPU worker: `worker` 0 is the caller, who combines between partitions. */
static void work(struct pf_run *run, unsigned worker)
{
    struct pf_host *host;
    struct pf_piece piece;
    enum pf_feed_answer answer;
    uint64_t now = pf_clock_ns();
    const enum parfun_status status =
            pf_host_take(&run->engine->hosts, run->call, run->variant, &host);

    if (status) {
        pf_feed_fail(run->feed, status, 0);
        return;
    }
    while ((answer = pf_feed_take(run->feed, worker, &piece)) != PF_FEED_END) {
        if (answer == PF_FEED_PIECE)
            now = run_piece(run, host, worker, &piece, now);
        if (worker == 0
                && pf_feed_combine(run->feed, run->combiner, &run->combining_ns))
            now = pf_clock_ns();
        else if (answer == PF_FEED_LATER) {
            pf_feed_park(run->feed, piece.change);
            now = pf_clock_ns();
        }
    }
    hand_in(run, host);
    pf_host_give(&run->engine->hosts, host);
}

static void help(struct pf_job *job)
{
    struct pf_run *run = (struct pf_run *)job;
    const unsigned worker = atomic_fetch_add(&run->joined, 1) + 1;

    work(run, worker);
}

/* ---- The devices --------------------------------------------------------------------- */

static void drive(struct pf_job *job)
{
    pf_drive_run((struct pf_drive *)job, false);
}

/* Lets the device's own thread work on the call; a call does not wait for a build that
 * takes longer than itself. */
static void post_drive(struct pf_run *run, struct pf_drive *device)
{
    device->engaged = true;
    if (!run->ready[device->worker])
        pf_function_build_ahead(run->function, run->settings, device->driver);
    pf_workers_post(device->driver->thread, &device->job, 1);
}

static bool is_alive(const struct pf_run *run, const struct pf_drive *device)
{
    return !run->tally[device->worker].status;
}

/* Every device has left: the first one's reason is the call's. */
static void fail_without_devices(struct pf_run *run)
{
    const struct pf_tally *tally = &run->tally[run->cpu_workers];
    const char *name = run->call->kernel->name;
    enum parfun_status status = tally->status;

    if (status == PARFUN_NO_MEMORY)
        status = PARFUN_UNSUPPORTED;
    if (status == PARFUN_TIMED_OUT)
        status = PARFUN_DEVICE_FAILED;
    if (run->selection->device_count > 1)
        (void)pf_fail(status,
                "%s(): no chosen device can run it; the first one, %s, says: %s",
                name, tally->device->name, tally->reason ? tally->reason : "");
    else
        (void)pf_fail(status, "%s(): %s", name,
                tally->reason ? tally->reason : "the device can not run it");
    pf_feed_fail(run->feed, status, 0);
}

/* ---- The call -------------------------------------------------------------------------- */

/* Nobody has been asked for help. */
static void prepare_jobs(struct pf_run *run)
{
    run->job = (struct pf_job){ .run = help };
    run->engaged = 0;
    atomic_store(&run->joined, 0);
    for (unsigned d = 0; d < run->selection->device_count; d++) {
        run->drive[d].job = (struct pf_job){ .run = drive };
        run->drive[d].engaged = false;
    }
}

/* Whoever still posts one of them from another does so in vain. */
static void retract_jobs(struct pf_run *run)
{
    pf_workers_retract(run->engine->workers, &run->job);
    for (unsigned d = 0; d < run->selection->device_count; d++)
        pf_workers_retract(run->drive[d].driver->thread, &run->drive[d].job);
}

void pf_run_wake(struct pf_run *run)
{
    const unsigned active =
            run->variant ? pf_feed_active(run->feed, run->cpu_workers) : 1;

    pf_lock_take(&run->accumulating);
    if (active - 1 > run->engaged) {
        pf_workers_post(run->engine->workers, &run->job, active - 1 - run->engaged);
        run->engaged = active - 1;
    }
    for (unsigned d = 0; d < run->selection->device_count; d++)
        if (!run->drive[d].engaged
                && pf_feed_summons(run->feed, run->drive[d].worker))
            post_drive(run, &run->drive[d]);
    pf_lock_give(&run->accumulating);
}

/* The caller's own part: as a CPU worker, or else with the first device that lives;
 * false if there is none. */
static bool take_part(struct pf_run *run, bool alone)
{
    unsigned d = 0;

    while (!run->variant && d < run->selection->device_count
            && !is_alive(run, &run->drive[d]))
        d++;
    if (!run->variant && d == run->selection->device_count)
        return false;
    if (!run->variant)
        run->drive[d].engaged = true;
    if (!alone)
        pf_run_wake(run);
    if (run->variant)
        work(run, 0);
    else
        pf_drive_run(&run->drive[d], true);
    return true;
}

/* Items were handed back after others had ended: who lives begins again. */
static void begin_again(struct pf_run *run)
{
    retract_jobs(run);
    prepare_jobs(run);
    if (!take_part(run, false))
        fail_without_devices(run);
}

/* Combines until all has come in. */
static void attend(struct pf_run *run)
{
    if (run->feed->simple)
        return;
    for (;;) {
        const struct pf_feed_state state = pf_feed_look(run->feed);

        if (pf_feed_combine(run->feed, run->combiner, &run->combining_ns))
            continue;
        if (!state.outstanding && (state.failed || !state.left))
            return;
        if (!state.outstanding)
            begin_again(run);
        else if (state.left && !state.failed && run->variant)
            work(run, 0);
        else
            pf_feed_park(run->feed, state.change);
    }
}

/* A partition must fit each device's memory, lane by lane. */
static size_t largest_partition(const struct pf_run *run)
{
    size_t largest = PF_CALL_ITEMS_MAX;

    for (unsigned d = 0; d < run->selection->device_count; d++) {
        const struct pf_device *device = run->selection->devices[d];
        const struct pf_arrays_need need = pf_arrays_need(run->call, device);
        const double lanes = device->lanes;
        double items = (double)PF_CALL_ITEMS_MAX;

        if (need.per_item > 0)
            items = ((double)device->limits.memory_bytes * 0.9 - need.fixed)
                    / (lanes * need.per_item);
        if (need.widest > 0
                && (double)device->limits.allocation_bytes / need.widest < items)
            items = (double)device->limits.allocation_bytes / need.widest;
        if (items >= 1 && items < (double)largest)
            largest = (size_t)items;
    }
    largest = largest / run->call->multiple * run->call->multiple;
    return largest ? largest : run->call->multiple;
}

/* Floats are accumulated per partition, integers once per worker: partitions hold
 * at least as many items as there are elements. */
static size_t multiple(const struct pf_call *call)
{
    size_t least = call->multiple;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (call->arguments[i].plan->role == PF_ROLE_ARRAY
                && call->arguments[i].plan->combine == PF_COMBINE_ACCUMULATE
                && call->arguments[i].count > least)
            least = (call->arguments[i].count + call->multiple - 1) / call->multiple
                    * call->multiple;
    return least < PF_CALL_ITEMS_MAX ? least : call->multiple;
}

/* Tells the function's own model what its classes are, and what was learned before
 * about them. */
static void recall(struct pf_run *run)
{
    struct parfun_function *function = run->function;
    const bool first = function->keys.function == 0;

    for (unsigned w = 0; w < run->workers; w++)
        pf_function_name_class(
                function, run->device_class[w], run->tally[w].device);
    if (first)
        pf_function_recall(
                function, run->settings, run->engine->devices->options.cache_dir);
}

static enum parfun_status begin_feed(
        struct pf_run *run, size_t fixed, size_t initial, struct pf_model **model)
{
    const struct pf_call *call = run->call;
    const bool whole = !run->selection->cuts && call->items <= PF_CALL_ITEMS_MAX;
    const size_t largest = largest_partition(run);
    bool tracing = run->feed->tracing;

    *model = NULL;
    run->plan = NULL;
    if (whole && !fixed) {
        fixed = call->items;
    } else if (!fixed) {
        struct pf_plan_call plan_call = {
            .items = call->items,
            .multiple = multiple(call),
            .initial = initial,
            .largest = largest,
            .two_ends = run->keeps && !call->ordered,
        };

        pf_keep_traffic(call, &plan_call.bytes_in, &plan_call.bytes_out);
        if (!run->spare_plan)
            PF_TRY(pf_plan_create(run->room, &run->spare_plan));
        run->plan = run->spare_plan;
        *model = pf_function_model(run->function, &run->spare_model);
        if (*model == &run->function->model)
            recall(run);
        pf_plan_begin(run->plan, *model, &run->machine, &plan_call, run->ready);
    }
    pf_feed_begin(run->feed, call, run->plan, fixed < largest ? fixed : largest,
            run->workers, tracing, run->begin_ns);
    if (run->selection->device_count)
        run->feed->simple = false;
    return PARFUN_OK;
}

/* A few partitions of each CPU worker are enough for an estimate. */
static void learn(struct pf_run *run)
{
    for (unsigned w = 0; w < run->cpu_workers; w++) {
        const struct pf_tally *tally = &run->tally[w];

        if (tally->partitions)
            pf_function_learn(run->function, tally->recent,
                    tally->partitions < PF_TALLY_RECENT ? tally->partitions
                                                        : PF_TALLY_RECENT);
    }
}

/* Devices are among the workers: what the CPU writes is noted part by part. */
static enum parfun_status begin_kept(struct pf_run *run)
{
    const bool devices = run->workers > run->cpu_workers;
    const bool alone = devices && run->workers == 1;

    const enum parfun_status status = pf_keep_begin(run->engine->keep, &run->use,
            run->call, alone ? run->drive[0].driver : NULL, devices);

    run->keeps = devices && run->use.kept;
    return status;
}

static enum parfun_status execute(struct pf_run *run, size_t fixed, size_t initial)
{
    struct pf_model *model;
    enum parfun_status status;

    PF_TRY(begin_feed(run, fixed, initial, &model));
    prepare_jobs(run);
    (void)take_part(run, fixed >= run->call->items);
    attend(run);
    retract_jobs(run);
    if (run->plan) {
        pf_plan_end(run->plan);
        run->chosen = pf_plan_size(run->plan, 0);
        pf_function_model_done(run->function, model);
        learn(run);
    }
    status = run->feed->status;
    if (status && run->feed->reason)
        (void)pf_fail(status, "%s", run->feed->reason);
    else if (status)
        (void)pf_fail(status, "%s(): failed, with no memory left to say why",
                run->call->kernel->name);
    else if (run->combiner)
        pf_combine_finish(run->combiner);
    pf_feed_end(run->feed);
    return status;
}

enum parfun_status pf_run_execute(struct pf_run *run, size_t fixed, size_t initial)
{
    enum parfun_status status = begin_kept(run);

    if (!status)
        status = execute(run, fixed, initial);
    pf_keep_end(run->engine->keep, &run->use);
    return status;
}
