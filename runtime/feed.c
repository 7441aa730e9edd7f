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

enum parfun_status pf_feed_create(struct pf_feed **feed)
{
    struct pf_feed *made = calloc(1, sizeof *made);
    enum parfun_status status;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a call");
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
    free(made);
    return status;
}

void pf_feed_destroy(struct pf_feed *feed)
{
    if (!feed)
        return;
    pf_condition_finish(&feed->changed);
    pf_lock_finish(&feed->lock);
    pf_rows_finish(&feed->rows);
    free(feed);
}

void pf_feed_begin(struct pf_feed *feed, const struct pf_call *call,
        struct pf_source *source, unsigned workers, bool tracing, uint64_t begin_ns)
{
    feed->call = call;
    feed->source = source;
    feed->simple = NULL;
    feed->outstanding = feed->parked = feed->overdue = feed->absent = 0;
    feed->change = 0;
    feed->workers = workers;
    feed->combined = 0;
    feed->oldest = feed->newest = feed->spare = NULL;
    feed->results = feed->results_limit = 0;
    feed->closed = false;
    atomic_store_explicit(&feed->failed, false, memory_order_relaxed);
    feed->status = PARFUN_OK;
    feed->reason = NULL;
    feed->begin_ns = begin_ns;
    feed->tracing = tracing;
    feed->rows.count = 0;
}

void pf_feed_simplify(struct pf_feed *feed, struct pf_source_fixed *source)
{
    if (!feed->call->ordered && !feed->tracing)
        feed->simple = source;
}

