/* SPDX-License-Identifier: Apache-2.0 */
/* call_groups.c: calls whose items are groups of rows. */
#include "runtime/call_inside.h"

#include "runtime/base/error.h"

enum parfun_status pf_call_measure_rows_of_groups(const struct pf_call *call,
        struct pf_call_argument *argument, size_t given_count)
{
    const bool grouped = argument->plan->combine == PF_COMBINE_GROUP;
    const size_t rows = grouped
            ? call->rows
            : pf_groups_of(call->groups, argument->given)->table->rows;

    argument->by_row = true;
    argument->item_bytes = argument->element_bytes;
    if (given_count != 0 && given_count != rows)
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has %zu elements, but the %s %zu rows",
                call->kernel->name, argument->parameter->name, given_count,
                grouped ? "groups have" : "table has", rows);
    return pf_call_multiply(call, argument->parameter->name, rows,
            argument->element_bytes, &argument->bytes);
}

/* offsets() may be narrow integers. */
enum parfun_status pf_call_check_offsets(const struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const struct pf_type_info *type = pf_type_info(argument->plan->type);
        const unsigned bits = 8u * type->bytes - (type->is_signed ? 1u : 0u);

        if (argument->plan->role != PF_ROLE_OFFSETS || bits >= 63)
            continue;
        for (size_t g = 0; g < call->items; g++)
            if (pf_call_rows(call, g, 1) >> bits)
                return pf_fail(PARFUN_INVALID,
                        "%s(): a group of %zu rows does not fit the %s parameter "
                        "'%s'; declare it ulong",
                        call->kernel->name, pf_call_rows(call, g, 1), type->name,
                        argument->parameter->name);
    }
    return PARFUN_OK;
}

struct pf_span pf_call_span(const struct pf_call *call, const struct pf_part *part,
        const struct pf_call_argument *argument)
{
    if (!argument->by_row)
        return (struct pf_span){ pf_call_cut(part, argument).first, part->count };
    return (struct pf_span){ call->cuts.at[part->first],
        pf_call_rows(call, part->first, part->count) };
}

void pf_call_offsets(const struct pf_call *call, const struct pf_part *part,
        const struct pf_call_argument *argument, void *offsets)
{
    const size_t *at = call->cuts.at + part->first;

    for (size_t i = 0; i <= part->count; i++) {
        const uint64_t offset = at[i] - at[0];

        if (argument->element_bytes == sizeof(uint32_t))
            ((uint32_t *)offsets)[i] = (uint32_t)offset;
        else
            ((uint64_t *)offsets)[i] = offset;
    }
}
