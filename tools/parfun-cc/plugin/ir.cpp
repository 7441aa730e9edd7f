/* SPDX-License-Identifier: Apache-2.0 */
/* ir.cpp: calls are recognised by name; only the header of built-in functions and
 * this plugin make them. */
#include "ir.h"

namespace pf
{

bool is_native(const Function &function)
{
    return starts_with(function.getName(), PF_NATIVE_PREFIX)
            || starts_with(function.getName(), PF_BLOCKS_PREFIX)
            || starts_with(function.getName(), PF_GROUP_PREFIX);
}

bool is_call_to(const Instruction &instruction, StringRef name)
{
    auto *call = dyn_cast<CallInst>(&instruction);
    return call && call->getCalledFunction()
            && call->getCalledFunction()->getName() == name;
}

bool is_barrier(const Instruction &instruction)
{
    return is_call_to(instruction, PF_BARRIER);
}

bool is_cut(const Instruction &instruction)
{
    return is_call_to(instruction, "pf.cut");
}

bool is_any(const Instruction &instruction)
{
    return is_call_to(instruction, "pf.any");
}

/* Convergent: nothing may move a marker into or out of a branch. */
static FunctionCallee marker(
        Module &module, StringRef name, Type *result, ArrayRef<Type *> parameters)
{
    FunctionCallee callee = module.getOrInsertFunction(
            name, FunctionType::get(result, parameters, false));
    auto *function = cast<Function>(callee.getCallee());

    function->addFnAttr(Attribute::Convergent);
    function->addFnAttr(Attribute::NoUnwind);
    return callee;
}

FunctionCallee cut_marker(Module &module)
{
    return marker(module, "pf.cut", Type::getVoidTy(module.getContext()), {});
}

FunctionCallee any_marker(Module &module)
{
    LLVMContext &context = module.getContext();
    return marker(module, "pf.any", Type::getInt1Ty(context),
            { PointerType::get(Type::getInt8Ty(context), 0) });
}

bool is_local_id(const Value *value)
{
    auto *argument = dyn_cast<Argument>(value);
    return argument && is_local_id(argument->getArgNo());
}

/* Not freeze: two copies of a frozen undefined value may differ. */
bool is_pure(const Instruction *instruction)
{
    if (instruction->getType()->isTokenTy())
        return false;
    if (isa<BinaryOperator>(instruction) || isa<UnaryOperator>(instruction))
        return isSafeToSpeculativelyExecute(instruction);
    return isa<CastInst>(instruction) || isa<GetElementPtrInst>(instruction)
            || isa<CmpInst>(instruction) || isa<SelectInst>(instruction)
            || isa<ExtractElementInst>(instruction)
            || isa<InsertElementInst>(instruction)
            || isa<ShuffleVectorInst>(instruction);
}

bool is_harmless(const Instruction &instruction)
{
    auto *intrinsic = dyn_cast<IntrinsicInst>(&instruction);

    if (!intrinsic)
        return false;
    if (isa<DbgInfoIntrinsic>(intrinsic) || intrinsic->isLifetimeStartOrEnd())
        return true;
    switch (intrinsic->getIntrinsicID()) {
    case Intrinsic::assume:
    case Intrinsic::experimental_noalias_scope_decl:
    case Intrinsic::sideeffect:
        return true;
    default:
        return false;
    }
}

Type *memory_type(Type *type)
{
    return type->isIntegerTy(1) ? Type::getInt8Ty(type->getContext()) : type;
}

Value *to_memory(IRBuilder<> &builder, Value *value)
{
    return value->getType()->isIntegerTy(1)
            ? builder.CreateZExt(value, builder.getInt8Ty())
            : value;
}

Value *from_memory(IRBuilder<> &builder, Value *value, Type *type)
{
    return type->isIntegerTy(1)
            ? builder.CreateICmpNE(value, ConstantInt::get(value->getType(), 0))
            : value;
}

Value *byte_at(
        IRBuilder<> &builder, Value *pointer, Value *offset, const Twine &name)
{
    return builder.CreateInBoundsGEP(builder.getInt8Ty(), pointer, offset, name);
}

LoadInst *load_constant_field(
        IRBuilder<> &builder, Value *pointer, uint64_t offset, Type *type)
{
    LoadInst *load = builder.CreateLoad(
            type, byte_at(builder, pointer, builder.getInt64(offset)));

    load->setMetadata(
            LLVMContext::MD_invariant_load, MDNode::get(builder.getContext(), {}));
    return load;
}

Value *mapped(ValueToValueMapTy &map, Value *value)
{
    auto found = map.find(value);
    return found == map.end() ? value : static_cast<Value *>(found->second);
}

void copy_hoisted(IRBuilder<> &builder, const Instructions &hoisted,
        ValueToValueMapTy &map, RemapFlags flags)
{
    for (Instruction *instruction : hoisted) {
        Instruction *copy = instruction->clone();
        builder.Insert(copy, instruction->getName());
        RemapInstruction(copy, map, flags);
        copy->setDebugLoc(DebugLoc());
        map[instruction] = copy;
    }
}

BasicBlock *unify_returns(Function &function)
{
    LLVMContext &context = function.getContext();
    SmallVector<ReturnInst *, 4> returns;

    for (BasicBlock &block : function)
        if (auto *found = dyn_cast<ReturnInst>(block.getTerminator()))
            returns.push_back(found);
    BasicBlock *end = BasicBlock::Create(context, "pf.ret", &function);
    ReturnInst::Create(context, end);
    for (ReturnInst *found : returns) {
        BranchInst::Create(end, found->getParent());
        found->eraseFromParent();
    }
    return end;
}

void report(const Function &function, const Instruction *at, const Twine &message)
{
    DiagnosticLocation place;

    if (at && at->getDebugLoc())
        place = DiagnosticLocation(at->getDebugLoc());
    else if (DISubprogram *source = function.getSubprogram()) /* its own line */
        place = DiagnosticLocation(DILocation::get(
                function.getContext(), source->getLine(), 0, source));
    function.getContext().diagnose(
            DiagnosticInfoUnsupported(function, message, place, DS_Error));
}

Type *padded_type(const AllocaInst *variable)
{
    const DataLayout &layout = variable->getModule()->getDataLayout();
    Type *type = variable->getAllocatedType();
    uint64_t bytes = layout.getTypeAllocSize(type);

    if (bytes % variable->getAlign().value() == 0)
        return type;
    return ArrayType::get(Type::getInt8Ty(type->getContext()),
            alignTo(bytes, variable->getAlign()));
}

} // namespace pf
