/* SPDX-License-Identifier: Apache-2.0 */
/* usage.h: what kernels use, through all functions they call. */
#ifndef PF_PLUGIN_USAGE_H
#define PF_PLUGIN_USAGE_H

#include "ir.h"

namespace pf
{

/* As PARFUN_KERNEL_... of parfun/kernel.h. */
struct Usage {
    bool barriers = false;     /* or local memory */
    bool groups = false;       /* local id, local size, group id */
    bool extent = false;       /* global size */
    bool group_extent = false; /* number of groups, group id */
    bool doubles = false;
    bool printf = false;
    bool int64_atomics = false;
};

/* Before any inlining. */
Usage usage_of(const Function &kernel);

/* Is it from the headers of built-in functions? */
bool is_built_in(const Function &function);

} // namespace pf

#endif
