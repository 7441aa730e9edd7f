/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.c: one device's part in a call.  Two or three partitions are in flight, one
 * per lane, so that the copies of one run under the computation of another.
 */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

#include <stdatomic.h>

enum { LANES = 8 };

struct flight {
    struct pf_piece piece;
    struct pf_piece_times times;
    uint64_t mark;
    unsigned lane;
};

/* The partitions under way, oldest first. */
struct flights {
    struct flight flight[LANES];
    unsigned count, lanes;
    bool busy[LANES];
};

/* The device takes no part any more: what it has in hand is handed out again,
 * oldest first, when it can no longer write the results of these partitions. */
static void leave(
        struct pf_drive *drive, struct flights *flights, enum parfun_status status)
{
    struct pf_run *run = drive->run;
    struct pf_tally *tally = &run->tally[drive->worker];

    if (!tally->reason)
        tally->reason = pf_text_copy(pf_error_text());
    tally->status = status;
    pf_log(PF_LOG_WARNING, "%s(): without %s: %s", run->call->kernel->name,
            drive->driver->device->name, pf_error_text());
    if (status == PARFUN_DEVICE_FAILED || !pf_arrays_drain(drive->arrays))
        atomic_store(&drive->driver->lost, true);
    for (unsigned f = 0; flights && f < flights->count; f++)
        pf_feed_return(run->feed, drive->worker, &flights->flight[f].piece);
    pf_feed_absent(run->feed, drive->worker);
}

/* Waits for the oldest partition and reports it. */
static enum parfun_status finish_oldest(
        struct pf_drive *drive, struct flights *flights)
{
    struct pf_run *run = drive->run;
    struct pf_device *device = drive->driver->device;
    struct flight *flight = &flights->flight[0];
    struct pf_piece_times *times = &flight->times;
    struct pf_lane_times lane;
    bool reached;

    PF_TRY(device->backend->wait(
            device, flight->lane, flight->mark, UINT64_MAX, &reached, &lane));
    PF_TRY(pf_arrays_collect(drive->arrays, flight->lane, flight->piece.result));
    times->now_ns = pf_clock_ns();
    times->function_ns = (uint64_t)(lane.kernel_s * 1e9);
    times->executed_ns = lane.end_ns ? lane.end_ns : times->now_ns;
    times->copy_in_ns = (uint64_t)(lane.copy_in_s * 1e9);
    times->copy_out_ns = (uint64_t)(lane.copy_out_s * 1e9);
    if (times->executed_ns > times->now_ns)
        times->executed_ns = times->now_ns;
    times->unfit = !run->settings->build[drive->driver->number].launched;
    run->settings->build[drive->driver->number].launched = true;
    pf_run_count(run, drive->worker, &flight->piece, times);
    if (pf_feed_done(run->feed, drive->worker, &flight->piece, times))
        pf_run_engage(run);
    flights->busy[flight->lane] = false;
    flights->count--;
    for (unsigned f = 0; f < flights->count; f++)
        flights->flight[f] = flights->flight[f + 1];
    return PARFUN_OK;
}

static enum parfun_status submit(struct pf_drive *drive, struct flights *flights,
        const struct pf_piece *piece, uint64_t asked_ns)
{
    struct flight *flight = &flights->flight[flights->count];
    unsigned lane = 0;

    while (flights->busy[lane])
        lane++;
    *flight = (struct flight){ .piece = *piece, .lane = lane };
    flight->times.start_ns = pf_clock_ns();
    flight->times.partitioning_ns = flight->times.start_ns - asked_ns;
    flights->count++;
    if (piece->result)
        PF_TRY(pf_result_begin(drive->run->call, piece->result));
    PF_TRY(pf_arrays_submit(
            drive->arrays, lane, piece->first, piece->count, &flight->mark));
    flights->busy[lane] = true;
    return PARFUN_OK;
}

/* Other partitions finish first if the device lives: only what could not be
 * submitted is handed out again. */
static void fail(
        struct pf_drive *drive, struct flights *flights, enum parfun_status status)
{
    struct flight last = { 0 };
    const bool unsubmitted =
            flights->count && !flights->flight[flights->count - 1].mark;

