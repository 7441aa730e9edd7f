/* SPDX-License-Identifier: Apache-2.0 */
/*
 * density.h: how the cost of the items is spread over the index range of a call.
 *
 * "The second half of the items costs eight times the first" is density, learned
 * once for all classes of device; "the GPU is 40 times faster than a core" is a
 * rate (model.h).  A position is a fraction 0..1 of the index range, so that a
 * density also serves a call with another number of items.
 *
 * Source: multiplicative correction, Gordon, Bender, Herman, "Algebraic
 * reconstruction techniques", J. Theor. Biol. 29 (1970).
 */
#ifndef PF_DENSITY_H
#define PF_DENSITY_H

#include <stdbool.h>
#include <stddef.h>

enum {
    PF_DENSITY_BINS = 64,
    PF_DENSITY_CLASSES = 16 /* of devices, as many as a model has */
};

struct pf_density {
    double calls;      /* that it was learned from */
    double flat_error; /* mean squared log error of assuming equal items ... */
    double error;      /* ... and of this density, on calls not yet learned */
    double to[PF_DENSITY_BINS + 1]; /* work before each bin's begin; 0 .. 1 */
};

/* One finished partition. */
struct pf_density_sample {
    unsigned device_class;
    double begin, end; /* positions */
    double seconds;    /* without the overhead; positive */
};

/* All items alike, nothing learned. */
void pf_density_init(struct pf_density *density);

/* True if every number is finite and in range. */
bool pf_density_valid(const struct pf_density *density);

/* Is it known well enough for decisions? */
bool pf_density_trusted(const struct pf_density *density);

/* Part of the work that lies before a position, and the position before which a
 * part of the work lies. */
double pf_density_work(const struct pf_density *density, double position);
double pf_density_position(const struct pf_density *density, double work);

/* Learns from the partitions of one call.  rescale[c] becomes the new number of
 * units of work per old one for the partitions of class c; scatter[c] the mean squared
 * log error that is left for them, with this density as with a flat one, or -1 where too
 * few tell. */
void pf_density_learn(struct pf_density *density,
        const struct pf_density_sample *samples, size_t count,
        double rescale[PF_DENSITY_CLASSES], double scatter[PF_DENSITY_CLASSES]);

#endif
