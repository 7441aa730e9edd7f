/* SPDX-License-Identifier: Apache-2.0 */
/* storage.c: what storage.cl must compute. */
#include "semantics.h"

#include <string.h>

static void private_array_across_barriers(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int next = (i + 1) % g->n, sum = 0;
        int theirs = g->in[next] * (next % 5) + next;

        for (int k = 0; k < 5; k++)
            sum = sum * 3 + g->in[i] * k + i + (k == (theirs & 3) ? 100 : 0);
        g->out[i] = sum;
    }
}

static void pointer_to_private_across_barriers(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int x = g->in[i], y = i;

        *(x & 1 ? &x : &y) += g->in[(i + 1) % g->n];
        *(y & 1 ? &x : &y) *= 3;
        g->out[i] = x * 1000 + y;
    }
}

static void local_arrays(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[(i + 5) % g->n] + g->p * 7;
}

static void pointer_to_local_arrays(struct group *g)
{
    int a[MOST_ITEMS], b[MOST_ITEMS];

    for (int i = 0; i < g->n; i++) {
        int times = g->in[i] & 1 ? 2 : 3;
        int s = (g->in[g->n - 1] - g->in[0]) * times;

        a[i] = times == 2 ? s : g->in[i] * 2;
        b[i] = times == 3 ? s : g->in[i] * 3;
    }
    for (int i = 0; i < g->n; i++)
        g->out[i] = a[i] * 100 + b[(i + 1) % g->n];
}

static void local_atomics(struct group *g)
{
    int sum = 0, most = -1;

    for (int i = 0; i < g->n; i++) {
        sum += g->in[i] & 3;
        most = g->in[i] > most ? g->in[i] : most;
    }
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->p + sum + 1000 * most;
}

static void local_histogram(struct group *g)
{
    int count[16] = { 0 };

    for (int i = 0; i < g->n; i++)
        count[g->in[i] & 15]++;
    for (int i = 0; i < g->n; i++)
        g->out[i] = count[i & 15];
}

static void structs(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int maker = (i + 2) % g->n; /* stored what its next had made */
        int x = g->in[(maker + 1) % g->n];
        int c0 = (signed char)x, c4 = (signed char)(x + 4);

        c0 = (signed char)(c0 + (maker % 5 == 0 ? 3 : 0));
        c4 = (signed char)(c4 + (maker % 5 == 4 ? 3 : 0));
        g->out[i] = x + 2 * x + c0 * 3 + c4;
    }
}

static void program_constants(struct group *g)
{
    static const int table[5] = { 3, 1, 4, 1, 5 };

    for (int i = 0; i < g->n; i++)
        g->out[i] = table[g->in[i] % 5] + table[(i + g->p) % 5];
}

static void large_private_array(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        g->out[i] = 0;
        for (int k = 0; k < g->p; k++)
            g->out[i] += ((k * 7 + g->all_in[k]) & 31) * g->in[i];
    }
}

static void asynchronous_copies(struct group *g)
{
    const int *from = g->all_in + (g->index[0] & 1);

    for (int i = 0; i < g->n; i++)
        g->out[i] = from[i % 16] + 1 + 1000 * g->all_in[i % 8 * 3];
}

static void bytes(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        unsigned low = (unsigned)(g->in[i] + g->p) & 255;
        g->out[i] = (int)(low | (low * 2 & 255) << 8);
    }
}

static void store_in_inner_loop(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[i] * 7 + 4;
}

static void called_kernel(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = g->in[g->n - 1 - i] + g->p;
}

static void kernel_calls_kernel(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = (g->in[g->n - 1 - i] + g->p + 1) * 2;
}

/* clang-format off */
#define ALL(M)                                                             \
    M(private_array_across_barriers) M(pointer_to_private_across_barriers) \
    M(local_arrays) M(pointer_to_local_arrays) M(local_atomics)            \
    M(local_histogram) M(structs) M(program_constants)                     \
    M(large_private_array) M(asynchronous_copies) M(bytes)                 \
    M(store_in_inner_loop) M(called_kernel) M(kernel_calls_kernel)
/* clang-format on */
ALL(DECLARE)
const struct semantics storage_semantics[] = { ALL(ENTRY){ 0 } };
