/* SPDX-License-Identifier: Apache-2.0 */
/* hints.c: only where clang has found an error, so that what is right, such as an
 * #include that no driver reaches, is never remarked on. */
#include "hints.h"

#include "declared.h"
#include "file.h"
#include "message.h"
#include "names.h"
#include "runtime/base/lexer.h"

#include <string.h>

static const struct {
    const char *word, *remedy;
} types[] = {
    { "int8_t", "char" },
    { "uint8_t", "uchar" },
    { "int16_t", "short" },
    { "uint16_t", "ushort" },
    { "int32_t", "int" },
    { "uint32_t", "uint" },
    { "int64_t", "long" },
    { "uint64_t", "ulong" },
};

static const struct {
    const char *word, *remedy;
} functions[] = {
    { "malloc", "declare an array of fixed size, or take one from the caller" },
    { "calloc", "declare an array of fixed size, or take one from the caller" },
    { "memcpy", "assign, in a loop where it is an array" },
    { "memmove", "assign, in a loop where it is an array" },
    { "memset", "assign, in a loop where it is an array" },
    { "rand", "take the numbers from the caller, or compute them from the item" },
    { "random", "take the numbers from the caller, or compute them from the item" },
    { "drand48",
            "take the numbers from the caller, or compute them from the item" },
    { "assert", "tell the caller, by a result" },
};

/* In the line of a kernel's parameters, where it is refused. */
static bool is_parameter(const struct pf_scan *scan, struct pf_token token)
{
    for (size_t i = 0; i < scan->count; i++)
        if (scan->definitions[i].kernel && token.begin > scan->definitions[i].begin
                && token.begin < scan->definitions[i].brace)
            return true;
    return false;
}

static bool is_defined(const struct pf_scan *scan, const char *name)
{
    for (size_t i = 0; i < scan->count; i++)
        if (scan->definitions[i].name && !strcmp(scan->definitions[i].name, name))
            return true;
    return false;
}

static void hint_include(
        struct cc_place place, const char *text, struct pf_token token)
{
    size_t rest, length;
    const char *name;

    if (!pf_directive_is(text, token, "include", &rest) || text[rest] != '<')
        return;
    length = strcspn(text + rest + 1, ">\n");
    name = cc_copy(text + rest + 1, length);
    if (cc_name_is_header(name))
        cc_note(place,
                "kernels have no C library, and OpenCL C's functions and types "
                "are built in: remove #include <%s>",
                name);
}

static bool hint_word(struct cc_place place, const struct pf_scan *scan,
        const char *word, struct pf_token token)
{
    const size_t length = strlen(word);
    const char *stem = cc_copy(word, length ? length - 1 : 0);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (!strcmp(word, types[i].word)) {
            cc_note(place, "OpenCL C has %s in place of %s", types[i].remedy, word);
            return true;
        }
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (!strcmp(word, functions[i].word) && !is_defined(scan, word)) {
            cc_note(place, "OpenCL C has no %s: %s", word, functions[i].remedy);
            return true;
        }
    if (!strcmp(word, "size_t") && is_parameter(scan, token)) {
        cc_note(place,
                "a parameter's type has one size on every device: write ulong "
                "in place of size_t");
        return true;
    }
    if (length > 3 && word[length - 1] == 'f' && cc_name_is_builtin(stem)
            && !cc_name_is_builtin(word)) {
        cc_note(place, "OpenCL C has %s, for float and double, in place of %s",
                stem, word);
        return true;
    }
    return false;
}

/* What is in conditions may be for another compiler. */
static unsigned nest(const char *text, struct pf_token token, unsigned conditions)
{
    size_t rest;

    if (pf_directive_is(text, token, "if", &rest)
            || pf_directive_is(text, token, "ifdef", &rest)
            || pf_directive_is(text, token, "ifndef", &rest))
        return conditions + 1;
    return conditions
            - (conditions && pf_directive_is(text, token, "endif", &rest));
}

void cc_hints_give(const char *file, const struct cc_text *text,
        const struct cc_text *expanded, const struct pf_scan *scan)
{
    struct pf_lexer lexer = pf_lexer_begin(text->data, text->length);
    struct pf_token token;
    struct cc_list silent = { 0 };
    unsigned conditions = 0;

    cc_declared_find(expanded, &silent);
    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END) {
        const struct cc_place place = { file, token.line, token.column };
        const char *word =
                cc_copy(text->data + token.begin, token.end - token.begin);

        if (token.kind == PF_TOKEN_DIRECTIVE) {
            conditions = nest(text->data, token, conditions);
            if (!conditions)
                hint_include(place, text->data, token);
        } else if (token.kind == PF_TOKEN_WORD && !cc_list_has(&silent, word)
                && hint_word(place, scan, word, token)) {
            cc_push(&silent, word);
        }
    }
}
