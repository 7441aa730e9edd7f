/* SPDX-License-Identifier: Apache-2.0 */
/* Kernels that together use every clause; compared across backends. */
#pragma OPENCL FP_CONTRACT OFF
#pragma OPENCL EXTENSION cl_khr_fp64 : enable

#pragma parfun split(x, y) combine(y)
kernel void c_saxpy(float a, global const float *x, global float *y)
{
    size_t i = get_global_id(0);

    y[i] = a * x[i] + y[i];
}

/* Built-in functions, within their bounds: no cancellation magnifies them. */
#pragma parfun split(x) combine(y)
kernel void c_waves(global const float *x, global float *y)
{
    size_t i = get_global_id(0);

    y[i] = exp(-x[i] * x[i]) + sin(3 * x[i]) + sqrt(fabs(x[i])) + 2;
}

#pragma parfun split(x) combine(y)
kernel void c_doubles(global const double *x, global double *y)
{
    size_t i = get_global_id(0);

    y[i] = x[i] * x[i] - 0.5 * x[i];
}

/* Rows of three, of bytes: partitions begin at odd addresses. */
#pragma parfun split(rows(3): rgb) combine(grey)
kernel void c_grey(global const uchar *rgb, global uchar *grey)
{
    size_t i = get_global_id(0);

    grey[i] = (uchar)((rgb[3 * i] + 2 * rgb[3 * i + 1] + rgb[3 * i + 2]) / 4);
}

#pragma parfun split(in) combine(out)
kernel void c_pairs(global const int (*in)[2], global int (*out)[2])
{
    size_t i = get_global_id(0);

    out[i][0] = in[i][1];
    out[i][1] = in[i][0];
}

#pragma parfun range(width, items) split(rows(width), halo(2): in)
#pragma parfun combine(rows(width): out)
kernel void c_column_filter(int width, global const int *in, global int *out)
{
    int x = (int)get_global_id(0), y = (int)get_global_id(1), sum = 0;

    for (int k = 0; k < 5; k++)
        sum += (k + 1) * in[(y + k) * width + x];
    out[y * width + x] = sum;
}

#pragma parfun range(width, items) split(columns(height): in)
#pragma parfun combine(columns(height): out)
kernel void c_columns(int width, int height, global const int *in, global int *out)
{
    int x = (int)get_global_id(0), y = (int)get_global_id(1);

    out[x * height + y] = 3 * in[x * height + y] + x;
}

#pragma parfun split(x) combine(min: low) combine(max: high)
#pragma parfun combine(sum: single) combine(sum(double): wide)
kernel void c_floats(global const float *x, global float *low, global float *high,
        global float *single, global float *wide)
{
    size_t i = get_global_id(0);

    low[i] = high[i] = single[i] = wide[i] = x[i];
}

#pragma parfun split(x) combine(sum: sum) combine(sum(long): wide)
#pragma parfun combine(product: product) combine(and: all) combine(or: any)
#pragma parfun combine(xor: odd)
kernel void c_integers(global const int *x, global int *sum, global int *wide,
        global uint *product, global uint *all, global uint *any, global uint *odd)
{
    size_t i = get_global_id(0);

    sum[i] = wide[i] = x[i];
    product[i] = (uint)x[i] | 1;
    all[i] = (uint)x[i] | 0xffff0000u;
    any[i] = odd[i] = (uint)x[i];
}

#pragma parfun split(x) combine(sum: centre)
kernel void c_vectors(global const float4 *x, global float4 *centre)
{
    size_t i = get_global_id(0);

    centre[i] = x[i];
}

#pragma parfun split(x) combine(accumulate(sum, bins): counts)
kernel void c_counts(uint bins, global const uchar *x, global uint *counts)
{
    atomic_inc(&counts[x[get_global_id(0)] % bins]);
}

#pragma parfun split(x) combine(accumulate(max, 16): highest)
kernel void c_highest(global const int *x, global int *highest)
{
    size_t i = get_global_id(0);

    atomic_max(&highest[(uint)x[i] % 16], x[i]);
}

