/* SPDX-License-Identifier: Apache-2.0 */
/* loops.cpp: chooses between plain loops and chunks; the plain ones. */
#include "loops.h"

#include "interchange.h"

namespace pf
{

static void emit_plain(Emission &emission, const Fission &fission,
        ArrayRef<AllocaInst *> variables)
{
    ValueToValueMapTy map;
    SmallVector<BasicBlock *, 16> clones;

    for (AllocaInst *variable : variables)
        emission.map[variable] = emission.reused(variable);
    emission.open_rows();
    OpenLoop x = emission.open(emission.y.head, emission.bounds.low[0], "x");
    emission.seed(map, x.counter);
    map[fission.end] = x.latch;
    BasicBlock *first = fission.clone(fission.region(0), 0, emission.target, map,
            RF_IgnoreMissingLocals | RF_NoModuleLevelChanges, clones);
    emission.mark(clones);
    IRBuilder<>(x.head).CreateBr(first);
    emission.close(x, emission.bounds.high[0], 1, emission.y.latch)
            ->setMetadata(LLVMContext::MD_loop,
                    parallel_loop(emission.access_group, { true, false }));
}

/* Every lane has its own copy of private variables, on the stack. */
static bool fits_chunks(const Function &item, ArrayRef<AllocaInst *> variables)
{
    constexpr uint64_t LIMIT = 32768;
    const DataLayout &layout = item.getParent()->getDataLayout();
    uint64_t bytes = 0;

    for (const AllocaInst *variable : variables)
        bytes += layout.getTypeAllocSize(variable->getAllocatedType());
    return bytes * LANES <= LIMIT;
}

void emit_loops(Function &item, Function &target, const Instructions &hoisted,
        ArrayRef<Guard> guards, const TargetTransformInfo &machine,
        const Settings &settings)
{
    SmallVector<AllocaInst *, 8> variables;
    bool chunked = false;

    for (Instruction &instruction : instructions(item))
        if (auto *variable = dyn_cast<AllocaInst>(&instruction))
            variables.push_back(variable);
    if (fits_chunks(item, variables)) {
        if (settings.mask)
            chunked |= mask_varying_loops(item, hoisted, machine, settings);
        if (settings.interchange)
            chunked |= cut_uniform_loops(item, hoisted, settings);
    }
    Uniformity uniformity(item, hoisted);
    Fission fission(item, uniformity, hoisted, unify_returns(item));
    fission.split();
    Emission emission(item, target, hoisted, chunked);
    emission.begin(guards);
    if (chunked)
        emit_chunks(emission, fission, variables);
    else
        emit_plain(emission, fission, variables);
}

} // namespace pf
