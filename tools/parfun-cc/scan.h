/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: where `#pragma parfun` stands in a text, and above which function.
 * clang skips the pragma, so this is found in the text itself.
 */
#ifndef CC_SCAN_H
#define CC_SCAN_H

#include "message.h"
#include "text.h"

#include <parfun/kernel.h>

/* The definition of a function, or what may be one once macros are expanded. */
struct cc_definition {
    const char *name; /* the word before the parentheses; NULL if none */
    size_t name_at;   /* its offset in the text */
    unsigned first_line, last_line, name_line; /* to the opening brace */
    bool kernel;                               /* has the word kernel or __kernel */
    struct parfun_pragma *pragmas;
    unsigned pragma_count;
    bool taken; /* by a kernel, in match.c */
};

struct cc_scan {
    struct cc_definition *definitions;
    size_t count;
};

/* Finds the definitions of a file and the pragmas above them.  Misplaced pragmas
 * are errors. */
enum cc_exit cc_scan_file(
        const char *file, const struct cc_text *text, struct cc_scan *scan);

/* For an included file: a pragma is an error. */
enum cc_exit cc_scan_included(const char *file, const struct cc_text *text);

#endif
