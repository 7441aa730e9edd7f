/* SPDX-License-Identifier: Apache-2.0 */
/* json.h: reads what the compiler plugin writes: one JSON value per line. */
#ifndef CC_JSON_H
#define CC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum cc_json_kind {
    CC_JSON_NULL,
    CC_JSON_BOOL,
    CC_JSON_NUMBER,
    CC_JSON_STRING,
    CC_JSON_ARRAY,
    CC_JSON_OBJECT
};

struct cc_json {
    enum cc_json_kind kind;
    bool truth;
    uint64_t number; /* only whole numbers that fit are accepted */
    const char *string;
    const char *key;              /* of a member of an object */
    struct cc_json *first, *next; /* children; their brothers */
};

/* Reads one value and blanks up to `end`; NULL if the text is anything else.
 * Strings end at an escaped zero.  cc_memory() holds the result. */
struct cc_json *cc_json_read(const char *text, const char *end);

/* A member of an object, or NULL. */
const struct cc_json *cc_json_member(const struct cc_json *object, const char *key);

/* Of a member: 0, false or "" where it is missing or of another kind. */
uint64_t cc_json_number(const struct cc_json *object, const char *key);
bool cc_json_truth(const struct cc_json *object, const char *key);
const char *cc_json_string(const struct cc_json *object, const char *key);
/* The number of children of a member. */
size_t cc_json_count(const struct cc_json *array);

#endif
