/* SPDX-License-Identifier: Apache-2.0 */
/* signature.c: reads C declarations of parameters.  What is too complicated is
 * refused: arrays of arrays, pointers to functions. */
#include "runtime/signature.h"

#include "runtime/base/error.h"
#include "runtime/signature_type.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SENTENCE = 400 };

struct parser {
    const char *name;       /* of the function */
    const char *begin;      /* of the text */
    const char *at;         /* after the token */
    struct pf_c_word token; /* length 0: the end */
    char *room;             /* for strings, growing to its end */
    struct pf_signature *signature;
};

/* ---- Tokens ------------------------------------------------------------------ */

/* Not isalpha() and its like: these must not depend on the locale. */
static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static void next(struct parser *parser)
{
    const char *at = parser->at;

    while (*at == ' ' || (*at >= '\t' && *at <= '\r'))
        at++;
    parser->token = (struct pf_c_word){ at, *at ? 1 : 0 };
    if (is_letter(*at) || is_digit(*at))
        while (is_letter(at[parser->token.length])
                || is_digit(at[parser->token.length]))
            parser->token.length++;
    parser->at = at + parser->token.length;
}

static bool is_name(const struct parser *parser)
{
    return parser->token.length && is_letter(*parser->token.text);
}

static bool is(const struct parser *parser, const char *text)
{
    return pf_c_word_is(parser->token, text);
}

/* PARFUN_INVALID, about the present token. */
__attribute__((format(printf, 2, 3))) static enum parfun_status refuse(
        const struct parser *parser, const char *format, ...)
{
    char sentence[SENTENCE];
    va_list arguments;

    va_start(arguments, format);
    if (vsnprintf(sentence, sizeof sentence, format, arguments) < 0)
        sentence[0] = '\0';
    va_end(arguments);
    return pf_fail(PARFUN_INVALID,
            "parfun_function_from_c(): the signature of %.60s(), character %zu: %s",
            parser->name, (size_t)(parser->token.text - parser->begin) + 1,
            sentence);
}

/* A word for a sentence, shortened if it is long. */
#define WORD(word) (int)((word).length < 60 ? (word).length : 60), (word).text

static enum parfun_status expected(const struct parser *parser, const char *what)
{
    const unsigned char first = (unsigned char)*parser->token.text;

    if (!parser->token.length)
        return refuse(parser, "expected %s, but the text ends", what);
    if (first < ' ' || first >= 127)
        return refuse(parser, "expected %s, not the byte 0x%02x", what, first);
    return refuse(parser, "expected %s, not '%.*s'", what, WORD(parser->token));
}

static const char *keep(struct parser *parser, const char *text, size_t length)
{
    char *kept = parser->room;

    memcpy(kept, text, length);
    kept[length] = '\0';
    parser->room += length + 1;
    return kept;
}

/* ---- Declarations --------------------------------------------------------------- */

/* const, volatile and restrict, in any number. */
static bool skip_qualifiers(struct parser *parser)
{
    bool is_const = false;

    for (;; next(parser)) {
        if (is(parser, "const"))
            is_const = true;
        else if (!is(parser, "volatile") && !is(parser, "restrict")
                && !is(parser, "__restrict") && !is(parser, "__restrict__"))
            return is_const;
    }
}

/* "unsigned long", "struct body", "float": the words of a type, until a star or the
 * parameter's name. */
static enum parfun_status parse_specifiers(
        struct parser *parser, struct pf_c_type *type, bool *is_const)
{
    *type = (struct pf_c_type){ 0 };
    *is_const = skip_qualifiers(parser);
    if (is(parser, "register") || is(parser, "static") || is(parser, "extern"))
        return refuse(parser, "'%.*s' has no meaning here: write the type",
                WORD(parser->token));
    while (is_name(parser) && pf_c_type_takes(type, parser->token)) {
        if (!pf_c_type_add(type, parser->token))
            return refuse(
                    parser, "'%.*s' makes no type of C here", WORD(parser->token));
        next(parser);
        *is_const |= skip_qualifiers(parser);
    }
    if (!type->words)
        return expected(parser, "a type");
    if (!pf_c_type_is_complete(type))
        return expected(parser, "the name of the struct, union or enum");
    return PARFUN_OK;
}

static enum parfun_status parse_brackets(struct parser *parser, unsigned *depth)
{
    if (!is(parser, "["))
        return PARFUN_OK;
    next(parser);
    skip_qualifiers(parser);
    if (is(parser, "static")) {
        next(parser);
        skip_qualifiers(parser);
    }
    if (parser->token.length && (is_digit(*parser->token.text) || is_name(parser)))
        next(parser);
    if (!is(parser, "]"))
        return expected(parser, "']'");
    next(parser);
    if (is(parser, "["))
        return refuse(parser,
                "arrays of arrays can not be declared: give a pointer to their "
                "elements and say rows() in the clauses");
    *depth += 1;
    return PARFUN_OK;
}

static enum parfun_status check_name(const struct parser *parser)
{
    const struct pf_signature *signature = parser->signature;

