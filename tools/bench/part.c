/* SPDX-License-Identifier: Apache-2.0 */
/* part.c: parts of hand-written code, on any thread. */
#include "work.h"

#include <pthread.h>
#include <string.h>

work_part *work_best_hand(enum work_kind kind)
{
    const struct hand *const *hands = work_hands();
    work_part *best = NULL;

    /* Explicit vectors come last of each compiler's. */
    for (size_t h = 0; hands[h]; h++)
        if (hands[h]->part[kind] && !hands[h]->fast)
            best = hands[h]->part[kind];
    return best;
}

bool work_is_reduced(enum work_kind kind)
{
    return kind == WORK_DOT || kind == WORK_HISTOGRAM;
}

void work_clear_reduced(struct work *work)
{
    work->sum = 0;
    memset(work->bins, 0, sizeof work->bins);
}

/* The part adds to a copy of its own, which then joins the others. */
static void add_part(struct work *work, work_part *part, size_t begin, size_t end)
{
    static pthread_mutex_t joining = PTHREAD_MUTEX_INITIALIZER;
    struct work own = *work;

    own.sum = 0;
    memset(own.bins, 0, sizeof own.bins);
    part(&own, begin, end);
    pthread_mutex_lock(&joining);
    work->sum += own.sum;
    for (size_t i = 0; i < 256; i++)
        work->bins[i] += own.bins[i];
    pthread_mutex_unlock(&joining);
}

void work_run_part(struct work *work, enum work_kind kind, work_part *part,
        size_t begin, size_t end)
{
    if (work_is_reduced(kind))
        add_part(work, part, begin, end);
    else
        part(work, begin, end);
}
