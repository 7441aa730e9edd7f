/* SPDX-License-Identifier: Apache-2.0 */
/* liveness.h: which values are needed where, and which can be computed again. */
#ifndef PF_PLUGIN_LIVENESS_H
#define PF_PLUGIN_LIVENESS_H

#include "uniformity.h"

namespace pf
{

/* Values that leave the block of their definition; variables and hoisted
 * instructions, which are known everywhere, are left out. */
struct Liveness {
    std::vector<Instruction *> values;
    DenseMap<BasicBlock *, BitVector> before; /* per block, indices of values */

    Liveness(Function &function, const Instructions &hoisted);
};

/* A PHI uses its operand at the end of the block it comes from. */
Instruction *place_of(const Use &use);

/* A PHI may name one block several times (switch): its entries stay identical. */
void unify_phis(Function &function);

/* Cheap expressions of ids and arguments that live into a start are computed again
 * in every block that uses them: each saves an array over all work-items. */
void recompute_cheap(Function &function, Uniformity &uniformity,
        const Instructions &hoisted, ArrayRef<BasicBlock *> starts);

} // namespace pf

#endif
