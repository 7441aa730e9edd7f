/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_say.c: where in a text a word stands, and what it may have meant. */
#include "runtime/base/error.h"
#include "runtime/clauses_parse.h"
#include "runtime/nearest.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { SENTENCE = 1200 };

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

const char *pf_clauses_nearest(
        struct pf_clause_word word, const char *const *names, size_t count)
{
    return pf_nearest_find(word.text, word.length, names, count);
}
