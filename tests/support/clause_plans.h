/* SPDX-License-Identifier: Apache-2.0 */
/* clause_plans.h: clauses that must be accepted, and what they then say. */
#ifndef PF_TESTS_SUPPORT_CLAUSE_PLANS_H
#define PF_TESTS_SUPPORT_CLAUSE_PLANS_H

#include "runtime/base/error.h"
#include "runtime/clauses.h"
#include "support/clause_kernels.h"
#include "support/cmocka.h"

#include <stdio.h>

static inline struct pf_clauses *make_for(
        const struct parfun_kernel *kernel, const char *text)
{
    struct parfun_pragma pragma = { text, 1, 1 };
    struct pf_clauses *clauses = NULL;

    enum parfun_status status =
            pf_clauses_create(kernel, NULL, &pragma, 1, &clauses);
    if (status != PARFUN_OK)
        fail_msg("%s: %s", text, pf_error_text());
    return clauses;
}

static inline struct pf_clauses *make(const char *kernel, const char *text)
{
    return make_for(clause_kernel(kernel), text);
}

static inline unsigned index_of(const char *kernel, const char *name)
{
    const struct parfun_kernel *found = clause_kernel(kernel);
    for (unsigned i = 0; i < found->parameter_count; i++)
        if (strcmp(found->parameters[i].name, name) == 0)
            return i;
    fail_msg("%s has no parameter %s", kernel, name);
    return 0;
}

/* "3*w": the factor, where it is not 1 or alone, and the parameters; "" for 0. */
static inline void print_extent(const struct parfun_kernel *kernel,
        const struct pf_extent *extent, char text[100])
{
    int used = 0;

    text[0] = '\0';
    if (extent->factor > 1 || (extent->factor == 1 && extent->count == 0))
        used = snprintf(text, 100, "%zu", extent->factor);
    for (unsigned i = 0; i < extent->count; i++)
        used += snprintf(text + used, 100 - (size_t)used, "%s%s", used ? "*" : "",
                kernel->parameters[extent->parameter[i]].name);
}

static inline void assert_extent(
        const char *kernel, const struct pf_extent *extent, const char *want)
{
    char text[100];
    print_extent(clause_kernel(kernel), extent, text);
    assert_string_equal(text, want);
}

/* "a, x, y, count 0" */
static inline void assert_values(
        const char *kernel, const struct pf_clauses *clauses, const char *want)
{
    char text[400] = "";
    size_t used = 0;

    for (unsigned i = 0; i < clauses->value_count; i++) {
        const struct pf_caller_value *value = &clauses->values[i];
        const char *comma = i ? ", " : "";
        if (value->kind == PF_GIVE_COUNT)
            used += (size_t)snprintf(text + used, sizeof text - used, "%scount %u",
                    comma, value->parameter);
        else
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", comma,
                    clause_kernel(kernel)->parameters[value->parameter].name);
    }
    assert_string_equal(text, want);
}

#endif
