/* SPDX-License-Identifier: Apache-2.0 */
/* call_arrays.c: how large the arrays of a call are, where partitions find their
 * parts, and whether they lie in each other's way. */
#include "runtime/call_inside.h"

#include "runtime/base/error.h"

/* Sizes stay below this, so that sums of two never overflow. */
static const size_t bytes_max = SIZE_MAX / 4;

enum parfun_status pf_call_multiply(const struct pf_call *call, const char *what,
        size_t a, size_t b, size_t *product)
{
    if (__builtin_mul_overflow(a, b, product) || *product > bytes_max)
        return pf_fail(PARFUN_INVALID,
                "%s(): the size of '%s', %zu times %zu, is beyond the address space; "
                "pass smaller sizes",
                call->kernel->name, what, a, b);
    return PARFUN_OK;
}

enum parfun_status pf_call_check_total(const struct pf_call *call)
{
    size_t total = 0;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        total += call->arguments[i].bytes; /* both are at most bytes_max */
        if (total > bytes_max)
            return pf_fail(PARFUN_INVALID,
                    "%s(): its arrays together, up to '%s', are beyond the address "
                    "space; pass smaller sizes",
                    call->kernel->name, call->arguments[i].parameter->name);
    }
    return PARFUN_OK;
}

static enum parfun_status check_count(const struct pf_call *call,
        const struct pf_call_argument *argument, size_t given, size_t needed)
{
    if (given != 0 && given != needed)
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has %zu elements, but a call over %zu items "
                "needs %zu",
                call->kernel->name, argument->parameter->name, given, call->items,
                needed);
    return PARFUN_OK;
}

/* Arrays in rows: `extent` elements per item, and a halo. */
static enum parfun_status measure_rows(const struct pf_call *call,
        struct pf_call_argument *argument, size_t given_count)
{
    const char *name = argument->parameter->name;
    size_t width, halo, rows;

    PF_TRY(pf_call_extent(call, &argument->plan->extent, &width));
    PF_TRY(pf_call_extent(call, &argument->plan->halo, &halo));
    PF_TRY(pf_call_multiply(
            call, name, width, argument->element_bytes, &argument->item_bytes));
    PF_TRY(pf_call_multiply(
            call, name, halo, argument->item_bytes, &argument->halo_bytes));
    if (call->items > bytes_max || halo > bytes_max)
        return pf_fail(PARFUN_INVALID,
                "%s(): %zu items are beyond the address space; pass fewer",
                call->kernel->name, call->items);
    rows = call->items + 2 * halo;
    PF_TRY(pf_call_multiply(
            call, name, rows, argument->item_bytes, &argument->bytes));
    return check_count(
            call, argument, given_count, argument->bytes / argument->element_bytes);
}

/* Arrays whose items are columns. */
static enum parfun_status measure_columns(const struct pf_call *call,
        struct pf_call_argument *argument, size_t given_count)
{
    const char *name = argument->parameter->name;
    size_t stride, elements;

    PF_TRY(pf_call_extent(call, &argument->plan->extent, &stride));
    argument->rows = call->inner_items;
    if (argument->plan->column_rows.factor)
        PF_TRY(pf_call_extent(call, &argument->plan->column_rows, &argument->rows));
    if (stride < call->items)
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has rows of %zu elements, too few for a call "
                "over %zu columns",
                call->kernel->name, name, stride, call->items);
    PF_TRY(pf_call_multiply(call, name, stride, argument->rows, &elements));
    PF_TRY(pf_call_multiply(
            call, name, elements, argument->element_bytes, &argument->bytes));
    argument->pitch = stride * argument->element_bytes;
    argument->item_bytes = argument->element_bytes;
    return check_count(call, argument, given_count, elements);
}

enum parfun_status pf_call_measure(struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value)
{
    const struct pf_argument *plan = argument->plan;
    const char *name = argument->parameter->name;

