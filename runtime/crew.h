/* SPDX-License-Identifier: Apache-2.0 */
/*
 * crew.h: the caller and idle CPU workers together on slices of a job of the
 * library's own, such as grouping rows.  Nothing is learned, nothing is measured.
 */
#ifndef PF_CREW_H
#define PF_CREW_H

#include "runtime/base/memory.h"
#include "runtime/workers.h"

struct pf_crew {
    struct pf_workers *workers;    /* NULL: the caller alone */
    unsigned threads;              /* the caller included; at least 1 */
    struct pf_memory_pool *memory; /* for arrays; NULL: none is kept */
};

/* Runs slices 0 .. count - 1, each once, on any thread, in any order; returns when
 * all have run. */
void pf_crew_run(const struct pf_crew *crew, unsigned count,
        void (*run)(void *context, unsigned slice), void *context);

/* Into how many slices `rows` rows are worth being cut. */
unsigned pf_crew_slices(const struct pf_crew *crew, size_t rows);

/* Where slice `slice` of `count` begins: its end is the next one's begin. */
size_t pf_crew_begin(size_t rows, unsigned slice, unsigned count);

#endif
