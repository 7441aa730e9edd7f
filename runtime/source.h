/* SPDX-License-Identifier: Apache-2.0 */
/*
 * source.h: where the partitions of a call come from: sizes that are planned
 * (source_plan.c), of a fixed size (source_fixed.c), or a generator's (generator.h).
 * The feed hands out what a source gives, and holds its own lock around every function
 * here but make().
 */
#ifndef PF_SOURCE_H
#define PF_SOURCE_H

#include "runtime/call.h"
#include "runtime/plan.h"

/* A partition in the hands of a worker. */
struct pf_piece {
    size_t first, count;       /* as in struct pf_part */
    const struct pf_cut *cuts; /* likewise; the source's, until it is done */
    size_t requested;          /* by the estimator; 0: it was not asked */
    struct pf_result *result;  /* NULL if the call is not ordered */
    uint64_t change;           /* the feed's, when it answered */
    double expected_s;         /* until it is done, by the plan; 0: nobody knows */
};

struct pf_source;

struct pf_source_kind {
    /* The next partition for this worker, without its result and change; false:
     * nothing now. */
    bool (*take)(struct pf_source *source, unsigned worker, double now_s,
            struct pf_piece *piece);
    /* Will there be more? */
    bool (*left)(const struct pf_source *source);
    /* It ran; true: more workers may be worth waking. */
    bool (*done)(struct pf_source *source, unsigned worker,
            const struct pf_piece *piece, const struct pf_plan_times *times);
    /* It did not run: it is given again. */
    enum parfun_status (*give_back)(struct pf_source *source, unsigned worker,
            const struct pf_piece *piece);
    /* This worker takes no more, unless it asks again after all. */
    void (*leave)(struct pf_source *source, unsigned worker);
    /* Is a CPU worker worth its waking?  Should one that drives a device come? */
    bool (*active)(const struct pf_source *source, unsigned worker);
    bool (*summons)(const struct pf_source *source, unsigned worker);

    /* Generators only, else NULL.  Does it lack partitions that workers could take?
     * make() then makes one, on the calling thread, without the lock; add() puts it
     * in. */
    bool (*hungry)(struct pf_source *source);
    enum parfun_status (*make)(struct pf_source *source);
    void (*add)(struct pf_source *source);
};

struct pf_source {
    const struct pf_source_kind *kind;
};

/* ---- Planned sizes ------------------------------------------------------------- */

struct pf_source_plan {
    struct pf_source source; /* must be first */
    struct pf_plan *plan;    /* of the rows of `cuts`, if there are any */
    struct pf_cuts cuts;     /* of groups; set after init */
    unsigned workers, outstanding;
    bool *asked; /* by worker */
};

/* `plan` has begun; `asked` has room for the workers. */
void pf_source_plan_init(struct pf_source_plan *source, struct pf_plan *plan,
        unsigned workers, bool *asked);

/* ---- A fixed size --------------------------------------------------------------- */

struct pf_source_fixed {
    struct pf_source source;   /* must be first */
    size_t items, size;        /* the size in rows of `cuts`, if there are any */
    struct pf_cuts cuts;       /* of groups; set after init */
    _Atomic size_t next;       /* first item not handed out */
    struct pf_piece *returned; /* to be handed out again */
    size_t returned_count, returned_room;
};

void pf_source_fixed_init(
        struct pf_source_fixed *source, size_t items, size_t size);
void pf_source_fixed_finish(struct pf_source_fixed *source);
/* Any thread, without the lock, as long as nothing is given back: one atomic
 * addition. */
bool pf_source_fixed_take(struct pf_source_fixed *source, struct pf_piece *piece);

#endif
