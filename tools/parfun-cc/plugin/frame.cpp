/* SPDX-License-Identifier: Apache-2.0 */
/* frame.cpp: who needs which variable. */
#include "frame.h"

namespace pf
{

/* Users of a variable, through address arithmetic.  False: its address goes
 * elsewhere. */
static bool find_users(Value *pointer, SmallPtrSetImpl<Instruction *> &users)
{
    for (User *user : pointer->users()) {
        auto *instruction = cast<Instruction>(user);
        auto *store = dyn_cast<StoreInst>(user);
        if (instruction->isLifetimeStartOrEnd())
            continue;
        if (isa<GetElementPtrInst>(user) || isa<BitCastInst>(user)
                || isa<AddrSpaceCastInst>(user)) {
            if (!find_users(instruction, users))
                return false;
        } else if (!isa<LoadInst>(user) && !isa<MemIntrinsic>(user)
                && !(store && store->getValueOperand() != pointer)) {
            return false;
        }
        users.insert(instruction);
    }
    return true;
}

static bool comes_back(
        unsigned region, const Fission &fission, const std::vector<Region> &regions)
{
    SmallVector<unsigned, 8> work{ region };
    std::set<unsigned> seen;

    while (!work.empty())
        for (unsigned cut : regions[work.pop_back_val()].ends) {
            unsigned next = fission.cuts[cut].next[0];
            if (next == region)
                return true;
            if (seen.insert(next).second)
                work.push_back(next);
        }
    return false;
}

/* The only region that uses the variable; false if there are several. */
static bool find_home(
        AllocaInst *variable, const std::vector<Region> &regions, unsigned &home)
{
    SmallPtrSet<Instruction *, 16> users;
    unsigned count = 0;

    home = 0;
    if (!find_users(variable, users))
        return false;
    for (unsigned i = 0; i < regions.size(); i++)
        if (any_of(users, [&](const Instruction *user) {
                return regions[i].blocks.count(
                               const_cast<BasicBlock *>(user->getParent()))
                        > 0;
            })) {
            home = i;
            count++;
        }
    return count <= 1;
}

void Frame::place_variables(
        const Fission &fission, const std::vector<Region> &regions)
{
    SmallPtrSet<const AllocaInst *, 16> slots;

    for (const Slot &slot : fission.slots)
        slots.insert(slot.variable);
    for (Instruction &instruction : instructions(fission.function)) {
        auto *variable = dyn_cast<AllocaInst>(&instruction);
        unsigned region;
        if (!variable || slots.count(variable))
            continue;
        if (find_home(variable, regions, region)
                && !comes_back(region, fission, regions))
            home[variable] = region;
        else
            shared.push_back(variable);
    }
}

unsigned Frame::add(Type *type, bool noalias)
{
    extras.push_back({ type, noalias });
    return unsigned(extras.size()) - 1;
}

Frame::Frame(const Fission &fission, const LocalVariables &locals,
        const std::vector<Region> &regions, bool tracks_gone)
{
    Type *pointer = fission.function.getArg(RANGE)->getType();
    /* A pointer that was stored before a barrier and is loaded behind it is not based
     * on the parameter, whatever it points at. */
    bool pointers_return = false;

    place_variables(fission, regions);
    for (const Slot &slot : fission.slots) {
        pointers_return |= slot.type->isPtrOrPtrVectorTy();
        if (slot.uniform) {
            slot_in.push_back(add(slot.type, false));
            extras.back().by_value = true;
            slot_out.push_back(add(pointer, true));
        } else {
            slot_in.push_back(add(pointer, true));
            slot_out.push_back(slot_in.back());
        }
    }
    for (size_t i = 0; i < shared.size(); i++)
        of_shared.push_back(add(pointer, !pointers_return));
    for (size_t i = 0; i < locals.items.size(); i++)
        of_local.push_back(add(pointer, !pointers_return));
    stopped_at = add(pointer, true);
    gone = tracks_gone ? add(pointer, true) : 0;
}

FunctionType *Frame::type(const Function &item, bool with_local_ids) const
{
    LLVMContext &context = item.getContext();
    SmallVector<Type *, 32> types;

    for (unsigned i = 0; i < EXTRA; i++)
        if (with_local_ids || !is_local_id(i))
            types.push_back(i < ITEM_END ? item.getArg(i)->getType()
                                         : Type::getInt64Ty(context));
    for (const Extra &extra : extras)
        types.push_back(extra.type);
    return FunctionType::get(Type::getVoidTy(context), types, false);
}

/* ---- Leaving before a barrier ------------------------------------------------------ */

using Blocks = SmallPtrSet<BasicBlock *, 32>;

/* Blocks of the region from which one of these can be reached. */
static Blocks blocks_before(
        const Region &region, function_ref<bool(BasicBlock *)> is_goal)
{
    Blocks result;

    for (bool changed = true; changed;) {
        changed = false;
        for (BasicBlock *block : region.blocks)
            if (!result.count(block)
                    && any_of(successors(block), [&](BasicBlock *next) {
                           return is_goal(next) || result.count(next);
                       })) {
                result.insert(block);
                changed = true;
            }
    }
    return result;
}

/* Is an end reached from the branch before its ways join again? */
static bool ends_before_join(BasicBlock *branching, const Region &region,
        const PostDominatorTree &tree, function_ref<bool(BasicBlock *)> is_end)
{
    SmallVector<BasicBlock *, 16> work(successors(branching));
    Blocks seen;
    auto *node = tree.getNode(branching);
    BasicBlock *join =
            node && node->getIDom() ? node->getIDom()->getBlock() : nullptr;

    while (!work.empty()) {
        BasicBlock *block = work.pop_back_val();
        if (block == join || !seen.insert(block).second)
            continue;
        if (is_end(block))
            return true;
        if (region.blocks.count(block))
            append_range(work, successors(block));
    }
    return false;
}

bool may_leave_early(const Region &region, const Fission &fission,
        const Uniformity &uniformity, const PostDominatorTree &tree)
{
    Blocks barriers;

    if (!region.returns || region.ends.empty())
        return false;
    for (unsigned cut : region.ends)
        barriers.insert(fission.cuts[cut].block);
    auto is_barrier = [&](BasicBlock *block) { return barriers.count(block) > 0; };
    auto is_return = [&](BasicBlock *block) { return block == fission.end; };
    const Blocks to_barrier = blocks_before(region, is_barrier);
    const Blocks to_return = blocks_before(region, is_return);
    return any_of(region.blocks, [&](BasicBlock *block) {
        return to_barrier.count(block) && to_return.count(block)
                && uniformity.branch_varies(block->getTerminator())
                && ends_before_join(block, region, tree, [&](BasicBlock *other) {
                       return is_barrier(other) || is_return(other);
                   });
    });
}

} // namespace pf
