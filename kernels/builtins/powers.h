/* SPDX-License-Identifier: Apache-2.0 */
/*
 * powers.h: powr, pown and rootn from pow(), with the special cases of section
 * 7.5.1.  Floats with an integer exponent go through double, which holds every
 * int exactly.
 */

#define PF_POWR(T, f)                                                         \
    PF_ONE T pf_powr##f(T pf_x, T pf_y)                                       \
    {                                                                         \
        T pf_inf = (T)__builtin_inf();                                        \
        T pf_r = __builtin_pow##f(__builtin_fabs##f(pf_x), pf_y);             \
        bool pf_bad = (pf_y == 0) & ((pf_x == 0) | (pf_x == pf_inf));         \
        pf_bad |= (pf_x == 1) & (__builtin_fabs##f(pf_y) == pf_inf);          \
        pf_bad |= !(pf_x >= 0) | (pf_y != pf_y);                              \
        return pf_bad ? (T)__builtin_nan("") : pf_r;                          \
    }
PF_POWR(float, f)
PF_POWR(double, )
#undef PF_POWR

PF_ONE float pf_pownf(float pf_x, int pf_n)
{
    return (float)__builtin_pow(pf_x, pf_n);
}
PF_ONE double pf_pown(double pf_x, int pf_n)
{
    return __builtin_pow(pf_x, pf_n);
}

/* Gives the root of |x| its sign, or NaN. */
#define PF_SIGN_ROOT(T, f)                                                    \
    PF_ONE T pf_sign_root##f(T pf_r, T pf_x, int pf_n)                        \
    {                                                                         \
        T pf_nan = (T)__builtin_nan("");                                      \
        T pf_even = pf_x < 0 ? pf_nan : pf_r;                                 \
        T pf_y = pf_n & 1 ? __builtin_copysign##f(pf_r, pf_x) : pf_even;      \
        return pf_n == 0 ? pf_nan : pf_y;                                     \
    }
PF_SIGN_ROOT(float, f)
PF_SIGN_ROOT(double, )
#undef PF_SIGN_ROOT

PF_ONE float pf_rootnf(float pf_x, int pf_n)
{
    double pf_r = __builtin_pow(__builtin_fabs(pf_x), 1.0 / pf_n);
    return pf_sign_rootf((float)pf_r, pf_x, pf_n);
}

/* 1/n = h + l; x^h is corrected by x^l = 1 + l log(x): for x far from 1 the
 * rounding of 1/n alone would cost hundreds of units. */
PF_ONE double pf_rootn(double pf_x, int pf_n)
{
    double pf_a = __builtin_fabs(pf_x);
    double pf_h = 1.0 / pf_n;
    double pf_l = __builtin_fma(-pf_h, (double)pf_n, 1.0) / pf_n;
    double pf_r = __builtin_pow(pf_a, pf_h);
    double pf_c = pf_r + pf_r * (pf_l * __builtin_log(pf_a));
    bool pf_ordinary = (pf_a > 0) & (pf_a < __builtin_inf());
    pf_ordinary &= pf_r < __builtin_inf();
    return pf_sign_root(pf_ordinary ? pf_c : pf_r, pf_x, pf_n);
}
