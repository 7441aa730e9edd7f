/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_arrays.c: split() and combine(), clause by clause: what they say of the
 * arrays that they name.  What both say together is left to clauses_check.c. */
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/clauses_check.h"

#include <stdlib.h>
#include <string.h>

/* The places of elements that one split() or combine() gives. */
struct shape {
    enum { SHAPE_PLAIN, SHAPE_ROWS, SHAPE_COLUMNS, SHAPE_GROUP } kind;
    struct pf_extent extent, column_rows, halo;
    unsigned char generator; /* from 1; 0: none */
};

/* What combine()'s modifier asks for. */
struct result {
    enum pf_combine combine;
    struct shape shape;
    enum pf_operator operation;
    struct pf_clause_word wider; /* no text: as the elements */
    unsigned char pack;
};

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

/* ---- Modifiers ----------------------------------------------------------------- */

/* The reduction that others call so, or NULL. */
static const char *reduction_called(struct pf_clause_word name)
{
    static const struct {
        const char *word, *reduction;
    } words[] = { { "add", "sum" }, { "plus", "sum" }, { "mul", "product" },
        { "times", "product" }, { "prod", "product" } };

    for (size_t i = 0; i < COUNT(words); i++)
        if (pf_clauses_word_is(name, words[i].word))
            return words[i].reduction;
    return NULL;
}

static enum parfun_status refuse_modifier(const struct pf_clause_check *check,
        const struct pf_clause *clause, struct pf_clause_word name)
{
    static const char *const split[] = { "rows", "columns", "halo", "by", "group" };
    static const char *const combine[] = { "rows", "columns", "sum", "min", "max",
        "product", "and", "or", "xor", "accumulate", "pack", "shared", "each",
        "group", "scatter" };
    bool splits = pf_clauses_word_is(clause->name, "split");

    const char *nearest = splits
            ? pf_clauses_nearest(name, split, COUNT(split))
            : pf_clauses_nearest(name, combine, COUNT(combine));
    if (!splits && reduction_called(name))
        nearest = reduction_called(name);
    return pf_clauses_say(check->source, name,
            "'%.*s' is no modifier of %s; %s%s%s", PF_WORD(name),
            splits ? "split(): rows, columns, halo, by, group"
                   : "combine(): rows, columns, sum, min, max, product, and, or, "
                     "xor, accumulate, pack, shared, each, group, scatter",
            nearest ? "did you mean '" : "see docs/kernels.md",
            nearest ? nearest : "", nearest ? "'?" : "");
}

/* Has the modifier as many arguments as its pattern, "columns(S, R)", shows? */
static enum parfun_status count_arguments(const struct pf_clause_check *check,
        const struct pf_clause_modifier *modifier, size_t least, size_t most,
        const char *pattern)
{
    if (modifier->argument_count >= least && modifier->argument_count <= most)
        return PARFUN_OK;
    return pf_clauses_say(check->source, modifier->name,
            "%.*s has the wrong number of arguments: write %s",
            PF_WORD(modifier->name), pattern);
}

static enum parfun_status read_shape(const struct pf_clause_check *check,
        const struct pf_clause_modifier *modifier, struct shape *shape)
{
    if (shape->kind != SHAPE_PLAIN)
        return pf_clauses_say(check->source, modifier->name,
                "rows(), columns() or group is given already in this clause: "
                "write another clause for other parameters");
    if (pf_clauses_word_is(modifier->name, "group")
            || pf_clauses_word_is(modifier->name, "scatter")) {
        shape->kind = SHAPE_GROUP;
        return count_arguments(check, modifier, 0, 0, "group, or scatter, alone");
    }
    if (pf_clauses_word_is(modifier->name, "rows")) {
        PF_TRY(count_arguments(check, modifier, 1, 1, "rows(W)"));
        shape->kind = SHAPE_ROWS;
        return pf_clauses_extent(check, &modifier->arguments[0], &shape->extent);
    }
    PF_TRY(count_arguments(check, modifier, 1, 2, "columns(S) or columns(S, R)"));
    shape->kind = SHAPE_COLUMNS;
    PF_TRY(pf_clauses_extent(check, &modifier->arguments[0], &shape->extent));
    if (modifier->argument_count == 2)
        PF_TRY(pf_clauses_extent(
                check, &modifier->arguments[1], &shape->column_rows));
    return PARFUN_OK;
}

