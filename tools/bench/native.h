/* SPDX-License-Identifier: Apache-2.0 */
/* native.h: a kernel's native code called directly, as the library does it. */
#ifndef NATIVE_H
#define NATIVE_H

#include <parfun/kernel.h>

/* The most demanding variant that this machine runs. */
const struct parfun_variant *native_variant(const struct parfun_kernel *kernel);

/* Runs a box of size[0] x size[1] work-items in groups (0: the kernel needs none).
 * Arguments as in parfun_native. */
void native_run(const struct parfun_variant *variant, const size_t size[2],
        size_t group, void *const *arguments);

#endif
