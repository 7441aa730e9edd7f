/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rank_sort.h: ranks rows whose keys are nearly all different: they are sorted with
 * their rows, where a table of all keys would be as large and in no cache.
 */
#ifndef PF_RANK_SORT_H
#define PF_RANK_SORT_H

#include "runtime/rank.h"
#include "runtime/row_keys.h"

/* Does a sample of the rows have nearly as many keys? */
enum parfun_status pf_rank_sort_is_worth(
        const struct pf_row_keys *keys, size_t rows, bool *worth);

/* codes[row]: the row's place, or only its group; may be `before` of the keys.  The
 * other members of *ranks are filled; free offsets and first_rows, also after a
 * failure. */
enum parfun_status pf_rank_sort(const struct pf_row_keys *keys, size_t rows,
        const struct pf_crew *crew, bool places, uint32_t *codes,
        struct pf_ranks *ranks);

#endif
