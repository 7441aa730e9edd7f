/* SPDX-License-Identifier: Apache-2.0 */
/* compile.h: the runs of clang. */
#ifndef CC_COMPILE_H
#define CC_COMPILE_H

#include "kernels.h"
#include "locate.h"
#include "message.h"
#include "options.h"

struct cc_job {
    const struct cc_options *options;
    struct cc_tools tools;
    bool conversions; /* the text uses convert_...() */
    const char
            *precompiled; /* the built-in functions as clang keeps them, or NULL */
};

/* Run 0, where the same options serve two runs: parses the built-in functions once
 * for both, which is what most of a small text's time goes to. */
enum cc_exit cc_compile_builtins(struct cc_job *job);

/* Run 1: the language and what kernels there are.  Errors are clang's; the rule
 * for make is left in "rule.d". */
enum cc_exit cc_compile_signatures(const struct cc_job *job,
        const struct cc_text *text, struct cc_kernels *kernels);

/* Run 2: native code of all kernels, in *objects; fills in the kernels' suffixes
 * and scratch.  Kernels with build() of their own are compiled apart. */
enum cc_exit cc_compile_native(const struct cc_job *job, const struct cc_text *text,
        struct cc_kernels *kernels, struct cc_list *objects);

/* The C file; then all objects as one. */
enum cc_exit cc_compile_glue(const struct cc_job *job, const struct cc_text *glue,
        struct cc_list *objects);
enum cc_exit cc_compile_join(
        const struct cc_job *job, const struct cc_list *objects);

#endif
