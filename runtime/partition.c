/* SPDX-License-Identifier: Apache-2.0 */
/* partition.c: what bodies, combiners and generators may ask. */
#include "runtime/partition.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

int pf_partition_find(const struct pf_call *call, const char *name)
{
    for (unsigned i = 0; name && i < call->clauses->argument_count; i++)
        if (strcmp(call->kernel->parameters[i].name, name) == 0)
            return (int)i;
    return -1;
}

/* ---- Partitions ------------------------------------------------------------------ */

void *parfun_argument(struct parfun_partition *partition, const char *name)
{
    const int index = partition ? pf_partition_find(partition->call, name) : -1;

    return index < 0 ? NULL : partition->parts[index];
}

size_t parfun_items(const struct parfun_partition *partition)
{
    return partition ? partition->count : 0;
}

size_t parfun_first(const struct parfun_partition *partition)
{
    return partition ? partition->first : 0;
}

size_t parfun_items_of(const struct parfun_partition *partition, const char *name)
{
    const int index = partition ? pf_partition_find(partition->call, name) : -1;
    const struct pf_call_argument *argument;

    if (index < 0)
        return 0;
    argument = &partition->call->arguments[index];
    if (argument->plan->role == PF_ROLE_OFFSETS)
        return partition->count + 1;
    if (argument->plan->role != PF_ROLE_ARRAY
            && argument->plan->role != PF_ROLE_FLAG)
        return 1;
    if (argument->by_row)
        return pf_call_rows(partition->call, partition->first, partition->count);
    if (argument->item_bytes)
        return partition->count;
    return argument->plan->combine == PF_COMBINE_SHARED
            ? argument->bytes / argument->element_bytes
            : argument->count;
}

void pf_partition_of_result(const struct pf_call *call,
        const struct pf_result *result, void **parts,
        struct parfun_partition *partition)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        parts[i] = NULL;
        if (argument->plan->role == PF_ROLE_VALUE)
            parts[i] = argument->given;
        else if (argument->plan->role == PF_ROLE_ARRAY
                && argument->plan->combine == PF_COMBINE_EACH)
            parts[i] = result->outputs[i].copy;
    }
    *partition = (struct parfun_partition){
        .call = call,
        .first = result->first,
        .count = result->count,
        .parts = parts,
    };
}

/* ---- The whole call ---------------------------------------------------------------- */

const void *parfun_split_argument(struct parfun_split *split, const char *name)
{
    const int index = split ? pf_partition_find(split->call, name) : -1;
    const struct pf_call_argument *argument;

    if (index < 0)
        return NULL;
    argument = &split->call->arguments[index];
    if (argument->plan->role == PF_ROLE_VALUE)
        return argument->given;
    if (argument->plan->role != PF_ROLE_ARRAY || split->scattered
            || argument->plan->combine == PF_COMBINE_EACH)
        return NULL;
    if (!argument->item_bytes || argument->plan->combine == PF_COMBINE_REDUCE)
        return argument->host;
    return argument->host + split->first * argument->item_bytes;
}

size_t parfun_split_items(const struct parfun_split *split)
{
    return split ? split->count : 0;
}

/* ---- Failures ------------------------------------------------------------------------ */

enum parfun_status parfun_fail(const char *format, ...)
{
    va_list arguments;
    struct pf_text text = { 0 };

    va_start(arguments, format);
    pf_text_format_list(&text, format, arguments);
    va_end(arguments);
    (void)pf_fail(PARFUN_FUNCTION_FAILED, "%s", pf_text_get(&text));
    pf_text_finish(&text);
    return PARFUN_FUNCTION_FAILED;
}
