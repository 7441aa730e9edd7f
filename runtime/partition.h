/* SPDX-License-Identifier: Apache-2.0 */
/*
 * partition.h: a partition as bodies and combiners see it, and the call as generators
 * do.
 */
#ifndef PF_PARTITION_H
#define PF_PARTITION_H

#include "runtime/combine.h"

struct parfun_partition {
    const struct pf_call *call;
    size_t first, count;
    void *const *parts; /* by parameter: its part's beginning */
};

/* A call, or the items of it that another generator has given. */
struct parfun_split {
    const struct pf_call *call;
    size_t first, count;
    bool scattered; /* the items lie here and there */
};

/* Where the partition of a result begins in each argument, for a combiner; `parts` has
 * room for one pointer per parameter. */
void pf_partition_of_result(const struct pf_call *call,
        const struct pf_result *result, void **parts,
        struct parfun_partition *partition);

/* The parameter of that name, or -1. */
int pf_partition_find(const struct pf_call *call, const char *name);

#endif
