/* SPDX-License-Identifier: Apache-2.0 */
/*
 * row_keys.h: what rows are ranked by: a column, or the codes of one and of another.
 * The codes of the first, times the number of codes of the second, plus these, are
 * numbers in the order of the pairs.
 */
#ifndef PF_ROW_KEYS_H
#define PF_ROW_KEYS_H

#include "runtime/key.h"

struct pf_row_keys {
    const struct pf_column *column; /* NULL: */
    const uint32_t *before, *last;  /* codes; PF_DISTINCT_NONE: null */
    uint64_t factor;                /* how many codes `last` has */
};

static inline bool pf_row_keys_are_texts(const struct pf_row_keys *keys)
{
    return keys->column && keys->column->type == PARFUN_STRING;
}

/* Of rows [first, first + count), at most PF_KEY_BLOCK; not of texts. */
void pf_row_keys_numbers(const struct pf_row_keys *keys, size_t first, size_t count,
        uint64_t *numbers);

/* codes[i] becomes PF_DISTINCT_NONE where row first + i has a null key, else something
 * else.  May overwrite `before`. */
void pf_row_keys_nulls(const struct pf_row_keys *keys, size_t first, size_t count,
        uint32_t *codes);

#endif
