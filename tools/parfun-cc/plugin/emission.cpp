/* SPDX-License-Identifier: Apache-2.0 */
/* emission.cpp: entry, rows and metadata of loops over work-items. */
#include "emission.h"

#include "settings.h"

namespace pf
{

Emission::Emission(
        Function &one, Function &many, const Instructions &before, bool in_chunks)
    : item(one), target(many), context(one.getContext()), hoisted(before),
      access_group(MDNode::getDistinct(context, {})), entry(context),
      chunked(in_chunks)
{
}

BasicBlock *Emission::block(const Twine &name)
{
    return BasicBlock::Create(context, name, &target);
}

void Emission::begin(ArrayRef<Guard> guards)
{
    for (Argument &argument : item.args())
        if (!is_local_id(&argument)) {
            Argument *own = target.getArg(without_local_ids(argument.getArgNo()));
            own->setName(argument.getName());
            map[&argument] = own;
        }
    entry.SetInsertPoint(block("entry"));
    start = block("start");
    exit = block("exit");
    IRBuilder<>(exit).CreateRetVoid();
    copy_hoisted(
            entry, hoisted, map, RF_IgnoreMissingLocals | RF_NoModuleLevelChanges);
    for (Instruction *instruction : hoisted)
        if (isa<LoadInst>(instruction))
            argument_loads.insert(map[instruction]);
    std::array<Value *, 3> sizes;
    for (unsigned i = 0; i < 3; i++)
        sizes[i] = map[item.getArg(GROUP_SIZE + i)];
    if (item.arg_size() == ITEM_END) {
        bounds = bounds_of(entry, guards, map, item, sizes);
        return;
    }
    for (unsigned i = 0; i < 3; i++) {
        bounds.low[i] = map[item.getArg(LOW + i)];
        bounds.high[i] = map[item.getArg(HIGH + i)];
    }
}

void Emission::open_rows()
{
    Value *some = entry.getTrue();

    for (unsigned i = 0; i < 3; i++)
        some = entry.CreateAnd(
                some, entry.CreateICmpSLT(bounds.low[i], bounds.high[i]));
    entry.CreateCondBr(some, start, exit);
    z = open(start, bounds.low[2], "z");
    y = open(z.head, bounds.low[1], "y");
    close(z, bounds.high[2], 1, exit);
    close(y, bounds.high[1], 1, z.latch);
}

OpenLoop Emission::open(BasicBlock *from, Value *low, const Twine &name)
{
    OpenLoop loop{ block(name), block(name + ".latch"), nullptr };

    IRBuilder<>(from).CreateBr(loop.head);
    loop.counter =
            IRBuilder<>(loop.head).CreatePHI(Type::getInt64Ty(context), 2, name);
    loop.counter->addIncoming(low, from);
    return loop;
}

BranchInst *Emission::close(
        const OpenLoop &loop, Value *high, uint64_t step, BasicBlock *behind)
{
    IRBuilder<> builder(loop.latch);
    Value *next =
            builder.CreateAdd(loop.counter, builder.getInt64(step), "", true, true);

    loop.counter->addIncoming(next, loop.latch);
    return builder.CreateCondBr(
            builder.CreateICmpULT(next, high), loop.head, behind);
}

void Emission::seed(ValueToValueMapTy &copy, Value *x)
{
    for (auto known = map.begin(); known != map.end(); ++known)
        copy[known->first] = static_cast<Value *>(known->second);
    copy[item.getArg(LOCAL_ID)] = x;
    copy[item.getArg(LOCAL_ID + 1)] = y.counter;
    copy[item.getArg(LOCAL_ID + 2)] = z.counter;
}

AllocaInst *Emission::shared(Type *type, const Twine &name)
{
    AllocaInst *storage = entry.CreateAlloca(type, nullptr, name);
    shared_storage.insert(storage);
    return storage;
}

AllocaInst *Emission::reused(AllocaInst *variable)
{
    AllocaInst *storage = entry.CreateAlloca(
            variable->getAllocatedType(), nullptr, variable->getName());

    storage->setAlignment(variable->getAlign());
    reused_storage.insert(storage);
    note_private_storage();
    return storage;
}

AllocaInst *Emission::lanes(Type *type, const Twine &name)
{
    AllocaInst *storage =
            entry.CreateAlloca(ArrayType::get(type, LANES), nullptr, name);
    storage->setAlignment(Align(64));
    return storage;
}

void Emission::note_private_storage()
{
    has_private_storage = true;
}

bool Emission::is_parallel(const Instruction &access) const
{
    const Value *pointer = getLoadStorePointerOperand(&access);
    SmallVector<const Value *, 4> objects;

    if (!pointer || access.isVolatile() || access.isAtomic()
            || access.hasMetadata(LLVMContext::MD_invariant_load))
        return false;
    getUnderlyingObjects(pointer, objects, nullptr, 32);
    for (const Value *object : objects) {
        if (shared_storage.count(object) || reused_storage.count(object))
            return false;
        bool known = isa<Argument>(object) || isa<GlobalVariable>(object)
                || argument_loads.count(object);
        /* Chunks have storage per lane; else it might be a private variable. */
        if (!known && !chunked && has_private_storage)
            return false;
    }
    return true;
}

void Emission::mark(Instruction *access)
{
    access->setMetadata(LLVMContext::MD_access_group, access_group);
}

void Emission::mark(ArrayRef<BasicBlock *> blocks)
{
    for (BasicBlock *one : blocks)
        for (Instruction &instruction : *one)
            if ((isa<LoadInst>(instruction) || isa<StoreInst>(instruction))
                    && is_parallel(instruction))
                mark(&instruction);
}

static MDNode *hint(LLVMContext &context, StringRef name, Constant *value)
{
    return MDNode::get(context,
            { MDString::get(context, name), ConstantAsMetadata::get(value) });
}

MDNode *parallel_loop(MDNode *access_group, LoopHints hints)
{
    LLVMContext &context = access_group->getContext();
    Type *number = Type::getInt32Ty(context);
    SmallVector<Metadata *, 8> operands{ nullptr,
        MDNode::get(context,
                { MDString::get(context, "llvm.loop.parallel_accesses"),
                        access_group }),
        MDNode::get(
                context, { MDString::get(context, "llvm.loop.mustprogress") }) };

    if (hints.keep_rolled)
        operands.push_back(MDNode::get(
                context, { MDString::get(context, "llvm.loop.unroll.disable") }));
    if (hints.force_width) {
        operands.push_back(hint(context, "llvm.loop.vectorize.width",
                ConstantInt::get(number, LANES)));
        operands.push_back(hint(context, "llvm.loop.interleave.count",
                ConstantInt::get(number, 1)));
        operands.push_back(hint(context, "llvm.loop.vectorize.enable",
                ConstantInt::getTrue(context)));
    }
    MDNode *loop = MDNode::getDistinct(context, operands);
    loop->replaceOperandWith(0, loop);
    return loop;
}

} // namespace pf
