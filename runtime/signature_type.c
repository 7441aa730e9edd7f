/* SPDX-License-Identifier: Apache-2.0 */
/* signature_type.c: which of OpenCL C's types a type of C is.  Those of <stdint.h>
 * and parfun's vectors are known by name. */
#include "runtime/signature_type.h"

#include "runtime/base/type.h"

#include <limits.h>
#include <string.h>

_Static_assert(LONG_MAX == INT64_MAX, "long has 64 bits");
_Static_assert(CHAR_MIN < 0 || CHAR_MAX == UCHAR_MAX, "char is one or the other");

static const struct {
    const char *name, *type; /* type: in OpenCL C */
} known[] = {
    { "int8_t", "char" },
    { "uint8_t", "uchar" },
    { "int16_t", "short" },
    { "uint16_t", "ushort" },
    { "int32_t", "int" },
    { "uint32_t", "uint" },
    { "int64_t", "long" },
    { "uint64_t", "ulong" },
    { "size_t", "ulong" },
    { "ssize_t", "long" },
    { "ptrdiff_t", "long" },
    { "intptr_t", "long" },
    { "uintptr_t", "ulong" },
};

enum { KNOWN = sizeof known / sizeof known[0] };

bool pf_c_word_is(struct pf_c_word word, const char *text)
{
    return strlen(text) == word.length && memcmp(word.text, text, word.length) == 0;
}

/* The counter of an arithmetic keyword, or NULL. */
static unsigned char *counter(struct pf_c_type *type, struct pf_c_word word)
{
    const struct {
        const char *name;
        unsigned char *count;
    } keywords[] = {
        { "void", &type->is_void },
        { "char", &type->is_char },
        { "short", &type->is_short },
        { "int", &type->is_int },
        { "long", &type->is_long },
        { "float", &type->is_float },
        { "double", &type->is_double },
        { "bool", &type->is_bool },
        { "_Bool", &type->is_bool },
        { "signed", &type->is_signed },
        { "unsigned", &type->is_unsigned },
    };

    for (size_t i = 0; i < sizeof keywords / sizeof keywords[0]; i++)
        if (pf_c_word_is(word, keywords[i].name))
            return keywords[i].count;
    return NULL;
}

static bool is_tag(struct pf_c_word word)
{
    return pf_c_word_is(word, "struct") || pf_c_word_is(word, "union")
            || pf_c_word_is(word, "enum");
}

bool pf_c_is_keyword(struct pf_c_word word)
{
    struct pf_c_type unused = { 0 };

    return is_tag(word) || counter(&unused, word) != NULL;
}

bool pf_c_type_takes(const struct pf_c_type *type, struct pf_c_word word)
{
    if (!type->words || (type->tagged && !type->tag_named))
        return true;
    return pf_c_is_keyword(word);
}

/* Do the arithmetic keywords make a type? */
static bool is_possible(const struct pf_c_type *type)
{
    const int bases = type->is_void + type->is_char + type->is_float
            + type->is_double + type->is_bool;
    const int signs = type->is_signed + type->is_unsigned;
    const int sizes = type->is_short + type->is_long;

    if (bases > 1 || signs > 1 || type->is_int > 1 || type->is_short > 1
            || type->is_long > 2 || (type->is_short && type->is_long))
        return false;
    if (bases == 0)
        return true;
    if (type->is_int || (signs && !type->is_char))
        return false;
    return sizes == 0 || (type->is_double && type->is_long == 1 && !type->is_short);
}

bool pf_c_type_add(struct pf_c_type *type, struct pf_c_word word)
{
    unsigned char *count = counter(type, word);

    type->words++;
    if (type->tagged && !type->tag_named) {
        type->tag_named = !count && !is_tag(word);
        return type->tag_named;
    }
    if (is_tag(word)) {
        type->tagged = true;
        return type->words == 1;
    }
    if (!count) {
        type->typedef_name = word;
        return true; /* the first word: the others are taken if they are keywords */
    }
    *count = (unsigned char)(*count + 1);
    return !type->tagged && !type->typedef_name.text && is_possible(type);
}

bool pf_c_type_is_complete(const struct pf_c_type *type)
{
    return !type->tagged || type->tag_named;
}

bool pf_c_type_is_void(const struct pf_c_type *type)
{
    return type->is_void;
}

/* The name in OpenCL C of what keywords say; NULL: void, long double. */
static const char *arithmetic(const struct pf_c_type *type)
{
    const bool is_unsigned = type->is_unsigned;

    if (type->is_void || (type->is_double && type->is_long))
        return NULL;
    if (type->is_bool)
        return "uchar";
    if (type->is_float)
        return "float";
    if (type->is_double)
        return "double";
    if (type->is_char)
        return is_unsigned || (CHAR_MIN == 0 && !type->is_signed) ? "uchar"
                                                                  : "char";
    if (type->is_short)
        return is_unsigned ? "ushort" : "short";
    if (type->is_long)
        return is_unsigned ? "ulong" : "long";
    return is_unsigned ? "uint" : "int";
}

/* The name in OpenCL C of a typedef; NULL: it is not known.  parfun's vectors have
 * the names of OpenCL's, with a prefix. */
static const char *look_up(struct pf_c_word name)
{
    static const char *const vectors[] = {
#define VECTORS(type) #type "2", #type "3", #type "4", #type "8", #type "16"
        VECTORS(char), VECTORS(uchar), VECTORS(short), VECTORS(ushort),
        VECTORS(int), VECTORS(uint), VECTORS(long), VECTORS(ulong), VECTORS(float),
        VECTORS(double)
#undef VECTORS
    };
    static const char prefix[] = "parfun_";
    const size_t skipped = sizeof prefix - 1;

    for (size_t i = 0; i < KNOWN; i++)
        if (pf_c_word_is(name, known[i].name))
            return known[i].type;
    if (name.length <= skipped || memcmp(name.text, prefix, skipped) != 0)
        return NULL;
    name = (struct pf_c_word){ name.text + skipped, name.length - skipped };
    for (size_t i = 0; i < sizeof vectors / sizeof vectors[0]; i++)
        if (pf_c_word_is(name, vectors[i]))
            return vectors[i];
    return NULL;
}

void pf_c_type_describe(
        const struct pf_c_type *type, struct parfun_parameter *parameter)
{
    const char *name = type->tagged   ? NULL
            : type->typedef_name.text ? look_up(type->typedef_name)
                                      : arithmetic(type);
    unsigned width;

    parameter->type = name;
    parameter->bytes = 0;
    parameter->alignment = 1;
    if (type->is_double && type->is_long) {
        parameter->bytes = sizeof(long double);
        parameter->alignment = _Alignof(long double);
    }
    if (!name)
        return;
    const enum pf_type scalar = pf_type_parse(name, &width);

    parameter->bytes = pf_type_info(scalar)->bytes * (width == 3 ? 4 : width);
    parameter->alignment = parameter->bytes;
}
