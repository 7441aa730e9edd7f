/* SPDX-License-Identifier: Apache-2.0 */
/* piece_times.h: how a partition went, as it is reported.  Pure. */
#ifndef PF_PIECE_TIMES_H
#define PF_PIECE_TIMES_H

#include "backends/backend.h"

/* How a partition went; nanoseconds, those of points in time on pf_clock_ns(). */
struct pf_piece_times {
    uint64_t partitioning_ns;  /* until it was handed out */
    uint64_t start_ns, now_ns; /* of its work; of this report */
    uint64_t function_ns;      /* wall time, or event time of kernels */
    uint64_t busy_ns;          /* what it costs its worker: the plan learns that */
    uint64_t executed_ns;      /* when its computation ended */
    uint64_t copy_in_ns, copy_out_ns;
    bool unfit; /* no sample: a first launch */
};

/* Of a partition that a device has run: all but partitioning_ns and unfit, which are
 * left as they are, from start_ns, now_ns, what its lane tells, and when the device's
 * last partition was reported (0: none in this call). */
void pf_piece_times_fill(struct pf_piece_times *times,
        const struct pf_lane_times *lane, bool shared_memory, uint64_t last_ns);

#endif
