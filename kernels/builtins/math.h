/* SPDX-License-Identifier: Apache-2.0 */
/*
 * math.h: section 6.12.2.  What libm has is libm's, whose errors are well below
 * the bounds of section 7.4; the plugin vectorises those calls with libmvec
 * where that keeps the bounds, too.  The rest is written here without branches,
 * so that it vectorises.
 */

#include "libm.h"
#include "exponential.h"
#include "pi.h"
#include "powers.h"

/* ---- One floating-point type throughout -------------------------------------------- */

#define PF_MATH1(F, GF, GD)           \
    PF_ALL1(float, F, GF, float)      \
    PF_ALL1(double, F, GD, double)
#define PF_MATH2(F, GF, GD)                \
    PF_ALL2(float, F, GF, float, float)    \
    PF_ALL2(double, F, GD, double, double)
#define PF_MATH3(F, GF, GD)                       \
    PF_ALL3(float, F, GF, float, float, float)    \
    PF_ALL3(double, F, GD, double, double, double)
#define PF_LIBM1(F) PF_MATH1(F, __builtin_##F##f, __builtin_##F)
#define PF_LIBM2(F) PF_MATH2(F, __builtin_##F##f, __builtin_##F)
#define PF_OWN1(F) PF_MATH1(F, pf_##F##f, pf_##F)
#define PF_OWN2(F) PF_MATH2(F, pf_##F##f, pf_##F)

PF_LIBM1(acos)
PF_LIBM1(acosh)
PF_OWN1(acospi)
PF_LIBM1(asin)
PF_LIBM1(asinh)
PF_OWN1(asinpi)
PF_LIBM1(atan)
PF_LIBM1(atanh)
PF_OWN1(atanpi)
PF_MATH1(cbrt, __builtin_cbrtf, pf_cbrt)
PF_LIBM1(ceil)
PF_LIBM1(cos)
PF_LIBM1(cosh)
PF_OWN1(cospi)
PF_LIBM1(erf)
PF_LIBM1(erfc)
PF_OWN1(exp)
PF_LIBM1(exp2)
PF_MATH1(exp10, pf_exp10f, pf_libm_exp10)
PF_LIBM1(expm1)
PF_LIBM1(fabs)
PF_LIBM1(floor)
PF_LIBM1(lgamma)
PF_MATH1(log, pf_logf, __builtin_log)
PF_LIBM1(log2)
PF_LIBM1(log10)
PF_LIBM1(log1p)
PF_LIBM1(logb)
PF_LIBM1(rint)
PF_LIBM1(round)
PF_OWN1(rsqrt)
PF_LIBM1(sin)
PF_LIBM1(sinh)
PF_OWN1(sinpi)
PF_LIBM1(sqrt)
PF_LIBM1(tan)
PF_LIBM1(tanh)
PF_OWN1(tanpi)
PF_LIBM1(tgamma)
PF_LIBM1(trunc)

PF_LIBM2(atan2)
PF_OWN2(atan2pi)
PF_LIBM2(copysign)
PF_LIBM2(fdim)
PF_LIBM2(fmax)
PF_LIBM2(fmin)
PF_LIBM2(fmod)
PF_LIBM2(hypot)
PF_OWN2(maxmag)
PF_OWN2(minmag)
PF_LIBM2(nextafter)
PF_LIBM2(pow)
PF_OWN2(powr)
PF_LIBM2(remainder)

PF_MATH3(fma, pf_fmaf, __builtin_fma)

/* mad() may be fused or not: whatever is fastest. */
#pragma OPENCL FP_CONTRACT DEFAULT
#define PF_MAD(V) \
    PF_FN V mad(V pf_x, V pf_y, V pf_z) { return pf_x * pf_y + pf_z; }
#define PF_MAD_N(n, T) PF_MAD(T##n)
PF_MAD(float)
PF_MAD(double)
PF_WIDTHS(PF_MAD_N, float)
PF_WIDTHS(PF_MAD_N, double)
#undef PF_MAD_N
#undef PF_MAD
#pragma OPENCL FP_CONTRACT OFF

/* ---- With a scalar for all components -------------------------------------------------- */

#define PF_SCALAR_N(n, T)                                                     \
    PF_FN T##n fmax(T##n pf_x, T pf_y) { return fmax(pf_x, (T##n)pf_y); }     \
    PF_FN T##n fmin(T##n pf_x, T pf_y) { return fmin(pf_x, (T##n)pf_y); }
PF_WIDTHS(PF_SCALAR_N, float)
PF_WIDTHS(PF_SCALAR_N, double)
#undef PF_SCALAR_N

/* ---- With integers ------------------------------------------------------------------------- */

#define PF_INTEGRAL(T, f, N)                                                  \
    PF_ALL1(int, ilogb, __builtin_ilogb##f, T)                                \
    PF_ALL2(T, ldexp, pf_ldexp##f, T, int)                                    \
    PF_ALL2(T, pown, pf_pown##f, T, int)                                      \
    PF_ALL2(T, rootn, pf_rootn##f, T, int)                                    \
    PF_ALL1(T, nan, pf_nan##f, N)
PF_INTEGRAL(float, f, uint)
PF_INTEGRAL(double, , ulong)
#undef PF_INTEGRAL

#define PF_LDEXP_N(n, T)                                                      \
    PF_FN T##n ldexp(T##n pf_x, int pf_k) { return ldexp(pf_x, (int##n)pf_k); }
PF_WIDTHS(PF_LDEXP_N, float)
PF_WIDTHS(PF_LDEXP_N, double)
#undef PF_LDEXP_N

/* ---- With a second result through a pointer ------------------------------------------------- */

#include "math_pointers.h"

/* ---- half_ and native_ ------------------------------------------------------------------------ */

/* The full functions are within the bounds of both, and vectorise as well. */
#define PF_FAST1(F, G)                       \
    PF_ALL1(float, half_##F, G, float)       \
    PF_ALL1(float, native_##F, G, float)
#define PF_FAST2(F, G)                          \
    PF_ALL2(float, half_##F, G, float, float)   \
    PF_ALL2(float, native_##F, G, float, float)
#define PF_RECIP(x) (1.0f / (x))
#define PF_DIVIDE(x, y) ((x) / (y))
PF_FAST1(cos, __builtin_cosf)
PF_FAST1(exp, pf_expf)
PF_FAST1(exp2, __builtin_exp2f)
PF_FAST1(exp10, pf_exp10f)
PF_FAST1(log, pf_logf)
PF_FAST1(log2, __builtin_log2f)
PF_FAST1(log10, __builtin_log10f)
PF_FAST1(recip, PF_RECIP)
PF_FAST1(rsqrt, pf_rsqrtf)
PF_FAST1(sin, __builtin_sinf)
PF_FAST1(sqrt, __builtin_sqrtf)
PF_FAST1(tan, __builtin_tanf)
PF_FAST2(divide, PF_DIVIDE)
PF_FAST2(powr, pf_powrf)
#undef PF_DIVIDE
#undef PF_RECIP
#undef PF_FAST2
#undef PF_FAST1
