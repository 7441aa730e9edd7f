/* SPDX-License-Identifier: Apache-2.0 */
/*
 * allocations.h: makes allocations of the program fail, on whichever thread, but for
 * those of shared libraries.  Link with --wrap of malloc, calloc, realloc and
 * aligned_alloc: the linker then puts functions of this file in their place.
 */
#ifndef PF_TESTS_ALLOCATIONS_H
#define PF_TESTS_ALLOCATIONS_H

#include <stdbool.h>

/* From now on `k` allocations succeed, and the next one fails; with `for_ever` all
 * later ones, too. */
void allocations_fail(long k, bool for_ever);

/* All succeed again.  Whether one has failed. */
bool allocations_all_succeed(void);

/* Whether one has failed since allocations_fail(). */
bool allocations_failed(void);

#endif
