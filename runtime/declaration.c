/* SPDX-License-Identifier: Apache-2.0 */
/* declaration.c: a kernel's declaration, token by token. */
#include "runtime/declaration.h"

#include "runtime/base/error.h"
#include "runtime/base/lexer.h"
#include "runtime/base/text.h"
#include "runtime/base/type.h"
#include "runtime/declaration_flags.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_PARAMETERS = 255 };

struct pf_declaration {
    struct parfun_kernel kernel;
    char *file, *text, *name;
    struct pf_scan scan;
    struct pf_words words;
    struct parfun_parameter *parameters;
};

/* A declaration that is being read: "__global const float * x" and so on. */
struct reader {
    struct pf_declaration *source;
    const struct pf_definition *definition;
    struct pf_lexer lexer; /* over the parameters, words replaced */
    struct pf_text type;
    struct pf_token name;
    unsigned pointers;
    uint8_t space;
    bool is_const, begun;
};

static enum parfun_status no_memory(void)
{
    return pf_fail(PARFUN_NO_MEMORY, "no memory to read a kernel's text");
}

/* ---- Parameters ----------------------------------------------------------------- */

static enum parfun_status not_understood(const struct reader *reader)
{
    const struct pf_declaration *source = reader->source;

    if (reader->type.failed)
        return no_memory();
    return pf_fail(PARFUN_UNSUPPORTED,
            "%s:%u: parameter %u of %s() is more than can be understood without "
            "parfun-cc (\"%s\"); install it: on Debian, apt-get install "
            "libparfun-dev",
            source->file, reader->definition->name_line,
            source->kernel.parameter_count + 1u, source->name,
            pf_text_get(&reader->type));
}

static bool is_any(const struct reader *reader, struct pf_token token,
        const char *const *words)
{
    for (; *words; words++)
        if (pf_token_is(&reader->lexer, token, *words))
            return true;
    return false;
}

static enum parfun_status take_word(struct reader *reader, struct pf_token token)
{
    static const char *const global[] = { "global", "__global", NULL },
                             *const constant[] = { "constant", "__constant", NULL },
                             *const local[] = { "local", "__local", NULL },
                             *const passed[] = { "volatile", "restrict",
                                 "__restrict", "private", "__private", NULL };

    if (is_any(reader, token, global)) {
        reader->space = PARFUN_GLOBAL_SPACE;
    } else if (is_any(reader, token, constant)) {
        reader->space = PARFUN_CONSTANT_SPACE;
        reader->is_const = true;
    } else if (is_any(reader, token, local)) {
        reader->space = PARFUN_LOCAL_SPACE;
    } else if (pf_token_is(&reader->lexer, token, "const")) {
        reader->is_const |= !reader->pointers;
    } else if (!is_any(reader, token, passed)) {
        /* The last one is the name, and the type what stood before. */
        if (reader->begun) {
            pf_text_add(&reader->type, reader->type.bytes ? " " : "");
            pf_text_add_bytes(&reader->type,
                    reader->lexer.text + reader->name.begin,
                    reader->name.end - reader->name.begin);
        }
        if (reader->pointers && reader->begun)
            return not_understood(reader);
        reader->name = token;
        reader->begun = true;
    }
    return PARFUN_OK;
}

/* "*": what was taken for the name is the type's last word. */
static enum parfun_status take_star(struct reader *reader)
{
    if (reader->begun) {
        pf_text_add(&reader->type, reader->type.bytes ? " " : "");
        pf_text_add_bytes(&reader->type, reader->lexer.text + reader->name.begin,
                reader->name.end - reader->name.begin);
    }
    reader->begun = false;
    return reader->pointers++ ? not_understood(reader) : PARFUN_OK;
}

static bool is_image(const char *type)
{
    return pf_text_begins(type, "image") || strcmp(type, "sampler_t") == 0
            || pf_text_begins(type, "read_only")
            || pf_text_begins(type, "write_only")
            || pf_text_begins(type, "__read_only")
            || pf_text_begins(type, "__write_only");
}

/* The name of the type, its size and alignment. */
static enum parfun_status take_type(
        struct reader *reader, struct parfun_parameter *parameter)
{
    const char *type = pf_text_get(&reader->type);
    unsigned width;
    const enum pf_type scalar = pf_type_parse(type, &width);
    const struct pf_type_info *info = pf_type_info(scalar);

    if (is_image(type))
        return pf_fail(PARFUN_COMPILE,
                "%s:%u: error: images and samplers are not supported; use arrays in "
                "global memory",
                reader->source->file, reader->definition->name_line);
    if (strcmp(type, "void") == 0 && reader->pointers) {
        parameter->type = pf_text_copy("void");
        parameter->bytes = parameter->alignment = 1;
    } else if (scalar == PF_TYPE_OTHER) {
        return not_understood(reader);
    } else {
        parameter->type = width == 1 ? pf_text_copy(info->name)
                                     : pf_text_print("%s%u", info->name, width);
        parameter->bytes = info->bytes * (width == 3 ? 4 : width);
        parameter->alignment = parameter->bytes;
    }
    return parameter->type ? PARFUN_OK : no_memory();
}

