/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h: runs partitions on the calling thread: as native code, or by a body written
 * in C.  One struct pf_host is what a CPU worker needs for a call: argument tables,
 * scratch memory, copies of accumulated arrays.  Kept in a pool, so that memory stays
 * warm.
 */
#ifndef PF_HOST_H
#define PF_HOST_H

#include "runtime/base/thread.h"
#include "runtime/combine.h"
#include "runtime/limits.h"

struct pf_host;

/* What runs: one of the two. */
struct pf_host_code {
    const struct parfun_variant *variant; /* of a kernel */
    parfun_body *body;                    /* of a function in C */
    void *user;                           /* the body's */
};

/* Idle ones, for all calls of the process. */
struct pf_host_pool {
    struct pf_lock lock;
    struct pf_host *idle;
};

enum parfun_status pf_host_pool_init(struct pf_host_pool *pool);
void pf_host_pool_finish(struct pf_host_pool *pool);

/* *host, which was taken for an earlier call, or if it is NULL one of the pool becomes
 * ready for partitions of this call.  `limits` (NULL: none) are looked at in the midst of
 * native partitions, by the calling thread if `caller`.  On failure *host is NULL. */
enum parfun_status pf_host_take(struct pf_host_pool *pool,
        const struct pf_call *call, const struct pf_host_code *code,
        struct pf_limits *limits, bool caller, struct pf_host **host);
void pf_host_give(struct pf_host_pool *pool, struct pf_host *host);

/* The next partition has `count` items and should take so many seconds; 0: who knows. */
void pf_host_expect(struct pf_host *host, size_t count, double expected_s);

/* Run one partition.  `result` has begun with the same range; NULL if the call is
 * not ordered.  Fails as the body does, or where a limit was reached: then the
 * partition is incomplete. */
enum parfun_status pf_host_run(
        struct pf_host *host, const struct pf_part *part, struct pf_result *result);

/* This worker's copy of an accumulated argument; NULL if it ran nothing. */
const void *pf_host_accumulated(const struct pf_host *host, unsigned index);

#endif
