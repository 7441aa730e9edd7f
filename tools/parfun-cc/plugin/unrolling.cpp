/* SPDX-License-Identifier: Apache-2.0 */
/* unrolling.cpp: hints in the metadata of loops. */
#include "unrolling.h"

#include "ir.h"

#include "llvm/Analysis/ScalarEvolution.h"

namespace pf
{

static void set_hints(Loop &loop, ArrayRef<Metadata *> hints)
{
    LLVMContext &context = loop.getHeader()->getContext();
    SmallVector<Metadata *, 8> operands{ nullptr };

    append_range(operands, hints);
    MDNode *id = MDNode::getDistinct(context, operands);
    id->replaceOperandWith(0, id);
    loop.setLoopID(id);
}

static SmallVector<Metadata *, 8> hints_of(const Loop &loop)
{
    SmallVector<Metadata *, 8> hints;

    if (MDNode *id = loop.getLoopID())
        for (const MDOperand &hint : drop_begin(id->operands()))
            hints.push_back(hint);
    return hints;
}

static bool is_called(const Metadata *hint, StringRef beginning)
{
    auto *node = dyn_cast_or_null<MDNode>(hint);
    auto *text = node && node->getNumOperands() > 0
            ? dyn_cast<MDString>(node->getOperand(0))
            : nullptr;

    return text && starts_with(text->getString(), beginning);
}

/* ---- Loops along private arrays -------------------------------------------------- */

/* Of an array that fits into registers, if anything does. */
static bool is_small(const AllocaInst *variable)
{
    constexpr uint64_t LIMIT = 256;
    const DataLayout &layout = variable->getModule()->getDataLayout();

    return variable->getAllocatedType()->isArrayTy()
            && layout.getTypeAllocSize(variable->getAllocatedType()) <= LIMIT;
}

static bool walks_along_array(const Loop &loop)
{
    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block) {
            const Value *pointer = getLoadStorePointerOperand(&instruction);
            auto *variable = pointer
                    ? dyn_cast<AllocaInst>(getUnderlyingObject(pointer, 32))
                    : nullptr;
            if (variable && is_small(variable) && !loop.isLoopInvariant(pointer))
                return true;
        }
    return false;
}

/* Marks the loop, and those inside, where the code stays short enough; returns how
 * many instructions they become. */
static uint64_t mark_short_loops(Loop &loop, ScalarEvolution &evolution)
{
    constexpr uint64_t LIMIT = 2000;
    const uint64_t rounds = evolution.getSmallConstantTripCount(&loop);
    uint64_t length = 0;

    for (const BasicBlock *block : loop.blocks())
        length += block->size();
    for (Loop *inner : loop) {
        for (const BasicBlock *block : inner->blocks())
            length -= block->size();
        length += mark_short_loops(*inner, evolution);
    }
    SmallVector<Metadata *, 8> hints = hints_of(loop);
    if (rounds == 0 || length > LIMIT / rounds || !walks_along_array(loop)
            || any_of(hints, [](const Metadata *hint) {
                   return is_called(hint, "llvm.loop.unroll.");
               }))
        return length;
    LLVMContext &context = loop.getHeader()->getContext();
    hints.push_back(
            MDNode::get(context, MDString::get(context, "llvm.loop.unroll.full")));
    set_hints(loop, hints);
    return length * rounds;
}

PreservedAnalyses PrivateArraysPass::run(
        Function &function, FunctionAnalysisManager &analyses)
{
    auto &evolution = analyses.getResult<ScalarEvolutionAnalysis>(function);

    for (Loop *loop : analyses.getResult<LoopAnalysis>(function))
        mark_short_loops(*loop, evolution);
    return PreservedAnalyses::all();
}

/* ---- Loops over work-items ------------------------------------------------------- */

/* LLVM takes a loop that must not be unrolled for one that must not be interleaved,
 * either.  The user's loops with that hint are not parallel. */
static void allow_unrolling(Loop &loop)
{
    SmallVector<Metadata *, 8> hints = hints_of(loop);

    if (none_of(hints, [](const Metadata *hint) {
            return is_called(hint, "llvm.loop.parallel_accesses");
        }))
        return;
    erase_if(hints, [](const Metadata *hint) {
        return is_called(hint, "llvm.loop.unroll.disable");
    });
    set_hints(loop, hints);
}

PreservedAnalyses UnrollingPass::run(
        Function &function, FunctionAnalysisManager &analyses)
{
    if (is_native(function))
        for (Loop *loop :
                analyses.getResult<LoopAnalysis>(function).getLoopsInPreorder())
            allow_unrolling(*loop);
    return PreservedAnalyses::all();
}

} // namespace pf
