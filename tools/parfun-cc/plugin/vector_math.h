/* SPDX-License-Identifier: Apache-2.0 */
/* vector_math.h: tells LLVM's vectorisers about glibc's vector functions.  Its own
 * table (-fveclib=libmvec) knows five functions, and no 512-bit variants. */
#ifndef PF_PLUGIN_VECTOR_MATH_H
#define PF_PLUGIN_VECTOR_MATH_H

#include "llvm.h"

namespace pf
{

/* Runs just before the vectorisers, for native functions only, and only for machines
 * whose C library has libmvec.  Not clang's -fveclib=libmvec: LLVM then takes AVX2
 * functions for SSE code. */
struct VectorMathPass : llvm::PassInfoMixin<VectorMathPass> {
    llvm::PreservedAnalyses run(
            llvm::Function &function, llvm::FunctionAnalysisManager &analyses);
    static bool isRequired()
    {
        return true;
    }
};

} // namespace pf

#endif
