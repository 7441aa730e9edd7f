/* SPDX-License-Identifier: Apache-2.0 */
/* native_kernels.c: kernels whose native code is written in C. */
#include "support/native_kernels.h"

#define VALUE(name, type, bytes) { name, type, bytes, bytes, 0, 0, { 0 } }
#define INPUT(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_GLOBAL_SPACE, 1, { 0 } }
#define OUTPUT(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_GLOBAL_SPACE, 0, { 0 } }
#define LOCAL(name, type, bytes) \
    { name, type, bytes, bytes, PARFUN_LOCAL_SPACE, 0, { 0 } }

#define KERNEL_WITH(kernel, flag_bits, clauses, text)                       \
    static const struct parfun_pragma kernel##_pragma = { clauses, 1, 16 }; \
    static const struct parfun_variant kernel##_variant = { "generic",      \
        kernel##_run, 0, 0, NULL };                                         \
    const struct parfun_kernel native_##kernel = {                          \
        .abi = PARFUN_KERNEL_ABI,                                           \
        .flags = (flag_bits),                                               \
        .name = #kernel,                                                    \
        .file = #kernel ".cl",                                              \
        .source = text,                                                     \
        .build = "",                                                        \
        .parameters = kernel##_parameters,                                  \
        .pragmas = &kernel##_pragma,                                        \
        .variants = &kernel##_variant,                                      \
        .parameter_count =                                                  \
                sizeof kernel##_parameters / sizeof kernel##_parameters[0], \
        .pragma_count = 1,                                                  \
        .variant_count = 1,                                                 \
    };
#define KERNEL(kernel, clauses, text) KERNEL_WITH(kernel, 0, clauses, text)

/* The global ids of a box along a dimension: from begin() to end(). */
void (*native_before)(void);

static size_t begin(const struct parfun_ndrange *range, unsigned d)
{
    if (native_before && d == 0)
        native_before();
    return range->global_offset[d] + range->group_begin[d] * range->local_size[d];
}

static size_t end(const struct parfun_ndrange *range, unsigned d)
{
    size_t last = range->group_end[d] * range->local_size[d];
    if (last > range->global_size[d])
        last = range->global_size[d];
    return range->global_offset[d] + last;
}

#define EACH(range, i)          \
    size_t i = begin(range, 0); \
    i < end(range, 0);          \
    i++
#define GET(type, index) (*(type const *)arguments[index])

/* ---- In place ----------------------------------------------------------------- */

static void saxpy_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const float a = GET(float, 0), *x = GET(float *, 1);
    float *y = GET(float *, 2);
    for (EACH(range, i))
        y[i] = a * x[i] + y[i];
}

static const struct parfun_parameter saxpy_parameters[] = { VALUE("a", "float", 4),
    INPUT("x", "float", 4), OUTPUT("y", "float", 4) };
KERNEL(saxpy, "split(x, y) combine(y)",
        "#pragma OPENCL FP_CONTRACT OFF\n"
        "kernel void saxpy(float a, global const float *x, global float *y)\n"
        "{ size_t i = get_global_id(0);  y[i] = a * x[i] + y[i]; }\n")

static void twice_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *x = GET(int *, 0);
    int *y = GET(int *, 1);
    for (EACH(range, i))
        y[i] = 2 * x[i];
}

static const struct parfun_parameter twice_parameters[] = { INPUT("x", "int", 4),
    OUTPUT("y", "int", 4) };
KERNEL(twice, "split(x) combine(y)",
        "kernel void twice(global const int *x, global int *y)\n"
        "{ size_t i = get_global_id(0);  y[i] = 2 * x[i]; }\n")

static void blur_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t w = (size_t)GET(int, 0);
    const int *in = GET(int *, 1);
    int *out = GET(int *, 2);
    for (EACH(range, i))
        for (size_t c = 0; c < w; c++)
            out[i * w + c] =
                    in[i * w + c] + in[(i + 1) * w + c] + in[(i + 2) * w + c];
}

static const struct parfun_parameter blur_parameters[] = { VALUE("w", "int", 4),
    INPUT("in", "int", 4), OUTPUT("out", "int", 4) };
KERNEL(blur, "split(rows(w), halo(1): in) combine(rows(w): out)",
        "kernel void blur(int w, global const int *in, global int *out)\n"
        "{ size_t i = get_global_id(0);\n"
        "  for (int c = 0; c < w; c++) out[i * w + c] = in[i * w + c]\n"
        "      + in[(i + 1) * w + c] + in[(i + 2) * w + c]; }\n")

static void gather_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *index = GET(int *, 0), *table = GET(int *, 1);
    int *out = GET(int *, 2);
    for (EACH(range, i))
        out[i] = table[index[i]];
}

