/* SPDX-License-Identifier: Apache-2.0 */
/*
 * async.h: section 6.12.10.  One work-item of the group copies; waiting for an
 * event is a barrier.  Prefetching is left to the hardware.
 */

PF_ONE bool pf_is_first(void)
{
    return (get_local_id(0) | get_local_id(1) | get_local_id(2)) == 0;
}

#define PF_COPY(V, TO, FROM)                                                  \
    PF_FN event_t async_work_group_copy(                                      \
            TO V *pf_d, const FROM V *pf_s, size_t pf_n, event_t pf_e)        \
    {                                                                         \
        if (pf_is_first())                                                    \
            for (size_t pf_i = 0; pf_i < pf_n; pf_i++)                        \
                pf_d[pf_i] = pf_s[pf_i];                                      \
        return pf_e;                                                          \
    }
#define PF_COPIES(V)                                                          \
    PF_COPY(V, __local, __global)                                             \
    PF_COPY(V, __global, __local)                                             \
    PF_FN event_t async_work_group_strided_copy(__local V *pf_d,              \
            const __global V *pf_s, size_t pf_n, size_t pf_k, event_t pf_e)   \
    {                                                                         \
        if (pf_is_first())                                                    \
            for (size_t pf_i = 0; pf_i < pf_n; pf_i++)                        \
                pf_d[pf_i] = pf_s[pf_i * pf_k];                               \
        return pf_e;                                                          \
    }                                                                         \
    PF_FN event_t async_work_group_strided_copy(__global V *pf_d,             \
            const __local V *pf_s, size_t pf_n, size_t pf_k, event_t pf_e)    \
    {                                                                         \
        if (pf_is_first())                                                    \
            for (size_t pf_i = 0; pf_i < pf_n; pf_i++)                        \
                pf_d[pf_i * pf_k] = pf_s[pf_i];                               \
        return pf_e;                                                          \
    }
#define PF_COPIES_N(n, T) PF_COPIES(T##n)
#define PF_ASYNC(T, S) PF_COPIES(T) PF_WIDTHS(PF_COPIES_N, T)
PF_TYPES(PF_ASYNC)
#undef PF_ASYNC
#undef PF_COPIES_N
#undef PF_COPIES
#undef PF_COPY

#define wait_group_events(count, events) \
    ((void)(count), (void)(events), pf_barrier())
#define prefetch(pointer, count) ((void)(pointer), (void)(count))
