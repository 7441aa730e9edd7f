/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c: hands partitions out and takes reports in. */
#include "runtime/feed.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/patience.h"
#include "runtime/base/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum parfun_status pf_feed_create(unsigned workers, struct pf_feed **feed)
{
    struct pf_feed *made = calloc(1, sizeof *made);
    enum parfun_status status;

    if (!made || !(made->asked = calloc(workers, sizeof *made->asked))) {
        free(made);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a call");
    }
    status = pf_lock_init(&made->lock);
    if (status)
        goto no_lock;
    status = pf_condition_init(&made->changed);
    if (status)
        goto no_condition;
    *feed = made;
    return PARFUN_OK;
no_condition:
    pf_lock_finish(&made->lock);
no_lock:
    free(made->asked);
    free(made);
    return status;
}

void pf_feed_destroy(struct pf_feed *feed)
{
    if (!feed)
        return;
    pf_condition_finish(&feed->changed);
    pf_lock_finish(&feed->lock);
    free(feed->asked);
    free(feed->returned);
    free(feed->rows);
    free(feed);
}

void pf_feed_begin(struct pf_feed *feed, const struct pf_call *call,
        struct pf_plan *plan, size_t fixed, unsigned workers, bool tracing,
        uint64_t begin_ns)
{
    feed->call = call;
    feed->plan = plan;
    feed->fixed = fixed;
    feed->simple = !plan && !call->ordered && !tracing && workers > 0;
    atomic_store_explicit(&feed->next, 0, memory_order_relaxed);
    feed->returned_count = 0;
    feed->outstanding = feed->parked = feed->absent = 0;
    feed->change = 0;
    feed->workers = workers;
    memset(feed->asked, 0, workers * sizeof *feed->asked);
    feed->combined = 0;
    feed->oldest = feed->newest = feed->spare = NULL;
    atomic_store_explicit(&feed->failed, false, memory_order_relaxed);
    feed->status = PARFUN_OK;
    feed->reason = NULL;
    feed->begin_ns = begin_ns;
    feed->tracing = tracing;
    feed->row_count = 0;
}

static void destroy_results(const struct pf_call *call, struct pf_result *result)
{
    while (result) {
        struct pf_result *next = result->next;

        pf_result_destroy(call, result);
        result = next;
    }
}

void pf_feed_end(struct pf_feed *feed)
{
    destroy_results(feed->call, feed->oldest);
    destroy_results(feed->call, feed->spare);
    free(feed->reason);
    feed->reason = NULL;
}

static double seconds(const struct pf_feed *feed, uint64_t ns)
{
    return ns > feed->begin_ns ? (double)(ns - feed->begin_ns) * 1e-9 : 0;
}

/* Called with the lock held. */
static void announce(struct pf_feed *feed)
{
    feed->change++;
    if (feed->parked)
        pf_condition_wake_all(&feed->changed);
}

static void fail_locked(
        struct pf_feed *feed, enum parfun_status status, size_t first)
{
    if (!feed->status || first < feed->failed_first) {
        free(feed->reason);
        feed->reason = pf_text_copy(pf_error_text());
        feed->status = status;
        feed->failed_first = first;
    }
    atomic_store(&feed->failed, true);
    announce(feed);
}

void pf_feed_fail(struct pf_feed *feed, enum parfun_status status, size_t first)
{
    pf_lock_take(&feed->lock);
    fail_locked(feed, status, first);
    pf_lock_give(&feed->lock);
}

/* ---- Handing out ------------------------------------------------------------------ */

/* Into the list of results, which is in item order; nearly always at its end. */
static void insert(struct pf_feed *feed, struct pf_result *result)
{
    struct pf_result *before = feed->newest;

    while (before && before->first > result->first)
        before = before->previous;
    result->previous = before;
    result->next = before ? before->next : feed->oldest;
    if (result->next)
        result->next->previous = result;
    else
        feed->newest = result;
    if (before)
        before->next = result;
    else
        feed->oldest = result;
}

static void remove_result(struct pf_feed *feed, struct pf_result *result)
{
    if (result->previous)
        result->previous->next = result->next;
    else
        feed->oldest = result->next;
    if (result->next)
        result->next->previous = result->previous;
    else
        feed->newest = result->previous;
    result->next = feed->spare;
    result->previous = NULL;
    feed->spare = result;
}

static enum parfun_status attach_result(
        struct pf_feed *feed, struct pf_piece *piece)
{
    struct pf_result *result = feed->spare;

    piece->result = NULL;
    if (!feed->call->ordered)
        return PARFUN_OK;
    if (result)
        feed->spare = result->next;
    else
        PF_TRY(pf_result_create(feed->call, &result));
    result->first = piece->first;
    result->count = piece->count;
    result->done = false;
    insert(feed, result);
    piece->result = result;
    return PARFUN_OK;
}

