/* SPDX-License-Identifier: Apache-2.0 */
/*
 * distinct.h: the distinct keys among those that were counted: a hash table with open
 * addressing and, where many rows are to come, a table for numbers near the first one.
 * All zero: empty.
 */
#ifndef PF_DISTINCT_H
#define PF_DISTINCT_H

#include "runtime/key.h"
#include "runtime/near.h"

/* Stands for null keys, and for rows in no group. */
#define PF_DISTINCT_NONE UINT32_MAX

struct pf_distinct_key {
    union {
        uint64_t number;
        struct pf_key_text text;
    } key;
    uint32_t row;        /* that it was seen in first */
    uint32_t rows, code; /* once settled: that have it; what stands for it */
};

struct pf_distinct {
    size_t rows; /* to come, as far as the owner knows; of a few, codes are numbers */
    struct pf_distinct_slot {
        uint64_t key;    /* the number, or the text's hash */
        uint32_t number; /* of the key, from 1; 0: empty */
        uint32_t rows;   /* that have it */
    } *slots;
    unsigned bits;                /* 2^bits slots */
    struct pf_near near;          /* closed: few rows, or no number yet */
    struct pf_distinct_key *keys; /* until settled without near ones */
    uint32_t count, room;
    uint32_t codes_end; /* once settled: more than any code */
};

void pf_distinct_finish(struct pf_distinct *distinct);

/* The keys of rows [first, first + count): codes[i], unless it is PF_DISTINCT_NONE on
 * entry, becomes what stands for the i-th key: its number, from 0 in the order in which
 * they came, or an entry of `near`.  The texts' memory must stay.  PARFUN_NO_MEMORY. */
enum parfun_status pf_distinct_numbers(struct pf_distinct *distinct,
        const uint64_t *numbers, size_t first, size_t count, uint32_t *codes);
enum parfun_status pf_distinct_texts(struct pf_distinct *distinct,
        const struct pf_key_text *texts, size_t first, size_t count,
        uint32_t *codes);

/* The same, far quicker, for a column of integers without nulls, but only up to the first
 * key that is far from the others; how many, 0 for other columns.  Sets all of codes. */
size_t pf_distinct_column(struct pf_distinct *distinct,
        const struct pf_column *column, size_t first, size_t count,
        uint32_t *codes);

/* Completes the keys when all are counted.  PARFUN_NO_MEMORY. */
enum parfun_status pf_distinct_settle(struct pf_distinct *distinct);

/* places[k]: how many keys are less than key k. */
enum parfun_status pf_distinct_order(
        const struct pf_distinct *distinct, bool texts, uint32_t *places);

#endif
