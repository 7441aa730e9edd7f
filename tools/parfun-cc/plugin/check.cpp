/* SPDX-License-Identifier: Apache-2.0 */
/* check.cpp: everything that would fail later gets a message that names the line. */
#include "check.h"

#include "ids.h"

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
        "lgamma_r", "log", "log10", "log1p", "log2", "logb", "memcpy", "memmove",
        "memset", "modf", "nan", "nextafter", "pow", "printf", "putchar", "puts",
        "remainder", "remquo", "rint", "round", "sin", "sincos", "sinh", "sqrt",
        "tan", "tanh", "tgamma", "trunc" };

    if (names.count(name))
        return true;
    return name.size() > 1 && name.back() == 'f' && names.count(name.drop_back());
}

namespace
{
struct Checker {
    Module &module;
    bool right = true;

    void refuse(const Function &function, const Instruction *at, const Twine &why)
    {
        report(function, at, why);
        right = false;
    }

    void recursion();
    void parameters(const Function &kernel);
    void instruction(const Function &function, const Instruction &instruction);
    void call(const Function &function, const CallBase &call);
    void format(const Function &function, const CallBase &call);
};
} // namespace

void Checker::recursion()
{
    CallGraph graph(module);

    for (auto set = scc_begin(&graph); !set.isAtEnd(); ++set) {
        if (!set.hasCycle())
            continue;
        for (const CallGraphNode *node : *set)
            if (const Function *function = node->getFunction()) {
                refuse(*function, nullptr,
                        Twine("recursion is not allowed in OpenCL C (function '")
                                + plain_name(function->getName()) + "')");
                break;
            }
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

/* A conversion "%...v4f" prints a vector.  The C library's printf does not know
 * it, and vectors are passed to it in another way. */
void Checker::format(const Function &function, const CallBase &call)
{
    StringRef text;
    bool vector = false;

    for (const Use &use : call.args())
        vector |= use->getType()->isVectorTy();
    if (!getConstantStringInfo(call.getArgOperand(0), text))
        return refuse(function, &call, "the format of printf must be a literal");
    for (size_t at = 0; (at = text.find('%', at)) != StringRef::npos;) {
        size_t letter = text.find_first_not_of("-+ #0123456789.*", ++at);
        if (letter == StringRef::npos)
            break;
        vector |= text[letter] == 'v';
        at = letter + 1;
    }
    if (vector)
        refuse(function, &call,
                "printf of vectors (%v...) is not supported: print the components");
}

void Checker::call(const Function &function, const CallBase &call)
{
    auto *callee = dyn_cast<Function>(call.getCalledOperand()->stripPointerCasts());

    if (call.isInlineAsm())
        return refuse(function, &call, "inline assembly is not supported");
    if (!callee)
        return refuse(function, &call,
                "calls through function pointers are not supported");
    if (is_printf(call))
        return format(function, call);
    if (!callee->isDeclaration() || callee->isIntrinsic()
            || starts_with(callee->getName(), PF_GROUP_PREFIX)
            || is_work_item_function(callee->getName())
            || is_host_function(callee->getName()))
        return;
    refuse(function, &call,
            Twine("'") + plain_name(callee->getName())
                    + "' is neither defined here nor a supported built-in function");
}

void Checker::instruction(const Function &function, const Instruction &instruction)
{
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
}

} // namespace pf
