/* SPDX-License-Identifier: Apache-2.0 */
/* loops.cpp: chooses between plain loops and chunks; the plain ones. */
#include "loops.h"

#include "borders.h"
#include "interchange.h"

namespace pf
{

/* Along a part of a row that is not empty. */
static void emit_segment(Emission &emission, const Fission &fission,
        const Region &region, const Segment &segment, BasicBlock *from,
        BasicBlock *behind)
{
    ValueToValueMapTy map;
    SmallVector<BasicBlock *, 16> clones;
    OpenLoop x = emission.open(from, segment.low, "x");

    emission.seed(map, x.counter);
    map[fission.end] = x.latch;
    BasicBlock *first = fission.clone(region, 0, emission.target, map,
            RF_IgnoreMissingLocals | RF_NoModuleLevelChanges, clones);
    emission.mark(clones);
    IRBuilder<>(x.head).CreateBr(first);
    emission.close(x, segment.high, 1, behind)
            ->setMetadata(LLVMContext::MD_loop,
                    parallel_loop(emission.access_group, { true, false }));
    for (auto [compare, holds] : segment.known)
        mapped(map, const_cast<ICmpInst *>(compare))
                ->replaceAllUsesWith(ConstantInt::get(compare->getType(), holds));
}

static void emit_segments(Emission &emission, const Fission &fission,
        const Region &region, ArrayRef<Border> borders)
{
    ValueToValueMapTy map;
    IRBuilder<> row(emission.y.head);
    BasicBlock *from = emission.y.head;

    emission.seed(map, row.getInt64(0));
    std::array<Segment, 3> segments = cut_row(
            row, borders, map, emission.bounds.low[0], emission.bounds.high[0]);
    for (const Segment &segment : segments) {
        BasicBlock *start = emission.block("segment");
        BasicBlock *next = &segment == &segments.back() ? emission.y.latch
                                                        : emission.block("next");
        IRBuilder<> builder(from);
        builder.CreateCondBr(
                builder.CreateICmpSLT(segment.low, segment.high), start, next);
        emit_segment(emission, fission, region, segment, start, next);
        from = next;
    }
}

static void emit_plain(Emission &emission, const Fission &fission,
        ArrayRef<AllocaInst *> variables)
{
    const Region region = fission.region(0);
    SmallVector<Border, 8> borders =
            find_borders(emission.item, emission.hoisted, region);

    for (AllocaInst *variable : variables)
        emission.map[variable] = emission.reused(variable);
    emission.open_rows();
    if (!borders.empty())
        emit_segments(emission, fission, region, borders);
    else
        emit_segment(emission, fission, region,
                { emission.bounds.low[0], emission.bounds.high[0], {} },
                emission.y.head, emission.y.latch);
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
