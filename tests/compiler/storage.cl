/* SPDX-License-Identifier: Apache-2.0 */
/* storage.cl: private, local, constant memory, pointers, structs, atomics. */
#include "semantics.clh"

kernel void private_array_across_barriers(ARGS)
{
    int i = ITEM, t[5];
    for (int k = 0; k < 5; k++)
        t[k] = in[LIN] * k + i;
    shared[i] = t[i % 5];
    SYNC;
    t[shared[(i + 1) % ITEMS] & 3] += 100;
    SYNC;
    int s = 0;
    for (int k = 0; k < 5; k++)
        s = s * 3 + t[k];
    out[LIN] = s;
}

kernel void pointer_to_private_across_barriers(ARGS)
{
    int i = ITEM, x = in[LIN], y = i;
    int *q = (x & 1) ? &x : &y;
    shared[i] = x;
    SYNC;
    *q += shared[(i + 1) % ITEMS];
    SYNC;
    q = (y & 1) ? &x : &y;
    *q *= 3;
    out[LIN] = x * 1000 + y;
}

kernel void local_arrays(ARGS)
{
    local int s[4][64];
    local int one;
    int i = ITEM;
    if (i == 0)
        one = p * 7;
    s[i & 3][i] = in[LIN];
    SYNC;
    int j = (i + 5) % ITEMS;
    out[LIN] = s[j & 3][j] + one;
}

kernel void pointer_to_local_arrays(ARGS)
{
    local int a[64], b[64];
    int i = ITEM;
    local int *mine = (in[LIN] & 1) ? a : b;
    a[i] = in[LIN] * 2;
    b[i] = in[LIN] * 3;
    SYNC;
    local int *end = mine + ITEMS;
    int s = end[-1] - *mine;
    SYNC;
    mine[i] = s;
    SYNC;
    out[LIN] = a[i] * 100 + b[(i + 1) % ITEMS];
}

kernel void local_atomics(ARGS)
{
    local int sum, most;
    if (ITEM == 0)
        sum = 0, most = -1;
    SYNC;
    atomic_add(&sum, in[LIN] & 3);
    atomic_max(&most, in[LIN]);
    atomic_max(&out[LIN], p);
    SYNC;
    out[LIN] += sum + 1000 * most;
}

kernel void local_histogram(ARGS)
{
    local uint count[16];
    for (int b = ITEM; b < 16; b += ITEMS)
        count[b] = 0;
    SYNC;
    atomic_inc(&count[in[LIN] & 15]);
    SYNC;
    out[LIN] = (int)count[ITEM & 15];
}

typedef struct {
    int a;
    float b;
    char c[5];
} record;

static record record_of(int x)
{
    record s;
    s.a = x;
    s.b = x * 0.5f;
    for (int k = 0; k < 5; k++)
        s.c[k] = (char)(x + k);
    return s;
}

kernel void structs(ARGS)
{
    local record s[64];
    int i = ITEM;
    s[i] = record_of(in[LIN]);
    SYNC;
    record q = s[(i + 1) % ITEMS];
    q.c[i % 5] += 3;
    SYNC;
    s[i] = q;
    SYNC;
    record z = s[(i + 2) % ITEMS];
    out[LIN] = z.a + (int)(z.b * 4) + z.c[0] * 3 + z.c[4];
}

constant int table[5] = { 3, 1, 4, 1, 5 };

kernel void program_constants(ARGS)
{
    out[LIN] = table[in[LIN] % 5] + table[(ITEM + p) % 5];
}

kernel void large_private_array(ARGS)
{
    int t[32];
    for (int k = 0; k < 32; k++)
        t[k] = k * in[LIN];
    int s = 0;
    for (int k = 0; k < p; k++)
        s += t[(k * 7 + in[k]) & 31];
    out[LIN] = s;
}

kernel void asynchronous_copies(ARGS)
{
    local int s[256], t[64];
    size_t first = get_group_id(0) & 1;
    event_t e = async_work_group_copy(s, in + first, 16, 0);
    wait_group_events(1, &e);
    e = async_work_group_strided_copy(t, in, 8, 3, 0);
    wait_group_events(1, &e);
    out[LIN] = s[ITEM % 16] + 1 + 1000 * t[ITEM % 8];
}

kernel void bytes(ARGS)
{
    global uchar *to = (global uchar *)out;
    global const uchar *from = (global const uchar *)in;
    size_t i = LIN;
    to[4 * i] = from[4 * i] + (uchar)p;
    to[4 * i + 1] = to[4 * i] * 2;
    to[4 * i + 2] = 0;
    to[4 * i + 3] = 0;
}

kernel void store_in_inner_loop(ARGS)
{
    for (int j = 0; j < 3; j++)
        out[LIN] = (j ? out[LIN] : 0) * 2 + in[LIN] + j;
}

kernel void called_kernel(ARGS)
{
    shared[ITEM] = in[LIN] + p;
    SYNC;
    out[LIN] = shared[ITEMS - 1 - ITEM];
}

kernel void kernel_calls_kernel(ARGS)
{
    called_kernel(out, in, shared, p + 1);
    SYNC;
    out[LIN] = out[LIN] * 2;
}
