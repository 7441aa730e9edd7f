/* SPDX-License-Identifier: Apache-2.0 */
/* guards.cpp: walks down the chain of leading branches of a kernel, as long as one
 * side only returns. */
#include "guards.h"

namespace pf
{
namespace
{

/* A value and what it must be for the work-item to go on. */
using Condition = std::pair<Value *, bool>;

struct Id {
    unsigned dimension;
    bool global;
};

struct Search {
    Function &item;
    Instructions &hoisted;
    SmallVector<Guard, 4> guards;

    bool match_id(Value *value, Id &id);
    bool is_known(Value *value, unsigned depth = 0);
    Value *at_entry(Value *value);
    bool match(ICmpInst *compare, bool wanted, Guard &guard);
    void take(Value *condition, bool wanted);
    BasicBlock *step(BasicBlock *block);
};

/* An id, through any 32/64-bit conversion. */
bool Search::match_id(Value *value, Id &id)
{
    for (;;) {
        if (auto *shorter = dyn_cast<TruncInst>(value)) {
            if (!shorter->getType()->isIntegerTy(32))
                return false;
            value = shorter->getOperand(0);
        } else if (isa<ZExtInst>(value) || isa<SExtInst>(value)
                || isa<FreezeInst>(value)) {
            value = cast<Instruction>(value)->getOperand(0);
        } else {
            break;
        }
    }
    auto *sum = dyn_cast<BinaryOperator>(value);
    for (unsigned i = 0; i < 3; i++) {
        Value *local = item.getArg(LOCAL_ID + i),
              *first = item.getArg(FIRST_ID + i);
        id = { i, value != local };
        if (value == local)
            return true;
        if (!sum || sum->getOpcode() != Instruction::Add)
            continue;
        if ((sum->getOperand(0) == local && sum->getOperand(1) == first)
                || (sum->getOperand(1) == local && sum->getOperand(0) == first))
            return true;
    }
    return false;
}

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

/* Wanted: the condition holds if all parts hold.  Not wanted: it does not hold if no
 * part holds. */
void split(Value *condition, bool wanted, SmallVectorImpl<Condition> &parts)
{
    auto *operation = dyn_cast<BinaryOperator>(condition);

    if (operation
            && operation->getOpcode()
                    == (wanted ? Instruction::And : Instruction::Or)) {
        split(operation->getOperand(0), wanted, parts);
        split(operation->getOperand(1), wanted, parts);
        return;
    }
    if (auto *select = dyn_cast<SelectInst>(condition)) {
        Value *taken = wanted ? select->getTrueValue() : select->getFalseValue();
        Value *other = wanted ? select->getFalseValue() : select->getTrueValue();
        auto *constant = dyn_cast<ConstantInt>(other);
        if (constant && constant->isOne() != wanted) {
            split(select->getCondition(), wanted, parts);
            split(taken, wanted, parts);
            return;
        }
    }
    if (operation && operation->getOpcode() == Instruction::Xor)
        if (auto *constant = dyn_cast<ConstantInt>(operation->getOperand(1));
                constant && constant->isOne()) {
            split(operation->getOperand(0), !wanted, parts);
            return;
        }
    parts.push_back({ condition, wanted });
}

bool match_predicate(CmpInst::Predicate predicate, Guard &guard)
{
    auto *constant = dyn_cast<ConstantInt>(guard.limit);

    guard.is_signed = CmpInst::isSigned(predicate);
    switch (predicate) {
    case CmpInst::ICMP_ULT:
    case CmpInst::ICMP_SLT:
        return true;
    case CmpInst::ICMP_ULE:
    case CmpInst::ICMP_SLE:
        guard.add = 1;
        return true;
    case CmpInst::ICMP_UGT:
    case CmpInst::ICMP_SGT:
        guard.lower = true;
        guard.add = 1;
        return true;
    case CmpInst::ICMP_UGE:
    case CmpInst::ICMP_SGE:
        guard.lower = true;
        return true;
    case CmpInst::ICMP_NE:
        guard.lower = true;
        guard.add = 1;
        return constant && constant->isZero();
    default:
        return false;
    }
}

bool Search::match(ICmpInst *compare, bool wanted, Guard &guard)
{
    Value *left = compare->getOperand(0), *right = compare->getOperand(1);
    CmpInst::Predicate predicate = compare->getPredicate();
    Id id;

    if (!left->getType()->isIntegerTy()
            || left->getType()->getIntegerBitWidth() > 64)
        return false;
    if (!match_id(left, id)) {
        std::swap(left, right);
        predicate = CmpInst::getSwappedPredicate(predicate);
        if (!match_id(left, id))
            return false;
    }
    if (!is_known(right))
        return false;
    if (!wanted)
        predicate = CmpInst::getInversePredicate(predicate);
    guard = { id.dimension, false, right, false, 0, id.global };
    return match_predicate(predicate, guard);
}

/* A condition is replaced only if nobody else needs its value. */
void Search::take(Value *condition, bool wanted)
{
    SmallVector<Condition, 8> parts;

    split(condition, wanted, parts);
    for (auto [value, needed] : parts) {
        auto *compare = dyn_cast<ICmpInst>(value);
        Guard guard;
        if (!compare || !compare->hasOneUse() || !match(compare, needed, guard))
            continue;
        guard.limit = at_entry(guard.limit);
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

/* Clamped first: a limit such as n - 1 with n == 0 must neither wrap nor change its
 * sign. */
static Value *clamped(IRBuilder<> &builder, Value *limit, bool is_signed)
{
    constexpr uint64_t BIG = uint64_t(1) << 62;
    Type *type = builder.getInt64Ty();

    if (!is_signed)
        return builder.CreateBinaryIntrinsic(Intrinsic::umin,
                builder.CreateZExt(limit, type), builder.getInt64(BIG));
    limit = builder.CreateBinaryIntrinsic(Intrinsic::smin,
            builder.CreateSExt(limit, type), builder.getInt64(BIG));
    return builder.CreateBinaryIntrinsic(
            Intrinsic::smax, limit, builder.getInt64(-BIG));
}

Bounds bounds_of(IRBuilder<> &builder, ArrayRef<Guard> guards,
        ValueToValueMapTy &map, Function &item, const std::array<Value *, 3> &sizes)
{
    Value *zero = builder.getInt64(0);
    Bounds bounds{ { zero, zero, zero }, sizes };

    for (const Guard &guard : guards) {
        Value *limit = clamped(builder, mapped(map, guard.limit), guard.is_signed);
        if (guard.add)
            limit = builder.CreateAdd(limit, builder.getInt64(guard.add));
        if (guard.global)
            limit = builder.CreateSub(
                    limit, mapped(map, item.getArg(FIRST_ID + guard.dimension)));
        Value *&bound = guard.lower ? bounds.low[guard.dimension]
                                    : bounds.high[guard.dimension];
        bound = builder.CreateBinaryIntrinsic(
                guard.lower ? Intrinsic::smax : Intrinsic::smin, bound, limit);
    }
    return bounds;
}

} // namespace pf
