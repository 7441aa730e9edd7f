/* SPDX-License-Identifier: Apache-2.0 */
/* relational.h: section 6.12.6.  Scalars answer 1, vectors -1 per component. */

/* ---- Comparisons of floating point ------------------------------------------- */

#define PF_COMPARE(V, R)                                                    \
    PF_FN R isequal(V pf_x, V pf_y) { return pf_x == pf_y; }                \
    PF_FN R isnotequal(V pf_x, V pf_y) { return pf_x != pf_y; }             \
    PF_FN R isgreater(V pf_x, V pf_y) { return pf_x > pf_y; }               \
    PF_FN R isgreaterequal(V pf_x, V pf_y) { return pf_x >= pf_y; }         \
    PF_FN R isless(V pf_x, V pf_y) { return pf_x < pf_y; }                  \
    PF_FN R islessequal(V pf_x, V pf_y) { return pf_x <= pf_y; }            \
    PF_FN R islessgreater(V pf_x, V pf_y)                                   \
    {                                                                       \
        return (pf_x < pf_y) | (pf_x > pf_y);                               \
    }                                                                       \
    PF_FN R isordered(V pf_x, V pf_y)                                       \
    {                                                                       \
        return (pf_x == pf_x) & (pf_y == pf_y);                             \
    }                                                                       \
    PF_FN R isunordered(V pf_x, V pf_y)                                     \
    {                                                                       \
        return (pf_x != pf_x) | (pf_y != pf_y);                             \
    }                                                                       \
    PF_FN R isnan(V pf_x) { return pf_x != pf_x; }

/* What depends on the bits of infinity and of the smallest normal number. */
#define PF_BITS(V, R, VI, INF, NORMAL, MAGNITUDE)                          \
    PF_FN R isfinite(V pf_x)                                               \
    {                                                                      \
        return (__builtin_astype(pf_x, VI) & (VI)MAGNITUDE) < (VI)INF;     \
    }                                                                      \
    PF_FN R isinf(V pf_x)                                                  \
    {                                                                      \
        return (__builtin_astype(pf_x, VI) & (VI)MAGNITUDE) == (VI)INF;    \
    }                                                                      \
    PF_FN R isnormal(V pf_x)                                               \
    {                                                                      \
        VI pf_m = __builtin_astype(pf_x, VI) & (VI)MAGNITUDE;              \
        return (pf_m >= (VI)NORMAL) & (pf_m < (VI)INF);                    \
    }                                                                      \
    PF_FN R signbit(V pf_x) { return __builtin_astype(pf_x, VI) < (VI)0; }

#define PF_FLOATS(V, R, VI) \
    PF_COMPARE(V, R)        \
    PF_BITS(V, R, VI, 0x7f800000, 0x00800000, 0x7fffffff)
#define PF_DOUBLES(V, R, VI)                                    \
    PF_COMPARE(V, R)                                            \
    PF_BITS(V, R, VI, 0x7ff0000000000000, 0x0010000000000000,   \
            0x7fffffffffffffff)
#define PF_FLOATS_N(n, _) PF_FLOATS(float##n, int##n, int##n)
#define PF_DOUBLES_N(n, _) PF_DOUBLES(double##n, long##n, long##n)
PF_FLOATS(float, int, int)
PF_DOUBLES(double, int, long)
PF_WIDTHS(PF_FLOATS_N, )
PF_WIDTHS(PF_DOUBLES_N, )
#undef PF_FLOATS_N
#undef PF_DOUBLES_N
#undef PF_FLOATS
#undef PF_DOUBLES
#undef PF_BITS
#undef PF_COMPARE

/* ---- any, all: the top bit of signed integers ---------------------------------- */

#define PF_ANY(T)                                                          \
    PF_FN int any(T pf_x) { return pf_x < 0; }                             \
    PF_FN int any(T##2 pf_x) { return (pf_x.s0 | pf_x.s1) < 0; }           \
    PF_FN int any(T##3 pf_x) { return (pf_x.s0 | pf_x.s1 | pf_x.s2) < 0; } \
    PF_FN int any(T##4 pf_x)                                               \
    {                                                                      \
        return (pf_x.s0 | pf_x.s1 | pf_x.s2 | pf_x.s3) < 0;                \
    }                                                                      \
    PF_FN int any(T##8 pf_x) { return any(pf_x.lo | pf_x.hi); }            \
    PF_FN int any(T##16 pf_x) { return any(pf_x.lo | pf_x.hi); }           \
    PF_FN int all(T pf_x) { return pf_x < 0; }                             \
    PF_FN int all(T##2 pf_x) { return (pf_x.s0 & pf_x.s1) < 0; }           \
    PF_FN int all(T##3 pf_x) { return (pf_x.s0 & pf_x.s1 & pf_x.s2) < 0; } \
    PF_FN int all(T##4 pf_x)                                               \
    {                                                                      \
        return (pf_x.s0 & pf_x.s1 & pf_x.s2 & pf_x.s3) < 0;                \
    }                                                                      \
    PF_FN int all(T##8 pf_x) { return all(pf_x.lo & pf_x.hi); }            \
    PF_FN int all(T##16 pf_x) { return all(pf_x.lo & pf_x.hi); }
PF_ANY(char)
PF_ANY(short)
PF_ANY(int)
PF_ANY(long)
#undef PF_ANY

/* ---- select, bitselect ------------------------------------------------------------ */

/* The language's own ?: looks at the top bit of vectors, as select() does. */
#define PF_SELECT_N(n, T, S, U)                                            \
    PF_FN T##n select(T##n pf_x, T##n pf_y, S##n pf_c)                     \
    {                                                                      \
        return pf_c ? pf_y : pf_x;                                         \
    }                                                                      \
    PF_FN T##n select(T##n pf_x, T##n pf_y, U##n pf_c)                     \
    {                                                                      \
        return __builtin_astype(pf_c, S##n) ? pf_y : pf_x;                 \
    }                                                                      \
    PF_FN T##n bitselect(T##n pf_x, T##n pf_y, T##n pf_c)                  \
    {                                                                      \
        S##n pf_m = __builtin_astype(pf_c, S##n);                          \
        S##n pf_r = (__builtin_astype(pf_x, S##n) & ~pf_m)                 \
                | (__builtin_astype(pf_y, S##n) & pf_m);                   \
        return __builtin_astype(pf_r, T##n);                               \
    }
#define PF_SELECT(T, S)                                                    \
    PF_FN T select(T pf_x, T pf_y, S pf_c) { return pf_c ? pf_y : pf_x; }  \
    PF_FN T select(T pf_x, T pf_y, u##S pf_c)                              \
    {                                                                      \
        return pf_c ? pf_y : pf_x;                                         \
    }                                                                      \
    PF_FN T bitselect(T pf_x, T pf_y, T pf_c)                              \
    {                                                                      \
        S pf_m = __builtin_astype(pf_c, S);                                \
        S pf_r = (S)((__builtin_astype(pf_x, S) & ~pf_m)                   \
                | (__builtin_astype(pf_y, S) & pf_m));                     \
        return __builtin_astype(pf_r, T);                                  \
    }                                                                      \
    PF_WIDTHS(PF_SELECT_N, T, S, u##S)
PF_TYPES(PF_SELECT)
#undef PF_SELECT
#undef PF_SELECT_N
