/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regroup.h: arrays that have one element per row of a table, in the order of groups
 * while a call runs.  Partitions are then parts of these arrays like of any other, on
 * every device.  Rows that the groups leave in their places are not copied.
 */
#ifndef PF_REGROUP_H
#define PF_REGROUP_H

#include "runtime/call.h"
#include "runtime/crew.h"
#include "runtime/limits.h"

/* Inputs are gathered.  Nothing for calls without groups.  Fails for lack of memory, or
 * where a limit is reached; end() is then needed, too. */
enum parfun_status pf_regroup_begin(struct pf_call *call,
        const struct pf_crew *crew, const struct pf_limits *limits);

/* Outputs go back to their rows, if the call has been `done`; fails where a limit is
 * reached. */
enum parfun_status pf_regroup_end(struct pf_call *call, const struct pf_crew *crew,
        const struct pf_limits *limits, bool done);

#endif
