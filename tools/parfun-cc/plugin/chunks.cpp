/* SPDX-License-Identifier: Apache-2.0 */
/* chunks.cpp: loops over the lanes of chunks, one per region. */
#include "loops.h"

namespace pf
{
namespace
{

/* Where a slot lives between regions: one value per lane, or one to come from and one
 * to go to. */
struct SlotPlace {
    AllocaInst *lanes, *in, *out;
};

/* One of two copies of the code: whole chunks have a constant number of rounds. */
struct Version {
    bool whole;
    PHINode *chunk; /* the first lane's local id */
    Value *count;
    BasicBlock *latch;
    std::vector<BasicBlock *> heads; /* per region */
};

struct Chunks {
    Emission &emission;
    const Fission &fission;
    std::vector<SlotPlace> places = {};
    std::vector<AllocaInst *> any = {};           /* per cut */
    DenseMap<AllocaInst *, AllocaInst *> lanes{}; /* of private variables */
    AllocaInst *stopped_at = nullptr;             /* 1 + cut, or 0: returned */

    void make_storage(ArrayRef<AllocaInst *> variables);
    void run();
    void version(BasicBlock *head, const OpenLoop &chunk, bool whole);
};

/* One region of one version. */
struct LaneLoop {
    Chunks &chunks;
    const Version &version;
    const Region region;
    const unsigned start;
    Emission &emission;
    const Fission &fission;
    OpenLoop loop;
    ValueToValueMapTy map;
    std::set<unsigned> uniform_out;

