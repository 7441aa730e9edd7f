/* SPDX-License-Identifier: Apache-2.0 */
/* unrolling.h: which loops are unrolled, and when. */
#ifndef PF_PLUGIN_UNROLLING_H
#define PF_PLUGIN_UNROLLING_H

#include "llvm.h"

namespace pf
{

/* Asks LLVM to unroll short loops that walk along private arrays: then the elements
 * become registers, and the loops around can be interchanged.  LLVM's own limit, by
 * the length of the code, makes 16 elements twenty times as slow as 8. */
struct PrivateArraysPass : llvm::PassInfoMixin<PrivateArraysPass> {
    llvm::PreservedAnalyses run(
            llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
    static bool isRequired()
    {
        return true;
    }
};

/* Loops over work-items are kept from unrolling until LLVM's vectorisers have seen
 * them (see LoopHints), and not longer: unrolled, their vectors overlap in time, and
 * what lanes keep on the stack moves into registers.  Runs just before the
 * vectorisers, for native functions only. */
struct UnrollingPass : llvm::PassInfoMixin<UnrollingPass> {
    llvm::PreservedAnalyses run(
            llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
    static bool isRequired()
    {
        return true;
    }
};

} // namespace pf

#endif
