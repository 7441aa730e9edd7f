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

/* One that asks how many items there are gets them all. */
#pragma parfun split(x) items(n) combine(sum: s)
kernel void k_items(uint n, global const int *x, global int *s)
{
    s[get_global_id(0)] = x[n - 1 - get_global_id(0)];
}
