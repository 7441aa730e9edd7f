/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workitem.h: work-item functions, barriers, fences, printf.
 * The pf_ functions have no body: parfun-cc's plugin replaces their calls.
 */

size_t pf_global_id(uint) __attribute__((const));
size_t pf_local_id(uint) __attribute__((const));
size_t pf_group_id(uint) __attribute__((const));
size_t pf_local_size(uint) __attribute__((const));
size_t pf_enqueued_local_size(uint) __attribute__((const));
size_t pf_global_size(uint) __attribute__((const));
size_t pf_group_count(uint) __attribute__((const));
size_t pf_global_offset(uint) __attribute__((const));
uint pf_dimensions(void) __attribute__((const));
void pf_barrier(void) __attribute__((convergent));

#define get_work_dim() pf_dimensions()
#define get_global_size(d) pf_global_size(d)
#define get_global_id(d) pf_global_id(d)
#define get_local_size(d) pf_local_size(d)
#define get_local_id(d) pf_local_id(d)
#define get_num_groups(d) pf_group_count(d)
#define get_group_id(d) pf_group_id(d)
#define get_global_offset(d) pf_global_offset(d)

typedef uint cl_mem_fence_flags;

#define barrier(flags) ((void)(flags), pf_barrier())

/* One thread runs a work-group, so order matters to other threads only. */
PF_ONE void pf_fence(cl_mem_fence_flags pf_flags)
{
    if (pf_flags & CLK_GLOBAL_MEM_FENCE)
        __atomic_thread_fence(__ATOMIC_ACQ_REL);
}
#define mem_fence(flags) pf_fence(flags)
#define read_mem_fence(flags) pf_fence(flags)
#define write_mem_fence(flags) pf_fence(flags)

int printf(__constant const char *, ...)
        __attribute__((format(printf, 1, 2)));
