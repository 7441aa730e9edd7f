/* SPDX-License-Identifier: Apache-2.0 */
/*
 * fission.h: cuts a work-item function into regions.
 *
 * A cut is a place where work-items wait for each other: a barrier of the source, or
 * a marker.  Start 0 is the function's entry, the others are the blocks behind the
 * cuts; region s is all code that can be reached from start s without crossing a
 * cut.  Any control flow will do: blocks that several starts reach are cloned.
 *
 * A value that lives across a cut is either computed again behind it or becomes a
 * slot: it goes through a stack variable inside the function (stored after its
 * definition, loaded before each use), so that no dominance needs repair when
 * regions are cloned.  Who makes loops of the regions carries slots from the
 * variable of one region to that of the next.
 */
#ifndef PF_PLUGIN_FISSION_H
#define PF_PLUGIN_FISSION_H

#include "uniformity.h"

namespace pf
{

struct Cut {
    BasicBlock *block;            /* of its own */
    std::array<unsigned, 2> next; /* starts: behind it; of an "any" cut, if true and
                                     if false */
    bool any;
    AllocaInst *active; /* of an "any" cut: what is combined */
};

struct Slot {
    AllocaInst *variable;
    Type *type;
    bool uniform; /* one copy is enough */
};

struct Region {
    SetVector<BasicBlock *> blocks;
    SmallVector<unsigned, 4> ends; /* cuts where it can stop */
    bool returns = false; /* the end of the function is within reach, too */
    SmallPtrSet<AllocaInst *, 16> written;

    bool has_several_ends() const
    {
        return ends.size() + returns > 1;
    }
};

class Fission
{
  public:
    /* The objects must outlive this one; the function has one return. */
    Fission(Function &function, Uniformity &uniformity, const Instructions &hoisted,
            BasicBlock *end);

    /* Changes the function: cuts get blocks, values become slots. */
    void split();

    Region region(unsigned start) const;

    /* Clones a region into a function.  The map knows arguments, hoisted values,
     * variables and the blocks at the ends.  The result is the first clone. */
    BasicBlock *clone(const Region &region, unsigned start, Function &target,
            ValueToValueMapTy &map, RemapFlags flags,
            SmallVectorImpl<BasicBlock *> &clones) const;

    /* Slots that the region writes and that are needed behind the cut. */
    SmallVector<unsigned, 8> outgoing(const Region &region, unsigned cut) const;
    /* The uniform ones of all its ends. */
    std::set<unsigned> uniform_outgoing(const Region &region) const;

    Function &function;
    Uniformity &uniformity;
    const Instructions &hoisted;
    BasicBlock *const end;
    std::vector<Cut> cuts;
    std::vector<BasicBlock *> starts;
    std::vector<Slot> slots;
    std::vector<SmallVector<unsigned, 8>> live; /* per start: slots that it needs */

  private:
    void split_blocks();
    void make_slots();
};

} // namespace pf

#endif
