/* SPDX-License-Identifier: Apache-2.0 */
/* guards.cpp: walks down the chain of leading branches of a kernel, as long as one
 * side only returns. */
#include "guards.h"

namespace pf
{
namespace
{

struct Search {
    Function &item;
    Instructions &hoisted;
    SmallVector<Guard, 4> guards;

    bool is_known(Value *value, unsigned depth = 0);
    Value *at_entry(Value *value);
    bool match(ICmpInst *compare, bool wanted, Guard &guard);
    void take(Value *condition, bool wanted);
    BasicBlock *step(BasicBlock *block);
};

/* Before the first work-item starts? */
bool Search::is_known(Value *value, unsigned depth)
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction)
        return isa<Constant>(value)
                || (isa<Argument>(value) && !is_local_id(value));
    if (hoisted.count(instruction))
        return true;
    return depth <= 8 && is_pure(instruction)
            && all_of(instruction->operands(),
                    [&](Use &use) { return is_known(use.get(), depth + 1); });
}

/* A limit may be computed after earlier guards; its expression moves up. */
Value *Search::at_entry(Value *value)
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction || hoisted.count(instruction))
        return value;
    Instruction *copy = instruction->clone();
    for (Use &use : copy->operands())
        use.set(at_entry(use.get()));
    copy->insertBefore(item.getEntryBlock().getTerminator());
    hoisted.insert(copy);
    return copy;
}

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
    if (!is_known(right))
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
        guard.limit.value = at_entry(guard.limit.value);
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
    Search search{ item, hoisted, {} };
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
