/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parfun/tables.h: tables of named columns, and groups of their rows.  A part of
 * <parfun.h>, which includes it.  To and from Arrow: <parfun/arrow.h>.
 */
#ifndef PARFUN_TABLES_H
#define PARFUN_TABLES_H

#ifndef PARFUN_H
#error "include <parfun.h>, which includes this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * A table is named columns of equal length, which stay the user's.  Any number of
 * threads may read a table, and group it; nobody may use it while a column is added.
 */
struct parfun_table;

enum parfun_type {
    PARFUN_INT8,
    PARFUN_UINT8,
    PARFUN_INT16,
    PARFUN_UINT16,
    PARFUN_INT32,
    PARFUN_UINT32,
    PARFUN_INT64,
    PARFUN_UINT64,
    PARFUN_FLOAT16, /* IEEE 754's, as uint16_t */
    PARFUN_FLOAT32,
    PARFUN_FLOAT64,
    PARFUN_STRING /* char *const *: strings that end with a zero byte; NULL is null */
};

PARFUN_TRY enum parfun_status parfun_table_create(
        size_t rows, struct parfun_table **table);

/* Takes NULL.  Groups made of the table stay valid. */
PARFUN_API void parfun_table_destroy(struct parfun_table *table);

/* Borrow a column of as many elements as the table has rows: `data`, aligned as its
 * type needs, must outlive the table and the groups made of it.  The name is copied.
 * PARFUN_INVALID if the table has a column of that name. */
PARFUN_TRY enum parfun_status parfun_table_add(struct parfun_table *table,
        const char *name, enum parfun_type type, const void *data);

/* The same with Arrow's validity bits, row 0 in the lowest bit of the first byte: 0
 * is null.  NULL: no row is null. */
PARFUN_TRY enum parfun_status parfun_table_add_nullable(struct parfun_table *table,
        const char *name, enum parfun_type type, const void *data,
        const uint8_t *validity);

/* How many rows, and how many columns.  0 for NULL. */
PARFUN_API size_t parfun_table_rows(const struct parfun_table *table);
PARFUN_API size_t parfun_table_columns(const struct parfun_table *table);

/* The name of a column, by its index from 0 on: in the order in which they were added,
 * or stand in the batch.  Valid as long as the table lives.  NULL, with parfun_error(),
 * for an index beyond the last. */
PARFUN_API const char *parfun_table_column_name(
        const struct parfun_table *table, size_t index);

/* PARFUN_INVALID, as in all that follow, if there is no column of that name. */
PARFUN_TRY enum parfun_status parfun_table_column_type(
        const struct parfun_table *table, const char *name, enum parfun_type *type);

/*
 * A column's data, as long as the table lives.  NULL, with parfun_error(), if there is
 * no column of that name, or if it holds Arrow's strings, which
 * parfun_table_column_strings() gives.
 *
 * Calls over groups of the table are PARFUN_INVALID for an argument that begins in a
 * column and whose elements have another size, or are floating point where the column
 * has integers, or the reverse.
 */
PARFUN_API const void *parfun_table_column(
        const struct parfun_table *table, const char *name);

/*
 * Of a column's rows [first, first + count): valid[i] becomes 0 where row first + i is
 * null, else 1.  One byte per row, as kernels can be given them; the array of `count`
 * bytes is the caller's.  PARFUN_INVALID for rows that the table does not have.
 */
PARFUN_TRY enum parfun_status parfun_table_column_validity(
        const struct parfun_table *table, const char *name, size_t first,
        size_t count, uint8_t *valid);

/*
 * Of the same rows of a column of strings, Arrow's too: text[i] becomes the string of
 * row first + i, and bytes[i] its length; NULL and 0 where it is null.  Both arrays, of
 * `count` elements, are the caller's.  Nothing is copied: the texts live as long as the
 * column's memory, and Arrow's do not end with a zero byte.  PARFUN_INVALID for rows
 * that the table does not have, and for columns of numbers.
 */
PARFUN_TRY enum parfun_status parfun_table_column_strings(
        const struct parfun_table *table, const char *name, size_t first,
        size_t count, const char **text, size_t *bytes);

/*
 * Groups of rows are never changed: any number of threads may use them.
 *
 * Rows with equal keys in `columns` (1 to 16 names) form a group.  Groups are sorted
 * by their keys, by the first column first: numbers by value, strings by bytes; rows
 * keep their order within a group.  Rows with a null key are in no group, and counted.
 * NaN equals NaN and comes last, -0 equals 0.  Rows that are sorted by their keys
 * already, which one pass finds out, are not copied in calls; of others there may be
 * 4294967294 (PARFUN_INVALID).
 */
PARFUN_TRY enum parfun_status parfun_group_by(const struct parfun_table *table,
        const char *const *columns, size_t column_count,
        struct parfun_groups **groups);

/*
 * Pair the groups of two tables by key, for functions that take columns of both.
 * PARFUN_INVALID, with the key's name, if one lacks a key, or if the rows of a group
 * are not as many in both.  In calls, arrays that begin inside a column of b's table
 * have their rows in b's order, all others, among them results, in a's.  `a` and `b`
 * may be destroyed before `both`.
 */
PARFUN_TRY enum parfun_status parfun_groups_join(const struct parfun_groups *a,
        const struct parfun_groups *b, struct parfun_groups **both);

/* Takes NULL.  No call may use them any more. */
PARFUN_API void parfun_groups_destroy(struct parfun_groups *groups);

/* How many groups, how many rows they have together, and how many rows are left out
 * as a key is null; in a join those of both tables.  0 for NULL. */
PARFUN_API size_t parfun_groups_count(const struct parfun_groups *groups);
PARFUN_API size_t parfun_groups_rows(const struct parfun_groups *groups);
PARFUN_API size_t parfun_groups_dropped(const struct parfun_groups *groups);

#ifdef __cplusplus
}
#endif

#endif
