/* SPDX-License-Identifier: Apache-2.0 */
/*
 * barriers.h: kernels with barriers or local variables.
 *
 * Each region between barriers becomes a function, still of one work-item; loops
 * around it are made later.  The group function runs one region after the other:
 *
 *     s = 0;
 *     do { region s for the whole group; s = where its work-items stopped; }
 *     while (!end);
 *
 * What lives across barriers is kept once if it is uniform, else per work-item in
 * arrays in the worker's scratch memory (neighbouring work-items are neighbours in
 * memory): groups times frames would easily exceed a thread's stack.
 */
#ifndef PF_PLUGIN_BARRIERS_H
#define PF_PLUGIN_BARRIERS_H

#include "guards.h"
#include "local.h"

namespace pf
{

/* Bytes of scratch memory. */
struct Scratch {
    uint64_t fixed = 0, per_item = 0;
};

struct RegionFunctions {
    Function *one;  /* filled: one work-item */
    Function *many; /* declared: the loops over it */
};

/* reqd_work_group_size, or zeros. */
using RequiredSize = std::array<unsigned, 3>;

/* Fills `group` from `item`, which is useless afterwards. */
Scratch split_at_barriers(Function &item, Function &group,
        const Instructions &hoisted, ArrayRef<Guard> guards,
        const LocalVariables &locals, const RequiredSize &required,
        SmallVectorImpl<RegionFunctions> &regions);

} // namespace pf

#endif
