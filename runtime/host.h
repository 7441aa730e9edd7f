/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.h: runs partitions as native code on the calling thread.  One struct
 * pf_host is what a CPU worker needs for a call: argument tables, scratch memory,
 * copies of accumulated arrays.  Kept in a pool, so that memory stays warm.
 */
#ifndef PF_HOST_H
#define PF_HOST_H

#include "runtime/base/thread.h"
#include "runtime/combine.h"

struct pf_host;

/* Idle ones, for all calls of the process. */
struct pf_host_pool {
    struct pf_lock lock;
    struct pf_host *idle;
};

enum parfun_status pf_host_pool_init(struct pf_host_pool *pool);
void pf_host_pool_finish(struct pf_host_pool *pool);

/* Take one from the pool, ready for partitions of this call. */
enum parfun_status pf_host_take(struct pf_host_pool *pool,
        const struct pf_call *call, const struct parfun_variant *variant,
        struct pf_host **host);
void pf_host_give(struct pf_host_pool *pool, struct pf_host *host);

/* Run one partition.  `result` has begun with the same range; NULL if the call is
 * not ordered. */
void pf_host_run(
        struct pf_host *host, size_t first, size_t count, struct pf_result *result);

/* This worker's copy of an accumulated argument; NULL if it ran nothing. */
const void *pf_host_accumulated(const struct pf_host *host, unsigned index);

#endif
