/* SPDX-License-Identifier: Apache-2.0 */
/* mask.cpp: loops that work-items leave at different times. */
#include "interchange.h"
#include "lanes.h"

namespace pf
{
namespace
{

struct Edge {
    BasicBlock *from, *to;
};

struct Masking {
    Loop &loop;
    Function &function;
    const Uniformity &uniformity;
    LLVMContext &context;
    BasicBlock *header, *before, *latch;
    Instruction *top;
    /* What SSA form will replace when all is in place. */
    SmallVector<AllocaInst *, 16> variables;
    /* Kept in memory, for the cut combines it over the lanes; read and written once
     * per round, so that it ends up in a register. */
    AllocaInst *active;
    AllocaInst *still_active, *exit_taken;
    SmallVector<BasicBlock *, 4> exits;
    SmallVector<Edge, 4> leaving;
    /* New blocks: begin of a round, its end, to the next one, behind the loop. */
    BasicBlock *head, *join, *again, *out;
    SmallVector<std::pair<PHINode *, Value *>, 4> offsets; /* and their steps */

    Masking(Loop &divergent, const Uniformity &what_varies);
    AllocaInst *variable(Type *type, const Twine &name);
    void find_exits();
    void redirect_exits();
    void load_exit_values(const DenseMap<PHINode *, AllocaInst *> &values);
    bool split_counter(PHINode *phi);
    void carry_values();
    void connect();
    void leave();
    void run();
};

Masking::Masking(Loop &divergent, const Uniformity &what_varies)
    : loop(divergent), function(*divergent.getHeader()->getParent()),
      uniformity(what_varies), context(function.getContext()),
      header(loop.getHeader()), before(loop.getLoopPreheader()),
      latch(loop.getLoopLatch()),
      top(&*function.getEntryBlock().getFirstInsertionPt())
{
    Type *byte = Type::getInt8Ty(context);

    active = new AllocaInst(byte, 0, nullptr, "active", top);
    still_active = variable(byte, "still.active");
    exit_taken = variable(Type::getInt32Ty(context), "exit.taken");
    head = BasicBlock::Create(context, "mask.head", &function, header);
    join = BasicBlock::Create(context, "mask.join", &function);
    again = BasicBlock::Create(context, "mask.again", &function);
    out = BasicBlock::Create(context, "mask.out", &function);
}

AllocaInst *Masking::variable(Type *type, const Twine &name)
{
    variables.push_back(new AllocaInst(type, 0, nullptr, name, top));
    return variables.back();
}

void Masking::find_exits()
{
    loop.getUniqueExitBlocks(exits);
    for (BasicBlock *block : loop.blocks()) {
        SmallPtrSet<BasicBlock *, 4> seen;
        for (BasicBlock *next : successors(block))
            if (!loop.contains(next) && seen.insert(next).second)
                leaving.push_back({ block, next });
    }
}

/* Leaving the loop now means: note why and with what, and wait for the others. */
void Masking::redirect_exits()
{
    DenseMap<PHINode *, AllocaInst *> values;

    for (BasicBlock *exit : exits)
        for (PHINode &phi : exit->phis())
            values[&phi] = variable(phi.getType(), phi.getName() + ".out");
    for (const Edge &edge : leaving) {
        BasicBlock *leave =
                BasicBlock::Create(context, "mask.leave", &function, join);
        IRBuilder<> builder(leave);
        builder.CreateStore(builder.getInt8(0), still_active);
        builder.CreateStore(
                builder.getInt32(uint32_t(find(exits, edge.to) - exits.begin())),
                exit_taken);
        for (PHINode &phi : edge.to->phis())
            builder.CreateStore(
                    phi.getIncomingValueForBlock(edge.from), values[&phi]);
        builder.CreateBr(join);
        edge.from->getTerminator()->replaceSuccessorWith(edge.to, leave);
    }
    load_exit_values(values);
}

void Masking::load_exit_values(const DenseMap<PHINode *, AllocaInst *> &values)
{
    for (BasicBlock *exit : exits)
        for (PHINode &phi : make_early_inc_range(exit->phis())) {
            auto *load = new LoadInst(phi.getType(), values.lookup(&phi),
                    phi.getName(), &*exit->getFirstInsertionPt());
            phi.replaceAllUsesWith(load);
            phi.eraseFromParent();
        }
}

/* An id: not negative, below 2^31. */
bool is_id(const Value *value)
{
    while (isa<TruncInst>(value) || isa<ZExtInst>(value))
        value = cast<Instruction>(value)->getOperand(0);
    if (is_local_id(value))
        return true;
    auto *sum = dyn_cast<BinaryOperator>(value);
    return sum && sum->getOpcode() == Instruction::Add
            && isa<Argument>(sum->getOperand(0))
            && isa<Argument>(sum->getOperand(1))
            && (is_local_id(sum->getOperand(0)) || is_local_id(sum->getOperand(1)));
}

/* Work-items still in the loop have all done the same number of rounds: a counter
 * with a uniform step is start + uniform offset, and neighbouring lanes keep
 * accessing neighbouring elements. */
bool Masking::split_counter(PHINode *phi)
{
    Value *start = phi->getIncomingValueForBlock(before);
    auto *next = dyn_cast<BinaryOperator>(phi->getIncomingValueForBlock(latch));

    if (!next || next->getOpcode() != Instruction::Add)
        return false;
    Value *step = next->getOperand(0) == phi ? next->getOperand(1)
            : next->getOperand(1) == phi     ? next->getOperand(0)
                                             : nullptr;
    if (!step || !loop.isLoopInvariant(step) || uniformity.varies(step))
        return false;
    PHINode *offset =
            PHINode::Create(phi->getType(), 2, phi->getName() + ".offset", head);
    offset->addIncoming(ConstantInt::get(phi->getType(), 0), before);
    offsets.push_back({ offset, step });
    auto *sum = BinaryOperator::CreateAdd(
            start, offset, phi->getName(), &*header->getFirstInsertionPt());
    if (is_id(start))
        sum->setHasNoSignedWrap(next->hasNoSignedWrap());
    phi->replaceAllUsesWith(sum);
    phi->eraseFromParent();
    return true;
}

/* A work-item that has left never uses its carried values again: poison, so that no
 * blends are needed to keep them. */
void Masking::carry_values()
{
    SmallVector<std::pair<PHINode *, AllocaInst *>, 8> carried;

    for (PHINode &phi : make_early_inc_range(header->phis())) {
        if (split_counter(&phi))
            continue;
        AllocaInst *memory = variable(phi.getType(), phi.getName() + ".carried");
        new StoreInst(phi.getIncomingValueForBlock(before), memory,
                before->getTerminator());
        new StoreInst(phi.getIncomingValueForBlock(latch), memory,
                latch->getTerminator());
        carried.push_back({ &phi, memory });
    }
    for (auto [phi, memory] : carried) {
        auto *load = new LoadInst(phi->getType(), memory, phi->getName(), head);
        phi->replaceAllUsesWith(load);
        phi->eraseFromParent();
        new StoreInst(PoisonValue::get(load->getType()), memory, head);
    }
}

void Masking::connect()
{
    Module &module = *function.getParent();
    IRBuilder<> builder(before->getTerminator());

    builder.CreateStore(builder.getInt8(1), active);
    builder.CreateCall(cut_marker(module));
    before->getTerminator()->replaceSuccessorWith(header, head);
    latch->getTerminator()->replaceSuccessorWith(header, join);
    builder.SetInsertPoint(head);
    Value *is_active = builder.CreateLoad(builder.getInt8Ty(), active);
    builder.CreateStore(is_active, still_active);
    builder.CreateCondBr(
            builder.CreateICmpNE(is_active, builder.getInt8(0)), header, join);
    builder.SetInsertPoint(join);
    builder.CreateStore(
            builder.CreateLoad(builder.getInt8Ty(), still_active), active);
    builder.CreateCondBr(
            builder.CreateCall(any_marker(module), { active }), again, out);
    builder.SetInsertPoint(again);
    for (auto [offset, step] : offsets)
        offset->addIncoming(builder.CreateAdd(offset, step), again);
    builder.CreateBr(head);
}

void Masking::leave()
{
    IRBuilder<> builder(out);

    if (exits.size() == 1) {
        builder.CreateBr(exits[0]);
        return;
    }
    SwitchInst *choice = builder.CreateSwitch(
            builder.CreateLoad(builder.getInt32Ty(), exit_taken), exits[0],
            unsigned(exits.size()) - 1);
    for (unsigned i = 1; i < exits.size(); i++)
        choice->addCase(builder.getInt32(i), exits[i]);
}

void Masking::run()
{
    find_exits();
    redirect_exits();
    carry_values();
    connect();
    leave();
    DominatorTree dominators(function);
    PromoteMemToReg(variables, dominators);
}

/* Worth it only for loops that LLVM will vectorise. */
bool pays(const Loop &loop, const DominatorTree &dominators,
        const Uniformity &uniformity, const TargetTransformInfo &target)
{
    if (!loop.isInnermost() || !loop.getLoopLatch() || !loop.hasDedicatedExits()
            || has_uniform_exits(loop, uniformity)
            || !is_reached_by_all(loop, uniformity) || !allows_vectors(loop)
            || !loop.isLCSSAForm(dominators)
            || !has_maskable_memory(loop, uniformity, target))
        return false;
    for (const BasicBlock *block : loop.blocks())
        for (const Instruction &instruction : *block)
            if (isa<SwitchInst>(instruction) || is_any(instruction)
                    || is_cut(instruction))
                return false;
    return true;
}

/* Each rewriting makes dominators, loops and uniformity stale. */
bool mask_one(Function &function, const Instructions &hoisted,
        const TargetTransformInfo &target, const Settings &settings)
{
    Uniformity uniformity(function, hoisted);
    DominatorTree dominators(function);
    LoopInfo loops(dominators);

    for (Loop *loop : loops.getLoopsInPreorder()) {
        if (!pays(*loop, dominators, uniformity, target))
            continue;
        if (settings.verbose)
            errs() << function.getName() << ": loop "
                   << loop->getHeader()->getName() << " varies: masked\n";
        Masking(*loop, uniformity).run();
        return true;
    }
    return false;
}

} // namespace

bool mask_varying_loops(Function &function, const Instructions &hoisted,
        const TargetTransformInfo &target, const Settings &settings)
{
    bool any = false;

    while (mask_one(function, hoisted, target, settings))
        any = true;
    return any;
}

} // namespace pf
