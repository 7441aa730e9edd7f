/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_apply.c: the table of the clauses, and what each says by itself but for
 * split() and combine(), which are in clauses_arrays.c. */
#include "runtime/base/error.h"
#include "runtime/clauses_check.h"

#include <stdlib.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* For clauses that are written once at most: *place is where. */
static enum parfun_status take_place(const struct pf_clause_check *check,
        struct pf_clause_word word, struct pf_clause_word *place)
{
    if (place->text)
        return pf_clauses_say(check->source, word,
                "%.*s() is written twice for this kernel", PF_WORD(word));
    *place = word;
    return PARFUN_OK;
}

/* items(p) and first(p): an integer that the library fills. */
static enum parfun_status apply_filled(struct pf_clause_check *check,
        const struct pf_clause *clause, enum pf_role role)
{
    struct pf_clauses *clauses = check->clauses;
    const struct pf_clause_argument *named = &clause->arguments[0];
    unsigned index = 0;

    if (clause->argument_count != 1)
        return pf_clauses_say(check->source, clause->arguments[1].word,
                "%.*s() names one parameter", PF_WORD(clause->name));
    PF_TRY(pf_clauses_parameter(check, named, &index));
    struct pf_argument *argument = &clauses->arguments[index];
    if (check->source->kernel->parameters[index].space != PARFUN_VALUE_SPACE
            || argument->width != 1 || !pf_type_info(argument->type)->is_integer)
        return pf_clauses_say(check->source, named->word,
                "%.*s() fills a parameter that is an integer value, which '%.*s' "
                "is not",
                PF_WORD(clause->name), PF_WORD(named->word));
    if (argument->role != PF_ROLE_VALUE)
        return pf_clauses_say(check->source, named->word,
                "'%.*s' is filled by %s() already", PF_WORD(named->word),
                argument->role == PF_ROLE_ITEMS ? "items" : "first");
    for (unsigned i = 0; i < clauses->argument_count; i++)
        if (clauses->arguments[i].role == role)
            return pf_clauses_say(check->source, clause->name,
                    "%.*s() is written twice for this kernel",
                    PF_WORD(clause->name));
    argument->role = role;
    check->uses[index].fill = named->word;
    return PARFUN_OK;
}

static enum parfun_status apply_items(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    return apply_filled(check, clause, PF_ROLE_ITEMS);
}

static enum parfun_status apply_first(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    return apply_filled(check, clause, PF_ROLE_FIRST);
}

/* offsets(p): an array that the library fills. */
static enum parfun_status apply_offsets(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    const struct pf_clause_argument *named = &clause->arguments[0];
    unsigned index = 0;

    if (clause->argument_count != 1)
        return pf_clauses_say(check->source, clause->arguments[1].word,
                "offsets() names one parameter");
    PF_TRY(pf_clauses_parameter(check, named, &index));
    struct pf_argument *argument = &check->clauses->arguments[index];
    const struct parfun_parameter *parameter =
            &check->source->kernel->parameters[index];
    if (parameter->space != PARFUN_GLOBAL_SPACE || !parameter->is_const
            || argument->width != 1 || !pf_type_info(argument->type)->is_integer
            || pf_type_info(argument->type)->bytes < 4)
        return pf_clauses_say(check->source, named->word,
                "offsets() fills an array that the kernel reads: declare '%.*s' "
                "as global const uint * or ulong *",
                PF_WORD(named->word));
    for (unsigned i = 0; i < check->clauses->argument_count; i++)
        if (check->clauses->arguments[i].role == PF_ROLE_OFFSETS)
            return pf_clauses_say(check->source, clause->name,
                    "offsets() is written twice for this kernel");
    argument->role = PF_ROLE_OFFSETS;
    check->uses[index].fill = named->word;
    pf_clauses_group(check, clause->name);
    return PARFUN_OK;
}

