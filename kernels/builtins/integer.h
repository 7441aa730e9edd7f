/* SPDX-License-Identifier: Apache-2.0 */
/* integer.h: section 6.12.3, integer functions.  Most are expressions that mean
 * the same for scalars and vectors; the others are mapped over components. */

/* ---- Scalars with a result of the next larger type -------------------------- */

#define PF_NARROW(T, W, BITS, LOW, HIGH)                                  \
    PF_ONE T pf_mul_hi_##T(T pf_x, T pf_y)                                \
    {                                                                     \
        return (T)(((W)pf_x * (W)pf_y) >> BITS);                          \
    }                                                                     \
    PF_ONE T pf_mad_sat_##T(T pf_x, T pf_y, T pf_z)                       \
    {                                                                     \
        W pf_w = (W)pf_x * (W)pf_y + (W)pf_z;                             \
        return pf_w < (W)LOW ? (T)LOW : pf_w > (W)HIGH ? (T)HIGH : (T)pf_w; \
    }
PF_NARROW(char, short, 8, SCHAR_MIN, SCHAR_MAX)
PF_NARROW(uchar, ushort, 8, 0, UCHAR_MAX)
PF_NARROW(short, int, 16, SHRT_MIN, SHRT_MAX)
PF_NARROW(ushort, uint, 16, 0, USHRT_MAX)
PF_NARROW(int, long, 32, INT_MIN, INT_MAX)
PF_NARROW(uint, ulong, 32, 0, UINT_MAX)
PF_NARROW(long, __int128, 64, LONG_MIN, LONG_MAX)
PF_NARROW(ulong, unsigned __int128, 64, 0, ULONG_MAX)
#undef PF_NARROW

#define PF_COUNT(T, U, CLZ, POPCOUNT, BITS, ABOVE)                 \
    PF_ONE T pf_clz_##T(T pf_x)                                    \
    {                                                              \
        return (T)(pf_x ? CLZ((U)pf_x) - ABOVE : BITS);            \
    }                                                              \
    PF_ONE T pf_popcount_##T(T pf_x) { return (T)POPCOUNT((U)pf_x); }
PF_COUNT(char, uchar, __builtin_clz, __builtin_popcount, 8, 24)
PF_COUNT(uchar, uchar, __builtin_clz, __builtin_popcount, 8, 24)
PF_COUNT(short, ushort, __builtin_clz, __builtin_popcount, 16, 16)
PF_COUNT(ushort, ushort, __builtin_clz, __builtin_popcount, 16, 16)
PF_COUNT(int, uint, __builtin_clz, __builtin_popcount, 32, 0)
PF_COUNT(uint, uint, __builtin_clz, __builtin_popcount, 32, 0)
PF_COUNT(long, ulong, __builtin_clzl, __builtin_popcountl, 64, 0)
PF_COUNT(ulong, ulong, __builtin_clzl, __builtin_popcountl, 64, 0)
#undef PF_COUNT

/* ---- Expressions; V and UV are T and its unsigned twin, or vectors of them --- */

/* Bit patterns are handed over with astype, which never changes them: casts
 * between vectors are only allowed to the same type. */
