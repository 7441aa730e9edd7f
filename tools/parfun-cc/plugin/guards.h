/* SPDX-License-Identifier: Apache-2.0 */
/*
 * guards.h: conditions at the start of a kernel become bounds of loops.
 *
 * `if (id >= n) return;` and `if (id < n) { whole kernel }`, also in conjunctions,
 * with a uniform n and before any effect.  Ids are below 2^31 per dimension, so that
 * their 32-bit and 64-bit forms agree.
 */
#ifndef PF_PLUGIN_GUARDS_H
#define PF_PLUGIN_GUARDS_H

#include "conditions.h"

namespace pf
{

/* One condition on an id.  The limit is a constant, an argument or hoisted. */
struct Guard {
    unsigned dimension;
    bool global; /* about the global, not the local id */
    Limit limit;
};

/* Half-open, of local ids. */
struct Bounds {
    std::array<Value *, 3> low, high;
};

/* Takes the conditions out of the function.  The caller tidies it and finds what is
 * hoistable again; limits that are instructions must survive that. */
SmallVector<Guard, 4> take_guards(Function &item, Instructions &hoisted);

/* Adds code for the bounds of a group of these sizes. */
Bounds bounds_of(IRBuilder<> &builder, ArrayRef<Guard> guards,
        ValueToValueMapTy &map, Function &item,
        const std::array<Value *, 3> &sizes);

} // namespace pf

#endif