static bool is_shape(struct pf_clause_word name)
{
    return pf_clauses_word_is(name, "rows") || pf_clauses_word_is(name, "columns")
            || pf_clauses_word_is(name, "group");
}

/* The array that an argument of split() or combine() names. */
static enum parfun_status read_array(const struct pf_clause_check *check,
        const struct pf_clause *clause, const struct pf_clause_argument *argument,
        unsigned *index)
{
    PF_TRY(pf_clauses_parameter(check, argument, index));
    const struct parfun_parameter *parameter =
            &check->source->kernel->parameters[*index];
    if (parameter->space == PARFUN_VALUE_SPACE)
        return pf_clauses_say(check->source, argument->word,
                "'%.*s' is a value, not an array: every partition sees it as it "
                "is, remove it from %.*s()",
                PF_WORD(argument->word), PF_WORD(clause->name));
    if (parameter->space == PARFUN_LOCAL_SPACE)
        return pf_clauses_say(check->source, argument->word,
                "'%.*s' is local memory: it can only be given a size, with "
                "local(N: %.*s)",
                PF_WORD(argument->word), PF_WORD(argument->word));
    return PARFUN_OK;
}

/* ---- split() ------------------------------------------------------------------- */

/* by(NAME): a name of the caller's, numbered. */
static enum parfun_status read_generator(const struct pf_clause_check *check,
        const struct pf_clause_modifier *modifier, unsigned char *number)
{
    struct pf_clauses *clauses = check->clauses;

    PF_TRY(count_arguments(check, modifier, 1, 1, "by(NAME)"));
    struct pf_clause_word name = modifier->arguments[0].word;
    if (*number)
        return pf_clauses_say(check->source, modifier->name,
                "by() is given already in this clause");
    if (modifier->arguments[0].factor_count != 1
            || modifier->arguments[0].factors[0].is_number)
        return pf_clauses_say(check->source, name,
                "'%.*s' is no name of a generator", PF_WORD(name));
    for (unsigned g = 0; g < clauses->generator_count; g++)
        if (pf_clauses_word_is(name, clauses->generators[g])) {
            *number = (unsigned char)(g + 1);
            return PARFUN_OK;
        }
    if (clauses->generator_count == PF_GENERATORS_MAX)
        return pf_clauses_say(check->source, name, "more than %d generators",
                (int)PF_GENERATORS_MAX);
    char *copy = pf_text_print("%.*s", (int)name.length, name.text);

    if (!copy)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the clauses of %s",
                check->source->kernel->name);
    clauses->generators[clauses->generator_count++] = copy;
    *number = (unsigned char)clauses->generator_count;
    return PARFUN_OK;
}

static enum parfun_status read_split(const struct pf_clause_check *check,
        const struct pf_clause *clause, struct shape *shape)
{
    struct pf_clause_word halo = { 0 };

    *shape = (struct shape){ .extent = { .factor = 1 } };
    for (size_t i = 0; i < clause->modifier_count; i++) {
        const struct pf_clause_modifier *modifier = &clause->modifiers[i];
        if (is_shape(modifier->name))
            PF_TRY(read_shape(check, modifier, shape));
        else if (pf_clauses_word_is(modifier->name, "by"))
            PF_TRY(read_generator(check, modifier, &shape->generator));
        else if (!pf_clauses_word_is(modifier->name, "halo"))
            return refuse_modifier(check, clause, modifier->name);
        else if (halo.text)
            return pf_clauses_say(check->source, modifier->name,
                    "halo() is given already in this clause");
        else {
            halo = modifier->name;
            PF_TRY(count_arguments(check, modifier, 1, 1, "halo(H)"));
            PF_TRY(pf_clauses_extent(check, &modifier->arguments[0], &shape->halo));
        }
    }
    if (halo.text && shape->kind != SHAPE_ROWS)
        return pf_clauses_say(check->source, halo,
                "halo() counts rows: give their width with rows(W)");
    return PARFUN_OK;
}

