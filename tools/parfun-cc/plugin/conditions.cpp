/* SPDX-License-Identifier: Apache-2.0 */
/* conditions.cpp: conjunctions may be operations or, to keep poison out, selects. */
#include "conditions.h"

namespace pf
{

void split_condition(
        Value *condition, bool wanted, SmallVectorImpl<Condition> &parts)
{
    auto *operation = dyn_cast<BinaryOperator>(condition);

    if (operation
            && operation->getOpcode()
                    == (wanted ? Instruction::And : Instruction::Or)) {
        split_condition(operation->getOperand(0), wanted, parts);
        split_condition(operation->getOperand(1), wanted, parts);
        return;
    }
    if (auto *select = dyn_cast<SelectInst>(condition)) {
        Value *taken = wanted ? select->getTrueValue() : select->getFalseValue();
        Value *other = wanted ? select->getFalseValue() : select->getTrueValue();
        auto *constant = dyn_cast<ConstantInt>(other);
        if (constant && constant->isOne() != wanted) {
            split_condition(select->getCondition(), wanted, parts);
            split_condition(taken, wanted, parts);
            return;
        }
    }
    if (operation && operation->getOpcode() == Instruction::Xor)
        if (auto *constant = dyn_cast<ConstantInt>(operation->getOperand(1));
                constant && constant->isOne()) {
            split_condition(operation->getOperand(0), !wanted, parts);
            return;
        }
    parts.push_back({ condition, wanted });
}

bool match_id(Function &item, Value *value, Id &id)
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

bool match_limit(CmpInst::Predicate predicate, Value *value, Limit &limit)
{
    auto *constant = dyn_cast<ConstantInt>(value);

    limit = { value, false, CmpInst::isSigned(predicate), 0 };
    switch (predicate) {
    case CmpInst::ICMP_ULT:
    case CmpInst::ICMP_SLT:
        return true;
    case CmpInst::ICMP_ULE:
    case CmpInst::ICMP_SLE:
        limit.add = 1;
        return true;
    case CmpInst::ICMP_UGT:
    case CmpInst::ICMP_SGT:
        limit.lower = true;
        limit.add = 1;
        return true;
    case CmpInst::ICMP_UGE:
    case CmpInst::ICMP_SGE:
        limit.lower = true;
        return true;
    case CmpInst::ICMP_NE:
        limit.lower = true;
        limit.add = 1;
        return constant && constant->isZero();
    default:
        return false;
    }
}

Value *limit_in_full(IRBuilder<> &builder, Value *value, const Limit &limit)
{
    constexpr uint64_t BIG = uint64_t(1) << 62;
    Type *type = builder.getInt64Ty();

    if (!limit.is_signed) {
        value = builder.CreateBinaryIntrinsic(Intrinsic::umin,
                builder.CreateZExt(value, type), builder.getInt64(BIG));
    } else {
        value = builder.CreateBinaryIntrinsic(Intrinsic::smin,
                builder.CreateSExt(value, type), builder.getInt64(BIG));
        value = builder.CreateBinaryIntrinsic(
                Intrinsic::smax, value, builder.getInt64(-BIG));
    }
    return limit.add ? builder.CreateAdd(value, builder.getInt64(limit.add))
                     : value;
}

} // namespace pf