    LaneLoop(Chunks &all, const Version &which, unsigned first);
    Value *slot_address(IRBuilder<> &builder, unsigned slot);
    LoadInst *marked_load(IRBuilder<> &builder, Type *type, Value *pointer);
    bool prepare(IRBuilder<> &before);
    void load_slots(IRBuilder<> &lane, const DenseMap<unsigned, Value *> &uniform);
    void poison_others(IRBuilder<> &builder, ArrayRef<unsigned> stored);
    void end_at_cut(unsigned cut);
    void end_at_return();
    void run();
    void go_on(BasicBlock *done);
    void go_behind(IRBuilder<> &builder, unsigned cut);
};

void Chunks::make_storage(ArrayRef<AllocaInst *> variables)
{
    for (const Slot &slot : fission.slots) {
        SlotPlace place{ nullptr, nullptr, nullptr };
        emission.map[slot.variable] = emission.shared(slot.type, "slot");
        if (slot.uniform) {
            place.in = emission.shared(slot.type, "uniform.in");
            place.out = emission.shared(slot.type, "uniform.out");
        } else {
            place.lanes = emission.lanes(memory_type(slot.type), "lanes");
        }
        places.push_back(place);
    }
    for (AllocaInst *variable : variables)
        lanes[variable] =
                emission.lanes(padded_type(variable), variable->getName());
    for (const Cut &cut : fission.cuts) {
        any.push_back(nullptr);
        if (!cut.any)
            continue;
        lanes[cut.active] =
                emission.lanes(cut.active->getAllocatedType(), "active");
        any.back() = emission.shared(emission.entry.getInt1Ty(), "any");
    }
    stopped_at = emission.shared(emission.entry.getInt32Ty(), "stopped.at");
}

void Chunks::run()
{
    emission.open_rows();
    OpenLoop chunk =
            emission.open(emission.y.head, emission.bounds.low[0], "chunk");
    emission.close(chunk, emission.bounds.high[0], LANES, emission.y.latch);
    BasicBlock *whole = emission.block("whole"), *part = emission.block("part");
    IRBuilder<> builder(chunk.head);
    Value *last = builder.CreateAdd(
            chunk.counter, builder.getInt64(LANES), "", true, true);
    builder.CreateCondBr(
            builder.CreateICmpULE(last, emission.bounds.high[0]), whole, part);
    version(whole, chunk, true);
    version(part, chunk, false);
}

void Chunks::version(BasicBlock *head, const OpenLoop &chunk, bool whole)
{
    IRBuilder<> builder(head);
    Value *count = whole
            ? builder.getInt64(LANES)
            : builder.CreateSub(emission.bounds.high[0], chunk.counter, "rest");
    Version version{ whole, chunk.counter, count, chunk.latch, {} };

    for (unsigned start = 0; start < fission.starts.size(); start++)
        version.heads.push_back(emission.block("region" + Twine(start)));
    builder.CreateBr(version.heads[0]);
    for (unsigned start = 0; start < fission.starts.size(); start++)
        LaneLoop(*this, version, start).run();
}

LaneLoop::LaneLoop(Chunks &all, const Version &which, unsigned first)
    : chunks(all), version(which), region(all.fission.region(first)), start(first),
      emission(all.emission), fission(all.fission)
{
    if (region.has_several_ends())
        uniform_out = fission.uniform_outgoing(region);
}

Value *LaneLoop::slot_address(IRBuilder<> &builder, unsigned slot)
{
    return builder.CreateInBoundsGEP(memory_type(fission.slots[slot].type),
            chunks.places[slot].lanes, loop.counter);
}

LoadInst *LaneLoop::marked_load(IRBuilder<> &builder, Type *type, Value *pointer)
{
    LoadInst *load = builder.CreateLoad(type, pointer);
    emission.mark(load);
    return load;
}

/* Before the lanes: no lane is known to be active.  True: some lanes may not be. */
bool LaneLoop::prepare(IRBuilder<> &before)
{
    bool masked = false;

    for (unsigned cut : region.ends)
        if (fission.cuts[cut].any) {
            before.CreateStore(before.getFalse(), chunks.any[cut]);
            masked = true;
        }
    return masked;
}

void LaneLoop::load_slots(
        IRBuilder<> &lane, const DenseMap<unsigned, Value *> &uniform)
{
    if (start == 0)
        return;
    for (unsigned slot : fission.live[start]) {
        Type *type = fission.slots[slot].type;
        Value *value = uniform.lookup(slot);
        if (!value)
            value = from_memory(lane,
                    marked_load(lane, memory_type(type), slot_address(lane, slot)),
                    type);
        lane.CreateStore(value, map[fission.slots[slot].variable]);
    }
}

/* A uniform value that is needed behind one end only would look carried from lane to
 * lane, which keeps LLVM from vectorising. */
void LaneLoop::poison_others(IRBuilder<> &builder, ArrayRef<unsigned> stored)
{
    for (unsigned slot : uniform_out)
        if (!is_contained(stored, slot))
            builder.CreateStore(PoisonValue::get(fission.slots[slot].type),
                    chunks.places[slot].out);
}

void LaneLoop::end_at_cut(unsigned number)
{
    const Cut &cut = fission.cuts[number];
    BasicBlock *end = emission.block("to.cut" + Twine(number));
    IRBuilder<> builder(end);
    const SmallVector<unsigned, 8> slots = fission.outgoing(region, number);

    map[cut.block] = end;
    for (unsigned slot : slots) {
        Value *value = builder.CreateLoad(
                fission.slots[slot].type, map[fission.slots[slot].variable]);
        if (fission.slots[slot].uniform)
            builder.CreateStore(value, chunks.places[slot].out);
        else
            emission.mark(builder.CreateStore(
                    to_memory(builder, value), slot_address(builder, slot)));
    }
    if (cut.any) {
        Type *bit = builder.getInt1Ty();
        Value *active = from_memory(builder,
                marked_load(
                        builder, cut.active->getAllocatedType(), map[cut.active]),
                bit);
        Value *others = builder.CreateLoad(bit, chunks.any[number]);
        builder.CreateStore(builder.CreateOr(others, active), chunks.any[number]);
    }
    poison_others(builder, slots);
    if (region.has_several_ends())
        builder.CreateStore(builder.getInt32(number + 1), chunks.stopped_at);
    builder.CreateBr(loop.latch);
}

void LaneLoop::end_at_return()
{
    BasicBlock *end = emission.block("to.ret");
    IRBuilder<> builder(end);

    map[fission.end] = end;
    if (!region.ends.empty())
        builder.CreateStore(builder.getInt32(0), chunks.stopped_at);
    poison_others(builder, {});
    builder.CreateBr(loop.latch);
}

/* Loops that stay scalar may be unrolled. */
bool has_ordered_accesses(ArrayRef<BasicBlock *> blocks)
{
    for (const BasicBlock *block : blocks)
        for (const Instruction &instruction : *block)
            if (instruction.isVolatile() || instruction.isAtomic())
                return true;
    return false;
}

void LaneLoop::run()
{
    BasicBlock *head = version.heads[start], *done;
    IRBuilder<> before(head);
    DenseMap<unsigned, Value *> uniform;
    SmallVector<BasicBlock *, 16> clones;

    if (start)
        for (unsigned slot : fission.live[start])
            if (fission.slots[slot].uniform)
                uniform[slot] = before.CreateLoad(
                        fission.slots[slot].type, chunks.places[slot].in);
    bool masked = prepare(before);
    loop = emission.open(head, before.getInt64(0), "lane");
    done = emission.block("done");
    IRBuilder<> lane(loop.head);
    emission.seed(
            map, lane.CreateAdd(version.chunk, loop.counter, "lx", true, true));
    for (auto [variable, storage] : chunks.lanes)
        map[variable] = lane.CreateInBoundsGEP(
                cast<ArrayType>(storage->getAllocatedType())->getElementType(),
                storage, loop.counter);
    load_slots(lane, uniform);
    for (unsigned cut : region.ends)
        end_at_cut(cut);
    if (region.returns)
        end_at_return();
    BasicBlock *first = fission.clone(region, start, emission.target, map,
            RF_IgnoreMissingLocals | RF_NoModuleLevelChanges, clones);
    emission.mark(clones);
    lane.CreateBr(first);
    LoopHints hints{ version.whole && !has_ordered_accesses(clones),
        version.whole && masked };
    emission.close(loop, version.count, 1, done)
            ->setMetadata(LLVMContext::MD_loop,
                    parallel_loop(emission.access_group, hints));
    go_on(done);
}

void LaneLoop::go_behind(IRBuilder<> &builder, unsigned number)
{
    const Cut &cut = fission.cuts[number];

    if (cut.any)
        builder.CreateCondBr(
                builder.CreateLoad(builder.getInt1Ty(), chunks.any[number]),
                version.heads[cut.next[0]], version.heads[cut.next[1]]);
    else
        builder.CreateBr(version.heads[cut.next[0]]);
}

/* All lanes have stopped at the same place. */
void LaneLoop::go_on(BasicBlock *done)
{
    IRBuilder<> builder(done);

    for (unsigned slot : fission.uniform_outgoing(region)) {
        const SlotPlace &place = chunks.places[slot];
        builder.CreateStore(
                builder.CreateLoad(fission.slots[slot].type, place.out), place.in);
    }
    if (region.ends.empty()) {
        if (region.returns)
            builder.CreateBr(version.latch);
        else
            builder.CreateUnreachable();
        return;
    }
    if (!region.has_several_ends())
        return go_behind(builder, region.ends[0]);
    SwitchInst *choice = builder.CreateSwitch(
            builder.CreateLoad(builder.getInt32Ty(), chunks.stopped_at),
            version.latch, unsigned(region.ends.size()));
    for (unsigned cut : region.ends) {
        BasicBlock *way = emission.block("go");
        IRBuilder<> there(way);
        go_behind(there, cut);
        choice->addCase(builder.getInt32(cut + 1), way);
    }
}

} // namespace

void emit_chunks(Emission &emission, const Fission &fission,
        ArrayRef<AllocaInst *> variables)
{
    Chunks chunks{ emission, fission };

    if (!variables.empty())
        emission.note_private_storage();
    chunks.make_storage(variables);
    chunks.run();
}

} // namespace pf