static enum parfun_status split_one(struct pf_clause_check *check,
        struct pf_clause_word word, unsigned index, const struct shape *shape)
{
    static const enum pf_split splits[] = { [SHAPE_PLAIN] = PF_SPLIT_ROWS,
        [SHAPE_ROWS] = PF_SPLIT_ROWS,
        [SHAPE_COLUMNS] = PF_SPLIT_COLUMNS,
        [SHAPE_GROUP] = PF_SPLIT_GROUP };
    struct pf_argument *argument = &check->clauses->arguments[index];
    struct pf_clause_use *use = &check->uses[index];

    if (use->split.text)
        return pf_clauses_say(
                check->source, word, "'%.*s' is split twice", PF_WORD(word));
    use->split = word;
    use->split_plain = shape->kind == SHAPE_PLAIN;
    use->split_extent = shape->extent;
    use->split_rows = shape->column_rows;
    argument->split = splits[shape->kind];
    if (shape->kind == SHAPE_GROUP)
        pf_clauses_group(check, word);
    argument->halo = shape->halo;
    argument->generator = shape->generator;
    return PARFUN_OK;
}

enum parfun_status pf_clauses_split(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    struct shape shape;

    PF_TRY(read_split(check, clause, &shape));
    if (clause->argument_count == 1 && clause->arguments[0].factor_count == 0) {
        if (check->rest)
            return pf_clauses_say(check->source, clause->arguments[0].word,
                    "split(*) is written twice");
        check->rest = clause;
        return PARFUN_OK;
    }
    for (size_t i = 0; i < clause->argument_count; i++) {
        unsigned index = 0;
        PF_TRY(read_array(check, clause, &clause->arguments[i], &index));
        PF_TRY(split_one(check, clause->arguments[i].word, index, &shape));
    }
    return PARFUN_OK;
}

enum parfun_status pf_clauses_split_rest(struct pf_clause_check *check)
{
    if (!check->rest)
        return PARFUN_OK;
    const struct parfun_kernel *kernel = check->source->kernel;
    struct shape shape;

    PF_TRY(read_split(check, check->rest, &shape));
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        const struct pf_clause_use *use = &check->uses[i];
        if (parameter->space == PARFUN_GLOBAL_SPACE && parameter->is_const
                && check->clauses->arguments[i].role == PF_ROLE_ARRAY
                && !use->split.text && !use->combine.text)
            PF_TRY(split_one(check, check->rest->arguments[0].word, i, &shape));
    }
    return PARFUN_OK;
}

/* ---- combine() ------------------------------------------------------------------- */

static bool find_operator(struct pf_clause_word word, enum pf_operator *operation)
{
    for (int i = PF_SUM; i <= PF_XOR; i++)
        if (pf_clauses_word_is(word, pf_operator_name((enum pf_operator)i))) {
            *operation = (enum pf_operator)i;
            return true;
        }
    return false;
}

static enum parfun_status read_accumulate(const struct pf_clause_check *check,
        const struct pf_clause_modifier *modifier, struct result *result)
{
    static const char pattern[] = "accumulate(sum, N)";

    PF_TRY(count_arguments(check, modifier, 2, 2, pattern));
    if (!find_operator(modifier->arguments[0].word, &result->operation))
        return pf_clauses_say(check->source, modifier->arguments[0].word,
                "'%.*s' is no operator: sum, min, max, product, and, or, xor",
                PF_WORD(modifier->arguments[0].word));
    result->combine = PF_COMBINE_ACCUMULATE;
    return pf_clauses_extent(check, &modifier->arguments[1], &result->shape.extent);
}

