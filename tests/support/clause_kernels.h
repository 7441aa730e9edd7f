/* SPDX-License-Identifier: Apache-2.0 */
/* clause_kernels.h: made-up kernels, of which only the parameters exist, for what
 * reads clauses: its tests and its fuzzer. */
#ifndef PF_TESTS_SUPPORT_CLAUSE_KERNELS_H
#define PF_TESTS_SUPPORT_CLAUSE_KERNELS_H

#include <parfun/kernel.h>

#include <string.h>

/* Tables, set by hand. */
/* clang-format off */
#define VALUE(name, type, bytes) { name, type, bytes, bytes, 0, 0, 0, { 0 } }
#define INPUT(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_GLOBAL_SPACE, 1, 0, { 0 } }
#define OUTPUT(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } }
#define CONSTANT(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_CONSTANT_SPACE, 0, 0, { 0 } }
#define LOCAL(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_LOCAL_SPACE, 0, 0, { 0 } }
#define KERNEL(name, flags)                                     \
    { PARFUN_KERNEL_ABI, flags, #name, #name ".cl", "", "",     \
        name##_parameters, NULL, NULL,                          \
        sizeof name##_parameters / sizeof name##_parameters[0], \
        0, 0, { 0, 0, 0 } }

static const struct parfun_parameter saxpy_parameters[] = {
    VALUE("a", "float", 4), INPUT("x", "float", 4), OUTPUT("y", "float", 4)
};
static const struct parfun_parameter blur_parameters[] = {
    VALUE("width", "int", 4), INPUT("in", "float", 4), OUTPUT("out", "float", 4)
};
static const struct parfun_parameter summary_parameters[] = {
    INPUT("x", "float", 4), OUTPUT("low", "float", 4),
    OUTPUT("high", "float", 4), OUTPUT("total", "float", 4)
};
static const struct parfun_parameter above_parameters[] = {
    VALUE("limit", "float", 4), INPUT("price", "float", 4),
    VALUE("row", "ulong", 8), OUTPUT("wanted", "uchar", 1),
    OUTPUT("kept", "float", 4), OUTPUT("index", "ulong", 8)
};
static const struct parfun_parameter histogram_parameters[] = {
    INPUT("pixel", "uchar", 1), OUTPUT("bins", "uint", 4)
};
static const struct parfun_parameter mandelbrot_parameters[] = {
    VALUE("width", "int", 4), VALUE("left", "float", 4),
    VALUE("top", "float", 4), VALUE("step", "float", 4),
    VALUE("limit", "int", 4), VALUE("row", "int", 4), OUTPUT("steps", "int", 4)
};
static const struct parfun_parameter accelerate_parameters[] = {
    VALUE("dt", "float", 4), VALUE("count", "uint", 4),
    INPUT("all", "float4", 16), INPUT("position", "float4", 16),
    OUTPUT("velocity", "float4", 16)
};
static const struct parfun_parameter throw_darts_parameters[] = {
    VALUE("first", "ulong", 8), VALUE("throws", "uint", 4),
    OUTPUT("hits", "ulong", 8)
};
static const struct parfun_parameter transpose_parameters[] = {
    VALUE("width", "int", 4), VALUE("height", "int", 4),
    INPUT("in", "float", 4), OUTPUT("out", "float", 4),
    LOCAL("tile", "float", 4)
};
static const struct parfun_parameter transpose_plain_parameters[] = {
    VALUE("width", "int", 4), VALUE("height", "int", 4),
    INPUT("in", "float", 4), OUTPUT("out", "float", 4)
};
static const struct parfun_parameter relative_metrics_parameters[] = {
    INPUT("value", "double", 8), INPUT("begin", "uint", 4),
    OUTPUT("to_mean", "double", 8), OUTPUT("average", "double", 8)
};
/* Every kind of parameter that is no output. */
static const struct parfun_parameter inputs_parameters[] = {
    VALUE("w", "int", 4), VALUE("n", "unsigned int", 4),
    VALUE("h", "uchar", 1), VALUE("k", "size_t", 8), VALUE("f", "float", 4),
    VALUE("pair", "int2", 8), VALUE("point", "struct point", 12),
    INPUT("in", "float", 4), INPUT("other", "struct point", 12),
    CONSTANT("table", "float", 4), INPUT("bytes", "void", 1)
};
/* Every kind of output. */
static const struct parfun_parameter outputs_parameters[] = {
    VALUE("n", "int", 4), OUTPUT("tiny", "char", 1), OUTPUT("whole", "int", 4),
    OUTPUT("mask", "uint", 4), OUTPUT("real", "float", 4),
    OUTPUT("fine", "double", 8), OUTPUT("halves", "half", 2),
    OUTPUT("points", "float3", 16), OUTPUT("pairs", "int2", 8),
    OUTPUT("bodies", "struct body", 40), OUTPUT("flag", "uchar", 1),
    OUTPUT("mark", "int", 4)
};
static const struct parfun_parameter tiles_parameters[] = {
    VALUE("w", "int", 4), LOCAL("one", "float", 4), LOCAL("two", "int4", 16),
    OUTPUT("out", "float", 4)
};

static const struct parfun_kernel clause_kernels[] = {
    KERNEL(saxpy, 0),
    KERNEL(blur, 0),
    KERNEL(summary, 0),
    KERNEL(above, 0),
    KERNEL(histogram, 0),
    KERNEL(mandelbrot, 0),
    KERNEL(accelerate, 0),
    KERNEL(throw_darts, 0),
    KERNEL(transpose, PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS
                    | PARFUN_KERNEL_GROUP_EXTENT),
    KERNEL(transpose_plain, 0),
    KERNEL(relative_metrics, 0),
    KERNEL(inputs, 0),
    KERNEL(outputs, 0),
    KERNEL(tiles, PARFUN_KERNEL_BARRIERS),
};

enum { CLAUSE_KERNELS = sizeof clause_kernels / sizeof clause_kernels[0] };

/* NULL if there is none of that name. */
static inline const struct parfun_kernel *clause_kernel(const char *name)
{
    for (int i = 0; i < CLAUSE_KERNELS; i++)
        if (strcmp(clause_kernels[i].name, name) == 0)
            return &clause_kernels[i];
    return NULL;
}

#undef VALUE
#undef INPUT
#undef OUTPUT
#undef CONSTANT
#undef LOCAL
#undef KERNEL

#endif
