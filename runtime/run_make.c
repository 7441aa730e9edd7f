/* SPDX-License-Identifier: Apache-2.0 */
/* run_make.c: makes the runs of calls, and keeps them for the next ones. */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

#include <stdatomic.h>
#include <stdlib.h>

enum parfun_status pf_engine_init(struct pf_engine *engine,
        struct pf_devices *devices, unsigned threads, const unsigned *processors)
{
    enum parfun_status status;

    *engine = (struct pf_engine){ .devices = devices };
    PF_TRY(pf_lock_init(&engine->lock));
    status = pf_host_pool_init(&engine->hosts);
    if (status)
        goto no_hosts;
    status = pf_workers_create(
            threads > 1 ? threads - 1 : 0, processors, &engine->workers);
    if (!status)
        return PARFUN_OK;
    pf_host_pool_finish(&engine->hosts);
no_hosts:
    pf_lock_finish(&engine->lock);
    return status;
}

static void destroy_run(struct pf_run *run)
{
    if (!run)
        return;
    if (run->engine)
        pf_host_give(&run->engine->hosts, run->callers_host);
    pf_feed_destroy(run->feed);
    pf_plan_destroy(run->spare_plan);
    pf_lock_finish(&run->accumulating);
    free(run->device_class);
    free(run->facts);
    free(run->ready);
    free(run->asked);
    free(run->vacant);
    pf_source_fixed_finish(&run->fixed);
    free(run->tally);
    free(run->drive);
    free(run);
}

void pf_engine_finish(struct pf_engine *engine)
{
    while (engine->idle) {
        struct pf_run *run = engine->idle;

        engine->idle = run->next;
        destroy_run(run);
    }
    pf_workers_destroy(engine->workers);
    pf_host_pool_finish(&engine->hosts);
    pf_lock_finish(&engine->lock);
}

static enum parfun_status create_run(unsigned room, struct pf_run **run)
{
    struct pf_run *made = calloc(1, sizeof *made);
    enum parfun_status status;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a call");
    status = pf_lock_init(&made->accumulating);
    if (status) {
        free(made);
        return status;
    }
    made->room = room;
    made->device_class = calloc(room, sizeof *made->device_class);
    made->facts = calloc(PF_MODEL_CLASSES, sizeof *made->facts);
    made->ready = calloc(room, sizeof *made->ready);
    made->asked = calloc(room, sizeof *made->asked);
    made->vacant = calloc(room, sizeof *made->vacant);
    made->tally = calloc(room, sizeof *made->tally);
    made->drive = calloc(room, sizeof *made->drive);
    if (!made->device_class || !made->facts || !made->ready || !made->asked
            || !made->vacant || !made->tally || !made->drive)
        status = pf_fail(PARFUN_NO_MEMORY, "no memory for a call");
    else
        status = pf_feed_create(&made->feed);
    if (status)
        destroy_run(made);
    else
        *run = made;
    return status;
}

/* First guesses; the model learns better ones.  A partition of the CPU costs two
 * decisions and their locks, for which all workers queue up: with 16 of them a third of
 * a microsecond for each keeps the lock free for most of the time. */
static struct pf_device_facts guess(const struct pf_run *run)
{
    return (struct pf_device_facts){
        .overhead_s = 0.9e-6 + 0.3e-6 * run->workers,
        .width = 1,
        .relative_speed = 1,
        .multiple = 1,
    };
}

static struct pf_device_facts guess_device(const struct pf_device *device)
{
    return (struct pf_device_facts){
        .launch_s = 15e-6,
        .overhead_s = 25e-6,
        .transfer_latency_s = device->limits.shared_memory ? 0 : 10e-6,
        .bytes_in_per_s = device->limits.shared_memory ? 0 : 8e9,
        .bytes_out_per_s = device->limits.shared_memory ? 0 : 8e9,
        .width = device->kind == PF_DEVICE_CPU
                ? 64.0 * device->limits.compute_units
                : 2048.0 * device->limits.compute_units,
        .relative_speed = device->kind == PF_DEVICE_CPU ? 1 : 20,
        .cores = device->kind == PF_DEVICE_CPU,
        .multiple = 1,
    };
}

/* Items side by side share vectors: of a partition's last ones, code for single items
 * takes each as long as for a whole vector.  Rows have vectors of their own. */
static size_t vector_items(const struct pf_call *call)
{
    enum { LANES = 16 };

    return call->dimensions == 1 ? LANES : 1;
}

/* Do the devices run on the cores that the CPU workers fill already? */
static bool is_exclusive(const struct pf_run *run)
{
    const struct pf_selection *selection = run->selection;

    if (!run->cpu_workers || !run->device_count
            || run->cpu_workers < selection->host->workers)
        return false;
    for (unsigned d = 0; d < run->device_count; d++)
        if (!selection->devices[d]->same_cpu)
            return false;
    return true;
}

/* Measured on two cores, in calls of 20 us that follow each other closely. */
static const double SHARE_S = 7e-6;

