/* SPDX-License-Identifier: Apache-2.0 */
/* group.cpp: the group function of a kernel with barriers: storage, then the state
 * machine of regions. */
#include "regions.h"

namespace pf
{
namespace
{

struct GroupBody {
    const BarrierKernel &kernel;
    Function &item, &group;
    Frame &frame;
    LLVMContext &context;
    ValueToValueMapTy map;
    IRBuilder<> entry;
    BasicBlock *exit;
    std::array<Value *, 3> sizes;
    Bounds bounds;
    Value *items = nullptr;  /* of the group */
    Value *memory = nullptr; /* scratch */
    Value *offset = nullptr; /* of the next array in it */
    Scratch scratch;
    std::vector<BasicBlock *> states;

    explicit GroupBody(const BarrierKernel &split);
    void begin(ArrayRef<Guard> guards);
    Value *add_array(uint64_t bytes);
    void make_storage();
    SmallVector<Value *, 32> arguments(IRBuilder<> &builder);
    void state(unsigned number, Function *many);
};

GroupBody::GroupBody(const BarrierKernel &split)
    : kernel(split), item(split.item), group(split.group), frame(split.frame),
      context(group.getContext()),
      entry(BasicBlock::Create(context, "entry", &group)),
      exit(BasicBlock::Create(context, "exit", &group))
{
    ReturnInst::Create(context, exit);
    for (size_t i = 0; i < kernel.regions.size(); i++)
        states.push_back(BasicBlock::Create(context, "region" + Twine(i), &group));
}

void GroupBody::begin(ArrayRef<Guard> guards)
{
    for (unsigned i = 0; i < ITEM_END; i++)
        if (!is_local_id(i)) {
            Argument *own = group.getArg(without_local_ids(i));
            own->setName(item.getArg(i)->getName());
            map[item.getArg(i)] = own;
        }
    for (unsigned i = 0; i < 3; i++) {
        Value *&size = sizes[i];
        size = map[item.getArg(GROUP_SIZE + i)];
        if (kernel.required[0])
            map[item.getArg(GROUP_SIZE + i)] = size =
                    entry.getInt64(kernel.required[i]);
    }
    copy_hoisted(entry, kernel.hoisted, map,
            RF_IgnoreMissingLocals | RF_NoModuleLevelChanges);
    bounds = bounds_of(entry, guards, map, item, sizes);
    items = entry.CreateMul(entry.CreateMul(sizes[0], sizes[1], "", true, true),
            sizes[2], "items", true, true);
    memory = entry.CreateLoad(item.getArg(RANGE)->getType(),
            byte_at(entry, map[item.getArg(RANGE)], entry.getInt64(field::SCRATCH)),
            "scratch");
}

/* Of one element per work-item. */
Value *GroupBody::add_array(uint64_t bytes)
{
    Value *array = byte_at(entry, memory, offset, "array");
    Value *end = entry.CreateAdd(offset,
            entry.CreateMul(items, entry.getInt64(bytes), "", true, true), "", true,
            true);

    end = entry.CreateAdd(
            end, entry.getInt64(SCRATCH_ALIGNMENT - 1), "", true, true);
    offset = entry.CreateAnd(end, entry.getInt64(~(SCRATCH_ALIGNMENT - 1)));
    scratch.per_item += bytes;
    scratch.fixed += SCRATCH_ALIGNMENT;
    return array;
}

void GroupBody::make_storage()
{
    const DataLayout &layout = group.getParent()->getDataLayout();
    const std::vector<Slot> &slots = kernel.fission.slots;

    scratch.fixed = kernel.locals.bytes;
    offset = entry.getInt64(kernel.locals.bytes);
    for (size_t i = 0; i < kernel.locals.items.size(); i++)
        frame.extras[frame.of_local[i]].in_group = byte_at(entry, memory,
                entry.getInt64(kernel.locals.items[i].offset),
                kernel.locals.items[i].variable->getName());
    for (size_t i = 0; i < slots.size(); i++) {
        Extra &in = frame.extras[frame.slot_in[i]];
        if (!slots[i].uniform) {
            in.in_group =
                    add_array(layout.getTypeAllocSize(memory_type(slots[i].type)));
            continue;
        }
        in.in_group = entry.CreateAlloca(slots[i].type, nullptr, "uniform.in");
        frame.extras[frame.slot_out[i]].in_group =
                entry.CreateAlloca(slots[i].type, nullptr, "uniform.out");
    }
    for (size_t i = 0; i < frame.shared.size(); i++)
        frame.extras[frame.of_shared[i]].in_group =
                add_array(layout.getTypeAllocSize(padded_type(frame.shared[i])));
    frame.extras[frame.stopped_at].in_group =
            entry.CreateAlloca(entry.getInt32Ty(), nullptr, "stopped.at");
    if (kernel.tracks_gone) {
        Value *array = frame.extras[frame.gone].in_group = add_array(1);
        entry.CreateMemSet(
                array, entry.getInt8(0), items, MaybeAlign(SCRATCH_ALIGNMENT));
    }
    entry.CreateBr(states[0]);
}

SmallVector<Value *, 32> GroupBody::arguments(IRBuilder<> &builder)
{
    SmallVector<Value *, 32> values;

    for (unsigned i = 0; i < ITEM_END; i++)
        if (!is_local_id(i))
            values.push_back(map[item.getArg(i)]);
    append_range(values, bounds.low);
    append_range(values, bounds.high);
    for (const Extra &extra : frame.extras)
        values.push_back(extra.by_value
                        ? builder.CreateLoad(extra.type, extra.in_group)
                        : extra.in_group);
    return values;
}

/* Runs a region for all, then goes where its work-items have stopped. */
void GroupBody::state(unsigned number, Function *many)
{
    const Region &region = kernel.regions[number];
    const Fission &fission = kernel.fission;
    Value *stopped_at = frame.extras[frame.stopped_at].in_group;
    IRBuilder<> builder(states[number]);

    if (DISubprogram *place = group.getSubprogram())
        builder.SetCurrentDebugLocation(DILocation::get(context, 0, 0, place));
    /* All may be gone. */
    if (kernel.tracks_gone && region.has_several_ends())
        builder.CreateStore(builder.getInt32(0), stopped_at);
    builder.CreateCall(many, arguments(builder));
    for (unsigned slot : fission.uniform_outgoing(region))
        builder.CreateStore(builder.CreateLoad(fission.slots[slot].type,
                                    frame.extras[frame.slot_out[slot]].in_group),
                frame.extras[frame.slot_in[slot]].in_group);
    if (region.ends.empty()) {
        builder.CreateBr(exit);
    } else if (!region.has_several_ends()) {
        builder.CreateBr(states[fission.cuts[region.ends[0]].next[0]]);
    } else {
        SwitchInst *choice = builder.CreateSwitch(
                builder.CreateLoad(builder.getInt32Ty(), stopped_at), exit,
                unsigned(region.ends.size()));
        for (unsigned cut : region.ends)
            choice->addCase(
                    builder.getInt32(cut + 1), states[fission.cuts[cut].next[0]]);
    }
}

} // namespace

Scratch split_at_barriers(Function &item, Function &group,
        const Instructions &hoisted, ArrayRef<Guard> guards,
        const LocalVariables &locals, const RequiredSize &required,
        SmallVectorImpl<RegionFunctions> &functions)
{
    Uniformity uniformity(item, hoisted);
    Fission fission(item, uniformity, hoisted, unify_returns(item));
    std::vector<Region> regions;
    bool tracks_gone = false;

    fission.split();
    PostDominatorTree tree(item);
    for (unsigned i = 0; i < fission.starts.size(); i++) {
        regions.push_back(fission.region(i));
        tracks_gone |= may_leave_early(regions.back(), fission, uniformity, tree);
    }
    Frame frame(fission, locals, regions, tracks_gone);
    BarrierKernel kernel{ item, group, hoisted, fission, regions, frame, locals,
        required, tracks_gone };
    GroupBody body(kernel);
    group.setSubprogram(item.getSubprogram());
    body.begin(guards);
    body.make_storage();
    for (unsigned i = 0; i < regions.size(); i++) {
        functions.push_back(make_region(kernel, i));
        body.state(i, functions.back().many);
    }
    return body.scratch;
}

} // namespace pf
