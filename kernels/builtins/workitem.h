/* SPDX-License-Identifier: Apache-2.0 */
/*
 * workitem.h: work-item functions, barriers, fences, printf.
 * Functions with a pf_ symbol have no body: parfun-cc's plugin replaces their calls.
 * They are declared by OpenCL's own names, which clang then suggests to who misspells one.
 */

size_t get_global_id(uint) __asm__("pf_global_id") __attribute__((const));
size_t get_local_id(uint) __asm__("pf_local_id") __attribute__((const));
size_t get_group_id(uint) __asm__("pf_group_id") __attribute__((const));
size_t get_local_size(uint) __asm__("pf_local_size") __attribute__((const));
size_t get_global_size(uint) __asm__("pf_global_size") __attribute__((const));
size_t get_num_groups(uint) __asm__("pf_group_count") __attribute__((const));
size_t get_global_offset(uint) __asm__("pf_global_offset") __attribute__((const));
uint get_work_dim(void) __asm__("pf_dimensions") __attribute__((const));
size_t pf_enqueued_local_size(uint) __attribute__((const));
void pf_barrier(void) __attribute__((convergent));

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
