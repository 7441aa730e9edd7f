/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: from the caller's values to checked arguments. */
#include "runtime/call.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

/* Sizes stay below this, so that sums of two never overflow. */
static const size_t bytes_max = SIZE_MAX / 4;

static enum parfun_status multiply(const struct pf_call *call, const char *what,
        size_t a, size_t b, size_t *product)
{
    if (__builtin_mul_overflow(a, b, product) || *product > bytes_max)
        return pf_fail(PARFUN_INVALID,
                "%s(): the size of '%s', %zu times %zu, is beyond the address space; "
                "pass smaller sizes",
                call->kernel->name, what, a, b);
    return PARFUN_OK;
}

/* The value of an integer scalar; false if it is negative. */
static bool scalar(const struct pf_call_argument *argument, size_t *value)
{
    const void *data = argument->given;

    switch (argument->plan->type) {
#define PF_CASE(TYPE, ctype)                  \
    case TYPE: {                              \
        ctype number;                         \
        memcpy(&number, data, sizeof number); \
        *value = (size_t)number;              \
        return number >= 0;                   \
    }
        PF_CASE(PF_TYPE_CHAR, int8_t)
        PF_CASE(PF_TYPE_SHORT, int16_t)
        PF_CASE(PF_TYPE_INT, int32_t)
        PF_CASE(PF_TYPE_LONG, int64_t)
#undef PF_CASE
#define PF_CASE(TYPE, ctype)                  \
    case TYPE: {                              \
        ctype number;                         \
        memcpy(&number, data, sizeof number); \
        *value = (size_t)number;              \
        return true;                          \
    }
        PF_CASE(PF_TYPE_UCHAR, uint8_t)
        PF_CASE(PF_TYPE_USHORT, uint16_t)
        PF_CASE(PF_TYPE_UINT, uint32_t)
        PF_CASE(PF_TYPE_ULONG, uint64_t)
#undef PF_CASE
    default:
        return false;
    }
}

enum parfun_status pf_call_extent(
        const struct pf_call *call, const struct pf_extent *extent, size_t *value)
{
    size_t product = extent->factor;

    for (unsigned i = 0; i < extent->count; i++) {
        const struct pf_call_argument *argument =
                &call->arguments[extent->parameter[i]];
        size_t factor;

        if (!scalar(argument, &factor))
            return pf_fail(PARFUN_INVALID,
                    "%s(): argument '%s' is negative, and the clauses use it as "
                    "a size",
                    call->kernel->name, argument->parameter->name);
        PF_TRY(multiply(
                call, argument->parameter->name, product, factor, &product));
    }
    *value = product;
    return PARFUN_OK;
}

/* Reductions and accumulated arrays. */
static bool is_written_at_end(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && (argument->plan->combine == PF_COMBINE_REDUCE
                    || argument->plan->combine == PF_COMBINE_ACCUMULATE);
}

/* The type and size of what the caller gives: a reduction's result may be wider
 * than the kernel's values. */
static const char *find_type(const struct pf_call_argument *argument, size_t *bytes)
{
    const struct pf_reduction *reduction = &argument->reduction;

    *bytes = argument->parameter->bytes;
    if (!is_written_at_end(argument))
        return argument->parameter->type;
    *bytes = pf_reduce_result_bytes(reduction);
    return reduction->result_type == reduction->type
            ? argument->parameter->type
            : pf_type_info(reduction->result_type)->name;
}

static enum parfun_status check_value(const struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value)
{
    const char *name = argument->parameter->name;
    const bool array = argument->plan->role == PF_ROLE_ARRAY;
    size_t bytes;
    const char *type = find_type(argument, &bytes);

    /* also a call over 0 items gives identities */
    if (!value->data && (call->items > 0 || !array || is_written_at_end(argument)))
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' is NULL; give the address of %s",
                call->kernel->name, name, array ? "an array" : "a value");
    if (value->bytes != bytes)
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has %s%zu bytes, but its type %s needs %zu",
                call->kernel->name, name, array ? "elements of " : "", value->bytes,
                type, bytes);
    argument->given = value->data;
    argument->host = value->data;
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
    PF_TRY(multiply(
            call, name, width, argument->element_bytes, &argument->item_bytes));
    PF_TRY(multiply(call, name, halo, argument->item_bytes, &argument->halo_bytes));
    if (call->items > bytes_max || halo > bytes_max)
        return pf_fail(PARFUN_INVALID,
                "%s(): %zu items are beyond the address space; pass fewer",
                call->kernel->name, call->items);
    rows = call->items + 2 * halo;
    PF_TRY(multiply(call, name, rows, argument->item_bytes, &argument->bytes));
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
    PF_TRY(multiply(call, name, stride, argument->rows, &elements));
    PF_TRY(multiply(
            call, name, elements, argument->element_bytes, &argument->bytes));
    argument->pitch = stride * argument->element_bytes;
    argument->item_bytes = argument->element_bytes;
    return check_count(call, argument, given_count, elements);
}

