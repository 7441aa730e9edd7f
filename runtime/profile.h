/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h: what a call cost, in sum. */
#ifndef PF_PROFILE_H
#define PF_PROFILE_H

#include "runtime/run.h"

/* From a run that has been executed.  Times on the CPU are wall time, on devices
 * event time. */
void pf_profile_fill(const struct pf_run *run, struct parfun_profile *profile);

/* The report, in the layout that users of the Python library know, with one line
 * per device after it.  NULL for lack of memory; the caller frees it. */
char *pf_profile_report(
        const struct pf_run *run, const struct parfun_profile *profile);

#endif
