/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: memory for whole arrays, and some of it kept for the next ones. */
#ifndef PF_BASE_MEMORY_H
#define PF_BASE_MEMORY_H

#include "runtime/base/thread.h"

/* At least 128-aligned; NULL for lack of memory.  Large arrays are touched in pages
 * of 2 MiB where the system has them: a tenth of the time that small pages take.  Give
 * it to free(). */
void *pf_memory_create(size_t bytes);

enum { PF_MEMORY_SPARE = 8 };

/* Arrays that are kept: touching new memory takes longer than filling it.  The system
 * may take their pages whenever it needs them; what is in them is lost then. */
struct pf_memory_pool {
    struct pf_lock lock;
    struct pf_memory_spare {
        void *memory;
        size_t bytes;
    } spare[PF_MEMORY_SPARE];
};

#define PF_MEMORY_POOL_INITIALIZER { .lock = PF_LOCK_INITIALIZER }

/* Nothing is kept any more. */
void pf_memory_pool_empty(struct pf_memory_pool *pool);

/* The same as pf_memory_create(); goes back with pf_memory_give() and the same size.
 * pool NULL: nothing is kept. */
void *pf_memory_take(struct pf_memory_pool *pool, size_t bytes);
void pf_memory_give(struct pf_memory_pool *pool, void *memory, size_t bytes);

#endif
