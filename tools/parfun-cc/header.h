/* SPDX-License-Identifier: Apache-2.0 */
/* header.h: the header of the generated functions, for C and C++. */
#ifndef CC_HEADER_H
#define CC_HEADER_H

#include "kernels.h"

/* `file` is the .cl file, `path` where the header will be. */
void cc_header_add(struct cc_text *text, const char *file, const char *path,
        const struct cc_kernels *kernels);

#endif
