/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c: finds the pragmas, with what is needed of C's structure: braces,
 * parentheses, declarations at the outermost level, and #if. */
#include "scan.h"

#include "lexer.h"

#include <string.h>

enum { MAXIMUM_PRAGMAS = 256, MAXIMUM_CONDITIONS = 64 };

struct scanner {
    struct cc_lexer lexer;
    const char *file;
    struct cc_scan *scan;
    size_t room;
    unsigned conditions; /* open #if */
    struct depth {
        unsigned braces, parentheses;
    } before[MAXIMUM_CONDITIONS]; /* each #if: where #else begins again */
    unsigned braces, parentheses;

    /* The declaration at the outermost level that is being read. */
    struct cc_definition definition;
    struct cc_token word, first; /* the last word; the declaration's first token */

    bool begun;
    struct parfun_pragma pragmas[MAXIMUM_PRAGMAS];
    unsigned pragma_count;
};

static struct cc_place place(
        const struct scanner *scanner, unsigned line, unsigned column)
{
    return (struct cc_place){ scanner->file, line, column };
}

static bool is_pragma(const char *text, struct cc_token token, size_t *rest)
{
    static const char word[] = "parfun";
    size_t length = sizeof word - 1;

    if (token.kind != CC_DIRECTIVE
            || strcmp(cc_directive_name(text, token, rest), "pragma") != 0
            || token.end - *rest < length
            || memcmp(text + *rest, word, length) != 0)
        return false;
    return *rest + length == token.end
            || strchr(" \t\r\n\\/(", text[*rest + length]) != NULL;
}

/* Line and column of an offset inside a directive. */
static void find(const char *text, struct cc_token token, size_t offset,
        unsigned *line, unsigned *column)
{
    *line = token.line;
    *column = token.column;
    for (size_t at = token.begin; at < offset; at++) {
        ++*column;
        if (text[at] == '\n')
            ++*line, *column = 1;
    }
}

static enum cc_exit take_pragma(
        struct scanner *scanner, struct cc_token token, size_t rest)
{
    const char *text = scanner->lexer.text;
    struct cc_place here = place(scanner, token.line, token.column);
    struct parfun_pragma *pragma;
    unsigned line;

    if (scanner->conditions)
        return cc_error(here,
                "`#pragma parfun` inside #if: parfun-cc reads the "
                "text before the preprocessor; put the kernel and "
                "its clauses outside, or in a file of their own");
    if (scanner->braces)
        return cc_error(here,
                "`#pragma parfun` inside a function; put it "
                "directly above the kernel");
    if (scanner->begun)
        return cc_error(here,
                "`#pragma parfun` in the middle of a declaration; "
                "put it directly above the kernel");
    if (scanner->pragma_count == MAXIMUM_PRAGMAS)
        return cc_error(here, "more than %d pragmas above one kernel; join them",
                MAXIMUM_PRAGMAS);
    rest += strlen("parfun");
    while (rest < token.end && (text[rest] == ' ' || text[rest] == '\t'))
        rest++;
    pragma = &scanner->pragmas[scanner->pragma_count++];
    pragma->text = cc_directive_text(text, token, rest);
    find(text, token, rest, &line, &pragma->column);
    pragma->line = line;
    if (line != token.line)
        pragma->column = 1;
    return CC_RIGHT;
}

/* A pragma that waits for its kernel, and what stands there instead. */
static enum cc_exit refuse_waiting(
        const struct scanner *scanner, unsigned line, const char *what)
{
    const struct parfun_pragma *pragma = &scanner->pragmas[0];
    struct cc_place here = place(scanner, pragma->line, 0);

    if (!line)
        return cc_error(here,
                "no kernel follows this `#pragma parfun`; put it "
                "directly above one");
    return cc_error(here,
            "%s (line %u) stands between this `#pragma parfun` and "
            "its kernel; put the pragma directly above the kernel",
            what, line);
}

/* Both branches of an #if may open the same function. */
static void take_condition(struct scanner *scanner, const char *name)
{
    unsigned depth = scanner->conditions;

    if (!strncmp(name, "if", 2)) {
        if (depth < MAXIMUM_CONDITIONS)
            scanner->before[depth] =
                    (struct depth){ scanner->braces, scanner->parentheses };
        scanner->conditions++;
    } else if (!strcmp(name, "endif") && depth) {
        scanner->conditions--;
    } else if (!strncmp(name, "el", 2) && depth && depth <= MAXIMUM_CONDITIONS) {
        scanner->braces = scanner->before[depth - 1].braces;
        scanner->parentheses = scanner->before[depth - 1].parentheses;
    }
}

static enum cc_exit take_directive(struct scanner *scanner, struct cc_token token)
{
    const char *text = scanner->lexer.text;
    size_t rest;
    const char *name = cc_directive_name(text, token, &rest);

