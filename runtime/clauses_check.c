/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_check.c: what the clauses of a kernel must be together, and together with
 * what the kernel does. */
#include "runtime/clauses_check.h"
#include "runtime/base/error.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DECLARATION = 200 };

/* Where mistakes of the whole are shown: at the beginning of the first text. */
static struct pf_clause_word beginning(const struct pf_clause_check *check)
{
    if (check->source->pragma_count == 0)
        return (struct pf_clause_word){ 0 };
    return (struct pf_clause_word){ check->source->pragmas[0].text, 0, 0 };
}

void pf_clauses_group(struct pf_clause_check *check, struct pf_clause_word word)
{
    if (!check->clauses->grouped)
        check->grouped = word;
    check->clauses->grouped = true;
}

/* ---- Each parameter ------------------------------------------------------------- */

static bool same_extent(const struct pf_extent *a, const struct pf_extent *b)
{
    if (a->factor != b->factor || a->count != b->count)
        return false;
    for (unsigned i = 0; i < a->count; i++)
        if (a->parameter[i] != b->parameter[i])
            return false;
    return true;
}

/* The same with groups: rows are read in the groups' order, and go back. */
static enum parfun_status join_groups(
        const struct pf_clause_check *check, unsigned index)
{
    struct pf_argument *argument = &check->clauses->arguments[index];
    const struct pf_clause_use *use = &check->uses[index];

    if ((argument->split != PF_SPLIT_GROUP && !use->split_plain)
            || (argument->combine != PF_COMBINE_SCATTER && !use->combine_plain))
        return pf_clauses_say(check->source, use->combine,
                "'%.*s' is split by group and combined in another way, or the "
                "other way round: write split(group: ...) and combine(scatter: "
                "...), or give the kernel another parameter for the result",
                PF_WORD(use->combine));
    argument->split = PF_SPLIT_GROUP;
    argument->combine = PF_COMBINE_SCATTER;
    argument->extent = (struct pf_extent){ .factor = 1 };
    return PARFUN_OK;
}

/* An array that is both split and combined is updated in place: one shape.  Where
 * one of the clauses gives none, it is the other's. */
static enum parfun_status join_shapes(
        const struct pf_clause_check *check, unsigned index)
{
    struct pf_argument *argument = &check->clauses->arguments[index];
    const struct pf_clause_use *use = &check->uses[index];
    struct pf_clause_word word = use->combine;
    bool split_columns = argument->split == PF_SPLIT_COLUMNS;
    bool combine_columns = argument->combine == PF_COMBINE_COLUMNS;

    if (argument->split == PF_SPLIT_GROUP
            || argument->combine == PF_COMBINE_SCATTER)
        return join_groups(check, index);
    if (argument->combine != PF_COMBINE_ROWS && !combine_columns)
        return pf_clauses_say(check->source, word,
                "'%.*s' is split, so combine() can only write it in place: give "
                "the kernel another parameter for this result",
                PF_WORD(word));
    if (argument->halo.factor != 0)
        return pf_clauses_say(check->source, word,
                "'%.*s' is split with halo(), so its rows can not be written in "
                "place while neighbours read them: give the kernel another "
                "parameter for the output",
                PF_WORD(word));
    argument->extent = use->split_extent;
    argument->column_rows = use->split_rows;
    if (use->combine_plain) {
        argument->combine = split_columns ? PF_COMBINE_COLUMNS : PF_COMBINE_ROWS;
        return PARFUN_OK;
    }
    argument->extent = use->combine_extent;
    argument->column_rows = use->combine_rows;
    if (use->split_plain) {
        argument->split = combine_columns ? PF_SPLIT_COLUMNS : PF_SPLIT_ROWS;
        return PARFUN_OK;
    }
    if (split_columns != combine_columns
            || !same_extent(&use->split_extent, &use->combine_extent)
            || !same_extent(&use->split_rows, &use->combine_rows))
        return pf_clauses_say(check->source, word,
                "'%.*s' is split in one way and combined in another: write the "
                "same rows() or columns() in both",
                PF_WORD(word));
    return PARFUN_OK;
}

/* How an output becomes an input.  const in front of pointers is not theirs. */
static void declare_input(
        const struct parfun_parameter *parameter, char text[DECLARATION])
{
    const char *type = parameter->type;

    if (type[0] && type[strlen(type) - 1] == '*')
        (void)snprintf(
                text, DECLARATION, "%.60sconst *%.60s", type, parameter->name);
    else
        (void)snprintf(text, DECLARATION, "const");
}

