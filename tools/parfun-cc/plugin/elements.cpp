/* SPDX-License-Identifier: Apache-2.0 */
/* elements.cpp: what cannot be followed counts as any element. */
#include "elements.h"

namespace pf
{
namespace
{

void keep_first(const StoreInst *&first, const StoreInst *store)
{
    if (!first
            || (store->getDebugLoc() && first->getDebugLoc()
                    && store->getDebugLoc().getLine()
                            < first->getDebugLoc().getLine()))
        first = store;
}

struct Follower {
    const PostDominatorTree tree;
    const BasicBlock &entry;
    FixedStores stores = { nullptr, false };
    bool fixed = true;

    void note(const StoreInst *store)
    {
        stores.by_all |= tree.dominates(store->getParent(), &entry);
        keep_first(stores.first, store);
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

/* A compound assignment evaluates the element's address once, for its load and store. */
bool is_loaded(const Value *address)
{
    return any_of(address->users(), [](const User *user) {
        auto *load = dyn_cast<LoadInst>(user);
        return load && !load->isAtomic();
    });
}

void find_updates(const Value *pointer, const StoreInst *&first)
{
    for (const User *user : pointer->users()) {
        auto *store = dyn_cast<StoreInst>(user);

        if (isa<GetElementPtrInst>(user))
            find_updates(user, first);
        else if (store && store->getPointerOperand() == pointer
                && !store->isAtomic() && is_loaded(pointer))
            keep_first(first, store);
    }
}

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

const StoreInst *first_plain_update(const Argument &parameter)
{
    const StoreInst *first = nullptr;

    for (const User *user : parameter.users()) {
        auto *store = dyn_cast<StoreInst>(user);

        if (store && isa<AllocaInst>(store->getPointerOperand()))
            for (const User *use : store->getPointerOperand()->users())
                if (isa<LoadInst>(use))
                    find_updates(use, first);
    }
    return first;
}

} // namespace pf
