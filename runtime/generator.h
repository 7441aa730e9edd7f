/* SPDX-License-Identifier: Apache-2.0 */
/*
 * generator.h: partitions that the user's generators give, one by one, as they are
 * needed: with w workers at most w + 1 are there that have not run.  Several generators
 * of one call go in step.
 *
 * Results in place, reductions and packing need every item once; a call whose outputs
 * all are each() or shared may have pieces that overlap, or leave items out.
 */
#ifndef PF_GENERATOR_H
#define PF_GENERATOR_H

#include "runtime/partition.h"
#include "runtime/source.h"

/* A partition: where each generator's items are. */
struct pf_slot {
    struct pf_slot *next;
    size_t first, count;
    struct pf_cut cuts[PF_GENERATORS_MAX];
    struct pf_indices {
        size_t *index; /* the slot's copy */
        size_t room;
    } indices[PF_GENERATORS_MAX];
};

struct pf_generator {
    struct pf_source source; /* must be first */
    const struct pf_call *call;
    parfun_generator *const *generate; /* by number */
    void *user;
    unsigned count, workers;
    size_t size; /* what the caller wants; 0: guided by what is left */
    struct parfun_split split;
    struct pf_generated {
        struct parfun_piece piece; /* the generator's own */
        size_t next;               /* items before it were given, in order */
        unsigned char *given;      /* a bit per item, once they are not in order */
    } generated[PF_GENERATORS_MAX];
    size_t items;         /* given so far */
    size_t pieces;        /* likewise */
    bool strict;          /* every item once */
    bool ended;           /* nothing more will come */
    unsigned alive;       /* made, and not done */
    struct pf_slot *made; /* by make(), for add(); NULL at the end */
    struct pf_slot *oldest, *newest, *spare;
};

/* `size`: 0, or the number of items that is wanted. */
void pf_generator_begin(struct pf_generator *generator, const struct pf_call *call,
        parfun_generator *const *generate, void *user, unsigned workers,
        size_t size);
/* On the calling thread: lets the generators free their state, once. */
void pf_generator_end(struct pf_generator *generator);

#endif
