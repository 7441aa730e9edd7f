/* SPDX-License-Identifier: Apache-2.0 */
/* pragmas.c: compilers skip what they do not know, so a misspelt `#pragma parfun`
 * would only show where its function is missing. */
#include "pragmas.h"

#include "runtime/base/lexer.h"
#include "runtime/nearest.h"
#include "runtime/scan.h"

#include <ctype.h>

/* The length of the pragma's first word if that is parfun, or nearly; else 0. */
static size_t misspelt(const char *text, struct pf_token token, size_t *word)
{
    static const char *const names[] = { "parfun" };
    size_t length = 0;

    if (token.kind != PF_TOKEN_DIRECTIVE
            || !pf_directive_is(text, token, "pragma", word)
            || pf_scan_is_pragma(text, token, word))
        return 0;
    while (*word + length < token.end
            && (isalnum((unsigned char)text[*word + length])
                    || text[*word + length] == '_'))
        length++;
    return pf_nearest_find(text + *word, length, names, 1) ? length : 0;
}

enum cc_exit cc_pragmas_check(const char *file, const struct cc_text *text,
        const struct cc_list *language)
{
    struct pf_lexer lexer = pf_lexer_begin(text->data, text->length);
    struct pf_token token;
    enum cc_exit result = CC_RIGHT;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END) {
        const struct cc_place place = { file, token.line, token.column };
        size_t word, length = misspelt(text->data, token, &word);

        if (length
                && cc_warning(language, place,
                        "`#pragma %.*s` is not read; did you mean `#pragma parfun`?",
                        (int)length + (text->data[word + length] == ':'),
                        text->data + word))
            result = CC_WRONG;
    }
    return result;
}

void cc_pragmas_blank(struct cc_text *text)
{
    struct pf_lexer lexer = pf_lexer_begin(text->data, text->length);
    struct pf_token token;
    size_t rest;

    while ((token = pf_lexer_next(&lexer)).kind != PF_TOKEN_END) {
        if (!pf_scan_is_pragma(text->data, token, &rest))
            continue;
        for (size_t at = token.begin; at < token.end; at++)
            if (text->data[at] != '\n' && text->data[at] != '\r')
                text->data[at] = ' ';
    }
}
