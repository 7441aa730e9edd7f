/* SPDX-License-Identifier: Apache-2.0 */
/* feed_inside.h: between the parts of the feed.  All are called with its lock held. */
#ifndef PF_FEED_INSIDE_H
#define PF_FEED_INSIDE_H

#include "runtime/feed.h"

/* Something has changed: whoever is parked looks again. */
void pf_feed_announce(struct pf_feed *feed);

/* A result for the piece, if the call is ordered, in its place among the others. */
enum parfun_status pf_feed_attach_result(
        struct pf_feed *feed, struct pf_piece *piece);
/* It is not wanted any more; kept for another piece. */
void pf_feed_remove_result(struct pf_feed *feed, struct pf_result *result);
/* All of them, at the end of the call, when there is nobody to lock out. */
void pf_feed_destroy_results(struct pf_feed *feed);

#endif
