/* SPDX-License-Identifier: Apache-2.0 */
/* arrow_import.c: a record batch becomes a table, if it is one. */
#include "runtime/arrow.h"

#include "runtime/base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct format {
    const char *text;
    enum parfun_type type;
    enum pf_layout layout;
} formats[] = {
    { "c", PARFUN_INT8, PF_LAYOUT_VALUES }, { "C", PARFUN_UINT8, PF_LAYOUT_VALUES },
    { "s", PARFUN_INT16, PF_LAYOUT_VALUES },
    { "S", PARFUN_UINT16, PF_LAYOUT_VALUES },
    { "i", PARFUN_INT32, PF_LAYOUT_VALUES },
    { "I", PARFUN_UINT32, PF_LAYOUT_VALUES },
    { "l", PARFUN_INT64, PF_LAYOUT_VALUES },
    { "L", PARFUN_UINT64, PF_LAYOUT_VALUES },
    { "e", PARFUN_FLOAT16, PF_LAYOUT_VALUES },
    { "f", PARFUN_FLOAT32, PF_LAYOUT_VALUES },
    { "g", PARFUN_FLOAT64, PF_LAYOUT_VALUES },
    { "u", PARFUN_STRING, PF_LAYOUT_OFFSETS },
    { "U", PARFUN_STRING, PF_LAYOUT_LARGE_OFFSETS },
    { "U", PARFUN_STRING, PF_LAYOUT_POINTERS }, /* exported with 64-bit offsets */
};

enum { FORMATS = sizeof formats / sizeof *formats };

const char *pf_arrow_format(const struct pf_column *column)
{
    for (unsigned f = 0; f < FORMATS; f++)
        if (formats[f].type == column->type && formats[f].layout == column->layout)
            return formats[f].text;
    return "";
}

bool pf_arrow_parse(
        const char *format, enum parfun_type *type, enum pf_layout *layout)
{
    for (unsigned f = 0; f < FORMATS; f++)
        if (strcmp(formats[f].text, format) == 0) {
            *type = formats[f].type;
            *layout = formats[f].layout;
            return true;
        }
    return false;
}

/* ---- Columns -------------------------------------------------------------------------- */

/* What every column and the batch itself must be; `least` rows. */
static enum parfun_status check_numbers(
        const struct ArrowArray *array, const char *name, int64_t least)
{
    if (array->length < 0 || array->offset < 0
            || array->length > INT64_MAX / 16 - array->offset)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has %lld elements from %lld on, which can not be",
                name, (long long)array->length, (long long)array->offset);
    if (array->length < least)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has %lld elements, fewer than the %lld rows that the "
                "batch has",
                name, (long long)array->length, (long long)least);
    if (array->null_count < -1 || array->null_count > array->length)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has %lld nulls among %lld elements",
                name, (long long)array->null_count, (long long)array->length);
    return PARFUN_OK;
}

static enum parfun_status check_buffers(
        const struct ArrowArray *array, const char *name, int64_t count)
{
    if (array->n_buffers != count || !array->buffers)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has %lld buffers, but its type needs %lld",
                name, (long long)(array->buffers ? array->n_buffers : 0),
                (long long)count);
    if (array->null_count > 0 && !array->buffers[0])
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has nulls but no validity bits", name);
    return PARFUN_OK;
}

static enum parfun_status check_memory(
        const void *memory, const char *name, int64_t elements, size_t bytes)
{
    if (!memory && elements > 0)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has %lld elements but no memory", name,
                (long long)elements);
    if ((uintptr_t)memory % bytes)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s is not aligned to the %zu bytes of its elements; "
                "copy it first",
                name, bytes);
    return PARFUN_OK;
}

/* Strings lie one after the other, in memory that is there. */
static enum parfun_status check_offsets(
        const struct pf_column *column, const char *name, size_t rows)
{
    const bool large = column->layout == PF_LAYOUT_LARGE_OFFSETS;
    int64_t last = 0;

    for (size_t i = 0; i <= rows; i++) {
        const int64_t offset = large ? ((const int64_t *)column->offsets)[i]
                                     : ((const int32_t *)column->offsets)[i];

        if (offset < last)
            return pf_fail(PARFUN_INVALID,
                    "parfun_table_import(): %s: string %zu ends at %lld, before it begins",
                    name, i, (long long)offset);
        last = offset;
    }
    if (last > 0 && !column->data)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): %s has strings but no characters", name);
    return PARFUN_OK;
}

/* `first` and `rows` are the batch's. */
static enum parfun_status read_strings(struct pf_column *column,
        const struct ArrowArray *array, const char *name, int64_t first,
        size_t rows)
{
    const size_t bytes = column->layout == PF_LAYOUT_LARGE_OFFSETS ? 8 : 4;

    PF_TRY(check_buffers(array, name, 3));
    column->data = array->buffers[2];
    /* none is read; an empty column may come without even its one offset */
    if (rows == 0) {
        static const int64_t none = 0;

        column->offsets = &none;
        return PARFUN_OK;
    }
    PF_TRY(check_memory(array->buffers[1], name, array->length + 1, bytes));
    column->offsets = (const char *)array->buffers[1]
            + (size_t)(array->offset + first) * bytes;
    return check_offsets(column, name, rows);
}

