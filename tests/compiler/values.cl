/* SPDX-License-Identifier: Apache-2.0 */
/* values.cl: ids, vectors of every width, arithmetic of every size. */
#include "semantics.clh"

kernel void ids(ARGS)
{
    out[LIN] = (int)(get_global_id(0) + 10 * get_global_id(1)
            + 100 * get_global_id(2) + 1000 * get_local_id(0)
            + 3000 * get_local_id(1) + 5000 * get_local_id(2)
            + 7 * get_group_id(0) + 11 * get_group_id(1)
            + 13 * get_group_id(2) + 17 * get_num_groups(0)
            + 19 * get_local_size(0) + 23 * get_global_size(1)
            + 29 * get_work_dim() + 31 * get_global_offset(0)
            + get_local_id(5) + 41 * get_global_id(3));
}

kernel void ids_by_variable(ARGS)
{
    size_t sum = 0;
    for (uint d = 0; d < 5; d++)
        sum = sum * 7 + get_global_id(d) + 3 * get_local_size(d)
                + 5 * get_num_groups(d) + get_group_id(d);
    out[LIN] = (int)(sum + get_global_id((uint)p));
}

kernel void vectors_across_barriers(ARGS)
{
    int i = ITEM;
    int4 v = (int4)(in[LIN], i, p, 4);
    v.xy = v.yx;
    v.s2 += v.w;
    int8 w = (int8)(v, v.wzyx);
    w.even = w.odd;
    shared[i] = w.s7 + v.x;
    SYNC;
    int4 u = (int4)(shared[(i + 1) % ITEMS]) - v;
    u = select(u, v, u > v);
    out[LIN] = u.x + 3 * u.y + 5 * u.z + 7 * u.w + 11 * any(u == v)
            + (int)dot(convert_float4(u & 63), (float4)(1, 2, 3, 4));
}

kernel void vectors_of_two_and_three(ARGS)
{
    int3 a = (int3)(in[LIN], (int)LIN, p);
    int2 b = a.zx * (int2)(3, 5) - a.yy;
    a = a.zxy + (int3)(b, 1);
    a.xz = b;
    out[LIN] = a.x ^ (a.y * 7) ^ (a.z * 31);
}

kernel void vectors_of_sixteen(ARGS)
{
    short16 v = (short16)((short)in[LIN]);
    v += (short16)(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    v.lo *= v.hi;
    v.odd -= v.even;
    int16 w = convert_int16(v) << 2;
    w = w.s0 > 100 ? w : w.sfedcba9876543210;
    int8 h = w.lo + w.hi;
    int4 q = h.lo - h.hi;
    out[LIN] = q.x + 3 * q.y + 5 * q.z + 7 * q.w;
}

kernel void vectors_from_memory(ARGS)
{
    int base = (int)LIN & 7;
    int8 v = vload8(0, in + base);
    int3 t = vload3(base, in);
    int s = v.s0 + 2 * v.s7 + 3 * t.x + 5 * t.z;
    vstore2((int2)(s, s + 1), ITEM, shared);
    SYNC;
    out[LIN] = shared[2 * ITEM] * shared[2 * ITEM + 1];
}

kernel void integers_of_every_size(ARGS)
{
    char c = (char)in[LIN];
    uchar uc = (uchar)(c * 3);
    short s = (short)(c * 300);
    ushort us = (ushort)(s + 40000);
    long l = (long)in[LIN] << 33;
    ulong ul = (ulong)l * 3 + us;
    uint u = (uint)(ul >> 31) ^ uc;
    out[LIN] = (int)u + s + (int)(l / 12345) + (int)(ul % 1000)
            + (c >> 1) + (uc >> 1);
}

kernel void doubles(ARGS)
{
    double d = in[LIN] * 1.25;
    d = sqrt(d * d + 0.5) + d / 3;
    out[LIN] = (int)(d * 1e4);
}

kernel void floats(ARGS)
{
    float x = in[LIN] * 0.25f;
    float y = floor(x) + fabs(-x) + fmin(x, 0.75f) + clamp(x, 0.25f, 0.5f)
            + fma(x, x, x) + sqrt(x * x);
    out[LIN] = (int)(y * 16.0f);
}

inline int doubled(int x)
{
    return 2 * x;
}

extern inline int negated(int x)
{
    return -x;
}

kernel void functions_that_are_inline(ARGS)
{
    out[LIN] = doubled(in[LIN]) + negated(p);
}
