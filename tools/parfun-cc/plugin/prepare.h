/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.h: brings work-item functions into the form that the steps after it
 * expect: one function without calls of defined functions, simple loops. */
#ifndef PF_PLUGIN_PREPARE_H
#define PF_PLUGIN_PREPARE_H

#include "settings.h"

namespace pf
{

/* Kernels are called like ordinary functions; calls and functions must agree on
 * the calling convention, else a call is undefined. */
void reset_calling_conventions(Module &module);

/* Inlines everything into the work-item functions. */
void inline_all(Module &module, ModuleAnalysisManager &analyses);

/* Atomics on pointer parameters of these positions become plain instructions. */
void relax_atomics(Function &item, const std::set<unsigned> &parameters);

/* Cleans up a whole work-item function; it has no regions yet. */
void tidy_item(Function &item, FunctionAnalysisManager &analyses,
        const Settings &settings);
/* Cleans up a region function. */
void tidy_region(Function &region, FunctionAnalysisManager &analyses);
/* Removes branches on constants; `bounds` stay defined in the entry block. */
void tidy_guards(Function &item, FunctionAnalysisManager &analyses,
        ArrayRef<Instruction *> bounds);

} // namespace pf

#endif
