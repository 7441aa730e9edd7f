/* SPDX-License-Identifier: Apache-2.0 */
/*
 * item.h: the shapes of the functions that the plugin reads and makes.
 *
 * The driver's generated text defines, per kernel K,
 *
 *   void pf_item_K(range, arguments, l0..2, g0..2, m0..2, b0..2)  one work-item
 *   void pf_group_K(range, arguments, g0..2, m0..2, b0..2)        only declared
 *   void pf_native_K(range, arguments)     calls pf_group_K for a box of groups
 *   void pf_blocks_K(range, arguments, ...)   where values are reduced at once: calls
 *                                             pf_group_K for 32 items at a time
 *
 * with l the local id, g the group id, m the size of this group and b the global
 * id of its first work-item, all size_t.  The plugin makes, per instruction-set
 * variant V,
 *
 *   pf_group_K.V      one group: loops over its work-items, or, with barriers, a
 *                     state machine that runs one region after the other
 *   pf_group_K.V.rN   region N, between barriers, for one work-item: the item's
 *                     parameters, the bounds [low, high) of l0..2, and whatever
 *                     lives across barriers; turned into
 *   pf_group_K.V.lN   the same without l0..2: loops over the region
 *   pf_native_K_V     the result, a parfun_native
 *   pf_blocks_K_V     likewise, a parfun_native_blocks
 */
#ifndef PF_PLUGIN_ITEM_H
#define PF_PLUGIN_ITEM_H

#include "llvm.h"

#include <parfun/kernel.h>

namespace pf
{
using namespace llvm;

#define PF_ITEM_PREFIX "pf_item_"
#define PF_GROUP_PREFIX "pf_group_"
#define PF_NATIVE_PREFIX "pf_native_"
#define PF_BLOCKS_PREFIX "pf_blocks_"
#define PF_BARRIER "pf_barrier"

/* Positions of parameters. */
enum Parameter : unsigned {
    RANGE = 0,
    ARGUMENTS = 1,
    LOCAL_ID = 2,
    GROUP_ID = 5,
    GROUP_SIZE = 8,
    FIRST_ID = 11,
    ITEM_END = 14, /* a work-item function has no more */
    LOW = 14,      /* region functions only: bounds of the local id */
    HIGH = 17,
    EXTRA = 20 /* and what lives across barriers */
};

/* Functions that run many work-items have all parameters but the local ids. */
constexpr bool is_local_id(unsigned position)
{
    return position >= LOCAL_ID && position < LOCAL_ID + 3;
}
constexpr unsigned without_local_ids(unsigned position)
{
    return position < LOCAL_ID ? position : position - 3;
}

/* Arrays in scratch memory begin at multiples of this. */
constexpr uint64_t SCRATCH_ALIGNMENT = 128;

/* Where pf_item_K's range points at; generated code and runtime agree on it. */
namespace field
{
constexpr uint64_t DIMENSIONS = offsetof(parfun_ndrange, dimensions);
constexpr uint64_t GLOBAL_SIZE = offsetof(parfun_ndrange, global_size);
constexpr uint64_t GLOBAL_OFFSET = offsetof(parfun_ndrange, global_offset);
constexpr uint64_t LOCAL_SIZE = offsetof(parfun_ndrange, local_size);
constexpr uint64_t GROUP_COUNT = offsetof(parfun_ndrange, group_count);
constexpr uint64_t SCRATCH = offsetof(parfun_ndrange, scratch);
} // namespace field

static_assert(sizeof(size_t) == 8, "ids are 64 bits wide");
static_assert(field::GLOBAL_SIZE == 8 && field::GLOBAL_OFFSET == 32
                && field::LOCAL_SIZE == 56 && field::GROUP_COUNT == 80
                && field::SCRATCH == 168 && sizeof(parfun_ndrange) == 184,
        "struct parfun_ndrange has changed: PARFUN_KERNEL_ABI must, too, and the "
        "driver's copy of the struct");

} // namespace pf

#endif
