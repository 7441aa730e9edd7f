/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libm.h: scalar functions from which math.h makes OpenCL's: those of libm that
 * clang has no builtin for, and small ones of our own.  A trailing f: float.
 */

double pf_libm_exp10(double) __attribute__((const)) __asm__("exp10");

/* Libmvec's vector version of the float function is too inaccurate. */
PF_ONE float pf_exp10f(float pf_x) { return (float)pf_libm_exp10(pf_x); }

/* ---- fma ------------------------------------------------------------------------- */

#ifdef __FMA__
#define pf_fmaf __builtin_fmaf
#else
/* The product is exact in double; the sum is rounded to odd there, so that the
 * second rounding, to float, is the only one that counts. */
PF_ONE float pf_fmaf(float pf_x, float pf_y, float pf_z)
{
    double pf_p = (double)pf_x * (double)pf_y;
    double pf_c = pf_z;
    double pf_s = pf_p + pf_c;
    double pf_b = pf_s - pf_p;
    double pf_e = (pf_p - (pf_s - pf_b)) + (pf_c - pf_b); /* s + e is exact */
    long pf_i = __builtin_astype(pf_s, long);
    long pf_away = ((pf_e > 0) == (pf_s > 0)) ? 1 : -1;
    pf_i += ((pf_i & 1) == 0 && pf_e != 0 && pf_s - pf_s == 0) ? pf_away : 0;
    return (float)__builtin_astype(pf_i, double);
}
#endif

/* ---- cbrt ------------------------------------------------------------------------ */

/* Glibc 2.36's cbrt() is off by up to 4 units, the bound is 2.  A step of Halley's
 * method from the upper 24 bits, whose square is exact. */
PF_ONE double pf_cbrt(double pf_x)
{
    double pf_y = __builtin_cbrt(pf_x);
    ulong pf_upper = __builtin_astype(pf_y, ulong) & 0xffffffffe0000000UL;
    double pf_t = __builtin_astype(pf_upper, double);
    double pf_r = pf_x / (pf_t * pf_t);
    double pf_s = pf_t + pf_t * ((pf_r - pf_t) / (pf_t + pf_t + pf_r));
    bool pf_ordinary = (pf_x != 0) & (pf_x - pf_x == 0);
    return pf_ordinary ? pf_s : pf_y;
}

/* ---- Small ones -------------------------------------------------------------------- */

PF_ONE float pf_rsqrtf(float pf_x) { return 1.0f / __builtin_sqrtf(pf_x); }
PF_ONE double pf_rsqrt(double pf_x) { return 1.0 / __builtin_sqrt(pf_x); }

#define PF_MAGNITUDES(T, f)                                                   \
    PF_ONE T pf_maxmag##f(T pf_x, T pf_y)                                     \
    {                                                                         \
        T pf_a = __builtin_fabs##f(pf_x), pf_b = __builtin_fabs##f(pf_y);     \
        T pf_m = __builtin_fmax##f(pf_x, pf_y);                               \
        pf_m = pf_b > pf_a ? pf_y : pf_m;                                     \
        return pf_a > pf_b ? pf_x : pf_m;                                     \
    }                                                                         \
    PF_ONE T pf_minmag##f(T pf_x, T pf_y)                                     \
    {                                                                         \
        T pf_a = __builtin_fabs##f(pf_x), pf_b = __builtin_fabs##f(pf_y);     \
        T pf_m = __builtin_fmin##f(pf_x, pf_y);                               \
        pf_m = pf_b < pf_a ? pf_y : pf_m;                                     \
        return pf_a < pf_b ? pf_x : pf_m;                                     \
    }
PF_MAGNITUDES(float, f)
PF_MAGNITUDES(double, )
#undef PF_MAGNITUDES

PF_ONE float pf_nanf(uint pf_bits)
{
    return __builtin_astype((pf_bits & 0x3fffffu) | 0x7fc00000u, float);
}
PF_ONE double pf_nan(ulong pf_bits)
{
    return __builtin_astype(
            (pf_bits & 0x7ffffffffffffUL) | 0x7ff8000000000000UL, double);
}

/* x * 2^k in three exact steps and one rounded: the first two keep the number
 * far enough from the denormals that only the last can lose bits. */
PF_ONE float pf_ldexpf(float pf_x, int pf_k)
{
    float pf_up, pf_f;
    for (int pf_step = 0; pf_step < 2; pf_step++) {
        pf_up = pf_k > 127 ? 0x1p127f : 1.0f;
        pf_f = pf_k < -126 ? 0x1p-102f : pf_up;
        pf_k -= pf_k > 127 ? 127 : pf_k < -126 ? -102 : 0;
        pf_x *= pf_f;
    }
    pf_k = pf_k > 127 ? 127 : pf_k < -126 ? -126 : pf_k;
    return pf_x * __builtin_astype((pf_k + 127) << 23, float);
}
PF_ONE double pf_ldexp(double pf_x, int pf_k)
{
    double pf_up, pf_f;
    for (int pf_step = 0; pf_step < 2; pf_step++) {
        pf_up = pf_k > 1023 ? 0x1p1023 : 1.0;
        pf_f = pf_k < -1022 ? 0x1p-969 : pf_up;
        pf_k -= pf_k > 1023 ? 1023 : pf_k < -1022 ? -969 : 0;
        pf_x *= pf_f;
    }
    pf_k = pf_k > 1023 ? 1023 : pf_k < -1022 ? -1022 : pf_k;
    return pf_x * __builtin_astype((long)(pf_k + 1023) << 52, double);
}
