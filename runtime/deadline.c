/* SPDX-License-Identifier: Apache-2.0 */
/* deadline.c: see deadline.h. */
#include "runtime/deadline.h"

#include "runtime/base/number.h"

#include <math.h>

/* Predictions may be wrong by some factor, and short ones by the time that a busy
 * system takes away. */
static const double LEAST_LATE_S = 0.1;
/* Where nothing is predicted. */
static const double UNKNOWN_LATE_S = 10;
/* Later than this is never: clocks count nanoseconds in 64 bits. */
static const double MOST_S = 1e9;

static uint64_t after(uint64_t start_ns, double seconds)
{
    return seconds < MOST_S ? start_ns + (uint64_t)(seconds * 1e9) : UINT64_MAX;
}

struct pf_deadline pf_deadline_of(
        uint64_t start_ns, double expected_s, double hang_s)
{
    if (!(expected_s > 0))
        return (struct pf_deadline){ after(start_ns, UNKNOWN_LATE_S), UINT64_MAX };
    return (struct pf_deadline){
        after(start_ns, pf_number_max(PF_DEADLINE_LATE * expected_s, LEAST_LATE_S)),
        after(start_ns, pf_number_max(PF_DEADLINE_HUNG * expected_s, hang_s)),
    };
}
