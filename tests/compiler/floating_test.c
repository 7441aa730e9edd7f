/* SPDX-License-Identifier: Apache-2.0 */
/*
 * floating_test.c: comparisons, functions with two results, common and geometric
 * functions, over pairs of special values and random numbers, in float and double.
 */
#include "run.h"

#include "support/cmocka.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define DECLARE_BOTH(name) DECLARE(name##_float) DECLARE(name##_double)
DECLARE_BOTH(predicates)
DECLARE_BOTH(two_results)
DECLARE_BOTH(common)

static const double specials[] = { 0, -0.0, 0x1p-149, 0x1p-1074, 0x1p-126,
    -0x1p-1022, 0.25, -0.5, 0x1.fffffep-1, 1, -1, 1.5, 2, 2.5, -3.75, 1e3, -12345.5,
    0x1p24, 1e30, FLT_MAX, -DBL_MAX, INFINITY, -INFINITY, NAN };
enum { SPECIALS = sizeof specials / sizeof *specials };
enum { PAIRS = SPECIALS * SPECIALS, COUNT = PAIRS + 1000, OUTPUTS = 20 };

/* One type's numbers, and the same as doubles, which hold floats exactly. */
struct arrays {
    union {
        float f[OUTPUTS * COUNT];
        double d[OUTPUTS * COUNT];
    } out;
    union {
        float f[COUNT];
        double d[COUNT];
    } x, y, z;
    double wide_x[COUNT], wide_y[COUNT], wide_z[COUNT];
    int number[5 * COUNT];
    bool single;
};

static double random_number(void)
{
    static uint32_t state = 5;

    state = state * 1664525 + 1013904223;
    return ldexp((double)(state >> 8), -20) - 8;
}

/* In the type's precision, and back. */
static double put(const struct arrays *a, float *f, double *d, double value)
{
    if (!a->single)
        return *d = value;
    *f = (float)value;
    return (double)*f;
}

static void fill(struct arrays *a, bool single, bool with_specials)
{
    a->single = single;
    for (int i = 0; i < COUNT; i++) {
        bool special = with_specials && i < PAIRS;
        a->wide_x[i] = put(a, &a->x.f[i], &a->x.d[i],
                special ? specials[i / SPECIALS] : random_number());
        a->wide_y[i] = put(a, &a->y.f[i], &a->y.d[i],
                special ? specials[i % SPECIALS] : random_number());
        a->wide_z[i] = put(a, &a->z.f[i], &a->z.d[i], fabs(random_number()));
    }
}

static double get(const struct arrays *a, int output, int i)
{
    return a->single ? (double)a->out.f[output * COUNT + i]
                     : a->out.d[output * COUNT + i];
}

static void run(const struct parfun_variant *variant, void **pointers)
{
    const struct range range = {
        .dimensions = 1, .global = { COUNT, 1, 1 }, .local = { COUNT, 1, 1 }
    };
    void *arguments[] = { &pointers[0], &pointers[1], &pointers[2], &pointers[3] };

    run_kernel(variant, &range, 1, arguments, 0);
}

static struct arrays arrays;

/* check() for each variant and type that the machine can run. */
static void for_each(const struct parfun_kernel *of_float,
        const struct parfun_kernel *of_double, bool with_specials, void **pointers,
        void (*check)(int i, const char *isa))
{
    for (int type = 0; type < 2; type++) {
        const struct parfun_kernel *kernel = type ? of_double : of_float;
        for (uint32_t v = 0; v < kernel->variant_count; v++) {
            if (!can_run(kernel->variants[v].isa))
                continue;
            fill(&arrays, type == 0, with_specials);
            run(&kernel->variants[v], pointers);
            for (int i = 0; i < COUNT; i++)
                check(i, kernel->variants[v].isa);
        }
    }
}

/* ---- Comparisons -------------------------------------------------------------------- */

static int predicates(double x, double y)
{
    bool normal =
            fabs(x) >= (arrays.single ? (double)FLT_MIN : DBL_MIN) && !isinf(x);

    return (x == y) | (x != y) << 1 | (x > y) << 2 | (x >= y) << 3 | (x < y) << 4
            | (x <= y) << 5 | (x < y || x > y) << 6 | (!isnan(x) && !isnan(y)) << 7
            | (isnan(x) || isnan(y)) << 8 | (x - x == 0) << 9
            | (fabs(x) == INFINITY) << 10 | (x != x) << 11 | normal << 12
            | !!signbit(x) << 13;
}

static void check_predicates(int i, const char *isa)
{
    double x = arrays.wide_x[i], y = arrays.wide_y[i];
    const int *out = arrays.number;
    int right = predicates(x, y);
    int others = (x < y || y < x) | (x == y && x == x) << 1 | (x < y) << 2
            | (y > x) << 3;

    if (out[i] != right || out[COUNT + i] != right || out[2 * COUNT + i] != others)
        fail_msg("%s: (%a, %a) give %x and %x, not %x; %x, not %x", isa, x, y,
                out[i], out[COUNT + i], right, out[2 * COUNT + i], others);
}

