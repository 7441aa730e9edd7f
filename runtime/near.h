/* SPDX-License-Identifier: Apache-2.0 */
/*
 * near.h: counts the rows of integers that lie near one another, each in an entry of its
 * own, which is found without a search.  All zero: not open.
 */
#ifndef PF_NEAR_H
#define PF_NEAR_H

#include "runtime/table.h"

enum { PF_NEAR_COUNT = 1 << 16 }; /* entries: 512 KiB */

struct pf_near {
    struct pf_near_entry {
        uint32_t rows, row; /* how many have the number; the first of them */
    } *entries;
    uint64_t first; /* the number that has entry 0 */
    uint64_t count; /* of entries; 0: not open */
};

/* For numbers around this one; stays closed for lack of memory. */
void pf_near_open(struct pf_near *near, uint64_t number);
void pf_near_close(struct pf_near *near);

/* Counts the row if its number has an entry, whose index becomes the code.  The loops
 * around it are what grouping takes its time for. */
static inline bool pf_near_count(
        struct pf_near *near, uint64_t number, size_t row, uint32_t *code)
{
    const uint64_t entry = number - near->first;

    if (entry >= near->count)
        return false;
    if (near->entries[entry].rows++ == 0)
        near->entries[entry].row = (uint32_t)row;
    *code = (uint32_t)entry;
    return true;
}

/* Counts rows [first, first + count) up to the first one whose number has no entry, or
 * none if the column is not one of integers without nulls; how many. */
size_t pf_near_count_column(struct pf_near *near, const struct pf_column *column,
        size_t first, size_t count, uint32_t *codes);

#endif
