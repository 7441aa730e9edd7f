/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_columns.c: are columns of the groups' tables read as what they are?  Columns
 * come as `const void *`, so no compiler has looked.
 */
#include "runtime/call_inside.h"

#include "runtime/base/error.h"

/* PF_TYPE_OTHER: strings. */
static enum pf_type element_type(enum parfun_type type)
{
    static const enum pf_type types[] = {
        [PARFUN_INT8] = PF_TYPE_CHAR,
        [PARFUN_UINT8] = PF_TYPE_UCHAR,
        [PARFUN_INT16] = PF_TYPE_SHORT,
        [PARFUN_UINT16] = PF_TYPE_USHORT,
        [PARFUN_INT32] = PF_TYPE_INT,
        [PARFUN_UINT32] = PF_TYPE_UINT,
        [PARFUN_INT64] = PF_TYPE_LONG,
        [PARFUN_UINT64] = PF_TYPE_ULONG,
        [PARFUN_FLOAT16] = PF_TYPE_HALF,
        [PARFUN_FLOAT32] = PF_TYPE_FLOAT,
        [PARFUN_FLOAT64] = PF_TYPE_DOUBLE,
        [PARFUN_STRING] = PF_TYPE_OTHER,
    };

    return types[type];
}

/* Integers of either sign are of one kind.  C has no type for half, so that numbers of
 * 16 bits may be either. */
static bool of_one_kind(const struct pf_type_info *read, enum parfun_type type)
{
    const struct pf_type_info *held = pf_type_info(element_type(type));

    return read->bytes == held->bytes
            && (read->bytes == 2 || read->is_integer == held->is_integer);
}

/* Row by row elements must have the column's size.  What is read otherwise may be
 * vectors of the column's elements, or its bytes.  Of structs, and of vectors in the
 * place of one element, only the user knows what they are. */
static bool suits(const struct pf_call_argument *argument, enum parfun_type type)
{
    const struct pf_argument *plan = argument->plan;
    const struct pf_type_info *read = pf_type_info(plan->type);

    if (argument->by_row && argument->element_bytes != pf_table_type_bytes(type))
        return false;
    if (plan->type == PF_TYPE_OTHER
            || (argument->by_row ? plan->width > 1 : read->bytes == 1))
        return true;
    return of_one_kind(read, type);
}

/* One of the columns that the argument begins in suits it, or there is none; else
 * *other is the first of them. */
static bool find_suited(const struct parfun_groups *groups,
        const struct pf_call_argument *argument, const struct pf_column **other)
{
    const struct parfun_table *table = groups->table;

    if (groups->base)
        return find_suited(groups->base, argument, other)
                || find_suited(groups->other, argument, other);
    for (size_t i = 0; i < table->column_count; i++) {
        const struct pf_column *column = &table->columns[i];

        if (!pf_table_column_holds(table, column, argument->given))
            continue;
        if (suits(argument, column->type))
            return true;
        if (!*other)
            *other = column;
    }
    return false;
}

/* Results that are written at the end, and by the user, are no elements of a kernel's. */
static bool has_elements(const struct pf_argument *plan)
{
    return plan->role == PF_ROLE_ARRAY && plan->combine != PF_COMBINE_REDUCE
            && plan->combine != PF_COMBINE_ACCUMULATE
            && plan->combine != PF_COMBINE_EACH;
}

enum parfun_status pf_call_check_columns(const struct pf_call *call)
{
    for (unsigned i = 0; call->groups && i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const struct pf_column *column = NULL;

        if (!has_elements(argument->plan)
                || find_suited(call->groups, argument, &column) || !column)
            continue;
        return pf_fail(PARFUN_INVALID,
                "%s(): argument '%s' has elements of %zu bytes (%s), but begins in "
                "column '%.60s', which is %s; convert the column, or declare an array "
                "of %s",
                call->kernel->name, argument->parameter->name,
                argument->element_bytes, argument->parameter->type, column->name,
                pf_table_type_name(column->type),
                column->type == PARFUN_STRING
                        ? "char *"
                        : pf_type_info(element_type(column->type))->name);
    }
    return PARFUN_OK;
}