static enum parfun_status apply_range(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    size_t last = clause->argument_count - 1;

    PF_TRY(take_place(check, clause->name, &check->range));
    if (clause->argument_count > PF_DIMENSIONS)
        return pf_clauses_say(check->source, clause->arguments[PF_DIMENSIONS].word,
                "range() has at most %d dimensions", PF_DIMENSIONS);
    for (size_t i = 0; i <= last; i++) {
        struct pf_clause_word word = clause->arguments[i].word;
        bool is_items = pf_clauses_word_is(word, "items");
        if (i == last && !is_items)
            return pf_clauses_say(check->source, word,
                    "the last dimension of range() is the one that is cut: write "
                    "'items', not '%.*s'",
                    PF_WORD(word));
        if (i < last && is_items)
            return pf_clauses_say(check->source, word,
                    "'items' must be the last dimension of range(): it is the one "
                    "that is cut");
        if (i < last)
            PF_TRY(pf_clauses_extent(
                    check, &clause->arguments[i], &check->clauses->range[i]));
    }
    check->clauses->dimensions = (unsigned)clause->argument_count;
    return PARFUN_OK;
}

static enum parfun_status apply_workgroup(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    size_t *sizes = check->clauses->workgroup;
    size_t work_items = 1;

    PF_TRY(take_place(check, clause->name, &check->workgroup));
    if (clause->argument_count > PF_DIMENSIONS)
        return pf_clauses_say(check->source, clause->arguments[PF_DIMENSIONS].word,
                "workgroup() has at most %d dimensions", PF_DIMENSIONS);
    check->workgroup_dimensions = clause->argument_count;
    sizes[0] = sizes[1] = sizes[2] = 1;
    for (size_t i = 0; i < clause->argument_count; i++) {
        const struct pf_clause_argument *argument = &clause->arguments[i];
        struct pf_extent extent;
        PF_TRY(pf_clauses_extent(check, argument, &extent));
        if (extent.count > 0)
            return pf_clauses_say(check->source, argument->word,
                    "a work-group's size is a number, the same in every call");
        /* Offset plus size of a dimension stays below 2^31 in native code. */
        if (extent.factor > INT32_MAX / work_items)
            return pf_clauses_say(check->source, argument->word,
                    "a work-group of more than %d work-items", INT32_MAX);
        work_items *= extent.factor;
        sizes[i] = extent.factor;
    }
    return PARFUN_OK;
}

static enum parfun_status apply_local(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    struct pf_extent extent;

    PF_TRY(pf_clauses_extent(check, &clause->modifiers[0].arguments[0], &extent));
    for (size_t i = 0; i < clause->argument_count; i++) {
        struct pf_clause_word word = clause->arguments[i].word;
        unsigned index = 0;
        PF_TRY(pf_clauses_parameter(check, &clause->arguments[i], &index));
        if (check->source->kernel->parameters[index].space != PARFUN_LOCAL_SPACE)
            return pf_clauses_say(check->source, word,
                    "'%.*s' is not declared local: local() sizes local arrays",
                    PF_WORD(word));
        if (check->uses[index].fill.text)
            return pf_clauses_say(check->source, word,
                    "'%.*s' is given two sizes by local()", PF_WORD(word));
        check->uses[index].fill = word;
        check->clauses->arguments[index].role = PF_ROLE_LOCAL;
        check->clauses->arguments[index].extent = extent;
    }
    return PARFUN_OK;
}

static enum parfun_status apply_ids(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    PF_TRY(take_place(check, clause->name, &check->ids));
    if (clause->argument_count != 1
            || !pf_clauses_word_is(clause->arguments[0].word, "absolute"))
        return pf_clauses_say(check->source, clause->arguments[0].word,
                "ids() knows one word: write ids(absolute), or nothing for ids "
                "that count from 0 in every partition");
    check->clauses->absolute = true;
    return PARFUN_OK;
}

/* Copies the options, each run of blanks and hidden line ends as one blank. */
static enum parfun_status apply_build(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    const char *from = clause->raw.text, *end = from + clause->raw.length;

    PF_TRY(take_place(check, clause->name, &check->build));
    char *build = malloc(clause->raw.length + 1), *to = build;
    if (!build)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the clauses of %s",
                check->source->kernel->name);
    for (; from < end; from++) {
        bool hidden = *from == '\\' && from + 1 < end
                && (from[1] == '\n' || from[1] == '\r');
        if (!hidden && *from != ' ' && (*from < '\t' || *from > '\r'))
            *to++ = *from;
        else if (to > build && to[-1] != ' ')
            *to++ = ' ';
    }
    if (to > build && to[-1] == ' ')
        to--;
    *to = '\0';
    free(check->clauses->build);
    check->clauses->build = build;
    if (to == build)
        return pf_clauses_say(check->source, clause->name,
                "build() is empty: give options, or remove it");
    return PARFUN_OK;
}

