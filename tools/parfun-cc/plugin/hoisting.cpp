/* SPDX-License-Identifier: Apache-2.0 */
/* hoisting.cpp: loads of arguments, and pure instructions on them. */
#include "hoisting.h"

#include "divisions.h"

namespace pf
{

/* Not pure, as copies of a frozen value may differ; these, one per region, do not: the
 * arguments are set, and the rest is what the machine makes of one operation. */
static bool can_be_hoisted(const Instruction &instruction)
{
    return is_pure(&instruction) || is_division(instruction)
            || isa<FreezeInst>(instruction);
}

static bool is_argument(const Value *value)
{
    return isa<Constant>(value) || (isa<Argument>(value) && !is_local_id(value));
}

static bool operands_known(
        const Instruction &instruction, const Instructions &known)
{
    return all_of(instruction.operands(), [&known](const Use &use) {
        auto *operand = dyn_cast<Instruction>(use.get());
        if (operand)
            return known.count(operand) > 0;
        return is_argument(use.get());
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
                 : can_be_hoisted(instruction)
                                && operands_known(instruction, known))
            known.insert(&instruction);
        else if (instruction.mayWriteToMemory() && !isa<IntrinsicInst>(instruction))
            break;
    }
    return known;
}

bool Hoisting::is_known(const Value *value, unsigned depth) const
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction)
        return is_argument(value);
    if (hoisted.count(const_cast<Instruction *>(instruction)))
        return true;
    return depth <= 8 && can_be_hoisted(*instruction)
            && all_of(instruction->operands(),
                    [&](const Use &use) { return is_known(use.get(), depth + 1); });
}

void Hoisting::note(Instruction &instruction)
{
    hoisted.insert(&instruction);
    copies[&instruction] = &instruction;
}

/* LLVM has left out what makes a division safe where a condition of the source does. */
Instruction *Hoisting::insert(Instruction *instruction)
{
    BasicBlock &entry = item.getEntryBlock();
    Instruction *last = entry.getTerminator()->getPrevNode();

    instruction->insertBefore(entry.getTerminator());
    if (is_division(*instruction))
        make_division_safe(cast<BinaryOperator>(*instruction));
    for (BasicBlock::iterator i = last ? std::next(last->getIterator())
                                       : entry.begin();
            &*i != entry.getTerminator(); ++i)
        note(*i);
    return instruction;
}

/* What stands in the entry block is copied, too: LLVM may have put it there for a
 * condition that leaves it unused where it is poison. */
Value *Hoisting::at_entry(Value *value)
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction || isa<LoadInst>(instruction))
        return value;
    if (Value *copy = copies.lookup(instruction))
        return copy;
    Instruction *copy = instruction->clone();
    copy->dropPoisonGeneratingFlags();
    for (Use &use : copy->operands())
        use.set(at_entry(use.get()));
    insert(copy);
    if (canCreatePoison(cast<Operator>(copy)))
        copy = insert(new FreezeInst(copy));
    copies[instruction] = copy;
    return copy;
}

} // namespace pf
