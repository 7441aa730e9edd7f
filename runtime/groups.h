/* SPDX-License-Identifier: Apache-2.0 */
/*
 * groups.h: a table's rows by groups.  Group g has the places offsets[g] to
 * offsets[g + 1] - 1, and each row of the table has a place, or none.
 */
#ifndef PF_GROUPS_H
#define PF_GROUPS_H

#include "runtime/crew.h"
#include "runtime/distinct.h"
#include "runtime/table.h"

enum { PF_GROUPS_KEYS_MAX = 16 };

struct parfun_groups {
    _Atomic unsigned references;
    size_t count, dropped; /* groups; rows in none of them */
    size_t *offsets;
    struct parfun_table *table;    /* a reference */
    struct pf_memory_pool *memory; /* where the places come from */
    uint32_t *places;              /* by row; PF_DISTINCT_NONE: none.  NULL: */
    size_t first;                  /* row first + p has place p */
    uint32_t *first_rows;          /* of each group; NULL: as they stand */
    unsigned key[PF_GROUPS_KEYS_MAX], key_count; /* columns of the table */
    /* Of a join: references to both, and all arrays above are the base's. */
    struct parfun_groups *base, *other;
};

/* Columns of the table by their indices.  `crew` helps. */
enum parfun_status pf_group_by(const struct parfun_table *table,
        const unsigned *columns, unsigned column_count, const struct pf_crew *crew,
        struct parfun_groups **groups);

enum parfun_status pf_groups_join(struct parfun_groups *a, struct parfun_groups *b,
        struct parfun_groups **both);

/* Destroyed with the last reference.  Takes NULL. */
void pf_groups_release(struct parfun_groups *groups);

static inline size_t pf_groups_rows(const struct parfun_groups *groups)
{
    return groups->offsets[groups->count];
}

/* Whose order the rows of this array have: in a join the other's if it begins inside
 * a column of the other's table alone, else the base's. */
const struct parfun_groups *pf_groups_of(
        const struct parfun_groups *groups, const void *memory);

/* A row of the table that is in this group. */
size_t pf_groups_row(const struct parfun_groups *groups, size_t group);

/* The group's key for sentences, as `country "NL", year 1952`; the caller frees it.
 * NULL for lack of memory. */
char *pf_groups_print_key(const struct parfun_groups *groups, size_t group);

#endif