    if (status != PARFUN_DEVICE_FAILED && unsubmitted) {
        drive->run->tally[drive->worker].reason = pf_text_copy(pf_error_text());
        last = flights->flight[--flights->count];
        while (flights->count) {
            const enum parfun_status other = finish_oldest(drive, flights);

            if (other) {
                status = other;
                break;
            }
        }
        flights->flight[flights->count++] = last;
    }
    leave(drive, flights, status);
}

/* Takes partitions while lanes are free; false if the device has left. */
static bool fill(struct pf_drive *drive, struct flights *flights,
        enum pf_feed_answer *answer, uint64_t *change)
{
    *answer = PF_FEED_PIECE;
    while (flights->count < flights->lanes) {
        const uint64_t asked_ns = pf_clock_ns();
        struct pf_piece piece;
        enum parfun_status status;

        *answer = pf_feed_take(drive->run->feed, drive->worker, &piece);
        *change = piece.change;
        if (*answer != PF_FEED_PIECE)
            return true;
        status = submit(drive, flights, &piece, asked_ns);
        if (status) {
            fail(drive, flights, status);
            return false;
        }
    }
    return true;
}

static void loop(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    struct flights flights = { .lanes = drive->driver->device->lanes };

    if (flights.lanes > LANES)
        flights.lanes = LANES;
    for (;;) {
        enum pf_feed_answer answer;
        uint64_t change = 0;

        if (!fill(drive, &flights, &answer, &change))
            return;
        if (flights.count) {
            const enum parfun_status status = finish_oldest(drive, &flights);

            if (status) {
                leave(drive, &flights, status);
                return;
            }
        } else if (answer == PF_FEED_END) {
            return;
        } else if (!caller
                || !pf_feed_combine(run->feed, run->combiner, &run->combining_ns)) {
            pf_feed_park(run->feed, change);
        }
        if (caller)
            (void)pf_feed_combine(run->feed, run->combiner, &run->combining_ns);
    }
}

/* Builds the kernel and places the call's arrays. */
static enum parfun_status prepare(struct pf_drive *drive)
{
    struct pf_run *run = drive->run;
    struct pf_device *device = drive->driver->device;
    struct pf_code *code;

    if (atomic_load(&drive->driver->lost))
        return pf_fail(
                PARFUN_DEVICE_FAILED, "device %s has failed before", device->name);
    if (run->call->clauses->host_only)
        return pf_fail(PARFUN_UNSUPPORTED,
                "combine(shared: ...) needs the caller's own memory, which %s does "
                "not work in; choose CPU threads",
                device->name);
    PF_TRY(pf_function_build(run->function, run->settings, drive->driver, &code));
    return pf_arrays_create(run->call, drive->driver, code, &drive->arrays);
}

/* Integers accumulated on the device join the caller's. */
static void hand_in(struct pf_drive *drive)
{
    struct pf_run *run = drive->run;

    for (unsigned i = 0; i < run->call->clauses->argument_count; i++) {
        const void *copy = pf_arrays_accumulated(drive->arrays, i);

        if (!copy)
            continue;
        pf_lock_take(&run->accumulating);
        pf_combine_worker(run->combiner, i, copy);
        pf_lock_give(&run->accumulating);
    }
}

static void clean_up(struct pf_drive *drive)
{
    struct pf_tally *tally = &drive->run->tally[drive->worker];
    uint64_t bytes_in, bytes_out;

    if (!drive->arrays)
        return;
    pf_arrays_traffic(drive->arrays, &bytes_in, &bytes_out);
    tally->bytes_in += bytes_in;
    tally->bytes_out += bytes_out;
    hand_in(drive);
    pf_arrays_destroy(drive->arrays);
    drive->arrays = NULL;
}

void pf_drive_run(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    enum parfun_status status;

    if (run->tally[drive->worker].status)
        return;
    pf_lock_take(&drive->driver->lock);
    /* the others may have finished while this one waited for its device */
    if (pf_feed_look(run->feed).left) {
        status = prepare(drive);
        if (status)
            leave(drive, NULL, status);
        else
            loop(drive, caller);
        clean_up(drive);
    }
    pf_lock_give(&drive->driver->lock);
}
