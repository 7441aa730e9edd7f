/* SPDX-License-Identifier: Apache-2.0 */
/* type.c: the table of OpenCL C's scalar types, and the names they go by. */
#include "runtime/base/type.h"

#include <string.h>

static const struct pf_type_info types[] = {
    [PF_TYPE_OTHER] = { "", "", 0, false, false },
    [PF_TYPE_CHAR] = { "char", "int8_t", 1, true, true },
    [PF_TYPE_UCHAR] = { "uchar", "uint8_t", 1, true, false },
    [PF_TYPE_SHORT] = { "short", "int16_t", 2, true, true },
    [PF_TYPE_USHORT] = { "ushort", "uint16_t", 2, true, false },
    [PF_TYPE_INT] = { "int", "int32_t", 4, true, true },
    [PF_TYPE_UINT] = { "uint", "uint32_t", 4, true, false },
    [PF_TYPE_LONG] = { "long", "int64_t", 8, true, true },
    [PF_TYPE_ULONG] = { "ulong", "uint64_t", 8, true, false },
    [PF_TYPE_HALF] = { "half", "uint16_t", 2, false, true },
    [PF_TYPE_FLOAT] = { "float", "float", 4, false, true },
    [PF_TYPE_DOUBLE] = { "double", "double", 8, false, true },
};

enum { TYPES = sizeof types / sizeof types[0] };

/* Other names of scalars.  OpenCL C's long has 64 bits everywhere; so have
 * size_t and its like in parfun, which knows 64-bit devices only. */
static const struct {
    const char *name;
    enum pf_type type;
} synonyms[] = {
    { "bool", PF_TYPE_UCHAR },
    { "signed char", PF_TYPE_CHAR },
    { "unsigned char", PF_TYPE_UCHAR },
    { "short int", PF_TYPE_SHORT },
    { "signed short", PF_TYPE_SHORT },
    { "unsigned short", PF_TYPE_USHORT },
    { "unsigned short int", PF_TYPE_USHORT },
    { "signed", PF_TYPE_INT },
    { "signed int", PF_TYPE_INT },
    { "unsigned", PF_TYPE_UINT },
    { "unsigned int", PF_TYPE_UINT },
    { "long int", PF_TYPE_LONG },
    { "signed long", PF_TYPE_LONG },
    { "unsigned long", PF_TYPE_ULONG },
    { "unsigned long int", PF_TYPE_ULONG },
    { "size_t", PF_TYPE_ULONG },
    { "uintptr_t", PF_TYPE_ULONG },
    { "ptrdiff_t", PF_TYPE_LONG },
    { "intptr_t", PF_TYPE_LONG },
};

const struct pf_type_info *pf_type_info(enum pf_type type)
{
    return &types[type];
}

static enum pf_type parse_scalar(const char *name, size_t length)
{
    for (size_t i = 1; i < TYPES; i++)
        if (strlen(types[i].name) == length
                && memcmp(types[i].name, name, length) == 0)
            return (enum pf_type)i;
    return PF_TYPE_OTHER;
}

enum pf_type pf_type_parse(const char *name, unsigned *width)
{
    static const struct {
        const char *digits;
        unsigned width;
    } widths[] = { { "", 1 }, { "2", 2 }, { "3", 3 }, { "4", 4 }, { "8", 8 },
        { "16", 16 } };

    *width = 1;
    for (size_t i = 0; i < sizeof synonyms / sizeof synonyms[0]; i++)
        if (strcmp(name, synonyms[i].name) == 0)
            return synonyms[i].type;

    size_t length = strcspn(name, "0123456789");
    enum pf_type type = parse_scalar(name, length);
    if (type == PF_TYPE_OTHER)
        return PF_TYPE_OTHER;
    for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++)
        if (strcmp(name + length, widths[i].digits) == 0) {
            *width = widths[i].width;
            return type;
        }
    return PF_TYPE_OTHER;
}