void pf_feed_limit_results(struct pf_feed *feed, unsigned limit)
{
    feed->results_limit = limit;
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

static void unlink_result(struct pf_feed *feed, struct pf_result *result)
{
    if (result->previous)
        result->previous->next = result->next;
    else
        feed->oldest = result->next;
    if (result->next)
        result->next->previous = result->previous;
    else
        feed->newest = result->previous;
    result->next = result->previous = NULL;
    feed->results--;
}

static void remove_result(struct pf_feed *feed, struct pf_result *result)
{
    unlink_result(feed, result);
    result->next = feed->spare;
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
    feed->results++;
    piece->result = result;
    return PARFUN_OK;
}

/* The list is full, and what is combined next is in somebody's hands or done: there is
 * no need to go on before it is combined. */
static bool is_full(const struct pf_feed *feed)
{
    return feed->results_limit && feed->results >= feed->results_limit
            && feed->oldest && feed->oldest->first == feed->combined;
}

static bool is_over(const struct pf_feed *feed)
{
    return feed->failed || feed->closed || !feed->source->kind->left(feed->source);
}

static enum pf_feed_answer take_locked(
        struct pf_feed *feed, unsigned worker, struct pf_piece *piece)
{
    enum parfun_status status;

    piece->change = feed->change;
    if (is_over(feed))
        return PF_FEED_END;
    if (is_full(feed)
            || !feed->source->kind->take(
                    feed->source, worker, seconds(feed, pf_clock_ns()), piece)) {
        piece->change = feed->change;
        return PF_FEED_LATER;
    }
    piece->change = feed->change;
    feed->outstanding++;
    status = attach_result(feed, piece);
    if (status) {
        feed->outstanding--;
        fail_locked(feed, status, piece->first);
        return PF_FEED_END;
    }
    return PF_FEED_PIECE;
}

enum pf_feed_answer pf_feed_take(
        struct pf_feed *feed, unsigned worker, struct pf_piece *piece)
{
    enum pf_feed_answer answer;

    if (feed->simple)
        return !atomic_load_explicit(&feed->failed, memory_order_relaxed)
                        && pf_source_fixed_take(feed->simple, piece)
                ? PF_FEED_PIECE
                : PF_FEED_END;
    pf_lock_take(&feed->lock);
    answer = take_locked(feed, worker, piece);
    pf_lock_give(&feed->lock);
    return answer;
}

/* ---- Reports ------------------------------------------------------------------------ */

static void add_row(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    const struct pf_trace_row row = {
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
    const enum parfun_status status = pf_rows_add(&feed->rows, &row);

    if (status)
        fail_locked(feed, status, piece->first);
}

bool pf_feed_done(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    struct pf_plan_times plan_times;
    bool more;

    if (feed->simple)
        return false;
    plan_times = (struct pf_plan_times){
        .now = seconds(feed, times->now_ns),
        .run = times->unfit ? 0 : (double)times->busy_ns * 1e-9,
        .executed = seconds(feed, times->executed_ns),
    };
    pf_lock_take(&feed->lock);
    feed->outstanding--;
    if (piece->result)
        piece->result->done = true;
    if (feed->tracing)
        add_row(feed, worker, piece, times);
    more = feed->source->kind->done(feed->source, worker, piece, &plan_times);
    announce(feed);
    pf_lock_give(&feed->lock);
    return more;
}

unsigned pf_feed_active(struct pf_feed *feed, unsigned cpu_workers)
{
    unsigned active = 1;

    pf_lock_take(&feed->lock);
    while (active < cpu_workers && feed->source->kind->active(feed->source, active))
        active++;
    pf_lock_give(&feed->lock);
    return active;
}

bool pf_feed_summons(struct pf_feed *feed, unsigned worker)
{
    bool summons;

    pf_lock_take(&feed->lock);
    summons = feed->source->kind->summons(feed->source, worker);
    pf_lock_give(&feed->lock);
    return summons;
}

void pf_feed_return(
        struct pf_feed *feed, unsigned worker, const struct pf_piece *piece)
{
    enum parfun_status status;

    pf_lock_take(&feed->lock);
    feed->outstanding--;
    if (piece->result)
        remove_result(feed, piece->result);
    status = feed->source->kind->give_back(feed->source, worker, piece);
    if (status)
        fail_locked(feed, status, piece->first);
    announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_close(struct pf_feed *feed)
{
    pf_lock_take(&feed->lock);
    feed->closed = true;
    announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_overdue(struct pf_feed *feed, int change)
{
    pf_lock_take(&feed->lock);
    feed->overdue += (unsigned)change;
    pf_lock_give(&feed->lock);
}

void pf_feed_supply(struct pf_feed *feed)
{
    struct pf_source *source = feed->source;
    enum parfun_status status = PARFUN_OK;

    if (!source->kind->hungry)
        return;
    for (;;) {
        pf_lock_take(&feed->lock);
        const bool hungry =
                !is_over(feed) && !is_full(feed) && source->kind->hungry(source);

        pf_lock_give(&feed->lock);
        if (!hungry)
            return;
        status = source->kind->make(source);
        pf_lock_take(&feed->lock);
        if (status)
            fail_locked(feed, status, SIZE_MAX);
        else
            source->kind->add(source);
        announce(feed);
        pf_lock_give(&feed->lock);
    }
}

void pf_feed_absent(struct pf_feed *feed, unsigned worker)
{
    pf_lock_take(&feed->lock);
    feed->source->kind->leave(feed->source, worker);
    feed->absent++;
    announce(feed);
    pf_lock_give(&feed->lock);
}

/* Being woken would take as long. */
static void wait_awake(const struct pf_feed *feed, uint64_t change)
{
    const struct pf_patience patience = pf_patience_begin();

    while (feed->patient && feed->change == change)
        if (!pf_patience_wait(&patience))
            break;
}

void pf_feed_park(struct pf_feed *feed, uint64_t change)
{
    wait_awake(feed, change);
    pf_lock_take(&feed->lock);
    feed->parked++;
    while (feed->change == change)
        pf_condition_wait(&feed->changed, &feed->lock);
    feed->parked--;
    pf_lock_give(&feed->lock);
}

void pf_feed_park_until(struct pf_feed *feed, uint64_t change, uint64_t end_ns)
{
    bool waits = true;

    wait_awake(feed, change);
    pf_lock_take(&feed->lock);
    feed->parked++;
    while (feed->change == change && waits)
        waits = pf_condition_wait_until(&feed->changed, &feed->lock, end_ns);
    feed->parked--;
    pf_lock_give(&feed->lock);
}

/* ---- Combining ------------------------------------------------------------------------ */

/* Is the next result in order there? */
static bool is_next(const struct pf_feed *feed)
{
    return feed->oldest && feed->oldest->done
            && feed->oldest->first == feed->combined;
}

bool pf_feed_combine(
        struct pf_feed *feed, struct pf_combiner *combiner, uint64_t *combining_ns)
{
    bool any = false;

    if (!combiner)
        return false;
    pf_lock_take(&feed->lock);
    while (!feed->failed && is_next(feed)) {
        struct pf_result *result = feed->oldest;
        uint64_t begin, took;

        pf_lock_give(&feed->lock);
        begin = pf_clock_ns();
        pf_combine_append(combiner, result);
        took = pf_clock_ns() - begin;
        *combining_ns += took;
        any = true;
        pf_lock_take(&feed->lock);
        feed->combined += result->count;
        if (feed->tracing)
            pf_rows_combined(&feed->rows, result->first, took);
        remove_result(feed, result);
        if (feed->results_limit)
            announce(feed); /* there is room for more */
    }
    pf_lock_give(&feed->lock);
    return any;
}

struct pf_result *pf_feed_next_result(struct pf_feed *feed)
{
    struct pf_result *result = NULL;

    pf_lock_take(&feed->lock);
    if (is_next(feed) && (!feed->failed || feed->combined < feed->failed_first)) {
        result = feed->oldest;
        unlink_result(feed, result);
        feed->combined += result->count;
        announce(feed); /* there may be room for more */
    }
    pf_lock_give(&feed->lock);
    return result;
}

void pf_feed_release(
        struct pf_feed *feed, struct pf_result *result, uint64_t combining_ns)
{
    pf_lock_take(&feed->lock);
    if (feed->tracing)
        pf_rows_combined(&feed->rows, result->first, combining_ns);
    result->next = feed->spare;
    feed->spare = result;
    pf_lock_give(&feed->lock);
}

struct pf_feed_state pf_feed_look(struct pf_feed *feed)
{
    struct pf_feed_state state;

    pf_lock_take(&feed->lock);
    state = (struct pf_feed_state){
        .change = feed->change,
        .outstanding = feed->outstanding,
        .left = feed->source->kind->left(feed->source),
        .others = feed->workers - feed->absent > 1,
        .idle = feed->outstanding == feed->overdue,
        .stopped = feed->failed || feed->closed,
        .over = is_over(feed),
    };
    pf_lock_give(&feed->lock);
    return state;
}
