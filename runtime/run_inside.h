/* SPDX-License-Identifier: Apache-2.0 */
/* run_inside.h: what run.c and run_begin.c share; nobody else's. */
#ifndef PF_RUN_INSIDE_H
#define PF_RUN_INSIDE_H

#include "runtime/run.h"

/* Chooses where the partitions come from, and begins the feed. */
enum parfun_status pf_run_begin_feed(
        struct pf_run *run, size_t fixed, size_t initial);

/* All is done: the model and the Python library's estimator learn. */
void pf_run_learn(struct pf_run *run);

#endif
