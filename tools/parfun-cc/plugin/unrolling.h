/* SPDX-License-Identifier: Apache-2.0 */
/* unrolling.h: loops over work-items are kept from unrolling until LLVM's vectorisers
 * have seen them (see LoopHints), and not longer: unrolled, their vectors overlap in
 * time, and what lanes keep on the stack moves into registers. */
#ifndef PF_PLUGIN_UNROLLING_H
#define PF_PLUGIN_UNROLLING_H

#include "llvm.h"

namespace pf
{

/* Runs just before the vectorisers, for native functions only. */
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
