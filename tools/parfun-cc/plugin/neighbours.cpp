/* SPDX-License-Identifier: Apache-2.0 */
/* neighbours.cpp: what cannot be followed is no neighbour. */
#include "neighbours.h"

namespace pf
{
namespace
{

bool is_item(const CallInst &call)
{
    const auto *dimension = call.arg_size() == 1
            ? dyn_cast<ConstantInt>(call.getArgOperand(0))
            : nullptr;

    return is_call_to(call, "pf_global_id") && dimension && dimension->isZero();
}

/* What a variable has that is given one value, and whose address nobody has. */
const Value *only_value(const Value *place)
{
    const Value *only = nullptr;

    for (const User *user : place->users()) {
        auto *store = dyn_cast<StoreInst>(user);

        if (store && store->getPointerOperand() == place && !only)
            only = store->getValueOperand();
        else if (store || (!isa<LoadInst>(user) && !isa<IntrinsicInst>(user)))
            return nullptr;
    }
    return only;
}

const AllocaInst *variable_of(const Value *value)
{
    auto *load = dyn_cast<LoadInst>(value);

    return load ? dyn_cast<AllocaInst>(load->getPointerOperand()) : nullptr;
}

/* `other` plus or minus a constant? */
bool is_sum(const Value *value, const Value *&other, uint64_t &added)
{
    auto *sum = dyn_cast<BinaryOperator>(value);
    const bool adds = sum && sum->getOpcode() == Instruction::Add;

    if (!adds && (!sum || sum->getOpcode() != Instruction::Sub))
        return false;
    for (unsigned i : { 1u, 0u }) {
        auto *constant = dyn_cast<ConstantInt>(sum->getOperand(i));

        if (!constant || (i == 0 && !adds))
            continue;
        other = sum->getOperand(1 - i);
        added = uint64_t(constant->getSExtValue());
        added = adds ? added : -added;
        return true;
    }
    return false;
}

/* Is it the index of the work-item, and how much more than that? */
bool follow(const Value *index, uint64_t &distance)
{
    enum { STEPS = 32 }; /* a variable may be given itself */

    for (unsigned step = 0; index && step < STEPS; step++) {
        const Value *other = nullptr;
        uint64_t added = 0;

        if (auto *call = dyn_cast<CallInst>(index))
            return is_item(*call);
        if (const AllocaInst *place = variable_of(index)) {
            index = only_value(place);
        } else if (isa<SExtInst>(index) || isa<ZExtInst>(index)
                || isa<TruncInst>(index)) {
            index = cast<CastInst>(index)->getOperand(0);
        } else if (is_sum(index, other, added)) {
            distance += added;
            index = other;
        } else {
            return false;
        }
    }
    return false;
}

bool is_neighbour(const GetElementPtrInst &element)
{
    uint64_t distance = 0;

    return element.getNumIndices() == 1
            && follow(element.idx_begin()->get(), distance) && distance != 0;
}

} // namespace

const GetElementPtrInst *first_neighbour(const Argument &parameter)
{
    for (const Instruction &instruction : instructions(*parameter.getParent())) {
        auto *element = dyn_cast<GetElementPtrInst>(&instruction);
        const AllocaInst *place =
                element ? variable_of(element->getPointerOperand()) : nullptr;

        if (place && only_value(place) == &parameter && is_neighbour(*element))
            return element;
    }
    return nullptr;
}

} // namespace pf
