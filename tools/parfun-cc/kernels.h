/* SPDX-License-Identifier: Apache-2.0 */
/* kernels.h: what parfun-cc learns about the kernels of a file, step by step. */
#ifndef CC_KERNELS_H
#define CC_KERNELS_H

#include "runtime/clauses.h"
#include "text.h"

#include <parfun/kernel.h>

/* A place in the text; zeroed: nowhere. */
struct cc_written {
    unsigned line, column;
    bool by_all; /* not only under a condition */
};

struct cc_kernel {
    /* From clang. */
    const char *name;
    unsigned line;
    uint32_t flags; /* enum parfun_kernel_flag */
    uint32_t required_group[3];
    struct parfun_parameter *parameters; /* 0 bytes: only OpenCL C can tell */
    unsigned parameter_count;
    struct cc_written *fixed;  /* where all items write one element of each
                                  parameter, if they write no other */
    struct cc_written *update; /* where `+=` or the like changes an element */
    struct cc_written
            *neighbour; /* where the index is the item's, plus a constant */

    /* From the text. */
    struct parfun_pragma *pragmas;
    unsigned pragma_count;
    struct pf_clauses *clauses; /* NULL without a pragma */

    /* What C calls it: with the prefix. */
    const char *c_name;

    /* From clang, with the native code. */
    struct cc_list suffixes; /* as in pf_native_saxpy_<suffix> */
    uint64_t scratch_fixed, scratch_item;
};

struct cc_kernels {
    struct cc_kernel *items;
    size_t count;
};

#endif
