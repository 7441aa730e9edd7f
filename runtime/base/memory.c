/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: asks for huge pages, and lends pages back to the system. */
#include "runtime/base/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 128, HUGE_PAGE = 1 << 21 };

static size_t alignment_of(size_t bytes)
{
    return bytes >= 2 * (size_t)HUGE_PAGE ? HUGE_PAGE : LINE;
}

/* Whole pages or lines. */
static size_t rounded(size_t bytes)
{
    return (bytes / alignment_of(bytes) + 1) * alignment_of(bytes);
}

/* Advice that a system does not know is not needed either. */
static void advise(void *memory, size_t bytes, int advice)
{
    if (memory && alignment_of(bytes) == HUGE_PAGE)
        (void)madvise(memory, rounded(bytes), advice);
}

void *pf_memory_create(size_t bytes)
{
    void *memory = rounded(bytes) > bytes
            ? aligned_alloc(alignment_of(bytes), rounded(bytes))
            : NULL;

#ifdef MADV_HUGEPAGE
    advise(memory, bytes, MADV_HUGEPAGE);
#endif
    return memory;
}

void pf_memory_pool_empty(struct pf_memory_pool *pool)
{
    pf_lock_take(&pool->lock);
    for (unsigned s = 0; s < PF_MEMORY_SPARE; s++) {
        free(pool->spare[s].memory);
        pool->spare[s].memory = NULL;
    }
    pf_lock_give(&pool->lock);
}

/* Of a size like this, but not much larger; NULL if there is none. */
static struct pf_memory_spare *find(struct pf_memory_pool *pool, size_t bytes)
{
    for (unsigned s = 0; s < PF_MEMORY_SPARE; s++)
        if (pool->spare[s].memory
                && rounded(pool->spare[s].bytes) == rounded(bytes))
            return &pool->spare[s];
    return NULL;
}

void *pf_memory_take(struct pf_memory_pool *pool, size_t bytes)
{
    struct pf_memory_spare *spare;
    void *memory = NULL;

    if (!pool)
        return pf_memory_create(bytes);
    pf_lock_take(&pool->lock);
    spare = find(pool, bytes);
    if (spare) {
        memory = spare->memory;
        spare->memory = NULL;
    }
    pf_lock_give(&pool->lock);
    return memory ? memory : pf_memory_create(bytes);
}

void pf_memory_give(struct pf_memory_pool *pool, void *memory, size_t bytes)
{
    if (!memory || !pool || alignment_of(bytes) != HUGE_PAGE) {
        free(memory);
        return;
    }
#ifdef MADV_FREE
    advise(memory, bytes, MADV_FREE);
#endif
    pf_lock_take(&pool->lock);
    for (unsigned s = 0; s < PF_MEMORY_SPARE && memory; s++)
        if (!pool->spare[s].memory) {
            pool->spare[s] = (struct pf_memory_spare){ memory, bytes };
            memory = NULL;
        }
    pf_lock_give(&pool->lock);
    free(memory);
}
