/* SPDX-License-Identifier: Apache-2.0 */
/* contest.h: programs of rivals/ as contestants of a benchmark. */
#ifndef CONTEST_H
#define CONTEST_H

#include "bench.h"
#include "process.h"

struct contest_entry {
    const char *name;        /* in the tables */
    const char *program;     /* as for process_start() */
    const char *argument;    /* may be NULL */
    const char *environment; /* may be NULL */
};

struct contest_runner {
    struct contest *contest;
    struct process process;
};

struct contest {
    enum work_kind kind;
    bool checking; /* the next run is one whose result is compared */
    double sum;    /* of the last */
    struct contest_runner runners[BENCH_CONTESTANTS];
    struct bench_contestant contestants[BENCH_CONTESTANTS];
    size_t count;
};

void contest_begin(
        struct contest *contest, const struct contest_entry *entries, size_t count);

/* Lets each do one kind of work for so long, unmeasured: until devices are built, and
 * what they can do is known. */
void contest_warm(struct contest *contest, enum work_kind kind, double seconds);

/* Lets them do one kind of work, by turns, and prints their rows. */
void contest_compare(struct contest *contest, const struct bench_settings *settings,
        enum work_kind kind, struct bench_result *results);

void contest_end(struct contest *contest);

#endif
