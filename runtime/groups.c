/* SPDX-License-Identifier: Apache-2.0 */
/* groups.c: what groups know, and their end. */
#include "runtime/groups.h"

#include "runtime/base/text.h"
#include "runtime/key.h"

#include <stdatomic.h>
#include <stdlib.h>

void pf_groups_release(struct parfun_groups *groups)
{
    if (!groups || atomic_fetch_sub(&groups->references, 1) > 1)
        return;
    if (groups->base) {
        pf_groups_release(groups->base);
        pf_groups_release(groups->other);
    } else {
        free(groups->offsets);
        pf_memory_give(groups->memory, groups->places,
                groups->table->rows * sizeof *groups->places);
        free(groups->first_rows);
        pf_table_release(groups->table);
    }
    free(groups);
}

static bool holds(const struct parfun_groups *groups, const void *memory)
{
    return groups->base
            ? holds(groups->base, memory) || holds(groups->other, memory)
            : pf_table_holds(groups->table, memory);
}

const struct parfun_groups *pf_groups_of(
        const struct parfun_groups *groups, const void *memory)
{
    while (groups->base)
        groups = !holds(groups->base, memory) && holds(groups->other, memory)
                ? groups->other
                : groups->base;
    return groups;
}

size_t pf_groups_row(const struct parfun_groups *groups, size_t group)
{
    return groups->first_rows ? groups->first_rows[group]
                              : groups->first + groups->offsets[group];
}

char *pf_groups_print_key(const struct parfun_groups *groups, size_t group)
{
    const size_t row = pf_groups_row(groups, group);
    struct pf_text text = { 0 };

    for (unsigned k = 0; k < groups->key_count; k++) {
        const struct pf_column *column = &groups->table->columns[groups->key[k]];
        char *key = pf_key_print(column, row);

        pf_text_format(
                &text, "%s%.60s %s", k ? ", " : "", column->name, key ? key : "");
        free(key);
    }
    return pf_text_take(&text);
}
