/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrow_export.c: a table as a record batch.  Consumers may move a column out of its
 * batch and release it later, so each column holds on to the table by itself.
 */
#include "runtime/arrow.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

/* What stands behind one structure. */
struct exported {
    struct parfun_table *table; /* a reference */
    const void *buffers[3];
    void *copy; /* of strings */
};

static void release_exported(void *data)
{
    struct exported *exported = data;

    if (!exported)
        return;
    pf_table_release(exported->table);
    free(exported->copy);
    free(exported);
}

static enum parfun_status no_memory(void)
{
    return pf_fail(PARFUN_NO_MEMORY, "no memory to export a table");
}

/* NULL for lack of memory. */
static struct exported *hold(const struct parfun_table *table)
{
    struct exported *exported = calloc(1, sizeof *exported);

    if (exported)
        exported->table = pf_table_refer(table);
    return exported;
}

/* ---- Schemas -------------------------------------------------------------------------- */

static void release_schema(struct ArrowSchema *schema)
{
    for (int64_t c = 0; c < schema->n_children; c++) {
        struct ArrowSchema *child = schema->children[c];

        if (child && child->release)
            child->release(child);
        free(child);
    }
    free(schema->children);
    release_exported(schema->private_data);
    schema->release = NULL;
}

static enum parfun_status describe_column(const struct parfun_table *table,
        const struct pf_column *column, struct ArrowSchema *schema)
{
    struct exported *exported = hold(table);

    if (!exported)
        return no_memory();
    *schema = (struct ArrowSchema){
        .format = pf_arrow_format(column),
        .name = column->name,
        .flags = ARROW_FLAG_NULLABLE,
        .release = release_schema,
        .private_data = exported,
    };
    return PARFUN_OK;
}

static enum parfun_status export_schema(
        const struct parfun_table *table, struct ArrowSchema *schema)
{
    const size_t count = table->column_count;
    enum parfun_status status = PARFUN_OK;

    *schema = (struct ArrowSchema){
        .format = "+s",
        .name = "",
        .n_children = (int64_t)count,
        .children = calloc(count + 1, sizeof(struct ArrowSchema *)),
        .release = release_schema,
    };
    if (!schema->children) {
        schema->n_children = 0;
        status = no_memory();
    }
    for (size_t c = 0; c < count && !status; c++) {
        schema->children[c] = calloc(1, sizeof *schema->children[c]);
        status = schema->children[c]
                ? describe_column(table, &table->columns[c], schema->children[c])
                : no_memory();
    }
    if (status)
        release_schema(schema);
    return status;
}

/* ---- Arrays --------------------------------------------------------------------------- */

static void release_array(struct ArrowArray *array)
{
    for (int64_t c = 0; c < array->n_children; c++) {
        struct ArrowArray *child = array->children[c];

        if (child && child->release)
            child->release(child);
        free(child);
    }
    free(array->children);
    release_exported(array->private_data);
    array->release = NULL;
}

/* Strings of char * as Arrow has them: validity bits, offsets, characters, in one
 * piece of memory. */
static enum parfun_status copy_strings(
        const struct pf_column *column, size_t rows, struct exported *exported)
{
    char *const *texts = (char *const *)column->data;
    const size_t bits = (rows / 64 + 1) * sizeof(int64_t);
    const size_t offset_bytes = (rows + 1) * sizeof(int64_t);
    size_t characters = 0;

    for (size_t i = 0; i < rows; i++)
        characters += pf_column_is_null(column, i) ? 0 : strlen(texts[i]);
    char *copy = calloc(1, bits + offset_bytes + characters + 1);
    if (!copy)
        return no_memory();
    int64_t *offsets = (int64_t *)(copy + bits);
    char *at = copy + bits + offset_bytes;
    for (size_t i = 0; i < rows; i++) {
        const bool there = !pf_column_is_null(column, i);
        const size_t length = there ? strlen(texts[i]) : 0;

        if (there) {
            memcpy(at + offsets[i], texts[i], length);
            copy[i / 8] = (char)(copy[i / 8] | 1 << (i % 8));
        }
        offsets[i + 1] = offsets[i] + (int64_t)length;
    }
    exported->copy = copy;
    exported->buffers[0] = copy;
    exported->buffers[1] = offsets;
    exported->buffers[2] = at;
    return PARFUN_OK;
}

/* Where element 0 is, if row 0 is element `first`: an array has one offset for its
 * validity bits and its elements. */
static const void *element_0(const void *row_0, size_t first, size_t bytes)
{
    return row_0 ? (const char *)row_0 - first * bytes : NULL;
}

static enum parfun_status fill_buffers(const struct pf_column *column, size_t rows,
        struct ArrowArray *array, struct exported *exported)
{
    const size_t first = column->validity ? column->validity_first : 0;
    const size_t offset_bytes = column->layout == PF_LAYOUT_OFFSETS ? 4 : 8;

    array->n_buffers = column->type == PARFUN_STRING ? 3 : 2;
    if (column->layout == PF_LAYOUT_POINTERS)
        return copy_strings(column, rows, exported);
    array->offset = (int64_t)first;
    array->null_count = column->validity ? -1 : 0;
    exported->buffers[0] = column->validity;
    if (column->type == PARFUN_STRING) {
        exported->buffers[1] = element_0(column->offsets, first, offset_bytes);
        exported->buffers[2] = column->data;
    } else {
        exported->buffers[1] =
                element_0(column->data, first, pf_table_type_bytes(column->type));
    }
    return PARFUN_OK;
}

static enum parfun_status export_column(const struct parfun_table *table,
        const struct pf_column *column, struct ArrowArray *array)
{
    struct exported *exported = hold(table);
    enum parfun_status status;

    if (!exported)
        return no_memory();
    *array = (struct ArrowArray){
        .length = (int64_t)table->rows,
        .null_count = -1,
        .buffers = exported->buffers,
        .release = release_array,
        .private_data = exported,
    };
    status = fill_buffers(column, table->rows, array, exported);
    if (status)
        release_array(array);
    return status;
}

static enum parfun_status export_array(
        const struct parfun_table *table, struct ArrowArray *array)
{
    const size_t count = table->column_count;
    struct exported *exported = hold(table);
    enum parfun_status status = PARFUN_OK;

    if (!exported)
        return no_memory();
    *array = (struct ArrowArray){
        .length = (int64_t)table->rows,
        .n_buffers = 1,
        .buffers = exported->buffers,
        .n_children = (int64_t)count,
        .children = calloc(count + 1, sizeof(struct ArrowArray *)),
        .release = release_array,
        .private_data = exported,
    };
    if (!array->children) {
        array->n_children = 0;
        status = no_memory();
    }
    for (size_t c = 0; c < count && !status; c++) {
        array->children[c] = calloc(1, sizeof *array->children[c]);
        status = array->children[c]
                ? export_column(table, &table->columns[c], array->children[c])
                : no_memory();
    }
    if (status)
        release_array(array);
    return status;
}

enum parfun_status pf_arrow_export(const struct parfun_table *table,
        struct ArrowSchema *schema, struct ArrowArray *array)
{
    struct ArrowSchema described;
    struct ArrowArray exported;
    enum parfun_status status;

    PF_TRY(export_schema(table, &described));
    status = export_array(table, &exported);
    if (status) {
        release_schema(&described);
        return status;
    }
    *schema = described;
    *array = exported;
    return PARFUN_OK;
}
