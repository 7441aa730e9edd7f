/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scan.h: where `#pragma parfun` stands in a text, and above which function.
 * Compilers skip the pragma, so this is found in the text itself.  Pure: used by the
 * runtime and by the kernel compiler.
 */
#ifndef PF_SCAN_H
#define PF_SCAN_H

#include "runtime/base/lexer.h"

#include <parfun/kernel.h>
#include <stdbool.h>

/* The definition of a function, or what may be one once macros are expanded. */
struct pf_definition {
    const char *name; /* the word before the parentheses; NULL if none */
    size_t name_at;   /* its offset in the text */
    unsigned first_line, last_line, name_line; /* to the opening brace */
    size_t begin, brace, end; /* offsets: of the first token, of the opening brace,
                                 after the closing one */
    bool kernel;              /* has the word kernel or __kernel */
    struct parfun_pragma *pragmas;
    unsigned pragma_count;
    bool taken; /* by a kernel, in parfun-cc */
};

struct pf_scan {
    struct pf_definition *definitions;
    size_t count;
    void **blocks; /* memory of names and pragmas */
    size_t block_count, block_room;
};

/* Finds the definitions of a text and the pragmas above them; pragmas elsewhere
 * are PARFUN_INVALID, "file:line: error: sentence".  Free with pf_scan_finish(),
 * also after a failure. */
enum parfun_status pf_scan_text(
        const char *file, const char *text, size_t length, struct pf_scan *scan);
void pf_scan_finish(struct pf_scan *scan);

/* Is it `#pragma parfun`?  In *rest the offset of the word parfun. */
bool pf_scan_is_pragma(const char *text, struct pf_token token, size_t *rest);

/* For an included file: a pragma is PARFUN_INVALID. */
enum parfun_status pf_scan_included(
        const char *file, const char *text, size_t length);

#endif
