/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce_block.h: the inner loops of reductions, one set for each operator and
 * type, compiled for several instruction sets.  All of them do the operations of
 * the tree in reduce.h in its order, so they differ in speed alone.
 *
 * Arrays need the alignment of their scalar type, no more.
 */
#ifndef PF_REDUCE_BLOCK_H
#define PF_REDUCE_BLOCK_H

#include "runtime/reduce.h"

/* results[j] = block j of `values`, scalars of PF_REDUCE_BLOCK items each. */
typedef void pf_reduce_blocks(void *results, const void *values, size_t blocks);

/* lanes[k] = lanes[k] op values[k] op values[stride + k] ..., for PF_REDUCE_LANES
 * scalars k and `rows` rows. */
typedef void pf_reduce_rows(
        void *lanes, const void *values, size_t stride, size_t rows);

/* a[i] = a[i] op b[i].  The arrays do not overlap. */
typedef void pf_reduce_join(void *a, const void *b, size_t count);

/* results[i] = results[2 i] op results[2 i + 1]. */
typedef void pf_reduce_pairs(void *results, size_t count);

/* to[i] = (type of to) from[i]. */
typedef void pf_reduce_convert(void *to, const void *from, size_t count);

struct pf_reduce_code {
    pf_reduce_blocks *blocks;
    pf_reduce_rows *rows;
    pf_reduce_join *join;
    pf_reduce_pairs *pairs;
};

enum pf_reduce_isa { PF_REDUCE_BASE, PF_REDUCE_V3, PF_REDUCE_V4, PF_REDUCE_ISAS };

/* The most that this machine can run. */
enum pf_reduce_isa pf_reduce_best_isa(void);

/* All are NULL if the type has no such operator (`and` of floats). */
struct pf_reduce_code pf_reduce_code(
        enum pf_reduce_isa isa, enum pf_operator operation, enum pf_type type);

/* NULL if there is none: values of half, results narrower than 32 bits.  For equal
 * types, too. */
pf_reduce_convert *pf_reduce_converter(enum pf_type from, enum pf_type to);

/* Converts and reduces in one go where that pays, else NULL. */
pf_reduce_blocks *pf_reduce_widening(enum pf_reduce_isa isa,
        enum pf_operator operation, enum pf_type from, enum pf_type to);

#endif
