/* SPDX-License-Identifier: Apache-2.0 */
/* feed_rows.c: see feed_rows.h. */
#include "runtime/feed_rows.h"

#include "runtime/base/error.h"

#include <stdlib.h>

enum parfun_status pf_feed_row_add(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times)
{
    if (feed->row_count == feed->row_room) {
        const size_t room = feed->row_room ? 2 * feed->row_room : 64;
        struct pf_trace_row *grown = realloc(feed->rows, room * sizeof *grown);

        if (!grown)
            return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for the trace",
                    feed->call->kernel->name);
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
    return PARFUN_OK;
}

struct pf_trace_row *pf_feed_row_of(struct pf_feed *feed, size_t first)
{
    for (size_t i = feed->row_count; i > 0; i--)
        if (feed->rows[i - 1].first == first)
            return &feed->rows[i - 1];
    return NULL;
}
