/* SPDX-License-Identifier: Apache-2.0 */
/* work.c: inputs of usual sizes. */
#include "work.h"

#include "bench.h"

#include <stdlib.h>

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

struct work *work_create(void)
{
    static const double options[6][2] = { { 10, 100 }, { 10, 100 }, { 0.01, 0.1 },
        { 0, 0.05 }, { 0.1, 0.6 }, { 0.1, 2 } };
    const size_t matrix = (size_t)WORK_SGEMM * WORK_SGEMM;
    struct work *work = bench_allocate(sizeof *work);
    unsigned char *pixel = bench_allocate(WORK_PIXELS);

    work->a = 1e-6f;
    work->x = random_floats(WORK_DOT, 0, 1);
    work->y = random_floats(WORK_DOT, 0, 1);
    for (size_t k = 0; k < 6; k++)
        work->option[k] = random_floats(WORK_OPTIONS, options[k][0], options[k][1]);
    work->call = random_floats(WORK_OPTIONS, 0, 1);
    work->put = random_floats(WORK_OPTIONS, 0, 1);
    work->limit = 200;
    work->left = -2;
    work->top = -1.25f;
    work->step = 2.5f / WORK_MANDELBROT;
    work->steps =
            bench_allocate(sizeof(int32_t) * WORK_MANDELBROT * WORK_MANDELBROT);
    work->in = random_floats((size_t)WORK_STENCIL * (WORK_STENCIL + 2), 0, 1);
    work->out = random_floats((size_t)WORK_STENCIL * WORK_STENCIL, 0, 1);
    work->body = (parfun_float4 *)(void *)random_floats(4 * WORK_BODIES, 0, 1);
    work->pull = (parfun_float4 *)(void *)random_floats(4 * WORK_BODIES, 0, 1);
    work->softening = 1e-4f;
    for (size_t i = 0; i < WORK_PIXELS; i++)
        pixel[i] = (unsigned char)(128 + 60 * (random_number() - random_number()));
    work->pixel = pixel;
    work->columns = work->inner = WORK_SGEMM;
    work->left_matrix = random_floats(matrix, -1, 1);
    work->right_matrix = random_floats(matrix, -1, 1);
    work->product = random_floats(matrix, 0, 1);
    return work;
}

void work_destroy(struct work *work)
{
    free((void *)(uintptr_t)work->x);
    free(work->y);
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
