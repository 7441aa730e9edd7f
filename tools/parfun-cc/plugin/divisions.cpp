/* SPDX-License-Identifier: Apache-2.0 */
/* divisions.cpp: made safe while they still look as the source wrote them. */
#include "divisions.h"

#include "hoisting.h"

namespace pf
{

void make_division_safe(BinaryOperator &division)
{
    bool is_signed = division.getOpcode() == Instruction::SDiv
            || division.getOpcode() == Instruction::SRem;
    Type *type = division.getType();
    Value *divisor = division.getOperand(1);
    auto *constant = dyn_cast<ConstantInt>(divisor);

    if (constant && !constant->isZero() && !constant->isMinusOne())
        return;
    IRBuilder<> builder(&division);
    Value *bad = builder.CreateICmpEQ(divisor, Constant::getNullValue(type));
    if (is_signed) {
        APInt smallest = APInt::getSignedMinValue(type->getScalarSizeInBits());
        bad = builder.CreateOr(bad,
                builder.CreateAnd(builder.CreateICmpEQ(
                                          divisor, Constant::getAllOnesValue(type)),
                        builder.CreateICmpEQ(division.getOperand(0),
                                ConstantInt::get(type, smallest))));
    }
    division.setOperand(
            1, builder.CreateSelect(bad, ConstantInt::get(type, 1), divisor));
}

void make_divisions_safe(Function &function)
{
    for (Instruction &instruction : instructions(function))
        if (is_division(instruction))
            make_division_safe(cast<BinaryOperator>(instruction));
}

bool is_division(const Instruction &instruction)
{
    auto *operation = dyn_cast<BinaryOperator>(&instruction);
    return operation && operation->isIntDivRem();
}

void hoist_divisions(Function &item, Instructions &hoisted)
{
    Hoisting hoisting(item, hoisted);

    for (BasicBlock &block : drop_begin(item))
        for (Instruction &instruction : make_early_inc_range(block))
            if (is_division(instruction) && !is_pure(&instruction)
                    && hoisting.is_known(&instruction)) {
                instruction.replaceAllUsesWith(hoisting.at_entry(&instruction));
                instruction.eraseFromParent();
            }
}

} // namespace pf
