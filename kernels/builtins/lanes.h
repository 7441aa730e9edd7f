/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lanes.h: how one function of scalars becomes five of vectors.
 *
 * PF_MAP2(float, hypot, pf_hypotf, float, float) defines hypot() for float2 to
 * float16 from pf_hypotf(): result, name, scalar function, types of arguments.
 */

#define PF_FN static __attribute__((overloadable, always_inline, unused))
/* Without overloads, for use by other functions. */
#define PF_ONE static __attribute__((always_inline, unused))

/* M(n, ...) for each number of components. */
#define PF_WIDTHS(M, ...) \
    M(2, __VA_ARGS__) M(3, __VA_ARGS__) M(4, __VA_ARGS__) \
    M(8, __VA_ARGS__) M(16, __VA_ARGS__)

/* A(G, component) for each component, with commas between. */
#define PF_EACH_2(A, G) A(G, s0), A(G, s1)
#define PF_EACH_3(A, G) A(G, s0), A(G, s1), A(G, s2)
#define PF_EACH_4(A, G) A(G, s0), A(G, s1), A(G, s2), A(G, s3)
#define PF_EACH_8(A, G) \
    PF_EACH_4(A, G), A(G, s4), A(G, s5), A(G, s6), A(G, s7)
#define PF_EACH_16(A, G)                                     \
    PF_EACH_8(A, G), A(G, s8), A(G, s9), A(G, sa), A(G, sb), \
            A(G, sc), A(G, sd), A(G, se), A(G, sf)

#define PF_CALL_1(G, s) G(pf_x.s)
#define PF_CALL_2(G, s) G(pf_x.s, pf_y.s)
#define PF_CALL_3(G, s) G(pf_x.s, pf_y.s, pf_z.s)

#define PF_MAP1_N(n, R, F, G, X)             \
    PF_FN R##n F(X##n pf_x)                  \
    {                                        \
        return (R##n)(PF_EACH_##n(PF_CALL_1, G)); \
    }
#define PF_MAP2_N(n, R, F, G, X, Y)          \
    PF_FN R##n F(X##n pf_x, Y##n pf_y)       \
    {                                        \
        return (R##n)(PF_EACH_##n(PF_CALL_2, G)); \
    }
#define PF_MAP3_N(n, R, F, G, X, Y, Z)       \
    PF_FN R##n F(X##n pf_x, Y##n pf_y, Z##n pf_z) \
    {                                        \
        return (R##n)(PF_EACH_##n(PF_CALL_3, G)); \
    }
#define PF_MAP1(R, F, G, X) PF_WIDTHS(PF_MAP1_N, R, F, G, X)
#define PF_MAP2(R, F, G, X, Y) PF_WIDTHS(PF_MAP2_N, R, F, G, X, Y)
#define PF_MAP3(R, F, G, X, Y, Z) PF_WIDTHS(PF_MAP3_N, R, F, G, X, Y, Z)

/* The same with the scalar function itself. */
#define PF_ALL1(R, F, G, X) \
    PF_FN R F(X pf_x) { return G(pf_x); } \
    PF_MAP1(R, F, G, X)
#define PF_ALL2(R, F, G, X, Y) \
    PF_FN R F(X pf_x, Y pf_y) { return G(pf_x, pf_y); } \
    PF_MAP2(R, F, G, X, Y)
#define PF_ALL3(R, F, G, X, Y, Z) \
    PF_FN R F(X pf_x, Y pf_y, Z pf_z) { return G(pf_x, pf_y, pf_z); } \
    PF_MAP3(R, F, G, X, Y, Z)

/* M(...) for every integer type; its unsigned and signed twin; its bits. */
#define PF_INTEGERS(M)                                               \
    M(char, uchar, char, 8) M(uchar, uchar, char, 8)                 \
    M(short, ushort, short, 16) M(ushort, ushort, short, 16)         \
    M(int, uint, int, 32) M(uint, uint, int, 32)                     \
    M(long, ulong, long, 64) M(ulong, ulong, long, 64)

/* M(type, signed integer of the same size). */
#define PF_TYPES(M)                                                  \
    M(char, char) M(uchar, char) M(short, short) M(ushort, short)    \
    M(int, int) M(uint, int) M(long, long) M(ulong, long)            \
    M(float, int) M(double, long)