#define PF_EXPRESSIONS(V, UV, BITS)                                           \
    PF_FN V min(V pf_x, V pf_y) { return pf_y < pf_x ? pf_y : pf_x; }         \
    PF_FN V max(V pf_x, V pf_y) { return pf_x < pf_y ? pf_y : pf_x; }         \
    PF_FN V clamp(V pf_x, V pf_y, V pf_z)                                     \
    {                                                                         \
        pf_x = pf_x < pf_y ? pf_y : pf_x;                                     \
        return pf_z < pf_x ? pf_z : pf_x;                                     \
    }                                                                         \
    PF_FN UV abs_diff(V pf_x, V pf_y)                                         \
    {                                                                         \
        V pf_most = pf_x < pf_y ? pf_y : pf_x;                                \
        V pf_least = pf_x < pf_y ? pf_x : pf_y;                               \
        return (UV)(__builtin_astype(pf_most, UV)                             \
                    - __builtin_astype(pf_least, UV));                        \
    }                                                                         \
    PF_FN V hadd(V pf_x, V pf_y)                                              \
    {                                                                         \
        return (V)((pf_x >> (V)1) + (pf_y >> (V)1) + (pf_x & pf_y & (V)1));   \
    }                                                                         \
    PF_FN V rhadd(V pf_x, V pf_y)                                             \
    {                                                                         \
        return (V)((pf_x >> (V)1) + (pf_y >> (V)1) + ((pf_x | pf_y) & (V)1)); \
    }                                                                         \
    PF_FN V rotate(V pf_x, V pf_y)                                            \
    {                                                                         \
        UV pf_u = __builtin_astype(pf_x, UV);                                 \
        UV pf_k = __builtin_astype(pf_y, UV) & (UV)(BITS - 1);                \
        UV pf_r = (UV)(pf_u << pf_k)                                          \
                | (UV)(pf_u >> (((UV)BITS - pf_k) & (UV)(BITS - 1)));         \
        return __builtin_astype(pf_r, V);                                     \
    }

/* A vector with one scalar for all components. */
#define PF_WITH_SCALARS(V, T)                                                  \
    PF_FN V min(V pf_x, T pf_y)                                                \
    {                                                                          \
        return (V)pf_y < pf_x ? (V)pf_y : pf_x;                                \
    }                                                                          \
    PF_FN V max(V pf_x, T pf_y)                                                \
    {                                                                          \
        return pf_x < (V)pf_y ? (V)pf_y : pf_x;                                \
    }                                                                          \
    PF_FN V clamp(V pf_x, T pf_y, T pf_z)                                      \
    {                                                                          \
        pf_x = pf_x < (V)pf_y ? (V)pf_y : pf_x;                                \
        return (V)pf_z < pf_x ? (V)pf_z : pf_x;                                \
    }

