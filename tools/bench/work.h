/* SPDX-License-Identifier: Apache-2.0 */
/* work.h: what the kernels of kernels/ are measured with, and rivals for each. */
#ifndef WORK_H
#define WORK_H

#include <parfun/kernel.h>

struct work {
    size_t items; /* what is cut: elements, rows, bodies */
    float a;
    const float *x; /* saxpy, dot */
    float *y;
    float sum;
    const float *option[6]; /* Black-Scholes: spot, strike, rate, dividend,
                               volatility, time */
    float *call, *put;
    int width, limit; /* Mandelbrot, stencil */
    float left, top, step;
    int32_t *steps;
    const float *in; /* stencil: a row more at either end */
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

/* Does the items [begin, end) of the work. */
typedef void work_part(struct work *work, size_t begin, size_t end);

/* Hand-written C, compiled in several ways: hand.c, hand_simd.c. */
struct hand {
    const char *name; /* compiler and flags */
    work_part *saxpy, *dot, *black_scholes, *mandelbrot, *nbody, *stencil,
            *histogram, *sgemm;
};

extern const struct hand hand_gcc, hand_gcc_fast, hand_clang, hand_clang_fast;

/* NULL where the machine lacks AVX-512. */
const struct hand *hand_simd(void);

struct work *work_create(void);
void work_destroy(struct work *work);

/* Sizes for one core: about a millisecond each, data in the second-level cache
 * where the kernel is bound by memory. */
enum {
    WORK_SAXPY = 32768,
    WORK_DOT = 1 << 18,
    WORK_OPTIONS = 1 << 18,
    WORK_MANDELBROT = 512,
    WORK_BODIES = 4096,
    WORK_STENCIL = 512,
    WORK_PIXELS = 1 << 21,
    WORK_SGEMM = 256
};

#endif
