/* SPDX-License-Identifier: Apache-2.0 */
/* common.h: section 6.12.4, and min(), max() of floating point. */

/* V: T or a vector of it. */
#define PF_COMMON(V, T)                                                       \
    PF_FN V min(V pf_x, V pf_y) { return pf_y < pf_x ? pf_y : pf_x; }         \
    PF_FN V max(V pf_x, V pf_y) { return pf_x < pf_y ? pf_y : pf_x; }         \
    PF_FN V clamp(V pf_x, V pf_y, V pf_z)                                     \
    {                                                                         \
        pf_x = pf_x < pf_y ? pf_y : pf_x;                                     \
        return pf_z < pf_x ? pf_z : pf_x;                                     \
    }                                                                         \
    PF_FN V mix(V pf_x, V pf_y, V pf_z)                                       \
    {                                                                         \
        return pf_x + (pf_y - pf_x) * pf_z;                                   \
    }                                                                         \
    PF_FN V step(V pf_x, V pf_y) { return pf_y < pf_x ? (V)0 : (V)1; }        \
    PF_FN V smoothstep(V pf_x, V pf_y, V pf_z)                                \
    {                                                                         \
        V pf_t = (pf_z - pf_x) / (pf_y - pf_x);                               \
        pf_t = pf_t < (V)0 ? (V)0 : pf_t;                                     \
        pf_t = (V)1 < pf_t ? (V)1 : pf_t;                                     \
        return pf_t * pf_t * ((V)3 - (V)2 * pf_t);                            \
    }                                                                         \
    PF_FN V degrees(V pf_x) { return pf_x * (V)(T)57.295779513082320877; }    \
    PF_FN V radians(V pf_x) { return pf_x * (V)(T)0.017453292519943295769; }  \
    PF_FN V sign(V pf_x)                                                      \
    {                                                                         \
        V pf_r = pf_x > (V)0 ? (V)1 : pf_x;                                   \
        pf_r = pf_x < (V)0 ? (V)(-1) : pf_r;                                  \
        return pf_x == pf_x ? pf_r : (V)0;                                    \
    }

/* A vector with one scalar for all components. */
#define PF_COMMON_SCALARS(V, T)                                               \
    PF_FN V min(V pf_x, T pf_y)                                               \
    {                                                                         \
        return (V)pf_y < pf_x ? (V)pf_y : pf_x;                               \
    }                                                                         \
    PF_FN V max(V pf_x, T pf_y)                                               \
    {                                                                         \
        return pf_x < (V)pf_y ? (V)pf_y : pf_x;                               \
    }                                                                         \
    PF_FN V clamp(V pf_x, T pf_y, T pf_z)                                     \
    {                                                                         \
        pf_x = pf_x < (V)pf_y ? (V)pf_y : pf_x;                               \
        return (V)pf_z < pf_x ? (V)pf_z : pf_x;                               \
    }                                                                         \
    PF_FN V mix(V pf_x, V pf_y, T pf_z)                                       \
    {                                                                         \
        return pf_x + (pf_y - pf_x) * (V)pf_z;                                \
    }                                                                         \
    PF_FN V step(T pf_x, V pf_y) { return pf_y < (V)pf_x ? (V)0 : (V)1; }     \
    PF_FN V smoothstep(T pf_x, T pf_y, V pf_z)                                \
    {                                                                         \
        return smoothstep((V)pf_x, (V)pf_y, pf_z);                            \
    }

#define PF_COMMON_N(n, T) PF_COMMON(T##n, T) PF_COMMON_SCALARS(T##n, T)
PF_COMMON(float, float)
PF_COMMON(double, double)
PF_WIDTHS(PF_COMMON_N, float)
PF_WIDTHS(PF_COMMON_N, double)
#undef PF_COMMON_N
#undef PF_COMMON_SCALARS
#undef PF_COMMON
