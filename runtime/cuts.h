/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cuts.h: items of unequal size: item i is the rows at[i] to at[i + 1] - 1.  Pure.
 */
#ifndef PF_CUTS_H
#define PF_CUTS_H

#include <stddef.h>

struct pf_cuts {
    const size_t *at; /* ascending, from 0; NULL: every item is one row */
    size_t count;     /* items; `at` has one more */
};

/* The first item that begins at row `row` or later; `count` behind the last. */
size_t pf_cuts_find(const struct pf_cuts *cuts, size_t row);

/* How many rows from row `first` on make whole items of `wanted` rows or a few more,
 * but no more than `largest`, unless one item alone has.  `first`, where an item begins,
 * is not the end. */
size_t pf_cuts_round(
        const struct pf_cuts *cuts, size_t first, size_t wanted, size_t largest);

#endif
