/* SPDX-License-Identifier: Apache-2.0 */
/* keep_misuse_test.c: what is refused of kept memory, with which sentence. */
#include "support/cmocka.h"
#include "support/native_kernels.h"

#include <parfun.h>
#include <string.h>

enum { N = 1000, BYTES = N * (int)sizeof(float) };

static struct parfun_function *saxpy;
static float x[N], y[N];

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void expect_error(
        enum parfun_status status, enum parfun_status expected, const char *part)
{
    assert_int_equal(status, expected);
    if (!strstr(parfun_error(), part))
        fail_msg("\"%s\" does not say \"%s\"", parfun_error(), part);
}

static void call_saxpy(void)
{
    const float a = 2;

    must(PARFUN_CALL(saxpy, N, PARFUN_VALUE(&a), PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
}

static void refuses_what_can_not_be_kept(void **state)
{
    (void)state;
    expect_error(parfun_keep(NULL, 4), PARFUN_INVALID, "`memory` is NULL");
    expect_error(parfun_keep(x, 0), PARFUN_INVALID, "0 bytes can not be kept");
    expect_error(parfun_keep(x, SIZE_MAX), PARFUN_INVALID, "address space");
    must(parfun_keep(x + 10, 40));
    expect_error(parfun_keep(x, 44), PARFUN_INVALID, "overlap");
    expect_error(parfun_keep(x + 19, 40), PARFUN_INVALID, "overlap");
    expect_error(parfun_keep(x + 10, 40), PARFUN_INVALID, "overlap");
    expect_error(parfun_keep(x, BYTES), PARFUN_INVALID, "overlap");
    must(parfun_keep(x, 40));
    must(parfun_keep(x + 20, 40));
    must(parfun_release(x));
    must(parfun_release(x + 10));
    must(parfun_release(x + 20));
    call_saxpy();
}

static void refuses_to_update_or_release_what_is_not_kept(void **state)
{
    (void)state;
    must(parfun_keep(x, BYTES));
    expect_error(parfun_update_host(y), PARFUN_INVALID, "parfun_update_host(): no");
    expect_error(parfun_update_host(x + 1), PARFUN_INVALID, "the address that");
    expect_error(parfun_update_devices(y), PARFUN_INVALID,
            "parfun_update_devices(): no");
    expect_error(parfun_release(y), PARFUN_INVALID, "parfun_release(): no");
    expect_error(parfun_release(NULL), PARFUN_INVALID, "parfun_release(): no");
    must(parfun_release(x));
    expect_error(parfun_release(x), PARFUN_INVALID, "parfun_release(): no");
    call_saxpy();
}

static void refuses_arrays_that_lie_partly_in_a_range(void **state)
{
    const float a = 2;

    (void)state;
    must(parfun_set_backend("threads:1"));
    must(parfun_keep(y, BYTES / 2));
    expect_error(PARFUN_CALL(saxpy, N, PARFUN_VALUE(&a), PARFUN_ARRAY(x),
                         PARFUN_ARRAY(y)),
            PARFUN_INVALID, "saxpy(): argument 'y' lies partly inside memory");
    must(PARFUN_CALL(
            saxpy, N / 2, PARFUN_VALUE(&a), PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    must(parfun_release(y));
    call_saxpy();
}

static enum parfun_status seen[4];

/* Inside a call that uses x and y; y is kept. */
static void misuse(void)
{
    seen[0] = parfun_keep(x, BYTES);
    seen[1] = parfun_update_devices(y);
    seen[2] = parfun_release(y);
    seen[3] = parfun_update_host(y);
}

static void refuses_to_pull_memory_from_under_a_call(void **state)
{
    (void)state;
    must(parfun_set_backend("serial"));
    must(parfun_keep(y, BYTES));
    native_before = misuse;
    call_saxpy();
    native_before = NULL;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(seen[i], PARFUN_INVALID);
    must(seen[3]);
    must(parfun_release(y));
    call_saxpy();
}

static int set_up(void **state)
{
    (void)state;
    return parfun_function_create(&native_saxpy, NULL, &saxpy) != PARFUN_OK;
}

static int end(void **state)
{
    (void)state;
    native_before = NULL;
    return parfun_shutdown() != PARFUN_OK;
}

static int tear_down(void **state)
{
    (void)state;
    parfun_function_destroy(saxpy);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(refuses_what_can_not_be_kept, end),
        cmocka_unit_test_teardown(
                refuses_to_update_or_release_what_is_not_kept, end),
        cmocka_unit_test_teardown(refuses_arrays_that_lie_partly_in_a_range, end),
        cmocka_unit_test_teardown(refuses_to_pull_memory_from_under_a_call, end),
    };

    return cmocka_run_group_tests_name("keep_misuse", tests, set_up, tear_down);
}
