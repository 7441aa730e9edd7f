/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_parse.c: the grammar of clauses.h.  Nothing nests deeper than a
 * modifier's arguments, so nothing here calls itself. */
#include "runtime/clauses_parse.h"
#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

enum token_kind {
    TOKEN_END,
    TOKEN_NAME,
    TOKEN_NUMBER,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_STAR
};

struct parser {
    const struct pf_clause_source *source;
    struct pf_clause_list *list;
    size_t modifier_count, argument_count, factor_count;
    size_t pragma;
    const char *at; /* after the token */
    enum token_kind kind;
    struct pf_clause_word token;
    size_t number;
};

/* ---- Tokens ------------------------------------------------------------------ */

/* Not isalpha() and its like: these must not depend on the locale. */
static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static struct pf_clause_word word_of(
        const struct parser *parser, const char *begin, const char *end)
{
    return (struct pf_clause_word){ begin, (size_t)(end - begin), parser->pragma };
}

/* Blanks, comments, and line ends that a backslash hides. */
static enum parfun_status skip_blanks(struct parser *parser)
{
    for (;;) {
        const char *at = parser->at;
        if (is_blank(*at))
            parser->at++;
        else if (at[0] == '\\' && at[1] == '\n')
            parser->at += 2;
        else if (at[0] == '\\' && at[1] == '\r' && at[2] == '\n')
            parser->at += 3;
        else if (at[0] == '/' && at[1] == '/')
            parser->at += strcspn(at, "\n");
        else if (at[0] == '/' && at[1] == '*') {
            const char *end = strstr(at + 2, "*/");
            if (!end)
                return pf_clauses_say(parser->source, word_of(parser, at, at + 2),
                        "this comment has no end");
            parser->at = end + 2;
        } else
            return PARFUN_OK;
    }
}

static enum parfun_status read_number(struct parser *parser)
{
    const char *begin = parser->at, *end = begin;
    size_t number = 0;
    bool fits = true;

    for (; is_digit(*end); end++) {
        size_t digit = (size_t)(*end - '0');
        fits = fits && number <= (SIZE_MAX - digit) / 10;
        if (fits)
            number = number * 10 + digit;
    }
    bool odd = is_letter(*end);
    while (is_digit(*end) || is_letter(*end))
        end++;
    parser->at = end;
    parser->kind = TOKEN_NUMBER;
    parser->token = word_of(parser, begin, end);
    parser->number = number;
    if (odd)
        return pf_clauses_say(parser->source, parser->token,
                "'%.*s' is no number: numbers are decimal digits alone",
                PF_WORD(parser->token));
    if (!fits)
        return pf_clauses_say(parser->source, parser->token,
                "the number %.*s is too large: the largest is %zu",
                PF_WORD(parser->token), SIZE_MAX);
    return PARFUN_OK;
}

/* An operator that others name a reduction by, such as OpenMP's `+:`; in *length that
 * of the operator.  NULL: none; `+` alone may be meant for a size. */
static const char *reduction_named_by(const char *at, size_t *length)
{
    static const struct {
        const char *mark, *name;
    } operators[] = { { "&&", "and" }, { "||", "or" }, { "&", "and" },
        { "|", "or" }, { "^", "xor" }, { "+", "sum" }, { "-", "sum" },
        { "*", "product" } };

    for (size_t i = 0; i < sizeof operators / sizeof *operators; i++) {
        const char *end = at + strlen(operators[i].mark);
        *length = (size_t)(end - at);
        if (strncmp(at, operators[i].mark, *length) != 0)
            continue;
        while (is_blank(*end))
            end++;
        if (*end == ':' || (*end == ',' && *at != '*'))
            return operators[i].name;
    }
    return NULL;
}

static enum parfun_status next(struct parser *parser)
{
    static const char marks[] = "(),:*";
    static const enum token_kind kinds[] = { TOKEN_OPEN, TOKEN_CLOSE, TOKEN_COMMA,
        TOKEN_COLON, TOKEN_STAR };

    PF_TRY(skip_blanks(parser));
    const char *begin = parser->at;
    if (is_digit(*begin))
        return read_number(parser);
    if (*begin == '\0') {
        parser->kind = TOKEN_END;
        parser->token = word_of(parser, begin, begin);
        return PARFUN_OK;
    }
    if (is_letter(*begin)) {
        while (is_letter(*parser->at) || is_digit(*parser->at))
            parser->at++;
        parser->kind = TOKEN_NAME;
        parser->token = word_of(parser, begin, parser->at);
        return PARFUN_OK;
    }
    size_t length;
    const char *reduction = reduction_named_by(begin, &length);
    parser->at += reduction ? length : 1;
    parser->token = word_of(parser, begin, parser->at);
    if (reduction)
        return pf_clauses_say(parser->source, parser->token,
                "'%.*s' has no meaning in clauses: write %s, as in combine(%s: x)%s",
                PF_WORD(parser->token), reduction, reduction,
                length == 2 ? ", of zeros and ones, as it joins them bit by bit"
                            : "");
    const char *mark = strchr(marks, *begin);
    if (mark) {
        parser->kind = kinds[mark - marks];
        return PARFUN_OK;
    }
    if (strchr("+-/%", *begin))
        return pf_clauses_say(parser->source, parser->token,
                "'%c' has no meaning in clauses: sizes are numbers, parameters and "
                "products of them, as 2 * w; give another size as a parameter",
                *begin);
    if (*begin > ' ' && *begin < 127)
        return pf_clauses_say(parser->source, parser->token,
                "'%c' has no meaning in clauses", *begin);
    return pf_clauses_say(parser->source, parser->token,
            "the byte 0x%02x has no meaning in clauses", (unsigned char)*begin);
}

