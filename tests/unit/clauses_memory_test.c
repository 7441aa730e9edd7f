/* SPDX-License-Identifier: Apache-2.0 */
/* Clauses with the first, second, third ... allocation failing.  The linker puts
 * the functions below in place of malloc and calloc (see CMakeLists.txt). */
#include "runtime/base/error.h"
#include "runtime/clauses.h"
#include "support/clause_kernels.h"
#include "support/cmocka.h"

/* Allocations until one fails; negative: none does. */
static int countdown = -1;

void *__real_malloc(size_t bytes);               /* NOLINT: the linker's names */
void *__real_calloc(size_t count, size_t bytes); /* NOLINT */
void *__wrap_malloc(size_t bytes);               /* NOLINT */
void *__wrap_calloc(size_t count, size_t bytes); /* NOLINT */

static bool fails(void)
{
    if (countdown < 0)
        return false;
    return countdown-- == 0;
}

void *__wrap_malloc(size_t bytes)
{
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t bytes)
{
    return fails() ? NULL : __real_calloc(count, bytes);
}

static void says_so_and_keeps_nothing_without_memory(void **state)
{
    (void)state;
    static const struct parfun_pragma pragma = {
        "split(x) combine(y) build(-cl-mad-enable)", 1, 1
    };
    struct pf_clauses *clauses = NULL;
    int failures = 0;

    for (;; failures++) {
        countdown = failures;
        enum parfun_status status = pf_clauses_create(
                clause_kernel("saxpy"), NULL, &pragma, 1, &clauses);
        countdown = -1;
        if (status == PARFUN_OK)
            break;
        assert_int_equal(status, PARFUN_NO_MEMORY);
        assert_string_equal(pf_error_text(), "no memory for the clauses of saxpy");
        assert_null(clauses);
    }
    assert_in_range(failures, 10, 100);
    pf_clauses_destroy(clauses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(says_so_and_keeps_nothing_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
