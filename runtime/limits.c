/* SPDX-License-Identifier: Apache-2.0 */
/* limits.c: what ends calls before their time. */
#include "runtime/limits.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

#include <stdatomic.h>

/* Longer limits are none: clocks count nanoseconds in 64 bits. */
static const double LONGEST_S = 1e9;

void pf_limits_begin(struct pf_limits *limits, const struct pf_limits *outer,
        const _Atomic uint64_t *cancels, const char *name, size_t items,
        const struct parfun_options *options)
{
    const bool timed = options->timeout_s > 0 && options->timeout_s < LONGEST_S;
    const uint64_t now = timed || options->progress ? pf_clock_ns() : 0;

    *limits = (struct pf_limits){
        .outer = outer,
        .cancels = cancels,
        .cancels_seen = atomic_load(cancels),
        .name = name,
        .timeout_s = options->timeout_s,
        .end_ns = timed ? now + (uint64_t)(options->timeout_s * 1e9) : UINT64_MAX,
        .progress = options->progress,
        .user = options->user,
        .items = items,
        .next_ns = now + PF_LIMITS_PROGRESS_NS,
    };
}

/* The first end of the call's and of those around it. */
static uint64_t end_of(const struct pf_limits *limits)
{
    uint64_t end_ns = UINT64_MAX;

    for (; limits; limits = atomic_load(&limits->outer))
        if (limits->end_ns < end_ns)
            end_ns = limits->end_ns;
    return end_ns;
}

double pf_limits_left_s(const struct pf_limits *limits, uint64_t now_ns)
{
    const uint64_t end_ns = end_of(limits);

    if (end_ns == UINT64_MAX)
        return 0;
    return end_ns > now_ns ? 1e-9 * (double)(end_ns - now_ns) : 1e-9;
}

bool pf_limits_timed(const struct pf_limits *limits)
{
    return end_of(limits) != UINT64_MAX;
}

bool pf_limits_watched(const struct pf_limits *limits)
{
    while (limits && !limits->progress)
        limits = atomic_load_explicit(&limits->outer, memory_order_relaxed);
    return limits != NULL;
}

static enum parfun_status stop(const struct pf_limits *limits, uint64_t now_ns)
{
    if (now_ns > limits->end_ns)
        return pf_fail(PARFUN_TIMED_OUT,
                "%s(): it took longer than its limit, timeout_s, of %g s",
                limits->name, limits->timeout_s);
    if (atomic_load(&limits->declined))
        return pf_fail(PARFUN_CANCELLED,
                "%s(): it was cancelled by its progress function", limits->name);
    return pf_fail(PARFUN_CANCELLED, "%s(): it was cancelled by parfun_cancel()",
            limits->name);
}

enum parfun_status pf_limits_look(const struct pf_limits *limits, uint64_t now_ns)
{
    const struct pf_limits *reached = pf_limits_reached(limits, now_ns);

    return reached ? stop(reached, now_ns) : PARFUN_OK;
}

enum parfun_status pf_limits_look_caller(struct pf_limits *limits, uint64_t now_ns)
{
    size_t done;

    PF_TRY(pf_limits_look(limits, now_ns));
    if (!limits->progress || now_ns < limits->next_ns)
        return PARFUN_OK;
    limits->next_ns = now_ns + PF_LIMITS_PROGRESS_NS;
    done = atomic_load(&limits->done);
    if (done > limits->items)
        done = limits->items; /* a generator's pieces may overlap */
    if (limits->progress(done, limits->items, limits->user))
        return PARFUN_OK;
    atomic_store(&limits->declined, true);
    return stop(limits, now_ns);
}

void pf_limits_end(struct pf_limits *limits)
{
    if (limits->progress)
        (void)limits->progress(limits->items, limits->items, limits->user);
}
