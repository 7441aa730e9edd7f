/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_test.c: kept memory on devices that are small, that fail, that hang: nothing that
 * can be had is lost, and what is lost is said to be.
 */
#include "support/keep_bench.h"

#include <parfun.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

static void expect_failure(enum parfun_status status, const char *part)
{
    assert_int_equal(status, PARFUN_DEVICE_FAILED);
    if (!strstr(parfun_error(), part))
        fail_msg("\"%s\" does not say \"%s\"", parfun_error(), part);
}

/* ---- Little memory ------------------------------------------------------------ */

static void a_range_larger_than_the_device_is_cut(void **state)
{
    const struct fake_device small = { .lanes = 2, .memory_bytes = BYTES / 2 };

    (void)state;
    begin("fake", &small, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    expect_y(1);
    assert_true(fake_count(0, FAKE_LAUNCH) > 4);
    must(parfun_release(x));
    must(parfun_release(y));
}

static void copies_make_room_and_the_newest_is_written_back(void **state)
{
    /* room for two copies at a time */
    const struct fake_device small = { .lanes = 2, .memory_bytes = 5 * BYTES };
    static int in[N], out[4][N];

    (void)state;
    begin("fake", &small, 1);
    for (int i = 0; i < N; i++)
        in[i] = i;
    must(parfun_keep(in, sizeof in));
    for (int k = 0; k < 4; k++) {
        must(parfun_keep(out[k], sizeof out[k]));
        must(PARFUN_CALL(
                twice, N, PARFUN_ARRAY(k ? out[k - 1] : in), PARFUN_ARRAY(out[k])));
    }
    expect_moved(sizeof in, 2 * sizeof in); /* two had to go */
    for (int k = 0; k < 4; k++) {
        must(parfun_update_host(out[k]));
        for (int i = 0; i < N; i++)
            assert_int_equal(out[k][i], (2 << k) * i);
        must(parfun_release(out[k]));
    }
    must(parfun_release(in));
}

static void copies_make_room_for_arrays_that_are_not_kept(void **state)
{
    const struct fake_device small = { .lanes = 1, .memory_bytes = 2 * BYTES };
    static int in[N], table[2 * N - 100], out[N];

    (void)state;
    begin("fake", &small, 1);
    must(parfun_set_options(gather, PARFUN_OPTIONS(.fixed_partition_size = 10)));
    must(parfun_keep(out, sizeof out));
    must(PARFUN_CALL(twice, 10, PARFUN_ARRAY(in), PARFUN_ARRAY(out)));
    table[0] = 7;
    for (unsigned round = 0; round < 2; round++) {
        must(PARFUN_CALL(gather, 10, PARFUN_ARRAY(in),
                PARFUN_COUNTED(table, 2 * N - 100), PARFUN_ARRAY(in + N / 2)));
        assert_int_equal(in[N / 2], 7);
    }
    must(parfun_set_options(gather, NULL));
    must(parfun_release(out));
}

/* Of x a copy, which takes half the memory; y and what is summed in partitions. */
static void partitions_leave_room_for_copies(void **state)
{
    const struct fake_device small = { .lanes = 2,
        .memory_bytes = 2 * BYTES + 100 };
    float sum = -1;

    (void)state;
    begin("fake", &small, 1);
    must(parfun_set_options(dot, PARFUN_OPTIONS(.fixed_partition_size = N)));
    must(parfun_keep(x, BYTES));
    for (unsigned round = 0; round < 2; round++) {
        must(PARFUN_CALL(
                dot, N, PARFUN_ARRAY(x), PARFUN_ARRAY(y), PARFUN_VALUE(&sum)));
        assert_true(sum == (float)N * (N - 1) / 2);
        expect_moved(round ? BYTES : 2 * BYTES, read_out());
    }
    must(parfun_set_options(dot, NULL));
    must(parfun_release(x));
}

/* Memory that is kept for the partitions of other calls is none that is missing. */
static void copies_take_what_no_partition_needs(void **state)
{
    enum { ROWS = 3, STRIDE = 500, MORE = 1500 };
    const struct fake_device small = { .lanes = 2, .memory_bytes = 16000 };
    static int add[STRIDE], matrix[ROWS * STRIDE], many[MORE], doubled[MORE];
    const int rows = ROWS, stride = STRIDE;

    (void)state;
    begin("fake", &small, 1);
    must(parfun_set_options(lift, PARFUN_OPTIONS(.fixed_partition_size = 250)));
    must(PARFUN_CALL(lift, STRIDE, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
            PARFUN_ARRAY(add), PARFUN_ARRAY(matrix)));
    must(parfun_keep(many, sizeof many));
    for (unsigned round = 0; round < 2; round++) {
        written = fake_bytes_written();
        must(PARFUN_CALL(twice, MORE, PARFUN_ARRAY(many), PARFUN_ARRAY(doubled)));
        assert_int_equal(fake_bytes_written() - written, round ? 0 : sizeof many);
    }
    must(parfun_set_options(lift, NULL));
    must(parfun_release(many));
}

static size_t asked; /* for memory on the device, before it is waited for */

static void let_the_device_ask(void)
{
    for (int i = 0; i < 20000 && !fake_is_running()
            && fake_count(0, FAKE_MEMORY_CREATE) == asked;
            i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void the_profile_says_what_does_not_fit(void **state)
{
    const struct fake_device small = { .lanes = 1, .memory_bytes = 500 };
    static int index[N], table[N], out[N];
    char *text = NULL;
    size_t size = 0;
    FILE *file = open_memstream(&text, &size), *const before = stderr;

    (void)state;
    begin("threads:1, fake", &small, 1);
    must(parfun_set_options(gather,
            PARFUN_OPTIONS(.flags = PARFUN_PROFILE, .fixed_partition_size = 10)));
    must(parfun_keep(table, sizeof table));
    native_before = let_the_device_ask;
    asked = fake_count(0, FAKE_MEMORY_CREATE);
    assert_non_null(file);
    stderr = file;
    must(PARFUN_CALL(gather, N, PARFUN_ARRAY(index), PARFUN_COUNTED(table, N),
            PARFUN_ARRAY(out)));
    stderr = before;
    fclose(file);
    if (!strstr(text, "not used: fake:0: 4000 bytes more than it has"))
        fail_msg("%s", text);
    free(text);
    must(parfun_set_options(gather, NULL));
    must(parfun_release(table));
}

/* ---- Devices that fail -------------------------------------------------------- */

static const struct fake_failure wreck = {
    .device = 0, .call = FAKE_LAUNCH, .status = PARFUN_DEVICE_FAILED
};

/* y is on the device alone, and then the device fails. */
static void lose_y(void)
{
    begin("fake", &apart, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    fake_fail(&wreck);
    expect_failure(try_saxpy(), "saxpy(): ");
}

static void says_that_the_newest_values_are_lost(void **state)
{
    (void)state;
    lose_y();
    must(parfun_update_host(x)); /* was on the host, too */
    expect_failure(
            parfun_update_host(y), "parfun_update_host(): the newest values");
    must(parfun_set_backend("threads:1"));
    expect_failure(try_saxpy(), "saxpy(): argument 'y': the newest values");
    must(parfun_shutdown());
    expect_failure(parfun_update_host(y), "lost with the device");
    must(parfun_set_backend("serial"));
    expect_failure(try_saxpy(), "saxpy(): argument 'y': the newest values");
    must(parfun_release(x));
    must(parfun_release(y));
    must(try_saxpy());
}

static void what_was_lost_can_be_written_anew(void **state)
{
    (void)state;
    lose_y();
    for (size_t i = 0; i < N; i++)
        y[i] = 1;
    must(parfun_update_devices(y));
    must(parfun_set_backend("threads:1"));
    must(try_saxpy());
    expect_y(1);
    must(parfun_release(x));
    must(parfun_release(y));
}

static void a_call_that_overwrites_what_was_lost_is_right(void **state)
{
    int in[N];
    int *out = (int *)(void *)y;

    (void)state;
    lose_y();
    for (int i = 0; i < N; i++)
        in[i] = i;
    must(parfun_set_backend("threads:1"));
    must(PARFUN_CALL(twice, N, PARFUN_ARRAY(in), PARFUN_ARRAY(out)));
    for (int i = 0; i < N; i++)
        assert_int_equal(out[i], 2 * i);
    must(parfun_update_host(y));
    must(parfun_release(x));
    must(parfun_release(y));
}

static void fails_when_the_newest_can_not_be_read(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    fake_fail(&(struct fake_failure){ .device = 0,
            .call = FAKE_READ,
            .late = true,
            .status = PARFUN_DEVICE_FAILED });
    must(parfun_set_backend("threads:1"));
    expect_failure(try_saxpy(), "saxpy(): argument 'y': the newest values");
    must(parfun_release(y));
}

static void shutdown_ends_though_the_newest_can_not_be_read(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    fake_fail(&(struct fake_failure){
            .device = 0, .call = FAKE_READ, .status = PARFUN_DEVICE_FAILED });
    must(parfun_shutdown());
    expect_failure(parfun_update_host(y), "lost with the device");
    must(parfun_release(y));
}

/* The parts that a device had before came to the host as well. */
static void a_device_that_fails_beside_others_loses_nothing(void **state)
{
    static const char *const selectors[] = { "threads:1, fake", "fake" };
    const struct fake_device slow = { .lanes = 2, .seconds_per_item = 2e-6 };
    const struct fake_device both[2] = { slow, slow };

    (void)state;
    for (unsigned s = 0; s < 2; s++)
        for (unsigned nth = 0; nth < 12; nth++) {
            struct fake_failure failure = wreck;

            begin(selectors[s], both, 1 + s);
            must(parfun_set_options(
                    saxpy, PARFUN_OPTIONS(.fixed_partition_size = 100)));
            must(parfun_keep(x, BYTES));
            must(parfun_keep(y, BYTES));
            failure.nth = nth;
            failure.late = nth % 2;
            fake_fail(&failure);
            for (unsigned i = 1; i <= 4; i++) {
                must(try_saxpy());
                expect_y(i);
            }
            must(parfun_release(x));
            must(parfun_release(y));
            end(NULL);
        }
}

/* ---- Devices that hang ---------------------------------------------------------- */

static void what_a_hung_device_writes_late_reaches_nobody(void **state)
{
    (void)state;
    begin("threads:2, fake", &apart, 1);
    must(parfun_set_options(saxpy, PARFUN_OPTIONS(.fixed_partition_size = 100)));
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    native_before = let_the_device_begin;
    must(try_saxpy());
    fake_fail(&(struct fake_failure){
            .device = 0, .call = FAKE_LAUNCH, .hangs = true });
    launches = fake_count(0, FAKE_LAUNCH);
    must(try_saxpy());
    expect_y(2);
    native_before = NULL;
    fake_wake();
    for (unsigned i = 3; i < 8; i++) {
        must(try_saxpy());
        expect_y(i);
    }
    must(parfun_set_backend("fake"));
    must(try_saxpy());
    must(parfun_update_host(y));
    expect_y(8);
    must(parfun_release(x));
    must(parfun_release(y));
}

/* ---- Fork ------------------------------------------------------------------------- */

/* In the child: x is as it was, y was on a device alone. */
static int use_in_child(void)
{
    if (parfun_set_backend("serial") || parfun_update_host(x))
        return 1;
    if (parfun_update_host(y) != PARFUN_DEVICE_FAILED
            || try_saxpy() != PARFUN_DEVICE_FAILED)
        return 2;
    for (size_t i = 0; i < N; i++)
        y[i] = 1;
    if (parfun_update_devices(y) || try_saxpy())
        return 3;
    for (size_t i = 0; i < N; i++)
        if (y[i] != 1 + 2 * (float)i)
            return 4;
    return parfun_release(x) || parfun_release(y) || parfun_shutdown() ? 5 : 0;
}

static void the_child_of_a_fork_has_what_the_host_had(void **state)
{
    int status = -1;
    pid_t child;

    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    child = fork();
    assert_true(child >= 0);
    if (!child)
        _exit(use_in_child());
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
    must(parfun_update_host(y)); /* the parent noticed nothing */
    expect_y(1);
    must(parfun_release(x));
    must(parfun_release(y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(a_range_larger_than_the_device_is_cut, end),
        cmocka_unit_test_teardown(
                copies_make_room_and_the_newest_is_written_back, end),
        cmocka_unit_test_teardown(
                copies_make_room_for_arrays_that_are_not_kept, end),
        cmocka_unit_test_teardown(partitions_leave_room_for_copies, end),
        cmocka_unit_test_teardown(copies_take_what_no_partition_needs, end),
        cmocka_unit_test_teardown(the_profile_says_what_does_not_fit, end),
        cmocka_unit_test_teardown(says_that_the_newest_values_are_lost, end),
        cmocka_unit_test_teardown(what_was_lost_can_be_written_anew, end),
        cmocka_unit_test_teardown(
                a_call_that_overwrites_what_was_lost_is_right, end),
        cmocka_unit_test_teardown(fails_when_the_newest_can_not_be_read, end),
        cmocka_unit_test_teardown(
                shutdown_ends_though_the_newest_can_not_be_read, end),
        cmocka_unit_test_teardown(
                a_device_that_fails_beside_others_loses_nothing, end),
        cmocka_unit_test_teardown(
                what_a_hung_device_writes_late_reaches_nobody, end),
        cmocka_unit_test_teardown(the_child_of_a_fork_has_what_the_host_had, end),
    };

    return cmocka_run_group_tests_name("fault.keep", tests, set_up, tear_down);
}
