/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text.h: memory and texts of one run of parfun-cc.  Everything stays until the
 * program ends: it lives for one file.  Without memory the program ends with
 * exit status 2, after its temporary folder is gone.
 */
#ifndef CC_TEXT_H
#define CC_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* Zeroed. */
void *cc_memory(size_t count, size_t bytes);

/* A copy of the first `length` bytes, ended by 0. */
char *cc_copy(const char *text, size_t length);

__attribute__((format(printf, 1, 2))) char *cc_format(const char *format, ...);

/* A growing text; all zero is an empty one.  `data` ends with 0 once something
 * was added. */
struct cc_text {
    char *data;
    size_t length, room;
};

void cc_append(struct cc_text *text, const char *data, size_t length);
__attribute__((format(printf, 2, 3))) void cc_add(
        struct cc_text *text, const char *format, ...);
/* As a C string literal, or several, one per line. */
void cc_add_literal(struct cc_text *text, const char *data, const char *indent);

/* In quotes, for JSON and YAML. */
void cc_add_quoted(struct cc_text *text, const char *data);

/* A growing list of strings, ended by NULL. */
struct cc_list {
    const char **items;
    size_t count, room;
};

void cc_push(struct cc_list *list, const char *item);
void cc_push_all(struct cc_list *list, const struct cc_list *more);
bool cc_list_has(const struct cc_list *list, const char *item);

/* Releases everything at once; called by main() alone. */
void cc_memory_release(void);

#endif
