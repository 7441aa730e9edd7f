/* SPDX-License-Identifier: Apache-2.0 */
/* feed.c: hands partitions out and takes reports in. */
#include "runtime/feed_inside.h"

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
    feed->discard = (struct pf_discard){ 0 };
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

void pf_feed_discard_to(struct pf_feed *feed, struct pf_discard discard)
{
    feed->discard = discard;
}

void pf_feed_end(struct pf_feed *feed)
{
    pf_feed_destroy_results(feed);
    free(feed->reason);
    feed->reason = NULL;
}

static double seconds(const struct pf_feed *feed, uint64_t ns)
{
    return ns > feed->begin_ns ? (double)(ns - feed->begin_ns) * 1e-9 : 0;
}

void pf_feed_announce(struct pf_feed *feed)
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
    pf_feed_announce(feed);
}

void pf_feed_fail(struct pf_feed *feed, enum parfun_status status, size_t first)
{
    pf_lock_take(&feed->lock);
    fail_locked(feed, status, first);
    pf_lock_give(&feed->lock);
}

/* ---- Handing out ------------------------------------------------------------------ */

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

static enum pf_feed_answer take_locked(struct pf_feed *feed, unsigned worker,
        uint64_t now_ns, struct pf_piece *piece)
{
    enum parfun_status status;

    piece->change = feed->change;
    if (is_over(feed))
        return PF_FEED_END;
    if (is_full(feed)
            || !feed->source->kind->take(
                    feed->source, worker, seconds(feed, now_ns), piece)) {
        piece->change = feed->change;
        return PF_FEED_LATER;
    }
    piece->change = feed->change;
    feed->outstanding++;
    status = pf_feed_attach_result(feed, piece);
    if (status) {
        feed->outstanding--;
        fail_locked(feed, status, piece->first);
        return PF_FEED_END;
    }
    return PF_FEED_PIECE;
}

static enum pf_feed_answer take_simply(struct pf_feed *feed, struct pf_piece *piece)
{
    return !atomic_load_explicit(&feed->failed, memory_order_relaxed)
                    && pf_source_fixed_take(feed->simple, piece)
            ? PF_FEED_PIECE
            : PF_FEED_END;
}

enum pf_feed_answer pf_feed_take(struct pf_feed *feed, unsigned worker,
        uint64_t now_ns, struct pf_piece *piece)
{
    enum pf_feed_answer answer;

    if (feed->simple)
        return take_simply(feed, piece);
    pf_lock_take(&feed->lock);
    answer = take_locked(feed, worker, now_ns, piece);
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

static bool report_locked(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    const struct pf_plan_times plan_times = {
        .now = seconds(feed, times->now_ns),
        .run = times->unfit ? 0 : (double)times->busy_ns * 1e-9,
        .executed = seconds(feed, times->executed_ns),
    };
    bool more;

    feed->outstanding--;
    if (piece->result)
        piece->result->done = true;
    if (feed->tracing)
        add_row(feed, worker, piece, times);
    more = feed->source->kind->done(feed->source, worker, piece, &plan_times);
    pf_feed_announce(feed);
    return more;
}

bool pf_feed_done(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    bool more;

    if (feed->simple)
        return false;
    pf_lock_take(&feed->lock);
    more = report_locked(feed, worker, piece, times);
    pf_lock_give(&feed->lock);
    return more;
}

enum pf_feed_answer pf_feed_next(struct pf_feed *feed, unsigned worker,
        const struct pf_piece_times *times, struct pf_piece *piece, bool *more)
{
    enum pf_feed_answer answer;

    *more = false;
    if (feed->simple)
        return take_simply(feed, piece);
    pf_lock_take(&feed->lock);
    *more = report_locked(feed, worker, piece, times);
    answer = take_locked(feed, worker, times->now_ns, piece);
    pf_lock_give(&feed->lock);
    return answer;
}

unsigned pf_feed_active(struct pf_feed *feed, unsigned cpu_workers)
{
    unsigned active = 1;

    pf_lock_take(&feed->lock);
    for (unsigned w = active; w < cpu_workers; w++) /* some may be away */
        if (feed->source->kind->active(feed->source, w))
            active = w + 1;
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
        pf_feed_remove_result(feed, piece->result);
    status = feed->source->kind->give_back(feed->source, worker, piece);
    if (status)
        fail_locked(feed, status, piece->first);
    pf_feed_announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_close(struct pf_feed *feed)
{
    pf_lock_take(&feed->lock);
    feed->closed = true;
    pf_feed_announce(feed);
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
        pf_feed_announce(feed);
        pf_lock_give(&feed->lock);
    }
}

void pf_feed_aside(struct pf_feed *feed, unsigned worker)
{
    pf_lock_take(&feed->lock);
    feed->source->kind->leave(feed->source, worker);
    pf_feed_announce(feed);
    pf_lock_give(&feed->lock);
}

void pf_feed_absent(struct pf_feed *feed, unsigned worker)
{
    pf_lock_take(&feed->lock);
    feed->source->kind->leave(feed->source, worker);
    feed->absent++;
    pf_feed_announce(feed);
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
