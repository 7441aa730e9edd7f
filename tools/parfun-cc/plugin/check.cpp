/* SPDX-License-Identifier: Apache-2.0 */
/* check.cpp: everything that would fail later gets a message that names the line. */
#include "check.h"

#include "format.h"
#include "ids.h"
#include "usage.h"

namespace pf
{

std::string plain_name(StringRef name)
{
    unsigned length;

    if (!starts_with(name, "_Z"))
        return name.str();
    name = name.drop_front(2);
    if (name.consumeInteger(10, length))
        return name.str();
    return name.substr(0, length).str();
}

bool is_printf(const CallBase &call)
{
    const Function *callee = call.getCalledFunction();
    return callee && callee->getName() == "printf";
}

const MDNode *parameter_data(const Function &function, StringRef what)
{
    return function.getMetadata(("kernel_arg_" + what).str());
}

/* What the built-in functions leave to the C library.  Not LLVM's own list: that
 * of LLVM 19 lacks hypot. */
static bool is_host_function(StringRef name)
{
    static const std::set<StringRef> names = { "acos", "acosh", "asin", "asinh",
        "atan", "atan2", "atanh", "cbrt", "ceil", "copysign", "cos", "cosh", "erf",
        "erfc", "exp", "exp10", "exp2", "expm1", "fabs", "fdim", "floor", "fma",
        "fmax", "fmin", "fmod", "frexp", "hypot", "ilogb", "ldexp", "lgamma",
        "lgamma_r", "lgammaf_r", "log", "log10", "log1p", "log2", "logb", "memcpy",
        "memmove", "memset", "modf", "nan", "nextafter", "pow", "printf", "putchar",
        "puts", "remainder", "remquo", "rint", "round", "sin", "sincos", "sinh",
        "sqrt", "tan", "tanh", "tgamma", "trunc" };

    if (names.count(name))
        return true;
    return name.size() > 1 && name.back() == 'f' && names.count(name.drop_back());
}

namespace
{
struct Checker {
    Module &module;
    bool right = true;
    const Function *foreign = nullptr; /* the last one with foreign numbers */

    void refuse(const Function &function, const Instruction *at, const Twine &why)
    {
        report(function, at, why);
        right = false;
    }