static const struct parfun_parameter gather_parameters[] = {
    INPUT("index", "int", 4), INPUT("table", "int", 4), OUTPUT("out", "int", 4)
};
KERNEL(gather, "split(index) combine(out)",
        "kernel void gather(global const int *index, global const int *table,\n"
        "        global int *out)\n"
        "{ size_t i = get_global_id(0);  out[i] = table[index[i]]; }\n")

static void number_run(const struct parfun_ndrange *range, void *const *arguments)
{
    int *out = GET(int *, 0);
    for (EACH(range, i))
        out[i] = (int)i;
}

static const struct parfun_parameter number_parameters[] = { OUTPUT(
        "out", "int", 4) };
KERNEL(number, "combine(out) ids(absolute)",
        "kernel void number(global int *out)\n"
        "{ size_t i = get_global_id(0);  out[i] = (int)i; }\n")

static void columns_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t rows = (size_t)GET(int, 0), stride = (size_t)GET(int, 1);
    const int *in = GET(int *, 2);
    int *out = GET(int *, 3);
    for (EACH(range, i)) {
        int sum = 0;
        for (size_t r = 0; r < rows; r++)
            sum += in[r * stride + i];
        out[i] = sum;
    }
}

static const struct parfun_parameter columns_parameters[] = { VALUE("rows", "int",
                                                                      4),
    VALUE("stride", "int", 4), INPUT("in", "int", 4), OUTPUT("out", "int", 4) };
KERNEL(columns, "split(columns(stride, rows): in) combine(out)",
        "kernel void columns(int rows, int stride, global const int *in,\n"
        "        global int *out)\n"
        "{ size_t i = get_global_id(0);  int sum = 0;\n"
        "  for (int r = 0; r < rows; r++) sum += in[r * stride + i];\n"
        "  out[i] = sum; }\n")

static void lift_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t rows = (size_t)GET(int, 0), stride = (size_t)GET(int, 1);
    const int *x = GET(int *, 2);
    int *out = GET(int *, 3);
    for (EACH(range, i))
        for (size_t r = 0; r < rows; r++)
            out[r * stride + i] += x[i];
}

static const struct parfun_parameter lift_parameters[] = { VALUE("rows", "int", 4),
    VALUE("stride", "int", 4), INPUT("x", "int", 4), OUTPUT("out", "int", 4) };
KERNEL(lift,
        "split(x) split(columns(stride, rows): out) "
        "combine(columns(stride, rows): out)",
        "kernel void lift(int rows, int stride, global const int *x,\n"
        "        global int *out)\n"
        "{ size_t i = get_global_id(0);\n"
        "  for (int r = 0; r < rows; r++) out[r * stride + i] += x[i]; }\n")

static void plane_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t w = (size_t)GET(int, 0);
    const int *a = GET(int *, 1);
    int *b = GET(int *, 2);
    for (size_t i = begin(range, 1); i < end(range, 1); i++)
        for (size_t c = begin(range, 0); c < end(range, 0); c++)
            b[i * w + c] = a[i * w + c] + (int)c;
}

static const struct parfun_parameter plane_parameters[] = { VALUE("w", "int", 4),
    INPUT("a", "int", 4), OUTPUT("b", "int", 4) };
KERNEL(plane, "range(w, items) split(rows(w): a) combine(rows(w): b)",
        "kernel void plane(int w, global const int *a, global int *b)\n"
        "{ size_t i = get_global_id(1) * w + get_global_id(0);\n"
        "  b[i] = a[i] + (int)get_global_id(0); }\n")

static void places_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int64_t first = GET(int64_t, 0);
    const uint32_t items = GET(uint32_t, 1);
    int64_t *out = GET(int64_t *, 2);
    uint64_t *extent = GET(uint64_t *, 3);
    for (EACH(range, i)) {
        out[i] = first + (int64_t)i;
        extent[i] = items;
    }
}

static const struct parfun_parameter places_parameters[] = { VALUE("begin", "long",
                                                                     8),
    VALUE("n", "uint", 4), OUTPUT("out", "long", 8), OUTPUT("extent", "ulong", 8) };
KERNEL(places, "first(begin) items(n) combine(out, extent)",
        "kernel void places(long begin, uint n, global long *out,\n"
        "        global ulong *extent)\n"
        "{ size_t i = get_global_id(0);  out[i] = begin + (long)i;\n"
        "  extent[i] = n; }\n")

static void backwards_run(
        const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t n = (size_t)GET(int, 0), first = (size_t)GET(int64_t, 1);
    const int *x = GET(int *, 2);
    int *out = GET(int *, 3);
    for (EACH(range, i))
        out[n - 1 - first - i] = x[i];
}

static const struct parfun_parameter backwards_parameters[] = { VALUE("n", "int",
                                                                        4),
    VALUE("begin", "long", 8), INPUT("x", "int", 4), OUTPUT("out", "int", 4) };
KERNEL(backwards, "first(begin) split(x) combine(shared: out)",
        "kernel void backwards(int n, long begin, global const int *x,\n"
        "        global int *out)\n"
        "{ size_t i = get_global_id(0);  out[n - 1 - begin - i] = x[i]; }\n")

