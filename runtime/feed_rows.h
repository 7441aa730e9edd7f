/* SPDX-License-Identifier: Apache-2.0 */
/* feed_rows.h: the rows of a call's trace, one per partition; feed.c's alone.  The
 * feed's lock is held. */
#ifndef PF_FEED_ROWS_H
#define PF_FEED_ROWS_H

#include "runtime/feed.h"

enum parfun_status pf_feed_row_add(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times);

/* Of the partition that begins with this item; NULL if it has none. */
struct pf_trace_row *pf_feed_row_of(struct pf_feed *feed, size_t first);

#endif