static size_t take_fixed(struct pf_feed *feed, size_t *first)
{
    size_t next;

    if (feed->returned_count) {
        const struct pf_piece *piece = &feed->returned[--feed->returned_count];

        *first = piece->first;
        return piece->count;
    }
    next = atomic_load_explicit(&feed->next, memory_order_relaxed);
    if (next >= feed->call->items)
        return 0;
    *first = next;
    if (feed->call->items - next < feed->fixed) {
        atomic_store(&feed->next, feed->call->items);
        return feed->call->items - next;
    }
    atomic_store(&feed->next, next + feed->fixed);
    return feed->fixed;
}

static bool anything_left(struct pf_feed *feed)
{
    if (feed->plan)
        return pf_plan_left(feed->plan) > 0;
    return feed->returned_count
            || atomic_load_explicit(&feed->next, memory_order_relaxed)
            < feed->call->items;
}

/* Nobody waits for one who may never come: a woken thread can be busy in another
 * call.  The caller comes, or says that it does not. */
static bool give_up_a_sleeper(struct pf_feed *feed)
{
    for (unsigned w = 1; w < feed->workers; w++)
        if (!feed->asked[w] && pf_plan_active(feed->plan, w)
                && pf_plan_dispensable(feed->plan, w)) {
            feed->asked[w] = true;
            pf_plan_absent(feed->plan, w);
            return true;
        }
    return false;
}

static size_t take_planned(struct pf_feed *feed, unsigned worker, size_t *first)
{
    const double now = seconds(feed, pf_clock_ns());
    size_t count;

    feed->asked[worker] = true;
    do
        count = pf_plan_take(feed->plan, worker, now, first);
    while (count == 0 && feed->asked[0] && feed->outstanding == 0
            && pf_plan_left(feed->plan) > 0 && give_up_a_sleeper(feed));
    return count;
}

static enum pf_feed_answer take_locked(
        struct pf_feed *feed, unsigned worker, struct pf_piece *piece)
{
    enum parfun_status status;

    piece->change = feed->change;
    if (feed->failed || !anything_left(feed))
        return PF_FEED_END;
    piece->count = feed->plan ? take_planned(feed, worker, &piece->first)
                              : take_fixed(feed, &piece->first);
    if (!piece->count)
        return PF_FEED_LATER;
    piece->requested = feed->plan ? piece->count : 0;
    piece->expected_s = feed->plan ? pf_plan_expected(feed->plan, worker) : 0;
    feed->outstanding++;
    status = attach_result(feed, piece);
    if (status) {
        feed->outstanding--;
        fail_locked(feed, status, piece->first);
        return PF_FEED_END;
    }
    return PF_FEED_PIECE;
}

static enum pf_feed_answer take_simple(struct pf_feed *feed, struct pf_piece *piece)
{
    const size_t items = feed->call->items;
    size_t first;

    if (atomic_load_explicit(&feed->next, memory_order_relaxed) >= items
            || atomic_load_explicit(&feed->failed, memory_order_relaxed))
        return PF_FEED_END;
    first = atomic_fetch_add_explicit(
            &feed->next, feed->fixed, memory_order_relaxed);
    if (first >= items)
        return PF_FEED_END;
    piece->first = first;
    piece->count = items - first < feed->fixed ? items - first : feed->fixed;
    piece->result = NULL;
    return PF_FEED_PIECE;
}

enum pf_feed_answer pf_feed_take(
        struct pf_feed *feed, unsigned worker, struct pf_piece *piece)
{
    enum pf_feed_answer answer;

    if (feed->simple)
        return take_simple(feed, piece);
    pf_lock_take(&feed->lock);
    answer = take_locked(feed, worker, piece);
    pf_lock_give(&feed->lock);
    return answer;
}

/* ---- Reports ------------------------------------------------------------------------ */

static void add_row(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    if (feed->row_count == feed->row_room) {
        const size_t room = feed->row_room ? 2 * feed->row_room : 64;
        struct pf_trace_row *grown = realloc(feed->rows, room * sizeof *grown);

        if (!grown) {
            (void)pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for the trace",
                    feed->call->kernel->name);
            fail_locked(feed, PARFUN_NO_MEMORY, piece->first);
            return;
        }
        feed->rows = grown;
        feed->row_room = room;
    }
    feed->rows[feed->row_count++] = (struct pf_trace_row){
        .requested = piece->requested,
        .count = piece->count,
        .first = piece->first,
        .partitioning_ns = times->partitioning_ns,
        .function_ns = times->function_ns,
        .start_ns = times->start_ns > feed->begin_ns
                ? times->start_ns - feed->begin_ns
                : 0,
        .copy_in_ns = times->copy_in_ns,
        .copy_out_ns = times->copy_out_ns,
        .worker = worker,
    };
}