/* At a comma, or at the end. */
static enum parfun_status end_parameter(struct reader *reader)
{
    struct pf_declaration *source = reader->source;
    struct parfun_parameter *parameter =
            &source->parameters[source->kernel.parameter_count];

    if (!reader->begun || (reader->space != PARFUN_VALUE_SPACE) != reader->pointers
            || source->kernel.parameter_count == MOST_PARAMETERS)
        return not_understood(reader);
    parameter->space = reader->space;
    parameter->is_const = reader->is_const && reader->pointers;
    parameter->name =
            pf_text_print("%.*s", (int)(reader->name.end - reader->name.begin),
                    reader->lexer.text + reader->name.begin);
    if (!parameter->name)
        return no_memory();
    PF_TRY(take_type(reader, parameter));
    source->kernel.parameter_count++;
    pf_text_finish(&reader->type);
    reader->begun = reader->is_const = false;
    reader->pointers = 0;
    reader->space = PARFUN_VALUE_SPACE;
    return PARFUN_OK;
}

static bool is_empty(const char *list)
{
    return strcmp(list, "") == 0 || strcmp(list, "void ") == 0;
}

static enum parfun_status read_parameters(struct reader *reader, const char *list)
{
    struct pf_token token;

    if (is_empty(list))
        return PARFUN_OK;
    reader->lexer = pf_lexer_begin(list, strlen(list));
    while ((token = pf_lexer_next(&reader->lexer)).kind != PF_TOKEN_END)
        if (token.kind == PF_TOKEN_WORD)
            PF_TRY(take_word(reader, token));
        else if (pf_token_is(&reader->lexer, token, "*"))
            PF_TRY(take_star(reader));
        else if (pf_token_is(&reader->lexer, token, ","))
            PF_TRY(end_parameter(reader));
        else
            return not_understood(reader);
    return end_parameter(reader);
}

/* The offsets of what stands in the parentheses after the name. */
static void find_parameters(const char *text,
        const struct pf_definition *definition, size_t *begin, size_t *end)
{
    struct pf_lexer lexer = pf_lexer_begin(
            text + definition->name_at, definition->brace - definition->name_at);
    struct pf_token token;
    unsigned depth = 0;

    *begin = *end = definition->brace;
    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (pf_token_is(&lexer, token, "(") && !depth++) {
            *begin = definition->name_at + token.end;
        } else if (pf_token_is(&lexer, token, ")") && depth && !--depth) {
            *end = definition->name_at + token.begin;
            return;
        }
}

static enum parfun_status take_parameters(
        struct pf_declaration *source, const struct pf_definition *definition)
{
    struct reader reader = { .source = source, .definition = definition };
    struct pf_text list = { 0 };
    enum parfun_status status;
    size_t begin, end;

    find_parameters(source->text, definition, &begin, &end);
    pf_words_expand(&source->words, source->text, begin, end, &list);
    status = list.failed ? no_memory()
                         : read_parameters(&reader, pf_text_get(&list));
    pf_text_finish(&reader.type);
    pf_text_finish(&list);
    return status;
}

/* "(x, y, z)" of numbers, perhaps in parentheses. */
static bool read_group(struct pf_lexer *lexer, uint32_t group[3])
{
    unsigned depth = 0, dimension = 0;
    struct pf_token token;

    while ((token = pf_lexer_next(lexer)).kind != PF_TOKEN_END) {
        if (pf_token_is(lexer, token, "(")) {
            depth++;
        } else if (pf_token_is(lexer, token, ")")) {
            if (!--depth)
                return dimension == 2 && group[2];
        } else if (pf_token_is(lexer, token, ",")) {
            if (!group[dimension] || ++dimension == 3)
                return false;
        } else {
            if (token.kind != PF_TOKEN_LITERAL || group[dimension])
                return false;
            group[dimension] =
                    (uint32_t)strtoul(lexer->text + token.begin, NULL, 0);
        }
        if (!depth)
            return false;
    }
    return false;
}

/* reqd_work_group_size before the parameters. */
static enum parfun_status take_group(
        struct pf_declaration *source, const struct pf_definition *definition)
{
    struct pf_text text = { 0 };
    struct pf_lexer lexer;
    struct pf_token token;
    bool right = true;

