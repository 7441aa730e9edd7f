/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_say.c: where in a text a word stands, and what it may have meant. */
#include "runtime/base/error.h"
#include "runtime/clauses_parse.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 1200, NAME = 64 };

enum parfun_status pf_clauses_say(const struct pf_clause_source *source,
        struct pf_clause_word word, const char *format, ...)
{
    uint32_t line = 1, column = 1;
    if (word.text) {
        const struct parfun_pragma *pragma = &source->pragmas[word.pragma];
        line = pragma->line;
        column = pragma->column;
        for (const char *c = pragma->text; c < word.text; c++) {
            column++;
            if (*c == '\n') {
                line++;
                column = 1;
            }
        }
    }

    char sentence[SENTENCE];
    va_list arguments;
    va_start(arguments, format);
    if (vsnprintf(sentence, sizeof sentence, format, arguments) < 0)
        sentence[0] = '\0';
    va_end(arguments);
    return pf_fail(PARFUN_INVALID, "%s:%u:%u: error: %s",
            source->file ? source->file : "clauses", line, column, sentence);
}

bool pf_clauses_word_is(struct pf_clause_word word, const char *text)
{
    return strlen(text) == word.length && memcmp(word.text, text, word.length) == 0;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

static size_t larger(size_t a, size_t b)
{
    return a > b ? a : b;
}

static int lower(char c)
{
    return c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c;
}

/* How many letters must be put in, taken out or changed (Levenshtein), small and
 * capital ones alike, for names shorter than NAME. */
static size_t distance(struct pf_clause_word word, const char *name)
{
    size_t length = strlen(name);
    size_t row[NAME];

    for (size_t i = 0; i <= length; i++)
        row[i] = i;
    for (size_t k = 0; k < word.length; k++) {
        size_t diagonal = row[0];
        row[0] = k + 1;
        for (size_t i = 0; i < length; i++) {
            size_t change = diagonal + (lower(word.text[k]) != lower(name[i]));
            diagonal = row[i + 1];
            row[i + 1] = smaller(change, smaller(row[i], diagonal) + 1);
        }
    }
    return row[length];
}

const char *pf_clauses_nearest(
        struct pf_clause_word word, const char *const *names, size_t count)
{
    const char *nearest = NULL;
    size_t best = 3;

    for (size_t i = 0; i < count; i++) {
        size_t length = strlen(names[i]);
        if (length >= NAME || word.length >= NAME)
            continue;
        size_t far = distance(word, names[i]);
        /* About one letter in three may differ: x is no misspelt y. */
        if (far < best && far * 3 <= larger(length, word.length) + 1) {
            best = far;
            nearest = names[i];
        }
    }
    return nearest;
}
