/* SPDX-License-Identifier: Apache-2.0 */
/* openmp_simd.c: plain loops that OpenMP is asked to run on all cores and in vectors;
 * exp and log are libmvec's. */
#include "serve.h"

/* glibc says so of its own with fast math only. */
#pragma omp declare simd notinbranch
float expf(float x);
#pragma omp declare simd notinbranch
float logf(float x);

#include <math.h>
#include <string.h>

enum { LANES = 16 }; /* widths are multiples of it here */

static void saxpy(struct work *work)
{
    const float a = work->a, *x = work->x;
    float *y = work->y;

#pragma omp parallel for simd
    for (size_t i = 0; i < work->items[WORK_SAXPY]; i++)
        y[i] = a * x[i] + y[i];
}

static void dot(struct work *work)
{
    const float *x = work->x, *y = work->y;
    float sum = 0;

#pragma omp parallel for simd reduction(+ : sum)
    for (size_t i = 0; i < work->items[WORK_DOT]; i++)
        sum += x[i] * y[i];
    work->sum = sum;
}

static inline float normal(float x)
{
    const float k = 1 / (1 + 0.2316419f * fabsf(x));
    float p = -1.821255978f + k * 1.330274429f;
    float tail;

    p = 1.781477937f + k * p;
    p = -0.356563782f + k * p;
    p = 0.319381530f + k * p;
    tail = 0.3989422804f * expf(-x * x / 2) * k * p;
    return x < 0 ? tail : 1 - tail;
}

static void black_scholes(struct work *work)
{
    const float *spot = work->option[0], *strike = work->option[1];
    const float *rate = work->option[2], *dividend = work->option[3];
    const float *volatility = work->option[4], *time = work->option[5];
    float *call = work->call, *put = work->put;

#pragma omp parallel for simd
    for (size_t i = 0; i < work->items[WORK_OPTIONS]; i++) {
        const float v = volatility[i], t = time[i], deviation = v * sqrtf(t);
        const float d1 = (logf(spot[i] / strike[i])
                                 + (rate[i] - dividend[i] + v * v / 2) * t)
                / deviation;
        const float receive = spot[i] * expf(-dividend[i] * t);
        const float pay = strike[i] * expf(-rate[i] * t);
        const float price = receive * normal(d1) - pay * normal(d1 - deviation);

        call[i] = price;
        put[i] = price - (receive - pay);
    }
}

/* LANES points of a line, as compilers do not make vectors of a loop that ends when it
 * likes.  Who has escaped stays where it is. */
static inline void escape(
        const float a[LANES], float b, int limit, int32_t n[LANES])
{
    float x[LANES] = { 0 }, y[LANES] = { 0 };
    int32_t inside = 1;

    for (int step = 0; step < limit && inside; step++) {
        inside = 0;
#pragma omp simd reduction(| : inside)
        for (int k = 0; k < LANES; k++) {
            const float xx = x[k] * x[k], yy = y[k] * y[k];
            const float next_x = xx - yy + a[k], next_y = 2 * x[k] * y[k] + b;
            const int32_t in = xx + yy < 4;

            x[k] = in ? next_x : x[k];
            y[k] = in ? next_y : y[k];
            n[k] += in;
            inside |= in;
        }
    }
}

static void mandelbrot(struct work *work)
{
    const size_t width = (size_t)work->width;

#pragma omp parallel for schedule(dynamic, 4)
    for (size_t row = 0; row < work->items[WORK_MANDELBROT]; row++)
        for (size_t column = 0; column < width; column += LANES) {
            int32_t n[LANES] = { 0 };
            float a[LANES];

            for (int k = 0; k < LANES; k++)
                a[k] = work->left + work->step * (float)((int)column + k);
            escape(a, work->top + work->step * (float)(int)row, work->limit, n);
            memcpy(work->steps + row * width + column, n, sizeof n);
        }
}

static void nbody(struct work *work)
{
    const parfun_float4 *body = work->body;
    const size_t n = work->items[WORK_BODIES];
    const float softening = work->softening;

#pragma omp parallel for
    for (size_t i = 0; i < n; i++) {
        const float px = body[i].s[0], py = body[i].s[1], pz = body[i].s[2];
        float ax = 0, ay = 0, az = 0;

#pragma omp simd reduction(+ : ax, ay, az)
        for (size_t j = 0; j < n; j++) {
            const float dx = body[j].s[0] - px, dy = body[j].s[1] - py;
            const float dz = body[j].s[2] - pz;
            const float inverse =
                    1 / sqrtf(dx * dx + dy * dy + dz * dz + softening);
            const float s = body[j].s[3] * inverse * inverse * inverse;

            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        work->pull[i] = (parfun_float4){ .s = { ax, ay, az, 0 } };
    }
}

static void stencil(struct work *work)
{
    const size_t width = (size_t)work->side;

#pragma omp parallel for
    for (size_t row = 0; row < work->items[WORK_STENCIL]; row++) {
        const float *here = work->in + (row + 1) * width;
        const float *above = here - width, *below = here + width;
        float *out = work->out + row * width;

        out[0] = here[0];
#pragma omp simd
        for (size_t x = 1; x < width - 1; x++)
            out[x] = 0.5f * here[x]
                    + 0.125f * (here[x - 1] + here[x + 1] + above[x] + below[x]);
        out[width - 1] = here[width - 1];
    }
}

static void histogram(struct work *work)
{
    const unsigned char *pixel = work->pixel;
    uint32_t bins[256] = { 0 };

#pragma omp parallel for reduction(+ : bins[ : 256])
    for (size_t i = 0; i < work->items[WORK_HISTOGRAM]; i++)
        bins[pixel[i]]++;
    memcpy(work->bins, bins, sizeof bins);
}

static void sgemm(struct work *work)
{
    const size_t columns = work->columns, inner = work->inner;

#pragma omp parallel for
    for (size_t row = 0; row < work->items[WORK_SGEMM]; row++) {
        float *c = work->product + row * columns;

        memset(c, 0, columns * sizeof *c);
        for (size_t k = 0; k < inner; k += 4) {
            const float *a = work->left_matrix + row * inner + k;
            const float *b = work->right_matrix + k * columns;

#pragma omp simd
            for (size_t j = 0; j < columns; j++)
                c[j] += a[0] * b[j] + a[1] * b[j + columns]
                        + a[2] * b[j + 2 * columns] + a[3] * b[j + 3 * columns];
        }
    }
}

static bool open_nothing(struct work *work, const char *argument)
{
    (void)work, (void)argument;
    return true;
}

static bool run(struct work *work, enum work_kind kind)
{
    static void (*const loops[WORK_KINDS])(struct work *) = {
        [WORK_SAXPY] = saxpy,
        [WORK_DOT] = dot,
        [WORK_OPTIONS] = black_scholes,
        [WORK_MANDELBROT] = mandelbrot,
        [WORK_BODIES] = nbody,
        [WORK_STENCIL] = stencil,
        [WORK_HISTOGRAM] = histogram,
        [WORK_SGEMM] = sgemm,
    };

    loops[kind](work);
    return true;
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "OpenMP simd", open_nothing, run,
        NULL };

    return serve(&program, argc, argv);
}