/* ---- Reduced, accumulated, packed --------------------------------------------- */

static void dot_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const float *x = GET(float *, 0), *y = GET(float *, 1);
    float *sum = GET(float *, 2);
    for (EACH(range, i))
        sum[i] = x[i] * y[i];
}

static const struct parfun_parameter dot_parameters[] = { INPUT("x", "float", 4),
    INPUT("y", "float", 4), OUTPUT("sum", "float", 4) };
KERNEL(dot, "split(x, y) combine(sum: sum)",
        "kernel void dot(global const float *x, global const float *y,\n"
        "        global float *sum)\n"
        "{ size_t i = get_global_id(0);  sum[i] = x[i] * y[i]; }\n")

static void count_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *bin = GET(int *, 0);
    uint32_t *counts = GET(uint32_t *, 2);
    for (EACH(range, i))
        counts[bin[i]]++;
}

static const struct parfun_parameter count_parameters[] = { INPUT("bin", "int", 4),
    VALUE("n", "int", 4), OUTPUT("counts", "uint", 4) };
KERNEL(count, "split(bin) combine(accumulate(sum, n): counts)",
        "kernel void count(global const int *bin, int n, global uint *counts)\n"
        "{ atomic_inc(&counts[bin[get_global_id(0)]]); }\n")

static void shift_run(const struct parfun_ndrange *range, void *const *arguments)
{
    int *bin = GET(int *, 0), n = GET(int, 1);
    uint32_t *counts = GET(uint32_t *, 2);
    for (EACH(range, i)) {
        counts[bin[i] % n]++;
        bin[i] += n;
    }
}

static const struct parfun_parameter shift_parameters[] = { OUTPUT("bin", "int", 4),
    VALUE("n", "int", 4), OUTPUT("counts", "uint", 4) };
KERNEL(shift, "split(bin) combine(bin) combine(accumulate(sum, n): counts)",
        "kernel void shift(global int *bin, int n, global uint *counts)\n"
        "{ size_t i = get_global_id(0);  atomic_inc(&counts[bin[i] % n]);\n"
        "  bin[i] += n; }\n")

static void weigh_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *bin = GET(int *, 0);
    const float *weight = GET(float *, 1);
    float *sums = GET(float *, 3);
    for (EACH(range, i))
        sums[bin[i]] += weight[i];
}

static const struct parfun_parameter weigh_parameters[] = { INPUT("bin", "int", 4),
    INPUT("weight", "float", 4), VALUE("n", "int", 4), OUTPUT("sums", "float", 4) };
KERNEL(weigh, "split(bin, weight) combine(accumulate(sum, n): sums)",
        "kernel void weigh(global const int *bin, global const float *weight,\n"
        "        int n, global float *sums)\n"
        "{ size_t i = get_global_id(0);  int before, after;\n"
        "  volatile global int *sum = (volatile global int *)&sums[bin[i]];\n"
        "  do { before = *sum;  after = as_int(as_float(before) + weight[i]);\n"
        "  } while (atomic_cmpxchg(sum, before, after) != before); }\n")

static void pick_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *x = GET(int *, 0);
    unsigned char *wanted = GET(unsigned char *, 1);
    int *kept = GET(int *, 2);
    for (EACH(range, i)) {
        wanted[i] = x[i] > 0;
        kept[i] = x[i];
    }
}

static const struct parfun_parameter pick_parameters[] = { INPUT("x", "int", 4),
    OUTPUT("wanted", "uchar", 1), OUTPUT("kept", "int", 4) };
KERNEL(pick, "split(x) combine(pack(wanted): kept)",
        "kernel void pick(global const int *x, global uchar *wanted,\n"
        "        global int *kept)\n"
        "{ size_t i = get_global_id(0);  wanted[i] = x[i] > 0;  kept[i] = x[i]; "
        "}\n")

/* ---- Work-groups ---------------------------------------------------------------- */

static void reverse_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *x = GET(int *, 0);
    int *y = GET(int *, 1), *tile = range->local_memory;
    for (size_t at = begin(range, 0); at < end(range, 0); at += 8) {
        for (size_t l = 0; l < 8; l++)
            tile[l] = x[at + l];
        for (size_t l = 0; l < 8; l++)
            y[at + l] = tile[7 - l];
    }
}

static const struct parfun_parameter reverse_parameters[] = { INPUT("x", "int", 4),
    OUTPUT("y", "int", 4), LOCAL("tile", "int", 4) };
KERNEL_WITH(reverse, PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS,
        "split(x) combine(y) workgroup(8) local(8: tile)",
        "kernel void reverse(global const int *x, global int *y, local int *tile)\n"
        "{ size_t l = get_local_id(0), i = get_global_id(0);  tile[l] = x[i];\n"
        "  barrier(CLK_LOCAL_MEM_FENCE);  y[i] = tile[7 - l]; }\n")
