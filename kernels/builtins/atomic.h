/* SPDX-License-Identifier: Apache-2.0 */
/*
 * atomic.h: section 6.12.11 and cl_khr_int64_base/extended_atomics.
 *
 * Global memory is shared by threads, so its atomics are the machine's, relaxed
 * as the language says.  Local memory belongs to the one thread that runs the
 * group: an access that no other can interrupt is atomic.  It stays volatile so
 * that no two work-items' updates are merged into one vector operation.
 */

#define PF_GLOBAL_ATOMIC(P, F, T, BUILTIN)                                    \
    PF_FN T P##F(volatile __global T *pf_p, T pf_v)                           \
    {                                                                         \
        return BUILTIN(pf_p, pf_v, __ATOMIC_RELAXED);                         \
    }
#define PF_LOCAL_ATOMIC(P, F, T, NEW)                                         \
    PF_FN T P##F(volatile __local T *pf_p, T pf_v)                            \
    {                                                                         \
        T pf_o = *pf_p;                                                       \
        *pf_p = NEW;                                                          \
        return pf_o;                                                          \
    }
#define PF_ATOMIC(P, F, T, BUILTIN, NEW)                                      \
    PF_GLOBAL_ATOMIC(P, F, T, BUILTIN)                                        \
    PF_LOCAL_ATOMIC(P, F, T, NEW)

#define PF_ATOMICS(P, T)                                                      \
    PF_ATOMIC(P, add, T, __atomic_fetch_add, pf_o + pf_v)                     \
    PF_ATOMIC(P, sub, T, __atomic_fetch_sub, pf_o - pf_v)                     \
    PF_ATOMIC(P, xchg, T, __atomic_exchange_n, pf_v)                          \
    PF_ATOMIC(P, and, T, __atomic_fetch_and, pf_o & pf_v)                     \
    PF_ATOMIC(P, or, T, __atomic_fetch_or, pf_o | pf_v)                       \
    PF_ATOMIC(P, xor, T, __atomic_fetch_xor, pf_o ^ pf_v)                     \
    PF_ATOMIC(P, min, T, __atomic_fetch_min, pf_v < pf_o ? pf_v : pf_o)       \
    PF_ATOMIC(P, max, T, __atomic_fetch_max, pf_v > pf_o ? pf_v : pf_o)       \
    PF_FN T P##inc(volatile __global T *pf_p)                                 \
    {                                                                         \
        return __atomic_fetch_add(pf_p, 1, __ATOMIC_RELAXED);                 \
    }                                                                         \
    PF_FN T P##dec(volatile __global T *pf_p)                                 \
    {                                                                         \
        return __atomic_fetch_sub(pf_p, 1, __ATOMIC_RELAXED);                 \
    }                                                                         \
    PF_FN T P##cmpxchg(volatile __global T *pf_p, T pf_c, T pf_v)             \
    {                                                                         \
        return __sync_val_compare_and_swap(pf_p, pf_c, pf_v);                 \
    }                                                                         \
    PF_FN T P##inc(volatile __local T *pf_p)                                  \
    {                                                                         \
        T pf_o = *pf_p;                                                       \
        *pf_p = pf_o + 1;                                                     \
        return pf_o;                                                          \
    }                                                                         \
    PF_FN T P##dec(volatile __local T *pf_p)                                  \
    {                                                                         \
        T pf_o = *pf_p;                                                       \
        *pf_p = pf_o - 1;                                                     \
        return pf_o;                                                          \
    }                                                                         \
    PF_FN T P##cmpxchg(volatile __local T *pf_p, T pf_c, T pf_v)              \
    {                                                                         \
        T pf_o = *pf_p;                                                       \
        *pf_p = pf_o == pf_c ? pf_v : pf_o;                                   \
        return pf_o;                                                          \
    }
PF_ATOMICS(atomic_, int)
PF_ATOMICS(atomic_, uint)
PF_ATOMICS(atom_, int)
PF_ATOMICS(atom_, uint)
PF_ATOMICS(atom_, long)
PF_ATOMICS(atom_, ulong)

#define PF_XCHG_FLOAT(P)                                                      \
    PF_FN float P##xchg(volatile __global float *pf_p, float pf_v)            \
    {                                                                         \
        return __builtin_astype(                                              \
                __atomic_exchange_n((volatile __global int *)pf_p,            \
                        __builtin_astype(pf_v, int), __ATOMIC_RELAXED),       \
                float);                                                       \
    }                                                                         \
    PF_LOCAL_ATOMIC(P, xchg, float, pf_v)
PF_XCHG_FLOAT(atomic_)
PF_XCHG_FLOAT(atom_)
#undef PF_XCHG_FLOAT
#undef PF_ATOMICS
#undef PF_ATOMIC
#undef PF_LOCAL_ATOMIC
#undef PF_GLOBAL_ATOMIC
