/* SPDX-License-Identifier: Apache-2.0 */
/* memory.c: asks for huge pages. */
#include "runtime/base/memory.h"

#include <stdlib.h>
#include <sys/mman.h>

enum { LINE = 128, HUGE_PAGE = 1 << 21 };

void *pf_memory_create(size_t bytes)
{
    const size_t alignment = bytes >= 2 * (size_t)HUGE_PAGE ? HUGE_PAGE : LINE;
    const size_t whole = (bytes / alignment + 1) * alignment;
    void *memory = whole > bytes ? aligned_alloc(alignment, whole) : NULL;

#ifdef MADV_HUGEPAGE
    /* it is a wish: small pages do as well */
    if (memory && alignment == HUGE_PAGE)
        (void)madvise(memory, whole, MADV_HUGEPAGE);
#endif
    return memory;
}
