/* SPDX-License-Identifier: Apache-2.0 */
/* run.h: runs a compiled kernel directly, without the library. */
#ifndef PF_TESTS_COMPILER_RUN_H
#define PF_TESTS_COMPILER_RUN_H

#include "semantics.h"

#include <stdbool.h>

/* Can this machine run code for `isa`, such as "x86-64-v3"? */
bool can_run(const char *isa);

/*
 * Runs the range, in `pieces` boxes of groups along the last dimension with more
 * than one group.  Local and scratch memory are filled with rubbish first, and
 * checked to be untouched behind their ends.  Fails the cmocka test on trouble.
 */
void run_kernel(const struct parfun_variant *variant, const struct range *range,
        size_t pieces, void *const *arguments, size_t local_bytes);

#endif
