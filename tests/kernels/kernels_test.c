/* SPDX-License-Identifier: Apache-2.0 */
/* kernels_test.c: the kernels of kernels/ against plain C, on the backend that is
 * the argument. */
#include "blackscholes.h"
#include "dot.h"
#include "histogram.h"
#include "mandelbrot.h"
#include "nbody.h"
#include "saxpy.h"
#include "sgemm.h"
#include "stencil.h"
#include "support/cmocka.h"
#include "support/leaks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* As in blackscholes.cl. */
struct position {
    uint32_t market;
    float strike, volatility, time, calls, puts;
};

enum { N = 100003 };

static const char *backend;
static float *x, *y, *z;

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void near(double got, double want, double tolerance)
{
    if (!(fabs(got - want) <= tolerance))
        fail_msg("%.9g, and %.9g is right", got, want);
}

static int make(void **state)
{
    (void)state;
    x = malloc(N * sizeof *x);
    y = malloc(N * sizeof *y);
    z = malloc(N * sizeof *z);
    if (!x || !y || !z)
        return -1;
    for (size_t i = 0; i < N; i++) {
        x[i] = (float)(i * 7919 % 10007) * 1e-4f;
        y[i] = (float)(i * 104729 % 9973) * 1e-4f - 0.5f;
    }
    return parfun_set_backend(backend) == PARFUN_OK ? 0 : -1;
}

static int clear(void **state)
{
    (void)state;
    free(x);
    free(y);
    free(z);
    return 0;
}

static void saxpy_adds(void **state)
{
    (void)state;
    memcpy(z, y, N * sizeof *z);
    must(saxpy(N, 2.5f, x, z));
    for (size_t i = 0; i < N; i++)
        near((double)z[i], 2.5 * (double)x[i] + (double)y[i], 1e-6);
}

static void dot_product_and_sum_add_up(void **state)
{
    double dot = 0, sum = 0;
    float got_dot, got_sum;

    (void)state;
    for (size_t i = 0; i < N; i++) {
        dot += (double)x[i] * (double)y[i];
        sum += (double)x[i];
    }
    must(dot_product(N, x, y, &got_dot));
    must(sum_floats(N, x, &got_sum));
    near((double)got_dot, dot, 1e-2);
    near((double)got_sum, sum, 1e-1);
}

static void a_book_is_worth_the_sum_of_its_positions(void **state)
{
    const struct position book[] = { { 0, 90, 0.2f, 0.5f, 3, 0 },
        { 1, 110, 0.3f, 1.5f, 0, -2 } };
    const parfun_float2 level = { .s = { 100, 100 } };
    const float spot[] = { 95, 105 }, strike[] = { 90, 110 };
    const float rate[] = { 0.03f, 0.03f }, dividend[] = { 0, 0 };
    const float volatility[] = { 0.2f, 0.3f }, time[] = { 0.5f, 1.5f };
    const parfun_float2 change = { .s = { 0.95f, 1.05f } };
    float call[2], put[2], value;

    (void)state;
    must(black_scholes(
            2, spot, strike, rate, dividend, volatility, time, call, put));
    must(value_book(1, 2, 0.03f, level, book, 2, &change, &value));
    near((double)value, 3 * (double)call[0] - 2 * (double)put[1], 1e-3);
    /* By the formula, with erfc(), in double. */
    near((double)call[0], 8.95066, 1e-3);
}

static void bins_count_every_value(void **state)
{
    uint32_t want[256] = { 0 }, got[256];
    unsigned char *pixel = malloc(N);

    (void)state;
    assert_non_null(pixel);
    for (size_t i = 0; i < N; i++)
        want[pixel[i] = (unsigned char)(i * i % 251)]++;
    must(histogram(N, pixel, got));
    assert_memory_equal(got, want, sizeof want);
    free(pixel);
}

static void points_of_the_mandelbrot_set_stay(void **state)
{
    enum { WIDTH = 300, HEIGHT = 200, LIMIT = 300 };
    static int32_t steps[WIDTH * HEIGHT];
    long inside = 0;

    (void)state;
    must(mandelbrot(HEIGHT, WIDTH, -2, -1, 2.0f / (float)HEIGHT, LIMIT, steps));
    for (size_t i = 0; i < WIDTH * HEIGHT; i++)
        inside += steps[i] == LIMIT;
    near((double)(inside * 4) / (HEIGHT * HEIGHT), 1.52, 0.03);
    assert_int_equal(steps[0], 1);
}

static void bodies_attract_one_another(void **state)
{
    enum { BODIES = 200 };
    static parfun_float4 body[BODIES], got[BODIES];

    (void)state;
    for (size_t i = 0; i < BODIES; i++)
        for (size_t c = 0; c < 4; c++)
            body[i].s[c] = fabsf(y[4 * i + c]) + 0.1f;
    must(attract(BODIES, BODIES, 0.01f, body, BODIES, body, got));
    for (size_t i = 0; i < BODIES; i += 17) {
        double want[3] = { 0, 0, 0 };

        for (size_t j = 0; j < BODIES; j++) {
            double d[3], r2 = 0.01;

            for (size_t c = 0; c < 3; c++) {
                d[c] = (double)body[j].s[c] - (double)body[i].s[c];
                r2 += d[c] * d[c];
            }
            for (size_t c = 0; c < 3; c++)
                want[c] += d[c] * (double)body[j].s[3] / (r2 * sqrt(r2));
        }
        for (size_t c = 0; c < 3; c++)
            near((double)got[i].s[c], want[c], 1e-3 * (1 + fabs(want[c])));
    }
}

static void heat_flows_to_the_neighbours(void **state)
{
    enum { WIDTH = 61, HEIGHT = 40 };
    const float *in = x; /* HEIGHT + 2 rows */

    (void)state;
    must(diffuse(HEIGHT, WIDTH, in, z));
    for (size_t row = 0; row < HEIGHT; row++)
        for (size_t column = 0; column < WIDTH; column++) {
            const float *at = in + (row + 1) * WIDTH + column;
            double want = (double)*at;

            if (column > 0 && column < WIDTH - 1)
                want = 0.5 * want
                        + 0.125
                                * ((double)at[-1] + (double)at[1]
                                        + (double)at[-WIDTH] + (double)at[WIDTH]);
            near((double)z[row * WIDTH + column], want, 1e-6);
        }
}

static void matrices_multiply(void **state)
{
    enum { ROWS = 48, INNER = 61, COLUMNS = 38 };

    (void)state;
    must(sgemm(ROWS / 8, COLUMNS / 2, INNER, x, y, INNER * COLUMNS, z));
    for (size_t row = 0; row < ROWS; row++)
        for (size_t column = 0; column < COLUMNS; column++) {
            double want = 0;

            for (size_t k = 0; k < INNER; k++)
                want += (double)x[row * INNER + k]
                        * (double)y[k * COLUMNS + column];
            near((double)z[row * COLUMNS + column], want, 1e-4);
        }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(saxpy_adds),
        cmocka_unit_test(dot_product_and_sum_add_up),
        cmocka_unit_test(a_book_is_worth_the_sum_of_its_positions),
        cmocka_unit_test(bins_count_every_value),
        cmocka_unit_test(points_of_the_mandelbrot_set_stay),
        cmocka_unit_test(bodies_attract_one_another),
        cmocka_unit_test(heat_flows_to_the_neighbours),
        cmocka_unit_test(matrices_multiply),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: kernels_test BACKEND\n");
        return 2;
    }
    backend = argv[1];
    return without_leaks(cmocka_run_group_tests(tests, make, clear));
}
