/* SPDX-License-Identifier: Apache-2.0 */
/*
 * drive.c: one device's part in a call.  Two or three partitions are in flight, one
 * per lane, so that the copies of one run under the computation of another.
 *
 * A partition that is far later than predicted is handed out again once nothing else
 * is left for the others, and the device is left to itself: it may be hung.  Its
 * results were not asked for yet, so that it can not write into a call that is over.
 */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/deadline.h"

#include <stdatomic.h>

enum { LANES = PF_DRIVER_LANES };

struct flight {
    struct pf_piece piece;
    struct pf_piece_times times;
    uint64_t mark;
    struct pf_deadline deadline;
    unsigned lane;
};

/* The partitions under way, oldest first. */
struct flights {
    struct flight flight[LANES];
    unsigned count, lanes;
    unsigned unsubmitted; /* taken, and behind these */
    bool busy[LANES];
    bool caller;      /* this thread is the call's */
    uint64_t done_ns; /* when the last one was reported */
};

static struct pf_build *build_of(const struct pf_drive *drive)
{
    return &drive->run->settings->build[drive->driver->number];
}

/* The device takes no part any more: what it has in hand is handed out again, oldest
 * first. */
static void give_back(
        struct pf_drive *drive, struct flights *flights, enum parfun_status status)
{
    struct pf_run *run = drive->run;
    struct pf_tally *tally = &run->tally[drive->worker];

    if (!tally->reason)
        tally->reason = pf_text_copy(pf_error_text());
    tally->status = status;
    pf_log(PF_LOG_WARNING, "%s(): without %s: %s", run->call->kernel->name,
            drive->driver->device->name, pf_error_text());
    for (unsigned f = 0; flights && f < flights->count; f++)
        pf_feed_return(run->feed, drive->worker, &flights->flight[f].piece);
    pf_feed_absent(run->feed, drive->worker);
}

/* The device can no longer write the results of the partitions in its hands into the
 * caller's memory. */
static void leave(
        struct pf_drive *drive, struct flights *flights, enum parfun_status status)
{
    if (status == PARFUN_DEVICE_FAILED || !pf_arrays_leave(drive->arrays))
        atomic_store(&drive->driver->lost, true);
    give_back(drive, flights, status);
}

static enum parfun_status say_why_left(
        const struct pf_drive *drive, const struct pf_piece *piece)
{
    if (pf_feed_look(drive->run->feed).stopped)
        return pf_fail(PARFUN_TIMED_OUT,
                "the call was over before its partition of %zu items was",
                piece->count);
    return pf_fail(PARFUN_TIMED_OUT,
            "a partition of %zu items was more than %d times later than "
            "predicted, and others ran it",
            piece->count, (int)PF_DEADLINE_LATE);
}

/* The device may go on for as long as it likes. */
static void leave_behind(struct pf_drive *drive, struct flights *flights)
{
    leave(drive, flights, say_why_left(drive, &flights->flight[0].piece));
}

/* What was seen of the others while the oldest partition is waited for. */
struct watch {
    int overdue;     /* of its flights in the feed */
    bool idle;       /* nobody else had anything in hand, */
    uint64_t change; /* when so much had been reported */
};

/* Do the others have nothing to do, and have not had for a while?  Either nothing is
 * left but what the device has in hand, or what is left waits for that: for room among
 * the results, for a piece that is done, for the plan. */
static bool others_wait(struct watch *watch, const struct pf_feed_state *state)
{
    const bool before = watch->idle && watch->change == state->change;

    watch->idle = state->idle;
    watch->change = state->change;
    return state->others && (!state->left || (state->idle && before));
}

/* Can the device be left to itself?  If it is late, and the others wait for it, or do
 * no more as the call is over; at once, if the call must stop. */
static bool may_leave(const struct pf_drive *drive, const struct flights *flights,
        struct watch *watch, uint64_t now_ns)
{
    const bool late = now_ns >= flights->flight[0].deadline.late_ns;
    struct pf_feed_state state;

    if (late && !watch->overdue) {
        watch->overdue = (int)(flights->count + flights->unsubmitted);
        pf_feed_overdue(drive->run->feed, watch->overdue);
    }
    state = pf_feed_look(drive->run->feed);
    if (state.stopped)
        return late || pf_limits_look(&drive->run->limits, now_ns);
    return late && others_wait(watch, &state);
}

