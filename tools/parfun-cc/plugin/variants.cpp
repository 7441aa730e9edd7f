/* SPDX-License-Identifier: Apache-2.0 */
/* variants.cpp: levels of x86-64; elsewhere only what every machine has. */
#include "variants.h"

#include "ir.h"

namespace pf
{

static const struct {
    const char *isa;
    const char *vector_bits; /* LLVM prefers shorter ones on its own */
} x86_levels[] = {
    { "x86-64-v2", nullptr },
    { "x86-64-v3", nullptr },
    { "x86-64-v4", "512" },
};

bool is_variant(const Module &module, StringRef isa)
{
    if (isa == "generic")
        return true;
    if (starts_with(module.getTargetTriple(), "x86_64"))
        for (const auto &level : x86_levels)
            if (isa == level.isa)
                return true;
    return false;
}

std::string suffix_of(StringRef isa)
{
    std::string suffix = isa.str();

    for (char &letter : suffix)
        if (letter == '-')
            letter = '_';
    return suffix;
}

/* Without tune-cpu and target-features, which hold for what clang was told. */
void set_variant(Function &function, StringRef isa)
{
    for (const auto &level : x86_levels) {
        if (isa != level.isa)
            continue;
        function.removeFnAttr("tune-cpu");
        function.removeFnAttr("target-features");
        function.addFnAttr("target-cpu", isa);
        if (level.vector_bits) {
            function.addFnAttr("prefer-vector-width", level.vector_bits);
            function.addFnAttr("min-legal-vector-width", level.vector_bits);
        }
    }
}

} // namespace pf
