/* SPDX-License-Identifier: Apache-2.0 */
/* words.c: #define and typedef, without a preprocessor. */
#include "runtime/words.h"

#include "runtime/base/error.h"
#include "runtime/base/lexer.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum { DEEPEST = 8, TOKENS_MAX = 4096 };

static enum parfun_status no_memory(void)
{
    return pf_fail(PARFUN_NO_MEMORY, "no memory to read a kernel's text");
}

/* ---- By name ------------------------------------------------------------------------ */

/* FNV-1a. */
static size_t hash(const char *name, size_t length)
{
    uint64_t value = 14695981039346656037u;

    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)name[i]) * 1099511628211u;
    return (size_t)(value ^ value >> 32);
}

/* The slot of the word, or the empty one where it would be.  There is room. */
static size_t *slot_of(
        const struct pf_words *words, const char *name, size_t length)
{
    const size_t mask = 2 * words->room - 1;
    size_t at = hash(name, length) & mask;

    while (words->slots[at]) {
        const char *other = words->items[words->slots[at] - 1].name;

        if (strncmp(other, name, length) == 0 && !other[length])
            break;
        at = (at + 1) & mask;
    }
    return &words->slots[at];
}

struct pf_word *pf_words_find(
        const struct pf_words *words, const char *name, size_t length)
{
    const size_t number = words->count ? *slot_of(words, name, length) : 0;

    return number ? &words->items[number - 1] : NULL;
}

static enum parfun_status grow(struct pf_words *words)
{
    const size_t room = words->room ? 2 * words->room : 16;
    size_t *slots = calloc(2 * room, sizeof *slots);
    struct pf_word *items = realloc(words->items, room * sizeof *items);

    if (items)
        words->items = items;
    if (!slots || !items) {
        free(slots);
        return no_memory();
    }
    free(words->slots);
    words->slots = slots;
    words->room = room;
    for (size_t i = 0; i < words->count; i++)
        *slot_of(words, items[i].name, strlen(items[i].name)) = i + 1;
    return PARFUN_OK;
}

/* ---- Collecting --------------------------------------------------------------------- */

/* Which meaning holds, a preprocessor would know.  Takes `meaning`. */
static enum parfun_status add_meaning(struct pf_word *word, char *meaning)
{
    char *both = pf_text_print("%s %s", word->meaning, meaning);

    free(meaning);
    if (!both)
        return no_memory();
    free(word->meaning);
    word->meaning = both;
    word->plain = false;
    return PARFUN_OK;
}

/* Takes `meaning`, of which NULL is lack of memory. */
static enum parfun_status add(struct pf_words *words, const char *name,
        size_t length, char *meaning, bool plain)
{
    struct pf_word *word = pf_words_find(words, name, length);
    struct pf_word added = { NULL, meaning, plain, false };

    if (!meaning)
        return no_memory();
    if (word)
        return add_meaning(word, meaning);
    if (words->count == words->room && grow(words)) {
        free(meaning);
        return PARFUN_NO_MEMORY;
    }
    added.name = pf_text_print("%.*s", (int)length, name);
    if (!added.name) {
        free(meaning);
        return no_memory();
    }
    *slot_of(words, name, length) = words->count + 1;
    words->items[words->count++] = added;
    return PARFUN_OK;
}

/* "NAME tokens" or "NAME(parameters) tokens". */
static enum parfun_status take_define(
        struct pf_words *words, const char *text, struct pf_token token)
{
    size_t rest, end;
    char *body;
    enum parfun_status status = PARFUN_OK;
    struct pf_lexer lexer;
    struct pf_token name;

    if (!pf_directive_is(text, token, "define", &rest))
        return PARFUN_OK;
    body = pf_directive_text(text, token, rest);
    if (!body)
        return no_memory();
    lexer = pf_lexer_begin(body, strlen(body));
    name = pf_lexer_next(&lexer);
    end = name.end;
    if (name.kind == PF_TOKEN_WORD)
        status = add(words, body + name.begin, name.end - name.begin,
                pf_text_copy(body + end), body[end] != '(');
    free(body);
    return status;
}

/* "typedef tokens NAME;" at the outermost level; others are left alone. */
static enum parfun_status take_typedef(
        struct pf_words *words, struct pf_lexer *lexer, struct pf_token token)
{
    const size_t begin = token.end;
    struct pf_token name = token;
    bool plain = true;

    while ((token = pf_lexer_next(lexer)).kind != PF_TOKEN_END
            && !pf_token_is(lexer, token, ";")) {
        plain = plain
                && (token.kind == PF_TOKEN_WORD || pf_token_is(lexer, token, "*"));
        name = token;
    }
    if (!plain || name.kind != PF_TOKEN_WORD || name.begin < begin)
        return PARFUN_OK;
    return add(words, lexer->text + name.begin, name.end - name.begin,
            pf_text_print("%.*s", (int)(name.begin - begin), lexer->text + begin),
            true);
}

enum parfun_status pf_words_collect(const char *text, struct pf_words *words)
{
    struct pf_lexer lexer = pf_lexer_begin(text, strlen(text));
    struct pf_token token;

    *words = (struct pf_words){ 0 };
    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END)
        if (token.kind == PF_TOKEN_DIRECTIVE)
            PF_TRY(take_define(words, text, token));
        else if (pf_token_is(&lexer, token, "typedef"))
            PF_TRY(take_typedef(words, &lexer, token));
    return PARFUN_OK;
}

void pf_words_finish(struct pf_words *words)
{
    for (size_t i = 0; i < words->count; i++) {
        free(words->items[i].name);
        free(words->items[i].meaning);
    }
    free(words->items);
    free(words->slots);
    *words = (struct pf_words){ 0 };
}

struct expansion {
    const struct pf_words *words;
    struct pf_text *out;
    unsigned tokens; /* looked at; bounded, as words may stand for many */
};

static void expand(struct expansion *expansion, const char *text, size_t length,
        unsigned depth)
{
    struct pf_lexer lexer = pf_lexer_begin(text, length);
    struct pf_token token;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END
            && expansion->tokens++ < TOKENS_MAX) {
        const size_t bytes = token.end - token.begin;
        const struct pf_word *word = token.kind == PF_TOKEN_WORD
                ? pf_words_find(expansion->words, text + token.begin, bytes)
                : NULL;

        if (token.kind == PF_TOKEN_DIRECTIVE)
            continue;
        if (word && word->plain && depth < DEEPEST) {
            expand(expansion, word->meaning, strlen(word->meaning), depth + 1);
        } else {
            pf_text_add_bytes(expansion->out, text + token.begin, bytes);
            pf_text_add(expansion->out, " ");
        }
    }
}

void pf_words_expand(const struct pf_words *words, const char *text, size_t begin,
        size_t end, struct pf_text *expanded)
{
    struct expansion expansion = { words, expanded, 0 };

    expand(&expansion, text + begin, end - begin, 0);
}
