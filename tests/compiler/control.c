/* SPDX-License-Identifier: Apache-2.0 */
/* control.c: what control.cl must compute. */
#include "semantics.h"

#include <stdbool.h>

/* The item's index in dimension d, without the offset. */
static size_t at(const struct group *g, int i, int d)
{
    return g->item[i].global[d] - g->range->offset[d];
}

static void early_return(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        if (at(g, i, 0) < (size_t)g->p)
            g->out[i] = g->in[i] * 3 + i;
}

static void guard_below_zero(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        if (at(g, i, 0) < (size_t)(g->p - 9) - 2)
            g->out[i] = g->in[i] + 1;
}

static void guard_behind_a_guard(struct group *g)
{
    int n = (int)((unsigned)g->p * 0x71234567u ^ 0x97f6e5d1u);

    for (int i = 0; i < g->n; i++)
        if (n >= 3)
            g->out[i] = g->in[i] + n / (n - 2);
}

static void guard_with_a_division(struct group *g)
{
    unsigned d = (unsigned)g->p & 3;

    for (int i = 0; i < g->n; i++)
        if (d && at(g, i, 0) < 40 / d)
            g->out[i] = g->in[i] + 5;
}

static void guards_in_two_dimensions(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int sum = 0;

        if (at(g, i, 0) >= (size_t)g->p * 3 || at(g, i, 1) == 2)
            continue;
        for (int j = 0; j < g->p; j++)
            sum += g->all_in[j] ^ g->item[i].linear;
        g->out[i] = sum;
    }
}

static void inner_loops(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int sum = 0;

        for (int j = 0; j < g->p; j++)
            sum += g->all_in[j] * g->item[i].linear * 125 + 7;
        g->out[i] = sum;
    }
}

static void break_and_continue(struct group *g)
{
    int sum[MOST_ITEMS];

    for (int i = 0; i < g->n; i++) {
        sum[i] = 0;
        for (int k = 0; k < (g->in[i] & 15) && sum[i] <= 200; k++)
            if ((k + i) % 3 != 0)
                sum[i] += k * i;
    }
    for (int i = 0; i < g->n; i++) {
        g->out[i] = sum[i];
        for (int n = sum[(i + 1) % g->n]; n > 0; n >>= 1)
            g->out[i] += n & 1;
    }
}

static void collatz(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        unsigned x = (unsigned)g->in[i] + 1;

        g->out[i] = 0;
        for (; x != 1; g->out[i]++)
            x = x & 1 ? 3 * x + 1 : x >> 1;
    }
}

static void common_divisor(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        unsigned a = (unsigned)(g->in[i] * 12 + g->item[i].linear);
        unsigned b = (unsigned)g->in[i] + 7;

        while (b) {
            unsigned t = a % b;
            a = b;
            b = t;
        }
        g->out[i] = (int)a;
    }
}

static void do_while_of_its_own_length(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        unsigned a = (unsigned)g->item[i].linear, b = 1, k = 0;

        do {
            unsigned t = a;
            a = b;
            b += t;
            k += 3;
        } while (b < (unsigned)g->in[i] * 50);
        g->out[i] = (int)(a * 31 + b + k);
    }
}

static int exits(int x)
{
    for (int k = 0;; k++) {
        if (k > x)
            return k + k;
        if ((x & 7) == 3)
            return x * 100 + k;
        if (k == 13)
            return k + 1000 * x;
        x += k & 3;
    }
}

static void many_exits(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = exits(g->in[i]);
}

static void booleans_in_divergent_loop(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int x = g->in[i], n = 0;
        bool f = x & 1, h = true;

        while (n < 40 && (f || h)) {
            bool before = f;
            f = h && (x >> (n & 7) & 1);
            h = before != (((x * n) & 4) != 0);
            n++;
            x ^= n;
        }
        g->out[i] = n * 4 + f * 2 + h;
    }
}

static void divergent_loop_that_loads(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int k = 0, sum = g->item[i].linear;

        while (k < 100 && sum < 3000)
            sum += g->all_in[k++];
        g->out[i] = sum * 128 + k;
    }
}

static void divergent_loop_in_uniform_loop(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int sum = 0;

        for (int j = 0; j < 5; j++) {
            unsigned x = (unsigned)(g->in[i] + j);
            for (; x > 3; sum += j)
                x = x - x / 4 - 1;
            sum = sum * 3 + (int)x;
        }
        g->out[i] = sum;
    }
}

static void global_atomics_in_loop(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        for (int k = 0; k < 3; k++)
            g->all_out[(g->in[i] + k) & 15] ^= g->item[i].linear * (k + 1);
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->all_out[g->item[i].linear];
}

static void division_by_what_may_be_0(struct group *g)
{
    int d = g->p & 3;

    for (int i = 0; i < g->n; i++) {
        int x = g->in[i] + (d ? 1000 / d : 0);
        g->out[i] = d != 1 && x > 20 ? x % (d - 1) : x;
    }
}

static void division_that_some_reach(struct group *g)
{
    const unsigned p = (unsigned)g->p;

    for (int i = 0; i < g->n; i++)
        g->out[i] = (g->index[0] & 3) && at(g, i, 0) >= p
                        && g->all_in[g->item[i].local[0]] < 50
                ? g->all_in[(p + 20) / (p | 1) % 64]
                : g->in[i];
}

/* clang-format off */
#define ALL(M)                                                             \
    M(early_return) M(guard_below_zero) M(guard_behind_a_guard)            \
    M(guard_with_a_division) M(guards_in_two_dimensions)                   \
    M(inner_loops) M(break_and_continue) M(collatz) M(common_divisor)      \
    M(do_while_of_its_own_length) M(many_exits)                            \
    M(booleans_in_divergent_loop) M(divergent_loop_that_loads)             \
    M(divergent_loop_in_uniform_loop) M(global_atomics_in_loop)            \
    M(division_by_what_may_be_0) M(division_that_some_reach)
/* clang-format on */
ALL(DECLARE)
const struct semantics control_semantics[] = { ALL(ENTRY){ 0 } };
