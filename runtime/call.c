/* SPDX-License-Identifier: Apache-2.0 */
/* call.c: from the caller's values to checked arguments. */
#include "runtime/call_inside.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

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
        PF_TRY(pf_call_multiply(
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

/* Only the caller knows how large it is: a struct, what a void * points at. */
static bool is_opaque(const struct pf_call_argument *argument)
{
    return argument->parameter->bytes == 0;
}

static enum parfun_status refuse_no_bytes(
        const struct pf_call *call, const struct pf_call_argument *argument)
{
    size_t bytes;

    return pf_fail(PARFUN_INVALID,
            "%s(): argument '%s' has %s0 bytes, and its type %s does not say how "
            "many; use PARFUN_VALUE(), PARFUN_ARRAY() or PARFUN_COUNTED()",
            call->kernel->name, argument->parameter->name,
            argument->plan->role == PF_ROLE_ARRAY ? "elements of " : "",
            find_type(argument, &bytes));
}

/* The outcome of a combiner of the user's: nothing is known of it but what the size of
 * an element is, where its type does not say so. */
static enum parfun_status accept_outcome(const struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value)
{
    argument->given = value->data;
    if (is_opaque(argument))
        argument->element_bytes =
                strcmp(argument->parameter->type, "void") == 0 ? 1 : value->bytes;
    return argument->element_bytes ? PARFUN_OK : refuse_no_bytes(call, argument);
}

static enum parfun_status check_value(const struct pf_call *call,
        struct pf_call_argument *argument, const struct parfun_value *value)
{
    const char *name = argument->parameter->name;
    const bool array = argument->plan->role == PF_ROLE_ARRAY;
    size_t bytes;
    const char *type = find_type(argument, &bytes);

    if (array && argument->plan->combine == PF_COMBINE_EACH)
        return accept_outcome(call, argument, value);
    /* also a call over 0 items gives identities */
    if (!value->data && (call->items > 0 || !array || is_written_at_end(argument)))
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' is NULL; give the address of %s",
                call->kernel->name, name, array ? "an array" : "a value");
    if (is_opaque(argument))
        bytes = argument->element_bytes = value->bytes;
    if (!bytes)
        return refuse_no_bytes(call, argument);
    if (value->bytes != bytes)
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has %s%zu bytes, but its type %s needs %zu",
                call->kernel->name, name, array ? "elements of " : "", value->bytes,
                type, bytes);
    argument->given = value->data;
    argument->host = value->data;
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
                || combine == PF_COMBINE_REDUCE || combine == PF_COMBINE_ACCUMULATE
                || combine == PF_COMBINE_EACH)
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
        PF_TRY(pf_call_multiply(call, "range()", call->inner_items, call->inner[d],
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
        /* sizes count rows: of what has one element per group there is less */
        const double bytes = (double)(argument->item_bytes * argument->rows)
                * (argument->by_row || !call->rows
                                ? 1
                                : (double)call->items / (double)call->rows);

        if (argument->reads)
            call->bytes_in += bytes;
        if (argument->writes)
            call->bytes_out += bytes;
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
                || plan->combine == PF_COMBINE_PACK
                || plan->combine == PF_COMBINE_EACH;
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
    PF_TRY(pf_call_check_offsets(call));
    PF_TRY(pf_call_check_lengths(call, values));
    for (unsigned v = 0; v < clauses->value_count; v++)
        if (clauses->values[v].kind == PF_GIVE_PARAMETER) {
            struct pf_call_argument *argument =
                    &call->arguments[clauses->values[v].parameter];

            if (argument->plan->role == PF_ROLE_ARRAY)
                PF_TRY(pf_call_measure(call, argument, &values[v]));
        }
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role == PF_ROLE_LOCAL) {
            PF_TRY(pf_call_extent(call, &argument->plan->extent, &argument->count));
            PF_TRY(pf_call_multiply(call, argument->parameter->name,
                    argument->count, argument->element_bytes, &argument->bytes));
        }
        if (argument->plan->role == PF_ROLE_FLAG)
            argument->item_bytes = argument->element_bytes;
    }
    PF_TRY(pf_call_check_total(call));
    PF_TRY(pf_call_check_columns(call));
    PF_TRY(pf_call_check_overlap(call));
    sum_traffic(call);
    return align_arrays(call);
}

struct pf_cut pf_call_cut(
        const struct pf_part *part, const struct pf_call_argument *argument)
{
    const unsigned generator = argument->plan->generator;

    if (!part->cuts)
        return (struct pf_cut){ part->first, NULL };
    return part->cuts[generator ? generator - 1 : 0];
}

static enum parfun_status check_call(
        struct pf_call *call, const struct parfun_value *values, size_t value_count)
{
    enum parfun_status status;

    bind_parameters(call);
    status = check_all(call, values, value_count);
    if (status)
        pf_call_finish(call, false);
    return status;
}

enum parfun_status pf_call_check(struct pf_call *call,
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses,
        size_t items, const struct parfun_value *values, size_t value_count)
{
    *call = (struct pf_call){
        .kernel = kernel,
        .clauses = clauses,
        .items = items,
        .rows = items,
        .arguments = call->arguments,
    };
    if (clauses->grouped)
        return pf_fail(PARFUN_INVALID,
                "%s(): it is split by group; give it groups, with "
                "parfun_call_groups() or the generated function",
                kernel->name);
    return check_call(call, values, value_count);
}

enum parfun_status pf_call_check_groups(struct pf_call *call,
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses,
        const struct parfun_groups *groups, const struct parfun_value *values,
        size_t value_count)
{
    *call = (struct pf_call){
        .kernel = kernel,
        .clauses = clauses,
        .items = groups->count,
        .groups = groups,
        .cuts = { groups->offsets, groups->count },
        .rows = pf_groups_rows(groups),
        .arguments = call->arguments,
    };
    if (!clauses->grouped)
        return pf_fail(PARFUN_INVALID,
                "%s(): nothing of it is split by group; call it with a number of "
                "items, or write split(group: ...)",
                kernel->name);
    return check_call(call, values, value_count);
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
