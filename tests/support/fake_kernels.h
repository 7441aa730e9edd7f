/* SPDX-License-Identifier: Apache-2.0 */
/* fake_kernels.h: kernels whose native code is written in C, for fake devices and
 * for host devices in tests that need no kernel compiler. */
#ifndef PF_TESTS_FAKE_KERNELS_H
#define PF_TESTS_FAKE_KERNELS_H

#include <parfun/kernel.h>

/* The first item, and the end of the items, of a one-dimensional box. */
static inline size_t fake_begin(const struct parfun_ndrange *range)
{
    return range->group_begin[0] * range->local_size[0];
}

static inline size_t fake_end(const struct parfun_ndrange *range)
{
    size_t end = range->group_end[0] * range->local_size[0];
    return end < range->global_size[0] ? end : range->global_size[0];
}

/* y[i] = a * x[i] + y[i] */
static void fake_saxpy_run(
        const struct parfun_ndrange *range, void *const *arguments)
{
    const float a = *(const float *)arguments[0];
    const float *x = *(const float *const *)arguments[1];
    float *y = *(float *const *)arguments[2];
    for (size_t i = fake_begin(range); i < fake_end(range); i++)
        y[i] = a * x[i] + y[i];
}

static const struct parfun_variant fake_saxpy_variant = { .isa = "generic",
    .run = fake_saxpy_run };

static const struct parfun_parameter fake_saxpy_parameters[] = {
    { .name = "a", .type = "float", .bytes = 4, .alignment = 4 },
    { .name = "x",
            .type = "float",
            .bytes = 4,
            .alignment = 4,
            .space = PARFUN_GLOBAL_SPACE,
            .is_const = 1 },
    { .name = "y",
            .type = "float",
            .bytes = 4,
            .alignment = 4,
            .space = PARFUN_GLOBAL_SPACE },
};

static const struct parfun_pragma fake_saxpy_pragma = {
    .text = "split(x, y) combine(y)", .line = 1, .column = 16
};

static const struct parfun_kernel fake_saxpy = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "saxpy",
    .file = "saxpy.cl",
    .source = "kernel void saxpy(float a, global const float *x, global float *y)\n"
              "{ size_t i = get_global_id(0);  y[i] = a * x[i] + y[i]; }\n",
    .build = "",
    .parameters = fake_saxpy_parameters,
    .pragmas = &fake_saxpy_pragma,
    .variants = &fake_saxpy_variant,
    .parameter_count = 3,
    .pragma_count = 1,
    .variant_count = 1,
};

#endif
