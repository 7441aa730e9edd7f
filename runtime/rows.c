/* SPDX-License-Identifier: Apache-2.0 */
/* rows.c: a list that grows. */
#include "runtime/rows.h"

#include "runtime/base/error.h"

#include <stdlib.h>

enum parfun_status pf_rows_add(struct pf_rows *rows, const struct pf_trace_row *row)
{
    if (rows->count == rows->room) {
        const size_t room = rows->room ? 2 * rows->room : 64;
        struct pf_trace_row *grown = realloc(rows->row, room * sizeof *grown);

        if (!grown)
            return pf_fail(PARFUN_NO_MEMORY, "no memory for the trace");
        rows->row = grown;
        rows->room = room;
    }
    rows->row[rows->count++] = *row;
    return PARFUN_OK;
}

void pf_rows_combined(struct pf_rows *rows, size_t first, uint64_t took_ns)
{
    for (size_t i = rows->count; i > 0; i--)
        if (rows->row[i - 1].first == first) {
            rows->row[i - 1].combining_ns = took_ns;
            return;
        }
}

void pf_rows_finish(struct pf_rows *rows)
{
    free(rows->row);
    *rows = (struct pf_rows){ 0 };
}
