/* SPDX-License-Identifier: Apache-2.0 */
/* barriers.c: what barriers.cl must compute. */
#include "semantics.h"

#include <string.h>

static void reversed(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[g->n - 1 - i];
}

static void barrier_in_loop(struct group *g)
{
    int shared[MOST_ITEMS], next[MOST_ITEMS];

    memcpy(shared, g->in, sizeof shared);
    for (int k = 0; k < g->p; k++) {
        for (int i = 0; i < g->n; i++)
            next[i] = shared[(i + 1) % g->n] + k;
        memcpy(shared, next, sizeof shared);
    }
    memcpy(g->out, shared, sizeof shared);
}

static void barrier_in_do_while(struct group *g)
{
    int shared[MOST_ITEMS], sum[MOST_ITEMS] = { 0 }, k = 0;

    memcpy(shared, g->in, sizeof shared);
    do {
        for (int i = 0; i < g->n; i++)
            sum[i] += shared[(i + k) % g->n];
        for (int i = 0; i < g->n; i++)
            shared[i] += k;
        k++;
    } while (k < g->p);
    memcpy(g->out, sum, sizeof sum);
}

static void barriers_in_nested_loops(struct group *g)
{
    int shared[MOST_ITEMS], sum[MOST_ITEMS];

    memcpy(sum, g->in, sizeof sum);
    for (int a = 0; a < g->p; a++) {
        memcpy(shared, sum, sizeof shared);
        for (int b = 0; b < a; b++) {
            for (int i = 0; i < g->n; i++)
                sum[i] += shared[(i + b + 1) % g->n];
            for (int i = 0; i < g->n; i++)
                shared[i] ^= b;
        }
        if (a & 1)
            for (int i = 0, first = shared[0]; i < g->n; i++)
                sum[i] -= first;
    }
    memcpy(g->out, sum, sizeof sum);
}

static void barrier_in_branch(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = (g->p > 3 ? 1 : 2) * g->in[g->n - 1 - i] + i;
}

static void third_next(struct group *g, int *x)
{
    int shared[MOST_ITEMS];

    memcpy(shared, x, sizeof shared);
    for (int i = 0; i < g->n; i++)
        x[i] = shared[(i + 3) % g->n];
}

static void barrier_in_function(struct group *g)
{
    int a[MOST_ITEMS], b[MOST_ITEMS], c[MOST_ITEMS];

    memcpy(a, g->in, sizeof a);
    third_next(g, a);
    for (int i = 0; i < g->n; i++)
        b[i] = a[i] * 2;
    third_next(g, b);
    memcpy(c, b, sizeof c);
    third_next(g, c);
    for (int i = 0; i < g->n; i++)
        g->out[i] = a[i] + b[i] * (c[i] & 7);
}

static void loop_left_between_barriers(struct group *g)
{
    int shared[MOST_ITEMS], sum[MOST_ITEMS] = { 0 };

    memcpy(shared, g->in, sizeof shared);
    for (int k = 0;; k++) {
        for (int i = 0; i < g->n; i++)
            sum[i] += shared[(i + k) % g->n];
        if (k >= g->p)
            break;
        for (int i = 0; i < g->n; i++)
            shared[i] = k == 2 ? shared[i] + 1 : shared[i] ^ k;
    }
    memcpy(g->out, sum, sizeof sum);
}

static void barriers_in_switch(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int r = -1;

        if ((g->p & 3) == 0)
            r = g->in[0];
        else if ((g->p & 3) == 1)
            r = 5 + g->in[g->n - 1] + g->in[i] + 2;
        else if ((g->p & 3) == 2)
            r = g->in[i] + 2;
        switch (g->in[i] & 3) {
        case 0:
            r += 1;
            break;
        case 1:
            r *= 3;
            break;
        case 2:
            r = (r - 7) ^ 55;
            break;
        default:
            r ^= 55;
        }
        g->out[i] = r;
    }
}

static void loop_bound_from_memory(struct group *g)
{
    int shared[MOST_ITEMS], sum[MOST_ITEMS] = { 0 };

    for (int k = 0; k < (g->all_in[0] & 7); k++) {
        for (int i = 0; i < g->n; i++)
            shared[i] = sum[i] + k + g->in[i];
        for (int i = 0; i < g->n; i++)
            sum[i] += shared[(i + k) % g->n];
    }
    memcpy(g->out, sum, sizeof sum);
}

static void global_memory_across_barriers(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[g->n - 1] + g->in[i];
}

static void one_item_works_for_all(struct group *g)
{
    int sum = 0;

    for (int i = 0; i < g->n; i++)
        sum += g->in[i];
    for (int i = 0; i < g->n; i++)
        g->out[i] = sum - g->in[i];
}

static void values_swapped_across_barriers(struct group *g)
{
    unsigned a[MOST_ITEMS], b[MOST_ITEMS], shared[MOST_ITEMS];

    for (int i = 0; i < g->n; i++)
        a[i] = (unsigned)g->in[i], b[i] = (unsigned)i;
    for (int k = 0; k < g->p; k++) {
        for (int i = 0; i < g->n; i++) {
            unsigned t = a[i];
            a[i] = b[i];
            b[i] = t + (unsigned)k;
            shared[i] = a[i];
        }
        for (int i = 0; i < g->n; i++)
            a[i] += shared[(i + 1) % g->n];
    }
    for (int i = 0; i < g->n; i++)
        g->out[i] = (int)(a[i] * 31 + b[i]);
}

static void guard_before_barrier(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[g->n - 1 - i] + 1;
}

static void uniform_return_before_barrier(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->p == 5 ? -i : g->in[g->n - 1 - i];
}

static void divergent_loop_between_barriers(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        unsigned x = (unsigned)g->in[(g->n - i) % g->n] + 1;
        int steps = 0;

        for (; x != 1; steps++)
            x = x & 1 ? 3 * x + 1 : x >> 1;
        g->out[i] = steps;
    }
}

static void scan(struct group *g)
{
    for (int i = 0, sum = 0; i < g->n; i++)
        g->out[i] = sum += g->in[i];
}

/* clang-format off */
#define ALL(M)                                                            \
    M(reversed) M(barrier_in_loop) M(barrier_in_do_while)                 \
    M(barriers_in_nested_loops) M(barrier_in_branch)                      \
    M(barrier_in_function) M(loop_left_between_barriers)                  \
    M(barriers_in_switch) M(loop_bound_from_memory)                       \
    M(global_memory_across_barriers) M(one_item_works_for_all)            \
    M(values_swapped_across_barriers) M(guard_before_barrier)             \
    M(uniform_return_before_barrier) M(divergent_loop_between_barriers)   \
    M(scan)
/* clang-format on */
ALL(DECLARE)
const struct semantics barrier_semantics[] = { ALL(ENTRY){ 0 } };
