/* SPDX-License-Identifier: Apache-2.0 */
/* lexer.c: comments, strings and lines, as C's translation phases 2 and 3. */
#include "lexer.h"

#include "text.h"

#include <ctype.h>
#include <string.h>

struct cc_lexer cc_lexer_begin(const char *text, size_t length)
{
    return (struct cc_lexer){
        .text = text, .length = length, .line = 1, .fresh = true
    };
}

static char look(const struct cc_lexer *lexer, size_t ahead)
{
    size_t at = lexer->at + ahead;

    return at < lexer->length ? lexer->text[at] : '\0';
}

/* The bytes of a spliced line end here: "\\\n" or "\\\r\n"; 0 if none. */
static size_t splice(const struct cc_lexer *lexer)
{
    if (look(lexer, 0) != '\\')
        return 0;
    if (look(lexer, 1) == '\n')
        return 2;
    return look(lexer, 1) == '\r' && look(lexer, 2) == '\n' ? 3 : 0;
}

static void step(struct cc_lexer *lexer)
{
    if (lexer->text[lexer->at++] == '\n') {
        lexer->line++;
        lexer->line_begin = lexer->at;
    }
}

static bool at_end(const struct cc_lexer *lexer)
{
    return lexer->at >= lexer->length;
}

/* Over a comment that begins here, if one does. */
static bool skip_comment(struct cc_lexer *lexer)
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

static void skip_quoted(struct cc_lexer *lexer)
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

static void skip_directive(struct cc_lexer *lexer)
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

static void skip_blanks(struct cc_lexer *lexer)
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

struct cc_token cc_lexer_next(struct cc_lexer *lexer)
{
    struct cc_token token = { .kind = CC_END };
    char c;

    skip_blanks(lexer);
    c = look(lexer, 0);
    token.begin = lexer->at;
    token.line = lexer->line;
    token.column = (unsigned)(lexer->at - lexer->line_begin + 1);
    if (at_end(lexer)) {
        token.kind = CC_END;
    } else if (c == '#' && lexer->fresh) {
        token.kind = CC_DIRECTIVE;
        skip_directive(lexer);
    } else if (c == '"' || c == '\'') {
        token.kind = CC_LITERAL;
        skip_quoted(lexer);
    } else if (in_word(c)) {
        token.kind = isdigit((unsigned char)c) ? CC_LITERAL : CC_WORD;
        while (in_word(look(lexer, 0)))
            step(lexer);
    } else {
        token.kind = CC_MARK;
        step(lexer);
    }
    lexer->fresh = false;
    token.end = lexer->at;
    return token;
}

bool cc_token_is(
        const struct cc_lexer *lexer, struct cc_token token, const char *text)
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

const char *cc_directive_name(
        const char *text, struct cc_token directive, size_t *rest)
{
    size_t begin = over_blanks(text, directive.begin + 1, directive.end);
    size_t end = begin;

    while (end < directive.end && in_word(text[end]))
        end++;
    *rest = over_blanks(text, end, directive.end);
    return cc_copy(text + begin, end - begin);
}

char *cc_directive_text(const char *text, struct cc_token directive, size_t offset)
{
    size_t length = directive.end - offset, end = length;
    char *copy = cc_copy(text + offset, length);
    struct cc_lexer lexer = cc_lexer_begin(copy, length);

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
