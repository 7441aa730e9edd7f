/* SPDX-License-Identifier: Apache-2.0 */
/* uniformity.cpp: what varies between work-items, and what is known before them. */
#include "uniformity.h"

#include "divisions.h"

namespace pf
{

/* ---- Known before the first work-item ------------------------------------------- */

static bool operands_known(
        const Instruction &instruction, const Instructions &known)
{
    return all_of(instruction.operands(), [&known](const Use &use) {
        auto *operand = dyn_cast<Instruction>(use.get());
        if (operand)
            return known.count(operand) > 0;
        return isa<Constant>(use.get())
                || (isa<Argument>(use.get()) && !is_local_id(use.get()));
    });
}

namespace
{
struct HoistableLoads {
    Function &function;
    const Instructions &known;
    SmallPtrSet<const Value *, 16> fields; /* arguments[i], range->field */

    bool includes(const LoadInst &load)
    {
        const DataLayout &layout = function.getParent()->getDataLayout();
        APInt offset(64, 0);
        const Value *base =
                load.getPointerOperand()->stripAndAccumulateConstantOffsets(
                        layout, offset, true);

        if (!load.isSimple())
            return false;
        if (base == function.getArg(RANGE) || base == function.getArg(ARGUMENTS)) {
            fields.insert(&load);
            return true;
        }
        if (load.hasMetadata(LLVMContext::MD_invariant_load))
            return operands_known(load, known);
        return fields.count(base) > 0; /* *arguments[i] */
    }
};
} // namespace

/* Up to the first instruction that writes memory: a load after it might see it. */
Instructions find_hoistable(Function &function)
{
    Instructions known;
    HoistableLoads loads{ function, known, {} };

    for (Instruction &instruction : function.getEntryBlock()) {
        auto *load = dyn_cast<LoadInst>(&instruction);
        if (load ? loads.includes(*load)
                 : (is_pure(&instruction) || is_division(instruction))
                                && operands_known(instruction, known))
            known.insert(&instruction);
        else if (instruction.mayWriteToMemory() && !isa<IntrinsicInst>(instruction))
            break;
    }
    return known;
}

/* ---- The same in all work-items --------------------------------------------------- */

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
