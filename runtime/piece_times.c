/* SPDX-License-Identifier: Apache-2.0 */
/* piece_times.c: what a partition costs its device. */
#include "runtime/piece_times.h"

/* Copies are made by the cores that run the kernels: all is one cost, the time from one
 * partition's end to the next one's.  Of partitions that ran side by side the second
 * would seem to have taken no time: it costs what its kernel took. */
static uint64_t cost_with_copies(
        const struct pf_piece_times *times, uint64_t last_ns)
{
    const uint64_t begin_ns = last_ns > times->start_ns ? last_ns : times->start_ns;
    const uint64_t took_ns =
            times->now_ns > begin_ns ? times->now_ns - begin_ns : 0;

    return took_ns > times->function_ns ? took_ns : times->function_ns;
}

void pf_piece_times_fill(struct pf_piece_times *times,
        const struct pf_lane_times *lane, bool shared_memory, uint64_t last_ns)
{
    times->function_ns = times->busy_ns = (uint64_t)(lane->kernel_s * 1e9);
    times->executed_ns = lane->end_ns ? lane->end_ns : times->now_ns;
    times->copy_in_ns = (uint64_t)(lane->copy_in_s * 1e9);
    times->copy_out_ns = (uint64_t)(lane->copy_out_s * 1e9);
    if (shared_memory) {
        times->executed_ns = times->now_ns;
        times->busy_ns = cost_with_copies(times, last_ns);
    }
    if (times->executed_ns > times->now_ns)
        times->executed_ns = times->now_ns;
}
