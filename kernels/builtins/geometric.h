/* SPDX-License-Identifier: Apache-2.0 */
/*
 * geometric.h: section 6.12.5.
 *
 * length() and its kin must not overflow or lose denormals on the way: floats
 * are squared as doubles, doubles scaled by a power of two.
 */

#define PF_DOT(T)                                                             \
    PF_FN T dot(T pf_x, T pf_y) { return pf_x * pf_y; }                       \
    PF_FN T dot(T##2 pf_x, T##2 pf_y)                                         \
    {                                                                         \
        return pf_x.s0 * pf_y.s0 + pf_x.s1 * pf_y.s1;                         \
    }                                                                         \
    PF_FN T dot(T##3 pf_x, T##3 pf_y)                                         \
    {                                                                         \
        return pf_x.s0 * pf_y.s0 + pf_x.s1 * pf_y.s1 + pf_x.s2 * pf_y.s2;     \
    }                                                                         \
    PF_FN T dot(T##4 pf_x, T##4 pf_y)                                         \
    {                                                                         \
        return pf_x.s0 * pf_y.s0 + pf_x.s1 * pf_y.s1 + pf_x.s2 * pf_y.s2      \
                + pf_x.s3 * pf_y.s3;                                          \
    }                                                                         \
    PF_FN T##3 cross(T##3 pf_x, T##3 pf_y)                                    \
    {                                                                         \
        return pf_x.s120 * pf_y.s201 - pf_x.s201 * pf_y.s120;                 \
    }                                                                         \
    PF_FN T##4 cross(T##4 pf_x, T##4 pf_y)                                    \
    {                                                                         \
        T##3 pf_r = pf_x.s120 * pf_y.s201 - pf_x.s201 * pf_y.s120;            \
        return (T##4)(pf_r, (T)0);                                            \
    }
#pragma OPENCL FP_CONTRACT DEFAULT
PF_DOT(float)
PF_DOT(double)
#pragma OPENCL FP_CONTRACT OFF
#undef PF_DOT

/* ---- float ------------------------------------------------------------------- */

PF_ONE double pf_squares_1(float pf_x) { return (double)pf_x * (double)pf_x; }
PF_ONE double pf_squares_2(float2 pf_x)
{
    return pf_squares_1(pf_x.s0) + pf_squares_1(pf_x.s1);
}
PF_ONE double pf_squares_3(float3 pf_x)
{
    return pf_squares_2(pf_x.s01) + pf_squares_1(pf_x.s2);
}
PF_ONE double pf_squares_4(float4 pf_x)
{
    return pf_squares_2(pf_x.s01) + pf_squares_2(pf_x.s23);
}

#define PF_LENGTHS_F(V, n)                                                    \
    PF_FN float length(V pf_x)                                                \
    {                                                                         \
        return (float)__builtin_sqrt(pf_squares_##n(pf_x));                   \
    }                                                                         \
    PF_FN float distance(V pf_x, V pf_y)                                      \
    {                                                                         \
        return (float)__builtin_sqrt(pf_squares_##n(pf_x - pf_y));            \
    }                                                                         \
    PF_FN float fast_length(V pf_x)                                           \
    {                                                                         \
        return __builtin_sqrtf(dot(pf_x, pf_x));                              \
    }                                                                         \
    PF_FN float fast_distance(V pf_x, V pf_y)                                 \
    {                                                                         \
        pf_x -= pf_y;                                                         \
        return __builtin_sqrtf(dot(pf_x, pf_x));                              \
    }                                                                         \
    PF_FN V fast_normalize(V pf_x)                                            \
    {                                                                         \
        float pf_d = dot(pf_x, pf_x);                                         \
        return pf_d > 0 ? pf_x * (V)(1.0f / __builtin_sqrtf(pf_d)) : pf_x;    \
    }
PF_LENGTHS_F(float, 1)
PF_LENGTHS_F(float2, 2)
PF_LENGTHS_F(float3, 3)
PF_LENGTHS_F(float4, 4)
#undef PF_LENGTHS_F

/* With an infinite component, ones stand for infinities and zeros for the rest
 * (section 7.5.1). */
#define PF_UNIT_N(n, _)                                                       \
    PF_FN float##n normalize(float##n pf_x)                                   \
    {                                                                         \
        double pf_s = pf_squares_##n(pf_x);                                   \
        if (pf_s == __builtin_inf()) {                                        \
            int##n pf_inf = isinf(pf_x);        \
            int##n pf_sign = __builtin_astype(pf_x, int##n) & INT_MIN;        \
            pf_sign |= pf_inf & 0x3f800000;                                   \
            pf_x = __builtin_astype(pf_sign, float##n);                       \
            pf_s = pf_squares_##n(pf_x);                                      \
        }                                                                     \
        double pf_r = 1 / __builtin_sqrt(pf_s);                               \
        float##n pf_y = __builtin_convertvector(                              \
                __builtin_convertvector(pf_x, double##n) * (double##n)pf_r,   \
                float##n);                                                    \
        return pf_s == 0 ? pf_x : pf_y;                                       \
    }
PF_UNIT_N(2, )
PF_UNIT_N(3, )
PF_UNIT_N(4, )
#undef PF_UNIT_N
PF_FN float normalize(float pf_x)
{
    return pf_x > 0 ? 1.0f : pf_x < 0 ? -1.0f : pf_x;
}

/* ---- double -------------------------------------------------------------------- */

PF_ONE double pf_largest_2(double2 pf_x)
{
    return __builtin_fmax(__builtin_fabs(pf_x.s0), __builtin_fabs(pf_x.s1));
}
PF_ONE double pf_largest_3(double3 pf_x)
{
    return __builtin_fmax(pf_largest_2(pf_x.s01), __builtin_fabs(pf_x.s2));
}
PF_ONE double pf_largest_4(double4 pf_x)
{
    return __builtin_fmax(pf_largest_2(pf_x.s01), pf_largest_2(pf_x.s23));
}

/* A power of two that brings squares of numbers up to `pf_most` into range. */
PF_ONE double pf_scale(double pf_most)
{
    return pf_most > 0x1p500 ? 0x1p-600 : pf_most < 0x1p-400 ? 0x1p600 : 1;
}

#define PF_LENGTHS_D(n, _)                                                    \
    PF_FN double length(double##n pf_x)                                       \
    {                                                                         \
        double pf_s = pf_scale(pf_largest_##n(pf_x));                         \
        pf_x *= (double##n)pf_s;                                              \
        return __builtin_sqrt(dot(pf_x, pf_x)) / pf_s;                        \
    }                                                                         \
    PF_FN double distance(double##n pf_x, double##n pf_y)                     \
    {                                                                         \
        return length(pf_x - pf_y);                                           \
    }                                                                         \
    PF_FN double##n normalize(double##n pf_x)                                 \
    {                                                                         \
        double pf_m = pf_largest_##n(pf_x);                                   \
        if (pf_m == __builtin_inf() && !any(isnan(pf_x))) {                   \
            long##n pf_inf = isinf(pf_x);                                     \
            long##n pf_sign = __builtin_astype(pf_x, long##n) & LONG_MIN;     \
            pf_sign |= pf_inf & 0x3ff0000000000000;                           \
            pf_x = __builtin_astype(pf_sign, double##n);                      \
            pf_m = 1;                                                         \
        }                                                                     \
        double##n pf_y = pf_x * (double##n)pf_scale(pf_m);                    \
        pf_y /= (double##n)__builtin_sqrt(dot(pf_y, pf_y));                   \
        return pf_m == 0 ? pf_x : pf_y;                                       \
    }
PF_LENGTHS_D(2, )
PF_LENGTHS_D(3, )
PF_LENGTHS_D(4, )
#undef PF_LENGTHS_D
PF_FN double length(double pf_x) { return __builtin_fabs(pf_x); }
PF_FN double distance(double pf_x, double pf_y)
{
    return __builtin_fabs(pf_x - pf_y);
}
PF_FN double normalize(double pf_x)
{
    return pf_x > 0 ? 1.0 : pf_x < 0 ? -1.0 : pf_x;
}
