/* SPDX-License-Identifier: Apache-2.0 */
/* barriers.cl: barriers in every kind of control flow. */
#include "semantics.clh"

kernel void reversed(ARGS)
{
    int i = ITEM;
    shared[i] = in[LIN];
    SYNC;
    out[LIN] = shared[ITEMS - 1 - i];
}

kernel void barrier_in_loop(ARGS)
{
    int i = ITEM;
    shared[i] = in[LIN];
    SYNC;
    for (int k = 0; k < p; k++) {
        int v = shared[(i + 1) % ITEMS];
        SYNC;
        shared[i] = v + k;
        SYNC;
    }
    out[LIN] = shared[i];
}

kernel void barrier_in_do_while(ARGS)
{
    int i = ITEM, k = 0, sum = 0;
    shared[i] = in[LIN];
    do {
        SYNC;
        sum += shared[(i + k) % ITEMS];
        SYNC;
        shared[i] += k;
        k++;
    } while (k < p);
    out[LIN] = sum;
}

kernel void barriers_in_nested_loops(ARGS)
{
    int i = ITEM, sum = in[LIN];
    for (int a = 0; a < p; a++) {
        shared[i] = sum;
        SYNC;
        for (int b = 0; b < a; b++) {
            sum += shared[(i + b + 1) % ITEMS];
            SYNC;
            shared[i] ^= b;
            SYNC;
        }
        if (a & 1) {
            sum -= shared[0];
            SYNC;
            shared[i] = sum;
        }
        SYNC;
    }
    out[LIN] = sum;
}

kernel void barrier_in_branch(ARGS)
{
    int i = ITEM, sum = 0;
    shared[i] = in[LIN];
    if (p > 3) {
        SYNC;
        sum = shared[ITEMS - 1 - i];
    } else {
        SYNC;
        sum = 2 * shared[ITEMS - 1 - i];
        SYNC;
    }
    out[LIN] = sum + i;
}

static int third_next(local int *shared, int i, int n, int x)
{
    shared[i] = x;
    SYNC;
    int r = shared[(i + 3) % n];
    SYNC;
    return r;
}

kernel void barrier_in_function(ARGS)
{
    int i = ITEM;
    int a = third_next(shared, i, ITEMS, in[LIN]);
    int b = third_next(shared, i, ITEMS, a * 2);
    out[LIN] = a + b * (third_next(shared, i, ITEMS, b) & 7);
}

kernel void loop_left_between_barriers(ARGS)
{
    int i = ITEM, sum = 0;
    shared[i] = in[LIN];
    SYNC;
    for (int k = 0;; k++) {
        sum += shared[(i + k) % ITEMS];
        SYNC;
        if (k >= p)
            break;
        if (k == 2) {
            shared[i] += 1;
            SYNC;
            continue;
        }
        shared[i] ^= k;
        SYNC;
    }
    out[LIN] = sum;
}

kernel void barriers_in_switch(ARGS)
{
    int i = ITEM, r = 0;
    shared[i] = in[LIN];
    switch (p & 3) {
    case 0:
        SYNC;
        r = shared[0];
        break;
    case 1:
        r = 5;
        SYNC;
        r += shared[ITEMS - 1];
    case 2:
        SYNC;
        r = r + shared[i] + 2;
        break;
    default:
        r = -1;
    }
    SYNC;
    switch (in[LIN] & 3) {
    case 0:
        r += 1;
        break;
    case 1:
        r *= 3;
        break;
    case 2:
        r -= 7;
    default:
        r ^= 55;
    }
    out[LIN] = r;
}

kernel void loop_bound_from_memory(ARGS)
{
    int i = ITEM, sum = 0;
    int n = in[0] & 7;
    for (int k = 0; k < n; k++) {
        shared[i] = sum + k + in[LIN];
        SYNC;
        sum += shared[(i + k) % ITEMS];
        SYNC;
    }
    out[LIN] = sum;
}

kernel void global_memory_across_barriers(ARGS)
{
    out[LIN] = in[LIN];
    barrier(CLK_GLOBAL_MEM_FENCE);
    int i = ITEM;
    if (i == 0)
        shared[0] = 0;
    SYNC;
    if (i == ITEMS - 1)
        shared[0] = out[LIN];
    SYNC;
    int v = shared[0];
    barrier(CLK_GLOBAL_MEM_FENCE | CLK_LOCAL_MEM_FENCE);
    out[LIN] = v + in[LIN];
}

kernel void one_item_works_for_all(ARGS)
{
    int i = ITEM;
    shared[i] = in[LIN];
    SYNC;
    if (i == 0) {
        int s = 0;
        for (int k = 0; k < ITEMS; k++)
            s += shared[k];
        shared[0] = s;
    }
    SYNC;
    out[LIN] = shared[0] - in[LIN];
    SYNC;
}

kernel void values_swapped_across_barriers(ARGS)
{
    int i = ITEM, a = in[LIN], b = i;
    for (int k = 0; k < p; k++) {
        int t = a;
        a = b;
        b = t + k;
        shared[i] = a;
        SYNC;
        a += shared[(i + 1) % ITEMS];
        SYNC;
    }
    out[LIN] = a * 31 + b;
}

kernel void guard_before_barrier(ARGS)
{
    if (get_global_id(0) < get_global_offset(0))
        return;
    int i = ITEM;
    shared[i] = in[LIN];
    SYNC;
    out[LIN] = shared[ITEMS - 1 - i] + 1;
}

kernel void uniform_return_before_barrier(ARGS)
{
    int i = ITEM;
    shared[i] = in[LIN];
    if (p == 5) {
        out[LIN] = -i;
        return;
    }
    SYNC;
    out[LIN] = shared[ITEMS - 1 - i];
}

kernel void divergent_loop_between_barriers(ARGS)
{
    int i = ITEM, n = 0;
    shared[i] = in[LIN];
    SYNC;
    uint x = (uint)shared[(i + 1) % ITEMS] + 1;
    while (x != 1) {
        x = (x & 1) ? 3 * x + 1 : x >> 1;
        n++;
    }
    SYNC;
    shared[i] = n;
    SYNC;
    out[LIN] = shared[ITEMS - 1 - i];
}

kernel void scan(ARGS)
{
    int i = ITEM;
    shared[i] = in[LIN];
    SYNC;
    for (int step = 1; step < ITEMS; step <<= 1) {
        int t = i >= step ? shared[i - step] : 0;
        SYNC;
        shared[i] += t;
        SYNC;
    }
    out[LIN] = shared[i];
}
