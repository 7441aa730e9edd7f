/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.h: the keys of rows, as numbers or texts that compare as keys do.  -0 equals 0;
 * NaN equals NaN and comes last; texts compare by their bytes.
 */
#ifndef PF_KEY_H
#define PF_KEY_H

#include "runtime/table.h"

enum { PF_KEY_BLOCK = 1024 };

struct pf_key_text {
    const char *text;
    size_t bytes;
};

/* Of rows [first, first + count); what stands for null rows means nothing.  For
 * columns of strings pf_key_texts(), for others pf_key_numbers(). */
void pf_key_numbers(const struct pf_column *column, size_t first, size_t count,
        uint64_t *numbers);
void pf_key_texts(const struct pf_column *column, size_t first, size_t count,
        struct pf_key_text *texts);

/* Negative, 0 or positive. */
int pf_key_compare_texts(struct pf_key_text a, struct pf_key_text b);

/* Of two columns of one type, rows that are not null. */
int pf_key_compare(const struct pf_column *a, size_t row_a,
        const struct pf_column *b, size_t row_b);

/* For sentences; the caller frees it.  NULL for lack of memory. */
char *pf_key_print(const struct pf_column *column, size_t row);

#endif
