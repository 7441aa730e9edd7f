/* SPDX-License-Identifier: Apache-2.0 */
/* regions.cpp: slots are loaded where a region begins and stored where it ends. */
#include "regions.h"

namespace pf
{
namespace
{

struct RegionBody {
    const BarrierKernel &kernel;
    const Fission &fission;
    const Frame &frame;
    const Region &region;
    const unsigned number;
    Function &target;
    LLVMContext &context;
    ValueToValueMapTy map;
    BasicBlock *entry, *end;
    Value *item_index = nullptr; /* in scratch arrays */
    std::set<unsigned> uniform_out;

    RegionBody(const BarrierKernel &whole, unsigned which, Function &function);
    BasicBlock *block(const Twine &name);
    void keep_debug_information();
    void map_parameters(IRBuilder<> &builder);
    void map_variables(IRBuilder<> &builder);
    void skip_gone(IRBuilder<> &builder);
    Value *slot_address(IRBuilder<> &builder, unsigned slot);
    void load_slots(IRBuilder<> &builder);
    void poison_others(IRBuilder<> &builder, ArrayRef<unsigned> stored);
    void end_at_barrier(unsigned cut);
    void end_at_return();
    void fill();
};

RegionBody::RegionBody(
        const BarrierKernel &whole, unsigned which, Function &function)
    : kernel(whole), fission(whole.fission), frame(whole.frame),
      region(whole.regions[which]), number(which), target(function),
      context(function.getContext())
{
    entry = BasicBlock::Create(context, "entry", &target);
    end = BasicBlock::Create(context, "ret", &target);
    ReturnInst::Create(context, end);
    /* Where some return while others go on, no end is everybody's. */
    if (region.has_several_ends() && !(kernel.tracks_gone && region.returns))
        uniform_out = fission.uniform_outgoing(region);
}

BasicBlock *RegionBody::block(const Twine &name)
{
    return BasicBlock::Create(context, name, &target, end);
}

/* A subprogram's description belongs to one function: the region gets a copy of its
 * own, everything else stays. */
void RegionBody::keep_debug_information()
{
    DISubprogram *old = kernel.item.getSubprogram();
    DebugInfoFinder finder;

    if (!old)
        return;
    finder.processSubprogram(old);
    for (Instruction &instruction : instructions(kernel.item))
        finder.processInstruction(*kernel.item.getParent(), instruction);
    DISubprogram *own = MDNode::replaceWithDistinct(old->clone());
    target.setSubprogram(own);
    map.MD()[old].reset(own);
    auto keep = [this](MDNode *node) {
        if (!map.MD().count(node))
            map.MD()[node].reset(node);
    };
    for (DISubprogram *node : finder.subprograms())
        keep(node);
    for (DICompileUnit *node : finder.compile_units())
        keep(node);
    for (DIType *node : finder.types())
        keep(node);
}

void RegionBody::map_parameters(IRBuilder<> &builder)
{
    std::array<Value *, 2> sizes;

    for (unsigned i = 0; i < ITEM_END; i++) {
        map[kernel.item.getArg(i)] = target.getArg(i);
        target.getArg(i)->setName(kernel.item.getArg(i)->getName());
    }
    for (unsigned i = 0; i < 2; i++)
        sizes[i] = kernel.required[0]
                ? static_cast<Value *>(builder.getInt64(kernel.required[i]))
                : target.getArg(GROUP_SIZE + i);
    copy_hoisted(builder, kernel.hoisted, map, RF_IgnoreMissingLocals);
    Value *row = builder.CreateMul(
            target.getArg(LOCAL_ID + 2), sizes[1], "", true, true);
    row = builder.CreateAdd(row, target.getArg(LOCAL_ID + 1), "", true, true);
    row = builder.CreateMul(row, sizes[0], "", true, true);
    item_index =
            builder.CreateAdd(row, target.getArg(LOCAL_ID), "item", true, true);
}

void RegionBody::map_variables(IRBuilder<> &builder)
{
    for (auto [variable, home] : frame.home) {
        if (home != number)
            continue;
        AllocaInst *own = builder.CreateAlloca(
                variable->getAllocatedType(), nullptr, variable->getName());
        own->setAlignment(variable->getAlign());
        map[variable] = own;
    }
    for (const Slot &slot : fission.slots)
        map[slot.variable] = builder.CreateAlloca(slot.type, nullptr, "slot");
    for (size_t i = 0; i < frame.shared.size(); i++)
        map[frame.shared[i]] =
                builder.CreateInBoundsGEP(padded_type(frame.shared[i]),
                        Frame::argument(target, frame.of_shared[i]), item_index);
    for (size_t i = 0; i < kernel.locals.items.size(); i++)
        map[kernel.locals.items[i].variable] =
                Frame::argument(target, frame.of_local[i]);
}

void RegionBody::skip_gone(IRBuilder<> &builder)
{
    if (!kernel.tracks_gone || number == 0)
        return;
    BasicBlock *here = block("here");
    Value *gone = builder.CreateLoad(builder.getInt8Ty(),
            byte_at(builder, Frame::argument(target, frame.gone), item_index));
    builder.CreateCondBr(builder.CreateICmpEQ(gone, builder.getInt8(0)), here, end);
    builder.SetInsertPoint(here);
}

Value *RegionBody::slot_address(IRBuilder<> &builder, unsigned slot)
{
    return builder.CreateInBoundsGEP(memory_type(fission.slots[slot].type),
            Frame::argument(target, frame.slot_in[slot]), item_index);
}

void RegionBody::load_slots(IRBuilder<> &builder)
{
    if (number == 0)
        return;
    for (unsigned slot : fission.live[number]) {
        Type *type = fission.slots[slot].type;
        Value *value = fission.slots[slot].uniform
                ? Frame::argument(target, frame.slot_in[slot])
                : from_memory(builder,
                          builder.CreateLoad(
                                  memory_type(type), slot_address(builder, slot)),
                          type);
        builder.CreateStore(value, map[fission.slots[slot].variable]);
    }
}

/* As in chunks.cpp. */
void RegionBody::poison_others(IRBuilder<> &builder, ArrayRef<unsigned> stored)
{
    for (unsigned slot : uniform_out)
        if (!is_contained(stored, slot))
            builder.CreateStore(PoisonValue::get(fission.slots[slot].type),
                    Frame::argument(target, frame.slot_out[slot]));
}

void RegionBody::end_at_barrier(unsigned cut)
{
    BasicBlock *stop = block("to.bar" + Twine(cut));
    IRBuilder<> builder(stop);
    const SmallVector<unsigned, 8> slots = fission.outgoing(region, cut);

    map[fission.cuts[cut].block] = stop;
    for (unsigned slot : slots) {
        Value *value = builder.CreateLoad(
                fission.slots[slot].type, map[fission.slots[slot].variable]);
        if (fission.slots[slot].uniform)
            builder.CreateStore(
                    value, Frame::argument(target, frame.slot_out[slot]));
        else
            builder.CreateStore(
                    to_memory(builder, value), slot_address(builder, slot));
    }
    poison_others(builder, slots);
    if (region.has_several_ends())
        builder.CreateStore(builder.getInt32(cut + 1),
                Frame::argument(target, frame.stopped_at));
    builder.CreateBr(end);
}

void RegionBody::end_at_return()
{
    BasicBlock *stop = block("to.ret");
    IRBuilder<> builder(stop);

    map[fission.end] = stop;
    if (kernel.tracks_gone) {
        if (!region.ends.empty())
            builder.CreateStore(builder.getInt8(1),
                    byte_at(builder, Frame::argument(target, frame.gone),
                            item_index));
    } else if (region.has_several_ends()) {
        builder.CreateStore(
                builder.getInt32(0), Frame::argument(target, frame.stopped_at));
    }
    poison_others(builder, {});
    builder.CreateBr(end);
}

void RegionBody::fill()
{
    IRBuilder<> builder(entry);
    SmallVector<BasicBlock *, 16> clones;

    keep_debug_information();
    map_parameters(builder);
    map_variables(builder);
    skip_gone(builder);
    load_slots(builder);
    for (unsigned cut : region.ends)
        end_at_barrier(cut);
    if (region.returns)
        end_at_return();
    builder.CreateBr(fission.clone(
            region, number, target, map, RF_IgnoreMissingLocals, clones));
}

} // namespace

RegionFunctions make_region(const BarrierKernel &kernel, unsigned number)
{
    Module &module = *kernel.item.getParent();
    LLVMContext &context = module.getContext();
    auto create = [&](bool one) {
        Function *function = Function::Create(kernel.frame.type(kernel.item, one),
                GlobalValue::InternalLinkage,
                kernel.group.getName() + (one ? ".r" : ".l") + Twine(number),
                module);
        function->setAttributes(AttributeList::get(context,
                AttributeList::FunctionIndex,
                AttrBuilder(context, kernel.group.getAttributes().getFnAttrs())));
        function->addFnAttr(Attribute::NoUnwind);
        for (unsigned i = 0; i < kernel.frame.extras.size(); i++)
            if (kernel.frame.extras[i].noalias)
                function->addParamAttr(
                        one ? EXTRA + i : without_local_ids(EXTRA + i),
                        Attribute::NoAlias);
        return function;
    };
    RegionFunctions functions{ create(true), create(false) };

    RegionBody(kernel, number, *functions.one).fill();
    return functions;
}

} // namespace pf
