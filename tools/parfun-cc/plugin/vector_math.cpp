/* SPDX-License-Identifier: Apache-2.0 */
/* vector_math.cpp: "vector-function-abi-variant" attributes and declarations, as
 * LLVM's InjectTLIMappings makes them. */
#include "vector_math.h"

#include "ir.h"

#include "llvm/Analysis/TargetLibraryInfo.h"

namespace pf
{

/* glibc 2.36's libmvec: float and double.  The bounds of OpenCL C 1.2 (table 7.4) are
 * 3 or 4 ulp for most of them; glibc's own tests stay within 2 for these. */
static const struct {
    const char *name;
    unsigned arguments;
} functions[] = {
    { "acos", 1 },
    { "acosh", 1 },
    { "asin", 1 },
    { "asinh", 1 },
    { "atan", 1 },
    { "atan2", 2 },
    { "atanh", 1 },
    { "cbrt", 1 },
    { "cos", 1 },
    { "cosh", 1 },
    { "erf", 1 },
    { "erfc", 1 },
    { "exp", 1 },
    { "exp10", 1 },
    { "exp2", 1 },
    { "expm1", 1 },
    { "hypot", 2 },
    { "log", 1 },
    { "log10", 1 },
    { "log1p", 1 },
    { "log2", 1 },
    { "pow", 2 },
    { "sin", 1 },
    { "sinh", 1 },
    { "tan", 1 },
    { "tanh", 1 },
};

/* The vector ABI's letters for instruction sets and their registers. */
static const struct {
    char letter;
    unsigned bits;
} registers[] = { { 'b', 128 }, { 'd', 256 }, { 'e', 512 } };

/* "sin" of sin, sinf, llvm.sin.f32; "" of anything else. */
static StringRef base_name(StringRef name, bool single)
{
    if (starts_with(name, "llvm.")) {
        auto [base, type] = name.drop_front(5).split('.');
        return type == (single ? "f32" : "f64") ? base : "";
    }
    if (!single)
        return name;
    return name.size() > 1 && name.back() == 'f' ? name.drop_back() : "";
}

static unsigned argument_count(StringRef base)
{
    for (const auto &function : functions)
        if (base == function.name)
            return function.arguments;
    return 0;
}

static Function *declare(Module &module, StringRef name, Type *type, unsigned width,
        unsigned arguments)
{
    Type *vector = FixedVectorType::get(type, width);
    SmallVector<Type *, 2> parameters(arguments, vector);

    if (Function *known = module.getFunction(name))
        return known;
    auto *function = Function::Create(FunctionType::get(vector, parameters, false),
            GlobalValue::ExternalLinkage, name, module);
    function->addFnAttr(Attribute::NoUnwind);
    appendToCompilerUsed(module, { function });
    return function;
}

static void annotate(CallInst &call, unsigned widest)
{
    const Function *callee = call.getCalledFunction();
    Type *type = call.getType();
    bool single = type->isFloatTy();
    std::string variants;

    if (!callee || !callee->isDeclaration() || !(single || type->isDoubleTy()))
        return;
    StringRef base = base_name(callee->getName(), single);
    unsigned arguments = argument_count(base);
    if (arguments == 0 || arguments != call.arg_size()
            || any_of(call.args(),
                    [type](const Use &use) { return use->getType() != type; }))
        return;
    for (const auto &set : registers) {
        unsigned width = set.bits / unsigned(type->getPrimitiveSizeInBits());
        if (set.bits > widest)
            break;
        std::string name = std::string("_ZGV") + set.letter + 'N'
                + std::to_string(width) + std::string(arguments, 'v') + '_'
                + base.str() + (single ? "f" : "");
        declare(*call.getModule(), name, type, width, arguments);
        variants += (variants.empty() ? "" : ",") + std::string("_ZGV_LLVM_N")
                + std::to_string(width) + std::string(arguments, 'v') + '_'
                + callee->getName().str() + '(' + name + ')';
    }
    if (!variants.empty())
        call.addFnAttr(Attribute::get(
                call.getContext(), "vector-function-abi-variant", variants));
}

/* By what set_variant() allows. */
static unsigned register_bits(const Function &function)
{
    StringRef level = function.getFnAttribute("target-cpu").getValueAsString();

    return level == "x86-64-v4" ? 512 : level == "x86-64-v3" ? 256 : 128;
}

PreservedAnalyses VectorMathPass::run(
        Function &function, FunctionAnalysisManager &analyses)
{
    const auto &library = analyses.getResult<TargetLibraryAnalysis>(function);
    StringRef target = function.getParent()->getTargetTriple();

    if (starts_with(function.getName(), PF_NATIVE_PREFIX)
            || starts_with(function.getName(), PF_GROUP_PREFIX))
        if (starts_with(target, "x86_64") && library.isFunctionVectorizable("sinf"))
            for (Instruction &instruction : instructions(function))
                if (auto *call = dyn_cast<CallInst>(&instruction))
                    annotate(*call, register_bits(function));
    return PreservedAnalyses::all();
}

} // namespace pf
