/* SPDX-License-Identifier: Apache-2.0 */
/* blocks.cl: kernels whose native code reduces whole blocks as it goes. */
#pragma parfun split(x) combine(sum: s)
kernel void k_sum_float(global const float *x, global float *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(min: s)
kernel void k_min_float(global const float *x, global float *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_float(global const float *x, global float *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(sum(double): s)
kernel void k_wide(global const float *x, global float *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_double(global const float *x, global double *s)
{
    s[get_global_id(0)] = x[get_global_id(0)] / 3.0;
}

#pragma parfun split(x) combine(sum: s)
kernel void k_sum_int(global const int *x, global int *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(min: s)
kernel void k_min_int(global const int *x, global int *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_uint(global const int *x, global uint *s)
{
    s[get_global_id(0)] = (uint)x[get_global_id(0)];
}

#pragma parfun split(x) combine(min: s)
kernel void k_min_long(global const int *x, global long *s)
{
    s[get_global_id(0)] = (long)x[get_global_id(0)] * x[get_global_id(0)] - 7;
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_ulong(global const int *x, global ulong *s)
{
    s[get_global_id(0)] = (ulong)(long)x[get_global_id(0)];
}

/* The additions keep their order although the kernel's need not. */
#pragma parfun split(x) combine(sum: s) build(-cl-fast-relaxed-math)
kernel void k_fast(global const float *x, global float *s)
{
    s[get_global_id(0)] = x[get_global_id(0)];
}

/* Multiplication and addition are not fused across the two. */
#pragma parfun split(x) combine(sum: s)
kernel void k_squares(global const float *x, global float *s)
{
    size_t i = get_global_id(0);

    s[i] = x[i] * x[i];
}

/* Every kind of argument, and a value that is written in several steps. */
#pragma parfun split(rows(3), halo(1): x) split(columns(stride, 2): y)
#pragma parfun first(first) combine(sum: s) combine(rows(2): copy)
kernel void k_everything(int stride, uint first, global const int *x,
        global const int *y, global const int *table, global int *copy,
        global int *s)
{
    size_t i = get_global_id(0);

    s[i] = (int)(first + i);
    for (int k = 0; k < 9; k++)
        s[i] += x[3 * i + k];
    if (y[i] % 2)
        s[i] ^= y[i + stride] + table[(first + i) % 7];
    copy[2 * i] = s[i];
    copy[2 * i + 1] = y[i];
}

/* A loop inside, which is interchanged. */
#pragma parfun split(x) combine(sum: s)
kernel void k_loop(uint count, global const float *x, global const float *table,
        global float *s)
{
    size_t i = get_global_id(0);
    float sum = 0;

    for (uint j = 0; j < count; j++)
        sum += table[j] * (x[i] - (float)j);
    s[i] = sum;
}

/* Vectors: component by component. */
#pragma parfun split(x) combine(sum: s)
kernel void k_sum_float4(global const float *x, global float4 *s)
{
    float v = x[get_global_id(0)];

    s[get_global_id(0)] = (float4)(v, -v, 0.5f * v, 1);
}

#pragma parfun split(x) combine(sum(double): s)
kernel void k_wide2(global const float *x, global float2 *s)
{
    s[get_global_id(0)] = (float2)(x[get_global_id(0)], -1);
}

#pragma parfun split(x) combine(min: s)
kernel void k_min_float3(global const float *x, global float3 *s)
{
    float v = x[get_global_id(0)];

    s[get_global_id(0)] = (float3)(v, -v, v * v);
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_double16(global const float *x, global double16 *s)
{
    double v = x[get_global_id(0)];

    s[get_global_id(0)] = (double16)(v, -v, v * v, 1, 2, 3, 4, 5, v, -v, 1 - v, v / 3,
            6, 7, 8, 9);
}

#pragma parfun split(x) combine(sum: s)
kernel void k_sum_ulong2(global const int *x, global ulong2 *s)
{
    ulong v = (ulong)(long)x[get_global_id(0)];

    s[get_global_id(0)] = (ulong2)(v, v << 40);
}

#pragma parfun split(x) combine(max: s)
kernel void k_max_int8(global const int *x, global int8 *s)
{
    s[get_global_id(0)] = x[get_global_id(0)] ^ (int8)(0, 1, 3, 7, -1, -2, 1 << 30, 9);
}

/* Several results, of several types and shapes. */
#pragma parfun split(x) combine(sum: total, high) combine(sum(double): wide)
#pragma parfun combine(max: most) combine(min: least)
kernel void k_several(global const float *x, global float *total, global float *wide,
        global double *most, global uint *high, global int2 *least)
{
    size_t i = get_global_id(0);

    total[i] = x[i];
    wide[i] = x[i] * x[i];
    most[i] = x[i] / 7.0;
    high[i] = x[i] > 0;
    least[i] = (int2)(as_int(x[i]), 3);
}

/* Every operator, and types that are narrow or widened. */
#pragma parfun split(x) combine(product: product, scale) combine(and: all)
#pragma parfun combine(or: any) combine(xor: odd) combine(sum(long): wide)
#pragma parfun combine(sum(ulong): bytes) combine(sum: wrapped) combine(min: low)
#pragma parfun combine(max: high)
kernel void k_rare(global const int *x, global ushort *product, global float *scale,
        global uint *all, global ulong *any, global uchar2 *odd, global int *wide,
        global uchar *bytes, global char *wrapped, global short *low, global char *high)
{
    size_t i = get_global_id(0);

    product[i] = (ushort)(x[i] | 0xf001);
    scale[i] = x[i] > 0 ? 1.0009765625f : 0.9990234375f;
    all[i] = (uint)x[i] | 0x0f0ff0f0;
    any[i] = (ulong)x[i] << 33;
    odd[i] = (uchar2)((uchar)x[i], (uchar)(x[i] >> 8));
    wide[i] = x[i];
    bytes[i] = (uchar)x[i];
    wrapped[i] = (char)x[i];
    low[i] = (short)((x[i] & 0x3fff) - 2);
    high[i] = (char)(x[i] & 0x9f);
}

/* One that asks how many items there are gets them all. */
#pragma parfun split(x) items(n) combine(sum: s)
kernel void k_items(uint n, global const int *x, global int *s)
{
    s[get_global_id(0)] = x[n - 1 - get_global_id(0)];
}
