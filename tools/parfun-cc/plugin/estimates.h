/* SPDX-License-Identifier: Apache-2.0 */
/* estimates.h: rsqrt() from the processor's estimate, where that has enough bits.
 * OpenCL C 1.2 allows 2 ulp (table 7.4); a division and a square root as the user has
 * written them stay what they are. */
#ifndef PF_PLUGIN_ESTIMATES_H
#define PF_PLUGIN_ESTIMATES_H

#include "llvm.h"

namespace pf
{

/* Before inlining: the divisions of rsqrt() are told from all others. */
void mark_estimates(llvm::Module &module);

/* After the vectorisers: those of AVX-512 become vrsqrt14ps and a step of Newton's. */
struct EstimatesPass : llvm::PassInfoMixin<EstimatesPass> {
    llvm::PreservedAnalyses run(
            llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
    static bool isRequired()
    {
        return true;
    }
};

} // namespace pf

#endif