/* Nobody else can run what the device will not end: it is given up. */
static enum parfun_status check_hung(
        const struct pf_drive *drive, const struct flight *flight, uint64_t now_ns)
{
    struct pf_device *device = drive->driver->device;

    if (now_ns < flight->deadline.hung_ns || pf_feed_look(drive->run->feed).others)
        return PARFUN_OK;
    device->backend->give_up(device);
    return pf_fail(PARFUN_DEVICE_FAILED,
            "%s (%s) hangs: a partition of %zu items has not ended in %.0f s, more "
            "than %d times what it should take; choose another device, or "
            "\"threads\", or see PARFUN_HANG_LIMIT",
            device->name, device->selector, flight->piece.count,
            1e-9 * (double)(now_ns - flight->times.start_ns),
            (int)PF_DEADLINE_HUNG);
}

static enum parfun_status await(struct pf_drive *drive, struct flights *flights,
        struct watch *watch, struct pf_lane_times *times, bool *left)
{
    struct pf_device *device = drive->driver->device;
    struct flight *flight = &flights->flight[0];
    uint64_t now_ns = pf_clock_ns();
    bool reached = false;

    for (*left = false; !*left;) {
        PF_TRY(device->backend->wait(device, flight->lane, flight->mark,
                now_ns + PF_LIMITS_PERIOD_NS, &reached, times));
        if (reached)
            return PARFUN_OK;
        now_ns = pf_clock_ns();
        pf_run_look(drive->run, flights->caller, now_ns);
        if (!pf_arrays_can_leave(drive->arrays))
            continue;
        *left = may_leave(drive, flights, watch, now_ns);
        if (!*left)
            PF_TRY(check_hung(drive, flight, now_ns));
    }
    return PARFUN_OK;
}

/* Until the oldest partition's mark is reached, or it is left behind: then *late. */
static enum parfun_status await_oldest(struct pf_drive *drive,
        struct flights *flights, struct pf_lane_times *times, bool *late)
{
    struct watch watch = { 0 };
    const enum parfun_status status = await(drive, flights, &watch, times, late);

    if (watch.overdue)
        pf_feed_overdue(drive->run->feed, -watch.overdue);
    return status;
}

/* What the oldest partition, which has run, left on the device; unless that is left
 * behind: then *late. */
static enum parfun_status fetch_oldest(struct pf_drive *drive,
        struct flights *flights, struct pf_lane_times *times, bool *late)
{
    struct flight *flight = &flights->flight[0];
    const uint64_t ran = flight->mark;
    struct pf_lane_times more = { 0 };

    PF_TRY(pf_arrays_fetch(drive->arrays, flight->lane, &flight->mark));
    if (flight->mark != ran)
        PF_TRY(await_oldest(drive, flights, &more, late));
    if (*late)
        return PARFUN_OK;
    times->kernel_s += more.kernel_s;
    times->copy_out_s += more.copy_out_s;
    if (more.end_ns)
        times->end_ns = more.end_ns;
    return pf_arrays_collect(drive->arrays, flight->lane, flight->piece.result);
}

/* How the oldest partition went. */
static void record(const struct pf_drive *drive, struct flights *flights,
        const struct pf_lane_times *lane)
{
    struct pf_piece_times *times = &flights->flight[0].times;

    times->now_ns = pf_clock_ns();
    pf_piece_times_fill(times, lane, drive->driver->device->limits.shared_memory,
            flights->done_ns);
    flights->done_ns = times->now_ns;
}

/* Waits for the oldest partition and reports it, unless it is left behind: then
 * *late. */
static enum parfun_status finish_oldest(
        struct pf_drive *drive, struct flights *flights, bool *late)
{
    struct pf_run *run = drive->run;
    struct flight *flight = &flights->flight[0];
    struct pf_piece_times *times = &flight->times;
    struct pf_build *build = build_of(drive);
    struct pf_lane_times lane;