static void describe_machine(struct pf_run *run)
{
    const struct pf_selection *selection = run->selection;
    const struct pf_workers_outlook outlook =
            pf_workers_expect(run->engine->workers,
                    run->cpu_workers > 1 ? run->cpu_workers - 1 : 0, run->begin_ns);
    unsigned classes = 1;

    run->feed->patient = outlook.patient;
    run->facts[0] = guess(run);
    run->facts[0].multiple = run->code.body ? 1 : vector_items(run->call);
    for (unsigned w = 0; w < run->cpu_workers; w++) {
        run->device_class[w] = 0;
        run->ready[w] = true;
        run->tally[w] =
                (struct pf_tally){ .device = run->code.body ? selection->body_host
                                                            : selection->host };
    }
    for (unsigned c = 1; c < PF_MODEL_CLASSES; c++)
        run->facts[c] = run->facts[0];
    for (unsigned d = 0; d < run->device_count; d++) {
        struct pf_drive *drive = &run->drive[d];
        const unsigned w = run->cpu_workers + d;

        *drive = (struct pf_drive){ .run = run, .worker = w };
        drive->driver =
                pf_devices_driver(run->engine->devices, selection->devices[d]);
        run->device_class[w] = 1 + drive->driver->number % (PF_MODEL_CLASSES - 1);
        run->facts[run->device_class[w]] = guess_device(selection->devices[d]);
        if (run->device_class[w] >= classes)
            classes = run->device_class[w] + 1;
        run->ready[w] =
                atomic_load(&run->settings->build[drive->driver->number].tried);
        run->tally[w] = (struct pf_tally){ .device = selection->devices[d] };
    }
    run->machine = (struct pf_plan_machine){
        .workers = run->workers,
        .cpu_workers = run->cpu_workers,
        .device_class = run->device_class,
        .facts = run->facts,
        .classes = classes,
        .exclusive = is_exclusive(run),
        .wake_first_s = outlook.waking.first_s,
        .wake_next_s = outlook.waking.next_s,
        .wake_fan = PF_WORKERS_FAN,
        .share_s = SHARE_S,
    };
}

/* Native code for the chosen CPU; without it the other devices do all.  A body runs on
 * the CPU, whatever was chosen. */
static enum parfun_status find_code(struct pf_run *run)
{
    struct pf_selection *selection = run->selection;
    enum parfun_status status = PARFUN_OK;

    run->code = (struct pf_host_code){ .body = run->function->body,
        .user = run->settings->options.user };
    run->cpu_workers = 0;
    run->device_count = selection->device_count;
    if (run->code.body) {
        run->cpu_workers = selection->body_workers;
        run->device_count = 0;
    } else if (selection->host) {
        run->code.variant = pf_function_native(
                run->function, run->settings, selection->host, &status);
        if (run->code.variant)
            run->cpu_workers = selection->cpu_workers;
    }
    run->workers = run->cpu_workers + run->device_count;
    return run->device_count ? PARFUN_OK : status;
}

static unsigned room_for(const struct pf_selection *selection)
{
    const unsigned workers = selection->cpu_workers + selection->device_count;

    return workers > selection->body_workers ? workers : selection->body_workers;
}

enum parfun_status pf_run_take(struct pf_engine *engine,
        struct parfun_function *function, struct pf_settings *settings,
        struct pf_selection *selection, const struct pf_call *call, bool tracing,
        struct pf_run **run)
{
    const unsigned room = room_for(selection);
    struct pf_run *taken;

    pf_lock_take(&engine->lock);
    taken = engine->idle;
    if (taken)
        engine->idle = taken->next;
    pf_lock_give(&engine->lock);
    if (taken && taken->room < room) {
        destroy_run(taken);
        taken = NULL;
    }
    if (!taken)
        PF_TRY(create_run(room, &taken));
    taken->engine = engine;
    taken->function = function;
    taken->settings = settings;
    taken->selection = selection;
    taken->call = call;
    taken->combiner = NULL;
    taken->plan = NULL;
    taken->gathering_ns = taken->combining_ns = taken->making_ns = 0;
    taken->chosen = 0;
    taken->using = taken->keeps = false;
    taken->begin_ns = pf_clock_ns();
    taken->feed->tracing = tracing;
    taken->workers = 0;
    *run = taken;
    PF_TRY(find_code(taken));
    describe_machine(taken);
    return call->ordered ? pf_combine_create(call, &taken->combiner) : PARFUN_OK;
}

/* Devices are among the workers: what the CPU writes is noted part by part. */
enum parfun_status pf_run_use_kept(struct pf_run *run)
{
    const bool devices = run->workers > run->cpu_workers;
    const bool alone = devices && run->workers == 1;
    enum parfun_status status;

    run->using = true;
    status = pf_keep_begin(run->engine->keep, &run->use, run->call,
            alone ? run->drive[0].driver : NULL, devices, &run->limits);
    run->keeps = devices && run->use.kept;
    return status;
}

void pf_run_give(struct pf_run *run)
{
    struct pf_engine *engine;

    if (!run)
        return;
    engine = run->engine;
    if (run->using)
        pf_keep_end(engine->keep, &run->use);
    pf_combine_destroy(run->combiner);
    run->combiner = NULL;
    run->plan = NULL;
    for (unsigned w = 0; w < run->workers; w++) {
        free(run->tally[w].reason);
        run->tally[w].reason = NULL;
    }
    pf_lock_take(&engine->lock);
    run->next = engine->idle;
    engine->idle = run;
    pf_lock_give(&engine->lock);
}
