/* SPDX-License-Identifier: Apache-2.0 */
/* estimates.cpp: the mark is the flag that allows reciprocals. */
#include "estimates.h"

#include "ir.h"

#include "llvm/IR/IntrinsicsX86.h"
#include "llvm/IR/PatternMatch.h"

namespace pf
{

void mark_estimates(Module &module)
{
    Function *rsqrt = module.getFunction("pf_rsqrtf");

    if (!rsqrt)
        return;
    for (Instruction &instruction : instructions(*rsqrt))
        if (instruction.getOpcode() == Instruction::FDiv)
            instruction.setHasAllowReciprocal(true);
}

/* x of 1 / sqrt(x), if it is marked; a float or as many as a register holds. */
static Value *radicand(Instruction &instruction)
{
    using namespace PatternMatch;
    auto *vector = dyn_cast<FixedVectorType>(instruction.getType());
    unsigned width = vector ? vector->getNumElements() : 1;
    Value *x;

    if (!instruction.getType()->getScalarType()->isFloatTy()
            || (width != 1 && width != 4 && width != 8 && width != 16)
            || !match(&instruction,
                    m_FDiv(m_SpecificFP(1.0),
                            m_Intrinsic<Intrinsic::sqrt>(m_Value(x))))
            || !instruction.hasAllowReciprocal())
        return nullptr;
    return x;
}

/* vrsqrt14ps: within 2^-14, also of denormal numbers. */
static Value *estimate(IRBuilder<> &builder, Value *x)
{
    auto *type = cast<FixedVectorType>(x->getType());
    unsigned width = type->getNumElements();
    Intrinsic::ID id = width == 16 ? Intrinsic::x86_avx512_rsqrt14_ps_512
            : width == 8           ? Intrinsic::x86_avx512_rsqrt14_ps_256
                                   : Intrinsic::x86_avx512_rsqrt14_ps_128;

    return builder.CreateIntrinsic(id, {},
            { x, Constant::getNullValue(type),
                    Constant::getAllOnesValue(width == 16 ? builder.getInt16Ty()
                                                          : builder.getInt8Ty()) });
}

/* e + e (1 - x e e) / 2.  Where the bracket is no number, x or e is 0, infinite or
 * none: then e is right, and any positive bracket leaves it so.  vminps takes its
 * second operand there. */
static Value *refine(IRBuilder<> &builder, Value *x, Value *e)
{
    Type *type = x->getType();
    Value *product = builder.CreateFMul(x, e);
    Value *rest = builder.CreateIntrinsic(Intrinsic::fma, { type },
            { builder.CreateFNeg(product), e, ConstantFP::get(type, 1.0) });
    Value *one = ConstantFP::get(type, 1.0);
    Value *half = builder.CreateFMul(e, ConstantFP::get(type, 0.5));

    rest = builder.CreateSelect(builder.CreateFCmpOLT(rest, one), rest, one);
    return builder.CreateIntrinsic(Intrinsic::fma, { type }, { half, rest, e });
}

/* One float is computed as the vectors are, so that its place does not matter. */
static Value *reciprocal_root(IRBuilder<> &builder, Value *x)
{
    if (isa<FixedVectorType>(x->getType()))
        return refine(builder, x, estimate(builder, x));
    Type *four = FixedVectorType::get(x->getType(), 4);
    Value *vector = builder.CreateInsertElement(
            Constant::getNullValue(four), x, uint64_t(0));
    Value *e = builder.CreateExtractElement(estimate(builder, vector), uint64_t(0));

    return refine(builder, x, e);
}

PreservedAnalyses EstimatesPass::run(Function &function, FunctionAnalysisManager &)
{
    if (!is_native(function))
        return PreservedAnalyses::all();
    bool precise =
            function.getFnAttribute("target-cpu").getValueAsString() == "x86-64-v4";
    for (Instruction &instruction : make_early_inc_range(instructions(function))) {
        Value *x = radicand(instruction);
        if (!x)
            continue;
        if (!precise) { /* LLVM would take estimates of 12 bits: beyond 2 ulp */
            instruction.setHasAllowReciprocal(instruction.isFast());
            continue;
        }
        IRBuilder<> builder(&instruction);
        instruction.replaceAllUsesWith(reciprocal_root(builder, x));
        instruction.eraseFromParent();
    }
    return PreservedAnalyses::none();
}

} // namespace pf
