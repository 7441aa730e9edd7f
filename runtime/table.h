/* SPDX-License-Identifier: Apache-2.0 */
/*
 * table.h: named columns of equal length.  A column's memory is the user's, or of an
 * Arrow array that the table owns.  Groups refer to their table, so that a table that
 * was destroyed lives on as long as they do.
 */
#ifndef PF_TABLE_H
#define PF_TABLE_H

#include <parfun.h>

enum pf_layout {
    PF_LAYOUT_VALUES,   /* of the column's type, one after the other */
    PF_LAYOUT_POINTERS, /* char *const *; NULL is null */
    PF_LAYOUT_OFFSETS,  /* characters at [offsets[i], offsets[i + 1]) of `data` */
    PF_LAYOUT_LARGE_OFFSETS /* the same, with 64 bits */
};

struct pf_column {
    char *name;
    enum parfun_type type;
    enum pf_layout layout;
    const void *data;
    const void *offsets;     /* of row 0; NULL but for the layouts with offsets */
    const uint8_t *validity; /* NULL: no row is null, but for NULL pointers */
    size_t validity_first;   /* the bit of row 0 */
};

struct parfun_table {
    _Atomic unsigned references;
    size_t rows;
    struct pf_column *columns;
    size_t column_count, column_room;
    void (*release)(void *owner); /* of what the columns lie in; NULL: the user's */
    void *owner;
};

/* Of one value; of a pointer for strings. */
size_t pf_table_type_bytes(enum parfun_type type);
/* "PARFUN_INT32", for sentences. */
const char *pf_table_type_name(enum parfun_type type);

enum parfun_status pf_table_create(size_t rows, struct parfun_table **table);

/* Adds a column; the name is copied.  PARFUN_INVALID if there is one of that name;
 * `function` is who says so. */
enum parfun_status pf_table_add(struct parfun_table *table, const char *function,
        const struct pf_column *column);

/* NULL if there is none. */
const struct pf_column *pf_table_find(
        const struct parfun_table *table, const char *name);

struct parfun_table *pf_table_refer(const struct parfun_table *table);
/* Destroyed with its last reference. */
void pf_table_release(struct parfun_table *table);

/* Does this memory begin inside the column?  Of strings with offsets it is unknown. */
bool pf_table_column_holds(const struct parfun_table *table,
        const struct pf_column *column, const void *memory);
/* Inside one of the columns? */
bool pf_table_holds(const struct parfun_table *table, const void *memory);

static inline bool pf_column_may_have_nulls(const struct pf_column *column)
{
    return column->validity || column->layout == PF_LAYOUT_POINTERS;
}

static inline bool pf_column_is_null(const struct pf_column *column, size_t row)
{
    const size_t bit = column->validity_first + row;

    if (column->validity && !(column->validity[bit / 8] >> (bit % 8) & 1))
        return true;
    return column->layout == PF_LAYOUT_POINTERS
            && !((char *const *)column->data)[row];
}

#endif