    PF_TRY(await_oldest(drive, flights, &lane, late));
    if (*late)
        return PARFUN_OK;
    PF_TRY(fetch_oldest(drive, flights, &lane, late));
    if (*late)
        return PARFUN_OK;
    record(drive, flights, &lane);
    times->unfit = !build->launched;
    build->launched = true;
    build->item_s = 1e-9 * (double)(times->now_ns - times->start_ns)
            / (double)flight->piece.count;
    pf_run_count(run, drive->worker, &flight->piece, times);
    pf_limits_count(&run->limits, flight->piece.count);
    if (pf_feed_done(run->feed, drive->worker, &flight->piece, times))
        pf_run_wake(run);
    flights->busy[flight->lane] = false;
    flights->count--;
    for (unsigned f = 0; f < flights->count; f++)
        flights->flight[f] = flights->flight[f + 1];
    return PARFUN_OK;
}

static double expected_s(const struct pf_build *build, const struct pf_piece *piece)
{
    return piece->expected_s > 0 ? piece->expected_s
                                 : build->item_s * (double)piece->count;
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
    flight->deadline = pf_deadline_of(flight->times.start_ns,
            expected_s(build_of(drive), piece), drive->driver->hang_s);
    flights->count++;
    if (piece->result)
        PF_TRY(pf_result_begin(drive->run->call, piece->result));
    PF_TRY(pf_arrays_submit(drive->arrays, lane,
            &(struct pf_part){ piece->first, piece->count, piece->cuts },
            &flight->mark));
    flights->busy[lane] = true;
    return PARFUN_OK;
}

/* Other partitions finish first if the device lives: only what could not be
 * submitted is handed out again. */
static void fail(
        struct pf_drive *drive, struct flights *flights, enum parfun_status status)
{
    struct flight last = { 0 };
    bool late = false;
    const bool unsubmitted =
            flights->count && !flights->flight[flights->count - 1].mark;

    if (status != PARFUN_DEVICE_FAILED && unsubmitted) {
        drive->run->tally[drive->worker].reason = pf_text_copy(pf_error_text());
        last = flights->flight[--flights->count];
        flights->unsubmitted = 1;
        while (flights->count && !late) {
            const enum parfun_status other = finish_oldest(drive, flights, &late);

            if (other) {
                status = other;
                break;
            }
        }
        flights->unsubmitted = 0;
        flights->flight[flights->count++] = last;
    }
    if (late)
        leave_behind(drive, flights);
    else
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

        *answer = pf_feed_take(drive->run->feed, drive->worker, asked_ns, &piece);
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

/* Nothing of this call is queued: others may use the device meanwhile, among them
 * calls that this one waits for. */
static enum parfun_status park(struct pf_drive *drive, uint64_t change, bool caller)
{
    pf_turn_give(&drive->driver->turn);
    pf_feed_park(drive->run->feed, change);
    pf_drive_take_back(drive, caller);
    return pf_drive_check(drive);
}

static void loop(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    struct flights flights = { .lanes = drive->driver->device->lanes,
        .caller = caller };

    if (flights.lanes > LANES)
        flights.lanes = LANES;
    for (;;) {
        enum parfun_status status = PARFUN_OK;
        enum pf_feed_answer answer;
        uint64_t change = 0;
        bool late = false;

        pf_run_look(run, caller, pf_clock_ns());
        if (!fill(drive, &flights, &answer, &change))
            return;
        if (flights.count)
            status = finish_oldest(drive, &flights, &late);
        else if (answer == PF_FEED_END)
            return;
        else if (!caller
                || !pf_feed_combine(run->feed, run->combiner, &run->combining_ns))
            status = park(drive, change, caller);
        if (status)
            leave(drive, &flights, status);
        else if (late)
            leave_behind(drive, &flights);
        if (status || late)
            return;
        if (caller)
            (void)pf_feed_combine(run->feed, run->combiner, &run->combining_ns);
    }
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
    pf_arrays_destroy(drive->arrays, !tally->status);
    drive->arrays = NULL;
}

void pf_drive_run(struct pf_drive *drive, bool caller)
{
    struct pf_run *run = drive->run;
    enum parfun_status status;

    if (run->tally[drive->worker].status)
        return;
    if (!pf_drive_take(drive, caller))
        return;
    /* the others may have finished while this one waited for its device */
    if (pf_feed_look(run->feed).left) {
        status = pf_drive_begin(drive, caller);
        if (status)
            leave(drive, NULL, status);
        else
            loop(drive, caller);
        clean_up(drive);
    }
    pf_turn_give(&drive->driver->turn);
}
