/* SPDX-License-Identifier: Apache-2.0 */
/* math_reference.c: libm's functions for long double, and what OpenCL has beyond
 * them, by sections 6.12.2 and 7.5.1 of its specification. */
#include "math_reference.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

#define PI 3.141592653589793238462643383279502884L

#define FROM_LIBM1(F)                                    \
    long double reference_##F(const struct operands *of) \
    {                                                    \
        return F##l(of->x);                              \
    }
#define FROM_LIBM2(F)                                    \
    long double reference_##F(const struct operands *of) \
    {                                                    \
        return F##l(of->x, of->y);                       \
    }
FROM_LIBM1(acos)
FROM_LIBM1(acosh)
FROM_LIBM1(asin)
FROM_LIBM1(asinh)
FROM_LIBM1(atan)
FROM_LIBM1(atanh)
FROM_LIBM1(cbrt)
FROM_LIBM1(ceil)
FROM_LIBM1(cos)
FROM_LIBM1(cosh)
FROM_LIBM1(erf)
FROM_LIBM1(erfc)
FROM_LIBM1(exp)
FROM_LIBM1(exp10)
FROM_LIBM1(exp2)
FROM_LIBM1(expm1)
FROM_LIBM1(fabs)
FROM_LIBM1(floor)
FROM_LIBM1(lgamma)
FROM_LIBM1(log)
FROM_LIBM1(log10)
FROM_LIBM1(log1p)
FROM_LIBM1(log2)
FROM_LIBM1(logb)
FROM_LIBM1(rint)
FROM_LIBM1(round)
FROM_LIBM1(sin)
FROM_LIBM1(sinh)
FROM_LIBM1(sqrt)
FROM_LIBM1(tan)
FROM_LIBM1(tanh)
FROM_LIBM1(trunc)
FROM_LIBM2(atan2)
FROM_LIBM2(copysign)
FROM_LIBM2(fdim)
FROM_LIBM2(fmax)
FROM_LIBM2(fmin)
FROM_LIBM2(fmod)
FROM_LIBM2(hypot)
FROM_LIBM2(pow)
FROM_LIBM2(remainder)

long double reference_rsqrt(const struct operands *of)
{
    return 1 / sqrtl(of->x);
}

/* C leaves open what it gives for whole numbers below zero. */
long double reference_tgamma(const struct operands *of)
{
    return tgammal(of->x);
}

/* ---- In units of pi ---------------------------------------------------------- */

long double reference_acospi(const struct operands *of)
{
    return acosl(of->x) / PI;
}

long double reference_asinpi(const struct operands *of)
{
    return asinl(of->x) / PI;
}

long double reference_atanpi(const struct operands *of)
{
    return atanl(of->x) / PI;
}

long double reference_atan2pi(const struct operands *of)
{
    return atan2l(of->y == of->y ? of->x : of->y, of->y) / PI;
}

/* Whole numbers give zeros with the sign of the argument. */
long double reference_sinpi(const struct operands *of)
{
    long double r = fmodl(of->x, 2);

    if (r == 0 || fabsl(r) == 1)
        return copysignl(0, of->x);
    if (fabsl(r) > 0.5L)
        r = fabsl(r) <= 1.5L ? copysignl(1, r) - r : r - copysignl(2, r);
    return sinl(PI * r);
}

/* Halves give +0. */
long double reference_cospi(const struct operands *of)
{
    long double r = fabsl(fmodl(of->x, 2));

    if (r > 1)
        r = 2 - r;
    if (r == 0.5L)
        return 0;
    return r < 0.25L    ? cosl(PI * r)
            : r > 0.75L ? -cosl(PI * (1 - r))
                        : sinl(PI * (0.5L - r));
}

/* tanpi(n) is copysign(0, n) for even n, the other zero for odd ones; tanpi(n + 0.5)
 * is +inf for even n and -inf for odd ones. */
long double reference_tanpi(const struct operands *of)
{
    long double r = fmodl(of->x, 2), n = floorl(fabsl(r));

    if (r == n || -r == n)
        return n == 1 ? -copysignl(0, of->x) : copysignl(0, of->x);
    if (fabsl(r) == 0.5L || fabsl(r) == 1.5L)
        return floorl(r) == 0 || floorl(r) == -2 ? INFINITY : -INFINITY;
    r = fmodl(of->x, 1);
    if (fabsl(r) > 0.5L)
        r -= copysignl(1, r);
    return fabsl(r) <= 0.25L ? tanl(PI * r)
                             : copysignl(1 / tanl(PI * (0.5L - fabsl(r))), r);
}

/* ---- Powers ------------------------------------------------------------------- */

/* x >= 0; 0 and infinity to the 0, 1 to infinity: NaN. */
long double reference_powr(const struct operands *of)
{
    long double x = of->x, y = of->y;

    if (isnan(x) || isnan(y) || x < 0)
        return NAN;
    if ((y == 0 && (x == 0 || isinf(x))) || (x == 1 && isinf(y)))
        return NAN;
    return powl(fabsl(x), y);
}

long double reference_pown(const struct operands *of)
{
    return powl(of->x, of->k);
}

long double reference_rootn(const struct operands *of)
{
    bool odd = of->k & 1;
    long double root;

    if (of->k == 0 || (of->x < 0 && !odd))
        return NAN;
    if (of->x == 0) {
        root = of->k < 0 ? INFINITY : 0;
        return odd ? copysignl(root, of->x) : root;
    }
    return copysignl(powl(fabsl(of->x), 1 / (long double)of->k), of->x);
}

/* ---- The rest -------------------------------------------------------------------- */

long double reference_ldexp(const struct operands *of)
{
    return ldexpl(of->x, of->k);
}

/* Of the type itself. */
long double reference_nextafter(const struct operands *of)
{
    return of->digits == FLT_MANT_DIG
            ? (long double)nextafterf((float)of->x, (float)of->y)
            : (long double)nextafter((double)of->x, (double)of->y);
}

long double reference_maxmag(const struct operands *of)
{
    long double a = fabsl(of->x), b = fabsl(of->y);
    return a > b ? of->x : b > a ? of->y : fmaxl(of->x, of->y);
}

long double reference_minmag(const struct operands *of)
{
    long double a = fabsl(of->x), b = fabsl(of->y);
    return a < b ? of->x : b < a ? of->y : fminl(of->x, of->y);
}

/* Rounded once, by the C library. */
long double reference_fma(const struct operands *of)
{
    return of->digits == FLT_MANT_DIG
            ? (long double)fmaf((float)of->x, (float)of->y, (float)of->z)
            : (long double)fma((double)of->x, (double)of->y, (double)of->z);
}