static void comparisons_know_the_special_values(void **state)
{
    void *pointers[] = { arrays.number, &arrays.x, &arrays.y, NULL };

    (void)state;
    for_each(&parfun_kernel_predicates_float, &parfun_kernel_predicates_double,
            true, pointers, check_predicates);
}

/* ---- Two results ------------------------------------------------------------------------ */

static bool same(double got, double right)
{
    return isnan(right) ? isnan(got)
                        : got == right && !signbit(got) == !signbit(right);
}

/* Within some units in the last place. */
static bool near(double got, double right, double units)
{
    double unit = arrays.single ? (double)FLT_EPSILON : DBL_EPSILON;
    double tiny = arrays.single ? 0x1p-149 : 0x1p-1074;

    return same(got, right) || got == right
            || fabs(got - right) <= units * (unit * fabs(right) + tiny)
            || (arrays.single && isinf(got) && fabs(right) > (double)FLT_MAX);
}

static void check_two_results(int i, const char *isa)
{
    double x = arrays.wide_x[i], y = arrays.wide_y[i], whole;
    double less_than_1 = arrays.single ? 0x1.fffffep-1 : 0x1.fffffffffffffp-1;
    double part = isinf(x) ? copysign(0, x) : fmin(x - floor(x), less_than_1);
    int exponent = 0, quotient = 0, sign = 0;
    double right[] = { isnan(x) ? x : part, floor(x), modf(x, &whole), 0, sin(x),
        cos(x), frexp(x, &exponent), remquo(x, y, &quotient), lgamma_r(x, &sign),
        frexp(x, &exponent), NAN };
    const int *number = &arrays.number[i];

    right[3] = whole;
    for (int m = 0; m < 11; m++) {
        double got = get(&arrays, m, i);
        if (!(m == 4 || m == 5       ? near(got, right[m], 4)
                            : m == 8 ? near(got, right[m], 2000)
                            : m == 0 ? near(got, right[m], 1)
                                     : same(got, right[m])))
            fail_msg("%s, output %d: (%a, %a) give %a, not %a", isa, m, x, y, got,
                    right[m]);
    }
    if (isfinite(x)) {
        assert_int_equal(number[0], exponent);
        assert_int_equal(number[4 * COUNT], exponent);
    }
    if (!isnan(right[7])) { /* the lowest bits, and the sign */
        assert_int_equal(number[COUNT] & 7, quotient & 7);
        if (quotient)
            assert_int_equal(number[COUNT] < 0, quotient < 0);
    }
    if (isfinite(x) && x != 0)
        assert_int_equal(number[3 * COUNT], ilogb(x));
    if (isfinite(x) && x != floor(x))
        assert_int_equal(number[2 * COUNT], sign);
}

static void second_results_go_through_pointers(void **state)
{
    void *pointers[] = { &arrays.out, arrays.number, &arrays.x, &arrays.y };

    (void)state;
    for_each(&parfun_kernel_two_results_float, &parfun_kernel_two_results_double,
            true, pointers, check_two_results);
}

/* ---- Common and geometric functions -------------------------------------------------------- */

static double smooth(double x)
{
    double t = fmin(fmax((x + 1) / 4, 0), 1);
    return t * t * (3 - 2 * t);
}

static void check_common(int i, const char *isa)
{
    double x = arrays.wide_x[i], y = arrays.wide_y[i], z = arrays.wide_z[i];
    double length = sqrt(x * x + y * y + z * z + 4);
    double right[OUTPUTS] = { fmin(x, y), fmax(x, y), fmin(fmax(x, -1), 2),
        x * 57.295779513082320877, x * 0.017453292519943295769, x + (y - x) * z,
        y >= x, smooth(x), (x > 0) - (x < 0), x * z + 3 * y + z * x + 2 * y,
        x * z + 3 * y + z * x, length,
        sqrt((x - z) * (x - z) + (y - 3) * (y - 3) + (z - x) * (z - x)
                + (2 - y) * (2 - y)),
        y / length, y * x - z * 3, z * z - x * x, x * 3 - y * z, 0, smooth(x),
        x + (y - x) * z };
    double unit = arrays.single ? (double)FLT_EPSILON : DBL_EPSILON;
    double size = 4 + fabs(x) + fabs(y) + fabs(z),
           tolerance = 8 * unit * size * size;

    for (int m = 0; m < OUTPUTS; m++) {
        double got = get(&arrays, m, i);
        bool exact = m < 3 || m == 6 || m == 8 || m == 17;
        if (exact ? got != right[m] : !(fabs(got - right[m]) <= tolerance))
            fail_msg("%s, output %d: (%a, %a, %a) give %a, not %a", isa, m, x, y, z,
                    got, right[m]);
    }
}

static void common_and_geometric_functions_are_near(void **state)
{
    void *pointers[] = { &arrays.out, &arrays.x, &arrays.y, &arrays.z };

    (void)state;
    for_each(&parfun_kernel_common_float, &parfun_kernel_common_double, false,
            pointers, check_common);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(comparisons_know_the_special_values),
        cmocka_unit_test(second_results_go_through_pointers),
        cmocka_unit_test(common_and_geometric_functions_are_near),
    };

    return cmocka_run_group_tests_name("compiler.floating", tests, NULL, NULL);
}
