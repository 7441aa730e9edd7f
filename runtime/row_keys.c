/* SPDX-License-Identifier: Apache-2.0 */
/* row_keys.c: the numbers of a column, or of pairs of codes. */
#include "runtime/row_keys.h"

#include "runtime/distinct.h"

#include <string.h>

void pf_row_keys_numbers(const struct pf_row_keys *keys, size_t first, size_t count,
        uint64_t *numbers)
{
    if (keys->column) {
        pf_key_numbers(keys->column, first, count, numbers);
        return;
    }
    for (size_t i = 0; i < count; i++)
        numbers[i] = keys->before[first + i] * keys->factor + keys->last[first + i];
}

void pf_row_keys_nulls(
        const struct pf_row_keys *keys, size_t first, size_t count, uint32_t *codes)
{
    const struct pf_column *column = keys->column;

    if (!column) {
        for (size_t i = 0; i < count; i++)
            codes[i] = keys->before[first + i] == PF_DISTINCT_NONE
                    ? PF_DISTINCT_NONE
                    : keys->last[first + i];
        return;
    }
    memset(codes, 0, count * sizeof *codes);
    if (pf_column_may_have_nulls(column))
        for (size_t i = 0; i < count; i++)
            if (pf_column_is_null(column, first + i))
                codes[i] = PF_DISTINCT_NONE;
}