#pragma parfun split(x) first(first)
#pragma parfun combine(pack(wanted): kept, index) combine(pack(other): rest)
kernel void c_filter(int limit, global const int *x, ulong first,
        global uchar *wanted, global int *kept, global ulong *index,
        global int *other, global short *rest)
{
    size_t i = get_global_id(0);

    wanted[i] = x[i] % 100 > limit;
    kept[i] = x[i];
    index[i] = first + i;
    other[i] = x[i] & 1;
    rest[i] = (short)x[i];
}

#pragma parfun split(index) combine(y)
kernel void c_gather(uint entries, global const float *table,
        global const uint *index, constant float *weights, global float *y)
{
    size_t i = get_global_id(0);

    y[i] = table[index[i] % entries] * weights[i % 4 * 0 + index[i] % 4];
}

#pragma parfun ids(absolute) split(x) combine(y)
kernel void c_absolute(global const int *x, global const int *all, global int *y)
{
    size_t i = get_global_id(0);

    y[i] = x[i] + all[i] * 2 + (int)i;
}

#pragma parfun ids(absolute) split(x) combine(sum: s)
kernel void c_absolute_sum(global const int *x, global long *s)
{
    size_t i = get_global_id(0);

    s[i] = (long)x[i] * (long)i;
}

#pragma parfun workgroup(64) local(64: tile) split(x) combine(y)
kernel void c_reverse_groups(
        global const int *x, global int *y, local int *tile)
{
    local int extra[64];
    size_t l = get_local_id(0), i = get_global_id(0);

    tile[l] = x[i];
    extra[l] = (int)l;
    barrier(CLK_LOCAL_MEM_FENCE);
    y[i] = tile[63 - l] + extra[(l + 1) % 64];
}

#pragma parfun range(width, items) workgroup(8, 8) ids(absolute)
#pragma parfun combine(rows(width): y)
kernel void c_group_ids(int width, global int *y)
{
    local int corner;

    if (get_local_id(0) == 0 && get_local_id(1) == 0)
        corner = (int)(get_global_id(1) * 1000 + get_global_id(0));
    barrier(CLK_LOCAL_MEM_FENCE);
    y[get_global_id(1) * width + get_global_id(0)] = corner;
}

#pragma parfun range(width, height, items) combine(rows(width * height): y)
#pragma parfun first(plane) items(planes)
kernel void c_planes(uint width, uint height, ulong plane, uint planes,
        global uint *y)
{
    size_t x = get_global_id(0), row = get_global_id(1), z = get_global_id(2);

    y[(z * height + row) * width + x]
            = (uint)(x + 10 * row + 100 * (z + plane)) + (planes == 0);
}

#pragma parfun split(order) combine(shared: y)
kernel void c_scatter(global const uint *order, global uint *y)
{
    size_t i = get_global_id(0);

    y[order[i]] = (uint)order[i] * 3;
}

struct particle {
    float place[3];
    int kind;
};

#pragma parfun split(from) combine(to)
kernel void c_particles(struct particle step, global const struct particle *from,
        global struct particle *to)
{
    size_t i = get_global_id(0);
    struct particle p = from[i];

    for (int k = 0; k < 3; k++)
        p.place[k] += step.place[k];
    p.kind ^= step.kind;
    to[i] = p;
}

#pragma parfun split(a, b) combine(y)
kernel void c_twice(global const int *a, global const int *b, global int *y)
{
    size_t i = get_global_id(0);

    y[i] = a[i] * 2 + b[i];
}

#pragma parfun items(n) split(x) combine(y)
kernel void c_exact(ulong n, global const int *x, global int *y)
{
    size_t i = get_global_id(0);

    y[i] = get_global_size(0) == n ? x[i] : -1;
}

/* Costs that differ, and a divergent loop. */
#pragma parfun range(width, items) first(row) combine(rows(width): steps)
kernel void c_escape(int width, int row, global int *steps)
{
    int column = (int)get_global_id(0), line = (int)get_global_id(1);
    float a = -2 + 0.01f * (float)column, b = -1 + 0.01f * (float)(row + line);
    float x = 0, y = 0;
    int n = 0;

    while (n < 200 && x * x + y * y < 4) {
        float next = x * x - y * y + a;
        y = 2 * x * y + b;
        x = next;
        n++;
    }
    steps[line * width + column] = n;
}
