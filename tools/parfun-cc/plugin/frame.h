/* SPDX-License-Identifier: Apache-2.0 */
/* frame.h: where the variables of a kernel with barriers live, and what region
 * functions get as parameters because of that. */
#ifndef PF_PLUGIN_FRAME_H
#define PF_PLUGIN_FRAME_H

#include "barriers.h"
#include "fission.h"

namespace pf
{

/* A parameter of region functions behind the fixed ones. */
struct Extra {
    Type *type;
    bool noalias;
    Value *in_group = nullptr; /* the group function passes this ... */
    bool by_value = false;     /* ... or what it points at */
};

/*
 * Slots that are uniform come in by value and go out through a pointer; the others
 * come and go through an array.  A private variable that one region uses, and uses
 * only once per group, is an ordinary variable of the region function.
 */
class Frame
{
  public:
    Frame(const Fission &fission, const LocalVariables &locals,
            const std::vector<Region> &regions, bool tracks_gone);

    /* The types of all parameters, with or without the local ids. */
    FunctionType *type(const Function &item, bool with_local_ids) const;
    /* The parameter of a region function. */
    static Argument *argument(Function &region, unsigned extra)
    {
        return region.getArg(EXTRA + extra);
    }

    std::vector<Extra> extras;
    /* Positions in extras. */
    std::vector<unsigned> slot_in, slot_out, of_shared, of_local;
    unsigned stopped_at, gone;
    /* Variables with a copy per work-item in scratch memory. */
    SmallVector<AllocaInst *, 8> shared;
    /* The region whose function has the variable. */
    DenseMap<AllocaInst *, unsigned> home;

  private:
    unsigned add(Type *type, bool noalias);
    void place_variables(
            const Fission &fission, const std::vector<Region> &regions);
};

/*
 * Can a varying branch send some work-items of a region to the end of the kernel and
 * others to a barrier?  That is undefined in OpenCL, but frequent: those who have
 * left are remembered then.
 */
bool may_leave_early(const Region &region, const Fission &fission,
        const Uniformity &uniformity, const PostDominatorTree &tree);

} // namespace pf

#endif