static enum parfun_status measure_array(struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value)
{
    const struct pf_argument *plan = argument->plan;
    const char *name = argument->parameter->name;

    argument->element_bytes = argument->parameter->bytes;
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
        PF_TRY(multiply(
                call, name, argument->count, value->bytes, &argument->bytes));
        return check_count(call, argument, value->count, argument->count);
    case PF_COMBINE_SHARED:
        return multiply(call, name, value->count, argument->element_bytes,
                &argument->bytes);
    case PF_COMBINE_COLUMNS:
        return measure_columns(call, argument, value->count);
    case PF_COMBINE_ROWS:
    case PF_COMBINE_PACK:
        return measure_rows(call, argument, value->count);
    case PF_COMBINE_NONE:
        break;
    }
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
    return multiply(
            call, name, value->count, argument->element_bytes, &argument->bytes);
}

/* Read by parts in the same places: a partition's part of one is its part of the
 * other. */
static bool alike(
        const struct pf_call_argument *a, const struct pf_call_argument *b)
{
    return a->given == b->given && a->item_bytes == b->item_bytes
            && a->item_bytes != 0 && a->rows == b->rows && a->pitch == b->pitch
            && a->halo_bytes == 0 && b->halo_bytes == 0
            && a->plan->combine != PF_COMBINE_REDUCE
            && b->plan->combine != PF_COMBINE_REDUCE
            && a->plan->combine != PF_COMBINE_PACK
            && b->plan->combine != PF_COMBINE_PACK;
}

static enum parfun_status check_overlap(const struct pf_call *call)
{
    const unsigned n = call->clauses->argument_count;

    for (unsigned i = 0; i < n; i++) {
        const struct pf_call_argument *a = &call->arguments[i];

        if (a->plan->role != PF_ROLE_ARRAY || !a->bytes)
            continue;
        for (unsigned j = i + 1; j < n; j++) {
            const struct pf_call_argument *b = &call->arguments[j];
            uintptr_t a_begin = (uintptr_t)a->given;
            uintptr_t b_begin = (uintptr_t)b->given;

            if (b->plan->role != PF_ROLE_ARRAY || !b->bytes
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

/* Native code and drivers may rely on the alignment of the element type. */
static enum parfun_status align_arrays(struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];
        const enum pf_combine combine = argument->plan->combine;
        const size_t alignment = argument->parameter->alignment;

        if (argument->plan->role != PF_ROLE_ARRAY || alignment < 2
                || (uintptr_t)argument->given % alignment == 0
                || combine == PF_COMBINE_REDUCE || combine == PF_COMBINE_ACCUMULATE)
            continue;
        if (combine == PF_COMBINE_SHARED)
            return pf_fail(PARFUN_INVALID,
                    "%s(): the shared array '%s' must be aligned to %zu bytes, as "
                    "memory of malloc() is; no copy can be made of it",
                    call->kernel->name, argument->parameter->name, alignment);
        argument->host = aligned_alloc(128, (argument->bytes / 128 + 1) * 128);
        if (!argument->host)
            return pf_fail(PARFUN_NO_MEMORY,
                    "%s(): no memory for an aligned copy of '%s' (%zu bytes)",
                    call->kernel->name, argument->parameter->name, argument->bytes);
        argument->copied = true;
        if (argument->reads || argument->writes)
            memcpy(argument->host, argument->given, argument->bytes);
    }
    return PARFUN_OK;
}

/* items() and first() may be narrow integers; the first of them may be as large as
 * the call, the other one not quite. */
static enum parfun_status check_filled(const struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const struct pf_type_info *type = pf_type_info(argument->plan->type);
        const enum pf_role role = argument->plan->role;
        const unsigned bits =
                8u * type->bytes - (type->is_integer && type->is_signed ? 1u : 0u);
        const size_t below = role == PF_ROLE_ITEMS ? 1 : 0;

        if ((role == PF_ROLE_ITEMS || role == PF_ROLE_FIRST) && bits < 64
                && call->items > (UINT64_C(1) << bits) - below)
            return pf_fail(PARFUN_INVALID,
                    "%s(): %zu items do not fit the %s parameter '%s'; declare it "
                    "ulong",
                    call->kernel->name, call->items, type->name,
                    argument->parameter->name);
    }
    return PARFUN_OK;
}

static enum parfun_status check_sizes(struct pf_call *call)
{
    const struct pf_clauses *clauses = call->clauses;
    const unsigned last = clauses->dimensions - 1;

