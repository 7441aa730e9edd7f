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

/* The bytes of a spliced line end here: "\\\n" or "\\\r\n"; 0 if none. */
static size_t splice(const struct pf_lexer *lexer)
{
    if (look(lexer, 0) != '\\')
        return 0;
    if (look(lexer, 1) == '\n')
        return 2;
    return look(lexer, 1) == '\r' && look(lexer, 2) == '\n' ? 3 : 0;
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
    } else if (c == '#' && lexer->fresh) {
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

static size_t over_blanks(const char *text, size_t at, size_t end)
{
    while (at < end
            && (text[at] == ' ' || text[at] == '\t'
                    || (text[at] == '\\' && at + 1 < end
                            && (text[at + 1] == '\n' || text[at + 1] == '\r'))
                    || text[at] == '\r' || text[at] == '\n'))
        at++;
    return at;
}

bool pf_directive_is(
        const char *text, struct pf_token directive, const char *name, size_t *rest)
{
    size_t begin = over_blanks(text, directive.begin + 1, directive.end);
    size_t end = begin, length = strlen(name);

    while (end < directive.end && in_word(text[end]))
        end++;
    *rest = over_blanks(text, end, directive.end);
    return end - begin == length && !memcmp(text + begin, name, length);
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
