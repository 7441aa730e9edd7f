/* SPDX-License-Identifier: Apache-2.0 */
/* settings.cpp: one table of keys. */
#include "settings.h"

#include "ir.h"

namespace pf
{

static bool set_mode(Settings &settings, StringRef value)
{
    if (value == "signatures")
        settings.mode = Mode::SIGNATURES;
    else if (value == "compile")
        settings.mode = Mode::COMPILE;
    else
        return false;
    return true;
}

static bool set_variants(Settings &settings, StringRef value)
{
    SmallVector<StringRef, 4> names;

    value.split(names, ',', -1, false);
    for (StringRef name : names)
        settings.variants.push_back(name.trim().str());
    return true;
}

static bool set_private_atomics(Settings &settings, StringRef value)
{
    SmallVector<StringRef, 4> kernels, numbers;

    value.split(kernels, ';', -1, false);
    for (StringRef kernel : kernels) {
        auto [name, list] = kernel.split(':');
        numbers.clear();
        list.split(numbers, ',', -1, false);
        for (StringRef number : numbers) {
            unsigned index;
            if (number.getAsInteger(10, index))
                return false;
            settings.private_atomics[name.str()].insert(index);
        }
    }
    return true;
}

static bool set_one(Settings &settings, StringRef key, StringRef value)
{
    static const struct {
        const char *key;
        bool Settings::*member;
    } switches[] = {
        { "verify", &Settings::verify },
        { "verbose", &Settings::verbose },
        { "mask", &Settings::mask },
        { "interchange", &Settings::interchange },
        { "clip", &Settings::clip },
        { "scalarize", &Settings::scalarize },
    };

    for (const auto &entry : switches)
        if (key == entry.key) {
            settings.*entry.member = value == "1";
            return value == "0" || value == "1";
        }
    if (key == "mode")
        return set_mode(settings, value);
    if (key == "variants")
        return set_variants(settings, value);
    if (key == "private_atomics")
        return set_private_atomics(settings, value);
    if (key != "output")
        return false;
    settings.output = value.str();
    return !value.empty();
}

bool take_settings(Module &module, Settings &settings)
{
    GlobalVariable *global = module.getGlobalVariable("pf_options", true);
    SmallVector<StringRef, 8> lines;

    if (!global || !global->hasInitializer())
        return true;
    auto *data = dyn_cast<ConstantDataArray>(global->getInitializer());
    if (!data || !data->isCString()) {
        module.getContext().emitError("parfun-cc: pf_options is not a text");
        return false;
    }
    data->getAsCString().split(lines, '\n', -1, false);
    for (StringRef line : lines) {
        auto [key, value] = line.split('=');
        if (!set_one(settings, key.trim(), value)) {
            module.getContext().emitError(
                    Twine("parfun-cc: its compiler plugin does "
                          "not understand the setting ")
                    + line + "; both must be of one version");
            return false;
        }
    }
    if (settings.variants.empty())
        settings.variants.push_back("generic");
#if LLVM_VERSION_MAJOR >= 16 /* before, a short text stays in the object */
    removeFromUsedLists(module, [global](Constant *used) {
        return used->stripPointerCasts() == global;
    });
#endif
    if (global->use_empty())
        global->eraseFromParent();
    return true;
}

} // namespace pf
