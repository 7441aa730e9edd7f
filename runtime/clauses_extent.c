/* SPDX-License-Identifier: Apache-2.0 */
/* clauses_extent.c: what an argument of a clause names: a parameter, or a product
 * of numbers and parameters. */
#include "runtime/base/error.h"
#include "runtime/clauses_check.h"

#include <stdio.h>
#include <string.h>

enum { LISTING = 400 };

/* "saxpy(a, x, y)" */
static void list_parameters(
        const struct parfun_kernel *kernel, char listing[LISTING])
{
    size_t used = 0;
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const char *name = kernel->parameters[i].name;
        if (used + strlen(name) + 2 * sizeof ", ..." > LISTING) {
            strcpy(listing + used, ", ...");
            return;
        }
        used += (size_t)sprintf(listing + used, "%s%s", i ? ", " : "", name);
    }
    listing[used] = '\0';
}

static enum parfun_status unknown_parameter(
        const struct pf_clause_check *check, struct pf_clause_word word)
{
    const struct parfun_kernel *kernel = check->source->kernel;
    const char *names[PF_CLAUSES_PARAMETERS];
    char listing[LISTING] = "";

    for (unsigned i = 0; i < kernel->parameter_count; i++)
        names[i] = kernel->parameters[i].name;
    list_parameters(kernel, listing);
    const char *nearest = pf_clauses_nearest(word, names, kernel->parameter_count);
    return pf_clauses_say(check->source, word,
            "'%.*s' is no parameter of %.60s(%s)%s%s%s", PF_WORD(word),
            kernel->name, listing, nearest ? "; did you mean '" : "",
            nearest ? nearest : "", nearest ? "'?" : "");
}

static enum parfun_status find_parameter(const struct pf_clause_check *check,
        struct pf_clause_word word, unsigned *index)
{
    const struct parfun_kernel *kernel = check->source->kernel;

    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (pf_clauses_word_is(word, kernel->parameters[i].name)) {
            *index = i;
            return PARFUN_OK;
        }
    return unknown_parameter(check, word);
}

enum parfun_status pf_clauses_parameter(const struct pf_clause_check *check,
        const struct pf_clause_argument *argument, unsigned *index)
{
    if (argument->factor_count == 0)
        return pf_clauses_say(check->source, argument->word,
                "'*' stands for every input array, alone and in split(*) only: "
                "name the parameters");
    if (argument->factor_count > 1 || argument->factors[0].is_number)
        return pf_clauses_say(check->source, argument->word,
                "'%.*s' is no parameter: write names", PF_WORD(argument->word));
    return find_parameter(check, argument->word, index);
}

/* A factor that is a parameter: an integer that the caller gives. */
static enum parfun_status add_parameter(const struct pf_clause_check *check,
        struct pf_clause_word word, struct pf_extent *extent)
{
    unsigned index = 0;
    PF_TRY(find_parameter(check, word, &index));

    const struct parfun_parameter *parameter =
            &check->source->kernel->parameters[index];
    const struct pf_argument *argument = &check->clauses->arguments[index];
    if (parameter->space != PARFUN_VALUE_SPACE || argument->width != 1
            || !pf_type_info(argument->type)->is_integer)
        return pf_clauses_say(check->source, word,
                "'%.*s' is no integer value: sizes are made of numbers and of "
                "integer parameters",
                PF_WORD(word));
    if (argument->role != PF_ROLE_VALUE)
        return pf_clauses_say(check->source, word,
                "'%.*s' is filled by %s(), partition by partition: sizes are "
                "made of what the caller gives",
                PF_WORD(word), argument->role == PF_ROLE_ITEMS ? "items" : "first");
    if (extent->count == PF_EXTENT_PARAMETERS)
        return pf_clauses_say(check->source, word,
                "a product of more than %d parameters", PF_EXTENT_PARAMETERS);

    /* In order, so that equal products have equal lists. */
    unsigned place = extent->count++;
    for (; place > 0 && extent->parameter[place - 1] > index; place--)
        extent->parameter[place] = extent->parameter[place - 1];
    extent->parameter[place] = (unsigned char)index;
    return PARFUN_OK;
}

enum parfun_status pf_clauses_extent(const struct pf_clause_check *check,
        const struct pf_clause_argument *argument, struct pf_extent *extent)
{
    if (argument->factor_count == 0)
        return pf_clauses_say(check->source, argument->word,
                "expected a number or an integer parameter, not '*'");

    *extent = (struct pf_extent){ .factor = 1 };
    for (size_t i = 0; i < argument->factor_count; i++) {
        const struct pf_clause_factor *factor = &argument->factors[i];
        if (!factor->is_number) {
            PF_TRY(add_parameter(check, factor->word, extent));
            continue;
        }
        if (factor->number == 0)
            return pf_clauses_say(check->source, factor->word,
                    "a size of 0: sizes are at least 1");
        if (extent->factor > SIZE_MAX / factor->number)
            return pf_clauses_say(check->source, argument->word,
                    "the product %.*s is too large: the largest is %zu",
                    PF_WORD(argument->word), SIZE_MAX);
        extent->factor *= factor->number;
    }
    return PARFUN_OK;
}

bool pf_clauses_is_array(const struct parfun_parameter *parameter)
{
    return parameter->space == PARFUN_GLOBAL_SPACE
            || parameter->space == PARFUN_CONSTANT_SPACE;
}

bool pf_clauses_is_output(const struct parfun_parameter *parameter)
{
    return parameter->space == PARFUN_GLOBAL_SPACE && !parameter->is_const;
}
