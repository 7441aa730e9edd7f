/* SPDX-License-Identifier: Apache-2.0 */
/*
 * wrapper.h: the OpenCL C that stands behind the user's text for the second run
 * of clang.  For each kernel K it defines
 *
 *   pf_item_K     one work-item: reads the arguments and calls the kernel
 *   pf_group_K    one group; only declared: the plugin makes it from pf_item_K
 *   pf_native_K   a box of groups, a parfun_native; the plugin makes variants
 *   pf_parameters_K   the parameter table; only here sizeof(struct ...) is known
 */
#ifndef CC_WRAPPER_H
#define CC_WRAPPER_H

#include "kernels.h"

void cc_wrapper_add(struct cc_text *text, const struct cc_kernels *kernels);

#endif
