/* SPDX-License-Identifier: Apache-2.0 */
/* local.cpp: program-scope variables can only be constant in OpenCL C 1.2; what is
 * internal and not constant is local memory. */
#include "local.h"

namespace pf
{

static bool mentions(const Constant *constant, const GlobalVariable *variable)
{
    if (constant == variable)
        return true;
    return isa<ConstantExpr>(constant)
            && any_of(constant->operands(), [variable](const Use &use) {
                   auto *part = dyn_cast<Constant>(use.get());
                   return part && mentions(part, variable);
               });
}

/* A PHI's operand is computed where it comes from. */
static void expand(Instruction *user, unsigned position, GlobalVariable *variable)
{
    auto *expression = dyn_cast<ConstantExpr>(user->getOperand(position));
    auto *phi = dyn_cast<PHINode>(user);

    if (!expression || !mentions(expression, variable))
        return;
    Instruction *code = expression->getAsInstruction();
    code->insertBefore(
            phi ? phi->getIncomingBlock(position)->getTerminator() : user);
    if (phi)
        phi->setIncomingValueForBlock(phi->getIncomingBlock(position), code);
    else
        user->setOperand(position, code);
    for (unsigned i = 0; i < code->getNumOperands(); i++)
        expand(code, i, variable);
}

static bool is_used(const GlobalVariable &variable, const Function &item)
{
    return any_of(variable.users(), [&item](const User *user) {
        auto *instruction = dyn_cast<Instruction>(user);
        return instruction && instruction->getFunction() == &item;
    });
}

LocalVariables find_local_variables(Function &item)
{
    Module &module = *item.getParent();
    SmallVector<Instruction *, 64> users;
    LocalVariables result;

    for (GlobalVariable &variable : module.globals()) {
        if (!variable.hasLocalLinkage() || variable.isConstant())
            continue;
        users.clear();
        for (Instruction &instruction : instructions(item))
            users.push_back(&instruction);
        for (Instruction *user : users)
            for (unsigned i = 0; i < user->getNumOperands(); i++)
                expand(user, i, &variable);
        if (!is_used(variable, item))
            continue;
        result.items.push_back({ &variable, result.bytes });
        result.bytes += alignTo(
                module.getDataLayout().getTypeAllocSize(variable.getValueType()),
                SCRATCH_ALIGNMENT);
    }
    return result;
}

} // namespace pf
