/* SPDX-License-Identifier: Apache-2.0 */
/*
 * convert_test.c: explicit conversions (section 6.2.3) between all numbers, in every
 * rounding mode, with and without saturation, of scalars and of vectors.
 */
#include "run.h"

#include "support/cmocka.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "convert_types.def"

enum kind { SIGNED, UNSIGNED, FLOATING };

struct type {
    const char *name;
    size_t bytes;
    enum kind kind;
};

enum { TYPES = 10, INTEGER_TYPES = 8 };

static const struct type types[TYPES] = { { "char", 1, SIGNED },
    { "uchar", 1, UNSIGNED }, { "short", 2, SIGNED }, { "ushort", 2, UNSIGNED },
    { "int", 4, SIGNED }, { "uint", 4, UNSIGNED }, { "long", 8, SIGNED },
    { "ulong", 8, UNSIGNED }, { "float", 4, FLOATING }, { "double", 8, FLOATING } };

#define DECLARE_PAIR(TO, FROM, MORE) DECLARE(from_##FROM##_to_##TO)
#define DECLARE_TO(TO) FROM_TYPES(DECLARE_PAIR, TO, )
TO_INTEGERS(DECLARE_TO)
DECLARE_TO(float)
DECLARE_TO(double)

#define PAIR(TO, FROM, MORE) &parfun_kernel_from_##FROM##_to_##TO,
#define ROW(TO) { FROM_TYPES(PAIR, TO, ) },
static const struct parfun_kernel *const kernels[TYPES][TYPES] = { TO_INTEGERS(ROW)
            ROW(float) ROW(double) };

/* ---- Numbers: a long double holds each of every type ------------------------------ */

enum { COUNT = 500, OUTPUTS = 30, ROUNDINGS = 5 };

static uint64_t x[COUNT], out[OUTPUTS * COUNT];

static long double get(const uint64_t *array, size_t i, const struct type *type)
{
    const char *at = (const char *)array + i * type->bytes;
    uint64_t bits = 0;
    float f;
    double d;

    if (type->kind == FLOATING && type->bytes == sizeof f)
        return memcpy(&f, at, sizeof f), (long double)f;
    if (type->kind == FLOATING)
        return memcpy(&d, at, sizeof d), (long double)d;
    memcpy(&bits, at, type->bytes);
    if (type->kind == SIGNED && bits >> (8 * type->bytes - 1))
        return (long double)bits - ldexpl(1, 8 * (int)type->bytes);
    return (long double)bits;
}

