/* SPDX-License-Identifier: Apache-2.0 */
/*
 * gather.h: a partition whose items do not lie side by side.  Its part of an array is
 * gathered into memory of the library's, laid out like the array (the same distance
 * from row to row) with those items alone, and what was written goes back to their places.
 */
#ifndef PF_GATHER_H
#define PF_GATHER_H

#include "runtime/call.h"

/* Is the argument cut by items, so that indices concern it? */
bool pf_gather_concerns(const struct pf_call_argument *argument);

/* Bytes that the gathered items take. */
size_t pf_gather_bytes(const struct pf_call_argument *argument, size_t count);

void pf_gather(const struct pf_call_argument *argument, const size_t *indices,
        size_t count, void *gathered);
void pf_scatter(const struct pf_call_argument *argument, const size_t *indices,
        size_t count, const void *gathered);

#endif
