/* SPDX-License-Identifier: Apache-2.0 */
/* json.c: a strict reader (RFC 8259) without fractions. */
#include "json.h"

#include "text.h"

#include <ctype.h>
#include <string.h>

enum { DEEPEST = 32 };

struct reader {
    const char *at, *end;
    unsigned depth;
};

static bool read_value(struct reader *reader, struct cc_json *value);

static void skip(struct reader *reader)
{
    while (reader->at < reader->end && strchr(" \t\r\n", *reader->at)
            && *reader->at)
        reader->at++;
}

static bool take(struct reader *reader, char c)
{
    skip(reader);
    if (reader->at >= reader->end || *reader->at != c)
        return false;
    reader->at++;
    return true;
}

static bool read_hex(struct reader *reader, unsigned *code)
{
    *code = 0;
    for (int i = 0; i < 4; i++, reader->at++) {
        char c = reader->at < reader->end ? *reader->at : '\0';
        if (!isxdigit((unsigned char)c))
            return false;
        *code = *code * 16
                + (unsigned)(isdigit((unsigned char)c)
                                ? c - '0'
                                : tolower((unsigned char)c) - 'a' + 10);
    }
    return true;
}

static bool add_escape(struct reader *reader, struct cc_text *text)
{
    static const char from[] = "\"\\/bfnrt", to[] = "\"\\/\b\f\n\r\t";
    char c = reader->at < reader->end ? *reader->at++ : '\0';
    const char *found = c ? strchr(from, c) : NULL;
    unsigned code;

    if (found) {
        cc_append(text, to + (found - from), 1);
        return true;
    }
    if (c != 'u' || !read_hex(reader, &code) || (code & 0xF800) == 0xD800)
        return false;
    if (code >= 0x800)
        cc_add(text, "%c%c%c", (int)(0xE0 | code >> 12),
                (int)(0x80 | (code >> 6 & 0x3F)), (int)(0x80 | (code & 0x3F)));
    else if (code >= 0x80)
        cc_add(text, "%c%c", (int)(0xC0 | code >> 6), (int)(0x80 | (code & 0x3F)));
    else
        cc_add(text, "%c", (int)code);
    return true;
}

static bool read_string(struct reader *reader, const char **string)
{
    struct cc_text text = { 0 };

    if (!take(reader, '"'))
        return false;
    cc_append(&text, "", 0);
    while (reader->at < reader->end && *reader->at != '"') {
        unsigned char c = (unsigned char)*reader->at++;
        if (c < ' ' || (c == '\\' && !add_escape(reader, &text)))
            return false;
        if (c != '\\')
            cc_append(&text, reader->at - 1, 1);
    }
    *string = text.data;
    return take(reader, '"');
}

static bool read_number(struct reader *reader, uint64_t *number)
{
    const char *begin = reader->at;

    *number = 0;
    while (reader->at < reader->end && isdigit((unsigned char)*reader->at)) {
        unsigned digit = (unsigned)(*reader->at++ - '0');
        if (*number > (UINT64_MAX - digit) / 10)
            return false;
        *number = *number * 10 + digit;
    }
    return reader->at > begin && (*begin != '0' || reader->at == begin + 1)
            && (reader->at == reader->end || !strchr(".eE", *reader->at));
}

static bool read_list(struct reader *reader, struct cc_json *list, char close)
{
    struct cc_json **last = &list->first;

    if (++reader->depth > DEEPEST)
        return false;
    if (take(reader, close))
        return reader->depth--, true;
    do {
        struct cc_json *item = cc_memory(1, sizeof *item);
        const char *key = NULL;
        if (close == '}' && (!read_string(reader, &key) || !take(reader, ':')))
            return false;
        if (!read_value(reader, item))
            return false;
        item->key = key;
        *last = item;
        last = &item->next;
    } while (take(reader, ','));
    reader->depth--;
    return take(reader, close);
}

static bool read_word(struct reader *reader, const char *word)
{
    size_t length = strlen(word);

    if ((size_t)(reader->end - reader->at) < length
            || memcmp(reader->at, word, length) != 0)
        return false;
    reader->at += length;
    return true;
}

static bool read_value(struct reader *reader, struct cc_json *value)
{
    skip(reader);
    if (reader->at >= reader->end)
        return false;
    switch (*reader->at) {
    case '{':
        reader->at++;
        value->kind = CC_JSON_OBJECT;
        return read_list(reader, value, '}');
    case '[':
        reader->at++;
        value->kind = CC_JSON_ARRAY;
        return read_list(reader, value, ']');
    case '"':
        value->kind = CC_JSON_STRING;
        return read_string(reader, &value->string);
    case 't':
        value->kind = CC_JSON_BOOL;
        value->truth = true;
        return read_word(reader, "true");
    case 'f':
        value->kind = CC_JSON_BOOL;
        return read_word(reader, "false");
    case 'n':
        return read_word(reader, "null");
    default:
        value->kind = CC_JSON_NUMBER;
        return read_number(reader, &value->number);
    }
}

struct cc_json *cc_json_read(const char *text, const char *end)
{
    struct reader reader = { .at = text, .end = end };
    struct cc_json *value = cc_memory(1, sizeof *value);

    if (!read_value(&reader, value))
        return NULL;
    skip(&reader);
    return reader.at == end ? value : NULL;
}

const struct cc_json *cc_json_member(const struct cc_json *object, const char *key)
{
    if (!object || object->kind != CC_JSON_OBJECT)
        return NULL;
    for (const struct cc_json *item = object->first; item; item = item->next)
        if (!strcmp(item->key, key))
            return item;
    return NULL;
}

uint64_t cc_json_number(const struct cc_json *object, const char *key)
{
    const struct cc_json *item = cc_json_member(object, key);

    return item && item->kind == CC_JSON_NUMBER ? item->number : 0;
}

bool cc_json_truth(const struct cc_json *object, const char *key)
{
    const struct cc_json *item = cc_json_member(object, key);

    return item && item->kind == CC_JSON_BOOL && item->truth;
}

const char *cc_json_string(const struct cc_json *object, const char *key)
{
    const struct cc_json *item = cc_json_member(object, key);

    return item && item->kind == CC_JSON_STRING ? item->string : "";
}

size_t cc_json_count(const struct cc_json *array)
{
    size_t count = 0;

    if (array)
        for (const struct cc_json *item = array->first; item; item = item->next)
            count++;
    return count;
}