static enum parfun_status check_output(
        const struct pf_clause_check *check, unsigned index)
{
    const char *name = check->source->kernel->parameters[index].name;
    const struct pf_clause_use *use = &check->uses[index];

    char input[DECLARATION];

    if (use->combine.text)
        return PARFUN_OK;
    declare_input(&check->source->kernel->parameters[index], input);
    if (use->split.text)
        return pf_clauses_say(check->source, use->split,
                "'%.60s' is split but not combined, though it may be written: add "
                "combine(%.60s), or declare it %s",
                name, name, input);
    return pf_clauses_say(check->source, beginning(check),
            "'%.60s' is an output that is not combined: add combine(%.60s), or "
            "declare it %s if it is only read",
            name, name, input);
}

static enum parfun_status check_parameter(
        const struct pf_clause_check *check, unsigned index)
{
    const struct parfun_parameter *parameter =
            &check->source->kernel->parameters[index];
    struct pf_argument *argument = &check->clauses->arguments[index];
    const struct pf_clause_use *use = &check->uses[index];

    if (parameter->space == PARFUN_LOCAL_SPACE && argument->role != PF_ROLE_LOCAL)
        return pf_clauses_say(check->source, beginning(check),
                "'%.60s' is local memory of no size: add local(N: %.60s)",
                parameter->name, parameter->name);
    if (argument->role == PF_ROLE_FLAG) {
        if (use->split.text || use->combine.text)
            return pf_clauses_say(check->source,
                    use->split.text ? use->split : use->combine,
                    "'%.60s' is the flag of a pack(), which is the library's own "
                    "memory: it is neither split nor combined",
                    parameter->name);
        return PARFUN_OK;
    }
    if (argument->role == PF_ROLE_OFFSETS && (use->split.text || use->combine.text))
        return pf_clauses_say(check->source,
                use->split.text ? use->split : use->combine,
                "'%.60s' receives the groups' offsets, which the library makes: it "
                "is neither split nor combined",
                parameter->name);
    if (argument->role != PF_ROLE_ARRAY)
        return PARFUN_OK;
    if (use->split.text && use->combine.text)
        return join_shapes(check, index);
    argument->extent = use->split.text ? use->split_extent : use->combine_extent;
    argument->column_rows = use->split.text ? use->split_rows : use->combine_rows;
    return pf_clauses_is_output(parameter) ? check_output(check, index) : PARFUN_OK;
}

/* ---- The whole ------------------------------------------------------------------ */

/* What can not be had for every number of dimensions. */
static enum parfun_status check_dimensions(
        const struct pf_clause_check *check, unsigned index)
{
    const struct pf_argument *argument = &check->clauses->arguments[index];
    const struct pf_clause_use *use = &check->uses[index];
    bool one = check->clauses->dimensions == 1;

    if (!one && argument->combine == PF_COMBINE_REDUCE)
        return pf_clauses_say(check->source, use->combine,
                "%s of '%.*s' takes one value per item: range() must have one "
                "dimension",
                pf_operator_name(argument->operation), PF_WORD(use->combine));
    if (!one && argument->combine == PF_COMBINE_PACK)
        return pf_clauses_say(check->source, use->combine,
                "pack() of '%.*s' takes one element per item: range() must have "
                "one dimension",
                PF_WORD(use->combine));
    if (one && argument->column_rows.factor == 0
            && (argument->split == PF_SPLIT_COLUMNS
                    || argument->combine == PF_COMBINE_COLUMNS)) {
        struct pf_clause_word word = use->split.text ? use->split : use->combine;
        return pf_clauses_say(check->source, word,
                "how many rows the columns of '%.60s' have is not known: write "
                "columns(S, R), as range() has no other dimension",
                check->source->kernel->parameters[index].name);
    }
    return PARFUN_OK;
}

/* Why the kernel must have a fixed work-group; NULL if it need not. */
static const char *needs_workgroup(const struct parfun_kernel *kernel)
{
    if (kernel->required_group[0])
        return "has the attribute reqd_work_group_size";
    if (kernel->flags & PARFUN_KERNEL_BARRIERS)
        return "has barriers or local memory";
    if (kernel->flags & (PARFUN_KERNEL_GROUPS | PARFUN_KERNEL_GROUP_EXTENT))
        return "asks for its place in a work-group";
    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (kernel->parameters[i].space == PARFUN_LOCAL_SPACE)
            return "has local memory";
    return NULL;
}

/* reqd_work_group_size stands for a workgroup() that is not written. */
static enum parfun_status check_required_group(const struct pf_clause_check *check)
{
    const uint32_t *required = check->source->kernel->required_group;
    struct pf_clauses *clauses = check->clauses;
    bool written = check->workgroup.text != NULL;

    if (!required[0])
        return PARFUN_OK;
    for (unsigned i = 0; i < PF_DIMENSIONS; i++) {
        if (!written && (i < clauses->dimensions || required[i] == 1))
            clauses->workgroup[i] = required[i];
        if (clauses->workgroup[i] != required[i])
            return pf_clauses_say(check->source,
                    written ? check->workgroup : beginning(check),
                    "the kernel's reqd_work_group_size is (%u, %u, %u): %s must "
                    "agree with it",
                    required[0], required[1], required[2],
                    written ? "workgroup()" : "the dimensions of range()");
    }
    return PARFUN_OK;
}

