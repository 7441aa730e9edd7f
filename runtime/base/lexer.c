/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.c: comments, strings and lines, as C's translation phases 2 and 3. */
#include "runtime/base/lexer.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

struct pf_lexer pf_lexer_begin(const char *text, size_t length)
{
    return (struct pf_lexer){
        .text = text, .length = length, .line = 1, .fresh = true
    };
}

static char look(const struct pf_lexer *lexer, size_t ahead)
{
    size_t at = lexer->at + ahead;

    return at < lexer->length ? lexer->text[at] : '\0';
}

static bool is_at(const struct pf_lexer *lexer, size_t ahead, const char *text)
{
    for (; *text; text++)
        if (look(lexer, ahead++) != *text)
            return false;
    return true;
}

/* The bytes of a spliced line end here, "\\\n" or "\\\r\n"; 0 if none.  The backslash
 * may be a trigraph. */
static size_t splice(const struct pf_lexer *lexer)
{
    const size_t bytes = is_at(lexer, 0, "\\") ? 1
            : is_at(lexer, 0, "?\?/")          ? 3
                                               : 0;

    if (bytes && is_at(lexer, bytes, "\n"))
        return bytes + 1;
    return bytes && is_at(lexer, bytes, "\r\n") ? bytes + 2 : 0;
}

/* The bytes of what begins a directive, a trigraph and a digraph among them; or 0. */
static size_t hash(const struct pf_lexer *lexer)
{
    if (is_at(lexer, 0, "#"))
        return 1;
    return is_at(lexer, 0, "%:") ? 2 : is_at(lexer, 0, "?\?=") ? 3 : 0;
}

static void step(struct pf_lexer *lexer)
{
    if (lexer->text[lexer->at++] == '\n') {
        lexer->line++;
        lexer->line_begin = lexer->at;
    }
}

static bool at_end(const struct pf_lexer *lexer)
{
    return lexer->at >= lexer->length;
}

/* Over a comment that begins here, if one does. */
static bool skip_comment(struct pf_lexer *lexer)
{
    if (look(lexer, 0) != '/')
        return false;
    if (look(lexer, 1) == '/') {
        while (!at_end(lexer) && look(lexer, 0) != '\n') {
            size_t bytes = splice(lexer);
            do
                step(lexer);
            while (bytes && --bytes);
        }
        return true;
    }
    if (look(lexer, 1) != '*')
        return false;
    step(lexer), step(lexer);
    while (!at_end(lexer) && !(look(lexer, 0) == '*' && look(lexer, 1) == '/'))
        step(lexer);
    for (int i = 0; i < 2 && !at_end(lexer); i++)
        step(lexer);
    return true;
}

static void skip_quoted(struct pf_lexer *lexer)
{
    char quote = look(lexer, 0);

    step(lexer);
    while (!at_end(lexer) && look(lexer, 0) != quote) {
        size_t bytes = splice(lexer);
        if (!bytes && look(lexer, 0) == '\n')
            return; /* not closed: clang says so */
        if (!bytes && look(lexer, 0) == '\\' && lexer->at + 1 < lexer->length)
            bytes = 2;
        do
            step(lexer);
        while (bytes && --bytes && !at_end(lexer));
    }
    if (!at_end(lexer))
        step(lexer);
}

static void skip_directive(struct pf_lexer *lexer)
{
    while (!at_end(lexer) && look(lexer, 0) != '\n') {
        size_t bytes = splice(lexer);
        if (bytes)
            while (bytes--)
                step(lexer);
        else if (look(lexer, 0) == '"' || look(lexer, 0) == '\'')
            skip_quoted(lexer);
        else if (!skip_comment(lexer))
            step(lexer);
    }
}

static void skip_blanks(struct pf_lexer *lexer)
{
    while (!at_end(lexer)) {
        size_t bytes = splice(lexer);
        if (bytes) {
            while (bytes--)
                step(lexer);
        } else if (isspace((unsigned char)look(lexer, 0))) {
            lexer->fresh |= look(lexer, 0) == '\n';
            step(lexer);
        } else if (!skip_comment(lexer)) {
            return;
        }
    }
}

static bool in_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || c == '$'
            || (unsigned char)c >= 0x80;
}

struct pf_token pf_lexer_next(struct pf_lexer *lexer)
{
    struct pf_token token = { .kind = PF_TOKEN_END };
    char c;

    skip_blanks(lexer);
    c = look(lexer, 0);
    token.begin = lexer->at;
    token.line = lexer->line;
    token.column = (unsigned)(lexer->at - lexer->line_begin + 1);
    if (at_end(lexer)) {
        token.kind = PF_TOKEN_END;
    } else if (lexer->fresh && hash(lexer)) {
        token.kind = PF_TOKEN_DIRECTIVE;
        skip_directive(lexer);
    } else if (c == '"' || c == '\'') {
        token.kind = PF_TOKEN_LITERAL;
        skip_quoted(lexer);
    } else if (in_word(c)) {
        token.kind = isdigit((unsigned char)c) ? PF_TOKEN_LITERAL : PF_TOKEN_WORD;
        while (in_word(look(lexer, 0)))
            step(lexer);
    } else {
        token.kind = PF_TOKEN_MARK;
        step(lexer);
    }
    lexer->fresh = false;
    token.end = lexer->at;
    return token;
}

bool pf_token_is(
        const struct pf_lexer *lexer, struct pf_token token, const char *text)
{
    size_t length = strlen(text);

    return token.end - token.begin == length
            && !memcmp(lexer->text + token.begin, text, length);
}

bool pf_directive_is(
        const char *text, struct pf_token directive, const char *name, size_t *rest)
{
    struct pf_lexer lexer = pf_lexer_begin(text, directive.end);
    bool same = true;

    lexer.at = directive.begin;
    lexer.at += hash(&lexer);
    skip_blanks(&lexer);
    while (in_word(look(&lexer, 0)) || splice(&lexer)) {
        const size_t spliced = splice(&lexer);

        same = same && (spliced || *name == look(&lexer, 0));
        name += same && !spliced;
        lexer.at += spliced ? spliced : 1;
    }
    skip_blanks(&lexer);
    *rest = lexer.at;
    return same && !*name;
}

char *pf_directive_text(const char *text, struct pf_token directive, size_t offset)
{
    size_t length = directive.end - offset, end = length;
    char *copy = malloc(length + 1);
    struct pf_lexer lexer = pf_lexer_begin(copy, length);

    if (!copy)
        return NULL;
    memcpy(copy, text + offset, length);
    while (!at_end(&lexer)) {
        size_t begin = lexer.at, bytes = splice(&lexer);
        if (bytes) {
            while (bytes--)
                step(&lexer);
        } else if (look(&lexer, 0) == '"' || look(&lexer, 0) == '\'') {
            skip_quoted(&lexer);
            continue;
        } else if (!skip_comment(&lexer)) {
            step(&lexer);
            continue;
        }
        memset(copy + begin, ' ', lexer.at - begin);
    }
    while (end && isspace((unsigned char)copy[end - 1]))
        end--;
    copy[end] = '\0';
    return copy;
}
