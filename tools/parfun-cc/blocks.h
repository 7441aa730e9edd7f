/* SPDX-License-Identifier: Apache-2.0 */
/*
 * blocks.h: native code that reduces what a kernel's items write as they write it,
 * so that no value goes through memory.  It is OpenCL C, too: the kernel is run for
 * 32 items, one for each lane of the tree in docs/reductions.md, on a little array
 * that becomes registers, and added to the lanes.
 */
#ifndef CC_BLOCKS_H
#define CC_BLOCKS_H

#include "kernels.h"

/* If all that the kernel reduces suits, and it cannot tell 32 items from more. */
bool cc_blocks_suit(const struct cc_kernel *kernel);

/* What pf_blocks_K of any kernel needs. */
void cc_blocks_add_joins(struct cc_text *text);

/* Adds pf_blocks_K, a parfun_native_blocks, to the wrapper. */
void cc_blocks_add(struct cc_text *text, const struct cc_kernel *kernel);

#endif