    argument->rows = 1;
    argument->reads = plan->split != PF_SPLIT_NONE
            || plan->combine == PF_COMBINE_NONE
            || plan->combine == PF_COMBINE_SHARED;
    argument->writes = plan->combine != PF_COMBINE_NONE;
    switch (plan->combine) {
    case PF_COMBINE_REDUCE:
        argument->item_bytes = argument->element_bytes;
        argument->bytes = value->bytes;
        return check_count(call, argument, value->count, 1);
    case PF_COMBINE_ACCUMULATE:
        PF_TRY(pf_call_extent(call, &plan->extent, &argument->count));
        PF_TRY(pf_call_multiply(
                call, name, argument->count, value->bytes, &argument->bytes));
        return check_count(call, argument, value->count, argument->count);
    case PF_COMBINE_EACH:
        PF_TRY(pf_call_extent(call, &plan->extent, &argument->count));
        return pf_call_multiply(call, name, argument->count,
                argument->element_bytes, &argument->bytes);
    case PF_COMBINE_SHARED:
        return pf_call_multiply(call, name, value->count, argument->element_bytes,
                &argument->bytes);
    case PF_COMBINE_COLUMNS:
        return measure_columns(call, argument, value->count);
    case PF_COMBINE_ROWS:
    case PF_COMBINE_PACK:
        return measure_rows(call, argument, value->count);
    case PF_COMBINE_GROUP:
    case PF_COMBINE_SCATTER:
        return pf_call_measure_rows_of_groups(call, argument, value->count);
    case PF_COMBINE_NONE:
        break;
    }
    if (plan->split == PF_SPLIT_GROUP)
        return pf_call_measure_rows_of_groups(call, argument, value->count);
    if (plan->split == PF_SPLIT_ROWS)
        return measure_rows(call, argument, value->count);
    if (plan->split == PF_SPLIT_COLUMNS)
        return measure_columns(call, argument, value->count);
    argument->count = value->count;
    if (value->count == 0 && call->items > 0)
        return pf_fail(PARFUN_INVALID,
                "%s(): the number of elements of argument '%s' is 0; every "
                "partition sees this array whole, so it must be given "
                "(PARFUN_COUNTED)",
                call->kernel->name, name);
    return pf_call_multiply(
            call, name, value->count, argument->element_bytes, &argument->bytes);
}

/* Elements per item of an array whose length says how many items there are; 0: it
 * does not. */
static size_t elements_per_item(
        const struct pf_call *call, const struct pf_call_argument *argument)
{
    const struct pf_argument *plan = argument->plan;
    size_t elements = 0;

    if (plan->role != PF_ROLE_ARRAY || plan->halo.factor
            || (plan->split != PF_SPLIT_ROWS && plan->combine != PF_COMBINE_ROWS
                    && plan->combine != PF_COMBINE_PACK)
            || pf_call_extent(call, &plan->extent, &elements))
        return 0;
    return elements;
}

enum parfun_status pf_call_check_lengths(
        const struct pf_call *call, const struct parfun_value *values)
{
    const struct pf_clauses *clauses = call->clauses;
    const struct pf_call_argument *known = NULL;
    size_t items = 0;

    for (unsigned v = 0; v < clauses->value_count; v++) {
        const struct pf_call_argument *argument;
        size_t each;

        if (clauses->values[v].kind != PF_GIVE_PARAMETER || !values[v].count)
            continue;
        argument = &call->arguments[clauses->values[v].parameter];
        each = elements_per_item(call, argument);
        if (!each)
            continue;
        if (known && values[v].count / each != items)
            return pf_fail(PARFUN_INVALID,
                    "%s(): arguments '%s' and '%s' have %zu and %zu items, but both "
                    "are split, and must be equally long",
                    call->kernel->name, known->parameter->name,
                    argument->parameter->name, items, values[v].count / each);
        known = argument;
        items = values[v].count / each;
    }
    return PARFUN_OK;
}

/* Read by parts in the same places: a partition's part of one is its part of the
 * other. */
static bool alike(
        const struct pf_call_argument *a, const struct pf_call_argument *b)
{
    return a->given == b->given && a->item_bytes == b->item_bytes
            && a->item_bytes != 0 && a->rows == b->rows && a->pitch == b->pitch
            && a->halo_bytes == 0 && b->halo_bytes == 0 && a->by_row == b->by_row
            && (!a->by_row || a->plan->split == b->plan->split)
            && a->plan->combine != PF_COMBINE_REDUCE
            && b->plan->combine != PF_COMBINE_REDUCE
            && a->plan->combine != PF_COMBINE_PACK
            && b->plan->combine != PF_COMBINE_PACK;
}

enum parfun_status pf_call_check_overlap(const struct pf_call *call)
{
    const unsigned n = call->clauses->argument_count;

    for (unsigned i = 0; i < n; i++) {
        const struct pf_call_argument *a = &call->arguments[i];

        if (a->plan->role != PF_ROLE_ARRAY || !a->bytes
                || a->plan->combine == PF_COMBINE_EACH)
            continue;
        for (unsigned j = i + 1; j < n; j++) {
            const struct pf_call_argument *b = &call->arguments[j];
            uintptr_t a_begin = (uintptr_t)a->given;
            uintptr_t b_begin = (uintptr_t)b->given;

            if (b->plan->role != PF_ROLE_ARRAY || !b->bytes
                    || b->plan->combine == PF_COMBINE_EACH
                    || (!a->writes && !b->writes) || a_begin + a->bytes <= b_begin
                    || b_begin + b->bytes <= a_begin)
                continue;
            if (!alike(a, b) || (a->writes && b->writes))
                return pf_fail(PARFUN_INVALID,
                        "%s(): arguments '%s' and '%s' overlap in memory, and "
                        "the function writes %s; pass the same array split in "
                        "the same way, or a copy",
                        call->kernel->name, a->parameter->name, b->parameter->name,
                        a->writes && b->writes
                                ? "both"
                                : (a->writes ? a : b)->parameter->name);
        }
    }
    return PARFUN_OK;
}
