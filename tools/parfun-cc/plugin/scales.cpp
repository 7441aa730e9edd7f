/* SPDX-License-Identifier: Apache-2.0 */
/* scales.cpp: the mark is an accuracy that nothing else asks for.  Unlike metadata of
 * our own, and unlike fast-math flags, it survives the vectorisers and is in no
 * user's code. */
#include "scales.h"

#include "ir.h"

#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/PatternMatch.h"

namespace pf
{

static MDNode *mark(LLVMContext &context)
{
    Constant *ulp = ConstantFP::get(Type::getFloatTy(context), 0x1p-20);

    return MDNode::get(context, { ConstantAsMetadata::get(ulp) });
}

/* x of `x * as_float(bits)`. */
static bool match_scale(Value *value, Value *&x, Value *&bits)
{
    using namespace PatternMatch;

    return match(value, m_c_FMul(m_Value(x), m_BitCast(m_Value(bits))))
            && bits->getType()->isIntOrIntVectorTy();
}

void mark_scales(Module &module)
{
    for (const char *name : { "pf_expf", "pf_exp" }) {
        Function *function = module.getFunction(name);

        if (!function)
            continue;
        for (Instruction &instruction : instructions(*function)) {
            Value *x, *bits;

            /* The two stay two, and a number that rounds another is not dropped. */
            if (isa<FPMathOperator>(instruction))
                instruction.setHasAllowReassoc(false);
            if (!match_scale(&instruction, x, bits))
                continue;
            instruction.setMetadata(
                    LLVMContext::MD_fpmath, mark(module.getContext()));
        }
    }
}

static bool is_marked(const Value *value)
{
    auto *instruction = dyn_cast<Instruction>(value);

    return instruction
            && instruction->getMetadata(LLVMContext::MD_fpmath)
            == mark(value->getContext());
}

/* n of 1.5 * 2^23 + n. */
static Value *find_rest(Value *sum)
{
    using namespace PatternMatch;

    for (User *user : sum->users())
        if (match(user, m_FAdd(m_Specific(sum), m_SpecificFP(-0x1.8p23))))
            return user;
    return nullptr;
}

/* The number whose integer part the exponent was made of. */
static Value *find_exponent(Value *bits)
{
    auto *instruction = dyn_cast<Instruction>(bits);

    if (!instruction || isa<PHINode>(instruction) || isa<LoadInst>(instruction))
        return nullptr;
    if (isa<FPToSIInst>(instruction))
        return instruction->getOperand(0);
    if (isa<BitCastInst>(instruction))
        return find_rest(instruction->getOperand(0));
    for (Value *operand : instruction->operands())
        if (Value *found = find_exponent(operand))
            return found;
    return nullptr;
}

/* Of a whole register; 0: there is none. */
static Intrinsic::ID scale_of(Type *type)
{
    auto *vector = dyn_cast<FixedVectorType>(type);
    bool floats = type->getScalarType()->isFloatTy();

    switch (vector ? vector->getNumElements() * type->getScalarSizeInBits() : 0) {
    case 128:
        return floats ? Intrinsic::x86_avx512_mask_scalef_ps_128
                      : Intrinsic::x86_avx512_mask_scalef_pd_128;
    case 256:
        return floats ? Intrinsic::x86_avx512_mask_scalef_ps_256
                      : Intrinsic::x86_avx512_mask_scalef_pd_256;
    case 512:
        return floats ? Intrinsic::x86_avx512_mask_scalef_ps_512
                      : Intrinsic::x86_avx512_mask_scalef_pd_512;
    default:
        return Intrinsic::not_intrinsic;
    }
}

static Value *scale(IRBuilder<> &builder, Value *x, Value *exponent)
{
    unsigned width = cast<FixedVectorType>(x->getType())->getNumElements();
    SmallVector<Value *, 5> arguments{ x, exponent,
        Constant::getNullValue(x->getType()),
        Constant::getAllOnesValue(builder.getIntNTy(width < 8 ? 8 : width)) };

    if (width * x->getType()->getScalarSizeInBits() == 512)
        arguments.push_back(builder.getInt32(4)); /* rounds as MXCSR says */
    return builder.CreateIntrinsic(scale_of(x->getType()), {}, arguments);
}

PreservedAnalyses ScalesPass::run(Function &function, FunctionAnalysisManager &)
{
    if (function.getFnAttribute("target-cpu").getValueAsString() != "x86-64-v4")
        return PreservedAnalyses::all();
    SmallVector<Instruction *, 8> scaled;

    for (Instruction &instruction : instructions(function)) {
        Value *half, *x, *bits, *rest;

        if (!is_marked(&instruction) || !scale_of(instruction.getType())
                || !match_scale(&instruction, half, bits) || !is_marked(half)
                || !match_scale(half, x, rest))
            continue;
        Value *exponent = find_exponent(bits);
        if (!exponent || exponent->getType() != x->getType())
            continue;
        IRBuilder<> builder(&instruction);
        instruction.replaceAllUsesWith(scale(builder, x, exponent));
        scaled.push_back(&instruction);
    }
    for (Instruction *instruction : scaled)
        RecursivelyDeleteTriviallyDeadInstructions(instruction);
    return scaled.empty() ? PreservedAnalyses::all() : PreservedAnalyses::none();
}

} // namespace pf
