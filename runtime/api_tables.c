/* SPDX-License-Identifier: Apache-2.0 */
/* api_tables.c: the public functions that make tables and groups. */
#include "runtime/arrow.h"
#include "runtime/base/error.h"
#include "runtime/groups.h"
#include "runtime/process.h"

/* So that no column's size overflows, nor a length in Arrow. */
static const size_t rows_max = PTRDIFF_MAX / 16;

/* Fewer rows are grouped by the caller before another thread were awake. */
enum { ROWS_ALONE = 65536 };

/* ---- Tables -------------------------------------------------------------------------- */

enum parfun_status parfun_table_create(size_t rows, struct parfun_table **table)
{
    if (!table)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_create(): `table`, which receives the result, is "
                "NULL");
    if (rows > rows_max)
        return pf_fail(PARFUN_INVALID,
                "parfun_table_create(): %zu rows are beyond the address space; was "
                "that a number below 0?",
                rows);
    return pf_table_create(rows, table);
}

void parfun_table_destroy(struct parfun_table *table)
{
    pf_table_release(table);
}

static enum parfun_status add(struct parfun_table *table, const char *function,
        const char *name, enum parfun_type type, const void *data,
        const uint8_t *validity)
{
    const struct pf_column column = {
        .name = (char *)name,
        .type = type,
        .layout = type == PARFUN_STRING ? PF_LAYOUT_POINTERS : PF_LAYOUT_VALUES,
        .data = data,
        .validity = validity,
    };

    if (!table || !name)
        return pf_fail(PARFUN_INVALID, "%s(): `%s` is NULL", function,
                table ? "name" : "table");
    if (!pf_table_type_bytes(type))
        return pf_fail(PARFUN_INVALID,
                "%s(): column '%.60s' has the type %d, which is none of enum "
                "parfun_type",
                function, name, (int)type);
    if (!data && table->rows > 0)
        return pf_fail(PARFUN_INVALID,
                "%s(): the data of column '%.60s' is NULL, but the table has %zu "
                "rows",
                function, name, table->rows);
    if ((uintptr_t)data % pf_table_type_bytes(type))
        return pf_fail(PARFUN_INVALID,
                "%s(): the data of column '%.60s' is not aligned to %zu bytes, as "
                "%s needs",
                function, name, pf_table_type_bytes(type),
                pf_table_type_name(type));
    return pf_table_add(table, function, &column);
}

enum parfun_status parfun_table_add(struct parfun_table *table, const char *name,
        enum parfun_type type, const void *data)
{
    return add(table, "parfun_table_add", name, type, data, NULL);
}

enum parfun_status parfun_table_add_nullable(struct parfun_table *table,
        const char *name, enum parfun_type type, const void *data,
        const uint8_t *validity)
{
    return add(table, "parfun_table_add_nullable", name, type, data, validity);
}

size_t parfun_table_rows(const struct parfun_table *table)
{
    return table ? table->rows : 0;
}

enum parfun_status parfun_table_import(struct ArrowSchema *schema,
        struct ArrowArray *array, struct parfun_table **table)
{
    if (!schema || !array || !table) {
        pf_arrow_release(schema, array);
        return pf_fail(PARFUN_INVALID, "parfun_table_import(): `%s` is NULL",
                !schema          ? "schema"
                        : !array ? "array"
                                 : "table");
    }
    return pf_arrow_import(schema, array, table);
}

enum parfun_status parfun_table_export(const struct parfun_table *table,
        struct ArrowSchema *schema, struct ArrowArray *array)
{
    if (!table || !schema || !array)
        return pf_fail(PARFUN_INVALID, "parfun_table_export(): `%s` is NULL",
                !table            ? "table"
                        : !schema ? "schema"
                                  : "array");
    return pf_arrow_export(table, schema, array);
}

/* ---- Groups -------------------------------------------------------------------------- */

static enum parfun_status find_columns(const struct parfun_table *table,
        const char *const *names, size_t count, unsigned *columns)
{
    if (count == 0 || count > PF_GROUPS_KEYS_MAX)
        return pf_fail(PARFUN_INVALID,
                "parfun_group_by(): %zu key columns; give 1 to %d", count,
                PF_GROUPS_KEYS_MAX);
    for (size_t i = 0; i < count; i++) {
        const struct pf_column *found =
                names[i] ? pf_table_find(table, names[i]) : NULL;

        if (!found)
            return pf_fail(PARFUN_INVALID,
                    "parfun_group_by(): the table has no column '%.60s'",
                    names[i] ? names[i] : "NULL");
        columns[i] = (unsigned)(found - table->columns);
    }
    return PARFUN_OK;
}

enum parfun_status parfun_group_by(const struct parfun_table *table,
        const char *const *columns, size_t column_count,
        struct parfun_groups **groups)
{
    struct pf_crew crew = { NULL, 1, NULL };
    unsigned found[PF_GROUPS_KEYS_MAX];
    struct pf_entry entry;
    enum parfun_status status;

    if (!table || !columns || !groups)
        return pf_fail(PARFUN_INVALID, "parfun_group_by(): `%s` is NULL",
                !table             ? "table"
                        : !columns ? "columns"
                                   : "groups");
    PF_TRY(find_columns(table, columns, column_count, found));
    if (table->rows < ROWS_ALONE)
        return pf_group_by(table, found, (unsigned)column_count, &crew, groups);
    PF_TRY(pf_process_enter(&entry, false));
    if (entry.selection->cpu_workers > 1)
        crew = (struct pf_crew){ entry.engine->workers,
            entry.selection->cpu_workers, entry.engine->memory };
    status = pf_group_by(table, found, (unsigned)column_count, &crew, groups);
    pf_process_leave(&entry);
    return status;
}

enum parfun_status parfun_groups_join(const struct parfun_groups *a,
        const struct parfun_groups *b, struct parfun_groups **both)
{
    if (!a || !b || !both)
        return pf_fail(PARFUN_INVALID, "parfun_groups_join(): `%s` is NULL",
                !a           ? "a"
                        : !b ? "b"
                             : "both");
    return pf_groups_join(
            (struct parfun_groups *)a, (struct parfun_groups *)b, both);
}

void parfun_groups_destroy(struct parfun_groups *groups)
{
    pf_groups_release(groups);
}

size_t parfun_groups_count(const struct parfun_groups *groups)
{
    return groups ? groups->count : 0;
}

size_t parfun_groups_rows(const struct parfun_groups *groups)
{
    return groups ? pf_groups_rows(groups) : 0;
}

size_t parfun_groups_dropped(const struct parfun_groups *groups)
{
    return groups ? groups->dropped : 0;
}
