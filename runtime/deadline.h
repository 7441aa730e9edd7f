/* SPDX-License-Identifier: Apache-2.0 */
/*
 * deadline.h: from when on a partition on a device is late, so that others may run it,
 * too, and from when on it hangs, if nobody else can.  Pure.
 *
 * What nobody can predict may take as long as it likes: only a call's own time limit
 * ends it.
 */
#ifndef PF_DEADLINE_H
#define PF_DEADLINE_H

#include <stdint.h>

/* A partition is late, and hangs, when it takes so many times longer than predicted. */
enum { PF_DEADLINE_LATE = 10, PF_DEADLINE_HUNG = 1000 };

struct pf_deadline {
    uint64_t late_ns, hung_ns; /* UINT64_MAX: never */
};

/* Of one that begins at start_ns and should take expected_s; 0 if nothing is known.
 * Nothing hangs that takes less than hang_s. */
struct pf_deadline pf_deadline_of(
        uint64_t start_ns, double expected_s, double hang_s);

#endif
