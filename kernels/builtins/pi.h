/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pi.h: trigonometry in half turns.  The argument is reduced exactly to
 * r + q/2 with |r| <= 1/4, then Taylor's polynomials of sin(pi r), cos(pi r)
 * are taken: their next terms are below half a unit in the last place.
 */

PF_ONE float pf_sin_quarterf(float pf_r)
{
    float pf_t = pf_r * 3.14159265358979f, pf_z = pf_t * pf_t;
    float pf_p = 2.7557319e-6f;
    pf_p = pf_p * pf_z - 1.9841270e-4f;
    pf_p = pf_p * pf_z + 8.3333333e-3f;
    pf_p = pf_p * pf_z - 1.6666667e-1f;
    return pf_t + pf_t * (pf_z * pf_p);
}
PF_ONE float pf_cos_quarterf(float pf_r)
{
    float pf_t = pf_r * 3.14159265358979f, pf_z = pf_t * pf_t;
    float pf_p = -2.7557319e-7f;
    pf_p = pf_p * pf_z + 2.4801587e-5f;
    pf_p = pf_p * pf_z - 1.3888889e-3f;
    pf_p = pf_p * pf_z + 4.1666667e-2f;
    return 1.0f - (0.5f * pf_z - pf_z * (pf_z * pf_p));
}

/* 1/17! and so on. */
PF_ONE double pf_sin_quarter(double pf_r)
{
    double pf_t = pf_r * 3.14159265358979323846, pf_z = pf_t * pf_t;
    double pf_p = 2.8114572543455208e-15;
    pf_p = pf_p * pf_z - 7.6471637318198165e-13;
    pf_p = pf_p * pf_z + 1.6059043836821615e-10;
    pf_p = pf_p * pf_z - 2.5052108385441719e-8;
    pf_p = pf_p * pf_z + 2.7557319223985891e-6;
    pf_p = pf_p * pf_z - 1.9841269841269841e-4;
    pf_p = pf_p * pf_z + 8.3333333333333333e-3;
    pf_p = pf_p * pf_z - 1.6666666666666667e-1;
    return pf_t + pf_t * (pf_z * pf_p);
}
PF_ONE double pf_cos_quarter(double pf_r)
{
    double pf_t = pf_r * 3.14159265358979323846, pf_z = pf_t * pf_t;
    double pf_p = 4.7794773323873853e-14;
    pf_p = pf_p * pf_z - 1.1470745597729725e-11;
    pf_p = pf_p * pf_z + 2.0876756987868099e-9;
    pf_p = pf_p * pf_z - 2.7557319223985891e-7;
    pf_p = pf_p * pf_z + 2.4801587301587302e-5;
    pf_p = pf_p * pf_z - 1.3888888888888889e-3;
    pf_p = pf_p * pf_z + 4.1666666666666667e-2;
    return 1.0 - (0.5 * pf_z - pf_z * (pf_z * pf_p));
}

/* Signs of zeros are those of section 7.5.1.  q is compared, not converted to an
 * integer: for infinities and NaN it is NaN. */
#define PF_HALF_TURNS(T, f)                                                   \
    PF_ONE T pf_sinpi##f(T pf_x)                                              \
    {                                                                         \
        T pf_a = __builtin_fabs##f(pf_x);                                     \
        T pf_r = pf_a - 2 * __builtin_rint##f(pf_a * (T)0.5);                 \
        T pf_q = __builtin_rint##f(2 * pf_r);                                 \
        pf_r -= pf_q * (T)0.5;                                                \
        T pf_s = pf_sin_quarter##f(pf_r), pf_c = pf_cos_quarter##f(pf_r);     \
        T pf_y = pf_q == 2 || pf_q == -2 ? -pf_s : pf_s;                      \
        pf_y = pf_q == 1 ? pf_c : pf_q == -1 ? -pf_c : pf_y;                  \
        pf_y = pf_x < 0 ? -pf_y : pf_y;                                       \
        return pf_y == 0 ? __builtin_copysign##f(0, pf_x) : pf_y;             \
    }                                                                         \
    PF_ONE T pf_cospi##f(T pf_x)                                              \
    {                                                                         \
        T pf_a = __builtin_fabs##f(pf_x);                                     \
        T pf_r = pf_a - 2 * __builtin_rint##f(pf_a * (T)0.5);                 \
        T pf_q = __builtin_rint##f(2 * pf_r);                                 \
        pf_r -= pf_q * (T)0.5;                                                \
        T pf_s = pf_sin_quarter##f(pf_r), pf_c = pf_cos_quarter##f(pf_r);     \
        T pf_y = pf_q == 2 || pf_q == -2 ? -pf_c : pf_c;                      \
        pf_y = pf_q == 1 ? -pf_s : pf_q == -1 ? pf_s : pf_y;                  \
        return pf_y == 0 ? 0 : pf_y;                                          \
    }                                                                         \
    PF_ONE T pf_tanpi##f(T pf_x)                                              \
    {                                                                         \
        return pf_sinpi##f(pf_x) / pf_cospi##f(pf_x);                         \
    }
PF_HALF_TURNS(float, f)
PF_HALF_TURNS(double, )
#undef PF_HALF_TURNS

/* Even vectorised the inverse functions leave room for this rounding. */
#define PF_INVERSE(F)                                                         \
    PF_ONE float pf_##F##pif(float pf_x)                                      \
    {                                                                         \
        return __builtin_##F##f(pf_x) * 0.31830988618379067154f;              \
    }                                                                         \
    PF_ONE double pf_##F##pi(double pf_x)                                     \
    {                                                                         \
        return __builtin_##F(pf_x) * 0.31830988618379067154;                  \
    }
PF_INVERSE(acos)
PF_INVERSE(asin)
PF_INVERSE(atan)
#undef PF_INVERSE
PF_ONE float pf_atan2pif(float pf_x, float pf_y)
{
    return __builtin_atan2f(pf_x, pf_y) * 0.31830988618379067154f;
}
PF_ONE double pf_atan2pi(double pf_x, double pf_y)
{
    return __builtin_atan2(pf_x, pf_y) * 0.31830988618379067154;
}
