/* SPDX-License-Identifier: Apache-2.0 */
/*
 * running.h: a call of the user's from its arguments to its report: what
 * parfun_call() does at once, and parfun_start() and parfun_finish() one after the
 * other.
 */
#ifndef PF_RUNNING_H
#define PF_RUNNING_H

#include "runtime/partition.h"
#include "runtime/process.h"

#include <sys/types.h>

/* The results of a call, for whoever takes them. */
struct parfun_results {
    struct parfun_running *running; /* NULL: there are none */
    struct pf_result *taken;        /* by the last parfun_next() */
    uint64_t taken_ns;
    struct parfun_partition partition;
    void **parts;
};

enum { PF_RUNNING_FEW = 8 };

/* Stays where it has begun. */
struct parfun_running {
    struct parfun_function *function;
    struct pf_settings *settings;
    struct pf_entry entry;
    struct pf_call call;
    struct pf_call_argument few[PF_RUNNING_FEW]; /* the call's, if they suffice */
    struct pf_run *run;                          /* NULL: over no items */
    struct parfun_results results;
    const char *trace;
    pid_t process; /* that a started call belongs to; 0: others */
};

/* What a call is over. */
struct pf_over {
    size_t items;
    const struct parfun_groups *groups; /* instead of items; NULL: none */
};

/* A call begins; on failure nothing is left of it.  `started`: the caller goes on
 * meanwhile. */
enum parfun_status pf_running_begin(struct parfun_running *running,
        struct parfun_function *function, bool started, const struct pf_over *over,
        const struct parfun_value *values, size_t value_count);

/* PARFUN_SYSTEM in the child of a fork that came after the start: what works on the call
 * is the parent's. */
enum parfun_status pf_running_check_process(const struct parfun_running *running);

/* Waits for it, and reports. */
enum parfun_status pf_running_end(struct parfun_running *running);

/* Safe in a signal handler. */
void pf_running_cancel(struct parfun_running *running);

/* results.c: has the combiner of the user's a place for its outcome? */
enum parfun_status pf_results_check(const struct parfun_running *running);
/* Calls it. */
enum parfun_status pf_results_combine(struct parfun_running *running);
/* The last one taken is given back. */
void pf_results_release(struct parfun_results *results);

#endif
