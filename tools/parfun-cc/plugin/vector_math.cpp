/* SPDX-License-Identifier: Apache-2.0 */
/* vector_math.cpp: "vector-function-abi-variant" attributes and declarations, as
 * LLVM's InjectTLIMappings makes them. */
#include "vector_math.h"

#include "ir.h"

namespace pf
{

static const struct {
    const char *name;
    unsigned arguments;
} functions[] = {
#define PF_VECTOR_FUNCTION(name, arguments) { #name, arguments },
#include "vector_functions.def"
#undef PF_VECTOR_FUNCTION
};

/* The vector ABI's letters for instruction sets and their registers. */
static const struct {
    char letter;
    unsigned bits;
} registers[] = { { 'b', 128 }, { 'd', 256 }, { 'e', 512 } };

/* "sinf" of sinf and llvm.sin.f32. */
static std::string libm_name(StringRef name)
{
    if (!starts_with(name, "llvm."))
        return name.str();
    auto [base, type] = name.drop_front(5).split('.');
    return base.str() + (type == "f32" ? "f" : "");
}

static unsigned argument_count(StringRef name)
{
    for (const auto &function : functions)
        if (name == function.name)
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
    std::string variants;

    if (!callee || !callee->isDeclaration()
            || !(type->isFloatTy() || type->isDoubleTy()))
        return;
    const std::string libm = libm_name(callee->getName());
    unsigned arguments = argument_count(libm);
    if (arguments == 0 || arguments != call.arg_size()
            || any_of(call.args(),
                    [type](const Use &use) { return use->getType() != type; }))
        return;
    for (const auto &set : registers) {
        unsigned width = set.bits / unsigned(type->getPrimitiveSizeInBits());
        if (set.bits > widest)
            break;
        std::string name = std::string("_ZGV") + set.letter + 'N'
                + std::to_string(width) + std::string(arguments, 'v') + '_' + libm;
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

PreservedAnalyses VectorMathPass::run(Function &function, FunctionAnalysisManager &)
{
    StringRef target = function.getParent()->getTargetTriple();

    if (is_native(function))
        if (starts_with(target, "x86_64") && target.contains("linux-gnu"))
            for (Instruction &instruction : instructions(function))
                if (auto *call = dyn_cast<CallInst>(&instruction))
                    annotate(*call, register_bits(function));
    return PreservedAnalyses::all();
}

} // namespace pf
