/* SPDX-License-Identifier: Apache-2.0 */
/* text.c: memory that is released at once, and texts that grow in it. */
#include "text.h"

#include "process.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct block {
    struct block *next;
    max_align_t data[];
};

static struct block *blocks;

static _Noreturn void give_up(void)
{
    fputs("parfun-cc: error: out of memory\n", stderr);
    cc_process_clean();
    exit(2);
}

void *cc_memory(size_t count, size_t bytes)
{
    struct block *block;

    if (bytes && count > (SIZE_MAX - sizeof *block) / bytes)
        give_up();
    block = calloc(1, sizeof *block + count * bytes);
    if (!block)
        give_up();
    block->next = blocks;
    blocks = block;
    return block->data;
}

void cc_memory_release(void)
{
    while (blocks) {
        struct block *next = blocks->next;
        free(blocks);
        blocks = next;
    }
}

char *cc_copy(const char *text, size_t length)
{
    char *copy = cc_memory(length + 1, 1);

    if (length)
        memcpy(copy, text, length);
    return copy;
}

static void reserve(struct cc_text *text, size_t more)
{
    size_t room = text->room ? text->room : 256;
    char *data;

    if (more < text->room - text->length)
        return;
    while (room - text->length <= more) {
        if (room > SIZE_MAX / 2)
            give_up();
        room *= 2;
    }
    data = cc_memory(room, 1);
    if (text->length)
        memcpy(data, text->data, text->length);
    text->data = data;
    text->room = room;
}

void cc_append(struct cc_text *text, const char *data, size_t length)
{
    reserve(text, length);
    if (length)
        memcpy(text->data + text->length, data, length);
    text->length += length;
    text->data[text->length] = '\0';
}

__attribute__((format(printf, 2, 0))) static void add_list(
        struct cc_text *text, const char *format, va_list list)
{
    va_list again;
    size_t room;
    int length;

    reserve(text, 1);
    room = text->room - text->length;
    va_copy(again, list);
    length = vsnprintf(text->data + text->length, room, format, again);
    va_end(again);
    if (length < 0)
        give_up();
    if ((size_t)length >= room) {
        reserve(text, (size_t)length);
        vsnprintf(text->data + text->length, (size_t)length + 1, format, list);
    }
    text->length += (size_t)length;
}

void cc_add(struct cc_text *text, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    add_list(text, format, list);
    va_end(list);
}

char *cc_format(const char *format, ...)
{
    struct cc_text text = { 0 };
    va_list list;

    va_start(list, format);
    add_list(&text, format, list);
    va_end(list);
    return text.data;
}

void cc_add_literal(struct cc_text *text, const char *data, const char *indent)
{
    cc_add(text, "\"");
    for (const char *c = data; *c; c++) {
        unsigned char byte = (unsigned char)*c;
        if (byte == '\n') {
            cc_add(text, "\\n");
            if (c[1])
                cc_add(text, "\"\n%s\"", indent);
        } else if (byte == '"' || byte == '\\') {
            cc_add(text, "\\%c", byte);
        } else if (byte < ' ' || byte > '~' || byte == '?') {
            cc_add(text, "\\%03o", byte); /* '?': no trigraphs */
        } else {
            cc_append(text, c, 1);
        }
    }
    cc_add(text, "\"");
}

void cc_add_quoted(struct cc_text *text, const char *data)
{
    cc_add(text, "\"");
    for (const char *c = data; *c; c++) {
        if ((unsigned char)*c < ' ')
            cc_add(text, "\\u%04x", (unsigned)*c);
        else
            cc_add(text, *c == '"' || *c == '\\' ? "\\%c" : "%c", *c);
    }
    cc_add(text, "\"");
}

void cc_push(struct cc_list *list, const char *item)
{
    if (list->count + 1 >= list->room) {
        size_t room = list->room ? 2 * list->room : 16;
        const char **items = cc_memory(room, sizeof *items);
        if (list->count)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->room = room;
    }
    list->items[list->count++] = item;
    list->items[list->count] = NULL;
}

void cc_push_all(struct cc_list *list, const struct cc_list *more)
{
    for (size_t i = 0; i < more->count; i++)
        cc_push(list, more->items[i]);
}

bool cc_list_has(const struct cc_list *list, const char *item)
{
    for (size_t i = 0; i < list->count; i++)
        if (!strcmp(list->items[i], item))
            return true;
    return false;
}
