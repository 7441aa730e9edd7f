/* SPDX-License-Identifier: Apache-2.0 */
/*
 * rhythm.h: do calls follow each other so closely that a thread, once awake, would stay
 * so?  Then it is worth waking for the calls to come, though the one at hand would be done
 * sooner without it.  Pure.
 */
#ifndef PF_RHYTHM_H
#define PF_RHYTHM_H

#include <stdbool.h>
#include <stdint.h>

struct pf_rhythm {
    uint64_t last_ns;     /* when the last call began */
    unsigned streak;      /* calls that came soon after one another */
    unsigned investments; /* at 8, 16, 32 ... of them */
};

/* A call begins.  True: wake threads as if that took no time.  It says so ever more
 * seldom while calls come soon, as threads that do not stay awake are no gain. */
bool pf_rhythm_invests(struct pf_rhythm *rhythm, uint64_t now_ns);

#endif
