/* SPDX-License-Identifier: Apache-2.0 */
/* host_test.c: how often native code is called for one partition. */
#include "support/cmocka.h"
#include "support/native_kernels.h"

#include "runtime/base/error.h"
#include "runtime/host.h"

enum { ITEMS = 100000 };

/* ---- Native code that counts its calls ------------------------------------------------ */

static unsigned calls;
static size_t items_run, smallest;

static void count_call(const struct parfun_ndrange *range, void *const *arguments)
{
    const size_t items = range->group_end[0] - range->group_begin[0];

    (void)arguments;
    if (!calls++ || items < smallest)
        smallest = items;
    items_run += items;
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s", pf_error_text());
}

/* Runs a partition of all items, of which the next is expected to take so long. */
static void run(double expected_s)
{
    static int x[ITEMS], y[ITEMS];
    static const _Atomic uint64_t cancels;
    const struct parfun_value values[] = { PARFUN_ARRAY(x), PARFUN_ARRAY(y) };
    const struct parfun_variant variant = { .run = count_call };
    const struct pf_host_code code = { .variant = &variant };
    struct pf_call_argument arguments[2];
    struct pf_call call = { .arguments = arguments };
    struct pf_limits limits;
    struct pf_clauses *clauses = NULL;
    struct pf_host_pool pool;
    struct pf_host *host = NULL;

    calls = 0;
    items_run = smallest = 0;
    must(pf_clauses_create(&native_twice, NULL, native_twice.pragmas, 1, &clauses));
    must(pf_call_check(&call, &native_twice, clauses, ITEMS, values, 2));
    pf_limits_begin(
            &limits, NULL, &cancels, "twice", ITEMS, &(struct parfun_options){ 0 });
    must(pf_host_pool_init(&pool));
    must(pf_host_take(&pool, &call, &code, &limits, false, &host));
    pf_host_expect(host, ITEMS, expected_s);
    must(pf_host_run(host, &(struct pf_part){ 0, ITEMS, NULL }, NULL));
    pf_host_give(&pool, host);
    pf_host_pool_finish(&pool);
    pf_call_finish(&call, true);
    pf_clauses_destroy(clauses);
    assert_int_equal(items_run, ITEMS);
}

/* ---- Boxes ------------------------------------------------------------------------------ */

static void the_limits_are_looked_at_soon_if_nothing_is_known(void **state)
{
    (void)state;
    run(0);
    assert_true(calls > 1);
    assert_true(smallest <= 64);
}

static void what_is_over_at_once_runs_in_one_go(void **state)
{
    (void)state;
    run(1e-6);
    assert_int_equal(calls, 1);
}

/* Items may have become costlier. */
static void a_long_partition_begins_with_little_of_it(void **state)
{
    (void)state;
    run(1.0);
    assert_true(calls > 1);
    assert_true(smallest <= 64);
    run(1e-3);
    assert_true(calls > 1);
    assert_int_equal(smallest, ITEMS / 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_limits_are_looked_at_soon_if_nothing_is_known),
        cmocka_unit_test(what_is_over_at_once_runs_in_one_go),
        cmocka_unit_test(a_long_partition_begins_with_little_of_it),
    };

    return cmocka_run_group_tests_name("host", tests, NULL, NULL);
}
