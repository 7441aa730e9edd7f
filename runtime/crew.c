/* SPDX-License-Identifier: Apache-2.0 */
/* crew.c: slices are taken from a counter. */
#include "runtime/crew.h"

#include <stdatomic.h>

enum {
    LEAST_ROWS = 16384, /* of a slice: waking a thread takes as long */
    SLICES_PER_THREAD = 4
};

struct work {
    struct pf_job job;
    void (*run)(void *context, unsigned slice);
    void *context;
    unsigned count;
    _Atomic unsigned next;
};

static bool take_slices(struct pf_job *job)
{
    struct work *work = (struct work *)job;
    unsigned slice;

    while ((slice = atomic_fetch_add(&work->next, 1)) < work->count)
        work->run(work->context, slice);
    return false;
}

void pf_crew_run(const struct pf_crew *crew, unsigned count,
        void (*run)(void *context, unsigned slice), void *context)
{
    struct work work = { .job = { .run = take_slices, .attended = true },
        .run = run,
        .context = context,
        .count = count };
    const bool together = crew->workers && crew->threads > 1 && count > 1;

    if (together)
        (void)pf_workers_post(crew->workers, &work.job, crew->threads - 1);
    (void)take_slices(&work.job);
    if (together)
        pf_workers_retract(crew->workers, &work.job);
}

unsigned pf_crew_slices(const struct pf_crew *crew, size_t rows)
{
    const size_t most = (size_t)crew->threads * SLICES_PER_THREAD;
    const size_t worth = rows / LEAST_ROWS + 1;

    if (crew->threads == 1)
        return 1;
    return (unsigned)(worth < most ? worth : most);
}

size_t pf_crew_begin(size_t rows, unsigned slice, unsigned count)
{
    return rows / count * slice + (slice < rows % count ? slice : rows % count);
}
