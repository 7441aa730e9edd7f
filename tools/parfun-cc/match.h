/* SPDX-License-Identifier: Apache-2.0 */
/* match.h: brings clang's kernels and the text's pragmas together. */
#ifndef CC_MATCH_H
#define CC_MATCH_H

#include "kernels.h"
#include "message.h"
#include "runtime/scan.h"

/* Names that C or OpenCL C has taken; before clang, whose words for them are
 * others.  `only`: without functions in C, and one kernel is wanted. */
enum cc_exit cc_match_names(const char *file, const struct pf_scan *scan,
        const char *prefix, bool only);

/* Gives each kernel the pragmas above it and its name in C, with `prefix` (""
 * for none).  Errors: a pragma above no kernel, names as above for kernels
 * that a macro defines, and a file without kernels, unless `only` one is wanted. */
enum cc_exit cc_match(const char *file, struct pf_scan *scan, const char *prefix,
        bool only, struct cc_kernels *kernels);

/* Renames, in the text and before clang sees it, kernels that are called like a
 * built-in function: with a prefix that is allowed. */
void cc_match_rename(
        struct cc_text *text, struct pf_scan *scan, const char *prefix);

/* Leaves the kernel that --kernel names alone, if it is there, and lists the names
 * of all. */
const char *cc_match_only(const char *name, struct cc_kernels *kernels);
/* Its clauses, for its code; the library says what is wrong with them. */
void cc_match_lenient(
        const char *file, const char *clauses, struct cc_kernels *kernels);

/* Checks the clauses of all kernels; all mistakes are told.  They are freed by
 * cc_match_finish(). */
enum cc_exit cc_match_clauses(const char *file, struct cc_kernels *kernels);

/* Warns of reductions of what every item writes at the same place; `language`: clang's
 * options. */
enum cc_exit cc_match_results(const char *file, const struct cc_list *language,
        const struct cc_kernels *kernels);

/* Says which kernels have no `#pragma parfun`, and so no function. */
void cc_match_tell(const char *file, const struct cc_kernels *kernels);

void cc_match_finish(struct cc_kernels *kernels);

/* What the library knows of the kernel. */
struct parfun_kernel cc_match_describe(
        const char *file, const struct cc_kernel *kernel);

#endif
