/* SPDX-License-Identifier: Apache-2.0 */
/*
 * loops.h: runs a work-item function without barriers for every work-item of a box,
 * in loops that LLVM can vectorise.
 *
 *   plain    for z for y for x { body }
 *   chunks   for z for y for x by LANES { regions }, if a loop inside was cut: each
 *            region is an innermost loop over the lanes of a chunk, so that the loop
 *            inside the kernel stands outside the vector loop.  Values across cuts
 *            live in arrays of LANES that SROA turns into vector registers.
 */
#ifndef PF_PLUGIN_LOOPS_H
#define PF_PLUGIN_LOOPS_H

#include "emission.h"
#include "settings.h"

namespace pf
{

/*
 * Fills `target`, whose parameters are those of `item` without the local ids.  `item`
 * (a work-item or region function) is changed, and useless afterwards.  A work-item
 * function gets its bounds from the guards, a region function has them.
 */
void emit_loops(Function &item, Function &target, const Instructions &hoisted,
        ArrayRef<Guard> guards, const TargetTransformInfo &machine,
        const Settings &settings);

/* In chunks.cpp: the loops in chunks; begin() has been called. */
void emit_chunks(Emission &emission, const Fission &fission,
        ArrayRef<AllocaInst *> variables);

} // namespace pf

#endif
