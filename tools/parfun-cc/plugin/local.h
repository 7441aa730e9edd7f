/* SPDX-License-Identifier: Apache-2.0 */
/* local.h: variables of a group, which clang makes internal globals. */
#ifndef PF_PLUGIN_LOCAL_H
#define PF_PLUGIN_LOCAL_H

#include "ir.h"

namespace pf
{

struct LocalVariable {
    GlobalVariable *variable;
    uint64_t offset; /* in scratch memory */
};

struct LocalVariables {
    SmallVector<LocalVariable, 4> items;
    uint64_t bytes = 0; /* of scratch memory */
};

/* Those a work-item function uses.  Constant expressions with their addresses become
 * instructions, so that the addresses can be replaced.  A helper function that is
 * inlined into several kernels has one variable in each. */
LocalVariables find_local_variables(Function &item);

} // namespace pf

#endif
