/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexer.h: the tokens of an OpenCL C text before preprocessing.  A preprocessor
 * line, with its continuations, is one token.
 */
#ifndef PF_BASE_LEXER_H
#define PF_BASE_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum pf_token_kind {
    PF_TOKEN_WORD,      /* an identifier or keyword */
    PF_TOKEN_LITERAL,   /* a number, a string, a character */
    PF_TOKEN_MARK,      /* one other character: '(' or ';' */
    PF_TOKEN_DIRECTIVE, /* from '#' to the end of the line, without the newline */
    PF_TOKEN_END
};

struct pf_token {
    enum pf_token_kind kind;
    size_t begin, end; /* offsets in the text, half-open */
    unsigned line, column;
};

struct pf_lexer {
    const char *text;
    size_t length, at, line_begin;
    unsigned line;
    bool fresh; /* nothing but blanks on this line so far */
};

struct pf_lexer pf_lexer_begin(const char *text, size_t length);
struct pf_token pf_lexer_next(struct pf_lexer *lexer);

bool pf_token_is(
        const struct pf_lexer *lexer, struct pf_token token, const char *text);

/* Whether the directive has this name, such as "pragma" (for "": none), and in *rest
 * the offset of the first character after the name and blanks. */
bool pf_directive_is(const char *text, struct pf_token directive, const char *name,
        size_t *rest);

/* The directive's text from an offset on, comments and line ends as blanks,
 * without blanks at its end.  The caller frees it; NULL for lack of memory. */
char *pf_directive_text(const char *text, struct pf_token directive, size_t offset);

#endif
