/* SPDX-License-Identifier: Apache-2.0 */
/*
 * native_kernels.h: one small kernel for each way of splitting and combining, with
 * native code written in C, for tests that need no kernel compiler.  Where the text
 * is OpenCL C, too, drivers can run it.
 */
#ifndef PF_TESTS_NATIVE_KERNELS_H
#define PF_TESTS_NATIVE_KERNELS_H

#include <parfun/kernel.h>

/* If not NULL, called before each box of work-items runs, by the thread that runs it. */
extern void (*native_before)(void);

/* y = a x + y.  (float a, float *x, float *y) */
extern const struct parfun_kernel native_saxpy;

/* y = 2 x.  (int *x, int *y) */
extern const struct parfun_kernel native_twice;

/* The sum of x * y.  (float *x, float *y, float *sum) */
extern const struct parfun_kernel native_dot;

/* How often each of n bins occurs.  (int *bin, int n, uint32_t *counts) */
extern const struct parfun_kernel native_count;

/* The same, and the bins move on by n, in place.  (int *bin, int n, uint32_t *counts) */
extern const struct parfun_kernel native_shift;

/* The weights of each of n bins.  (int *bin, float *weight, int n, float *sums) */
extern const struct parfun_kernel native_weigh;

/* The positive numbers.  (int *x, int *kept, size_t *count) */
extern const struct parfun_kernel native_pick;

/* Each row of w elements plus its neighbours.  (int w, int *in, int *out) */
extern const struct parfun_kernel native_blur;

/* out = table[index].  (int *index, int *table counted, int *out) */
extern const struct parfun_kernel native_gather;

/* out[i] = i, by absolute ids.  (int *out) */
extern const struct parfun_kernel native_number;

/* The sum of each column.  (int rows, int stride, int *in, int *out) */
extern const struct parfun_kernel native_columns;

/* Each column plus a number.  (int rows, int stride, int *x, int *out) */
extern const struct parfun_kernel native_lift;

/* Groups of 8 reversed in local memory.  (int *x, int *y) */
extern const struct parfun_kernel native_reverse;

/* Two dimensions: b = a + column number.  (int w, int *a, int *b) */
extern const struct parfun_kernel native_plane;

/* out[i] = first + i, extent[i] = items of the partition.  (long *out, ulong
 * *extent) */
extern const struct parfun_kernel native_places;

/* out[items - 1 - i] = x[i], into the whole array.  (int n, int *x, int *out) */
extern const struct parfun_kernel native_backwards;

#endif
