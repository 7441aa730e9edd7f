/* SPDX-License-Identifier: Apache-2.0 */
/* guards.cpp: walks down the chain of leading branches of a kernel, as long as one
 * side only returns. */
#include "guards.h"

#include "hoisting.h"

namespace pf
{
namespace
{

struct Search {
    Function &item;
    Hoisting hoisting;
    SmallVector<Guard, 4> guards;

    bool match(ICmpInst *compare, bool wanted, Guard &guard);
    void take(Value *condition, bool wanted);
    BasicBlock *step(BasicBlock *block);
};

bool Search::match(ICmpInst *compare, bool wanted, Guard &guard)
{
    Value *left = compare->getOperand(0), *right = compare->getOperand(1);
    CmpInst::Predicate predicate = compare->getPredicate();
    Id id;

    if (!left->getType()->isIntegerTy()
            || left->getType()->getIntegerBitWidth() > 64)
        return false;
    if (!match_id(item, left, id)) {
        std::swap(left, right);
        predicate = CmpInst::getSwappedPredicate(predicate);
        if (!match_id(item, left, id))
            return false;
    }
    if (!hoisting.is_known(right))
        return false;
    if (!wanted)
        predicate = CmpInst::getInversePredicate(predicate);
    guard = { id.dimension, id.global, {} };
    return match_limit(predicate, right, guard.limit);
}

/* A condition is replaced only if nobody else needs its value. */
void Search::take(Value *condition, bool wanted)
{
    SmallVector<Condition, 8> parts;

    split_condition(condition, wanted, parts);
    for (auto [value, needed] : parts) {
        auto *compare = dyn_cast<ICmpInst>(value);
        Guard guard;
        if (!compare || !compare->hasOneUse() || !match(compare, needed, guard))
            continue;
        /* It may stand behind earlier guards. */
        guard.limit.value = hoisting.at_entry(guard.limit.value);
        guards.push_back(guard);
        compare->replaceAllUsesWith(ConstantInt::get(compare->getType(), needed));
    }
}

/* PHIs are allowed: a block without effects that returns cannot use their values. */
bool leads_to_return(const BasicBlock *block)
{
    for (unsigned i = 0; i < 8; i++) {
        for (const Instruction &instruction : *block)
            if (!instruction.isTerminator() && !isa<PHINode>(instruction)
                    && !instruction.isDebugOrPseudoInst()
                    && !instruction.isLifetimeStartOrEnd())
                return false;
        if (isa<ReturnInst>(block->getTerminator()))
            return true;
        auto *branch = dyn_cast<BranchInst>(block->getTerminator());
        if (!branch || branch->isConditional())
            return false;
        block = branch->getSuccessor(0);
    }
    return false;
}

bool has_effects(const BasicBlock &block)
{
    return any_of(block, [](const Instruction &instruction) {
        return is_barrier(instruction)
                || (instruction.mayWriteToMemory()
                        && !isa<IntrinsicInst>(instruction));
    });
}

/* Takes one block's condition; the block to go on with, or nullptr. */
BasicBlock *Search::step(BasicBlock *block)
{
    auto *branch = dyn_cast<BranchInst>(block->getTerminator());
    BasicBlock *next;

    if (has_effects(*block) || !branch)
        return nullptr;
    if (!branch->isConditional()) {
        next = branch->getSuccessor(0);
    } else if (leads_to_return(branch->getSuccessor(1))) {
        next = branch->getSuccessor(0);
        take(branch->getCondition(), true);
    } else if (leads_to_return(branch->getSuccessor(0))) {
        next = branch->getSuccessor(1);
        take(branch->getCondition(), false);
    } else {
        return nullptr;
    }
    return next->getSinglePredecessor() == block ? next : nullptr;
}

} // namespace

SmallVector<Guard, 4> take_guards(Function &item, Instructions &hoisted)
{
    Search search{ item, { item, hoisted }, {} };
    BasicBlock *block = &item.getEntryBlock();

    for (unsigned i = 0; block && i < 32; i++)
        block = search.step(block);
    return search.guards;
}

Bounds bounds_of(IRBuilder<> &builder, ArrayRef<Guard> guards,
        ValueToValueMapTy &map, Function &item, const std::array<Value *, 3> &sizes)
{
    Value *zero = builder.getInt64(0);
    Bounds bounds{ { zero, zero, zero }, sizes };

    for (const Guard &guard : guards) {
        Value *limit =
                limit_in_full(builder, mapped(map, guard.limit.value), guard.limit);
        if (guard.global)
            limit = builder.CreateSub(
                    limit, mapped(map, item.getArg(FIRST_ID + guard.dimension)));
        Value *&bound = guard.limit.lower ? bounds.low[guard.dimension]
                                          : bounds.high[guard.dimension];
        bound = builder.CreateBinaryIntrinsic(
                guard.limit.lower ? Intrinsic::smax : Intrinsic::smin, bound,
                limit);
    }
    return bounds;
}

} // namespace pf
