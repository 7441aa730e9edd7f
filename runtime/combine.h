/* SPDX-License-Identifier: Apache-2.0 */
/*
 * combine.h: the partitions' results become the caller's.  A partition leaves a
 * struct pf_result; results are appended in item order, on one thread, while
 * later partitions run.  In-place outputs need none of this.
 */
#ifndef PF_COMBINE_H
#define PF_COMBINE_H

#include "runtime/call.h"

/* What one partition leaves.  Made for one call, used again for its next
 * partitions; memory grows as needed. */
struct pf_result {
    struct pf_result *next, *previous; /* for whoever keeps it in a list */
    size_t first, count;               /* `first`: how many items stand before it */
    bool done, failed; /* failed: there is nothing in it that is anybody's */
    size_t kept[PF_PACKS_MAX]; /* pack: elements that stand at the beginning of the
                                  partition's part of the outputs */
    struct pf_result_output {
        struct pf_reduce_part *part; /* reduce */
        void *copy;                  /* each, and accumulate in floating point:
                                        call argument's `count` elements */
    } outputs[];                     /* one per parameter */
};

enum parfun_status pf_result_create(
        const struct pf_call *call, struct pf_result **result);
void pf_result_destroy(const struct pf_call *call, struct pf_result *result);

/* Ready for the partition that first and count say: reductions empty, copies at the
 * identity. */
enum parfun_status pf_result_begin(
        const struct pf_call *call, struct pf_result *result);

/* True if partitions hand on copies of an argument one by one, in order: each(), and
 * accumulated floating point; false if each worker keeps one for the whole call. */
bool pf_combine_by_partition(const struct pf_call_argument *argument);

/* Fills an accumulated argument's copy with the identity, another's with zeros. */
void pf_combine_fill(const struct pf_call_argument *argument, void *copy);

/* Pack: of the `count` items from `from` on, whose flags are given, moves the
 * wanted elements of every output of the clause together, from item `to` on, in
 * the caller's arrays.  Returns how many were kept.  `to` <= `from`. */
size_t pf_combine_compact(const struct pf_call *call, unsigned pack,
        const void *flags, size_t count, size_t from, size_t to);

struct pf_combiner;
enum parfun_status pf_combine_create(
        const struct pf_call *call, struct pf_combiner **combine);
void pf_combine_destroy(struct pf_combiner *combine);

/* The next partition in item order. */
void pf_combine_append(struct pf_combiner *combine, const struct pf_result *result);

/* A worker's copy of accumulated argument `index`; any order. */
void pf_combine_worker(
        struct pf_combiner *combine, unsigned index, const void *copy);

/* All items are there: writes the caller's results and counts. */
void pf_combine_finish(struct pf_combiner *combine);

#endif
