/* SPDX-License-Identifier: Apache-2.0 */
/* rows.h: what a call's trace says of each partition, gathered while it runs. */
#ifndef PF_ROWS_H
#define PF_ROWS_H

#include <parfun.h>

/* A row of the trace; times in nanoseconds. */
struct pf_trace_row {
    size_t requested, count, first; /* requested: 0 where the size was fixed */
    uint64_t partitioning_ns, function_ns, combining_ns;
    uint64_t start_ns; /* since the call began */
    uint64_t copy_in_ns, copy_out_ns;
    unsigned worker;
};

/* All zero: none. */
struct pf_rows {
    struct pf_trace_row *row;
    size_t count, room;
};

/* PARFUN_NO_MEMORY: the row is lost. */
enum parfun_status pf_rows_add(
        struct pf_rows *rows, const struct pf_trace_row *row);

/* What combining the partition that begins there took; most are late ones. */
void pf_rows_combined(struct pf_rows *rows, size_t first, uint64_t took_ns);

void pf_rows_finish(struct pf_rows *rows);

#endif
