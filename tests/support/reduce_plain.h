/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_plain.h: the tree of runtime/reduce.h by its definition, slow and plain:
 * what faster code is compared with. */
#ifndef PF_TESTS_SUPPORT_REDUCE_PLAIN_H
#define PF_TESTS_SUPPORT_REDUCE_PLAIN_H

#include "runtime/reduce.h"

/* The reduction of `items` values, at least one.  Writes one result element, of a
 * vector of three only three components. */
void plain_reduce(const struct pf_reduction *reduction, const void *values,
        size_t items, void *result);

#endif
