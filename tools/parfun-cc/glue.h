/* SPDX-License-Identifier: Apache-2.0 */
/* glue.h: the C file between native code and the library. */
#ifndef CC_GLUE_H
#define CC_GLUE_H

#include "kernels.h"

/* `only`: no C functions.  `source` is the text for drivers, `build` its options, `isas` the variants that
 * the plugin was asked for. */
void cc_glue_add(struct cc_text *text, const char *file, const char *source,
        const char *build, const struct cc_list *isas,
        const struct cc_kernels *kernels, bool only);

/* For --kernel: pf_text_kernel, the descriptor's address (NULL without a kernel),
 * and pf_text_names. */
void cc_glue_add_only(
        struct cc_text *text, const char *names, const struct cc_kernels *kernels);

#endif
