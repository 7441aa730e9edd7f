/* SPDX-License-Identifier: Apache-2.0 */
/* host_inside.h: what host.c and host_run.c share; nobody else's. */
#ifndef PF_HOST_INSIDE_H
#define PF_HOST_INSIDE_H

#include "runtime/host.h"
#include "runtime/partition.h"

struct pf_host {
    struct pf_host *next;
    const struct pf_call *call;
    struct pf_host_code code;
    struct pf_limits *limits; /* NULL: none */
    bool caller;              /* it works in the calling thread */
    struct parfun_ndrange range;
    size_t tile;           /* items; 0: partitions are not tiled */
    size_t box;            /* groups that run between two looks at the limits */
    size_t done;           /* items of the partition that were told to the limits */
    uint64_t items, first; /* wide enough for any integer parameter */
    bool accumulated;
    bool plain; /* arguments are values, whole arrays, and those that `moved` lists */
    unsigned moved_count;

    char *memory; /* scratch, local, tiles, copies, in this order */
    size_t memory_bytes;

    unsigned room;    /* of the tables below */
    void **arguments; /* what native code gets */
    union {
        void *pointer;
        size_t bytes;
    } *values;            /* what arguments point at */
    unsigned char *moved; /* cut by items, side by side */
    void **parts;         /* what bodies get */
    char **buffer;        /* in `memory`: tile, or copy, of an argument */
    size_t *steps;        /* bytes from item to item */
    struct pf_host_part {
        char *memory; /* of a partition's size: gathered items, values of a body */
        size_t bytes;
    } *part;
};

/* The caller's arrays, and the library's flags and offsets. */
bool pf_host_is_array(const struct pf_call_argument *argument);

/* Outputs of one value per item that are combined from a buffer. */
bool pf_host_is_tiled(const struct pf_call_argument *argument);

/* Integers that each worker accumulates in a copy of its own. */
bool pf_host_is_copied(const struct pf_call_argument *argument);

#endif
