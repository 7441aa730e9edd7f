/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce.h: reductions with the same bits for every backend, device, number of
 * workers and partition size.
 *
 * The tree of operations is fixed by the items' indices alone:
 *
 *  - Items are grouped in blocks of PF_REDUCE_BLOCK, block j holding the items
 *    [j B, (j+1) B).  Within a block, lane k (of PF_REDUCE_LANES) takes the items
 *    k, k + L, k + 2L ... of the block one after another; then lane k takes lane
 *    k + s for s = L/2, L/4 ... 1, as long as lane k + s exists (a last block may
 *    have fewer items than lanes: an absent lane is passed over, so no identity
 *    enters the result).
 *  - Blocks are joined pairwise by index: node (h, j) joins (h-1, 2j) and
 *    (h-1, 2j+1); an absent right child is passed over.
 *
 * A partition hands on the nodes that lie wholly inside it, and at its two ends
 * the item values of blocks that it shares with its neighbours.  Values are
 * converted to the result type first.  Compiled without contraction.
 */
#ifndef PF_REDUCE_H
#define PF_REDUCE_H

#include "runtime/clauses.h"

enum {
    PF_REDUCE_LANES = 32,
    PF_REDUCE_BLOCK = 1024,
    PF_REDUCE_BYTES = 128 /* of the largest element: double16 */
};

/* What is reduced, and how. */
struct pf_reduction {
    enum pf_operator operation;
    enum pf_type type, result_type; /* scalar types of values and result */
    unsigned width;                 /* components (3 is stored as 4) */
};

/* Bytes of an item value and of a result element. */
size_t pf_reduce_value_bytes(const struct pf_reduction *reduction);
size_t pf_reduce_result_bytes(const struct pf_reduction *reduction);

/* Writes the identity: 0, 1, plus or minus infinity or the type's limits, all
 * ones; one result element. */
void pf_reduce_identity(const struct pf_reduction *reduction, void *result);

/* result[i] = result[i] op value[i], for `count` elements of result type
 * (accumulate). */
void pf_reduce_elementwise(const struct pf_reduction *reduction, void *result,
        const void *value, size_t count);

/* The contribution of one partition [first, first + count).  Single-threaded.
 * One allocation each; opaque. */
struct pf_reduce_part;
enum parfun_status pf_reduce_part_create(const struct pf_reduction *reduction,
        size_t first, size_t count, struct pf_reduce_part **part);
void pf_reduce_part_destroy(struct pf_reduce_part *part);
/* The next `count` item values of the partition, in order.  Fast if every call
 * but the first and last covers whole blocks. */
void pf_reduce_part_values(
        struct pf_reduce_part *part, const void *values, size_t count);
/* The next `count` whole blocks, reduced elsewhere: elements of result type, which
 * are overwritten.  The part must stand at the beginning of a block. */
void pf_reduce_part_blocks(struct pf_reduce_part *part, void *blocks, size_t count);
/* Ready for another partition of the same reduction, reusing memory where it
 * suffices. */
enum parfun_status pf_reduce_part_reset(
        struct pf_reduce_part *part, size_t first, size_t count);

/* The whole call.  Parts are appended in item order, without gaps, from item 0. */
struct pf_reduce_total;
enum parfun_status pf_reduce_total_create(const struct pf_reduction *reduction,
        size_t items, struct pf_reduce_total **total);
void pf_reduce_total_destroy(struct pf_reduce_total *total);
void pf_reduce_total_append(
        struct pf_reduce_total *total, const struct pf_reduce_part *part);
/* Writes one result element: the identity if items is 0. */
void pf_reduce_total_finish(struct pf_reduce_total *total, void *result);

#endif
