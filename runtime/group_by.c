/* SPDX-License-Identifier: Apache-2.0 */
/* group_by.c: groups of rows with equal keys.  Rows that are sorted by their keys stay
 * where they are; others get places. */
#include "runtime/base/error.h"
#include "runtime/groups.h"
#include "runtime/key.h"
#include "runtime/rank.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK = PF_KEY_BLOCK - 1 }; /* with the row before it */

/* Looks for groups in rows as they stand. */
struct scan {
    const struct pf_column *const *columns;
    unsigned column_count;
    bool nullable;     /* some row may be null */
    size_t first, end; /* rows with keys */
    size_t *offsets;
    size_t count, room;
    bool sorted;
};

/* ---- Sorted rows ---------------------------------------------------------------------- */

static bool is_null(const struct scan *scan, size_t row)
{
    for (unsigned c = 0; c < scan->column_count && scan->nullable; c++)
        if (pf_column_is_null(scan->columns[c], row))
            return true;
    return false;
}

/* order[i] as rows first + i and first + i + 1 compare, where it was 0. */
static void compare_column(const struct pf_column *column, size_t first,
        size_t count, signed char *order)
{
    if (column->type == PARFUN_STRING) {
        struct pf_key_text texts[PF_KEY_BLOCK];

        pf_key_texts(column, first, count + 1, texts);
        for (size_t i = 0; i < count; i++)
            if (!order[i]) {
                const int result = pf_key_compare_texts(texts[i], texts[i + 1]);

                order[i] = (signed char)((result > 0) - (result < 0));
            }
    } else {
        uint64_t numbers[PF_KEY_BLOCK];

        pf_key_numbers(column, first, count + 1, numbers);
        for (size_t i = 0; i < count; i++)
            if (numbers[i] != numbers[i + 1] && !order[i])
                order[i] = numbers[i] < numbers[i + 1] ? -1 : 1;
    }
}

static enum parfun_status add_offset(struct scan *scan, size_t offset)
{
    if (scan->count == scan->room) {
        const size_t room = scan->room ? 2 * scan->room : 64;
        size_t *grown = realloc(scan->offsets, room * sizeof *grown);

        if (!grown)
            return pf_fail(PARFUN_NO_MEMORY, "no memory for %zu groups", room);
        scan->offsets = grown;
        scan->room = room;
    }
    scan->offsets[scan->count++] = offset;
    return PARFUN_OK;
}

/* Rows [first, first + count] and where groups begin among the last `count`. */
static enum parfun_status scan_block(struct scan *scan, size_t first, size_t count)
{
    signed char order[BLOCK] = { 0 };

    for (size_t i = 1; i <= count && scan->nullable; i++)
        if (is_null(scan, first + i)) {
            scan->sorted = false;
            return PARFUN_OK;
        }
    for (unsigned c = 0; c < scan->column_count; c++)
        compare_column(scan->columns[c], first, count, order);
    for (size_t i = 0; i < count && scan->sorted; i++) {
        scan->sorted = order[i] <= 0;
        if (order[i] < 0)
            PF_TRY(add_offset(scan, first + i + 1 - scan->first));
    }
    return PARFUN_OK;
}

/* One pass, which ends at the first row that is out of order.  Rows without a key may
 * stand at either end. */
static enum parfun_status scan_rows(struct scan *scan, size_t rows)
{
    scan->sorted = true;
    for (scan->end = rows; scan->first < rows && is_null(scan, scan->first);)
        scan->first++;
    while (scan->end > scan->first && is_null(scan, scan->end - 1))
        scan->end--;
    PF_TRY(add_offset(scan, 0));
    for (size_t at = scan->first; at + 1 < scan->end && scan->sorted; at += BLOCK)
        PF_TRY(scan_block(
                scan, at, scan->end - at - 1 < BLOCK ? scan->end - at - 1 : BLOCK));
    return scan->end > scan->first && scan->sorted
            ? add_offset(scan, scan->end - scan->first)
            : PARFUN_OK;
}

/* ---- Groups -------------------------------------------------------------------------- */

static enum parfun_status sort_rows(struct parfun_groups *groups,
        const struct scan *scan, const struct pf_crew *crew)
{
    const size_t rows = groups->table->rows;
    struct pf_ranks ranks;

    if (rows > PF_RANK_ROWS_MAX)
        return pf_fail(PARFUN_INVALID,
                "parfun_group_by(): a table of %zu rows that are not sorted by "
                "their keys; at most %u can be sorted, more rows must be sorted "
                "already",
                rows, PF_RANK_ROWS_MAX);
    PF_TRY(pf_rank(scan->columns, scan->column_count, rows, crew, &ranks));
    groups->memory = crew->memory;
    groups->places = ranks.places;
    groups->offsets = ranks.offsets;
    groups->first_rows = ranks.first_rows;
    groups->count = ranks.count;
    groups->dropped = ranks.dropped;
    return PARFUN_OK;
}

static enum parfun_status find_groups(
        struct parfun_groups *groups, const struct pf_crew *crew)
{
    const struct parfun_table *table = groups->table;
    const struct pf_column *columns[PF_GROUPS_KEYS_MAX];
    struct scan scan = { .columns = columns, .column_count = groups->key_count };
    enum parfun_status status;

    for (unsigned k = 0; k < groups->key_count; k++) {
        columns[k] = &table->columns[groups->key[k]];
        scan.nullable = scan.nullable || pf_column_may_have_nulls(columns[k]);
    }
    status = scan_rows(&scan, table->rows);
    if (!status && scan.sorted) {
        groups->first = scan.first;
        groups->count = scan.count - 1;
        groups->dropped = table->rows - (scan.end - scan.first);
        groups->offsets = scan.offsets;
        return PARFUN_OK;
    }
    free(scan.offsets);
    return status ? status : sort_rows(groups, &scan, crew);
}

enum parfun_status pf_group_by(const struct parfun_table *table,
        const unsigned *columns, unsigned column_count, const struct pf_crew *crew,
        struct parfun_groups **groups)
{
    struct parfun_groups *made = calloc(1, sizeof *made);
    enum parfun_status status;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for groups");
    atomic_store(&made->references, 1);
    made->table = pf_table_refer(table);
    made->key_count = column_count;
    memcpy(made->key, columns, column_count * sizeof *columns);
    status = find_groups(made, crew);
    if (status)
        pf_groups_release(made);
    else
        *groups = made;
    return status;
}
