/* SPDX-License-Identifier: Apache-2.0 */
/*
 * run.c: one call from its first partition to its last.  The caller is a worker,
 * too: CPU worker 0, or the driver of the first device if there is no CPU.
 */
#include "runtime/run_inside.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* ---- The devices --------------------------------------------------------------------- */

static bool drive(struct pf_job *job)
{
    struct pf_drive *device = (struct pf_drive *)job;

    pf_drive_run(device, false);
    (void)atomic_fetch_sub(&device->run->driving, 1);
    return false;
}

/* Its thread could not be started.  The caller drives it later if that can be. */
static void do_without(struct pf_run *run, struct pf_drive *device)
{
    struct pf_tally *tally = &run->tally[device->worker];

    (void)atomic_fetch_sub(&run->driving, 1);
    if (!run->cpu_workers && !run->attended) {
        device->engaged = false;
        return;
    }
    tally->status = pf_fail(PARFUN_SYSTEM,
            "%s (%s) takes no part, as no thread could be started to drive it",
            tally->device->name, tally->device->selector);
    tally->reason = pf_text_copy(pf_error_text());
    pf_feed_absent(run->feed, device->worker);
}

/* Lets the device's own thread work on the call; a call does not wait for a build that
 * takes longer than itself. */
static void post_drive(struct pf_run *run, struct pf_drive *device)
{
    device->engaged = true;
    (void)atomic_fetch_add(&run->driving, 1);
    if (!run->ready[device->worker])
        pf_function_build_ahead(run->function, run->settings, device->driver);
    if (!pf_workers_post(device->driver->thread, &device->job, 1))
        do_without(run, device);
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
    if (run->device_count > 1)
        (void)pf_fail(status,
                "%s(): no chosen device can run it; the first one, %s, says: %s",
                name, tally->device->name, tally->reason ? tally->reason : "");
    else
        (void)pf_fail(status, "%s(): %s", name,
                tally->reason ? tally->reason : "the device can not run it");
    pf_feed_fail(run->feed, status, 0);
}

/* ---- The jobs -------------------------------------------------------------------------- */

/* Nobody has been asked for help. */
static void prepare_jobs(struct pf_run *run)
{
    run->job = (struct pf_job){ .run = pf_run_help,
        .attended = run->present,
        .nested = atomic_load(&run->limits.outer) != NULL };
    run->engaged = 0;
    atomic_store(&run->joined, 0);
    atomic_store(&run->vacancies, 0);
    atomic_store(&run->driving, 0);
    for (unsigned d = 0; d < run->device_count; d++) {
        run->drive[d].job = (struct pf_job){ .run = drive };
        run->drive[d].engaged = false;
    }
}

/* Nobody but the caller has been, or could be, asked to take part. */
static bool is_alone(const struct pf_run *run)
{
    return !run->device_count && !run->engaged;
}

/* Whoever still posts one of them from another does so in vain. */
static void retract_jobs(struct pf_run *run)
{
    if (is_alone(run))
        return;
    pf_workers_retract(run->engine->workers, &run->job);
    for (unsigned d = 0; d < run->device_count; d++)
        pf_workers_retract(run->drive[d].driver->thread, &run->drive[d].job);
}

void pf_run_wake(struct pf_run *run)
{
    if (run->cpu_workers <= 1 && !run->device_count)
        return;
    /* one CPU worker is the caller, whenever it comes */
    const unsigned cpu = run->cpu_workers > 1
            ? pf_feed_active(run->feed, run->cpu_workers) - (run->present ? 1 : 0)
            : 0;

    if (cpu <= run->engaged && !run->device_count)
        return;
    pf_lock_take(&run->accumulating);
    if (cpu > run->engaged) {
        (void)pf_workers_post(run->engine->workers, &run->job, cpu - run->engaged);
        run->engaged = cpu;
    }
    for (unsigned d = 0; d < run->device_count; d++)
        if (!run->drive[d].engaged && is_alive(run, &run->drive[d])
                && pf_feed_summons(run->feed, run->drive[d].worker))
            post_drive(run, &run->drive[d]);
    pf_lock_give(&run->accumulating);
}

/* ---- The caller ------------------------------------------------------------------------ */

/* Its first step in the call: as a CPU worker, if one is wanted. */
static void arrive(struct pf_run *run)
{
    if (run->arrived)
        return;
    run->arrived = true;
    run->own = (struct pf_hand){ .caller = true };
    pf_run_take_hand(run, &run->own);
}

static void depart(struct pf_run *run)
{
    pf_run_drop_hand(run, &run->own);
    run->arrived = false;
}

/* The first device that lives; NULL: all have left. */
static struct pf_drive *living_device(struct pf_run *run)
{
    for (unsigned d = 0; d < run->device_count; d++)
        if (is_alive(run, &run->drive[d]))
            return &run->drive[d];
    return NULL;
}

/* Without CPU workers the caller drives a device, unless it has other duties: then all
 * devices are driven by their own threads. */