/* The flag of a pack() becomes the library's own memory. */
static enum parfun_status read_pack(struct pf_clause_check *check,
        const struct pf_clause_modifier *modifier, struct result *result)
{
    struct pf_clauses *clauses = check->clauses;
    unsigned index = 0;

    PF_TRY(count_arguments(check, modifier, 1, 1, "pack(flag)"));
    struct pf_clause_word word = modifier->arguments[0].word;
    PF_TRY(pf_clauses_parameter(check, &modifier->arguments[0], &index));
    struct pf_argument *flag = &clauses->arguments[index];
    struct pf_clause_use *use = &check->uses[index];
    if (!pf_clauses_is_output(&check->source->kernel->parameters[index])
            || flag->width != 1 || !pf_type_info(flag->type)->is_integer)
        return pf_clauses_say(check->source, word,
                "the flag '%.*s' must be a global array of integers that the "
                "kernel writes",
                PF_WORD(word));
    if (use->fill.text)
        return pf_clauses_say(check->source, word,
                "'%.*s' is the flag of another pack(): put all outputs into one "
                "clause",
                PF_WORD(word));
    /* Each has a flag of its own, so there are fewer packs than parameters. */
    flag->role = PF_ROLE_FLAG;
    flag->extent = (struct pf_extent){ .factor = 1 };
    flag->pack = (unsigned char)clauses->pack_count;
    use->fill = word;
    result->combine = PF_COMBINE_PACK;
    result->pack = (unsigned char)clauses->pack_count++;
    return PARFUN_OK;
}

static enum parfun_status read_combine(struct pf_clause_check *check,
        const struct pf_clause *clause, struct result *result)
{
    *result =
            (struct result){ .combine = PF_COMBINE_ROWS, .shape.extent.factor = 1 };
    if (clause->modifier_count == 0)
        return PARFUN_OK;
    const struct pf_clause_modifier *modifier = &clause->modifiers[0];
    if (clause->modifier_count > 1)
        return pf_clauses_say(check->source, clause->modifiers[1].name,
                "combine() takes one modifier: write another combine() for '%.*s'",
                PF_WORD(clause->modifiers[1].name));

    if (is_shape(modifier->name) || pf_clauses_word_is(modifier->name, "scatter")) {
        PF_TRY(read_shape(check, modifier, &result->shape));
        if (result->shape.kind == SHAPE_GROUP)
            result->combine = pf_clauses_word_is(modifier->name, "group")
                    ? PF_COMBINE_GROUP
                    : PF_COMBINE_SCATTER;
        if (result->shape.kind == SHAPE_COLUMNS)
            result->combine = PF_COMBINE_COLUMNS;
    } else if (find_operator(modifier->name, &result->operation)) {
        PF_TRY(count_arguments(
                check, modifier, 0, 1, "sum, or sum(double) for a wider result"));
        result->combine = PF_COMBINE_REDUCE;
        if (modifier->argument_count == 1)
            result->wider = modifier->arguments[0].word;
    } else if (pf_clauses_word_is(modifier->name, "accumulate"))
        return read_accumulate(check, modifier, result);
    else if (pf_clauses_word_is(modifier->name, "pack"))
        return read_pack(check, modifier, result);
    else if (pf_clauses_word_is(modifier->name, "shared")) {
        PF_TRY(count_arguments(check, modifier, 0, 0, "shared"));
        result->combine = PF_COMBINE_SHARED;
        result->shape.extent.factor = 0;
        check->clauses->host_only = true;
    } else if (pf_clauses_word_is(modifier->name, "each")) {
        PF_TRY(count_arguments(check, modifier, 1, 1, "each(N)"));
        result->combine = PF_COMBINE_EACH;
        return pf_clauses_extent(
                check, &modifier->arguments[0], &result->shape.extent);
    } else if (pf_clauses_word_is(modifier->name, "halo"))
        return pf_clauses_say(check->source, modifier->name,
                "halo() is for inputs: partitions write their own rows alone");
    else
        return refuse_modifier(check, clause, modifier->name);
    return PARFUN_OK;
}

/* Can the operator be applied to such elements? */
static enum parfun_status check_operator(const struct pf_clause_check *check,
        struct pf_clause_word word, unsigned index, enum pf_operator operation)
{
    const char *type_name = check->source->kernel->parameters[index].type;
    enum pf_type type = check->clauses->arguments[index].type;

