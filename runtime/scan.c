/* SPDX-License-Identifier: Apache-2.0 */
/* scan.c: finds the pragmas, with what is needed of C's structure: braces,
 * parentheses, declarations at the outermost level, and #if. */
#include "runtime/scan.h"

#include "runtime/base/error.h"
#include "runtime/base/lexer.h"
#include "runtime/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MAXIMUM_PRAGMAS = 256, MAXIMUM_CONDITIONS = 64 };

struct scanner {
    struct pf_lexer lexer;
    const char *file;
    struct pf_scan *scan;
    size_t room;
    unsigned conditions; /* open #if */
    struct depth {
        unsigned braces, parentheses;
    } before[MAXIMUM_CONDITIONS]; /* each #if: where #else begins again */
    unsigned braces, parentheses;

    /* The declaration at the outermost level that is being read. */
    struct pf_definition definition;
    struct pf_token word, first; /* the last word; the declaration's first token */

    bool begun, waits; /* the body's end is to be noted */
    struct parfun_pragma pragmas[MAXIMUM_PRAGMAS];
    unsigned pragma_count;
};

/* Column 0: none. */
__attribute__((format(printf, 4, 5))) static enum parfun_status refuse(
        const struct scanner *scanner, unsigned line, unsigned column,
        const char *format, ...)
{
    struct pf_text text = { 0 };
    va_list arguments;

    pf_text_format(&text, "%s:%u:", scanner->file, line);
    if (column)
        pf_text_format(&text, "%u:", column);
    pf_text_add(&text, " error: ");
    va_start(arguments, format);
    pf_text_format_list(&text, format, arguments);
    va_end(arguments);
    (void)pf_fail(PARFUN_INVALID, "%s", pf_text_get(&text));
    pf_text_finish(&text);
    return PARFUN_INVALID;
}

static enum parfun_status no_memory(const char *file)
{
    return pf_fail(PARFUN_NO_MEMORY, "no memory to read %s", file);
}

/* Hands a block to the scan, which frees it; NULL stays NULL. */
static void *keep(struct pf_scan *scan, void *block)
{
    if (block && scan->block_count == scan->block_room) {
        size_t room = scan->block_room ? 2 * scan->block_room : 16;
        void **more = realloc(scan->blocks, room * sizeof *more);

        if (!more) {
            free(block);
            return NULL;
        }
        scan->blocks = more;
        scan->block_room = room;
    }
    if (block)
        scan->blocks[scan->block_count++] = block;
    return block;
}

bool pf_scan_is_pragma(const char *text, struct pf_token token, size_t *rest)
{
    static const char word[] = "parfun";
    size_t length = sizeof word - 1;

    if (token.kind != PF_TOKEN_DIRECTIVE
            || !pf_directive_is(text, token, "pragma", rest)
            || token.end - *rest < length
            || memcmp(text + *rest, word, length) != 0)
        return false;
    return *rest + length == token.end
            || strchr(" \t\r\n\\/(", text[*rest + length]) != NULL;
}

