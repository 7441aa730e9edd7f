/* SPDX-License-Identifier: Apache-2.0 */
/*
 * semantics.h: what each kernel of barriers.cl, control.cl, storage.cl, values.cl
 * must compute, in plain C: a work-group at a time, as loops over its items.
 */
#ifndef PF_TESTS_COMPILER_SEMANTICS_H
#define PF_TESTS_COMPILER_SEMANTICS_H

#include <parfun/kernel.h>

enum { MOST_ITEMS = 64, ELEMENTS = 1024 };

struct range {
    unsigned dimensions;
    size_t global[3], local[3], offset[3];
    int p; /* the kernels' last parameter */
};

struct place {
    size_t global[3]; /* with the offset */
    size_t local[3];
    int linear; /* in the whole range: the item's element */
};

struct group {
    const struct range *range;
    size_t index[3], count[3], size[3];
    int n; /* items */
    int p;
    const struct place *item;
    int in[MOST_ITEMS];  /* each item's element */
    int out[MOST_ITEMS]; /* likewise; begins as it was */
    const int *all_in;   /* ELEMENTS */
    int *all_out;        /* written back after `out` */
};

struct semantics {
    const char *name;
    const struct parfun_kernel *kernel;
    void (*compute)(struct group *group);
};

/* Ended by a NULL name. */
extern const struct semantics barrier_semantics[];
extern const struct semantics control_semantics[];
extern const struct semantics storage_semantics[];
extern const struct semantics value_semantics[];

#define DECLARE(name) extern const struct parfun_kernel parfun_kernel_##name;
#define ENTRY(name) { #name, &parfun_kernel_##name, name },

#endif