    call->dimensions = clauses->dimensions;
    call->inner[0] = call->inner[1] = call->inner_items = 1;
    for (unsigned d = 0; d < last; d++) {
        PF_TRY(pf_call_extent(call, &clauses->range[d], &call->inner[d]));
        PF_TRY(multiply(call, "range()", call->inner_items, call->inner[d],
                &call->inner_items));
        if (call->inner[d] > INT32_MAX)
            return pf_fail(PARFUN_INVALID,
                    "%s(): dimension %u of range() has %zu work-items; at most "
                    "2147483647 are possible",
                    call->kernel->name, d, call->inner[d]);
    }
    if (clauses->absolute && call->items > INT32_MAX)
        return pf_fail(PARFUN_INVALID,
                "%s(): with ids(absolute) a call has at most 2147483647 items, "
                "not %zu; make several calls",
                call->kernel->name, call->items);
    call->multiple = clauses->workgroup[0] ? clauses->workgroup[last] : 1;
    for (unsigned d = 0; d <= last && clauses->workgroup[0]; d++) {
        const size_t size = d == last ? call->items : call->inner[d];

        if (size % clauses->workgroup[d])
            return pf_fail(PARFUN_INVALID,
                    "%s(): %zu %s are no multiple of the work-group's %zu "
                    "(workgroup() of the clauses)",
                    call->kernel->name, size,
                    d == last ? "items" : "work-items of range()",
                    clauses->workgroup[d]);
    }
    return PARFUN_OK;
}

static void sum_traffic(struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role != PF_ROLE_ARRAY || !argument->item_bytes)
            continue;
        if (argument->reads)
            call->bytes_in += (double)(argument->item_bytes * argument->rows);
        if (argument->writes)
            call->bytes_out += (double)(argument->item_bytes * argument->rows);
    }
}

static void bind_parameters(struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];
        const struct pf_argument *plan = &call->clauses->arguments[i];

        *argument = (struct pf_call_argument){
            .plan = plan,
            .parameter = &call->kernel->parameters[i],
            .element_bytes = call->kernel->parameters[i].bytes,
            .reduction = { plan->operation, plan->type,
                    plan->combine == PF_COMBINE_REDUCE ? plan->result_type
                                                       : plan->type,
                    plan->width },
        };
        call->ordered |= plan->combine == PF_COMBINE_REDUCE
                || plan->combine == PF_COMBINE_ACCUMULATE
                || plan->combine == PF_COMBINE_PACK;
    }
}

static enum parfun_status check_all(
        struct pf_call *call, const struct parfun_value *values, size_t value_count)
{
    const struct pf_clauses *clauses = call->clauses;

    if (value_count && !values)
        return pf_fail(PARFUN_INVALID, "%s(): `values` is NULL, but %zu were given",
                call->kernel->name, value_count);
    if (value_count != clauses->value_count)
        return pf_fail(PARFUN_INVALID,
                "%s(): %zu values were given, but its clauses leave %u to give: "
                "one per parameter that the library does not fill, and a count "
                "after each pack()",
                call->kernel->name, value_count, clauses->value_count);
    for (unsigned v = 0; v < clauses->value_count; v++) {
        const struct pf_caller_value *wanted = &clauses->values[v];

        if (wanted->kind == PF_GIVE_PARAMETER) {
            PF_TRY(check_value(
                    call, &call->arguments[wanted->parameter], &values[v]));
        } else {
            if (!values[v].data || values[v].bytes != sizeof(size_t))
                return pf_fail(PARFUN_INVALID,
                        "%s(): value %u must point at the size_t that receives "
                        "the number of packed elements",
                        call->kernel->name, v + 1);
            call->pack_count[wanted->parameter] = values[v].data;
        }
    }
    PF_TRY(check_sizes(call));
    PF_TRY(check_filled(call));
    for (unsigned v = 0; v < clauses->value_count; v++)
        if (clauses->values[v].kind == PF_GIVE_PARAMETER) {
            struct pf_call_argument *argument =
                    &call->arguments[clauses->values[v].parameter];

            if (argument->plan->role == PF_ROLE_ARRAY)
                PF_TRY(measure_array(call, argument, &values[v]));
        }
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role == PF_ROLE_LOCAL) {
            PF_TRY(pf_call_extent(call, &argument->plan->extent, &argument->count));
            PF_TRY(multiply(call, argument->parameter->name, argument->count,
                    argument->element_bytes, &argument->bytes));
        }
        if (argument->plan->role == PF_ROLE_FLAG)
            argument->item_bytes = argument->element_bytes;
    }
    PF_TRY(check_overlap(call));
    sum_traffic(call);
    return align_arrays(call);
}

enum parfun_status pf_call_check(struct pf_call *call,
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses,
        size_t items, const struct parfun_value *values, size_t value_count)
{
    struct pf_call_argument *const room = call->arguments;
    enum parfun_status status;

    *call = (struct pf_call){
        .kernel = kernel,
        .clauses = clauses,
        .items = items,
        .arguments = room,
    };
    bind_parameters(call);
    status = check_all(call, values, value_count);
    if (status)
        pf_call_finish(call, false);
    return status;
}

void pf_call_finish(struct pf_call *call, bool done)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];

        if (!argument->copied)
            continue;
        if (done && argument->writes)
            memcpy(argument->given, argument->host, argument->bytes);
        free(argument->host);
        argument->copied = false;
    }
}
