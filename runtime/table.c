/* SPDX-License-Identifier: Apache-2.0 */
/* table.c: columns are added, found, and given up. */
#include "runtime/table.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const char *name;
    size_t bytes;
} types[] = {
    [PARFUN_INT8] = { "PARFUN_INT8", 1 },
    [PARFUN_UINT8] = { "PARFUN_UINT8", 1 },
    [PARFUN_INT16] = { "PARFUN_INT16", 2 },
    [PARFUN_UINT16] = { "PARFUN_UINT16", 2 },
    [PARFUN_INT32] = { "PARFUN_INT32", 4 },
    [PARFUN_UINT32] = { "PARFUN_UINT32", 4 },
    [PARFUN_INT64] = { "PARFUN_INT64", 8 },
    [PARFUN_UINT64] = { "PARFUN_UINT64", 8 },
    [PARFUN_FLOAT16] = { "PARFUN_FLOAT16", 2 },
    [PARFUN_FLOAT32] = { "PARFUN_FLOAT32", 4 },
    [PARFUN_FLOAT64] = { "PARFUN_FLOAT64", 8 },
    [PARFUN_STRING] = { "PARFUN_STRING", sizeof(char *) },
};

size_t pf_table_type_bytes(enum parfun_type type)
{
    return (size_t)type < sizeof types / sizeof *types ? types[type].bytes : 0;
}

const char *pf_table_type_name(enum parfun_type type)
{
    return types[type].name;
}

enum parfun_status pf_table_create(size_t rows, struct parfun_table **table)
{
    struct parfun_table *made = calloc(1, sizeof *made);

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a table");
    atomic_store(&made->references, 1);
    made->rows = rows;
    *table = made;
    return PARFUN_OK;
}

static enum parfun_status reserve(struct parfun_table *table)
{
    const size_t room = table->column_room ? 2 * table->column_room : 8;
    struct pf_column *grown;

    if (table->column_count < table->column_room)
        return PARFUN_OK;
    grown = realloc(table->columns, room * sizeof *grown);
    if (!grown)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a table's columns");
    table->columns = grown;
    table->column_room = room;
    return PARFUN_OK;
}

enum parfun_status pf_table_add(struct parfun_table *table, const char *function,
        const struct pf_column *column)
{
    struct pf_column *added;

    if (pf_table_find(table, column->name))
        return pf_fail(PARFUN_INVALID,
                "%s(): the table has a column '%s' already; names are unique",
                function, column->name);
    PF_TRY(reserve(table));
    added = &table->columns[table->column_count];
    *added = *column;
    added->name = pf_text_copy(column->name);
    if (!added->name)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a column's name");
    table->column_count++;
    return PARFUN_OK;
}

const struct pf_column *pf_table_find(
        const struct parfun_table *table, const char *name)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

struct parfun_table *pf_table_refer(const struct parfun_table *table)
{
    struct parfun_table *referred = (struct parfun_table *)table;

    atomic_fetch_add(&referred->references, 1);
    return referred;
}

void pf_table_release(struct parfun_table *table)
{
    if (!table || atomic_fetch_sub(&table->references, 1) > 1)
        return;
    for (size_t i = 0; i < table->column_count; i++)
        free(table->columns[i].name);
    free(table->columns);
    if (table->release)
        table->release(table->owner);
    free(table);
}

bool pf_table_column_holds(const struct parfun_table *table,
        const struct pf_column *column, const void *memory)
{
    const uintptr_t begin = (uintptr_t)column->data;
    const size_t bytes = table->rows * pf_table_type_bytes(column->type);

    return !column->offsets && (uintptr_t)memory >= begin
            && (uintptr_t)memory < begin + bytes;
}

bool pf_table_holds(const struct parfun_table *table, const void *memory)
{
    for (size_t i = 0; i < table->column_count; i++)
        if (pf_table_column_holds(table, &table->columns[i], memory))
            return true;
    return false;
}