    if (type == PF_TYPE_OTHER || type == PF_TYPE_HALF)
        return pf_clauses_say(check->source, word,
                "%s of '%.*s' is not possible: its elements are of type %.60s, "
                "not integers, float or double",
                pf_operator_name(operation), PF_WORD(word), type_name);
    if (operation >= PF_AND && !pf_type_info(type)->is_integer)
        return pf_clauses_say(check->source, word,
                "%s of '%.*s' is not possible: its elements are %.60s, and %s is "
                "for integers",
                pf_operator_name(operation), PF_WORD(word), type_name,
                pf_operator_name(operation));
    return PARFUN_OK;
}

/* sum(double): the type may hold every value of the elements'. */
static enum parfun_status read_wider(const struct pf_clause_check *check,
        struct pf_clause_word word, unsigned index, enum pf_type *wider)
{
    const char *type_name = check->source->kernel->parameters[index].type;
    const struct pf_type_info *old =
            pf_type_info(check->clauses->arguments[index].type);
    const struct pf_type_info *new = pf_type_info(PF_TYPE_OTHER);

    for (int i = PF_TYPE_CHAR; i <= PF_TYPE_DOUBLE; i++)
        if (i != PF_TYPE_HALF
                && pf_clauses_word_is(word, pf_type_info((enum pf_type)i)->name)) {
            *wider = (enum pf_type)i;
            new = pf_type_info(*wider);
        }
    if (new->bytes == 0)
        return pf_clauses_say(check->source, word,
                "'%.*s' is no type of a result: write a scalar one, such as "
                "double, long or ulong",
                PF_WORD(word));
    /* Wider types begin at int: pf_reduce converts to no others. */
    if (new->is_integer != old->is_integer || new->is_signed != old->is_signed
            || new->bytes < old->bytes || (new != old &&new->bytes < 4))
        return pf_clauses_say(check->source, word,
                "%.60s can not become %s: float may become double, signed "
                "integers int or long, unsigned ones uint or ulong",
                type_name, new->name);
    return PARFUN_OK;
}

static enum parfun_status combine_one(struct pf_clause_check *check,
        struct pf_clause_word word, unsigned index, const struct result *result)
{
    struct pf_argument *argument = &check->clauses->arguments[index];
    struct pf_clause_use *use = &check->uses[index];

    if (!pf_clauses_is_output(&check->source->kernel->parameters[index]))
        return pf_clauses_say(check->source, word,
                "'%.*s' is declared %s, so the kernel can not write it: remove it "
                "from combine(), or declare it as global without const",
                PF_WORD(word),
                check->source->kernel->parameters[index].space
                                == PARFUN_CONSTANT_SPACE
                        ? "constant"
                        : "const");
    if (use->combine.text)
        return pf_clauses_say(
                check->source, word, "'%.*s' is combined twice", PF_WORD(word));
    if (result->combine == PF_COMBINE_SHARED
            && check->source->kernel->parameters[index].is_own)
        return pf_clauses_say(check->source, word,
                "'%.*s' was compiled for accumulate() or each(), by which no two "
                "threads share it: compile the kernel with shared",
                PF_WORD(word));
    use->combine = word;
    use->combine_plain = result->shape.kind == SHAPE_PLAIN;
    use->combine_extent = result->shape.extent;
    use->combine_rows = result->shape.column_rows;
    argument->combine = result->combine;
    if (result->shape.kind == SHAPE_GROUP)
        pf_clauses_group(check, word);
    argument->operation = result->operation;
    argument->pack = result->pack;
    check->clauses->each_count += result->combine == PF_COMBINE_EACH;
    if (result->combine == PF_COMBINE_REDUCE
            || result->combine == PF_COMBINE_ACCUMULATE)
        PF_TRY(check_operator(check, word, index, result->operation));
    if (result->wider.text)
        PF_TRY(read_wider(check, result->wider, index, &argument->result_type));
    return PARFUN_OK;
}

enum parfun_status pf_clauses_combine(
        struct pf_clause_check *check, const struct pf_clause *clause)
{
    struct result result;

    PF_TRY(read_combine(check, clause, &result));
    for (size_t i = 0; i < clause->argument_count; i++) {
        unsigned index = 0;
        PF_TRY(read_array(check, clause, &clause->arguments[i], &index));
        PF_TRY(combine_one(check, clause->arguments[i].word, index, &result));
    }
    return PARFUN_OK;
}
