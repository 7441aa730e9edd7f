/* SPDX-License-Identifier: Apache-2.0 */
/*
 * math_test.c: the functions of section 6.12.2 stay within the error bounds of
 * section 7.4, over special values, their combinations, and samples of all
 * magnitudes; scalars in every instruction set, vectors of every width.
 */
#include "math_reference.h"
#include "run.h"

#include "support/cmocka.h"

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#define DECLARE_KERNELS(F, ...) \
    DECLARE(F##_float) DECLARE(F##_double) DECLARE(F##_floatn) DECLARE(F##_doublen)
#define ONE DECLARE_KERNELS
#define TWO DECLARE_KERNELS
#define TWO_INT DECLARE_KERNELS
#define THREE DECLARE_KERNELS
#include "math_functions.def"
#undef ONE
#undef TWO
#undef TWO_INT
#undef THREE

struct function {
    const char *name;
    int operands; /* floating-point ones */
    bool with_int;
    reference *reference;
    double ulps[2];                        /* of float, double */
    const struct parfun_kernel *scalar[2]; /* likewise */
    const struct parfun_kernel *vector[2];
};

#define FUNCTION(F, OPERANDS, INT, OF_FLOAT, OF_DOUBLE)                        \
    { .name = #F,                                                              \
        .operands = OPERANDS,                                                  \
        .with_int = INT,                                                       \
        .reference = reference_##F,                                            \
        .ulps = { OF_FLOAT, OF_DOUBLE },                                       \
        .scalar = { &parfun_kernel_##F##_float, &parfun_kernel_##F##_double }, \
        .vector = { &parfun_kernel_##F##_floatn, &parfun_kernel_##F##_doublen } },

static const struct function functions[] = {
#define ONE(F, A, B) FUNCTION(F, 1, false, A, B)
#define TWO(F, A, B) FUNCTION(F, 2, false, A, B)
#define TWO_INT(F, A, B) FUNCTION(F, 1, true, A, B)
#define THREE(F, A, B) FUNCTION(F, 3, false, A, B)
#include "math_functions.def"
};

/* ---- Arguments --------------------------------------------------------------- */

enum { BLOCK = 33, BLOCKS = 200, COUNT = BLOCK * BLOCKS };

/* One type's arrays; `bytes` of an element. */
struct arrays {
    union {
        float f[COUNT];
        double d[COUNT];
    } out, x, y, z;
    int k[COUNT];
    size_t bytes;
};

static const double specials[] = { 0, 0x1p-1074, 0x1p-1030, 0x1p-1022, 0x1p-149,
    0x1p-130, 0x1p-126, 0x1p-60, 0x1p-12, 0.1, 0.25, 0.5, 0.75, 0x1.fffffep-1,
    0x1.fffffffffffffp-1, 1, 0x1.000002p0, 0x1.0000000000001p0, 1.5, 2, 2.5, 3, 4,
    10, 17, 31.5, 32, 88.7, 100, 127, 127.5, 170.6, 709.7, 1024.5, 12345, 0x1p23,
    0x1.000001p24, 0x1p31, 0x1p52, 0x1.0000000000001p53, 0x1p63, 0x1p100,
    0x1.921fb6p0, 0x1.921fb54442d18p0, 0x1.921fb6p1, 0x1.921fb54442d18p1, 0x1p127,
    FLT_MAX, 0x1p1000, DBL_MAX, INFINITY, NAN };
enum { SPECIALS = 2 * sizeof specials / sizeof *specials }; /* of both signs */

static const int integers[] = { 0, 1, -1, 2, -2, 3, -3, 4, 5, -7, 10, 31, 64, -64,
    100, 126, 127, 128, -126, -127, -149, -150, 200, 1000, -1022, -1074, 1023, 1024,
    2000, -2100, 12345, -98765, 0x7fffffff, -0x7fffffff, -0x7fffffff - 1 };
enum { INTEGERS = sizeof integers / sizeof *integers };

static uint64_t random_bits(void)
{
    static uint64_t state = 1;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

/* All magnitudes, or those for which most functions are interesting. */
static double random_number(size_t i, size_t bytes)
{
    double fraction = (double)(random_bits() >> 11) * 0x1p-53;
    double sign = random_bits() & 1 ? -1 : 1;
    int range = bytes == sizeof(float) ? 149 : 1060;

    switch (i % 4) {
    case 0:
        return sign
                * ldexp(1 + fraction,
                        (int)(random_bits() % (2 * (unsigned)range)) - range);
    case 1:
        return sign * ldexp(1 + fraction, (int)(random_bits() % 16) - 8);
    case 2:
        return sign * 3 * fraction;
    default:
        return sign * 0.5 * (double)(random_bits() % 64);
    }
}

static double special(size_t i)
{
    double value = specials[i % SPECIALS / 2];
    return i & 1 ? -value : value;
}

static void set(void *array, size_t i, size_t bytes, double value)
{
    if (bytes == sizeof(float))
        ((float *)array)[i] = (float)value;
    else
        ((double *)array)[i] = value;
}

static long double get(const void *array, size_t i, size_t bytes)
{
    return bytes == sizeof(float) ? (long double)((const float *)array)[i]
                                  : (long double)((const double *)array)[i];
}

/* Specials first: every one, or pairs of them as far as there is room. */
static void fill(struct arrays *a, const struct function *function)
{
    size_t combined = function->operands == 1 && !function->with_int
            ? (size_t)SPECIALS
            : COUNT / 2;

    for (size_t i = 0; i < COUNT; i++) {
        bool is_special = i < combined;
        size_t second = i / SPECIALS * 5 + i; /* another one each time round */
        set(&a->x, i, a->bytes,
                is_special ? special(i) : random_number(i, a->bytes));
        set(&a->y, i, a->bytes,
                is_special ? special(second) : random_number(i / 4, a->bytes));
        set(&a->z, i, a->bytes,
                is_special ? special(second + i / 7) : random_number(i, a->bytes));
        a->k[i] = is_special ? integers[(i + i / SPECIALS) % INTEGERS]
                             : (int)(random_bits() % 300) - 150;
    }
}

/* ---- Comparison ------------------------------------------------------------------ */

/* How far `value` is from `right`, in units in the last place of the latter. */
static double error_of(
        long double value, long double right, size_t bytes, bool any_zero)
{
    bool single = bytes == sizeof(float);
    long double most = single ? FLT_MAX : DBL_MAX;
    int digits = single ? FLT_MANT_DIG : DBL_MANT_DIG;
    int least = single ? FLT_MIN_EXP - 1 : DBL_MIN_EXP - 1, exponent;

    if (isnan(right))
        return isnan(value) ? 0 : INFINITY;
    if (isnan(value))
        return INFINITY;
    if (value == right) /* the sign of a zero may be left open */
        return right != 0 || any_zero || !signbit(value) == !signbit(right)
                ? 0
                : INFINITY;
    if (isinf(right) || isinf(value)) { /* what lies beyond rounds to infinity */
        long double edge = most + ldexpl(most, -digits - 1);
        bool both = !signbit(value) == !signbit(right);
        if (both && isinf(value) && fabsl(right) >= edge)
            return 0;
        if (both && isinf(value) && fabsl(right) > most * 0.9999995L)
            return (double)((edge - fabsl(right)) / ldexpl(1, single ? 104 : 971));
        return INFINITY;
    }
    exponent = right == 0 ? least : ilogbl(right);
    if (exponent < least)
        exponent = least;
    return (double)(fabsl(value - right) / ldexpl(1, exponent - digits + 1));
}

static int check_results(const struct function *function, const struct arrays *a,
        const char *what, const char *isa)
{
    bool single = a->bytes == sizeof(float);
    bool any_zero = strstr("fmax fmin maxmag minmag", function->name) != NULL;
    int wrong = 0;

    for (size_t i = 0; i < COUNT; i++) {
        struct operands of = { get(&a->x, i, a->bytes), get(&a->y, i, a->bytes),
            get(&a->z, i, a->bytes), a->k[i],
            single ? FLT_MANT_DIG : DBL_MANT_DIG };
        long double right = function->reference(&of);
        long double value = get(&a->out, i, a->bytes);
        double error = error_of(value, right, a->bytes, any_zero);
        if (error <= function->ulps[!single])
            continue;
        if (wrong++ < 3)
            print_error("%s of %s, %s: (%La, %La, %La, %d) gives %La, not %La: "
                        "%g units\n",
                    function->name, what, isa, of.x, of.y, of.z, of.k, value, right,
                    error);
    }
    return wrong;
}

static int check_kernel(const struct function *function, struct arrays *a,
        const struct parfun_kernel *kernel, size_t items, const char *what)
{
    int wrong = 0;
    void *pointers[] = { &a->out, &a->x, &a->y, &a->z, a->k };
    void *arguments[] = { &pointers[0], &pointers[1], &pointers[2], &pointers[3],
        &pointers[4] };
    const struct range range = {
        .dimensions = 1, .global = { items, 1, 1 }, .local = { items, 1, 1 }
    };

    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        memset(&a->out, 0x5a, sizeof a->out);
        run_kernel(&kernel->variants[v], &range, 1, arguments, 0);
        wrong += check_results(function, a, what, kernel->variants[v].isa);
    }
    return wrong;
}

static struct arrays arrays;

static int check_all(size_t bytes, bool vectors)
{
    int wrong = 0, type = bytes == sizeof(double);

    arrays.bytes = bytes;
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
        const struct function *function = &functions[i];
        const struct parfun_kernel *kernel =
                vectors ? function->vector[type] : function->scalar[type];
        fill(&arrays, function);
        wrong += check_kernel(
                function, &arrays, kernel, vectors ? BLOCKS : COUNT, kernel->name);
    }
    return wrong;
}

static void floats_are_within_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(check_all(sizeof(float), false), 0);
}

static void doubles_are_within_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(check_all(sizeof(double), false), 0);
}

static void vectors_are_within_their_bounds(void **state)
{
    (void)state;
    assert_int_equal(
            check_all(sizeof(float), true) + check_all(sizeof(double), true), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(floats_are_within_their_bounds),
        cmocka_unit_test(doubles_are_within_their_bounds),
        cmocka_unit_test(vectors_are_within_their_bounds),
    };

    return cmocka_run_group_tests_name("compiler.math", tests, NULL, NULL);
}
