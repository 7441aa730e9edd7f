/* SPDX-License-Identifier: Apache-2.0 */
/* feed_results.c: the results of a call's partitions, from their making to their turn. */
#include "runtime/feed_inside.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

/* ---- The list ------------------------------------------------------------------------ */

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

void pf_feed_remove_result(struct pf_feed *feed, struct pf_result *result)
{
    unlink_result(feed, result);
    result->next = feed->spare;
    feed->spare = result;
}

enum parfun_status pf_feed_attach_result(
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
    result->done = result->failed = false;
    insert(feed, result);
    feed->results++;
    piece->result = result;
    return PARFUN_OK;
}

static void destroy_results(const struct pf_call *call, struct pf_result *result)
{
    while (result) {
        struct pf_result *next = result->next;

        pf_result_destroy(call, result);
        result = next;
    }
}

void pf_feed_destroy_results(struct pf_feed *feed)
{
    destroy_results(feed->call, feed->oldest);
    destroy_results(feed->call, feed->spare);
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
        pf_discard_result(&feed->discard, feed->call, result);
        took = pf_clock_ns() - begin;
        *combining_ns += took;
        any = true;
        pf_lock_take(&feed->lock);
        feed->combined += result->count;
        if (feed->tracing)
            pf_rows_combined(&feed->rows, result->first, took);
        pf_feed_remove_result(feed, result);
        if (feed->results_limit)
            pf_feed_announce(feed); /* there is room for more */
    }
    pf_lock_give(&feed->lock);
    return any;
}

void pf_feed_discard(struct pf_feed *feed)
{
    for (const struct pf_result *result = feed->oldest; result;
            result = result->next)
        pf_discard_result(&feed->discard, feed->call, result);
}

struct pf_result *pf_feed_next_result(struct pf_feed *feed)
{
    struct pf_result *result = NULL;

    pf_lock_take(&feed->lock);
    if (is_next(feed) && (!feed->failed || feed->combined < feed->failed_first)) {
        result = feed->oldest;
        unlink_result(feed, result);
        feed->combined += result->count;
        pf_feed_announce(feed); /* there may be room for more */
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
