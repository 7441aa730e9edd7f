/* SPDX-License-Identifier: Apache-2.0 */
/* compile.cpp: the order of steps, for each kernel and each variant. */
#include "compile.h"

#include "barriers.h"
#include "divisions.h"
#include "estimates.h"
#include "format.h"
#include "guards.h"
#include "hoisting.h"
#include "ids.h"
#include "loops.h"
#include "prepare.h"
#include "scales.h"
#include "signatures.h"
#include "variants.h"

#include "llvm/Analysis/TargetLibraryInfo.h"

namespace pf
{
namespace
{

struct Kernel {
    std::string name;
    Function *item, *group, *native;
    Function *blocks; /* or nullptr */
    RequiredSize required;
    Scratch scratch;
};

struct Compiler {
    Module &module;
    ModuleAnalysisManager &analyses;
    FunctionAnalysisManager &function_analyses;
    const Settings &settings;
    std::vector<Kernel> kernels;

    bool find_kernels();
    bool prepare(Kernel &kernel);
    Function *group_function(const Kernel &kernel, StringRef isa);
    void lower(Kernel &kernel, Function *item, Function *group);
    void lower_regions(ArrayRef<RegionFunctions> regions);
    void make_variant(Kernel &kernel, StringRef isa);
    bool is_right(ArrayRef<Function *> functions);
    bool write();
    const TargetTransformInfo &machine(Function &function);
};

/* Of the kernel that a work-item function calls; known only before inlining. */
RequiredSize required_size(const Function &item)
{
    RequiredSize size{ 0, 0, 0 };

    for (const Instruction &instruction : instructions(item)) {
        auto *call = dyn_cast<CallBase>(&instruction);
        const Function *callee = call ? call->getCalledFunction() : nullptr;
        const MDNode *node =
                callee ? callee->getMetadata("reqd_work_group_size") : nullptr;
        for (unsigned i = 0; node && i < 3; i++)
            size[i] = unsigned(mdconst::extract<ConstantInt>(node->getOperand(i))
                            ->getZExtValue());
    }
    return size;
}

bool Compiler::find_kernels()
{
    for (Function &function : module) {
        StringRef name = function.getName();
        if (function.isDeclaration() || !name.consume_front(PF_ITEM_PREFIX))
            continue;
        Kernel kernel{ name.str(), &function,
            module.getFunction((PF_GROUP_PREFIX + name).str()),
            module.getFunction((PF_NATIVE_PREFIX + name).str()),
            module.getFunction((PF_BLOCKS_PREFIX + name).str()),
            required_size(function), {} };
        if (function.arg_size() != ITEM_END || !kernel.group || !kernel.native
                || kernel.group->arg_size() != without_local_ids(ITEM_END)
                || kernel.native->isDeclaration()) {
            report(function, nullptr,
                    Twine("the wrapper of kernel '") + name
                            + "' does not fit the compiler plugin; parfun-cc and its "
                              "plugin must be of one version");
            return false;
        }
        kernels.push_back(kernel);
    }
    for (const std::string &isa : settings.variants)
        if (!is_variant(module, isa)) {
            module.getContext().emitError(Twine("parfun-cc: '") + isa
                    + "' is no instruction set for " + module.getTargetTriple()
                    + ": give x86-64-v2, x86-64-v3, x86-64-v4 or generic");
            return false;
        }
    return true;
}

/* The tree of a reduction is fixed, whatever fast math the kernel asks for. */
void forbid_reordering(Function &blocks)
{
    for (Instruction &instruction : instructions(blocks))
        if (isa<FPMathOperator>(instruction))
            instruction.copyFastMathFlags(FastMathFlags());
}

bool Compiler::prepare(Kernel &kernel)
{
    Function &item = *kernel.item;
    auto atomics = settings.private_atomics.find(kernel.name);

    for (const Instruction &instruction : instructions(item)) {
        auto *call = dyn_cast<CallBase>(&instruction);
        const Function *callee = call ? call->getCalledFunction() : nullptr;
        if (!callee || callee->isDeclaration())
            continue;
        report(item, call,
                Twine("function '") + callee->getName() + "' could not be inlined");
        return false;
    }
    lower_ids(item);
    make_divisions_safe(item);
    tidy_item(item, function_analyses, settings);
    if (atomics != settings.private_atomics.end())
        relax_atomics(item, atomics->second);
    if (kernel.required[0])
        for (unsigned i = 0; i < 3; i++)
            item.getArg(GROUP_SIZE + i)
                    ->replaceAllUsesWith(
                            ConstantInt::get(Type::getInt64Ty(module.getContext()),
                                    kernel.required[i]));
    return true;
}

/* What is true of the work-item function's code is true of the group's, except how
 * it has been called so far. */
Function *Compiler::group_function(const Kernel &kernel, StringRef isa)
{
    LLVMContext &context = module.getContext();
    Function *group = Function::Create(kernel.group->getFunctionType(),
            GlobalValue::InternalLinkage,
            kernel.group->getName() + "." + suffix_of(isa), module);

    group->setAttributes(AttributeList::get(context, AttributeList::FunctionIndex,
            AttrBuilder(context, kernel.item->getAttributes().getFnAttrs())));
    for (auto kind : { Attribute::OptimizeNone, Attribute::NoInline,
                 Attribute::Convergent, Attribute::AlwaysInline })
        group->removeFnAttr(kind);
    set_variant(*group, isa);
    return group;
}

/* Its debug information moves on to the function that has been made from it. */
void replace_by(Function *old, Function *made)
{
    made->setSubprogram(old->getSubprogram());
    old->setSubprogram(nullptr);
    old->eraseFromParent();
}

const TargetTransformInfo &Compiler::machine(Function &function)
{
    return function_analyses.getResult<TargetIRAnalysis>(function);
}

void Compiler::lower_regions(ArrayRef<RegionFunctions> regions)
{
    for (const RegionFunctions &region : regions) {
        tidy_region(*region.one, function_analyses);
        Instructions hoisted = find_hoistable(*region.one);
        emit_loops(*region.one, *region.many, hoisted, {}, machine(*region.one),
                settings);
        function_analyses.clear(*region.one, region.one->getName());
        replace_by(region.one, region.many);
    }
}

bool has_barriers(const Function &function)
{
    return any_of(instructions(function), is_barrier);
}

void Compiler::lower(Kernel &kernel, Function *item, Function *group)
{
    LocalVariables locals = find_local_variables(*item);
    Instructions hoisted = find_hoistable(*item);
    SmallVector<Guard, 4> guards;
    SmallVector<Instruction *, 4> limits;
    SmallVector<RegionFunctions, 8> regions;

    if (settings.clip)
        guards = take_guards(*item, hoisted);
    for (const Guard &guard : guards)
        if (auto *limit = dyn_cast<Instruction>(guard.limit.value))
            limits.push_back(limit);
    if (!guards.empty()) {
        tidy_guards(*item, function_analyses, limits);
        hoisted = find_hoistable(*item);
    }
    if (settings.verbose)
        errs() << kernel.name << ": " << guards.size()
               << " conditions became bounds of loops\n";
    hoist_divisions(*item, hoisted);
    narrow_ids(*item);
    if (has_barriers(*item) || !locals.items.empty())
        kernel.scratch = split_at_barriers(
                *item, *group, hoisted, guards, locals, kernel.required, regions);
    else
        emit_loops(*item, *group, hoisted, guards, machine(*item), settings);
    function_analyses.clear(*item, item->getName());
    replace_by(item, group);
    lower_regions(regions);
}

/* Makes a variant of a function that calls the group function.  Blocks take it in:
 * their tile becomes registers then. */
void call_group(Function *caller, Function &group, Function &variant, StringRef isa)
{
    ValueToValueMapTy map;

    map[&group] = &variant;
    Function *made = CloneFunction(caller, map);
    made->setName(caller->getName() + "_" + suffix_of(isa));
    made->setVisibility(GlobalValue::HiddenVisibility);
    made->removeFnAttr(Attribute::Convergent);
    set_variant(*made, isa);
    for (User *user : variant.users())
        if (auto *call = dyn_cast<CallBase>(user); call
                && starts_with(caller->getName(), PF_BLOCKS_PREFIX)
                && call->getFunction() == made)
            call->addFnAttr(Attribute::AlwaysInline);
}

void Compiler::make_variant(Kernel &kernel, StringRef isa)
{
    const std::string suffix = suffix_of(isa);
    ValueToValueMapTy for_item;
    Function *item = CloneFunction(kernel.item, for_item);
    Function *group = group_function(kernel, isa);

    item->setName(kernel.item->getName() + "." + suffix);
    item->setLinkage(GlobalValue::InternalLinkage);
    set_variant(*item, isa);
    lower(kernel, item, group);
    call_group(kernel.native, *kernel.group, *group, isa);
    if (kernel.blocks)
        call_group(kernel.blocks, *kernel.group, *group, isa);
}

bool Compiler::is_right(ArrayRef<Function *> functions)
{
    std::string text;
    raw_string_ostream stream(text);

    for (const Function *function : functions)
        if (!function->isDeclaration() && verifyFunction(*function, &stream)) {
            report(*function, nullptr,
                    Twine("the compiler plugin made a wrong function ")
                            + function->getName() + ": " + stream.str());
            return false;
        }
    return true;
}

bool Compiler::write()
{
    std::vector<std::string> lines;

    for (const Kernel &kernel : kernels) {
        json::Array suffixes;
        for (const std::string &isa : settings.variants)
            suffixes.push_back(suffix_of(isa));
        lines.push_back(to_line(json::Object{
                { "kernel", kernel.name },
                { "scratch_fixed", int64_t(kernel.scratch.fixed) },
                { "scratch_item", int64_t(kernel.scratch.per_item) },
                { "suffixes", std::move(suffixes) },
        }));
    }
    return write_lines(module, settings.output, lines);
}

} // namespace

bool compile(
        Module &module, ModuleAnalysisManager &analyses, const Settings &settings)
{
    Compiler compiler{ module, analyses,
        analyses.getResult<FunctionAnalysisManagerModuleProxy>(module).getManager(),
        settings, {} };
    SmallVector<Function *, 32> made;

    reset_calling_conventions(module);
    if (!compiler.find_kernels())
        return false;
    for (Kernel &kernel : compiler.kernels)
        if (kernel.blocks)
            forbid_reordering(*kernel.blocks);
    spread_printf(module);
    mark_estimates(module);
    mark_scales(module);
    inline_all(module, analyses);
    for (Kernel &kernel : compiler.kernels) {
        if (!compiler.prepare(kernel))
            return false;
        for (const std::string &isa : settings.variants)
            compiler.make_variant(kernel, isa);
        for (Function *done :
                { kernel.native, kernel.blocks, kernel.item, kernel.group }) {
            if (!done)
                continue;
            compiler.function_analyses.clear(*done, done->getName());
            done->eraseFromParent();
        }
    }
    for (Function &function : module) {
        compiler.function_analyses.invalidate(function, PreservedAnalyses::none());
        made.push_back(&function);
    }
    return (!settings.verify || compiler.is_right(made)) && compiler.write();
}

} // namespace pf
