/* SPDX-License-Identifier: Apache-2.0 */
/* work.h: what the kernels of kernels/ are measured with, and rivals for each. */
#ifndef WORK_H
#define WORK_H

#include <parfun/kernel.h>

#ifdef __cplusplus
extern "C" {
#endif

enum work_kind {
    WORK_SAXPY,
    WORK_DOT,
    WORK_OPTIONS, /* Black-Scholes */
    WORK_MANDELBROT,
    WORK_BODIES,
    WORK_STENCIL,
    WORK_HISTOGRAM,
    WORK_SGEMM,
    WORK_KINDS
};

/* How many items: elements, bodies, pixels, or rows of a square. */
typedef size_t work_sizes[WORK_KINDS];

/* For one core: about a millisecond each, data in the second-level cache where the
 * kernel is bound by memory.  For the whole machine: some milliseconds. */
extern const work_sizes work_small, work_large;

/* Items that are worth a thread's asking for more; all items are whole chunks. */
extern const work_sizes work_chunks;

struct work {
    size_t items[WORK_KINDS];
    float a;
    const float *x; /* saxpy, dot */
    float *y, *y_before;
    float sum;
    const float *option[6]; /* spot, strike, rate, dividend, volatility, time */
    float *call, *put;
    int width, limit; /* Mandelbrot */
    float left, top, step;
    int32_t *steps;
    int side;        /* stencil */
    const float *in; /* a row more at either end */
    float *out;
    const parfun_float4 *body; /* n-body */
    parfun_float4 *pull;
    float softening;
    const unsigned char *pixel; /* histogram */
    uint32_t bins[256];
    uint32_t columns, inner; /* sgemm */
    const float *left_matrix, *right_matrix;
    float *product;
};

struct work *work_create(const work_sizes sizes);
void work_destroy(struct work *work);

/* Puts everything that this kind of work writes into its first state, and the sum
 * over it, each place with a weight of its own. */
void work_clear(struct work *work, enum work_kind kind);
double work_sum(const struct work *work, enum work_kind kind);

/* Does the items [begin, end) of the work. */
typedef void work_part(struct work *work, size_t begin, size_t end);

/* Hand-written C, compiled in several ways: hand.c, hand_simd.c. */
struct hand {
    const char *name; /* compiler and flags */
    bool fast;        /* may reorder, and ignore what is not finite */
    work_part *part[WORK_KINDS];
};

/* All that run here; ends with NULL. */
const struct hand *const *work_hands(void);

/* What a good engineer would run: without fast math, with explicit vectors where
 * there are such. */
work_part *work_best_hand(enum work_kind kind);

/* For parts on several threads: what reductions find joins under a lock.  To be
 * cleared before. */
bool work_is_reduced(enum work_kind kind);
void work_clear_reduced(struct work *work);
void work_run_part(struct work *work, enum work_kind kind, work_part *part,
        size_t begin, size_t end);

#ifdef __cplusplus
}
#endif
#endif
