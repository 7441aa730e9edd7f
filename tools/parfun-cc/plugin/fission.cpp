/* SPDX-License-Identifier: Apache-2.0 */
/* fission.cpp: regions are defined by reachability, not by structure, so that loops,
 * switch and irreducible flow need no care. */
#include "fission.h"

#include "liveness.h"

namespace pf
{

Fission::Fission(Function &whole, Uniformity &what_varies,
        const Instructions &before, BasicBlock *last)
    : function(whole), uniformity(what_varies), hoisted(before), end(last)
{
}

void Fission::split()
{
    split_blocks();
    if (cuts.empty())
        return;
    recompute_cheap(function, uniformity, hoisted, ArrayRef(starts).drop_front());
    make_slots();
}

void Fission::split_blocks()
{
    SmallVector<Instruction *, 8> places;

    for (Instruction &instruction : instructions(function))
        if (is_barrier(instruction) || is_cut(instruction) || is_any(instruction))
            places.push_back(&instruction);
    starts.push_back(&function.getEntryBlock());
    for (Instruction *place : places) {
        BasicBlock *block = place->getParent()->splitBasicBlock(place, "pf.bar");
        unsigned next = unsigned(starts.size());
        Cut cut{ block, { next, next }, is_any(*place), nullptr };
        if (cut.any) { /* mask made it: %x = any(active); br %x, both private */
            auto *branch = cast<BranchInst>(block->getTerminator());
            cut.active = cast<AllocaInst>(cast<CallInst>(place)->getArgOperand(0));
            cut.next[1] = next + 1;
            starts.push_back(branch->getSuccessor(0));
            starts.push_back(branch->getSuccessor(1));
        } else {
            starts.push_back(
                    block->splitBasicBlock(place->getNextNode(), "pf.after"));
            place->eraseFromParent();
        }
        cuts.push_back(cut);
    }
}

static void route_through(AllocaInst *variable, Instruction *value)
{
    SmallVector<Use *, 16> uses;

    for (Use &use : value->uses())
        uses.push_back(&use);
    for (Use *use : uses)
        use->set(new LoadInst(
                value->getType(), variable, value->getName(), place_of(*use)));
    new StoreInst(value, variable,
            isa<PHINode>(value) ? &*value->getParent()->getFirstInsertionPt()
                                : value->getNextNode());
}

void Fission::make_slots()
{
    Liveness liveness(function, hoisted);
    DenseMap<Instruction *, unsigned> numbers;
    std::vector<Instruction *> values;
    Instruction *top = &*function.getEntryBlock().getFirstInsertionPt();

    live.assign(starts.size(), {});
    for (size_t start = 1; start < starts.size(); start++)
        for (unsigned i : liveness.before[starts[start]].set_bits()) {
            Instruction *value = liveness.values[i];
            auto known = numbers.insert({ value, unsigned(slots.size()) });
            if (known.second) {
                values.push_back(value);
                slots.push_back({ nullptr, value->getType(),
                        !uniformity.varies(value)
                                && !uniformity.in_varying_flow(
                                        value->getParent()) });
            }
            live[start].push_back(known.first->second);
        }
    for (size_t i = 0; i < slots.size(); i++) {
        slots[i].variable =
                new AllocaInst(slots[i].type, 0, nullptr, "pf.slot", top);
        route_through(slots[i].variable, values[i]);
    }
    unify_phis(function);
}

Region Fission::region(unsigned start) const
{
    Region region;
    SmallVector<BasicBlock *, 16> work{ starts[start] };
    DenseMap<BasicBlock *, unsigned> cut_of;
    std::set<unsigned> ends;

    for (unsigned i = 0; i < cuts.size(); i++)
        cut_of[cuts[i].block] = i;
    while (!work.empty()) {
        BasicBlock *block = work.pop_back_val();
        auto cut = cut_of.find(block);
        if (cut != cut_of.end())
            ends.insert(cut->second);
        else if (block == end)
            region.returns = true;
        else if (region.blocks.insert(block))
            append_range(work, successors(block));
    }
    region.ends.assign(ends.begin(), ends.end());
    for (BasicBlock *block : region.blocks)
        for (Instruction &instruction : *block)
            if (auto *store = dyn_cast<StoreInst>(&instruction))
                if (auto *variable =
                                dyn_cast<AllocaInst>(store->getPointerOperand()))
                    region.written.insert(variable);
    return region;
}

static void drop_incoming(PHINode &phi, const Region &region)
{
    for (unsigned i = phi.getNumIncomingValues(); i-- > 0;)
        if (!region.blocks.count(phi.getIncomingBlock(i)))
            phi.removeIncomingValue(i, false);
}

BasicBlock *Fission::clone(const Region &region, unsigned start, Function &target,
        ValueToValueMapTy &map, RemapFlags flags,
        SmallVectorImpl<BasicBlock *> &clones) const
{
    for (BasicBlock *block : region.blocks) {
        clones.push_back(
                BasicBlock::Create(target.getContext(), block->getName(), &target));
        map[block] = clones.back();
    }
    for (BasicBlock *block : region.blocks) {
        IRBuilder<> builder(cast<BasicBlock>(map[block]));
        for (Instruction &instruction : *block) {
            if (hoisted.count(&instruction) || isa<AllocaInst>(instruction)
                    || isa<DbgInfoIntrinsic>(instruction)
                    || instruction.isLifetimeStartOrEnd())
                continue;
            Instruction *copy = instruction.clone();
            builder.Insert(copy, instruction.getName());
            map[&instruction] = copy;
        }
    }
    for (BasicBlock *block : clones)
        for (Instruction &instruction : *block) {
            if (auto *phi = dyn_cast<PHINode>(&instruction))
                drop_incoming(*phi, region);
            RemapInstruction(&instruction, map, flags);
        }
    return cast<BasicBlock>(map[starts[start]]);
}

SmallVector<unsigned, 8> Fission::outgoing(const Region &region, unsigned cut) const
{
    SmallSetVector<unsigned, 8> result;

    for (unsigned next : cuts[cut].next)
        for (unsigned slot : live[next])
            if (region.written.count(slots[slot].variable))
                result.insert(slot);
    return SmallVector<unsigned, 8>(result.begin(), result.end());
}

std::set<unsigned> Fission::uniform_outgoing(const Region &region) const
{
    std::set<unsigned> result;

    for (unsigned cut : region.ends)
        for (unsigned slot : outgoing(region, cut))
            if (slots[slot].uniform)
                result.insert(slot);
    return result;
}

} // namespace pf
