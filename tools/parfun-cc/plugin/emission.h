/* SPDX-License-Identifier: Apache-2.0 */
/*
 * emission.h: what plain.cpp and chunks.cpp share: they fill a function with loops
 * over the work-items of a box.
 *
 * Accesses to memory are called parallel (independent of the same access in other
 * work-items) wherever only a data race, which is undefined, could make them
 * dependent.  Not parallel are volatile and atomic accesses, and accesses to storage
 * that the work-items of a loop share although the source calls it private, or that
 * might be.
 */
#ifndef PF_PLUGIN_EMISSION_H
#define PF_PLUGIN_EMISSION_H

#include "fission.h"
#include "guards.h"

namespace pf
{

/* A loop under construction, of one round at least. */
struct OpenLoop {
    BasicBlock *head, *latch;
    PHINode *counter;
};

class Emission
{
  public:
    /* `target` has the parameters of `item` without the local ids. */
    Emission(Function &item, Function &target, const Instructions &hoisted,
            bool chunked);

    /* Writes target's entry: hoisted values and bounds. */
    void begin(ArrayRef<Guard> guards);
    /* Ends the entry: nothing happens if the box is empty.  Opens z and y. */
    void open_rows();

    BasicBlock *block(const Twine &name);
    OpenLoop open(BasicBlock *from, Value *low, const Twine &name);
    /* `step` further, while below `high`, else to `behind`. */
    BranchInst *close(
            const OpenLoop &loop, Value *high, uint64_t step, BasicBlock *behind);

    /* A map for one clone of a region, for the work-item (x, y, z) of the loops. */
    void seed(ValueToValueMapTy &copy, Value *x);
    /* Calls the accesses in cloned blocks parallel where they are. */
    void mark(ArrayRef<BasicBlock *> blocks);
    void mark(Instruction *access);
    /* Storage in the entry that all work-items share. */
    AllocaInst *shared(Type *type, const Twine &name);
    /* A private variable that all work-items share because one follows the other. */
    AllocaInst *reused(AllocaInst *variable);
    /* One of these types per lane. */
    AllocaInst *lanes(Type *type, const Twine &name);
    /* Accesses to unknown pointers are not parallel from here on. */
    void note_private_storage();

    Function &item, &target;
    LLVMContext &context;
    const Instructions &hoisted;
    ValueToValueMapTy map;
    Bounds bounds;
    MDNode *const access_group;
    IRBuilder<> entry;
    OpenLoop z, y;

  private:
    const bool chunked;
    bool has_private_storage = false;
    BasicBlock *start, *exit;
    SmallPtrSet<const Value *, 32> shared_storage, reused_storage;
    SmallPtrSet<const Value *, 16> argument_loads;

    bool is_parallel(const Instruction &access) const;
};

struct LoopHints {
    bool keep_rolled; /* else short loops are unrolled before they can be vectorised,
                         and the rows above become vectors, with scatters */
    bool force_width; /* LLVM's cost model refuses masked loops that do pay */
};

/* For the latch of a loop whose accesses are in the group. */
MDNode *parallel_loop(MDNode *access_group, LoopHints hints);

} // namespace pf

#endif
