/* SPDX-License-Identifier: Apache-2.0 */
/* memory.h: section 6.12.7 but for halves: vectors from and to memory that is
 * aligned as their components are. */

/* A pointer's n-th vector of T as one access. */
#define PF_UNALIGNED_N(n, T) \
    typedef T##n pf_##T##n##_u __attribute__((aligned(sizeof(T))));
#define PF_UNALIGNED(T, S) PF_WIDTHS(PF_UNALIGNED_N, T)
PF_TYPES(PF_UNALIGNED)
#undef PF_UNALIGNED
#undef PF_UNALIGNED_N

#define PF_VLOAD_N(n, T, A)                                                   \
    PF_FN T##n vload##n(size_t pf_i, const A T *pf_p)                         \
    {                                                                         \
        return *(const A pf_##T##n##_u *)(pf_p + n * pf_i);                   \
    }
/* Three components only: there may be nothing behind them. */
#define PF_VLOAD_3(T, A)                                                      \
    PF_FN T##3 vload3(size_t pf_i, const A T *pf_p)                           \
    {                                                                         \
        pf_p += 3 * pf_i;                                                     \
        return (T##3)(pf_p[0], pf_p[1], pf_p[2]);                             \
    }
#define PF_VSTORE_N(n, T, A)                                                  \
    PF_FN void vstore##n(T##n pf_x, size_t pf_i, A T *pf_p)                   \
    {                                                                         \
        *(A pf_##T##n##_u *)(pf_p + n * pf_i) = pf_x;                         \
    }
#define PF_VSTORE_3(T, A)                                                     \
    PF_FN void vstore3(T##3 pf_x, size_t pf_i, A T *pf_p)                     \
    {                                                                         \
        pf_p += 3 * pf_i;                                                     \
        pf_p[0] = pf_x.s0, pf_p[1] = pf_x.s1, pf_p[2] = pf_x.s2;              \
    }

#define PF_VLOADS(T, A)                                                       \
    PF_VLOAD_N(2, T, A) PF_VLOAD_3(T, A) PF_VLOAD_N(4, T, A)                  \
    PF_VLOAD_N(8, T, A) PF_VLOAD_N(16, T, A)
#define PF_VSTORES(T, A)                                                      \
    PF_VSTORE_N(2, T, A) PF_VSTORE_3(T, A) PF_VSTORE_N(4, T, A)               \
    PF_VSTORE_N(8, T, A) PF_VSTORE_N(16, T, A)
#define PF_MEMORY(T, S)                                                       \
    PF_VLOADS(T, __private) PF_VLOADS(T, __local) PF_VLOADS(T, __global)      \
    PF_VLOADS(T, __constant)                                                  \
    PF_VSTORES(T, __private) PF_VSTORES(T, __local) PF_VSTORES(T, __global)
PF_TYPES(PF_MEMORY)
#undef PF_MEMORY
#undef PF_VSTORES
#undef PF_VLOADS
#undef PF_VSTORE_3
#undef PF_VSTORE_N
#undef PF_VLOAD_3
#undef PF_VLOAD_N