    void recursion();
    void cycle(const SmallPtrSetImpl<const Function *> &functions);
    void parameters(const Function &kernel);
    void instruction(const Function &function, const Instruction &instruction);
    void call(const Function &function, const CallBase &call);
    void types(const Function &function, const Instruction &instruction);
    void variables(const Function &function, const Instruction &instruction);
    void private_memory(const Function &function);
};
} // namespace

/* Where the first function of a cycle calls itself or another one. */
void Checker::cycle(const SmallPtrSetImpl<const Function *> &functions)
{
    for (const Function &function : module) {
        if (!functions.count(&function))
            continue;
        for (const Instruction &instruction : instructions(function)) {
            auto *call = dyn_cast<CallBase>(&instruction);
            const Function *callee = call ? call->getCalledFunction() : nullptr;
            if (functions.count(callee))
                return refuse(function, call,
                        Twine("recursion is not allowed in OpenCL C: '")
                                + plain_name(function.getName()) + "' calls "
                                + (callee == &function
                                                ? "itself"
                                                : "a function that calls it"));
        }
    }
}

void Checker::recursion()
{
    CallGraph graph(module);

    for (auto set = scc_begin(&graph); !set.isAtEnd(); ++set) {
        SmallPtrSet<const Function *, 8> functions;
        if (!set.hasCycle())
            continue;
        for (const CallGraphNode *node : *set)
            if (node->getFunction())
                functions.insert(node->getFunction());
        cycle(functions);
    }
}

void Checker::parameters(const Function &kernel)
{
    static const char *const refused[] = { "image", "sampler_t", "queue_t",
        "clk_event_t", "reserve_id_t", "event_t", "pipe" };
    const MDNode *types = parameter_data(kernel, "base_type");
    const MDNode *qualifiers = parameter_data(kernel, "type_qual");
    const MDNode *names = parameter_data(kernel, "name");

    for (unsigned i = 0; types && i < types->getNumOperands(); i++) {
        StringRef type = cast<MDString>(types->getOperand(i))->getString();
        bool bad = qualifiers
                && cast<MDString>(qualifiers->getOperand(i))
                           ->getString()
                           .contains("pipe");
        for (const char *start : refused)
            bad |= starts_with(type, start) && !type.contains('*');
        if (!bad)
            continue;
        refuse(kernel, nullptr,
                Twine("parameter ")
                        + (names ? "'"
                                                + cast<MDString>(
                                                        names->getOperand(i))
                                                        ->getString()
                                                        .str()
                                                + "'"
                                 : std::to_string(i))
                        + " of kernel '" + kernel.getName() + "' has the type '"
                        + type
                        + "': images, samplers, pipes and queues are not supported");
    }
}

void Checker::call(const Function &function, const CallBase &call)
{
    auto *callee = dyn_cast<Function>(call.getCalledOperand()->stripPointerCasts());

    if (call.isInlineAsm())
        return refuse(function, &call, "inline assembly is not supported");
    if (!callee)
        return refuse(function, &call,
                "calls through pointers to functions, or aliases, are not supported");
    if (is_printf(call)) {
        const std::string mistake = printf_mistake(call);
        return mistake.empty() ? void() : refuse(function, &call, mistake);
    }
    if (callee->getName() == "__translate_sampler_initializer")
        return refuse(function, &call, "samplers are not supported");
    if (!callee->isDeclaration() || callee->isIntrinsic()
            || starts_with(callee->getName(), PF_GROUP_PREFIX)
            || is_work_item_function(callee->getName())
            || is_host_function(callee->getName()))
        return;
    refuse(function, &call,
            Twine("'") + plain_name(callee->getName())
                    + "' is neither defined here nor a supported built-in function");
}

/* What clang takes beyond OpenCL C; some of it calls a library that is not there. */
void Checker::types(const Function &function, const Instruction &instruction)
{
    auto is_foreign = [](const Type *type) {
        type = type->getScalarType();
        return type->isIntegerTy() ? type->getIntegerBitWidth() > 64
                                   : type->isFloatingPointTy() && !type->isFloatTy()
                        && !type->isDoubleTy();
    };
    bool found = is_foreign(instruction.getType());

    for (const Use &use : instruction.operands())
        found |= is_foreign(use->getType());
    if (!found || foreign == &function || is_built_in(function))
        return;
    foreign = &function;
    refuse(function, &instruction,
            "numbers other than those of OpenCL C 1.2 are not supported; half is "
            "for vload_half and vstore_half");
}

static const GlobalVariable *find_undefined(const Value *value)
{
    if (auto *variable = dyn_cast<GlobalVariable>(value))
        return variable->isDeclaration() ? variable : nullptr;
    if (auto *expression = dyn_cast<ConstantExpr>(value))
        for (const Use &use : expression->operands())
            if (const GlobalVariable *found = find_undefined(use.get()))
                return found;
    return nullptr;
}

void Checker::variables(const Function &function, const Instruction &instruction)
{
    for (const Use &use : instruction.operands())
        if (const GlobalVariable *variable = find_undefined(use.get()))
            refuse(function, &instruction,
                    Twine("'") + variable->getName()
                            + "' is declared, but not defined here");
}

/* It lies on the stack of a thread, whoever's that is. */
void Checker::private_memory(const Function &function)
{
    constexpr uint64_t MOST_BYTES = 1 << 20;
    const DataLayout &layout = module.getDataLayout();
    uint64_t bytes = 0;

    for (const Instruction &instruction : instructions(function))
        if (auto *variable = dyn_cast<AllocaInst>(&instruction))
            bytes += layout.getTypeAllocSize(variable->getAllocatedType());
    if (bytes > MOST_BYTES)
        refuse(function, nullptr,
                Twine("'") + plain_name(function.getName()) + "' has "
                        + Twine(bytes) + " bytes of private variables, more than "
                        + Twine(MOST_BYTES));
}

void Checker::instruction(const Function &function, const Instruction &instruction)
{
    types(function, instruction);
    variables(function, instruction);
    if (isa<IndirectBrInst>(instruction) || isa<InvokeInst>(instruction)
            || isa<CallBrInst>(instruction))
        refuse(function, &instruction,
                "jumps to computed labels are not supported");
    else if (auto *variable = dyn_cast<AllocaInst>(&instruction);
            variable && !isa<ConstantInt>(variable->getArraySize()))
        refuse(function, &instruction, "variable-length arrays are not supported");
    else if (auto *found = dyn_cast<CallBase>(&instruction))
        call(function, *found);
}

bool check(Module &module)
{
    Checker checker{ module };

    checker.recursion();
    for (const Function &function : module) {
        if (function.isDeclaration())
            continue;
        checker.parameters(function);
        checker.private_memory(function);
        for (const Instruction &instruction : instructions(function))
            checker.instruction(function, instruction);
    }
    return checker.right;
}

void drop_bodies(Module &module)
{
    for (Function &function : module)
        if (!function.isDeclaration())
            function.deleteBody();
    for (GlobalAlias &alias : make_early_inc_range(module.aliases())) {
        alias.replaceAllUsesWith(PoisonValue::get(alias.getType()));
        alias.eraseFromParent();
    }
}

} // namespace pf
