/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parfun/kernel.h: what the files that parfun-cc generates include.
 *
 * A compiled-in kernel is described by one `const struct parfun_kernel`: its
 * text for OpenCL drivers, its parameters and clauses, and its native code for
 * this machine in several instruction-set variants.  Programs use the generated
 * functions and the vector types below; the rest is an ABI between generated
 * code and the library, checked through PARFUN_KERNEL_ABI.
 */
#ifndef PARFUN_KERNEL_H
#define PARFUN_KERNEL_H

#include <parfun.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PARFUN_KERNEL_ABI 3

/* ---- OpenCL's vector types, laid out as cl_float4 and its sisters ----------
 * A vector of three has the size and alignment of one of four. */

/* clang-format off */
#define PARFUN_VECTOR(type, name, n)                     \
    typedef union parfun_##name##n {                     \
        type s[n];                                       \
        unsigned char pf_align __attribute__((aligned(   \
                sizeof(type) * (n)))); /* NOLINT */      \
    } parfun_##name##n;
#define PARFUN_VECTOR_3(type, name)                      \
    typedef union parfun_##name##3 {                     \
        type s[4];                                       \
        unsigned char pf_align __attribute__((aligned(   \
                sizeof(type) * 4))); /* NOLINT */        \
    } parfun_##name##3;
#define PARFUN_VECTORS(type, name)  \
    PARFUN_VECTOR(type, name, 2)    \
    PARFUN_VECTOR_3(type, name)     \
    PARFUN_VECTOR(type, name, 4)    \
    PARFUN_VECTOR(type, name, 8)    \
    PARFUN_VECTOR(type, name, 16)
/* clang-format on */

PARFUN_VECTORS(int8_t, char)
PARFUN_VECTORS(uint8_t, uchar)
PARFUN_VECTORS(int16_t, short)
PARFUN_VECTORS(uint16_t, ushort)
PARFUN_VECTORS(int32_t, int)
PARFUN_VECTORS(uint32_t, uint)
PARFUN_VECTORS(int64_t, long)
PARFUN_VECTORS(uint64_t, ulong)
PARFUN_VECTORS(float, float)
PARFUN_VECTORS(double, double)

#undef PARFUN_VECTOR
#undef PARFUN_VECTOR_3
#undef PARFUN_VECTORS

/* ---- Native code ------------------------------------------------------------ */

/*
 * A box of work-groups for one thread.  Unused dimensions have size 1, offset 0,
 * local size 1, one group.  Along each dimension global_offset + global_size is
 * below 2^31.  The last group of a dimension may be partial (kernels with
 * barriers are only given whole ones).  parfun-cc's plugin knows the layout.
 */
struct parfun_ndrange {
    uint32_t dimensions;
    uint32_t abi; /* PARFUN_KERNEL_ABI */
    size_t global_size[3], global_offset[3], local_size[3];
    size_t group_count[3];               /* of the whole NDRange */
    size_t group_begin[3], group_end[3]; /* the box to run: half-open */
    void *local_memory; /* this thread's: for `local` parameters, 128-aligned */
    size_t local_bytes;
    void *scratch;        /* this thread's, 128-aligned */
    size_t scratch_bytes; /* >= scratch_fixed + scratch_item * items of a group */
};

/*
 * Runs the box.  arguments[i] points at the value of parameter i, as for
 * clSetKernelArg: at the scalar, at the pointer to global or constant memory, or
 * for a `local` parameter at a size_t, its bytes.
 */
typedef void parfun_native(
        const struct parfun_ndrange *range, void *const *arguments);

/*
 * Runs `count` blocks of items (see docs/reductions.md), from item `first` of the
 * partition on, and reduces what they write by the kernel's own clauses: for every
 * argument i that is reduced, results[i] is an array that receives the value of block
 * j as element j.  The range and the arguments are those of the
 * partition; steps[i] is how many bytes further argument i begins with every item.
 */
