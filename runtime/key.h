/* SPDX-License-Identifier: Apache-2.0 */
/*
 * key.h: the keys of rows, as numbers or texts that compare as keys do.  -0 equals 0;
 * NaN equals NaN and comes last; texts compare by their bytes.
 */
#ifndef PF_KEY_H
#define PF_KEY_H

#include "runtime/table.h"

enum { PF_KEY_BLOCK = 1024 };

/* LOOP(column type, C type, what makes a number of a value) for each type of integers. */
#define PF_KEY_SIGNED(value) ((uint64_t)(int64_t)(value) ^ UINT64_C(1) << 63)
#define PF_KEY_UNSIGNED(value) ((uint64_t)(value))
#define PF_KEY_INTEGERS(LOOP)                      \
    LOOP(PARFUN_INT8, int8_t, PF_KEY_SIGNED)       \
    LOOP(PARFUN_UINT8, uint8_t, PF_KEY_UNSIGNED)   \
    LOOP(PARFUN_INT16, int16_t, PF_KEY_SIGNED)     \
    LOOP(PARFUN_UINT16, uint16_t, PF_KEY_UNSIGNED) \
    LOOP(PARFUN_INT32, int32_t, PF_KEY_SIGNED)     \
    LOOP(PARFUN_UINT32, uint32_t, PF_KEY_UNSIGNED) \
    LOOP(PARFUN_INT64, int64_t, PF_KEY_SIGNED)     \
    LOOP(PARFUN_UINT64, uint64_t, PF_KEY_UNSIGNED)

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
