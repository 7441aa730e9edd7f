/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plugin.cpp: clang loads this with -fpass-plugin.  Nothing happens to modules
 * without settings; all of it happens before LLVM's own optimisations, while ids and
 * barriers can still be seen.
 */
#include "check.h"
#include "compile.h"
#include "estimates.h"
#include "scales.h"
#include "signatures.h"
#include "unrolling.h"
#include "vector_math.h"

namespace pf
{
namespace
{

/* Clang stops after the passes if an error was reported. */
struct KernelsPass : PassInfoMixin<KernelsPass> {
    PreservedAnalyses run(Module &module, ModuleAnalysisManager &analyses)
    {
        Settings settings;
        bool right = take_settings(module, settings);

        if (right && settings.mode == Mode::NONE)
            return PreservedAnalyses::all();
        right = right && check(module);
        if (right && settings.mode == Mode::SIGNATURES)
            right = write_signatures(module, settings.output);
        else if (right)
            right = compile(module, analyses, settings);
        /* what has been described is not compiled */
        if (!right || settings.mode == Mode::SIGNATURES)
            drop_bodies(module);
        return PreservedAnalyses::none();
    }

    /* Without optimisation, too. */
    static bool isRequired()
    {
        return true;
    }
};

void register_passes(PassBuilder &builder)
{
    builder.registerPipelineStartEPCallback(
            [](ModulePassManager &passes, OptimizationLevel) {
                passes.addPass(KernelsPass());
            });
    builder.registerVectorizerStartEPCallback(
            [](FunctionPassManager &passes, OptimizationLevel) {
                passes.addPass(VectorMathPass());
                passes.addPass(UnrollingPass());
            });
    builder.registerOptimizerLastEPCallback(
            [](ModulePassManager &passes, OptimizationLevel, auto...) {
                passes.addPass(createModuleToFunctionPassAdaptor(EstimatesPass()));
                passes.addPass(createModuleToFunctionPassAdaptor(ScalesPass()));
            });
}

} // namespace
} // namespace pf

extern "C" __attribute__((visibility("default"))) llvm::PassPluginLibraryInfo
llvmGetPassPluginInfo()
{
    return { LLVM_PLUGIN_API_VERSION, "parfun-cc", PARFUN_VERSION,
        pf::register_passes };
}
