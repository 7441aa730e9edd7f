/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: strings that grow.  A builder remembers that memory ran out, so that
 * one look at its end is enough:
 *
 *     struct pf_text text = { 0 };
 *     pf_text_add(&text, "devices:");
 *     pf_text_format(&text, " %zu", count);
 *     char *list = pf_text_take(&text);
 *     if (!list)
 *         return pf_fail(PARFUN_NO_MEMORY, ...);
 */
#ifndef PF_BASE_TEXT_H
#define PF_BASE_TEXT_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

/* All zero: empty.  The fields are read by anybody, written by text.c. */
struct pf_text {
    char *data;   /* ends with a zero byte; NULL while nothing was added */
    size_t bytes; /* without that */
    size_t capacity;
    bool failed; /* memory ran out: what is added is lost */
};

void pf_text_add(struct pf_text *text, const char *string);
void pf_text_add_bytes(struct pf_text *text, const void *data, size_t bytes);
__attribute__((format(printf, 2, 3))) void pf_text_format(
        struct pf_text *text, const char *format, ...);
__attribute__((format(printf, 2, 0))) void pf_text_format_list(
        struct pf_text *text, const char *format, va_list arguments);

/* What there is so far; "" if nothing.  Valid until the next change. */
const char *pf_text_get(const struct pf_text *text);
/* Empties the builder and gives its string to the caller, who frees it: "" if
 * nothing was added, NULL if memory ran out at any time. */
char *pf_text_take(struct pf_text *text);
/* Frees and empties it. */
void pf_text_finish(struct pf_text *text);

/* A copy, or a formatted string; the caller frees it.  NULL for lack of memory. */
char *pf_text_copy(const char *string);
__attribute__((format(printf, 1, 2))) char *pf_text_print(const char *format, ...);

bool pf_text_begins(const char *string, const char *beginning);
bool pf_text_ends(const char *string, const char *end);

/* Reads a whole string of decimal digits, without sign or blanks.  false, and
 * *value left alone, for anything else and for numbers beyond size_t. */
bool pf_text_parse_size(const char *string, size_t *value);

#endif
