/* SPDX-License-Identifier: Apache-2.0 */
/*
 * settings.h: what the driver asks for.
 *
 * The settings travel inside the module, as lines "key=value" of the constant
 * `pf_options`:
 *
 *   mode=signatures|compile
 *   output=PATH            JSON lines are written there
 *   variants=ISA,...       default: "generic"
 *   private_atomics=K:INDEX,...;K:...   parameters of K (counted from 0) on which
 *                          no two threads work: atomics need not be atomic
 *   verify=1               check what has been made with LLVM's verifier
 *   verbose=1              tell on stderr what became of loops
 *   mask, interchange, clip, scalarize=0|1   for tests: leave a step out
 */
#ifndef PF_PLUGIN_SETTINGS_H
#define PF_PLUGIN_SETTINGS_H

#include "item.h"

namespace pf
{

/* Work-items whose loops are turned into vector code together. */
constexpr unsigned LANES = 16;

enum class Mode { NONE, SIGNATURES, COMPILE };

struct Settings {
    Mode mode = Mode::NONE;
    std::string output;
    std::vector<std::string> variants;
    std::map<std::string, std::set<unsigned>> private_atomics;
    bool verify = false, verbose = false;
    bool mask = true, interchange = true, clip = true, scalarize = true;
};

/* Reads the constant and removes it from the module.  False after a complaint
 * about what it says. */
bool take_settings(Module &module, Settings &settings);

} // namespace pf

#endif
