/* SPDX-License-Identifier: Apache-2.0 */
/* transfers.cl: vload and vstore, shuffle, atomics, and asynchronous copies: sections
 * 6.12.7 and 6.12.10 to 6.12.12. */

/* Vector i of n begins at n * i, aligned as its components are. */
#define COPY(T, n) vstore##n(vload##n(i, x), i, out + base), base += 64;
#define KERNEL(T)                                                             \
    kernel void vectors_##T(global T *out, global const T *x)                 \
    {                                                                         \
        size_t i = get_global_id(0), base = 0;                                \
        if (i < 4) {                                                          \
            COPY(T, 2) COPY(T, 3) COPY(T, 4) COPY(T, 8) COPY(T, 16)           \
        }                                                                     \
    }
KERNEL(char)
KERNEL(ushort)
KERNEL(int)
KERNEL(float)
KERNEL(double)

/* Longer, shorter, and from two sources. */
kernel void shuffles(global uchar *out, global const uchar *x,
        global const uchar *mask)
{
    size_t i = get_global_id(0), n = get_global_size(0);
    uchar16 a = vload16(i, x), b = vload16(i + 1, x), m = vload16(i, mask);

    vstore4(shuffle(a, m.s0123), i, out);
    vstore8(shuffle2(a.s01, b.s01, m.s01234567), i, out + 4 * n);
    vstore16(shuffle(a.s0123, m), i, out + 12 * n);
}

/* Each operation once by each work-item: the results do not depend on the order. */
#define ATOMICS(P, p, old)                                                    \
    P##add(p, v), P##sub(p + 1, v), P##min(p + 2, v), P##max(p + 3, v);       \
    P##and(p + 4, ~(1 << (i & 15))), P##or(p + 5, 1 << (i & 15));             \
    P##xor(p + 6, v), P##inc(p + 7), P##dec(p + 8);                           \
    P##cmpxchg(p + 9, 0, 77);                                                 \
    if (i == 5)                                                               \
        old = P##xchg(p + 10, 1234);

kernel void atomics(global int *out, global const int *x, global long *wide)
{
    local int t[11];
    local long u[11];
    int i = (int)get_global_id(0), n = (int)get_global_size(0), v = x[i];
    int l = (int)get_local_id(0);
    long old = 0;

    if (l < 11)
        t[l] = out[16 + l], u[l] = wide[16 + l];
    barrier(CLK_LOCAL_MEM_FENCE);
    ATOMICS(atomic_, out, old)
    ATOMICS(atomic_, t, old)
    ATOMICS(atom_, wide, old)
    ATOMICS(atom_, u, old)
    barrier(CLK_LOCAL_MEM_FENCE);
    if (l < 11)
        out[16 + l] = t[l], wide[16 + l] = u[l];
    out[32 + i] = (int)old;
}

kernel void async_copies(global float2 *out, global const float2 *x)
{
    local float2 t[64];
    size_t n = get_local_size(0), l = get_local_id(0), g = get_group_id(0);
    event_t e = async_work_group_copy(t, x + g * n, n, 0);

    wait_group_events(1, &e);
    float2 opposite = t[n - 1 - l];
    barrier(CLK_LOCAL_MEM_FENCE);
    t[l] = opposite;
    barrier(CLK_LOCAL_MEM_FENCE);
    e = async_work_group_strided_copy(out + 2 * g * n, t, n, 2, 0);
    wait_group_events(1, &e);
    e = async_work_group_strided_copy(t, x, n, 3, 0);
    wait_group_events(1, &e);
    out[2 * (g * n + l) + 1] = t[l];
}
