/* SPDX-License-Identifier: Apache-2.0 */
/* math_pointers.h: functions of section 6.12.2 with a second result, in each of
 * the three address spaces that it may lie in. */

float lgammaf_r(float, __private int *);
double pf_libm_lgamma_r(double, __private int *) __asm__("lgamma_r");

/* Scalars return the second result through a private pointer. */
#define PF_TWO_RESULTS(T, f, LEAST_BELOW_1)                                   \
    PF_ONE T pf_fract##f(T pf_x, __private T *pf_p)                           \
    {                                                                         \
        T pf_w = __builtin_floor##f(pf_x);                                    \
        T pf_r = __builtin_fmin##f(pf_x - pf_w, (T)LEAST_BELOW_1);            \
        *pf_p = pf_w;                                                         \
        pf_r = pf_x - pf_x == 0 ? pf_r : __builtin_copysign##f(0, pf_x);      \
        return pf_x == pf_x ? pf_r : pf_x;                                    \
    }                                                                         \
    PF_ONE T pf_modf##f(T pf_x, __private T *pf_p)                            \
    {                                                                         \
        T pf_w = __builtin_trunc##f(pf_x);                                    \
        *pf_p = pf_w;                                                         \
        T pf_r = pf_x - pf_x == 0 ? pf_x - pf_w : 0;                          \
        pf_r = __builtin_copysign##f(pf_r, pf_x);                             \
        return pf_x == pf_x ? pf_r : pf_x;                                    \
    }                                                                         \
    PF_ONE T pf_sincos##f(T pf_x, __private T *pf_p)                          \
    {                                                                         \
        *pf_p = __builtin_cos##f(pf_x);                                       \
        return __builtin_sin##f(pf_x);                                        \
    }
PF_TWO_RESULTS(float, f, 0x1.fffffep-1)
PF_TWO_RESULTS(double, , 0x1.fffffffffffffp-1)
#undef PF_TWO_RESULTS

PF_ONE float pf_frexpf(float pf_x, __private int *pf_p)
{
    int pf_e = 0;
    float pf_r = __builtin_frexpf(pf_x, &pf_e);
    *pf_p = pf_x - pf_x == 0 ? pf_e : 0;
    return pf_r;
}
PF_ONE double pf_frexp(double pf_x, __private int *pf_p)
{
    int pf_e = 0;
    double pf_r = __builtin_frexp(pf_x, &pf_e);
    *pf_p = pf_x - pf_x == 0 ? pf_e : 0;
    return pf_r;
}
/* The quotient's last seven bits and its sign; libm may give only three. */
#define PF_REMQUO(T, f)                                                       \
    PF_ONE T pf_remquo##f(T pf_x, T pf_y, __private int *pf_p)                \
    {                                                                         \
        int pf_q = 0;                                                         \
        T pf_r = __builtin_remquo##f(pf_x, pf_y, &pf_q);                      \
        *pf_p = pf_r == pf_r ? pf_q : 0;                                      \
        return pf_r;                                                          \
    }
PF_REMQUO(float, f)
PF_REMQUO(double, )
#undef PF_REMQUO

PF_ONE float pf_lgamma_rf(float pf_x, __private int *pf_p)
{
    return lgammaf_r(pf_x, pf_p);
}
PF_ONE double pf_lgamma_r(double pf_x, __private int *pf_p)
{
    return pf_libm_lgamma_r(pf_x, pf_p);
}

/* ---- All widths, all address spaces ------------------------------------------------ */

/* Components go through pf_t, as they have no address. */
#define PF_STEP_1(G, s) pf_r.s = G(pf_x.s, &pf_t), pf_o.s = pf_t
#define PF_STEP_2(G, s) pf_r.s = G(pf_x.s, pf_y.s, &pf_t), pf_o.s = pf_t

#define PF_OUT1_N(n, A, F, G, T, P)                                           \
    PF_FN T##n F(T##n pf_x, A P##n *pf_p)                                     \
    {                                                                         \
        P pf_t;                                                               \
        P##n pf_o;                                                            \
        T##n pf_r;                                                            \
        PF_EACH_##n(PF_STEP_1, G);                                            \
        *pf_p = pf_o;                                                         \
        return pf_r;                                                          \
    }
#define PF_OUT2_N(n, A, F, G, T, P)                                           \
    PF_FN T##n F(T##n pf_x, T##n pf_y, A P##n *pf_p)                          \
    {                                                                         \
        P pf_t;                                                               \
        P##n pf_o;                                                            \
        T##n pf_r;                                                            \
        PF_EACH_##n(PF_STEP_2, G);                                            \
        *pf_p = pf_o;                                                         \
        return pf_r;                                                          \
    }
#define PF_OUT1(A, F, G, T, P)                                                \
    PF_FN T F(T pf_x, A P *pf_p)                                              \
    {                                                                         \
        P pf_t;                                                               \
        T pf_r = G(pf_x, &pf_t);                                              \
        *pf_p = pf_t;                                                         \
        return pf_r;                                                          \
    }                                                                         \
    PF_WIDTHS(PF_OUT1_N, A, F, G, T, P)
#define PF_OUT2(A, F, G, T, P)                                                \
    PF_FN T F(T pf_x, T pf_y, A P *pf_p)                                      \
    {                                                                         \
        P pf_t;                                                               \
        T pf_r = G(pf_x, pf_y, &pf_t);                                        \
        *pf_p = pf_t;                                                         \
        return pf_r;                                                          \
    }                                                                         \
    PF_WIDTHS(PF_OUT2_N, A, F, G, T, P)

#define PF_POINTERS(A)                                     \
    PF_OUT1(A, fract, pf_fractf, float, float)             \
    PF_OUT1(A, fract, pf_fract, double, double)            \
    PF_OUT1(A, frexp, pf_frexpf, float, int)               \
    PF_OUT1(A, frexp, pf_frexp, double, int)               \
    PF_OUT1(A, lgamma_r, pf_lgamma_rf, float, int)         \
    PF_OUT1(A, lgamma_r, pf_lgamma_r, double, int)         \
    PF_OUT1(A, modf, pf_modff, float, float)               \
    PF_OUT1(A, modf, pf_modf, double, double)              \
    PF_OUT1(A, sincos, pf_sincosf, float, float)           \
    PF_OUT1(A, sincos, pf_sincos, double, double)          \
    PF_OUT2(A, remquo, pf_remquof, float, int)             \
    PF_OUT2(A, remquo, pf_remquo, double, int)
PF_POINTERS(__private)
PF_POINTERS(__local)
PF_POINTERS(__global)
#undef PF_POINTERS
#undef PF_OUT2
#undef PF_OUT1
#undef PF_OUT2_N
#undef PF_OUT1_N
#undef PF_STEP_2
#undef PF_STEP_1