static uint64_t random_bits(void)
{
    static uint64_t state = 1;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* Near the limits of all types, halves between whole numbers, and any bits. */
static void fill(const struct type *type)
{
    for (size_t i = 0; i < COUNT; i++) {
        uint64_t bits = random_bits() >> (random_bits() % 64);
        double d = (double)(int64_t)(random_bits() % 16) * 0.25 - 2;
        if (i % 4 == 0)
            d += ldexp(1, (int)(i / 4 % 66)) * (i & 64 ? 1 : -1);
        if (i % 4 == 1)
            d = (double)(bits % 2000) * 0.5 - 500;
        float f = (float)d;
        if (i % 4 == 3)
            memcpy(&d, &bits, sizeof d), memcpy(&f, &bits, sizeof f);
        if (type->kind != FLOATING && i % 4 == 0)
            bits = (uint64_t)(int64_t)(i % 3) - 1 + ((uint64_t)1 << (i / 4 % 64));
        const void *from = type->kind != FLOATING ? (const void *)&bits
                : type->bytes == sizeof f         ? (const void *)&f
                                                  : (const void *)&d;
        memcpy((char *)x + i * type->bytes, from, type->bytes);
    }
}

/* Default, to even, to zero, up, down. */
static long double to_whole(long double value, int rounding)
{
    return rounding == 1    ? rintl(value)
            : rounding == 3 ? ceill(value)
            : rounding == 4 ? floorl(value)
                            : truncl(value);
}

static long double to_floating(
        long double value, int rounding, const struct type *type)
{
    bool single = type->bytes == sizeof(float);
    long double nearest = single ? (long double)(float)value : (double)value;
    double toward = rounding == 2 ? 0 : rounding == 3 ? INFINITY : -INFINITY;
    bool step = rounding == 2 ? fabsl(nearest) > fabsl(value)
            : rounding == 3   ? nearest < value
                              : rounding == 4 && nearest > value;

    if (!step)
        return nearest;
    return single ? (long double)nextafterf((float)nearest, (float)toward)
                  : (long double)nextafter((double)nearest, toward);
}

/* False: the specification leaves the result open. */
static bool to_integer(long double value, int rounding, bool saturates,
        const struct type *from, const struct type *to, long double *right)
{
    int bits = 8 * (int)to->bytes;
    long double most = ldexpl(1, to->kind == SIGNED ? bits - 1 : bits) - 1;
    long double least = to->kind == SIGNED ? -most - 1 : 0;

    if (isnan(value))
        return *right = 0, saturates;
    value = to_whole(value, rounding);
    *right = value > most ? most : value < least ? least : value;
    if (saturates || *right == value)
        return true;
    if (from->kind == FLOATING)
        return false;
    *right = fmodl(value, ldexpl(1, bits)); /* integers are cut */
    if (*right < least)
        *right += ldexpl(1, bits);
    if (*right > most)
        *right -= ldexpl(1, bits);
    return true;
}

/* ---- Comparison ---------------------------------------------------------------------- */

/* Outputs 0 to 4 are scalars, 5 to 9 saturated ones, then threes and sixteens, then
 * saturated threes and sixteens, by rounding. */
static int compare(const struct type *from, const struct type *to, const char *isa)
{
    int outputs = to->kind == FLOATING ? 20 : OUTPUTS, wrong = 0;

    for (int m = 0; m < outputs; m++) {
        int rounding = m % ROUNDINGS;
        bool saturates = (m >= 5 && m < 10) || m >= 20;
        if (to->kind == FLOATING && saturates)
            continue;
        for (size_t i = 0; i < COUNT; i++) {
            long double value = get(x, i, from), right;
            long double got = get(out, (size_t)m * COUNT + i, to);
            if (to->kind == FLOATING)
                right = to_floating(value, rounding, to);
            else if (!to_integer(value, rounding, saturates, from, to, &right))
                continue;
            if (got != right && !(isnan(got) && isnan(right)) && wrong++ < 2)
                print_error("%s to %s, output %d, %s: %La gives %La, not %La\n",
                        from->name, to->name, m, isa, value, got, right);
        }
    }
    return wrong;
}

static int check(const struct type *from, const struct type *to,
        const struct parfun_kernel *kernel)
{
    const struct range range = {
        .dimensions = 1, .global = { COUNT, 1, 1 }, .local = { COUNT, 1, 1 }
    };
    void *pointers[] = { out, x };
    void *arguments[] = { &pointers[0], &pointers[1] };
    int wrong = 0;

    fill(from);
    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        memset(out, 0x5a, sizeof out);
        run_kernel(&kernel->variants[v], &range, 1, arguments, 0);
        wrong += compare(from, to, kernel->variants[v].isa);
    }
    return wrong;
}

static void check_rows(size_t first, size_t end)
{
    int wrong = 0;

    for (size_t to = first; to < end; to++)
        for (size_t from = 0; from < TYPES; from++)
            wrong += check(&types[from], &types[to], kernels[to][from]);
    assert_int_equal(wrong, 0);
}

static void conversions_to_integers_round_and_saturate(void **state)
{
    (void)state;
    check_rows(0, INTEGER_TYPES);
}

static void conversions_to_floating_point_round(void **state)
{
    (void)state;
    check_rows(INTEGER_TYPES, TYPES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(conversions_to_integers_round_and_saturate),
        cmocka_unit_test(conversions_to_floating_point_round),
    };

    return cmocka_run_group_tests_name("compiler.convert", tests, NULL, NULL);
}
