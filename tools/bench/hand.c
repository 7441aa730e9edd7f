/* SPDX-License-Identifier: Apache-2.0 */
/* hand.c: the kernels' work as a C programmer writes it and leaves to the compiler.
 * Compiled several times: HAND is the table's name, HAND_FLAGS how. */
#include "work.h"

#include <math.h>
#include <string.h>

static void saxpy(struct work *work, size_t begin, size_t end)
{
    const float a = work->a, *restrict x = work->x;
    float *restrict y = work->y;

    for (size_t i = begin; i < end; i++)
        y[i] = a * x[i] + y[i];
}

static void dot(struct work *work, size_t begin, size_t end)
{
    enum { SUMS = 64 }; /* so that any compiler may use vectors */
    const float *restrict x = work->x, *restrict y = work->y;
    float sums[SUMS] = { 0 };
    size_t i = begin;

    for (; i + SUMS <= end; i += SUMS)
        for (size_t k = 0; k < SUMS; k++)
            sums[k] += x[i + k] * y[i + k];
    for (; i < end; i++)
        sums[0] += x[i] * y[i];
    work->sum = 0;
    for (size_t k = 0; k < SUMS; k++)
        work->sum += sums[k];
}

static inline float normal(float x)
{
    const float k = 1 / (1 + 0.2316419f * fabsf(x));
    const float tail = 0.3989422804f * expf(-x * x / 2) * k
            * (0.319381530f
                    + k
                            * (-0.356563782f
                                    + k
                                            * (1.781477937f
                                                    + k
                                                            * (-1.821255978f
                                                                    + k * 1.330274429f))));

    return x < 0 ? tail : 1 - tail;
}

static void black_scholes(struct work *work, size_t begin, size_t end)
{
    const float *restrict spot = work->option[0],
                          *restrict strike = work->option[1];
    const float *restrict rate = work->option[2];
    const float *restrict dividend = work->option[3];
    const float *restrict volatility = work->option[4];
    const float *restrict time = work->option[5];
    float *restrict call = work->call, *restrict put = work->put;

    for (size_t i = begin; i < end; i++) {
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

static void mandelbrot(struct work *work, size_t begin, size_t end)
{
    for (size_t row = begin; row < end; row++)
        for (int column = 0; column < work->width; column++) {
            const float a = work->left + work->step * (float)column;
            const float b = work->top + work->step * (float)row;
            float x = 0, y = 0;
            int n = 0;

            while (n < work->limit && x * x + y * y < 4) {
                const float next = x * x - y * y + a;

                y = 2 * x * y + b;
                x = next;
                n++;
            }
            work->steps[row * (size_t)work->width + (size_t)column] = n;
        }
}

static void nbody(struct work *work, size_t begin, size_t end)
{
    const parfun_float4 *restrict body = work->body;
    const size_t n = work->items[WORK_BODIES];

    for (size_t i = begin; i < end; i++) {
        const float px = body[i].s[0], py = body[i].s[1], pz = body[i].s[2];
        float ax = 0, ay = 0, az = 0;

        for (size_t j = 0; j < n; j++) {
            const float dx = body[j].s[0] - px, dy = body[j].s[1] - py;
            const float dz = body[j].s[2] - pz;
            const float r2 = work->softening + dx * dx + dy * dy + dz * dz;
            const float inverse = 1 / sqrtf(r2);
            const float s = body[j].s[3] * inverse * inverse * inverse;

            ax += dx * s;
            ay += dy * s;
            az += dz * s;
        }
        work->pull[i] = (parfun_float4){ .s = { ax, ay, az, 0 } };
    }
}

static void stencil(struct work *work, size_t begin, size_t end)
{
    const size_t width = (size_t)work->side;

    for (size_t row = begin; row < end; row++) {
        const float *restrict here = work->in + (row + 1) * width;
        const float *restrict above = here - width, *restrict below = here + width;
        float *restrict out = work->out + row * width;

        out[0] = here[0];
        for (size_t x = 1; x < width - 1; x++)
            out[x] = 0.5f * here[x]
                    + 0.125f * (here[x - 1] + here[x + 1] + above[x] + below[x]);
        out[width - 1] = here[width - 1];
    }
}

/* Four histograms, so that equal values in a row do not wait for one another. */
static void histogram(struct work *work, size_t begin, size_t end)
{
    const unsigned char *pixel = work->pixel;
    uint32_t bins[4][256] = { { 0 } };
    size_t i = begin;

    for (; i + 4 <= end; i += 4) {
        bins[0][pixel[i]]++;
        bins[1][pixel[i + 1]]++;
        bins[2][pixel[i + 2]]++;
        bins[3][pixel[i + 3]]++;
    }
    for (; i < end; i++)
        bins[0][pixel[i]]++;
    for (size_t k = 0; k < 256; k++)
        work->bins[k] = bins[0][k] + bins[1][k] + bins[2][k] + bins[3][k];
}

/* Blocked for the caches, four rows of the right matrix at a time. */
static void sgemm(struct work *work, size_t begin, size_t end)
{
    enum { DEPTH = 64 };
    const size_t columns = work->columns, inner = work->inner;

    memset(work->product + begin * columns, 0,
            (end - begin) * columns * sizeof(float));
    for (size_t k0 = 0; k0 < inner; k0 += DEPTH)
        for (size_t row = begin; row < end; row++) {
            const float *a = work->left_matrix + row * inner;
            float *restrict c = work->product + row * columns;

            for (size_t k = k0; k < k0 + DEPTH; k += 4) {
                const float *restrict b = work->right_matrix + k * columns;

                for (size_t j = 0; j < columns; j++)
                    c[j] += a[k] * b[j] + a[k + 1] * b[j + columns]
                            + a[k + 2] * b[j + 2 * columns]
                            + a[k + 3] * b[j + 3 * columns];
            }
        }
}

#ifdef __FAST_MATH__
enum { FAST = 1 };
#else
enum { FAST = 0 };
#endif

extern const struct hand HAND;
const struct hand HAND = { .name = HAND_FLAGS,
    .fast = FAST,
    .part = { [WORK_SAXPY] = saxpy,
            [WORK_DOT] = dot,
            [WORK_OPTIONS] = black_scholes,
            [WORK_MANDELBROT] = mandelbrot,
            [WORK_BODIES] = nbody,
            [WORK_STENCIL] = stencil,
            [WORK_HISTOGRAM] = histogram,
            [WORK_SGEMM] = sgemm } };