#define PF_VECTORS(n, T, U, BITS)      \
    PF_EXPRESSIONS(T##n, U##n, BITS)   \
    PF_WITH_SCALARS(T##n, T)
#define PF_INTEGER(T, U, S, BITS)                       \
    PF_EXPRESSIONS(T, U, BITS)                          \
    PF_WIDTHS(PF_VECTORS, T, U, BITS)                   \
    PF_ALL2(T, mul_hi, pf_mul_hi_##T, T, T)             \
    PF_ALL3(T, mad_sat, pf_mad_sat_##T, T, T, T)        \
    PF_ALL1(T, clz, pf_clz_##T, T)                      \
    PF_ALL1(T, popcount, pf_popcount_##T, T)
PF_INTEGERS(PF_INTEGER)
#undef PF_INTEGER
#undef PF_VECTORS
#undef PF_WITH_SCALARS
#undef PF_EXPRESSIONS

/* Clang promotes scalars of 8 and 16 bits before its builtin sees them. */
#define PF_SATURATE(T, LOW, HIGH)                                         \
    PF_FN T add_sat(T pf_x, T pf_y)                                       \
    {                                                                     \
        int pf_s = pf_x + pf_y;                                           \
        return (T)(pf_s < LOW ? LOW : pf_s > HIGH ? HIGH : pf_s);         \
    }                                                                     \
    PF_FN T sub_sat(T pf_x, T pf_y)                                       \
    {                                                                     \
        int pf_s = pf_x - pf_y;                                           \
        return (T)(pf_s < LOW ? LOW : pf_s > HIGH ? HIGH : pf_s);         \
    }
PF_SATURATE(char, SCHAR_MIN, SCHAR_MAX)
PF_SATURATE(uchar, 0, UCHAR_MAX)
PF_SATURATE(short, SHRT_MIN, SHRT_MAX)
PF_SATURATE(ushort, 0, USHRT_MAX)
#undef PF_SATURATE

#define PF_SATURATE_ONE(V)                                                \
    PF_FN V add_sat(V pf_x, V pf_y)                                       \
    {                                                                     \
        return __builtin_elementwise_add_sat(pf_x, pf_y);                 \
    }                                                                     \
    PF_FN V sub_sat(V pf_x, V pf_y)                                       \
    {                                                                     \
        return __builtin_elementwise_sub_sat(pf_x, pf_y);                 \
    }
#define PF_SATURATE_N(n, T) PF_SATURATE_ONE(T##n)
#define PF_SATURATE_VECTORS(T, U, S, BITS) PF_WIDTHS(PF_SATURATE_N, T)
PF_SATURATE_ONE(int)
PF_SATURATE_ONE(uint)
PF_SATURATE_ONE(long)
PF_SATURATE_ONE(ulong)
PF_INTEGERS(PF_SATURATE_VECTORS)
#undef PF_SATURATE_VECTORS
#undef PF_SATURATE_N
#undef PF_SATURATE_ONE

#define PF_MAD_HI_ONE(V) \
    PF_FN V mad_hi(V pf_x, V pf_y, V pf_z) { return mul_hi(pf_x, pf_y) + pf_z; }
#define PF_MAD_HI_N(n, T) PF_MAD_HI_ONE(T##n)
#define PF_MAD_HI(T, U, S, BITS) PF_MAD_HI_ONE(T) PF_WIDTHS(PF_MAD_HI_N, T)
PF_INTEGERS(PF_MAD_HI)
#undef PF_MAD_HI
#undef PF_MAD_HI_N
#undef PF_MAD_HI_ONE

#define PF_ABS_ONE(V, UV)                                             \
    PF_FN UV abs(V pf_x)                                              \
    {                                                                 \
        return __builtin_astype((V)__builtin_elementwise_abs(pf_x), UV); \
    }                                                                 \
    PF_FN UV abs(UV pf_x) { return pf_x; }
#define PF_ABS_N(n, T, U) PF_ABS_ONE(T##n, U##n)
#define PF_ABS(T, U) PF_ABS_ONE(T, U) PF_WIDTHS(PF_ABS_N, T, U)
PF_ABS(char, uchar)
PF_ABS(short, ushort)
PF_ABS(int, uint)
PF_ABS(long, ulong)
#undef PF_ABS
#undef PF_ABS_N
#undef PF_ABS_ONE

/* ---- Results of another size ---------------------------------------------------- */

#define PF_UPSAMPLE_N(n, R, H, L, BITS)                                   \
    PF_FN R##n upsample(H##n pf_x, L##n pf_y)                             \
    {                                                                     \
        return (__builtin_convertvector(pf_x, R##n) << (R##n)BITS)        \
                | __builtin_convertvector(pf_y, R##n);                    \
    }
#define PF_UPSAMPLE(R, U, H, L, BITS)                                     \
    PF_FN R upsample(H pf_x, L pf_y)                                      \
    {                                                                     \
        return (R)(((U)pf_x << BITS) | (U)pf_y);                          \
    }                                                                     \
    PF_WIDTHS(PF_UPSAMPLE_N, R, H, L, BITS)
PF_UPSAMPLE(short, ushort, char, uchar, 8)
PF_UPSAMPLE(ushort, ushort, uchar, uchar, 8)
PF_UPSAMPLE(int, uint, short, ushort, 16)
PF_UPSAMPLE(uint, uint, ushort, ushort, 16)
PF_UPSAMPLE(long, ulong, int, uint, 32)
PF_UPSAMPLE(ulong, ulong, uint, uint, 32)
#undef PF_UPSAMPLE
#undef PF_UPSAMPLE_N

/* ---- 24 bits -------------------------------------------------------------------- */

#define PF_24_ONE(V)                                                       \
    PF_FN V mul24(V pf_x, V pf_y) { return pf_x * pf_y; }                  \
    PF_FN V mad24(V pf_x, V pf_y, V pf_z) { return pf_x * pf_y + pf_z; }
#define PF_24_N(n, T) PF_24_ONE(T##n)
PF_24_ONE(int)
PF_24_ONE(uint)
PF_WIDTHS(PF_24_N, int)
PF_WIDTHS(PF_24_N, uint)
#undef PF_24_N
#undef PF_24_ONE