    if (is(parser, "("))
        return refuse(parser,
                "pointers to functions can not be declared: hand them over in "
                "parfun_options.user");
    if (!is_name(parser) || pf_c_is_keyword(parser->token))
        return expected(parser, "the parameter's name");
    for (unsigned i = 0; i < signature->kernel.parameter_count; i++)
        if (is(parser, signature->parameters[i].name))
            return refuse(parser, "'%.*s' is declared twice", WORD(parser->token));
    return PARFUN_OK;
}

static enum parfun_status parse_parameter(struct parser *parser)
{
    struct pf_signature *signature = parser->signature;
    struct parfun_parameter *parameter =
            &signature->parameters[signature->kernel.parameter_count];
    const char *begin = parser->token.text, *end;
    struct pf_c_type type;
    bool is_const, pointee_const;
    unsigned depth = 0;

    PF_TRY(parse_specifiers(parser, &type, &is_const));
    end = parser->token.text;
    pointee_const = is_const;
    while (is(parser, "*")) {
        pointee_const = is_const;
        if (depth++)
            end = parser->token.text; /* of what the last star points at */
        next(parser);
        is_const = skip_qualifiers(parser);
    }
    PF_TRY(check_name(parser));
    const struct pf_c_word name = parser->token;

    next(parser);
    if (is(parser, "[")) {
        pointee_const = is_const;
        end = depth ? name.text : end;
    }
    PF_TRY(parse_brackets(parser, &depth));
    if (depth == 0 && pf_c_type_is_void(&type)) {
        parser->token = name;
        return refuse(parser, "'%.*s' is of type void", WORD(name));
    }
    *parameter = (struct parfun_parameter){
        .name = keep(parser, name.text, name.length),
        .space = depth ? PARFUN_GLOBAL_SPACE : PARFUN_VALUE_SPACE,
        .is_const = depth ? pointee_const : 0,
        .alignment = 1,
    };
    while (end > begin && (end[-1] == ' ' || (end[-1] >= '\t' && end[-1] <= '\r')))
        end--;
    if (depth > 1) {
        parameter->type = keep(parser, begin, (size_t)(end - begin));
        parameter->bytes = sizeof(void *);
        parameter->alignment = _Alignof(void *);
    } else {
        pf_c_type_describe(&type, parameter);
        if (!parameter->type)
            parameter->type = keep(parser, begin, (size_t)(end - begin));
    }
    signature->kernel.parameter_count++;
    return PARFUN_OK;
}

/* "" and "void". */
static bool is_empty(const struct parser *parser)
{
    struct parser ahead = *parser;

    if (is(&ahead, "void"))
        next(&ahead);
    return !ahead.token.length;
}

static enum parfun_status parse_parameters(struct parser *parser)
{
    next(parser);
    if (is_empty(parser))
        return PARFUN_OK;
    for (;;) {
        if (parser->signature->kernel.parameter_count == PF_SIGNATURE_PARAMETERS)
            return refuse(parser, "more than %d parameters",
                    (int)PF_SIGNATURE_PARAMETERS);
        PF_TRY(parse_parameter(parser));
        if (!parser->token.length)
            return PARFUN_OK;
        if (!is(parser, ","))
            return expected(parser, "',' or the end");
        next(parser);
    }
}

/* ---- The whole ------------------------------------------------------------------- */

static unsigned count_commas(const char *text)
{
    unsigned count = 0;

    for (; *text; text++)
        count += *text == ',';
    return count;
}

enum parfun_status pf_signature_create(
        const char *name, const char *text, struct pf_signature **signature)
{
    const size_t length = strlen(text);
    struct parser parser = { .name = name, .begin = text, .at = text };
    enum parfun_status status;

    parser.token = (struct pf_c_word){ text, 0 };
    if (length > PF_SIGNATURE_BYTES)
        return refuse(&parser, "the text is longer than %d characters",
                (int)PF_SIGNATURE_BYTES);
    struct pf_signature *made = calloc(1, sizeof *made);

    if (made) {
        made->parameters =
                calloc(count_commas(text) + 1u, sizeof *made->parameters);
        /* the name, the text, and each of its words twice with an end of its own */
        made->text = malloc(strlen(name) + 4 * length + 4);
    }
    if (!made || !made->parameters || !made->text) {
        pf_signature_destroy(made);
        return pf_fail(PARFUN_NO_MEMORY, "no memory for function %s()", name);
    }
    parser.room = made->text;
    parser.signature = made;
    made->kernel = (struct parfun_kernel){
        .abi = PARFUN_KERNEL_ABI,
        .name = keep(&parser, name, strlen(name)),
        .file = "C",
        .source = keep(&parser, text, length),
        .build = "",
        .parameters = made->parameters,
    };
    status = parse_parameters(&parser);
    if (status)
        pf_signature_destroy(made);
    else
        *signature = made;
    return status;
}

void pf_signature_destroy(struct pf_signature *signature)
{
    if (!signature)
        return;
    free(signature->parameters);
    free(signature->text);
    free(signature);
}
