/* SPDX-License-Identifier: Apache-2.0 */
/*
 * lexer.h: the tokens of an OpenCL C file before preprocessing.  A preprocessor
 * line, with its continuations, is one token.
 */
#ifndef CC_LEXER_H
#define CC_LEXER_H

#include <stdbool.h>
#include <stddef.h>

enum cc_token_kind {
    CC_WORD,      /* an identifier or keyword */
    CC_LITERAL,   /* a number, a string, a character */
    CC_MARK,      /* one other character: '(' or ';' */
    CC_DIRECTIVE, /* from '#' to the end of the line, without the newline */
    CC_END
};

struct cc_token {
    enum cc_token_kind kind;
    size_t begin, end; /* offsets in the text, half-open */
    unsigned line, column;
};

struct cc_lexer {
    const char *text;
    size_t length, at, line_begin;
    unsigned line;
    bool fresh; /* nothing but blanks on this line so far */
};

struct cc_lexer cc_lexer_begin(const char *text, size_t length);
struct cc_token cc_lexer_next(struct cc_lexer *lexer);

bool cc_token_is(
        const struct cc_lexer *lexer, struct cc_token token, const char *text);

/* The directive's name ("pragma", "include"; "" if none), and in *rest the
 * offset of the first character after it and blanks. */
const char *cc_directive_name(
        const char *text, struct cc_token directive, size_t *rest);

/* The directive's text from an offset on, comments and line ends as blanks,
 * without blanks at its end. */
char *cc_directive_text(const char *text, struct cc_token directive, size_t offset);

#endif
