/* SPDX-License-Identifier: Apache-2.0 */
/* elements.cpp: what cannot be followed counts as any element. */
#include "elements.h"

namespace pf
{
namespace
{

struct Follower {
    const PostDominatorTree tree;
    const BasicBlock &entry;
    FixedStores stores = { nullptr, false };
    bool fixed = true;

    void note(const StoreInst *store)
    {
        const StoreInst *&first = stores.first;

        stores.by_all |= tree.dominates(store->getParent(), &entry);
        if (!first
                || (store->getDebugLoc() && first->getDebugLoc()
                        && store->getDebugLoc().getLine()
                                < first->getDebugLoc().getLine()))
            first = store;
    }

    void address(const Value *pointer)
    {
        for (const User *user : pointer->users()) {
            auto *store = dyn_cast<StoreInst>(user);
            auto *element = dyn_cast<GetElementPtrInst>(user);

            if (store && store->getValueOperand() != pointer)
                note(store);
            else if (element && element->hasAllConstantIndices())
                address(element);
            else if (!isa<LoadInst>(user))
                fixed = false;
        }
    }

    /* Clang gives each parameter a variable. */
    void variable(const AllocaInst *place)
    {
        for (const User *user : place->users()) {
            auto *store = dyn_cast<StoreInst>(user);

            if (auto *load = dyn_cast<LoadInst>(user))
                address(load);
            else if (!store || !isa<Argument>(store->getValueOperand()))
                fixed = false;
        }
    }
};

} // namespace

FixedStores fixed_stores(const Argument &parameter)
{
    auto &kernel = const_cast<Function &>(*parameter.getParent());
    Follower follower{ PostDominatorTree(kernel), kernel.getEntryBlock() };

    for (const User *user : parameter.users()) {
        auto *store = dyn_cast<StoreInst>(user);
        auto *place =
                store ? dyn_cast<AllocaInst>(store->getPointerOperand()) : nullptr;

        if (!place)
            return { nullptr, false };
        follower.variable(place);
    }
    return follower.fixed ? follower.stores : FixedStores{ nullptr, false };
}

} // namespace pf
