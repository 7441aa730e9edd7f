/* SPDX-License-Identifier: Apache-2.0 */
/* control.cl: guards, and loops that every work-item leaves when it likes. */
#include "semantics.clh"

kernel void early_return(ARGS)
{
    if (OFF(0) >= (size_t)p)
        return;
    out[LIN] = in[LIN] * 3 + ITEM;
}

kernel void guard_below_zero(ARGS)
{
    size_t i = OFF(0);
    if (i < (size_t)(p - 9) - 2)
        out[LIN] = in[LIN] + 1;
}

/* Where p is 7, n - 2 would overflow, but is not reached. */
kernel void guard_behind_a_guard(ARGS)
{
    int n = (int)((uint)p * 0x71234567u ^ 0x97f6e5d1u);
    if (n < 3)
        return;
    if ((int)get_local_id(2) >= n - 2)
        return;
    out[LIN] = in[LIN] + n / (n - 2);
}

kernel void guard_with_a_division(ARGS)
{
    uint d = (uint)p & 3;
    if (d == 0)
        return;
    if ((uint)OFF(0) >= 40 / d)
        return;
    out[LIN] = in[LIN] + 5;
}

kernel void guards_in_two_dimensions(ARGS)
{
    size_t i = OFF(0);
    if (i >= (size_t)p * 3 || OFF(1) == 2)
        return;
    int sum = 0;
    for (int j = 0; j < p; j++)
        sum += in[j] ^ (int)LIN;
    out[LIN] = sum;
}

kernel void inner_loops(ARGS)
{
    int sum = 0;
    for (int j = 0; j < p; j++) {
        int t = in[j] * (int)LIN;
        for (int k = 0; k < 3; k++)
            t = t * 5 + k;
        sum += t;
    }
    out[LIN] = sum;
}

kernel void break_and_continue(ARGS)
{
    int i = ITEM, sum = 0;
    for (int k = 0; k < (in[LIN] & 15); k++) {
        if ((k + i) % 3 == 0)
            continue;
        sum += k * i;
        if (sum > 200)
            break;
    }
    shared[i] = sum;
    SYNC;
    int n = shared[(i + 1) % ITEMS];
    while (n > 0) {
        sum += n & 1;
        n >>= 1;
    }
    out[LIN] = sum;
}

kernel void collatz(ARGS)
{
    uint x = (uint)in[LIN] + 1;
    int n = 0;
    while (x != 1) {
        x = (x & 1) ? 3 * x + 1 : x >> 1;
        n++;
    }
    out[LIN] = n;
}

kernel void common_divisor(ARGS)
{
    uint a = (uint)in[LIN] * 12 + (uint)LIN, b = (uint)in[LIN] + 7;
    while (b) {
        uint t = a % b;
        a = b;
        b = t;
    }
    out[LIN] = (int)a;
}

kernel void do_while_of_its_own_length(ARGS)
{
    uint a = (uint)LIN, b = 1, n = (uint)in[LIN] * 50, k = 0;
    do {
        uint t = a;
        a = b;
        b += t;
        k += 3;
    } while (b < n);
    out[LIN] = (int)(a * 31 + b + k);
}

kernel void many_exits(ARGS)
{
    int x = in[LIN], r = -1, k = 0;
    for (;; k++) {
        if (k > x) {
            r = k;
            break;
        }
        if ((x & 7) == 3) {
            r = x * 100;
            break;
        }
        if (k == 13) {
            out[LIN] = k + 1000 * x;
            return;
        }
        x += (k & 3);
    }
    out[LIN] = r + k;
}

kernel void booleans_in_divergent_loop(ARGS)
{
    int x = in[LIN];
    bool f = x & 1, g = true;
    int n = 0;
    while (n < 40 && (f || g)) {
        bool t = f;
        f = g && ((x >> (n & 7)) & 1);
        g = t != ((x * n) & 4 ? true : false);
        n++;
        x ^= n;
    }
    out[LIN] = n * 4 + f * 2 + g;
}

kernel void divergent_loop_that_loads(ARGS)
{
    int k = 0, sum = (int)LIN;
    while (k < 100 && sum < 3000) {
        sum += in[k];
        k++;
    }
    out[LIN] = sum * 128 + k;
}

kernel void divergent_loop_in_uniform_loop(ARGS)
{
    int sum = 0;
    for (int j = 0; j < 5; j++) {
        uint x = (uint)(in[LIN] + j);
        while (x > 3) {
            x = x - (x >> 2) - 1;
            sum += j;
        }
        sum = sum * 3 + (int)x;
    }
    out[LIN] = sum;
}

kernel void global_atomics_in_loop(ARGS)
{
    int i = in[LIN];
    for (int k = 0; k < 3; k++)
        atomic_xor(&out[(i + k) & 15], (int)LIN * (k + 1));
}

kernel void division_by_what_may_be_0(ARGS)
{
    uint d = (uint)p & 3;
    int x = in[LIN];
    if (d)
        x += (int)(1000 / d);
    if (d != 1 && x > 20)
        x %= (int)d - 1;
    out[LIN] = x;
}

kernel void division_that_some_reach(ARGS)
{
    int x = in[LIN];
    for (uint i = 0; i < (get_group_id(0) & 3); i++)
        if (OFF(0) >= (size_t)p)
            if (in[get_local_id(0)] < 50)
                x = in[(uint)(p + 20) / ((uint)p | 1) % 64];
    out[LIN] = x;
}