/* Line and column of an offset inside a directive. */
static void find(const char *text, struct pf_token token, size_t offset,
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

static enum parfun_status take_pragma(
        struct scanner *scanner, struct pf_token token, size_t rest)
{
    const char *text = scanner->lexer.text;
    const unsigned here = token.line, column = token.column;
    struct parfun_pragma *pragma;
    unsigned line;

    if (scanner->conditions)
        return refuse(scanner, here, column,
                "`#pragma parfun` inside #if: parfun-cc reads the "
                "text before the preprocessor; put the kernel and "
                "its clauses outside, or in a file of their own");
    if (scanner->braces)
        return refuse(scanner, here, column,
                "`#pragma parfun` inside a function; put it "
                "directly above the kernel");
    if (scanner->begun)
        return refuse(scanner, here, column,
                "`#pragma parfun` in the middle of a declaration; "
                "put it directly above the kernel");
    if (scanner->pragma_count == MAXIMUM_PRAGMAS)
        return refuse(scanner, here, column,
                "more than %d pragmas above one kernel; join them",
                MAXIMUM_PRAGMAS);
    rest += strlen("parfun");
    while (rest < token.end && (text[rest] == ' ' || text[rest] == '\t'))
        rest++;
    pragma = &scanner->pragmas[scanner->pragma_count++];
    pragma->text = keep(scanner->scan, pf_directive_text(text, token, rest));
    if (!pragma->text)
        return no_memory(scanner->file);
    find(text, token, rest, &line, &pragma->column);
    pragma->line = line;
    if (line != token.line)
        pragma->column = 1;
    return PARFUN_OK;
}

/* A pragma that waits for its kernel, and what stands there instead. */
static enum parfun_status refuse_waiting(
        const struct scanner *scanner, unsigned line, const char *what)
{
    const struct parfun_pragma *pragma = &scanner->pragmas[0];

    if (!line)
        return refuse(scanner, pragma->line, 0,
                "no kernel follows this `#pragma parfun`; put it "
                "directly above one");
    return refuse(scanner, pragma->line, 0,
            "%s (line %u) stands between this `#pragma parfun` and "
            "its kernel; put the pragma directly above the kernel",
            what, line);
}

/* Both branches of an #if may open the same function. */
static void take_condition(struct scanner *scanner, const char *name)
{
    unsigned depth = scanner->conditions;

    if (pf_text_begins(name, "if")) {
        if (depth < MAXIMUM_CONDITIONS)
            scanner->before[depth] =
                    (struct depth){ scanner->braces, scanner->parentheses };
        scanner->conditions++;
    } else if (!strcmp(name, "endif") && depth) {
        scanner->conditions--;
    } else if (pf_text_begins(name, "el") && depth && depth <= MAXIMUM_CONDITIONS) {
        scanner->braces = scanner->before[depth - 1].braces;
        scanner->parentheses = scanner->before[depth - 1].parentheses;
    }
}

/* Those that matter here; "" for others. */
static const char *directive_name(
        const char *text, struct pf_token token, size_t *rest)
{
    static const char *const names[] = { "pragma", "line", "define", "undef",
        "include", "if", "ifdef", "ifndef", "else", "elif", "endif", "error" };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pf_directive_is(text, token, names[i], rest))
            return names[i];
    return "";
}

static enum parfun_status take_directive(
        struct scanner *scanner, struct pf_token token)
{
    const char *text = scanner->lexer.text;
    size_t rest;
    const char *name = directive_name(text, token, &rest);

    if (pf_scan_is_pragma(text, token, &rest))
        return take_pragma(scanner, token, rest);
    if (!strcmp(name, "define")) {
        char *body = pf_directive_text(text, token, rest);
        const char *pragma = body ? strstr(body, "_Pragma") : NULL;
        const bool hides = pragma && strstr(pragma, "parfun");

        free(body);
        if (!body)
            return no_memory(scanner->file);
        if (hides)
            return refuse(scanner, token.line, token.column,
                    "`#pragma parfun` inside a macro is not seen; write it "
                    "directly above the kernel");
    }
    take_condition(scanner, name);
    if (scanner->pragma_count && !scanner->begun && strcmp(name, "pragma") != 0
            && strcmp(name, "line") != 0 && *name) {
        char what[16] = "#";

        strcat(what, name);
        return refuse_waiting(scanner, token.line, what);
    }
    return PARFUN_OK;
}

static void end_declaration(struct scanner *scanner)
{
    scanner->definition = (struct pf_definition){ 0 };
    scanner->begun = false;
    scanner->pragma_count = 0;
}

static enum parfun_status add_definition(
        struct scanner *scanner, struct pf_token brace)
{
    struct pf_scan *scan = scanner->scan;
    struct pf_definition *definition;
    size_t bytes = scanner->pragma_count * sizeof *scanner->pragmas;

    if (scan->count == scanner->room) {
        size_t room = scanner->room ? 2 * scanner->room : 16;

        definition = realloc(scan->definitions, room * sizeof *definition);
        if (!definition)
            return no_memory(scanner->file);
        scan->definitions = definition;
        scanner->room = room;
    }
    definition = &scan->definitions[scan->count];
    *definition = scanner->definition;
    definition->first_line = scanner->first.line;
    definition->last_line = brace.line;
    definition->begin = scanner->first.begin;
    definition->brace = brace.begin;
    definition->end = scanner->lexer.length;
    if (bytes) {
        definition->pragmas = keep(scan, malloc(bytes));
        if (!definition->pragmas)
            return no_memory(scanner->file);
        memcpy(definition->pragmas, scanner->pragmas, bytes);
    }
    definition->pragma_count = scanner->pragma_count;
    scan->count++;
    scanner->waits = true;
    return PARFUN_OK;
}

