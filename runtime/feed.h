/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed.h: what the workers of one call share: which items come next, which results
 * wait to be combined, whether something has failed.  Every function takes the
 * feed's lock itself.
 *
 * A worker asks, runs, reports; nobody pushes.  With a fixed size and no results to
 * combine a partition costs one atomic addition.  Partitions come from a source; their
 * order is that of pf_piece.first, which is how many items stand before them.
 */
#ifndef PF_FEED_H
#define PF_FEED_H

#include "runtime/base/thread.h"
#include "runtime/combine.h"
#include "runtime/discard.h"
#include "runtime/piece_times.h"
#include "runtime/rows.h"
#include "runtime/source.h"

enum pf_feed_answer {
    PF_FEED_PIECE,
    PF_FEED_LATER, /* nothing for this worker now: pf_feed_park() */
    PF_FEED_END    /* nothing for it any more */
};

struct pf_feed {
    const struct pf_call *call;
    struct pf_lock lock;
    struct pf_condition changed;
    struct pf_source *source;
    struct pf_source_fixed *simple; /* the source, if the atomic path is taken */
    unsigned outstanding, parked;
    unsigned
            overdue; /* of the outstanding: in the hands of devices that are late */
    _Atomic uint64_t change; /* counts reports; written with the lock held */
    bool patient; /* who waits for a report does not sleep at once; set by the owner */
    unsigned workers, absent;
    size_t combined;                           /* items appended to the combiner */
    struct pf_result *oldest, *newest, *spare; /* in item order */
    unsigned results, results_limit; /* in the list, and how many may be; 0: any */
    struct pf_discard discard;       /* of each() outputs that nobody takes */
    bool closed;                     /* what has not begun is not wanted any more */
    _Atomic bool failed;
    size_t failed_first;
    enum parfun_status status;
    char *reason;
    uint64_t begin_ns;
    bool tracing;
    struct pf_rows rows;
};

enum parfun_status pf_feed_create(struct pf_feed **feed);
void pf_feed_destroy(struct pf_feed *feed);

/* A call begins. */
void pf_feed_begin(struct pf_feed *feed, const struct pf_call *call,
        struct pf_source *source, unsigned workers, bool tracing,
        uint64_t begin_ns);
/* Then, if the source has a fixed size: the atomic path, where the call allows it. */
void pf_feed_simplify(struct pf_feed *feed, struct pf_source_fixed *source);
/* Then: at most so many results wait to be combined, or are in the making. */
void pf_feed_limit_results(struct pf_feed *feed, unsigned limit);
/* Then: who is given the results of each() outputs that nobody takes. */
void pf_feed_discard_to(struct pf_feed *feed, struct pf_discard discard);
/* Frees what the call left. */
void pf_feed_end(struct pf_feed *feed);

/* The next partition for this worker, who asks at now_ns of pf_clock_ns(). */
enum pf_feed_answer pf_feed_take(struct pf_feed *feed, unsigned worker,
        uint64_t now_ns, struct pf_piece *piece);

/* It ran.  True: more workers may be worth waking now, pf_feed_active(). */
bool pf_feed_done(struct pf_feed *feed, unsigned worker,
        const struct pf_piece *piece, const struct pf_piece_times *times);

/* Both at once: *piece ran, and becomes the next one.  *more: as pf_feed_done() says. */
enum pf_feed_answer pf_feed_next(struct pf_feed *feed, unsigned worker,
        const struct pf_piece_times *times, struct pf_piece *piece, bool *more);

/* CPU workers 0 .. n - 1 are worth their waking, but for those that are aside; the caller
 * included. */
unsigned pf_feed_active(struct pf_feed *feed, unsigned cpu_workers);

/* Should this worker, who drives a device, come by now? */
bool pf_feed_summons(struct pf_feed *feed, unsigned worker);

/* It did not run: it is handed out again. */
void pf_feed_return(
        struct pf_feed *feed, unsigned worker, const struct pf_piece *piece);

/* The call has failed at this item, with this thread's sentence; the lowest item's
 * failure is the call's.  What has not begun is not run. */
void pf_feed_fail(struct pf_feed *feed, enum parfun_status status, size_t first);

/* What has not begun is not run, and the call has not failed. */
void pf_feed_close(struct pf_feed *feed);

/* So many partitions more (or less) are in the hands of a device that is late. */
void pf_feed_overdue(struct pf_feed *feed, int change);

/* On the calling thread: has the source make partitions that workers wait for. */
void pf_feed_supply(struct pf_feed *feed);

/* This worker asks no more. */
void pf_feed_absent(struct pf_feed *feed, unsigned worker);

/* This worker, which has nothing in hand, may be away for long; it comes back by asking. */
void pf_feed_aside(struct pf_feed *feed, unsigned worker);

/* Blocks until something has changed since the feed answered `change`. */
void pf_feed_park(struct pf_feed *feed, uint64_t change);
/* The same, until pf_clock_ns() reaches end_ns at the latest. */
void pf_feed_park_until(struct pf_feed *feed, uint64_t change, uint64_t end_ns);

/* Appends the results whose turn it is, on the calling thread; true if there was
 * one.  *combining_ns grows.  What is in them of each() outputs was not taken. */
bool pf_feed_combine(
        struct pf_feed *feed, struct pf_combiner *combiner, uint64_t *combining_ns);

/* On the calling thread, when nobody works on the call any more: results whose turn never
 * came are given back. */
void pf_feed_discard(struct pf_feed *feed);

/* The next result in order, if it is there, taken out of the list: the caller gives it
 * back with pf_feed_release() when it is combined.  NULL if it is not there yet. */
struct pf_result *pf_feed_next_result(struct pf_feed *feed);
void pf_feed_release(
        struct pf_feed *feed, struct pf_result *result, uint64_t combining_ns);

struct pf_feed_state {
    uint64_t change;
    unsigned outstanding; /* partitions in workers' hands */
    bool left;            /* there are items in nobody's hands */
    bool others;          /* more than one worker has not left for good */
    bool idle;            /* all that is in workers' hands is overdue there */
    bool stopped; /* what has not begun is not run: it has failed, or was closed */
    bool over;    /* no more partitions will be handed out */
};
struct pf_feed_state pf_feed_look(struct pf_feed *feed);

#endif
