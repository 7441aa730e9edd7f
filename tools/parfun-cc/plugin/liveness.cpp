/* SPDX-License-Identifier: Apache-2.0 */
/* liveness.cpp: the textbook's data flow over bit vectors. */
#include "liveness.h"

namespace pf
{

static bool leaves_block(const Instruction &instruction)
{
    return any_of(instruction.users(), [&instruction](const User *user) {
        return cast<Instruction>(user)->getParent() != instruction.getParent()
                || isa<PHINode>(user);
    });
}

namespace
{
struct Sets {
    BitVector used, defined, used_by_phis_behind;
};
} // namespace

static void note_uses(BasicBlock &block,
        const DenseMap<Instruction *, unsigned> &numbers,
        DenseMap<BasicBlock *, Sets> &sets)
{
    for (Instruction &instruction : block) {
        for (Use &use : instruction.operands()) {
            auto *operand = dyn_cast<Instruction>(use.get());
            auto found = operand ? numbers.find(operand) : numbers.end();
            if (found == numbers.end())
                continue;
            if (auto *phi = dyn_cast<PHINode>(&instruction))
                sets[phi->getIncomingBlock(use)].used_by_phis_behind.set(
                        found->second);
            else if (operand->getParent() != &block)
                sets[&block].used.set(found->second);
        }
        auto found = numbers.find(&instruction);
        if (found != numbers.end())
            sets[&block].defined.set(found->second);
    }
}

Liveness::Liveness(Function &function, const Instructions &hoisted)
{
    DenseMap<Instruction *, unsigned> numbers;
    DenseMap<BasicBlock *, Sets> sets;

    for (Instruction &instruction : instructions(function))
        if (!isa<AllocaInst>(instruction) && !hoisted.count(&instruction)
                && !instruction.getType()->isVoidTy()
                && leaves_block(instruction)) {
            numbers[&instruction] = unsigned(values.size());
            values.push_back(&instruction);
        }
    BitVector none(unsigned(values.size()));
    for (BasicBlock &block : function) {
        sets[&block] = { none, none, none };
        before[&block] = none;
    }
    for (BasicBlock &block : function)
        note_uses(block, numbers, sets);
    for (bool changed = true; changed;) {
        changed = false;
        for (BasicBlock &block : reverse(function)) {
            const Sets &own = sets[&block];
            BitVector needed = own.used_by_phis_behind;
            for (BasicBlock *next : successors(&block))
                needed |= before[next];
            needed.reset(own.defined);
            needed |= own.used;
            if (needed != before[&block]) {
                before[&block] = needed;
                changed = true;
            }
        }
    }
}

Instruction *place_of(const Use &use)
{
    auto *user = cast<Instruction>(use.getUser());
    auto *phi = dyn_cast<PHINode>(user);
    return phi ? phi->getIncomingBlock(use)->getTerminator() : user;
}

void unify_phis(Function &function)
{
    DenseMap<BasicBlock *, Value *> first;

    for (BasicBlock &block : function)
        for (PHINode &phi : block.phis()) {
            first.clear();
            for (unsigned i = 0; i < phi.getNumIncomingValues(); i++) {
                auto known = first.insert(
                        { phi.getIncomingBlock(i), phi.getIncomingValue(i) });
                if (!known.second)
                    phi.setIncomingValue(i, known.first->second);
            }
        }
}

namespace
{
struct Recomputation {
    Uniformity &uniformity;
    const Instructions &hoisted;
    DenseMap<Value *, int> costs{};

    int cost(Value *value, unsigned depth = 0);
    Value *copy(Value *value, Instruction *place);
    void spread(Instruction *value);
};
} // namespace

/* In instructions; -1: impossible or dearer than a load. */
int Recomputation::cost(Value *value, unsigned depth)
{
    constexpr int LIMIT = 24;
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction)
        return isa<Constant>(value) || isa<Argument>(value) ? 0 : -1;
    if (hoisted.count(instruction))
        return 0;
    if (depth > 12 || !is_pure(instruction) || instruction->getType()->isVectorTy())
        return -1;
    auto known = costs.find(value);
    if (known != costs.end())
        return known->second;
    int sum = 1;
    for (Use &use : instruction->operands()) {
        int part = cost(use.get(), depth + 1);
        if (part < 0) {
            sum = LIMIT + 1;
            break;
        }
        sum += part;
    }
    return costs[value] = sum > LIMIT ? -1 : sum;
}

Value *Recomputation::copy(Value *value, Instruction *place)
{
    auto *instruction = dyn_cast<Instruction>(value);

    if (!instruction || hoisted.count(instruction))
        return value;
    Instruction *result = instruction->clone();
    result->setName(instruction->getName());
    for (Use &use : result->operands())
        use.set(copy(use.get(), place));
    result->insertBefore(place);
    uniformity.note_copy(instruction, result);
    return result;
}

void Recomputation::spread(Instruction *value)
{
    SmallVector<Use *, 16> uses;

    for (Use &use : value->uses())
        uses.push_back(&use);
    for (Use *use : uses) {
        Instruction *place = place_of(*use);
        if (place->getParent() != value->getParent())
            use->set(copy(value, place));
    }
}

static void remove_unused(Function &function, const Instructions &hoisted)
{
    for (BasicBlock &block : function)
        for (auto at = block.rbegin(); at != block.rend();) {
            Instruction *instruction = &*at++;
            if (instruction->use_empty() && is_pure(instruction)
                    && !hoisted.count(instruction))
                instruction->eraseFromParent();
        }
}

void recompute_cheap(Function &function, Uniformity &uniformity,
        const Instructions &hoisted, ArrayRef<BasicBlock *> starts)
{
    Liveness liveness(function, hoisted);
    Recomputation recomputation{ uniformity, hoisted };
    BitVector crossing(unsigned(liveness.values.size()));

    for (BasicBlock *start : starts)
        crossing |= liveness.before[start];
    for (unsigned i : crossing.set_bits())
        if (recomputation.cost(liveness.values[i]) >= 0)
            recomputation.spread(liveness.values[i]);
    unify_phis(function);
    remove_unused(function, hoisted);
}

} // namespace pf
