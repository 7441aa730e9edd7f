/* SPDX-License-Identifier: Apache-2.0 */
/* shuffle.h: shuffle() and shuffle2() of section 6.12.12. */

/* The low bits of a component of the mask say which component is taken. */
#define PF_TAKE(M, s) pf_x[pf_m.s & (M)]
#define PF_SHUFFLE(n, m, T, U)                                                \
    PF_FN T##n shuffle(T##m pf_x, U##n pf_m)                                  \
    {                                                                         \
        return (T##n)(PF_EACH_##n(PF_TAKE, m - 1));                           \
    }                                                                         \
    PF_FN T##n shuffle2(T##m pf_x, T##m pf_y, U##n pf_m)                      \
    {                                                                         \
        return (T##n)(PF_EACH_##n(PF_TAKE_2, m));                             \
    }
#define PF_TAKE_2(M, s) \
    (pf_m.s & (M) ? pf_y[pf_m.s & ((M) - 1)] : pf_x[pf_m.s & ((M) - 1)])
#define PF_SHUFFLES(T, S)                                                     \
    PF_SHUFFLE(2, 2, T, u##S) PF_SHUFFLE(2, 4, T, u##S)                       \
    PF_SHUFFLE(2, 8, T, u##S) PF_SHUFFLE(2, 16, T, u##S)                      \
    PF_SHUFFLE(4, 2, T, u##S) PF_SHUFFLE(4, 4, T, u##S)                       \
    PF_SHUFFLE(4, 8, T, u##S) PF_SHUFFLE(4, 16, T, u##S)                      \
    PF_SHUFFLE(8, 2, T, u##S) PF_SHUFFLE(8, 4, T, u##S)                       \
    PF_SHUFFLE(8, 8, T, u##S) PF_SHUFFLE(8, 16, T, u##S)                      \
    PF_SHUFFLE(16, 2, T, u##S) PF_SHUFFLE(16, 4, T, u##S)                     \
    PF_SHUFFLE(16, 8, T, u##S) PF_SHUFFLE(16, 16, T, u##S)
PF_TYPES(PF_SHUFFLES)
#undef PF_SHUFFLES
#undef PF_TAKE_2
#undef PF_SHUFFLE
#undef PF_TAKE