static void set_out(struct pf_run *run)
{
    struct pf_drive *own = NULL;

    if (!run->cpu_workers && !living_device(run)) {
        fail_without_devices(run);
        return;
    }
    if (!run->cpu_workers && !run->attended) {
        own = living_device(run);
        own->engaged = true;
    }
    if (!run->alone)
        pf_run_wake(run);
    if (own)
        pf_drive_run(own, true);
}

/* Items were handed back after others had ended: who lives begins again. */
static void begin_again(struct pf_run *run)
{
    const bool arrived = run->arrived;

    if (arrived)
        depart(run);
    retract_jobs(run);
    prepare_jobs(run);
    if (arrived)
        arrive(run);
    set_out(run);
}

/* Nothing is there for the caller now: waits until something has changed, or it is time
 * to look at the limits. */
static void rest(struct pf_run *run, uint64_t change)
{
    struct pf_hand *own = &run->own;

    pf_feed_park_until(run->feed, change, pf_clock_ns() + PF_LIMITS_PERIOD_NS);
    own->now_ns = pf_clock_ns();
}

static bool nobody_works(const struct pf_run *run)
{
    return !run->own.host && !atomic_load(&run->driving)
            && !atomic_load(&run->job.inside);
}

/* A step of the caller gave nothing.  Waits, unless all is done: then false.  `state` is
 * no newer than its last look at the results. */
static bool stand_by(struct pf_run *run, enum pf_feed_answer answer,
        const struct pf_feed_state *state)
{
    if (state->over && !state->outstanding)
        return false;
    if (!state->outstanding && nobody_works(run))
        begin_again(run);
    else
        rest(run, answer == PF_FEED_LATER ? run->own.change : state->change);
    return true;
}

/* One step of the caller, who has seen `state`: works, or waits.  false: all is done. */
static bool go_on(struct pf_run *run, const struct pf_feed_state *state)
{
    const enum pf_feed_answer answer = pf_run_step(run, &run->own);

    return answer == PF_FEED_PIECE || stand_by(run, answer, state);
}

/* Has the caller other duties between its partitions? */
static bool has_duties(const struct pf_run *run)
{
    return run->combiner || run->feed->source->kind->hungry;
}

/* Works until all has come in. */
static void work(struct pf_run *run)
{
    for (;;) {
        const enum pf_feed_answer answer = pf_run_steps(run, &run->own);
        struct pf_feed_state state;

        if (run->feed->simple || (answer == PF_FEED_END && is_alone(run)))
            return;
        state = pf_feed_look(run->feed);
        if (!stand_by(run, answer, &state))
            return;
    }
}

/* Works, makes partitions and combines until all has come in. */
static void attend(struct pf_run *run)
{
    for (;;) {
        const struct pf_feed_state state = pf_feed_look(run->feed);

        if (pf_feed_combine(run->feed, run->combiner, &run->combining_ns))
            continue;
        if (!go_on(run, &state))
            return;
    }
}

/* The sentence of the call's failure, in this thread. */
static enum parfun_status tell(const struct pf_run *run)
{
    const struct pf_feed *feed = run->feed;

    if (!feed->status)
        return PARFUN_OK;
    if (feed->reason)
        return pf_fail(feed->status, "%s", feed->reason);
    return pf_fail(feed->status, "%s(): failed, with no memory left to say why",
            run->call->kernel->name);
}

enum parfun_status pf_run_next(struct pf_run *run, struct pf_result **result)
{
    arrive(run);
    for (;;) {
        const struct pf_feed_state state = pf_feed_look(run->feed);

        *result = pf_feed_next_result(run->feed);
        if (*result) {
            pf_combine_append(run->combiner, *result);
            return PARFUN_OK;
        }
        if (!go_on(run, &state))
            return tell(run);
    }
}

/* ---- The call -------------------------------------------------------------------------- */

enum parfun_status pf_run_begin(
        struct pf_run *run, size_t fixed, size_t initial, bool present)
{
    run->present = present;
    run->arrived = false;
    PF_TRY(pf_run_begin_feed(run, fixed, initial));
    run->attended = !present || run->settings->options.combiner
            || run->settings->options.progress
            || run->call->clauses->generator_count;
    run->alone = present && run->feed->source == &run->fixed.source
            && run->fixed.size >= run->call->rows
            && (run->cpu_workers || !run->attended);
    prepare_jobs(run);
    if (present)
        arrive(run);
    pf_run_supply(run);
    set_out(run);
    return PARFUN_OK;
}

enum parfun_status pf_run_finish(struct pf_run *run)
{
    enum parfun_status status;

    arrive(run);
    if (has_duties(run))
        attend(run);
    else
        work(run);
    depart(run);
    retract_jobs(run);
    pf_run_learn(run);
    pf_feed_discard(run->feed);
    status = tell(run);
    if (!status && run->combiner
            && !run->feed->source->kind->left(run->feed->source))
        pf_combine_finish(run->combiner);
    if (!status)
        pf_limits_end(&run->limits);
    if (run->feed->source == &run->generator.source)
        pf_generator_end(&run->generator);
    pf_feed_end(run->feed);
    return status;
}