static enum parfun_status read_values(struct pf_column *column,
        const struct ArrowArray *array, const char *name, int64_t first)
{
    const size_t bytes = pf_table_type_bytes(column->type);

    PF_TRY(check_buffers(array, name, 2));
    PF_TRY(check_memory(array->buffers[1], name, array->length, bytes));
    column->data = array->buffers[1] ? (const char *)array->buffers[1]
                    + (size_t)(array->offset + first) * bytes
                                     : NULL;
    return PARFUN_OK;
}

static enum parfun_status read_column(const struct ArrowSchema *schema,
        const struct ArrowArray *array, const struct ArrowArray *batch,
        struct parfun_table *table)
{
    struct pf_column column = { 0 };
    char name[80];

    if (!schema || !array || !schema->format || !schema->name)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): column %zu has no name, no type, or no array",
                table->column_count + 1);
    if (!array->release)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): column '%.60s' was released or moved away before",
                schema->name);
    (void)snprintf(name, sizeof name, "column '%.60s'", schema->name);
    if (schema->dictionary || array->dictionary)
        return pf_fail(PARFUN_UNSUPPORTED,
                "parfun_table_import(): %s is encoded by a dictionary; decode it first",
                name);
    if (!pf_arrow_parse(schema->format, &column.type, &column.layout))
        return pf_fail(PARFUN_UNSUPPORTED,
                "parfun_table_import(): %s has Arrow's type \"%.20s\"; integers, floats and "
                "utf8 strings can be imported: convert it, or leave it "
                "out",
                name, schema->format);
    PF_TRY(check_numbers(array, name, batch->offset + batch->length));
    PF_TRY(column.type == PARFUN_STRING
                    ? read_strings(&column, array, name, batch->offset, table->rows)
                    : read_values(&column, array, name, batch->offset));
    column.name = (char *)schema->name;
    if (array->null_count != 0) {
        column.validity = array->buffers[0];
        column.validity_first = (size_t)(array->offset + batch->offset);
    }
    return pf_table_add(table, "parfun_table_import", &column);
}

/* ---- The batch ------------------------------------------------------------------------ */

/* Where nobody has counted, the bits tell. */
static bool has_null_rows(const struct ArrowArray *array)
{
    const uint8_t *bits = array->buffers[0];

    for (int64_t i = array->offset;
            bits && array->null_count < 0 && i < array->offset + array->length; i++)
        if (!(bits[i / 8] >> (i % 8) & 1))
            return true;
    return bits && array->null_count > 0;
}

static enum parfun_status check_batch(
        const struct ArrowSchema *schema, const struct ArrowArray *array)
{
    if (!schema->release || !array->release)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): the %s was released or moved away before",
                schema->release ? "array" : "schema");
    if (!schema->format || strcmp(schema->format, "+s") != 0)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): the array has Arrow's type \"%.20s\"; give a record "
                "batch, an array of structs (\"+s\")",
                schema->format ? schema->format : "");
    PF_TRY(check_numbers(array, "the batch", 0));
    PF_TRY(check_buffers(array, "the batch", 1));
    if (has_null_rows(array))
        return pf_fail(PARFUN_UNSUPPORTED,
                "parfun_table_import(): the batch has rows that are null as a whole; rows can "
                "be null column by column");
    if (schema->n_children < 0 || schema->n_children != array->n_children
            || (schema->n_children > 0 && (!schema->children || !array->children)))
        return pf_fail(PARFUN_INVALID,
                "parfun_table_import(): the schema has %lld columns, and the array %lld",
                (long long)schema->n_children, (long long)array->n_children);
    return PARFUN_OK;
}

static void release_array(void *owner)
{
    struct ArrowArray *array = owner;

    array->release(array);
    free(array);
}

/* The table that the batch is, which does not own it yet. */
static enum parfun_status read_batch(const struct ArrowSchema *schema,
        const struct ArrowArray *array, struct parfun_table **table)
{
    enum parfun_status status = PARFUN_OK;

    PF_TRY(check_batch(schema, array));
    PF_TRY(pf_table_create((size_t)array->length, table));
    for (int64_t c = 0; c < array->n_children && !status; c++)
        status =
                read_column(schema->children[c], array->children[c], array, *table);
    if (!status && !((*table)->owner = malloc(sizeof *array)))
        status = pf_fail(
                PARFUN_NO_MEMORY, "parfun_table_import(): no memory for a table");
    if (status)
        pf_table_release(*table);
    return status;
}

void pf_arrow_release(struct ArrowSchema *schema, struct ArrowArray *array)
{
    if (array && array->release) {
        array->release(array);
        array->release = NULL;
    }
    if (schema && schema->release) {
        schema->release(schema);
        schema->release = NULL;
    }
}

enum parfun_status pf_arrow_import(struct ArrowSchema *schema,
        struct ArrowArray *array, struct parfun_table **table)
{
    struct parfun_table *made = NULL;
    const enum parfun_status status = read_batch(schema, array, &made);

    if (!status) {
        memcpy(made->owner, array, sizeof *array);
        array->release = NULL;
        made->release = release_array;
        *table = made;
    }
    pf_arrow_release(schema, array);
    return status;
}