    if (is_pragma(text, token, &rest))
        return take_pragma(scanner, token, rest);
    if (!strcmp(name, "define")) {
        const char *body = cc_directive_text(text, token, rest);
        const char *pragma = strstr(body, "_Pragma");
        if (pragma && strstr(pragma, "parfun"))
            return cc_error(place(scanner, token.line, token.column),
                    "`#pragma parfun` inside a macro is not seen; write it "
                    "directly above the kernel");
    }
    take_condition(scanner, name);
    if (scanner->pragma_count && !scanner->begun && strcmp(name, "pragma") != 0
            && strcmp(name, "line") != 0 && *name)
        return refuse_waiting(scanner, token.line, cc_format("#%s", name));
    return CC_RIGHT;
}

static void end_declaration(struct scanner *scanner)
{
    scanner->definition = (struct cc_definition){ 0 };
    scanner->begun = false;
    scanner->pragma_count = 0;
}

static void add_definition(struct scanner *scanner, unsigned line)
{
    struct cc_scan *scan = scanner->scan;
    struct cc_definition *definition;
    size_t bytes = scanner->pragma_count * sizeof *scanner->pragmas;

    if (scan->count == scanner->room) {
        size_t room = scanner->room ? 2 * scanner->room : 16;
        definition = cc_memory(room, sizeof *definition);
        if (scan->count)
            memcpy(definition, scan->definitions, scan->count * sizeof *definition);
        scan->definitions = definition;
        scanner->room = room;
    }
    definition = &scan->definitions[scan->count++];
    *definition = scanner->definition;
    definition->first_line = scanner->first.line;
    definition->last_line = line;
    if (bytes) {
        definition->pragmas = cc_memory(1, bytes);
        memcpy(definition->pragmas, scanner->pragmas, bytes);
    }
    definition->pragma_count = scanner->pragma_count;
}

static enum cc_exit open_brace(struct scanner *scanner, struct cc_token token)
{
    if (scanner->braces++ || scanner->parentheses)
        return CC_RIGHT;
    if (!scanner->definition.name && scanner->pragma_count)
        return refuse_waiting(
                scanner, scanner->first.line, "something that is no function");
    add_definition(scanner, token.line);
    return CC_RIGHT;
}

static void open_parenthesis(struct scanner *scanner)
{
    const struct cc_lexer *lexer = &scanner->lexer;
    struct cc_token word = scanner->word;

    if (!scanner->parentheses++ && !scanner->braces && word.kind == CC_WORD) {
        if (!scanner->definition.name && !cc_token_is(lexer, word, "__attribute__")
                && !cc_token_is(lexer, word, "__attribute")) {
            scanner->definition.name =
                    cc_copy(lexer->text + word.begin, word.end - word.begin);
            scanner->definition.name_at = word.begin;
            scanner->definition.name_line = word.line;
        }
    }
}

static enum cc_exit take_mark(struct scanner *scanner, struct cc_token token)
{
    switch (scanner->lexer.text[token.begin]) {
    case '(':
        open_parenthesis(scanner);
        break;
    case ')':
        if (scanner->parentheses)
            scanner->parentheses--;
        break;
    case '{':
        return open_brace(scanner, token);
    case '}':
        if (scanner->braces && !--scanner->braces)
            end_declaration(scanner);
        break;
    case ';':
        if (scanner->braces || scanner->parentheses)
            break;
        if (scanner->pragma_count)
            return refuse_waiting(scanner, scanner->first.line, "a declaration");
        end_declaration(scanner);
        break;
    default:
        break;
    }
    return CC_RIGHT;
}

enum cc_exit cc_scan_file(
        const char *file, const struct cc_text *text, struct cc_scan *scan)
{
    struct scanner *scanner = cc_memory(1, sizeof *scanner);

    *scan = (struct cc_scan){ 0 };
    scanner->lexer = cc_lexer_begin(text->data, text->length);
    scanner->file = file;
    scanner->scan = scan;
    for (;;) {
        struct cc_token token = cc_lexer_next(&scanner->lexer);
        if (token.kind == CC_END)
            break;
        if (token.kind == CC_DIRECTIVE) {
            CC_TRY(take_directive(scanner, token));
            continue;
        }
        if (!scanner->braces && !scanner->begun
                && !cc_token_is(&scanner->lexer, token, ";")) {
            scanner->begun = true;
            scanner->first = token;
        }
        if (token.kind == CC_WORD && !scanner->braces && !scanner->parentheses)
            scanner->definition.kernel |=
                    cc_token_is(&scanner->lexer, token, "kernel")
                    || cc_token_is(&scanner->lexer, token, "__kernel");
        if (token.kind == CC_MARK)
            CC_TRY(take_mark(scanner, token));
        scanner->word = token;
    }
    if (scanner->pragma_count && !scanner->braces)
        return refuse_waiting(scanner, 0, NULL);
    return CC_RIGHT;
}

enum cc_exit cc_scan_included(const char *file, const struct cc_text *text)
{
    struct cc_lexer lexer = cc_lexer_begin(text->data, text->length);
    struct cc_token token;
    size_t rest;

    while ((token = cc_lexer_next(&lexer)).kind != CC_END)
        if (is_pragma(text->data, token, &rest))
            return cc_error((struct cc_place){ file, token.line, token.column },
                    "`#pragma parfun` in an included file is not seen; move the "
                    "kernel into the file given to parfun-cc");
    return CC_RIGHT;
}
