/* SPDX-License-Identifier: Apache-2.0 */
/* uniformity.h: which values are the same in every work-item of a group. */
#ifndef PF_PLUGIN_UNIFORMITY_H
#define PF_PLUGIN_UNIFORMITY_H

#include "ir.h"

namespace pf
{

/*
 * Forward data flow from local ids, memory and private variables.  A branch on a
 * varying condition makes every PHI up to its post-dominator vary: that covers
 * values that leave a loop at different times, too, since the PHIs of a loop in
 * closed SSA form stand in its exit blocks.
 */
class Uniformity
{
  public:
    /* Both must outlive the object; changes to the function need a new one. */
    Uniformity(Function &function, const Instructions &hoisted);

    bool varies(const Value *value) const
    {
        return varying.count(value);
    }
    /* Perhaps not reached by every work-item. */
    bool in_varying_flow(const BasicBlock *block) const
    {
        return varying_blocks.count(block);
    }
    /* What decides where a block goes. */
    bool branch_varies(const Instruction *terminator) const;
    /* A copy of a value is as uniform as the value. */
    void note_copy(const Value *value, const Value *copy);

  private:
    Function &function;
    const Instructions &hoisted;
    SmallPtrSet<const Value *, 32> varying;
    SmallPtrSet<const BasicBlock *, 32> varying_blocks;
    SmallPtrSet<const Instruction *, 16> seen_branches;
    SmallVector<const Value *, 64> work;

    bool is_source(const Instruction &instruction) const;
    void mark(const Value *value);
    void spread(const Value *value, const PostDominatorTree &tree);
    void spread_branch(const Instruction *branch, const PostDominatorTree &tree);
};

} // namespace pf

#endif
