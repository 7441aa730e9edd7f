/* SPDX-License-Identifier: Apache-2.0 */
/* work.c: inputs of usual sizes. */
#include "work.h"

#include "bench.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

const work_sizes work_small = {
    [WORK_SAXPY] = 32768,
    [WORK_DOT] = 1 << 18,
    [WORK_OPTIONS] = 1 << 18,
    [WORK_MANDELBROT] = 512,
    [WORK_BODIES] = 4096,
    [WORK_STENCIL] = 512,
    [WORK_HISTOGRAM] = 1 << 21,
    [WORK_SGEMM] = 256,
};

const work_sizes work_large = {
    [WORK_SAXPY] = 1 << 23,
    [WORK_DOT] = 1 << 23,
    [WORK_OPTIONS] = 1 << 20,
    [WORK_MANDELBROT] = 1024,
    [WORK_BODIES] = 8192,
    [WORK_STENCIL] = 2048,
    [WORK_HISTOGRAM] = 1 << 23,
    [WORK_SGEMM] = 512,
};

const work_sizes work_chunks = {
    [WORK_SAXPY] = 65536,
    [WORK_DOT] = 65536,
    [WORK_OPTIONS] = 8192,
    [WORK_MANDELBROT] = 4,
    [WORK_BODIES] = 64,
    [WORK_STENCIL] = 32,
    [WORK_HISTOGRAM] = 65536,
    [WORK_SGEMM] = 16,
};

static double random_number(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (double)(state >> 11) * 0x1p-53;
}

static float *random_floats(size_t count, double least, double most)
{
    float *floats = bench_allocate(count * sizeof *floats);

    for (size_t i = 0; i < count; i++)
        floats[i] = (float)(least + (most - least) * random_number());
    return floats;
}

static unsigned char *random_bytes(size_t count)
{
    unsigned char *bytes = bench_allocate(count);

    for (size_t i = 0; i < count; i++)
        bytes[i] = (unsigned char)(128 + 60 * (random_number() - random_number()));
    return bytes;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

struct work *work_create(const work_sizes sizes)
{
    static const double options[6][2] = { { 10, 100 }, { 10, 100 }, { 0.01, 0.1 },
        { 0, 0.05 }, { 0.1, 0.6 }, { 0.1, 2 } };
    const size_t vector = larger(sizes[WORK_SAXPY], sizes[WORK_DOT]);
    const size_t matrix = sizes[WORK_SGEMM] * sizes[WORK_SGEMM];
    const size_t width = sizes[WORK_MANDELBROT], side = sizes[WORK_STENCIL];
    struct work *work = bench_allocate(sizeof *work);

    memcpy(work->items, sizes, sizeof work->items);
    work->a = 1e-6f;
    work->x = random_floats(vector, 0, 1);
    work->y = random_floats(vector, 0, 1);
    work->y_before = memcpy(bench_allocate(vector * sizeof *work->y), work->y,
            vector * sizeof *work->y);
    for (size_t k = 0; k < 6; k++)
        work->option[k] =
                random_floats(sizes[WORK_OPTIONS], options[k][0], options[k][1]);
    work->call = random_floats(sizes[WORK_OPTIONS], 0, 1);
    work->put = random_floats(sizes[WORK_OPTIONS], 0, 1);
    work->width = (int)width;
    work->limit = 200;
    work->left = -2;
    work->top = -1.25f;
    work->step = 2.5f / (float)width;
    work->steps = bench_allocate(sizeof(int32_t) * width * width);
    work->side = (int)side;
    work->in = random_floats(side * (side + 2), 0, 1);
    work->out = random_floats(side * side, 0, 1);
    work->body =
            (parfun_float4 *)(void *)random_floats(4 * sizes[WORK_BODIES], 0, 1);
    work->pull =
            (parfun_float4 *)(void *)random_floats(4 * sizes[WORK_BODIES], 0, 1);
    work->softening = 1e-4f;
    work->pixel = random_bytes(sizes[WORK_HISTOGRAM]);
    work->columns = work->inner = (uint32_t)sizes[WORK_SGEMM];
    work->left_matrix = random_floats(matrix, -1, 1);
    work->right_matrix = random_floats(matrix, -1, 1);
    work->product = random_floats(matrix, 0, 1);
    return work;
}

void work_destroy(struct work *work)
{
    free((void *)(uintptr_t)work->x);
    free(work->y);
    free(work->y_before);
    for (size_t k = 0; k < 6; k++)
        free((void *)(uintptr_t)work->option[k]);
    free(work->call);
    free(work->put);
    free(work->steps);
    free((void *)(uintptr_t)work->in);
    free(work->out);
    free((void *)(uintptr_t)work->body);
    free(work->pull);
    free((void *)(uintptr_t)work->pixel);
    free((void *)(uintptr_t)work->left_matrix);
    free((void *)(uintptr_t)work->right_matrix);
    free(work->product);
    free(work);
}

/* ---- Results ------------------------------------------------------------------------ */

static void clear(float *floats, size_t count)
{
    memset(floats, 0, count * sizeof *floats);
}

void work_clear(struct work *work, enum work_kind kind)
{
    const size_t n = work->items[kind];

    switch (kind) {
    case WORK_SAXPY:
        memcpy(work->y, work->y_before, n * sizeof *work->y);
        break;
    case WORK_DOT:
        memcpy(work->y, work->y_before, n * sizeof *work->y);
        work->sum = 0;
        break;
    case WORK_OPTIONS:
        clear(work->call, n);
        clear(work->put, n);
        break;
    case WORK_MANDELBROT:
        memset(work->steps, 0, n * n * sizeof *work->steps);
        break;
    case WORK_BODIES:
        memset(work->pull, 0, n * sizeof *work->pull);
        break;
    case WORK_STENCIL:
        clear(work->out, n * n);
        break;
    case WORK_HISTOGRAM:
        memset(work->bins, 0, sizeof work->bins);
        break;
    case WORK_SGEMM:
        clear(work->product, n * n);
        break;
    case WORK_KINDS:
        break;
    }
}

/* Between 1 and 2, so that what stands in the wrong place is seen. */
static double weight(size_t i)
{
    return 1 + (double)(i * 2654435761u % 1024) / 1024;
}

static double sum_floats(const float *floats, size_t count)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += weight(i) * (double)floats[i];
    return sum;
}

double work_sum(const struct work *work, enum work_kind kind)
{
    const size_t n = work->items[kind];
    double sum = 0;

    switch (kind) {
    case WORK_SAXPY:
        return sum_floats(work->y, n);
    case WORK_DOT:
        return (double)work->sum;
    case WORK_OPTIONS:
        return sum_floats(work->call, n) + sum_floats(work->put, n);
    case WORK_MANDELBROT:
        for (size_t i = 0; i < n * n; i++)
            sum += weight(i) * work->steps[i];
        return sum;
    case WORK_BODIES:
        for (size_t i = 0; i < n; i++)
            for (size_t c = 0; c < 3; c++)
                sum += weight(i) * fabs((double)work->pull[i].s[c]);
        return sum;
    case WORK_STENCIL:
        return sum_floats(work->out, n * n);
    case WORK_HISTOGRAM:
        for (size_t i = 0; i < 256; i++)
            sum += weight(i) * work->bins[i];
        return sum;
    case WORK_SGEMM:
        for (size_t i = 0; i < n * n; i++)
            sum += weight(i) * fabs((double)work->product[i]);
        return sum;
    case WORK_KINDS:
        break;
    }
    return 0;
}
