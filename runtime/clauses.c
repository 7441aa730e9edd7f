/* SPDX-License-Identifier: Apache-2.0 */
/* clauses.c: from the text of a kernel's clauses to a plan that holds. */
#include "runtime/clauses.h"
#include "runtime/base/error.h"
#include "runtime/clauses_check.h"

#include <stdlib.h>

const char *pf_operator_name(enum pf_operator operation)
{
    static const char *const names[] = { [PF_SUM] = "sum",
        [PF_MIN] = "min",
        [PF_MAX] = "max",
        [PF_PRODUCT] = "product",
        [PF_AND] = "and",
        [PF_OR] = "or",
        [PF_XOR] = "xor" };
    return names[operation];
}

/* What holds where no clause says more: values are the caller's, arrays whole. */
static enum parfun_status allocate(
        const struct parfun_kernel *kernel, struct pf_clauses **made)
{
    size_t count = kernel->parameter_count;
    struct pf_clauses *clauses = calloc(1, sizeof *clauses);

    *made = clauses;
    if (clauses) {
        clauses->arguments = calloc(count + 1, sizeof *clauses->arguments);
        /* Each count follows an output. */
        clauses->values = calloc(2 * count + 1, sizeof *clauses->values);
        clauses->build = calloc(1, 1);
    }
    if (!clauses || !clauses->arguments || !clauses->values || !clauses->build)
        return pf_fail(
                PARFUN_NO_MEMORY, "no memory for the clauses of %s", kernel->name);

    clauses->dimensions = 1;
    clauses->argument_count = kernel->parameter_count;
    for (unsigned i = 0; i < clauses->argument_count; i++) {
        const struct parfun_parameter *parameter = &kernel->parameters[i];
        struct pf_argument *argument = &clauses->arguments[i];
        unsigned width = 1;
        argument->type = pf_type_parse(parameter->type, &width);
        argument->result_type = argument->type;
        argument->width = (unsigned char)width;
        argument->role =
                pf_clauses_is_array(parameter) ? PF_ROLE_ARRAY : PF_ROLE_VALUE;
    }
    return PARFUN_OK;
}

static enum parfun_status fill(
        struct pf_clauses *clauses, const struct pf_clause_source *source)
{
    struct pf_clause_list list = { 0 };
    struct pf_clause_check check = { .source = source, .clauses = clauses };

    check.uses = calloc(clauses->argument_count + 1, sizeof *check.uses);
    enum parfun_status status = check.uses
            ? pf_clauses_parse(source, &list)
            : pf_fail(PARFUN_NO_MEMORY, "no memory for the clauses of %s",
                      source->kernel->name);
    if (status == PARFUN_OK)
        status = pf_clauses_apply(&check, &list);
    if (status == PARFUN_OK)
        status = pf_clauses_check(&check);
    pf_clauses_parse_finish(&list);
    free(check.uses);
    return status;
}

enum parfun_status pf_clauses_create(const struct parfun_kernel *kernel,
        const char *file, const struct parfun_pragma *pragmas, size_t pragma_count,
        struct pf_clauses **clauses)
{
    struct pf_clause_source source = { kernel, file, pragmas, pragma_count };
    struct pf_clauses *made = NULL;

    if (kernel->parameter_count > PF_CLAUSES_PARAMETERS) {
        struct pf_clause_word start = { 0 };
        if (pragma_count > 0)
            start.text = pragmas[0].text;
        return pf_clauses_say(&source, start,
                "%.60s has %u parameters: at most %d are possible", kernel->name,
                kernel->parameter_count, PF_CLAUSES_PARAMETERS);
    }
    enum parfun_status status = allocate(kernel, &made);
    if (status == PARFUN_OK)
        status = fill(made, &source);
    if (status == PARFUN_OK)
        *clauses = made;
    else
        pf_clauses_destroy(made);
    return status;
}

void pf_clauses_destroy(struct pf_clauses *clauses)
{
    if (!clauses)
        return;
    free(clauses->arguments);
    free(clauses->values);
    free(clauses->build);
    for (unsigned g = 0; g < clauses->generator_count; g++)
        free(clauses->generators[g]);
    free(clauses);
}