    pf_words_expand(&source->words, source->text, definition->begin,
            definition->brace, &text);
    if (text.failed) {
        pf_text_finish(&text);
        return no_memory();
    }
    lexer = pf_lexer_begin(pf_text_get(&text), text.bytes);
    while (right && (token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (pf_token_is(&lexer, token, "reqd_work_group_size")
                || pf_token_is(&lexer, token, "__reqd_work_group_size__"))
            right = read_group(&lexer, source->kernel.required_group);
    pf_text_finish(&text);
    if (!right)
        return pf_fail(PARFUN_UNSUPPORTED,
                "%s:%u: reqd_work_group_size of %s() is more than can be understood "
                "without parfun-cc; write three numbers, or install it: on Debian, "
                "apt-get install libparfun-dev",
                source->file, definition->name_line, source->name);
    return PARFUN_OK;
}

/* ---- Kernels -------------------------------------------------------------------- */

enum parfun_status pf_declaration_fail_name(const char *name, const char *names)
{
    return *names
            ? pf_fail(PARFUN_INVALID, "the text has no kernel %s; it has %s", name,
                      names)
            : pf_fail(PARFUN_INVALID,
                      "the text has no kernel %s, nor any other; one begins with "
                      "`kernel void`",
                      name);
}

/* Also those of clang alone: what a file holds would not be in a cache's key. */
static bool reads_file(const char *text, struct pf_token directive)
{
    static const char *const names[] = { "include", "include_next", "import",
        "embed" };
    size_t rest;

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (pf_directive_is(text, directive, names[i], &rest))
            return true;
    return false;
}

enum parfun_status pf_declaration_check_includes(const char *file, const char *text)
{
    struct pf_lexer lexer = pf_lexer_begin(text, strlen(text));
    struct pf_token token;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (token.kind == PF_TOKEN_DIRECTIVE && reads_file(text, token))
            return pf_fail(PARFUN_COMPILE,
                    "%s:%u:%u: error: a text can not include files, as it has no "
                    "folder; put the file's text in the place of #include",
                    file, token.line, token.column);
    return PARFUN_OK;
}

static enum parfun_status no_kernel(const struct pf_declaration *source)
{
    struct pf_text names = { 0 };
    enum parfun_status status;

    for (size_t i = 0; i < source->scan.count; i++)
        if (source->scan.definitions[i].kernel && source->scan.definitions[i].name)
            pf_text_format(&names, "%s%s", names.bytes ? ", " : "",
                    source->scan.definitions[i].name);
    status = pf_declaration_fail_name(source->name, pf_text_get(&names));
    pf_text_finish(&names);
    return status;
}

static enum parfun_status find_kernel(const struct pf_declaration *source,
        const struct pf_definition **definition)
{
    *definition = NULL;
    for (size_t i = 0; i < source->scan.count; i++) {
        const struct pf_definition *other = &source->scan.definitions[i];

        if (!other->kernel || !other->name
                || strcmp(other->name, source->name) != 0)
            continue;
        if (*definition)
            return pf_fail(PARFUN_UNSUPPORTED,
                    "%s:%u: kernel %s is defined a second time, perhaps in another "
                    "branch of an #if, which needs parfun-cc; install it: on Debian, "
                    "apt-get install libparfun-dev",
                    source->file, other->name_line, source->name);
        *definition = other;
    }
    return *definition ? PARFUN_OK : no_kernel(source);
}

static enum parfun_status describe(struct pf_declaration *source)
{
    struct parfun_kernel *kernel = &source->kernel;
    const struct pf_definition *definition;

    PF_TRY(pf_scan_text(
            source->file, source->text, strlen(source->text), &source->scan));
    PF_TRY(find_kernel(source, &definition));
    PF_TRY(pf_words_collect(source->text, &source->words));
    *kernel = (struct parfun_kernel){
        .abi = PARFUN_KERNEL_ABI,
        .name = source->name,
        .file = source->file,
        .source = source->text,
        .build = "",
        .parameters = source->parameters,
        .pragmas = definition->pragmas,
        .pragma_count = definition->pragma_count,
    };
    PF_TRY(take_parameters(source, definition));
    PF_TRY(take_group(source, definition));
    return pf_declaration_flags(source->text, &source->scan, definition,
            &source->words, &kernel->flags);
}

enum parfun_status pf_declaration_create(const char *file, const char *text,
        const char *name, struct pf_declaration **source)
{
    struct pf_declaration *made = calloc(1, sizeof *made);
    enum parfun_status status = PARFUN_OK;

    if (!made)
        return no_memory();
    made->file = pf_text_copy(file);
    made->text = pf_text_copy(text);
    made->name = pf_text_copy(name);
    made->parameters = calloc(MOST_PARAMETERS + 1, sizeof *made->parameters);
    if (!made->file || !made->text || !made->name || !made->parameters)
        status = no_memory();
    if (!status)
        status = describe(made);
    if (status)
        pf_declaration_destroy(made);
    else
        *source = made;
    return status;
}

void pf_declaration_destroy(struct pf_declaration *source)
{
    if (!source)
        return;
    for (unsigned i = 0; source->parameters && i < MOST_PARAMETERS; i++) {
        free((char *)(uintptr_t)source->parameters[i].name);
        free((char *)(uintptr_t)source->parameters[i].type);
    }
    free(source->parameters);
    pf_words_finish(&source->words);
    pf_scan_finish(&source->scan);
    free(source->file);
    free(source->text);
    free(source->name);
    free(source);
}

const struct parfun_kernel *pf_declaration_kernel(
        const struct pf_declaration *source)
{
    return &source->kernel;
}
