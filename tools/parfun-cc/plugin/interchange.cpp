/* SPDX-License-Identifier: Apache-2.0 */
/* interchange.cpp: loops with a uniform number of rounds. */
#include "interchange.h"

#include "lanes.h"

namespace pf
{

static bool has_cuts(const Loop &loop)
{
    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block)
            if (is_any(instruction) || is_cut(instruction)
                    || is_barrier(instruction))
                return true;
    return false;
}

static bool pays(const Loop &loop, const Uniformity &uniformity)
{
    return loop.getLoopPreheader() && loop.getLoopLatch()
            && loop.getUniqueExitBlock() && !has_cuts(loop)
            && loop.hasDedicatedExits() && has_uniform_exits(loop, uniformity)
            && is_reached_by_all(loop, uniformity)
            && (allows_vectors(loop) || gains_locality(loop, uniformity));
}

static void cut(Loop &loop, FunctionCallee marker)
{
    BasicBlock *before = loop.getLoopPreheader(), *latch = loop.getLoopLatch();
    BasicBlock *header = loop.getHeader(), *behind = loop.getUniqueExitBlock();
    BasicBlock *back = BasicBlock::Create(
            header->getContext(), "pf.back", header->getParent(), header);
    IRBuilder<> builder(back);

    IRBuilder<>(before->getTerminator()).CreateCall(marker);
    builder.CreateCall(marker);
    builder.CreateBr(header);
    latch->getTerminator()->replaceSuccessorWith(header, back);
    for (PHINode &phi : header->phis())
        phi.replaceIncomingBlockWith(latch, back);
    IRBuilder<>(&*behind->getFirstInsertionPt()).CreateCall(marker);
}

bool cut_uniform_loops(
        Function &function, const Instructions &hoisted, const Settings &settings)
{
    Uniformity uniformity(function, hoisted);
    DominatorTree dominators(function);
    LoopInfo loops(dominators);
    FunctionCallee marker = cut_marker(*function.getParent());
    bool any = false;

    for (Loop *loop : loops.getLoopsInPreorder()) {
        if (!loop->isInnermost() || !pays(*loop, uniformity))
            continue;
        if (settings.verbose)
            errs() << function.getName() << ": loop "
                   << loop->getHeader()->getName() << " is uniform: interchanged\n";
        cut(*loop, marker);
        any = true;
    }
    return any;
}

} // namespace pf