static enum parfun_status open_brace(struct scanner *scanner, struct pf_token token)
{
    if (scanner->braces++ || scanner->parentheses)
        return PARFUN_OK;
    if (!scanner->definition.name && scanner->pragma_count)
        return refuse_waiting(
                scanner, scanner->first.line, "something that is no function");
    return add_definition(scanner, token);
}

static void close_brace(struct scanner *scanner, struct pf_token token)
{
    if (!scanner->braces || --scanner->braces)
        return;
    if (scanner->waits)
        scanner->scan->definitions[scanner->scan->count - 1].end = token.end;
    scanner->waits = false;
    end_declaration(scanner);
}

static enum parfun_status open_parenthesis(struct scanner *scanner)
{
    const struct pf_lexer *lexer = &scanner->lexer;
    struct pf_definition *definition = &scanner->definition;
    struct pf_token word = scanner->word;
    const size_t length = word.end - word.begin;
    char *name;

    if (scanner->parentheses++ || scanner->braces || definition->name
            || word.kind != PF_TOKEN_WORD
            || pf_token_is(lexer, word, "__attribute__")
            || pf_token_is(lexer, word, "__attribute"))
        return PARFUN_OK;
    name = keep(scanner->scan, calloc(1, length + 1));
    if (!name)
        return no_memory(scanner->file);
    memcpy(name, lexer->text + word.begin, length);
    definition->name = name;
    definition->name_at = word.begin;
    definition->name_line = word.line;
    return PARFUN_OK;
}

static enum parfun_status take_mark(struct scanner *scanner, struct pf_token token)
{
    switch (scanner->lexer.text[token.begin]) {
    case '(':
        return open_parenthesis(scanner);
    case ')':
        if (scanner->parentheses)
            scanner->parentheses--;
        break;
    case '{':
        return open_brace(scanner, token);
    case '}':
        close_brace(scanner, token);
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
    return PARFUN_OK;
}

static enum parfun_status scan_tokens(struct scanner *scanner)
{
    for (;;) {
        struct pf_token token = pf_lexer_next(&scanner->lexer);

        if (token.kind == PF_TOKEN_END)
            break;
        if (token.kind == PF_TOKEN_DIRECTIVE) {
            PF_TRY(take_directive(scanner, token));
            continue;
        }
        if (!scanner->braces && !scanner->begun
                && !pf_token_is(&scanner->lexer, token, ";")) {
            scanner->begun = true;
            scanner->first = token;
        }
        if (token.kind == PF_TOKEN_WORD && !scanner->braces
                && !scanner->parentheses)
            scanner->definition.kernel |=
                    pf_token_is(&scanner->lexer, token, "kernel")
                    || pf_token_is(&scanner->lexer, token, "__kernel");
        if (token.kind == PF_TOKEN_MARK)
            PF_TRY(take_mark(scanner, token));
        scanner->word = token;
    }
    if (scanner->pragma_count && !scanner->braces)
        return refuse_waiting(scanner, 0, NULL);
    return PARFUN_OK;
}

enum parfun_status pf_scan_text(
        const char *file, const char *text, size_t length, struct pf_scan *scan)
{
    struct scanner *scanner = calloc(1, sizeof *scanner);
    enum parfun_status status;

    *scan = (struct pf_scan){ 0 };
    if (!scanner)
        return no_memory(file);
    scanner->lexer = pf_lexer_begin(text, length);
    scanner->file = file;
    scanner->scan = scan;
    status = scan_tokens(scanner);
    free(scanner);
    return status;
}

void pf_scan_finish(struct pf_scan *scan)
{
    for (size_t i = 0; i < scan->block_count; i++)
        free(scan->blocks[i]);
    free(scan->blocks);
    free(scan->definitions);
    *scan = (struct pf_scan){ 0 };
}

enum parfun_status pf_scan_included(
        const char *file, const char *text, size_t length)
{
    const struct scanner scanner = { .file = file };
    struct pf_lexer lexer = pf_lexer_begin(text, length);
    struct pf_token token;
    size_t rest;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (pf_scan_is_pragma(text, token, &rest))
            return refuse(&scanner, token.line, token.column,
                    "`#pragma parfun` in an included file is not seen; move the "
                    "kernel into the file given to parfun-cc");
    return PARFUN_OK;
}
