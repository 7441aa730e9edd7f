/* SPDX-License-Identifier: Apache-2.0 */
/* near.c: a loop for each type of integers, which so need not become numbers of 64 bits
 * in memory first: half the time. */
#include "runtime/near.h"

#include "runtime/key.h"

#include <stdlib.h>

void pf_near_open(struct pf_near *near, uint64_t number)
{
    near->entries = calloc(PF_NEAR_COUNT, sizeof *near->entries);
    near->count = near->entries ? PF_NEAR_COUNT : 0;
    near->first = number - PF_NEAR_COUNT / 2;
}

void pf_near_close(struct pf_near *near)
{
    free(near->entries);
    *near = (struct pf_near){ 0 };
}

size_t pf_near_count_column(struct pf_near *near, const struct pf_column *column,
        size_t first, size_t count, uint32_t *restrict codes)
{
    struct pf_near own = *near; /* which no code that is written can change */

    if (pf_column_may_have_nulls(column))
        return 0;
#define PF_NEAR_LOOP(TYPE, ctype, key)                                      \
    case TYPE: {                                                            \
        const ctype *restrict values = (const ctype *)column->data + first; \
                                                                            \
        for (size_t i = 0; i < count; i++)                                  \
            if (!pf_near_count(&own, key(values[i]), first + i, &codes[i])) \
                return i;                                                   \
        return count;                                                       \
    }

    switch (column->type) {
        PF_KEY_INTEGERS(PF_NEAR_LOOP)
    default:
        return 0;
    }
#undef PF_NEAR_LOOP
}