bool pf_feed_done(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    bool more = false;

    if (feed->simple)
        return false;
    pf_lock_take(&feed->lock);
    feed->outstanding--;
    if (piece->result)
        piece->result->done = true;
    if (feed->tracing)
        add_row(feed, worker, piece, times);
    if (feed->plan) {
        const struct pf_plan_times plan_times = {
            .now = seconds(feed, times->now_ns),
            .run = times->unfit ? 0 : (double)times->function_ns * 1e-9,
            .executed = seconds(feed, times->executed_ns),
        };

        more = pf_plan_done(feed->plan, worker, &plan_times);
    }
    announce(feed);
    pf_lock_give(&feed->lock);
    return more;
}

unsigned pf_feed_active(struct pf_feed *feed, unsigned cpu_workers)
{
    unsigned active = 1;

    if (!feed->plan) {
        const size_t partitions = (feed->call->items - 1) / feed->fixed + 1;

        return partitions < cpu_workers ? (unsigned)partitions : cpu_workers;
    }
    pf_lock_take(&feed->lock);
    while (active < cpu_workers && pf_plan_active(feed->plan, active))
        active++;
    pf_lock_give(&feed->lock);
    return active;
}

bool pf_feed_summons(struct pf_feed *feed, unsigned worker)
{
    bool summons;

    if (!feed->plan)
        return true;
    pf_lock_take(&feed->lock);
    summons = pf_plan_summons(feed->plan, worker);
    pf_lock_give(&feed->lock);
    return summons;
}

void pf_feed_return(
        struct pf_feed *feed, unsigned worker, const struct pf_piece *piece)
{
    pf_lock_take(&feed->lock);
    feed->outstanding--;
    if (piece->result)
        remove_result(feed, piece->result);
    if (feed->plan) {
        pf_plan_return(feed->plan, worker);
    } else {
        if (feed->returned_count == feed->returned_room) {
            const size_t room = feed->returned_room ? 2 * feed->returned_room : 16;
            struct pf_piece *grown = realloc(feed->returned, room * sizeof *grown);

            if (!grown) {
                (void)pf_fail(PARFUN_NO_MEMORY,
                        "%s(): no memory to run a partition again",
                        feed->call->kernel->name);
                fail_locked(feed, PARFUN_NO_MEMORY, piece->first);
                pf_lock_give(&feed->lock);
                return;
            }
            feed->returned = grown;
            feed->returned_room = room;
        }
        feed->returned[feed->returned_count++] = *piece;
    }
    announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_absent(struct pf_feed *feed, unsigned worker)
{
    pf_lock_take(&feed->lock);
    if (feed->plan)
        pf_plan_absent(feed->plan, worker);
    feed->asked[worker] = true;
    feed->absent++;
    announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_park(struct pf_feed *feed, uint64_t change)
{
    const struct pf_patience patience = pf_patience_begin();

    while (feed->patient && feed->change == change)
        if (!pf_patience_wait(&patience))
            break;
    pf_lock_take(&feed->lock);
    feed->parked++;
    while (feed->change == change)
        pf_condition_wait(&feed->changed, &feed->lock);
    feed->parked--;
    pf_lock_give(&feed->lock);
}

/* ---- Combining ------------------------------------------------------------------------ */

static struct pf_trace_row *row_of(struct pf_feed *feed, size_t first)
{
    for (size_t i = feed->row_count; i > 0; i--)
        if (feed->rows[i - 1].first == first)
            return &feed->rows[i - 1];
    return NULL;
}

bool pf_feed_combine(
        struct pf_feed *feed, struct pf_combiner *combiner, uint64_t *combining_ns)
{
    bool any = false;

    if (!combiner)
        return false;
    pf_lock_take(&feed->lock);
    while (!feed->failed && feed->oldest && feed->oldest->done
            && feed->oldest->first == feed->combined) {
        struct pf_result *result = feed->oldest;
        struct pf_trace_row *row;
        uint64_t begin, took;

        pf_lock_give(&feed->lock);
        begin = pf_clock_ns();
        pf_combine_append(combiner, result);
        took = pf_clock_ns() - begin;
        *combining_ns += took;
        any = true;
        pf_lock_take(&feed->lock);
        feed->combined += result->count;
        row = feed->tracing ? row_of(feed, result->first) : NULL;
        if (row)
            row->combining_ns = took;
        remove_result(feed, result);
    }
    pf_lock_give(&feed->lock);
    return any;
}

struct pf_feed_state pf_feed_look(struct pf_feed *feed)
{
    struct pf_feed_state state;

    pf_lock_take(&feed->lock);
    state = (struct pf_feed_state){
        .change = feed->change,
        .outstanding = feed->outstanding,
        .left = anything_left(feed),
        .others = feed->workers - feed->absent > 1,
        .failed = feed->failed,
    };
    pf_lock_give(&feed->lock);
    return state;
}
