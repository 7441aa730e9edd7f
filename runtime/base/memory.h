/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: memory for whole arrays. */
#ifndef PF_BASE_MEMORY_H
#define PF_BASE_MEMORY_H

#include <stddef.h>

/* At least 128-aligned; NULL for lack of memory.  Large arrays are touched in pages
 * of 2 MiB where the system has them: a tenth of the time that small pages take.  Give
 * it to free(). */
void *pf_memory_create(size_t bytes);

#endif
