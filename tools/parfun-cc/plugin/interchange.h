/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interchange.h: prepares loops inside a kernel so that the loop over work-items can
 * stand inside them, where it becomes vector code.  Both work on functions in loop-
 * simplified, closed SSA form and leave cuts (see fission.h) behind.
 */
#ifndef PF_PLUGIN_INTERCHANGE_H
#define PF_PLUGIN_INTERCHANGE_H

#include "settings.h"
#include "uniformity.h"

namespace pf
{

/*
 * Loops that all work-items leave together: cuts before the loop, on its way back
 * and behind it.  True if there were any.
 */
bool cut_uniform_loops(
        Function &function, const Instructions &hoisted, const Settings &settings);

/*
 * Loops that work-items leave at different times become
 *
 *     active = true;
 *     do {
 *         if (active) { body; on leaving: active = false, remember the values }
 *     } while (any(active));
 *
 * whose end is uniform.  True if there were any.
 */
bool mask_varying_loops(Function &function, const Instructions &hoisted,
        const TargetTransformInfo &target, const Settings &settings);

} // namespace pf

#endif
