/* SPDX-License-Identifier: Apache-2.0 */
/* check.h: refuses what cannot be compiled, at its place in the source. */
#ifndef PF_PLUGIN_CHECK_H
#define PF_PLUGIN_CHECK_H

#include "ir.h"

namespace pf
{

/* True if everything in the module can be compiled.  Changes nothing. */
bool check(Module &module);

/* Leaves a well-formed module without code: clang stops because of errors, or has
 * nothing to do. */
void drop_bodies(Module &module);

/* A function's name in the source: without what overloading adds. */
std::string plain_name(StringRef name);

bool is_printf(const CallBase &call);

/* Kernels carry a description of their parameters; others give nullptr. */
const MDNode *parameter_data(const Function &function, StringRef what);

} // namespace pf

#endif
