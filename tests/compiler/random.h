/* SPDX-License-Identifier: Apache-2.0 */
/* random.h: what kernels made by chance read and write, and what they must compute. */
#ifndef PF_TESTS_COMPILER_RANDOM_H
#define PF_TESTS_COMPILER_RANDOM_H

#include "run.h"

#include "names.h"

enum { IN = 64, OUT = 512, OWN = 4 * OUT };

struct arrays {
    uint32_t in[IN], out[OUT], own[OWN];
};

/* Runs one kernel of NAMES, by its index, in another way than native code.  False if
 * that way is not there. */
bool run_reference(size_t kernel, const struct range *whole, struct arrays *arrays);

#endif
