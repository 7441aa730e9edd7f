/* SPDX-License-Identifier: Apache-2.0 */
/* values.c: what values.cl must compute. */
#include "semantics.h"

#include <math.h>

static void ids(struct group *g)
{
    const struct range *r = g->range;

    for (int i = 0; i < g->n; i++) {
        const struct place *at = &g->item[i];
        g->out[i] = (int)(at->global[0] + 10 * at->global[1] + 100 * at->global[2]
                + 1000 * at->local[0] + 3000 * at->local[1] + 5000 * at->local[2]
                + 7 * g->index[0] + 11 * g->index[1] + 13 * g->index[2]
                + 17 * g->count[0] + 19 * g->size[0] + 23 * r->global[1]
                + 29 * r->dimensions + 31 * r->offset[0]);
    }
}

/* Out of range: sizes and counts are 1, ids 0. */
static void ids_by_variable(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        const struct place *at = &g->item[i];
        size_t sum = 0;

        for (int d = 0; d < 5; d++)
            sum = sum * 7
                    + (d < 3 ? at->global[d] + 3 * g->size[d] + 5 * g->count[d]
                                            + g->index[d]
                             : 3 + 5);
        g->out[i] = (int)(sum + (g->p < 3 ? at->global[g->p] : 0));
    }
}

static void vectors_across_barriers(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int v[4] = { i, g->in[i], g->p + 4, 4 };
        int next = 2 * ((i + 1) % g->n), any = 0, sum = 0, dot = 0;

        for (int c = 0; c < 4; c++) {
            int u = next - v[c] > v[c] ? v[c] : next - v[c];
            any |= u == v[c];
            sum += u * (2 * c + 1);
            dot += (u & 63) * (c + 1);
        }
        g->out[i] = sum + 11 * any + dot;
    }
}

static void vectors_of_two_and_three(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int linear = g->item[i].linear;
        int b0 = g->p * 3 - linear, b1 = g->in[i] * 5 - linear;

        /* zxy is (p, in, linear); y gets b1, x and z are replaced. */
        g->out[i] = b0 ^ ((g->in[i] + b1) * 7) ^ (b1 * 31);
    }
}

static void vectors_of_sixteen(struct group *g)
{
    static const int weights[4] = { 1, 3, 5, 7 };

    for (int i = 0; i < g->n; i++) {
        int16_t v[16];
        int w[16], sum = 0;

        for (int c = 0; c < 16; c++)
            v[c] = (int16_t)(g->in[i] + c);
        for (int c = 0; c < 8; c++)
            v[c] = (int16_t)(v[c] * v[c + 8]);
        for (int c = 0; c < 16; c += 2)
            v[c + 1] = (int16_t)(v[c + 1] - v[c]);
        for (int c = 0; c < 16; c++)
            w[c] = 4 * v[4 * v[0] > 100 ? c : 15 - c];
        for (int c = 0; c < 4; c++)
            sum += weights[c] * (w[c] + w[c + 8] - w[c + 4] - w[c + 12]);
        g->out[i] = sum;
    }
}

static void vectors_from_memory(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int base = g->item[i].linear & 7;
        const int *v = g->all_in + base, *t = g->all_in + 3 * base;
        int s = v[0] + 2 * v[7] + 3 * t[0] + 5 * t[2];

        g->out[i] = s * (s + 1);
    }
}

static void integers_of_every_size(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        int8_t c = (int8_t)g->in[i];
        uint8_t uc = (uint8_t)(c * 3);
        int16_t s = (int16_t)(c * 300);
        uint16_t us = (uint16_t)(s + 40000);
        int64_t l = g->in[i] * (INT64_C(1) << 33);
        uint64_t ul = (uint64_t)l * 3 + us;
        uint32_t u = (uint32_t)(ul >> 31) ^ uc;

        g->out[i] = (int)((int)u + s + (int)(l / 12345) + (int)(ul % 1000)
                + (c >> 1) + (uc >> 1));
    }
}

static void doubles(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        double d = g->in[i] * 1.25;
        d = sqrt(d * d + 0.5) + d / 3;
        g->out[i] = (int)(d * 1e4);
    }
}

/* Every step is exact, so contraction makes no difference. */
static void floats(struct group *g)
{
    for (int i = 0; i < g->n; i++) {
        float x = (float)g->in[i] * 0.25f;
        float clamped = x < 0.25f ? 0.25f : x > 0.5f ? 0.5f : x;
        float y = floorf(x) + x + (x < 0.75f ? x : 0.75f) + clamped + x * x + x + x;
        g->out[i] = (int)(y * 16.0f);
    }
}

static void functions_that_are_inline(struct group *g)
{
    for (int i = 0; i < g->n; i++)
        g->out[i] = 2 * g->in[i] - g->p;
}

/* clang-format off */
#define ALL(M)                                                             \
    M(ids) M(ids_by_variable) M(vectors_across_barriers)                   \
    M(vectors_of_two_and_three) M(vectors_of_sixteen)                      \
    M(vectors_from_memory) M(integers_of_every_size) M(doubles) M(floats) \
    M(functions_that_are_inline)
/* clang-format on */
ALL(DECLARE)
const struct semantics value_semantics[] = { ALL(ENTRY){ 0 } };
