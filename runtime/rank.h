/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rank.h: a stable counting sort of rows by their keys, in parallel: for each row the
 * place that it has when rows are sorted.  Slices of rows number their distinct keys
 * by themselves; these are joined and sorted; then every slice knows where its first
 * row of each key goes.
 */
#ifndef PF_RANK_H
#define PF_RANK_H

#include "runtime/crew.h"
#include "runtime/key.h"

/* Places are kept in 32 bits; the largest number says that there is none. */
#define PF_RANK_ROWS_MAX (UINT32_MAX - 1)

struct pf_ranks {
    uint32_t *places;      /* by row; PF_DISTINCT_NONE where a key is null */
    size_t *offsets;       /* where each group begins, and the end of the last */
    uint32_t *first_rows;  /* of each group */
    size_t count, dropped; /* groups; rows with a null key */
};

/* `rows` is at most PF_RANK_ROWS_MAX.  The places go back to the crew's memory, the
 * other arrays are to be freed.  PARFUN_NO_MEMORY. */
enum parfun_status pf_rank(const struct pf_column *const *columns,
        size_t column_count, size_t rows, const struct pf_crew *crew,
        struct pf_ranks *ranks);

#endif
