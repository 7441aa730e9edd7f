/* SPDX-License-Identifier: Apache-2.0 */
/*
 * distinct.h: the distinct keys among those that were counted, numbered in the order
 * in which they came: a hash table with open addressing and, where many rows are to
 * come, a table that numbers near the first one index.  All zero: empty.
 */
#ifndef PF_DISTINCT_H
#define PF_DISTINCT_H

#include "runtime/key.h"

/* Stands for null keys, and for rows in no group. */
#define PF_DISTINCT_NONE UINT32_MAX

struct pf_distinct_key {
    union {
        uint64_t number;
        struct pf_key_text text;
    } key;
    uint32_t row; /* that it was seen in first */
};

struct pf_distinct {
    size_t rows; /* to come, as far as the owner knows when it begins */
    struct pf_distinct_slot {
        uint64_t key;    /* the number, or the text's hash */
        uint32_t number; /* of the key, from 1; 0: empty */
        uint32_t rows;   /* that have it */
    } *slots;
    unsigned bits; /* 2^bits slots */
    struct pf_distinct_near {
        uint32_t number, rows; /* as in a slot */
    } *near;                   /* NULL: few rows, or no number yet */
    uint64_t near_first;       /* the number that near[0] stands for */
    struct pf_distinct_key *keys;
    uint32_t count, room;
};

void pf_distinct_finish(struct pf_distinct *distinct);

/* The keys of rows [first, first + count): codes[i], which is not PF_DISTINCT_NONE
 * on entry, becomes the number of the i-th key, from 0.  The texts' memory must stay.
 * PARFUN_NO_MEMORY. */
enum parfun_status pf_distinct_numbers(struct pf_distinct *distinct,
        const uint64_t *numbers, size_t first, size_t count, uint32_t *codes);
enum parfun_status pf_distinct_texts(struct pf_distinct *distinct,
        const struct pf_key_text *texts, size_t first, size_t count,
        uint32_t *codes);

/* How many rows had each key. */
void pf_distinct_rows(const struct pf_distinct *distinct, uint32_t *rows);

/* places[k]: how many keys are less than key k. */
enum parfun_status pf_distinct_order(
        const struct pf_distinct *distinct, bool texts, uint32_t *places);

#endif