/* "expected X, not Y". */
static enum parfun_status expected(const struct parser *parser, const char *what)
{
    if (parser->kind == TOKEN_END)
        return pf_clauses_say(parser->source, parser->token,
                "expected %s, but the text ends", what);
    return pf_clauses_say(parser->source, parser->token, "expected %s, not '%.*s'",
            what, PF_WORD(parser->token));
}

/* ---- The tree ------------------------------------------------------------------ */

static enum parfun_status parse_factor(struct parser *parser, const char *what)
{
    if (parser->kind != TOKEN_NAME && parser->kind != TOKEN_NUMBER)
        return expected(parser, what);
    if (pf_clauses_word_is(parser->token, "sizeof"))
        return pf_clauses_say(parser->source, parser->token,
                "'sizeof' has no meaning in clauses, which are text: write the "
                "number, of elements, or of bytes where they are of type void; "
                "snprintf() can");
    parser->list->factors[parser->factor_count++] =
            (struct pf_clause_factor){ .word = parser->token,
                .is_number = parser->kind == TOKEN_NUMBER,
                .number = parser->number };
    return next(parser);
}

static enum parfun_status parse_argument(struct parser *parser)
{
    struct pf_clause_argument *argument =
            &parser->list->arguments[parser->argument_count++];
    const char *begin = parser->token.text;

    *argument = (struct pf_clause_argument){ .word = parser->token,
        .factors = &parser->list->factors[parser->factor_count] };
    if (parser->kind == TOKEN_STAR)
        return next(parser);

    size_t first = parser->factor_count;
    PF_TRY(parse_factor(parser, "a name or a number"));
    while (parser->kind == TOKEN_STAR) {
        PF_TRY(next(parser));
        PF_TRY(parse_factor(parser, "a name or a number after '*'"));
    }
    argument->factor_count = parser->factor_count - first;
    struct pf_clause_word last = argument->factors[argument->factor_count - 1].word;
    argument->word = word_of(parser, begin, last.text + last.length);
    return PARFUN_OK;
}

/* Up to and with the closing parenthesis. */
static enum parfun_status parse_arguments(struct parser *parser,
        struct pf_clause_word owner, const struct pf_clause_argument **arguments,
        size_t *count)
{
    size_t first = parser->argument_count;

    *arguments = &parser->list->arguments[first];
    if (parser->kind == TOKEN_CLOSE)
        return pf_clauses_say(parser->source, parser->token,
                "%.*s() names nothing: put something between the parentheses",
                PF_WORD(owner));
    for (;;) {
        PF_TRY(parse_argument(parser));
        if (parser->kind != TOKEN_COMMA)
            break;
        PF_TRY(next(parser));
    }
    *count = parser->argument_count - first;
    if (parser->kind == TOKEN_OPEN)
        return pf_clauses_say(parser->source, parser->token,
                "'(' after an argument: modifiers stand before a ':', as in "
                "split(rows(w): x)");
    if (parser->kind == TOKEN_COLON)
        return pf_clauses_say(parser->source, parser->token,
                "':' stands once in a clause, after its modifiers: give what needs "
                "others a clause of its own, as in combine(sum: s) combine(max: m)");
    if (parser->kind != TOKEN_CLOSE)
        return expected(parser, "',' or ')'");
    return next(parser);
}

/* Is there a ':' between the parentheses of this clause? */
static enum parfun_status look_for_modifiers(
        const struct parser *parser, bool *found)
{
    struct parser ahead = *parser;
    size_t depth = 1;

    *found = false;
    while (ahead.kind != TOKEN_END && depth > 0 && !*found) {
        *found = ahead.kind == TOKEN_COLON && depth == 1;
        if (ahead.kind == TOKEN_OPEN)
            depth++;
        else if (ahead.kind == TOKEN_CLOSE)
            depth--;
        PF_TRY(next(&ahead));
    }
    return PARFUN_OK;
}

static enum parfun_status parse_modifiers(
        struct parser *parser, struct pf_clause *clause)
{
    size_t first = parser->modifier_count;

