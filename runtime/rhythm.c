/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm.c: see rhythm.h. */
#include "runtime/rhythm.h"

enum {
    /* Threads look out for work for 50 us before they sleep, from the end of a call on
     * that itself takes less than waking them. */
    SOON_NS = 100000,
    FIRST = 8,
    MOST = 16 /* doublings */
};

bool pf_rhythm_invests(struct pf_rhythm *rhythm, uint64_t now_ns)
{
    const bool soon = now_ns - rhythm->last_ns < SOON_NS;

    rhythm->last_ns = now_ns;
    if (!soon) {
        rhythm->streak = rhythm->investments = 0;
        return false;
    }
    if (++rhythm->streak < (unsigned)FIRST << rhythm->investments)
        return false;
    if (rhythm->investments < MOST)
        rhythm->investments++;
    else
        rhythm->streak = 0;
    return true;
}
