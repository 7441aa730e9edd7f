/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_kernels.h: kernels for opencl_test.c, described as parfun-cc would. */
#ifndef PF_TESTS_OPENCL_KERNELS_H
#define PF_TESTS_OPENCL_KERNELS_H

#include <parfun/kernel.h>

#define COUNT(array) ((uint32_t)(sizeof(array) / sizeof *(array)))

#define FLOATS(name_, const_)         \
    { .name = name_,                  \
        .type = "float",              \
        .bytes = 4,                   \
        .alignment = 4,               \
        .space = PARFUN_GLOBAL_SPACE, \
        .is_const = const_ }

static const struct parfun_parameter saxpy_parameters[] = {
    { .name = "a", .type = "float", .bytes = 4, .alignment = 4 },
    FLOATS("x", 1),
    FLOATS("y", 0),
};

static const struct parfun_kernel saxpy = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "saxpy",
    .file = "saxpy.cl",
    .source = "#pragma parfun split(x, y) combine(y)\n"
              "kernel void saxpy(float a, global const float *x,\n"
              "        global float *y)\n"
              "{ size_t i = get_global_id(0);  y[i] = a * x[i] + y[i]; }",
    .build = "",
    .parameters = saxpy_parameters,
    .parameter_count = COUNT(saxpy_parameters),
};

/* y[row * width + column] = row * 1000 + column */
static const struct parfun_parameter grid_parameters[] = {
    { .name = "width", .type = "int", .bytes = 4, .alignment = 4 },
    FLOATS("y", 0),
};

static const struct parfun_kernel grid = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "grid",
    .file = "grid.cl",
    .source = "kernel void grid(int width, global float *y)\n"
              "{ size_t c = get_global_id(0), r = get_global_id(1);\n"
              "  y[r * width + c] = 1000.0f * r + c; }\n",
    .build = "",
    .parameters = grid_parameters,
    .parameter_count = COUNT(grid_parameters),
};

static const struct parfun_parameter output_parameters[] = { FLOATS("y", 0) };

/* y[i] = i */
static const struct parfun_kernel indices = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "indices",
    .file = "indices.cl",
    .source = "kernel void indices(global float *y)\n"
              "{ y[get_global_id(0)] = get_global_id(0); }\n",
    .build = "",
    .parameters = output_parameters,
    .parameter_count = COUNT(output_parameters),
};

/* y[i] = get_global_size(0) */
static const struct parfun_kernel extent = {
    .abi = PARFUN_KERNEL_ABI,
    .flags = PARFUN_KERNEL_EXTENT,
    .name = "extent",
    .file = "extent.cl",
    .source = "kernel void extent(global float *y)\n"
              "{ y[get_global_id(0)] = get_global_size(0); }\n",
    .build = "",
    .parameters = output_parameters,
    .parameter_count = COUNT(output_parameters),
};

/* Reverses groups of 8, through local memory of both sorts. */
static const struct parfun_parameter reverse_parameters[] = {
    FLOATS("y", 0),
    { .name = "room",
            .type = "float",
            .bytes = 4,
            .alignment = 4,
            .space = PARFUN_LOCAL_SPACE },
};

static const struct parfun_kernel reverse = {
    .abi = PARFUN_KERNEL_ABI,
    .flags = PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS,
    .name = "reverse",
    .file = "reverse.cl",
    .source = "kernel void reverse(global float *y, local float *room)\n"
              "{ local float own[8];\n"
              "  size_t i = get_global_id(0), l = get_local_id(0);\n"
              "  own[l] = room[l] = y[i];\n"
              "  barrier(CLK_LOCAL_MEM_FENCE);\n"
              "  y[i] = 0.5f * (own[7 - l] + room[7 - l]); }\n",
    .build = "",
    .parameters = reverse_parameters,
    .parameter_count = COUNT(reverse_parameters),
};

/* y[i] = table[i] * item.scale, with the last two types user-defined or odd */
static const struct parfun_parameter typed_parameters[] = {
    { .name = "table",
            .type = "float",
            .bytes = 4,
            .alignment = 4,
            .space = PARFUN_CONSTANT_SPACE,
            .is_const = 1 },
    { .name = "how", .type = "struct how", .bytes = 8, .alignment = 4 },
    { .name = "shift", .type = "float3", .bytes = 16, .alignment = 16 },
    FLOATS("y", 0),
};

static const struct parfun_kernel typed = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "typed",
    .file = "typed.cl",
    .source = "struct how { float scale; int unused; };\n"
              "kernel void typed(constant float *table, struct how how,\n"
              "        float3 shift, global float *restrict y)\n"
              "{ size_t i = get_global_id(0);\n"
              "  y[i] = table[i] * how.scale + shift.z; }\n",
    .build = "",
    .parameters = typed_parameters,
    .parameter_count = COUNT(typed_parameters),
};

static const struct parfun_kernel broken = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "broken",
    .file = "broken.cl",
    .source = "kernel void broken(global float *y)\n"
              "{\n"
              "    y[0] = undeclared_thing;\n"
              "}\n",
    .build = "-DSOME=1",
    .parameters = output_parameters,
    .parameter_count = COUNT(output_parameters),
};

/* Runs for as long as the device needs for `rounds` dependent steps. */
static const struct parfun_parameter slow_parameters[] = {
    { .name = "rounds", .type = "uint", .bytes = 4, .alignment = 4 },
    FLOATS("y", 0),
};

static const struct parfun_kernel slow = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "slow",
    .file = "slow.cl",
    .source = "kernel void slow(uint rounds, global float *y)\n"
              "{ uint v = get_global_id(0) + 1;\n"
              "  for (uint i = 0; i < rounds; i++)\n"
              "    for (uint j = 0; j < 1000; j++)\n"
              "      v = v * 1664525u + 1013904223u ^ v >> 7;\n"
              "  y[get_global_id(0)] = v == 7 ? 1.0f : 2.0f; }\n",
    .build = "",
    .parameters = slow_parameters,
    .parameter_count = COUNT(slow_parameters),
};

#endif
