/* SPDX-License-Identifier: Apache-2.0 */
/* divisions.cpp: made safe while they still look as the source wrote them. */
#include "divisions.h"

namespace pf
{

void make_divisions_safe(Function &function)
{
    for (Instruction &instruction : instructions(function)) {
        auto *division = dyn_cast<BinaryOperator>(&instruction);
        if (!division || !division->isIntDivRem())
            continue;
        bool is_signed = division->getOpcode() == Instruction::SDiv
                || division->getOpcode() == Instruction::SRem;
        Type *type = division->getType();
        Value *divisor = division->getOperand(1);
        auto *constant = dyn_cast<ConstantInt>(divisor);
        if (constant && !constant->isZero() && !constant->isMinusOne())
            continue;
        IRBuilder<> builder(division);
        Value *bad = builder.CreateICmpEQ(divisor, Constant::getNullValue(type));
        if (is_signed) {
            APInt smallest = APInt::getSignedMinValue(type->getScalarSizeInBits());
            bad = builder.CreateOr(bad,
                    builder.CreateAnd(builder.CreateICmpEQ(divisor,
                                              Constant::getAllOnesValue(type)),
                            builder.CreateICmpEQ(division->getOperand(0),
                                    ConstantInt::get(type, smallest))));
        }
        division->setOperand(
                1, builder.CreateSelect(bad, ConstantInt::get(type, 1), divisor));
    }
}

namespace
{
struct Hoisting {
    Function &item;
    Instructions &hoisted;

    bool is_known(Value *value, unsigned depth = 0) const
    {
        auto *instruction = dyn_cast<Instruction>(value);

        if (!instruction)
            return isa<Constant>(value)
                    || (isa<Argument>(value) && !is_local_id(value));
        if (hoisted.count(instruction))
            return true;
        return depth <= 8 && (is_pure(instruction) || is_division(*instruction))
                && all_of(instruction->operands(),
                        [&](Use &use) { return is_known(use.get(), depth + 1); });
    }

    /* Where the source does not compute it, it may be anything, but must be something:
     * a divisor is compared with 0 first. */
    Value *at_entry(Value *value)
    {
        auto *instruction = dyn_cast<Instruction>(value);

        if (!instruction || hoisted.count(instruction))
            return value;
        Instruction *copy = instruction->clone();
        copy->dropPoisonGeneratingFlags();
        for (Use &use : copy->operands())
            use.set(at_entry(use.get()));
        copy->insertBefore(item.getEntryBlock().getTerminator());
        hoisted.insert(copy);
        if (!canCreatePoison(cast<Operator>(copy)))
            return copy;
        IRBuilder<> builder(item.getEntryBlock().getTerminator());
        auto *frozen = cast<Instruction>(builder.CreateFreeze(copy));
        hoisted.insert(frozen);
        return frozen;
    }
};
} // namespace

bool is_division(const Instruction &instruction)
{
    auto *operation = dyn_cast<BinaryOperator>(&instruction);
    return operation && operation->isIntDivRem();
}

void hoist_divisions(Function &item, Instructions &hoisted)
{
    Hoisting hoisting{ item, hoisted };

    for (BasicBlock &block : drop_begin(item))
        for (Instruction &instruction : make_early_inc_range(block))
            if (is_division(instruction) && !is_pure(&instruction)
                    && hoisting.is_known(&instruction)) {
                instruction.replaceAllUsesWith(hoisting.at_entry(&instruction));
                instruction.eraseFromParent();
            }
}

} // namespace pf
