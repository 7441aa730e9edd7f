/* SPDX-License-Identifier: Apache-2.0 */
/* clause_refusals.h: clauses that must be refused, each with its exact sentence. */
#ifndef PF_TESTS_SUPPORT_CLAUSE_REFUSALS_H
#define PF_TESTS_SUPPORT_CLAUSE_REFUSALS_H

#include "runtime/base/error.h"
#include "runtime/clauses.h"
#include "support/clause_kernels.h"
#include "support/cmocka.h"

#include <stdio.h>

/* One for one kernel of clause_kernels.h. */
struct refusal {
    const char *text;
    unsigned column;
    const char *sentence;
};

#define ASSERT_REFUSED(kernel, refusals)            \
    assert_refused(clause_kernel(kernel), refusals, \
            sizeof(refusals) / sizeof(refusals)[0])

static inline void assert_refused(const struct parfun_kernel *kernel,
        const struct refusal *refusals, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct parfun_pragma pragma = { refusals[i].text, 7, 1 };
        struct pf_clauses *clauses = NULL;
        char want[1000];

        if (pf_clauses_create(kernel, "made.cl", &pragma, 1, &clauses)
                != PARFUN_INVALID)
            fail_msg("%s is not refused", refusals[i].text);
        assert_null(clauses);
        snprintf(want, sizeof want, "made.cl:7:%u: error: %s", refusals[i].column,
                refusals[i].sentence);
        assert_string_equal(pf_error_text(), want);
    }
}

#endif
