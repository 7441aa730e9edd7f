/* SPDX-License-Identifier: Apache-2.0 */
/* rivals.h: other ways to run a loop on all processors, each in a file of its own.
 * They are given a chunk; the library finds its own. */
#ifndef RIVALS_H
#define RIVALS_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Items [begin, end), on any thread. */
typedef void rival_body(void *user, size_t begin, size_t end);

/* Runs the body over all items, at least `chunk` of them at once. */
typedef void rival_loop(size_t items, size_t chunk, rival_body *body, void *user);

struct rival {
    const char *name;
    rival_loop *loop;
};

/* Those that were there when this was built; ends with a name of NULL. */
extern const struct rival rivals[];

rival_loop rival_openmp, rival_tbb;

/* OpenMP's own way to add: parallel for simd reduction. */
float rival_openmp_sum(const float *values, size_t count);

#ifdef __cplusplus
}
#endif
#endif
