/* SPDX-License-Identifier: Apache-2.0 */
/* scales.h: exp() ends in two multiplications by powers of two, as one alone cannot
 * reach denormal numbers; AVX-512 has an instruction that can. */
#ifndef PF_PLUGIN_SCALES_H
#define PF_PLUGIN_SCALES_H

#include "llvm.h"

namespace pf
{

/* Before inlining: these multiplications are told from all others. */
void mark_scales(llvm::Module &module);

/* After the vectorisers: those of AVX-512 become vscalefps or vscalefpd.  Both round
 * once, so the bits are the same. */
struct ScalesPass : llvm::PassInfoMixin<ScalesPass> {
    llvm::PreservedAnalyses run(
            llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
    static bool isRequired()
    {
        return true;
    }
};

} // namespace pf

#endif
