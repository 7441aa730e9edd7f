/* SPDX-License-Identifier: Apache-2.0 */
/* variants.h: instruction sets that code is made for. */
#ifndef PF_PLUGIN_VARIANTS_H
#define PF_PLUGIN_VARIANTS_H

#include "item.h"

namespace pf
{

/* Is it known, and does it fit the module's target? */
bool is_variant(const Module &module, StringRef isa);

/* "x86_64_v4" for "x86-64-v4". */
std::string suffix_of(StringRef isa);

/* Lets LLVM use the instruction set in this function, with its full width. */
void set_variant(Function &function, StringRef isa);

} // namespace pf

#endif
