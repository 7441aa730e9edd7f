/* SPDX-License-Identifier: Apache-2.0 */
/* compile.h: native code of all kernels of a module. */
#ifndef PF_PLUGIN_COMPILE_H
#define PF_PLUGIN_COMPILE_H

#include "settings.h"

namespace pf
{

/*
 * Replaces pf_item_K, pf_group_K and pf_native_K by pf_native_K_<variant>, and writes
 * per kernel
 *
 *   {"kernel":"saxpy","scratch_fixed":0,"scratch_item":0,"suffixes":["x86_64_v4"]}
 *
 * The module has been checked.  False after reporting an error.
 */
bool compile(
        Module &module, ModuleAnalysisManager &analyses, const Settings &settings);

} // namespace pf

#endif
