/* SPDX-License-Identifier: Apache-2.0 */
/*
 * trace.h: one call, partition by partition, as a CSV file.  A header, then a row
 * per partition in the order of the items; whole nanoseconds.
 */
#ifndef PF_TRACE_H
#define PF_TRACE_H

#include "runtime/run.h"

/* Could `function` write the file?  PARFUN_INVALID if not, before anything runs.
 * Makes no file: a call that fails leaves none. */
enum parfun_status pf_trace_check(const char *function, const char *path);

/* Rewrites the file from an executed run with tracing.  PARFUN_SYSTEM. */
enum parfun_status pf_trace_write(struct pf_run *run, const char *path);

#endif
