/* SPDX-License-Identifier: Apache-2.0 */
/* process.h: contestants that are programs of rivals/.  Each is stopped while others
 * take their turn, so that threads which spin after work disturb nobody. */
#ifndef PROCESS_H
#define PROCESS_H

#include "work.h"

#include <stdio.h>
#include <sys/types.h>

struct process {
    pid_t id; /* 0: it did not start */
    FILE *to, *from;
    double sum; /* of its last answer, if that was checked */
};

/* `program` lies in the folder rivals beside this program; `argument` may be NULL;
 * `environment` is NAME=VALUE, or NULL.  Returns when it is ready, or has given up. */
void process_start(struct process *process, const char *program,
        const char *argument, const char *environment);

/* Seconds of one time; negative if it cannot be done. */
double process_run(
        struct process *process, enum work_kind kind, int times, bool check);

void process_end(struct process *process);

#endif
