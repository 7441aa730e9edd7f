/* SPDX-License-Identifier: Apache-2.0 */
/*
 * half_test.c: vload_half and vstore_half (section 6.12.7), for every half, and for
 * the numbers on, between and beyond halves.
 */
#include "run.h"

#include "support/cmocka.h"

#include <math.h>
#include <string.h>

DECLARE(half_load)
DECLARE(half_store_float)
DECLARE(half_store_double)

enum { HALVES = 1 << 16, ROUNDINGS = 5 };

/* By the format's definition: IEEE 754 binary16. */
static double number_of(uint16_t half)
{
    int exponent = half >> 10 & 31, fraction = half & 1023;
    double magnitude = exponent == 31 ? (fraction ? NAN : INFINITY)
            : exponent == 0           ? ldexp(fraction, -24)
                                      : ldexp(1024 + fraction, exponent - 25);
    return half >> 15 ? -magnitude : magnitude;
}

/* Default and 1: to the nearest, ties to even; to zero, up, down. */
static uint16_t half_of(double value, int rounding)
{
    uint16_t sign = signbit(value) ? 0x8000 : 0, below = 0;
    double magnitude = fabs(value), middle;
    bool up;

    for (uint16_t step = 0x4000; step; step /= 2) /* the last half not above it */
        if (below + step <= 0x7c00
                && number_of((uint16_t)(below + step)) <= magnitude)
            below = (uint16_t)(below + step);
    if (number_of(below) == magnitude)
        return sign | below;
    middle = below == 0x7bff
            ? 65520
            : (number_of(below) + number_of((uint16_t)(below + 1))) / 2;
    up = rounding == 2      ? false
            : rounding == 3 ? !sign
            : rounding == 4
            ? sign != 0
            : magnitude > middle || (magnitude == middle && below & 1);
    return (uint16_t)(sign | (below + up));
}

static void run(
        const struct parfun_variant *variant, size_t items, void *out, void *x)
{
    const struct range range = {
        .dimensions = 1, .global = { items, 1, 1 }, .local = { items, 1, 1 }
    };
    void *arguments[] = { &out, &x };

    run_kernel(variant, &range, 1, arguments, 0);
}

static void every_half_is_loaded_exactly(void **state)
{
    static uint16_t halves[3 * HALVES] __attribute__((aligned(32)));
    static float out[3 * HALVES];

    (void)state;
    for (int i = 0; i < 3 * HALVES; i++)
        halves[i] = (uint16_t)i;
    for (uint32_t v = 0; v < parfun_kernel_half_load.variant_count; v++) {
        if (!can_run(parfun_kernel_half_load.variants[v].isa))
            continue;
        run(&parfun_kernel_half_load.variants[v], HALVES, out, halves);
        for (int i = 0; i < 3 * HALVES; i++) {
            int from = i % HALVES;
            from = i < HALVES        ? from
                    : i < 2 * HALVES ? from / 3 * 3
                                     : from / 16 * 16 + 14;
            float right = (float)number_of((uint16_t)from);
            if (isnan(right))
                assert_true(isnan(out[i]));
            else
                assert_memory_equal(&out[i], &right, sizeof right);
        }
    }
}

enum { NUMBERS = 3 * HALVES };

/* Each half, and what lies beside the middle between it and the next. */
static double near_half(int i, bool single)
{
    uint16_t half = (uint16_t)(i / 3);
    double value = number_of(half), next = number_of((uint16_t)(half + 1));

    if (isnan(value) || isinf(value) || isinf(next) || isnan(next))
        return i % 3 == 0 ? value : copysign(i % 3 == 1 ? 65520 : 1e30, value);
    if (i % 3 == 0)
        return value;
    next = (value + next) / 2;
    if (i % 3 == 2)
        next = single ? (double)nextafterf((float)next, half & 2 ? 1e9f : -1e9f)
                      : nextafter(next, half & 2 ? 1e9 : -1e9);
    return next;
}

static void check(const uint16_t *out, const double *numbers, const char *isa)
{
    for (int m = 0; m < ROUNDINGS; m++)
        for (int i = 0; i < NUMBERS; i++) {
            const uint16_t *three = out + (5 + 3 * m) * NUMBERS + 3 * i;
            uint16_t got = out[m * NUMBERS + i];
            uint16_t right = half_of(numbers[i], m);
            if (isnan(numbers[i]) ? !isnan(number_of(got)) : got != right)
                fail_msg("%s, rounding %d: %a gives %x, not %x", isa, m, numbers[i],
                        got, right);
            if (three[0] != got || three[1] != 0 || three[2] != got)
                fail_msg("%s, rounding %d: %a in a vector gives %x", isa, m,
                        numbers[i], three[0]);
        }
}

static void numbers_are_stored_as_the_half_of_the_rounding(void **state)
{
    static uint16_t out[20 * NUMBERS];
    static double doubles[NUMBERS], widened[NUMBERS];
    static float floats[NUMBERS];

    (void)state;
    for (int i = 0; i < NUMBERS; i++) {
        doubles[i] = near_half(i, false);
        floats[i] = (float)near_half(i, true);
        widened[i] = (double)floats[i];
    }
    for (uint32_t v = 0; v < parfun_kernel_half_store_float.variant_count; v++) {
        const struct parfun_variant *of_floats =
                &parfun_kernel_half_store_float.variants[v];
        if (!can_run(of_floats->isa))
            continue;
        run(of_floats, NUMBERS, out, floats);
        check(out, widened, of_floats->isa);
        run(&parfun_kernel_half_store_double.variants[v], NUMBERS, out, doubles);
        check(out, doubles, of_floats->isa);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_half_is_loaded_exactly),
        cmocka_unit_test(numbers_are_stored_as_the_half_of_the_rounding),
    };

    return cmocka_run_group_tests_name("compiler.half", tests, NULL, NULL);
}
