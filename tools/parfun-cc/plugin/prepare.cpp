/* SPDX-License-Identifier: Apache-2.0 */
/* prepare.cpp: LLVM's own passes, in an order of ours.  Loops are not rotated: the
 * guard of a rotated divergent loop makes it look nested in divergent control flow. */
#include "prepare.h"

#include "ir.h"
#include "unrolling.h"

namespace pf
{

void reset_calling_conventions(Module &module)
{
    for (Function &function : module) {
        function.setCallingConv(CallingConv::C);
        for (User *user : function.users())
            if (auto *call = dyn_cast<CallBase>(user);
                    call && call->getCalledOperand() == &function)
                call->setCallingConv(CallingConv::C);
    }
}

void inline_all(Module &module, ModuleAnalysisManager &analyses)
{
    for (Function &function : module) {
        StringRef name = function.getName();
        if (function.isDeclaration() || starts_with(name, PF_ITEM_PREFIX)
                || starts_with(name, PF_NATIVE_PREFIX)
                || starts_with(name, PF_BLOCKS_PREFIX))
            continue;
        function.removeFnAttr(Attribute::NoInline);
        function.removeFnAttr(Attribute::OptimizeNone);
        function.addFnAttr(Attribute::AlwaysInline);
        function.setLinkage(GlobalValue::InternalLinkage);
        function.setVisibility(GlobalValue::DefaultVisibility);
        function.setDSOLocal(true);
        function.setComdat(nullptr);
        for (User *user : function.users())
            if (auto *call = dyn_cast<CallBase>(user))
                call->removeFnAttr(Attribute::NoInline);
    }
    AlwaysInlinerPass(/*InsertLifetime=*/true).run(module, analyses);
}

/* ---- Atomics that no other thread can see -------------------------------------- */

/* Is it based on the pointer that arguments[position] points at? */
static bool is_based_on(
        Function &item, Value *pointer, const std::set<unsigned> &parameters)
{
    const DataLayout &layout = item.getParent()->getDataLayout();
    APInt offset(64, 0);
    auto *value = dyn_cast<LoadInst>(getUnderlyingObject(pointer, 32));
    auto *place = value ? dyn_cast<LoadInst>(value->getPointerOperand()) : nullptr;

    if (!place)
        return false;
    Value *base = place->getPointerOperand()->stripAndAccumulateConstantOffsets(
            layout, offset, true);
    return base == item.getArg(ARGUMENTS)
            && parameters.count(unsigned(offset.getZExtValue() / 8));
}

/* What an atomicrmw stores; nullptr for rare operations, which stay atomic. */
static Value *updated(IRBuilder<> &builder, AtomicRMWInst *update, Value *old)
{
    Value *value = update->getValOperand();
    auto least = [&](CmpInst::Predicate predicate) {
        return builder.CreateSelect(
                builder.CreateICmp(predicate, old, value), old, value);
    };

    switch (update->getOperation()) {
    case AtomicRMWInst::Xchg:
        return value;
    case AtomicRMWInst::Add:
        return builder.CreateAdd(old, value);
    case AtomicRMWInst::Sub:
        return builder.CreateSub(old, value);
    case AtomicRMWInst::And:
        return builder.CreateAnd(old, value);
    case AtomicRMWInst::Or:
        return builder.CreateOr(old, value);
    case AtomicRMWInst::Xor:
        return builder.CreateXor(old, value);
    case AtomicRMWInst::Max:
        return least(CmpInst::ICMP_SGT);
    case AtomicRMWInst::Min:
        return least(CmpInst::ICMP_SLT);
    case AtomicRMWInst::UMax:
        return least(CmpInst::ICMP_UGT);
    case AtomicRMWInst::UMin:
        return least(CmpInst::ICMP_ULT);
    default:
        return nullptr;
    }
}

/* Volatile, as atomics on local memory: lanes of one vector may meet. */
static void relax_update(AtomicRMWInst *update)
{
    IRBuilder<> builder(update);
    Value *pointer = update->getPointerOperand();
    LoadInst *old = builder.CreateAlignedLoad(
            update->getType(), pointer, update->getAlign(), /*isVolatile=*/true);
    Value *value = updated(builder, update, old);

    if (!value) {
        old->eraseFromParent();
        return;
    }
    builder.CreateAlignedStore(value, pointer, update->getAlign(), true);
    update->replaceAllUsesWith(old);
    update->eraseFromParent();
}

static void relax_exchange(AtomicCmpXchgInst *exchange)
{
    IRBuilder<> builder(exchange);
    Value *pointer = exchange->getPointerOperand();
    Value *wanted = exchange->getCompareOperand();
    LoadInst *old = builder.CreateAlignedLoad(
            wanted->getType(), pointer, exchange->getAlign(), true);
    Value *equal = builder.CreateICmpEQ(old, wanted);
    Value *result = PoisonValue::get(exchange->getType());

    builder.CreateAlignedStore(
            builder.CreateSelect(equal, exchange->getNewValOperand(), old), pointer,
            exchange->getAlign(), true);
    result = builder.CreateInsertValue(result, old, 0);
    result = builder.CreateInsertValue(result, equal, 1);
    exchange->replaceAllUsesWith(result);
    exchange->eraseFromParent();
}

void relax_atomics(Function &item, const std::set<unsigned> &parameters)
{
    SmallVector<AtomicRMWInst *, 8> updates;
    SmallVector<AtomicCmpXchgInst *, 8> exchanges;

    for (Instruction &instruction : instructions(item))
        if (auto *update = dyn_cast<AtomicRMWInst>(&instruction)) {
            if (is_based_on(item, update->getPointerOperand(), parameters))
                updates.push_back(update);
        } else if (auto *exchange = dyn_cast<AtomicCmpXchgInst>(&instruction)) {
            if (is_based_on(item, exchange->getPointerOperand(), parameters))
                exchanges.push_back(exchange);
        }
    for (AtomicRMWInst *update : updates)
        relax_update(update);
    for (AtomicCmpXchgInst *exchange : exchanges)
        relax_exchange(exchange);
}

/* ---- Cleaning up ---------------------------------------------------------------- */

static void add_sroa(FunctionPassManager &passes)
{
#if LLVM_VERSION_MAJOR >= 16
    passes.addPass(SROAPass(SROAOptions::ModifyCFG));
#else
    passes.addPass(SROAPass());
#endif
}

static void add_simplification(FunctionPassManager &passes)
{
    add_sroa(passes);
    passes.addPass(EarlyCSEPass(true));
    passes.addPass(InstCombinePass());
    passes.addPass(SimplifyCFGPass());
}

static void add_scalarizer(FunctionPassManager &passes)
{
#if LLVM_VERSION_MAJOR >= 18
    ScalarizerPassOptions options;
    options.ScalarizeLoadStore = true;
    passes.addPass(ScalarizerPass(options));
#else
    ScalarizerPass scalarizer;
    scalarizer.setScalarizeLoadStore(true);
    passes.addPass(std::move(scalarizer));
#endif
    passes.addPass(InstCombinePass());
    passes.addPass(BDCEPass()); /* components that only sum themselves up */
}

static void run(FunctionPassManager &passes, Function &function,
        FunctionAnalysisManager &analyses)
{
    passes.addPass(LoopSimplifyPass());
    passes.addPass(LCSSAPass());
    analyses.invalidate(function, PreservedAnalyses::none());
    passes.run(function, analyses);
    analyses.invalidate(function, PreservedAnalyses::none());
}

/* LLVM's loop vectoriser leaves loops with vector values alone. */
static bool has_vectors(const Function &function)
{
    for (const Instruction &instruction : instructions(function)) {
        if (instruction.getType()->isVectorTy())
            return true;
        for (const Use &use : instruction.operands())
            if (use->getType()->isVectorTy())
                return true;
    }
    return false;
}

/* A vector of 3 is stored as 4 components, the last of which is nobody's.  Left out it
 * would make a gap, and AVX-512 would scatter the others one by one: a copy of the third
 * is stored there. */
static void fill_padding(Function &function)
{
    for (Instruction &instruction : instructions(function)) {
        auto *store = dyn_cast<StoreInst>(&instruction);
        auto *shuffle = store
                ? dyn_cast<ShuffleVectorInst>(store->getValueOperand())
                : nullptr;
        SmallVector<int, 4> mask;
        if (shuffle)
            shuffle->getShuffleMask(mask);
        if (mask.size() != 4 || mask[3] >= 0)
            continue;
        mask[3] = mask[2];
        shuffle->setShuffleMask(mask);
    }
}

/* Small constant loops are unrolled first: private arrays become scalars then, and
 * the loops that remain are worth interchanging. */
void tidy_item(
        Function &item, FunctionAnalysisManager &analyses, const Settings &settings)
{
    FunctionPassManager passes;

    removeUnreachableBlocks(item);
    fill_padding(item);
    add_simplification(passes);
    passes.addPass(PrivateArraysPass());
    passes.addPass(createFunctionToLoopPassAdaptor(LoopFullUnrollPass(2)));
    add_simplification(passes);
    if (settings.scalarize && has_vectors(item))
        add_scalarizer(passes);
    run(passes, item, analyses);
    removeUnreachableBlocks(item);
}

void tidy_region(Function &region, FunctionAnalysisManager &analyses)
{
    FunctionPassManager passes;

    add_simplification(passes);
    run(passes, region, analyses);
    removeUnreachableBlocks(region);
    analyses.invalidate(region, PreservedAnalyses::none());
}

/* A call that is taken away again keeps the bounds alive. */
void tidy_guards(Function &item, FunctionAnalysisManager &analyses,
        ArrayRef<Instruction *> bounds)
{
    FunctionCallee keep = item.getParent()->getOrInsertFunction(
            "pf.keep", FunctionType::get(Type::getVoidTy(item.getContext()), true));
    SmallVector<CallInst *, 4> calls;
    FunctionPassManager passes;

    for (Instruction *bound : bounds)
        calls.push_back(CallInst::Create(
                keep, { bound }, "", item.getEntryBlock().getTerminator()));
    passes.addPass(SimplifyCFGPass());
    run(passes, item, analyses);
    for (CallInst *call : calls)
        call->eraseFromParent();
}

} // namespace pf
