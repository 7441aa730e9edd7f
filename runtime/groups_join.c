/* SPDX-License-Identifier: Apache-2.0 */
/* groups_join.c: the groups of two tables, paired by key. */
#include "runtime/base/error.h"
#include "runtime/groups.h"
#include "runtime/key.h"

#include <stdatomic.h>
#include <stdlib.h>

static const struct pf_column *key_column(
        const struct parfun_groups *groups, unsigned k)
{
    return &groups->table->columns[groups->key[k]];
}

static enum parfun_status check_keys(
        const struct parfun_groups *a, const struct parfun_groups *b)
{
    if (a->key_count != b->key_count)
        return pf_fail(PARFUN_INVALID,
                "parfun_groups_join(): `a` is grouped by %u columns and `b` by %u; "
                "both need the same number of keys",
                a->key_count, b->key_count);
    for (unsigned k = 0; k < a->key_count; k++) {
        const struct pf_column *first = key_column(a, k),
                               *second = key_column(b, k);

        if (first->type != second->type)
            return pf_fail(PARFUN_INVALID,
                    "parfun_groups_join(): key '%.60s' of `a` is %s, and key "
                    "'%.60s' of `b` is %s; give columns of one type",
                    first->name, pf_table_type_name(first->type), second->name,
                    pf_table_type_name(second->type));
    }
    return PARFUN_OK;
}

static int compare(const struct parfun_groups *a, size_t group_a,
        const struct parfun_groups *b, size_t group_b)
{
    int order = 0;

    for (unsigned k = 0; k < a->key_count && !order; k++)
        order = pf_key_compare(key_column(a, k), pf_groups_row(a, group_a),
                key_column(b, k), pf_groups_row(b, group_b));
    return order;
}

static size_t group_rows(const struct parfun_groups *groups, size_t group)
{
    return groups->offsets[group + 1] - groups->offsets[group];
}

/* A group of one of them that the other lacks. */
static enum parfun_status refuse_lone(
        const struct parfun_groups *groups, size_t group, bool is_a)
{
    char *key = pf_groups_print_key(groups, group);
    const enum parfun_status status = pf_fail(PARFUN_INVALID,
            "parfun_groups_join(): the key %s is in `%s` but not in `%s`; both "
            "tables need the same keys",
            key ? key : "", is_a ? "a" : "b", is_a ? "b" : "a");

    free(key);
    return status;
}

static enum parfun_status refuse_sizes(
        const struct parfun_groups *a, const struct parfun_groups *b, size_t group)
{
    char *key = pf_groups_print_key(a, group);
    const enum parfun_status status = pf_fail(PARFUN_INVALID,
            "parfun_groups_join(): the group %s has %zu rows in `a` but %zu in "
            "`b`; paired groups need equal rows",
            key ? key : "", group_rows(a, group), group_rows(b, group));

    free(key);
    return status;
}

static enum parfun_status pair(
        const struct parfun_groups *a, const struct parfun_groups *b)
{
    for (size_t g = 0; g < a->count || g < b->count; g++) {
        const int order = g == a->count ? 1
                : g == b->count         ? -1
                                        : compare(a, g, b, g);

        if (order)
            return refuse_lone(order < 0 ? a : b, g, order < 0);
        if (group_rows(a, g) != group_rows(b, g))
            return refuse_sizes(a, b, g);
    }
    return PARFUN_OK;
}

enum parfun_status pf_groups_join(struct parfun_groups *a, struct parfun_groups *b,
        struct parfun_groups **both)
{
    struct parfun_groups *made;

    PF_TRY(check_keys(a, b));
    PF_TRY(pair(a, b));
    made = malloc(sizeof *made);
    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for groups");
    *made = *a;
    atomic_store(&made->references, 1);
    atomic_fetch_add(&a->references, 1);
    atomic_fetch_add(&b->references, 1);
    made->base = a;
    made->other = b;
    made->dropped = a->dropped + b->dropped;
    *both = made;
    return PARFUN_OK;
}
