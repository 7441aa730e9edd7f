/* SPDX-License-Identifier: Apache-2.0 */
/* declared.c: a word is declared where a type stands before it and none of what
 * follows a type stands behind it. */
#include "declared.h"

#include "runtime/base/lexer.h"

#include <ctype.h>
#include <string.h>

struct reader {
    struct pf_lexer lexer;
    unsigned depth;                   /* of braces */
    struct pf_token before, at, next; /* tokens of the text, directives left out */
    struct cc_list *words;
};

static const char *word_of(const struct reader *reader, struct pf_token token)
{
    return cc_copy(reader->lexer.text + token.begin, token.end - token.begin);
}

static void take_macro(struct reader *reader, struct pf_token directive)
{
    const char *text = reader->lexer.text;
    size_t first, end;

    if (!pf_directive_is(text, directive, "define", &first))
        return;
    for (end = first; end < directive.end
            && (isalnum((unsigned char)text[end]) || text[end] == '_');
            end++)
        continue;
    cc_push(reader->words, cc_copy(text + first, end - first));
}

static struct pf_token skip_directives(struct reader *reader)
{
    struct pf_token token;

    while ((token = pf_lexer_next(&reader->lexer)).kind == PF_TOKEN_DIRECTIVE)
        take_macro(reader, token);
    return token;
}

static bool is_mark(
        const struct reader *reader, struct pf_token token, const char *marks)
{
    return token.kind == PF_TOKEN_MARK
            && strchr(marks, reader->lexer.text[token.begin]);
}

/* Not a word behind which a name, or only a type, is used. */
static bool may_end_type(const char *word)
{
    static const char *const others[] = { "return", "else", "do", "case", "goto",
        "sizeof", "const", "volatile", "restrict", "global", "__global", "constant",
        "__constant", "local", "__local", "private", "__private" };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (!strcmp(word, others[i]))
            return false;
    return true;
}

static bool is_declared(const struct reader *reader)
{
    if (reader->at.kind != PF_TOKEN_WORD
            || !is_mark(reader, reader->next, ";,=[()"))
        return false;
    if (reader->before.kind == PF_TOKEN_WORD)
        return may_end_type(word_of(reader, reader->before));
    if (is_mark(reader, reader->before, "}")) /* typedef struct { ... } name; */
        return is_mark(reader, reader->next, ";");
    return !reader->depth && is_mark(reader, reader->before, "*");
}

void cc_declared_find(const struct cc_text *text, struct cc_list *words)
{
    struct reader reader = { .lexer = pf_lexer_begin(text->data, text->length),
        .before.kind = PF_TOKEN_END,
        .words = words };

    reader.at = skip_directives(&reader);
    while (reader.at.kind != PF_TOKEN_END) {
        reader.next = skip_directives(&reader);
        if (is_declared(&reader))
            cc_push(words, word_of(&reader, reader.at));
        reader.depth += is_mark(&reader, reader.at, "{");
        reader.depth -= reader.depth && is_mark(&reader, reader.at, "}");
        reader.before = reader.at;
        reader.at = reader.next;
    }
}