    for (;;) {
        if (parser->kind != TOKEN_NAME)
            return expected(parser, "a modifier before the ':'");
        struct pf_clause_modifier *modifier =
                &parser->list->modifiers[parser->modifier_count++];
        *modifier = (struct pf_clause_modifier){ .name = parser->token };
        PF_TRY(next(parser));
        if (parser->kind == TOKEN_OPEN) {
            PF_TRY(next(parser));
            PF_TRY(parse_arguments(parser, modifier->name, &modifier->arguments,
                    &modifier->argument_count));
        }
        if (parser->kind != TOKEN_COMMA)
            break;
        PF_TRY(next(parser));
    }
    clause->modifier_count = parser->modifier_count - first;
    if (parser->kind != TOKEN_COLON)
        return expected(parser, "',' or ':' after a modifier");
    return next(parser);
}

/* local(N: ...): an extent stands where other clauses have modifiers. */
static enum parfun_status parse_size(
        struct parser *parser, struct pf_clause *clause)
{
    struct pf_clause_modifier *modifier =
            &parser->list->modifiers[parser->modifier_count++];

    *modifier = (struct pf_clause_modifier){
        .arguments = &parser->list->arguments[parser->argument_count],
        .argument_count = 1
    };
    clause->modifier_count = 1;
    PF_TRY(parse_argument(parser));
    modifier->name = modifier->arguments[0].word;
    if (parser->kind != TOKEN_COLON)
        return expected(parser, "':' after the size in local(N: name)");
    return next(parser);
}

/* The parser stands at '('; what follows is not made of tokens. */
static enum parfun_status parse_raw(struct parser *parser, struct pf_clause *clause)
{
    struct pf_clause_word open = parser->token;
    const char *begin = parser->at;
    size_t depth = 1;

    for (; *parser->at; parser->at++) {
        if (*parser->at == '(')
            depth++;
        else if (*parser->at == ')' && --depth == 0)
            break;
    }
    if (*parser->at == '\0')
        return pf_clauses_say(parser->source, open, "this '(' has no ')'");
    clause->raw = word_of(parser, begin, parser->at);
    parser->at++;
    return next(parser);
}

static enum parfun_status parse_clause(struct parser *parser)
{
    bool modifiers = false;

    if (parser->kind != TOKEN_NAME)
        return expected(parser, "the name of a clause");
    struct pf_clause *clause = &parser->list->clauses[parser->list->count];
    *clause = (struct pf_clause){ .name = parser->token,
        .modifiers = &parser->list->modifiers[parser->modifier_count] };
    PF_TRY(next(parser));
    if (parser->kind != TOKEN_OPEN)
        return pf_clauses_say(parser->source, parser->token,
                "expected '(' after '%.*s'", PF_WORD(clause->name));
    parser->list->count++;
    if (pf_clauses_word_is(clause->name, "build"))
        return parse_raw(parser, clause);
    PF_TRY(next(parser));
    PF_TRY(look_for_modifiers(parser, &modifiers));
    if (pf_clauses_word_is(clause->name, "local"))
        PF_TRY(parse_size(parser, clause));
    else if (modifiers)
        PF_TRY(parse_modifiers(parser, clause));
    return parse_arguments(
            parser, clause->name, &clause->arguments, &clause->argument_count);
}

/* Each node of the tree stands behind one of these marks. */
static size_t count_marks(const struct pf_clause_source *source)
{
    size_t count = 0;
    for (size_t i = 0; i < source->pragma_count; i++)
        for (const char *c = source->pragmas[i].text; *c; c++)
            count += *c == '(' || *c == ',' || *c == ':' || *c == '*';
    return count;
}

enum parfun_status pf_clauses_parse(
        const struct pf_clause_source *source, struct pf_clause_list *list)
{
    struct parser parser = { .source = source, .list = list };
    size_t room = count_marks(source) + 1;

    *list = (struct pf_clause_list){ .clauses = calloc(room, sizeof *list->clauses),
        .modifiers = calloc(room, sizeof *list->modifiers),
        .arguments = calloc(room, sizeof *list->arguments),
        .factors = calloc(room, sizeof *list->factors) };
    if (!list->clauses || !list->modifiers || !list->arguments || !list->factors)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the clauses of %s",
                source->kernel->name);
    for (size_t i = 0; i < source->pragma_count; i++) {
        parser.pragma = i;
        parser.at = source->pragmas[i].text;
        PF_TRY(next(&parser));
        while (parser.kind != TOKEN_END)
            PF_TRY(parse_clause(&parser));
    }
    return PARFUN_OK;
}

void pf_clauses_parse_finish(struct pf_clause_list *list)
{
    free(list->clauses);
    free(list->modifiers);
    free(list->arguments);
    free(list->factors);
    *list = (struct pf_clause_list){ 0 };
}
