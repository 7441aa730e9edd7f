/* SPDX-License-Identifier: Apache-2.0 */
/* lanes.h: what a loop inside a kernel looks like to neighbouring work-items. */
#ifndef PF_PLUGIN_LANES_H
#define PF_PLUGIN_LANES_H

#include "uniformity.h"

namespace pf
{

/* Nothing inside keeps LLVM from vectorising over work-items. */
bool allows_vectors(const Loop &loop);

/* Every work-item leaves in the same round. */
bool has_uniform_exits(const Loop &loop, const Uniformity &uniformity);

/* Every work-item enters the loop, equally often. */
bool is_reached_by_all(const Loop &loop, const Uniformity &uniformity);

/* Every access moves by one element per work-item, or is a load that does not move,
 * and the machine has masked loads and stores. */
bool has_maskable_memory(const Loop &loop, const Uniformity &uniformity,
        const TargetTransformInfo &target);

/* Some access moves by one element per work-item, and no varying value is carried
 * from round to round: then a loop over work-items inside this one pays even if
 * nothing becomes vector code. */
bool gains_locality(const Loop &loop, const Uniformity &uniformity);

} // namespace pf

#endif
