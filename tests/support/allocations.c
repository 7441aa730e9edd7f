/* SPDX-License-Identifier: Apache-2.0 */
/* allocations.c: functions in place of malloc and its sisters. */
#include "support/allocations.h"

#include <stdatomic.h>
#include <stddef.h>

void *__real_malloc(size_t bytes);              /* NOLINT: the linker's */
void *__real_calloc(size_t count, size_t size); /* NOLINT */
void *__real_realloc(void *old, size_t bytes);  /* NOLINT */
void *__real_aligned_alloc(size_t alignment, size_t bytes); /* NOLINT */
void *__wrap_malloc(size_t bytes);                          /* NOLINT */
void *__wrap_calloc(size_t count, size_t size);             /* NOLINT */
void *__wrap_realloc(void *old, size_t bytes);              /* NOLINT */
void *__wrap_aligned_alloc(size_t alignment, size_t bytes); /* NOLINT */

static atomic_bool on, always, failed;
static atomic_long left; /* before the one that fails */

void allocations_fail(long k, bool for_ever)
{
    atomic_store(&left, k);
    atomic_store(&always, for_ever);
    atomic_store(&failed, false);
    atomic_store(&on, true);
}

bool allocations_all_succeed(void)
{
    const bool was_on = atomic_exchange(&on, false);

    return was_on && atomic_load(&failed);
}

bool allocations_failed(void)
{
    return atomic_load(&failed);
}

static bool fails(void)
{
    long before;

    if (!atomic_load(&on))
        return false;
    before = atomic_fetch_sub(&left, 1);
    if (before > 0 || (before < 0 && !atomic_load(&always)))
        return false;
    atomic_store(&failed, true);
    return true;
}

void *__wrap_malloc(size_t bytes) /* NOLINT */
{
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t size) /* NOLINT */
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t bytes) /* NOLINT */
{
    return fails() ? NULL : __real_realloc(old, bytes);
}

void *__wrap_aligned_alloc(size_t alignment, size_t bytes) /* NOLINT */
{
    return fails() ? NULL : __real_aligned_alloc(alignment, bytes);
}