static enum parfun_status check_workgroup(const struct pf_clause_check *check)
{
    const struct parfun_kernel *kernel = check->source->kernel;
    struct pf_clauses *clauses = check->clauses;
    const char *why = needs_workgroup(kernel);

    if (check->workgroup.text && !why)
        return pf_clauses_say(check->source, check->workgroup,
                "workgroup() is for kernels with barriers, local memory or local "
                "ids, and %.60s has none: remove it",
                kernel->name);
    if (!check->workgroup.text && why && !kernel->required_group[0])
        return pf_clauses_say(check->source, beginning(check),
                "%.60s %s: add workgroup(N), with one number for each dimension",
                kernel->name, why);
    if (check->workgroup.text && check->workgroup_dimensions != clauses->dimensions)
        return pf_clauses_say(check->source, check->workgroup,
                "workgroup() has %zu sizes, but the range has %u dimensions: write "
                "one size for each",
                check->workgroup_dimensions, clauses->dimensions);
    return check_required_group(check);
}

static enum parfun_status check_ids(const struct pf_clause_check *check)
{
    uint32_t flags = check->source->kernel->flags;
    uint32_t extents = PARFUN_KERNEL_EXTENT | PARFUN_KERNEL_GROUP_EXTENT;

    if (!check->clauses->absolute || !(flags & extents))
        return PARFUN_OK;
    return pf_clauses_say(check->source, check->ids,
            "%.60s asks for %s, which is the partition's and does not go with "
            "ids(absolute): pass the size as a parameter",
            check->source->kernel->name,
            flags & PARFUN_KERNEL_EXTENT ? "get_global_size"
                                         : "get_num_groups or get_group_id");
}

/* What does not go with items that are groups. */
static enum parfun_status check_groups(const struct pf_clause_check *check)
{
    const struct pf_clauses *clauses = check->clauses;

    if (!clauses->grouped)
        return PARFUN_OK;
    for (unsigned i = 0; i < clauses->argument_count; i++)
        if (clauses->arguments[i].generator)
            return pf_clauses_say(check->source, check->uses[i].split,
                    "by() does not go with groups: partitions are whole groups");
    if (clauses->absolute)
        return pf_clauses_say(check->source, check->ids,
                "ids(absolute) does not go with groups, whose rows are counted "
                "from the partition's first");
    if (clauses->workgroup[0] && clauses->workgroup[clauses->dimensions - 1] > 1)
        return pf_clauses_say(check->source,
                check->workgroup.text ? check->workgroup : check->grouped,
                "work-groups of %zu items do not go with groups, which partitions "
                "have any number of: make the last size of workgroup() 1, and give "
                "range() another dimension",
                clauses->workgroup[clauses->dimensions - 1]);
    return PARFUN_OK;
}

/* ---- What the caller gives -------------------------------------------------------- */

/* The last output of a pack clause is followed by its count. */
static unsigned last_of_pack(const struct pf_clauses *clauses, unsigned pack)
{
    unsigned last = 0;
    for (unsigned i = 0; i < clauses->argument_count; i++)
        if (clauses->arguments[i].combine == PF_COMBINE_PACK
                && clauses->arguments[i].pack == pack)
            last = i;
    return last;
}

static void list_values(struct pf_clauses *clauses)
{
    struct pf_caller_value *value = clauses->values;

    for (unsigned i = 0; i < clauses->argument_count; i++) {
        const struct pf_argument *argument = &clauses->arguments[i];
        if (argument->role != PF_ROLE_VALUE && argument->role != PF_ROLE_ARRAY)
            continue;
        *value++ = (struct pf_caller_value){ PF_GIVE_PARAMETER, i };
        if (argument->combine == PF_COMBINE_PACK
                && last_of_pack(clauses, argument->pack) == i)
            *value++ = (struct pf_caller_value){ PF_GIVE_COUNT, argument->pack };
    }
    clauses->value_count = (unsigned)(value - clauses->values);
}

enum parfun_status pf_clauses_check(struct pf_clause_check *check)
{
    struct pf_clauses *clauses = check->clauses;

    for (unsigned i = 0; i < clauses->argument_count; i++)
        PF_TRY(check_parameter(check, i));
    for (unsigned i = 0; i < clauses->argument_count; i++)
        PF_TRY(check_dimensions(check, i));
    PF_TRY(check_workgroup(check));
    PF_TRY(check_ids(check));
    PF_TRY(check_groups(check));
    list_values(clauses);
    return PARFUN_OK;
}
