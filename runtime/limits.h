/* SPDX-License-Identifier: Apache-2.0 */
/*
 * limits.h: when a call must stop before its end: it was cancelled, its time is over,
 * or its progress function said so.  Looked at between partitions, between boxes of
 * native kernels, and by the caller while it waits.  A call inside another one stops
 * with it.
 */
#ifndef PF_LIMITS_H
#define PF_LIMITS_H

#include <parfun.h>

#include <stdatomic.h>

enum {
    PF_LIMITS_PERIOD_NS = 50000000, /* how long the caller waits without a look */
    PF_LIMITS_PROGRESS_NS = 100000000
};

struct pf_limits {
    const struct pf_limits
            *_Atomic outer; /* of the call that this one is part of, or NULL */
    const _Atomic uint64_t *cancels; /* of all calls of the process, counted */
    uint64_t cancels_seen;           /* when the call began */
    _Atomic bool cancelled;          /* this call */
    const char *name;
    double timeout_s;
    uint64_t end_ns; /* UINT64_MAX: never */
    parfun_progress *progress;
    void *user;
    size_t items;
    _Atomic size_t done;   /* items; see pf_limits_count() */
    uint64_t next_ns;      /* when the progress function is due; the caller's own */
    _Atomic bool declined; /* it returned false */
};

/* A call of function `name` begins.  `options` gives timeout_s, progress and user. */
void pf_limits_begin(struct pf_limits *limits, const struct pf_limits *outer,
        const _Atomic uint64_t *cancels, const char *name, size_t items,
        const struct parfun_options *options);

/* The limits, of this call or of one around it, that end it now; NULL: none.  Looked at
 * for each partition, however tiny. */
static inline const struct pf_limits *pf_limits_reached(
        const struct pf_limits *limits, uint64_t now_ns)
{
    for (; limits;
            limits = atomic_load_explicit(&limits->outer, memory_order_relaxed))
        if (atomic_load_explicit(&limits->cancelled, memory_order_relaxed)
                || atomic_load_explicit(&limits->declined, memory_order_relaxed)
                || atomic_load_explicit(limits->cancels, memory_order_relaxed)
                        != limits->cancels_seen
                || now_ns > limits->end_ns)
            break;
    return limits;
}

/* Seconds that the call and those around it have from now_ns on; 0: any time. */
double pf_limits_left_s(const struct pf_limits *limits, uint64_t now_ns);

/* Has the call, or one around it, a limit of time? */
bool pf_limits_timed(const struct pf_limits *limits);

/* Has the call, or one around it, a progress function, which may stop it? */
bool pf_limits_watched(const struct pf_limits *limits);

/* Must it stop now?  PARFUN_CANCELLED or PARFUN_TIMED_OUT, with a sentence. */
enum parfun_status pf_limits_look(const struct pf_limits *limits, uint64_t now_ns);

/* So many items more are done: told if there is a progress function. */
static inline void pf_limits_count(struct pf_limits *limits, size_t items)
{
    if (limits->progress)
        (void)atomic_fetch_add_explicit(&limits->done, items, memory_order_relaxed);
}

/* pf_limits_look() by the calling thread, which reports the progress when that is due. */
enum parfun_status pf_limits_look_caller(struct pf_limits *limits, uint64_t now_ns);

/* All is done: the last report. */
void pf_limits_end(struct pf_limits *limits);

#endif