typedef void parfun_native_blocks(const struct parfun_ndrange *range,
        void *const *arguments, const size_t *steps, size_t first, size_t count,
        void *const *results);

struct parfun_variant {
    const char *isa; /* "x86-64-v4", "x86-64-v3", "x86-64-v2" or "generic" */
    parfun_native *run;
    uint64_t scratch_fixed;       /* bytes of scratch memory for a group */
    uint64_t scratch_item;        /* and for each of its work-items */
    parfun_native_blocks *blocks; /* NULL: values to reduce go through memory */
};

/* ---- Kernels ------------------------------------------------------------------ */

enum parfun_space {
    PARFUN_VALUE_SPACE = 0, /* passed by value */
    PARFUN_GLOBAL_SPACE = 1,
    PARFUN_CONSTANT_SPACE = 2,
    PARFUN_LOCAL_SPACE = 3
};

struct parfun_parameter {
    const char *name;
    const char *type;   /* of the value, or of what is pointed at, unqualified:
                           "float", "uint", "float4", "struct body", "void" */
    uint32_t bytes;     /* of one of these; 1 for void */
    uint32_t alignment; /* likewise */
    uint8_t space;      /* enum parfun_space */
    uint8_t is_const;   /* pointer to const: the kernel does not write it */
    uint8_t is_own;     /* native code has plain instructions for atomics on it: no
                           two threads may share it */
    uint8_t reserved[5];
};

enum parfun_kernel_flag {
    PARFUN_KERNEL_BARRIERS = 1 << 0, /* barriers or local memory */
    PARFUN_KERNEL_GROUPS = 1 << 1,   /* asks for local id, local size, group id */
    PARFUN_KERNEL_EXTENT = 1 << 2,   /* asks for get_global_size */
    PARFUN_KERNEL_GROUP_EXTENT = 1 << 3, /* for get_num_groups or get_group_id */
    PARFUN_KERNEL_DOUBLES = 1 << 4,
    PARFUN_KERNEL_PRINTF = 1 << 5,
    PARFUN_KERNEL_INT64_ATOMICS = 1 << 6
};

/* One `#pragma parfun`: its text after "parfun", and where it stands. */
struct parfun_pragma {
    const char *text;
    uint32_t line;   /* of the pragma in `file` */
    uint32_t column; /* of the text's first character */
};

struct parfun_kernel {
    uint32_t abi;   /* PARFUN_KERNEL_ABI */
    uint32_t flags; /* enum parfun_kernel_flag */
    const char *name;
    const char *file;   /* the source's base name, for messages */
    const char *source; /* OpenCL C with the user's own includes expanded */
    const char *build;  /* options the file was compiled with, for drivers: -D... */
    const struct parfun_parameter *parameters;
    const struct parfun_pragma *pragmas;
    const struct parfun_variant *variants; /* most demanding first */
    uint32_t parameter_count, pragma_count, variant_count;
    uint32_t required_group[3]; /* reqd_work_group_size, or 0 */
};

/* ---- For generated functions ---------------------------------------------------- */

/* The function of a compiled-in kernel, made at its first use and kept in *slot
 * until the process ends.  NULL, with parfun_error(), if that fails. */
PARFUN_API struct parfun_function *parfun_kernel_function(
        const struct parfun_kernel *kernel, struct parfun_function **slot);

/* parfun_call() on it. */
PARFUN_TRY enum parfun_status parfun_kernel_call(const struct parfun_kernel *kernel,
        struct parfun_function **slot, size_t items,
        const struct parfun_value *values, size_t value_count);

/* parfun_call_groups() on it. */
PARFUN_TRY enum parfun_status parfun_kernel_call_groups(
        const struct parfun_kernel *kernel, struct parfun_function **slot,
        const struct parfun_groups *groups, const struct parfun_value *values,
        size_t value_count);

#ifdef __cplusplus
}
#endif

#endif
