/* SPDX-License-Identifier: Apache-2.0 */
/* unrolling.cpp: LLVM takes a loop that must not be unrolled for one that must not be
 * interleaved either. */
#include "unrolling.h"

#include "ir.h"

namespace pf
{

static bool is_called(const Metadata *hint, StringRef name)
{
    auto *node = dyn_cast_or_null<MDNode>(hint);
    auto *text = node && node->getNumOperands() > 0
            ? dyn_cast<MDString>(node->getOperand(0))
            : nullptr;

    return text && text->getString() == name;
}

/* Loops of the user's with the same hint are not parallel. */
static void allow_unrolling(Loop &loop)
{
    MDNode *id = loop.getLoopID();
    SmallVector<Metadata *, 8> kept{ nullptr };
    bool parallel = false;

    if (!id)
        return;
    for (const MDOperand &hint : drop_begin(id->operands())) {
        parallel |= is_called(hint, "llvm.loop.parallel_accesses");
        if (!is_called(hint, "llvm.loop.unroll.disable"))
            kept.push_back(hint);
    }
    if (!parallel || kept.size() == id->getNumOperands())
        return;
    MDNode *other = MDNode::getDistinct(id->getContext(), kept);
    other->replaceOperandWith(0, other);
    loop.setLoopID(other);
}

PreservedAnalyses UnrollingPass::run(
        Function &function, FunctionAnalysisManager &analyses)
{
    if (starts_with(function.getName(), PF_NATIVE_PREFIX)
            || starts_with(function.getName(), PF_GROUP_PREFIX))
        for (Loop *loop : analyses.getResult<LoopAnalysis>(function)
                                  .getLoopsInPreorder())
            allow_unrolling(*loop);
    return PreservedAnalyses::all();
}

} // namespace pf
