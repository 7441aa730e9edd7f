/* SPDX-License-Identifier: Apache-2.0 */
/* api_columns.c: the public functions that tell what a table has. */
#include "runtime/base/error.h"
#include "runtime/key.h"

/* NULL, with the error, if there is none; `function` is who says so. */
static const struct pf_column *find(
        const struct parfun_table *table, const char *function, const char *name)
{
    const struct pf_column *column =
            table && name ? pf_table_find(table, name) : NULL;

    if (!table || !name)
        (void)pf_fail(PARFUN_INVALID, "%s(): `%s` is NULL", function,
                table ? "name" : "table");
    else if (!column)
        (void)pf_fail(PARFUN_INVALID, "%s(): the table has no column '%.60s'",
                function, name);
    return column;
}

/* The same for rows of a column, of which something is written to `result`. */
static const struct pf_column *find_rows(const struct parfun_table *table,
        const char *function, const char *name, size_t first, size_t count,
        const void *result)
{
    const struct pf_column *column = find(table, function, name);

    if (!column)
        return NULL;
    if (first > table->rows || count > table->rows - first) {
        (void)pf_fail(PARFUN_INVALID,
                "%s(): %zu rows from row %zu on, but the table has %zu", function,
                count, first, table->rows);
        return NULL;
    }
    if (!result && count > 0) {
        (void)pf_fail(PARFUN_INVALID,
                "%s(): an array that receives the result is NULL", function);
        return NULL;
    }
    return column;
}

size_t parfun_table_columns(const struct parfun_table *table)
{
    return table ? table->column_count : 0;
}

const char *parfun_table_column_name(const struct parfun_table *table, size_t index)
{
    if (!table) {
        (void)pf_fail(
                PARFUN_INVALID, "parfun_table_column_name(): `table` is NULL");
        return NULL;
    }
    if (index >= table->column_count) {
        (void)pf_fail(PARFUN_INVALID,
                "parfun_table_column_name(): column %zu, counted from 0, but the "
                "table has %zu",
                index, table->column_count);
        return NULL;
    }
    return table->columns[index].name;
}

enum parfun_status parfun_table_column_type(
        const struct parfun_table *table, const char *name, enum parfun_type *type)
{
    const struct pf_column *column = find(table, "parfun_table_column_type", name);

    if (!column)
        return PARFUN_INVALID;
    if (!type)
        return pf_fail(
                PARFUN_INVALID, "parfun_table_column_type(): `type` is NULL");
    *type = column->type;
    return PARFUN_OK;
}

const void *parfun_table_column(const struct parfun_table *table, const char *name)
{
    const struct pf_column *column = find(table, "parfun_table_column", name);

    if (!column)
        return NULL;
    if (column->offsets) {
        (void)pf_fail(PARFUN_INVALID,
                "parfun_table_column(): column '%.60s' holds Arrow's strings, "
                "which are no array of char *; parfun_table_column_strings() gives "
                "one",
                name);
        return NULL;
    }
    return column->data;
}

enum parfun_status parfun_table_column_validity(const struct parfun_table *table,
        const char *name, size_t first, size_t count, uint8_t *valid)
{
    const struct pf_column *column = find_rows(
            table, "parfun_table_column_validity", name, first, count, valid);

    if (!column)
        return PARFUN_INVALID;
    for (size_t i = 0; i < count; i++)
        valid[i] = !pf_column_is_null(column, first + i);
    return PARFUN_OK;
}

enum parfun_status parfun_table_column_strings(const struct parfun_table *table,
        const char *name, size_t first, size_t count, const char **text,
        size_t *bytes)
{
    const struct pf_column *column = find_rows(table, "parfun_table_column_strings",
            name, first, count, bytes ? text : NULL);

    if (!column)
        return PARFUN_INVALID;
    if (column->type != PARFUN_STRING)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_column_strings(): column '%.60s' is %s, and holds no "
                "strings",
                name, pf_table_type_name(column->type));
    for (size_t i = 0; i < count; i++) {
        struct pf_key_text string;

        pf_key_texts(column, first + i, 1, &string);
        text[i] = pf_column_is_null(column, first + i) ? NULL : string.text;
        bytes[i] = string.bytes;
    }
    return PARFUN_OK;
}
