/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: strings that grow by doubling. */
#include "runtime/base/text.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { FIRST_CAPACITY = 64 };

/* Room for `more` bytes and the end. */
static bool reserve(struct pf_text *text, size_t more)
{
    if (text->failed)
        return false;
    if (more < text->capacity - text->bytes)
        return true;

    size_t capacity = text->capacity ? text->capacity : FIRST_CAPACITY;
    while (capacity - text->bytes <= more && capacity <= SIZE_MAX / 2)
        capacity *= 2;
    char *data = NULL;
    if (capacity - text->bytes > more)
        data = realloc(text->data, capacity);
    if (!data) {
        text->failed = true;
        return false;
    }
    text->data = data;
    text->capacity = capacity;
    return true;
}

void pf_text_add_bytes(struct pf_text *text, const void *data, size_t bytes)
{
    if (!reserve(text, bytes))
        return;
    if (bytes)
        memcpy(text->data + text->bytes, data, bytes);
    text->bytes += bytes;
    text->data[text->bytes] = '\0';
}

void pf_text_add(struct pf_text *text, const char *string)
{
    pf_text_add_bytes(text, string, strlen(string));
}

void pf_text_format_list(
        struct pf_text *text, const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    if (length < 0)
        text->failed = true;
    else if (reserve(text, (size_t)length)) {
        vsnprintf(text->data + text->bytes, (size_t)length + 1, format, again);
        text->bytes += (size_t)length;
    }
    va_end(again);
}

void pf_text_format(struct pf_text *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    pf_text_format_list(text, format, arguments);
    va_end(arguments);
}

const char *pf_text_get(const struct pf_text *text)
{
    return text->data ? text->data : "";
}

char *pf_text_take(struct pf_text *text)
{
    pf_text_add_bytes(text, "", 0);
    char *data = text->data;
    if (text->failed) {
        free(data);
        data = NULL;
    }
    *text = (struct pf_text){ 0 };
    return data;
}

void pf_text_finish(struct pf_text *text)
{
    free(text->data);
    *text = (struct pf_text){ 0 };
}

char *pf_text_copy(const char *string)
{
    struct pf_text text = { 0 };
    pf_text_add(&text, string);
    return pf_text_take(&text);
}

char *pf_text_print(const char *format, ...)
{
    struct pf_text text = { 0 };
    va_list arguments;
    va_start(arguments, format);
    pf_text_format_list(&text, format, arguments);
    va_end(arguments);
    return pf_text_take(&text);
}

bool pf_text_begins(const char *string, const char *beginning)
{
    return strncmp(string, beginning, strlen(beginning)) == 0;
}

bool pf_text_ends(const char *string, const char *end)
{
    size_t bytes = strlen(string), end_bytes = strlen(end);
    return bytes >= end_bytes && strcmp(string + bytes - end_bytes, end) == 0;
}

bool pf_text_parse_size(const char *string, size_t *value)
{
    size_t parsed = 0;
    if (*string == '\0')
        return false;
    for (; *string; string++) {
        if (*string < '0' || *string > '9')
            return false;
        size_t digit = (size_t)(*string - '0');
        if (parsed > (SIZE_MAX - digit) / 10)
            return false;
        parsed = parsed * 10 + digit;
    }
    *value = parsed;
    return true;
}
