/* SPDX-License-Identifier: Apache-2.0 */
/* prices_test.c: option prices against a file of reference prices. */
#include "blackscholes.h"
#include "blackscholes_double.h"
#include "support/cmocka.h"
#include "support/leaks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { INPUTS = 6, OPTIONS_MAX = 1000 };

static const char *backend, *path;
static double input[INPUTS][OPTIONS_MAX], reference[OPTIONS_MAX];
static char type[OPTIONS_MAX];
static size_t count;

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* spot,strike,rate,dividend,volatility,time,type,divs,reference */
static int read_options(void **state)
{
    FILE *file = fopen(path, "r");
    char line[300];

    (void)state;
    if (!file || !fgets(line, sizeof line, file))
        return -1;
    for (count = 0; count < OPTIONS_MAX && fgets(line, sizeof line, file); count++)
        if (sscanf(line, "%lf,%lf,%lf,%lf,%lf,%lf,%c,%*f,%lf", &input[0][count],
                    &input[1][count], &input[2][count], &input[3][count],
                    &input[4][count], &input[5][count], &type[count],
                    &reference[count])
                != 8)
            return -1;
    fclose(file);
    return parfun_set_backend(backend) == PARFUN_OK ? 0 : -1;
}

static void compare(size_t i, double call, double put, double tolerance)
{
    const double price = type[i] == 'C' ? call : put;

    if (!(fabs(price - reference[i]) <= tolerance))
        fail_msg("option %zu, %c: %.9g, and %.9g is right", i + 2, type[i], price,
                reference[i]);
}

static void prices_in_float_are_within_a_thousandth(void **state)
{
    static float in[INPUTS][OPTIONS_MAX], call[OPTIONS_MAX], put[OPTIONS_MAX];

    (void)state;
    assert_int_equal(count, 1000);
    for (size_t k = 0; k < INPUTS; k++)
        for (size_t i = 0; i < count; i++)
            in[k][i] = (float)input[k][i];
    must(black_scholes(count, in[0], in[1], in[2], in[3], in[4], in[5], call, put));
    for (size_t i = 0; i < count; i++)
        compare(i, (double)call[i], (double)put[i], 1e-3);
}

static void prices_in_double_are_within_two_hundred_thousandths(void **state)
{
    static double call[OPTIONS_MAX], put[OPTIONS_MAX];

    (void)state;
    must(black_scholes_double(count, input[0], input[1], input[2], input[3],
            input[4], input[5], call, put));
    for (size_t i = 0; i < count; i++)
        compare(i, call[i], put[i], 2e-5);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prices_in_float_are_within_a_thousandth),
        cmocka_unit_test(prices_in_double_are_within_two_hundred_thousandths),
    };

    if (argc != 3) {
        fprintf(stderr, "usage: prices_test BACKEND FILE\n");
        return 2;
    }
    backend = argv[1];
    path = argv[2];
    return without_leaks(cmocka_run_group_tests(tests, read_options, NULL));
}
