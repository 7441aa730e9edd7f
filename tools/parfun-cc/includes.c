/* SPDX-License-Identifier: Apache-2.0 */
/*
 * includes.c: copies included files without evaluating #if, which may depend on
 * the device; the driver's preprocessor sees the same conditions.
 */
#include "includes.h"

#include "file.h"
#include "runtime/base/error.h"
#include "runtime/base/lexer.h"
#include "runtime/scan.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 100 };

struct expansion {
    const struct cc_list *folders;
    struct cc_text *out;
    struct cc_list open; /* files, the outermost first */
    struct cc_list once; /* files with #pragma once */
};

static enum cc_exit expand(
        struct expansion *expansion, const char *file, const struct cc_text *text);

static void mark_line(struct cc_text *out, unsigned line, const char *file)
{
    cc_add(out, "#line %u ", line);
    cc_add_literal(out, cc_path_name(file), "");
    cc_append(out, "\n", 1);
}

/* The path of the file that the directive names, if it can be read. */
static const char *locate(const struct expansion *expansion, const char *from,
        const char *name, bool quoted)
{
    if (name[0] == '/')
        return cc_file_exists(name) ? name : NULL;
    if (quoted) {
        const char *path = cc_format("%s/%s", cc_path_folder(from), name);
        if (cc_file_exists(path))
            return path;
    }
    for (size_t i = 0; i < expansion->folders->count; i++) {
        const char *path = cc_format("%s/%s", expansion->folders->items[i], name);
        if (cc_file_exists(path))
            return path;
    }
    return NULL;
}

/* A directive's text from an offset on, in this run's memory. */
static const char *rest_of(const char *text, struct pf_token token, size_t offset)
{
    char *found = pf_directive_text(text, token, offset);
    const char *copy = found ? cc_copy(found, strlen(found)) : "";

    free(found);
    return copy;
}

static bool has_pragma_once(const struct cc_text *text)
{
    struct pf_lexer lexer = pf_lexer_begin(text->data, text->length);
    struct pf_token token;
    size_t rest;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (token.kind == PF_TOKEN_DIRECTIVE
                && pf_directive_is(text->data, token, "pragma", &rest)
                && !strcmp(rest_of(text->data, token, rest), "once"))
            return true;
    return false;
}

/* The number that names the file's guard. */
static size_t once_number(struct expansion *expansion, const char *file)
{
    for (size_t i = 0; i < expansion->once.count; i++)
        if (!strcmp(expansion->once.items[i], file))
            return i;
    cc_push(&expansion->once, file);
    return expansion->once.count - 1;
}

static enum cc_exit copy_file(
        struct expansion *expansion, struct cc_place place, const char *path)
{
    struct cc_text text = { 0 };
    struct cc_text *out = expansion->out;
    bool once;

    if (expansion->open.count >= DEEPEST)
        return cc_error(
                place, "#include of \"%s\" nests more than %d deep", path, DEEPEST);
    if (!cc_file_read(path, &text))
        return cc_error(place, "%s: %s", path, strerror(errno));
    if (strlen(text.data) != text.length)
        return cc_error(place, "\"%s\" holds a zero byte; it is no text", path);
    once = has_pragma_once(&text);
    if (cc_list_has(&expansion->open, path)) /* its guard leaves nothing of it */
        return CC_RIGHT;
    if (pf_scan_included(path, text.data, text.length))
        return cc_error_again();
    if (once) {
        size_t number = once_number(expansion, path);
        cc_add(out, "#ifndef PF_ONCE_%zu\n#define PF_ONCE_%zu\n", number, number);
    }
    mark_line(out, 1, path);
    CC_TRY(expand(expansion, path, &text));
    if (out->data[out->length - 1] != '\n')
        cc_append(out, "\n", 1);
    if (once)
        cc_add(out, "#endif\n");
    return CC_RIGHT;
}

static unsigned count_lines(const char *text, size_t begin, size_t end)
{
    unsigned lines = 0;

    for (size_t at = begin; at < end; at++)
        lines += text[at] == '\n';
    return lines;
}

/* Replaces an #include; *replaced is false where it stays. */
static enum cc_exit replace(struct expansion *expansion, const char *file,
        const char *text, struct pf_token token, bool *replaced)
{
    struct cc_place place = { file, token.line, token.column };
    size_t rest;
    const char *path, *end, *name;

    *replaced = false;
    if (pf_directive_is(text, token, "pragma", &rest)) {
        *replaced = !strcmp(rest_of(text, token, rest), "once");
        return CC_RIGHT;
    }
    if (!pf_directive_is(text, token, "include", &rest))
        return CC_RIGHT;
    name = rest_of(text, token, rest);
    if (name[0] != '"' && name[0] != '<')
        return cc_error(place,
                "#include of a macro: parfun-cc copies included "
                "files into the kernel's text, and needs the name "
                "itself, in quotes");
    end = strchr(name + 1, name[0] == '"' ? '"' : '>');
    if (!end)
        return CC_RIGHT; /* clang says so */
    path = locate(expansion, file, cc_copy(name + 1, (size_t)(end - name - 1)),
            name[0] == '"');
    if (!path)
        return CC_RIGHT;
    CC_TRY(copy_file(expansion, place, path));
    mark_line(expansion->out,
            token.line + count_lines(text, token.begin, token.end) + 1, file);
    *replaced = true;
    return CC_RIGHT;
}

static enum cc_exit expand(
        struct expansion *expansion, const char *file, const struct cc_text *text)
{
    struct pf_lexer lexer = pf_lexer_begin(text->data, text->length);
    struct pf_token token;
    size_t done = 0;

    cc_push(&expansion->open, file);
    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END) {
        size_t before;
        bool replaced;

        if (token.kind != PF_TOKEN_DIRECTIVE)
            continue;
        cc_append(expansion->out, text->data + done, token.begin - done);
        done = token.begin;
        before = expansion->out->length;
        CC_TRY(replace(expansion, file, text->data, token, &replaced));
        if (!replaced)
            continue;
        done = token.end;
        if (expansion->out->length > before && text->data[done] == '\n')
            done++; /* the #line stands for this line's end */
    }
    cc_append(expansion->out, text->data + done, text->length - done);
    expansion->open.items[--expansion->open.count] = NULL;
    return CC_RIGHT;
}

enum cc_exit cc_includes_expand(const char *file, const struct cc_text *text,
        const struct cc_list *folders, struct cc_text *expanded)
{
    struct expansion expansion = { .folders = folders, .out = expanded };

    mark_line(expanded, 1, file);
    return expand(&expansion, file, text);
}
