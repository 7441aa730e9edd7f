/* SPDX-License-Identifier: Apache-2.0 */
/* uniformity.cpp: from where values begin to vary to all that they reach. */
#include "uniformity.h"

namespace pf
{

Uniformity::Uniformity(Function &whole, const Instructions &before)
    : function(whole), hoisted(before)
{
    PostDominatorTree tree(function);

    for (unsigned i = 0; i < 3; i++)
        mark(function.getArg(LOCAL_ID + i));
    for (Instruction &instruction : instructions(function))
        if (is_source(instruction))
            mark(&instruction);
    while (!work.empty())
        spread(work.pop_back_val(), tree);
}

bool Uniformity::is_source(const Instruction &instruction) const
{
    if (isa<AllocaInst>(instruction))
        return true;
    if (auto *load = dyn_cast<LoadInst>(&instruction))
        return !hoisted.count(const_cast<LoadInst *>(load))
                && !load->hasMetadata(LLVMContext::MD_invariant_load);
    return instruction.mayReadOrWriteMemory() && !instruction.getType()->isVoidTy()
            && !is_any(instruction);
}

void Uniformity::mark(const Value *value)
{
    if (varying.insert(value).second)
        work.push_back(value);
}

void Uniformity::note_copy(const Value *value, const Value *copy)
{
    if (varying.count(value))
        varying.insert(copy);
}

bool Uniformity::branch_varies(const Instruction *terminator) const
{
    if (terminator->getNumSuccessors() < 2)
        return false;
    auto *branch = dyn_cast<BranchInst>(terminator);
    return varies(branch ? branch->getCondition() : terminator->getOperand(0));
}

void Uniformity::spread(const Value *value, const PostDominatorTree &tree)
{
    for (const User *user : value->users()) {
        auto *instruction = dyn_cast<Instruction>(user);
        if (!instruction || is_any(*instruction))
            continue;
        if (instruction->isTerminator())
            spread_branch(instruction, tree);
        else if (!instruction->getType()->isVoidTy())
            mark(instruction);
    }
}

void Uniformity::spread_branch(
        const Instruction *branch, const PostDominatorTree &tree)
{
    SmallVector<const BasicBlock *, 16> blocks(successors(branch));
    SmallPtrSet<const BasicBlock *, 16> seen;

    if (branch->getNumSuccessors() < 2 || !seen_branches.insert(branch).second)
        return;
    auto *node = tree.getNode(branch->getParent());
    const BasicBlock *join =
            node && node->getIDom() ? node->getIDom()->getBlock() : nullptr;
    while (!blocks.empty()) {
        const BasicBlock *block = blocks.pop_back_val();
        if (!seen.insert(block).second)
            continue;
        for (const PHINode &phi : block->phis())
            mark(&phi);
        if (block == join)
            continue;
        varying_blocks.insert(block);
        append_range(blocks, successors(block));
    }
}

} // namespace pf