/* ---- The table -------------------------------------------------------------------- */

static const struct clause_kind {
    const char *name;
    enum parfun_status (*apply)(
            struct pf_clause_check *check, const struct pf_clause *clause);
    bool first;     /* before the others: what it fills is no size */
    bool modifiers; /* may have some */
} kinds[] = {
    { .name = "items", .apply = apply_items, .first = true },
    { .name = "first", .apply = apply_first, .first = true },
    { .name = "offsets", .apply = apply_offsets, .first = true },
    { .name = "split", .apply = pf_clauses_split, .modifiers = true },
    { .name = "combine", .apply = pf_clauses_combine, .modifiers = true },
    { .name = "range", .apply = apply_range },
    { .name = "workgroup", .apply = apply_workgroup },
    { .name = "local", .apply = apply_local, .modifiers = true },
    { .name = "ids", .apply = apply_ids },
    { .name = "build", .apply = apply_build },
};

/* A modifier that stands for itself, or what OpenMP calls it: what to write. */
static const char *clause_for(struct pf_clause_word name)
{
    static const struct {
        const char *word, *clause;
    } table[] = {
        { "sum", "combine(sum: s)" },
        { "min", "combine(min: s)" },
        { "max", "combine(max: s)" },
        { "reduction", "combine(sum: s)" },
        { "reduce", "combine(sum: s)" },
        { "accumulate", "combine(accumulate(sum, N): a)" },
        { "pack", "combine(pack(flag): k)" },
        { "rows", "split(rows(W): m)" },
        { "halo", "split(rows(W), halo(H): m)" },
        { "group", "split(group: v)" },
        { "scatter", "combine(scatter: y)" },
    };

    for (size_t i = 0; i < COUNT(table); i++)
        if (pf_clauses_word_is(name, table[i].word))
            return table[i].clause;
    return NULL;
}

static enum parfun_status refuse_clause(
        const struct pf_clause_check *check, struct pf_clause_word name)
{
    const char *names[COUNT(kinds)];
    const char *clause = clause_for(name);

    if (clause)
        return pf_clauses_say(check->source, name,
                "'%.*s' is no clause; write it as in %s", PF_WORD(name), clause);
    for (size_t i = 0; i < COUNT(kinds); i++)
        names[i] = kinds[i].name;
    const char *nearest = pf_clauses_nearest(name, names, COUNT(kinds));
    return pf_clauses_say(check->source, name, "'%.*s' is no clause; %s%s%s",
            PF_WORD(name),
            nearest ? "did you mean '"
                    : "there are split, combine, items, first, offsets, range, "
                      "workgroup, local, ids and build",
            nearest ? nearest : "", nearest ? "'?" : "");
}

static enum parfun_status find_kind(const struct pf_clause_check *check,
        const struct pf_clause *clause, const struct clause_kind **kind)
{
    for (size_t i = 0; i < COUNT(kinds); i++) {
        if (!pf_clauses_word_is(clause->name, kinds[i].name))
            continue;
        if (clause->modifier_count > 0 && !kinds[i].modifiers)
            return pf_clauses_say(check->source, clause->modifiers[0].name,
                    "%s() has no modifiers: remove what stands before the ':'",
                    kinds[i].name);
        *kind = &kinds[i];
        return PARFUN_OK;
    }
    return refuse_clause(check, clause->name);
}

enum parfun_status pf_clauses_apply(
        struct pf_clause_check *check, const struct pf_clause_list *list)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < list->count; i++) {
            const struct clause_kind *kind = NULL;
            PF_TRY(find_kind(check, &list->clauses[i], &kind));
            if (kind->first == (round == 0))
                PF_TRY(kind->apply(check, &list->clauses[i]));
        }
    return pf_clauses_split_rest(check);
}
