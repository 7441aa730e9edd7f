/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_test.c: memory that stays on devices: what moves between them and the host,
 * counted by fake devices that have memory of their own.
 */
#include "support/keep_bench.h"

#include <stdlib.h>

/* ---- One device --------------------------------------------------------------------- */

static void the_second_call_on_a_device_moves_nothing(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    expect_moved(2 * BYTES, 0);
    must(try_saxpy());
    expect_moved(0, 0);
    must(parfun_update_host(y));
    expect_moved(0, BYTES);
    expect_y(2);
    must(parfun_update_host(y));
    must(try_saxpy());
    expect_moved(0, 0);
    must(parfun_release(x));
    must(parfun_update_host(y));
    must(parfun_release(y));
    expect_y(3);
}

static void only_what_the_program_wrote_is_sent_again(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    for (size_t i = 0; i < N; i++)
        x[i] = 0;
    must(parfun_update_devices(x));
    count_from_here();
    must(try_saxpy());
    expect_moved(BYTES, 0);
    must(parfun_update_host(y));
    expect_y(1);
    must(parfun_release(x));
    must(parfun_release(y));
}

static void what_is_only_written_is_never_sent(void **state)
{
    int in[N], out[N];

    (void)state;
    begin("fake", &apart, 1);
    for (int i = 0; i < N; i++)
        in[i] = i;
    must(parfun_keep(out, sizeof out));
    must(PARFUN_CALL(twice, N, PARFUN_ARRAY(in), PARFUN_ARRAY(out)));
    expect_moved(sizeof in, 0);
    must(parfun_update_host(out));
    expect_moved(0, sizeof out);
    for (int i = 0; i < N; i++)
        assert_int_equal(out[i], 2 * i);
    must(parfun_release(out));
}

static void several_arrays_may_share_a_range(void **state)
{
    static int both[3 * N];

    (void)state;
    begin("fake", &apart, 1);
    for (int i = 0; i < N; i++)
        both[i] = i;
    must(parfun_keep(both, sizeof both));
    for (int k = 0; k < 2; k++)
        must(PARFUN_CALL(twice, N, PARFUN_ARRAY(both + k * N),
                PARFUN_ARRAY(both + (k + 1) * N)));
    expect_moved(N * sizeof(int), 0);
    must(parfun_update_host(both));
    expect_moved(0, 2 * N * sizeof(int));
    for (int i = 0; i < N; i++)
        assert_int_equal(both[2 * N + i], 4 * i);
    must(parfun_release(both));
}

static void columns_stay_with_what_lies_between_them(void **state)
{
    enum { ROWS = 3, STRIDE = N / 2 };
    static int more[STRIDE], matrix[ROWS * STRIDE];
    const int rows = ROWS, stride = STRIDE;

    (void)state;
    begin("fake", &apart, 1);
    for (int i = 0; i < STRIDE; i++)
        more[i] = i;
    must(parfun_keep(more, sizeof more));
    must(parfun_keep(matrix, sizeof matrix));
    for (size_t columns = STRIDE / 2; columns <= STRIDE; columns += STRIDE / 2)
        must(PARFUN_CALL(lift, columns, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
                PARFUN_ARRAY(more), PARFUN_ARRAY(matrix)));
    expect_moved(sizeof matrix + sizeof more, 0);
    must(parfun_update_host(matrix));
    expect_moved(0, sizeof matrix);
    for (int i = 0; i < ROWS * STRIDE; i++)
        assert_int_equal(
                matrix[i], (i % STRIDE < STRIDE / 2 ? 2 : 1) * (i % STRIDE));
    must(parfun_release(more));
    must(parfun_release(matrix));
}

static void release_discards_what_only_devices_have(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    must(parfun_release(y));
    expect_y(0);
    must(try_saxpy());
    expect_y(1);
}

/* It takes no offsets: parts are moved within the device. */
static void a_kernel_with_barriers_uses_what_devices_have(void **state)
{
    static const char *const selectors[] = { "fake", "threads:1, fake" };
    static int in[N], both[2 * N];

    (void)state;
    for (unsigned s = 0; s < 2; s++) {
        begin(selectors[s], &apart, 1);
        must(parfun_set_options(
                reverse, PARFUN_OPTIONS(.fixed_partition_size = 200)));
        for (int i = 0; i < N; i++)
            in[i] = i;
        must(parfun_keep(in, sizeof in));
        must(parfun_keep(both, sizeof both));
        launches = 0;
        native_before = s ? let_the_device_begin : NULL;
        must(PARFUN_CALL(reverse, N, PARFUN_ARRAY(in), PARFUN_ARRAY(both)));
        if (s == 0)
            expect_moved(sizeof in, 0);
        must(PARFUN_CALL(reverse, N, PARFUN_ARRAY(both), PARFUN_ARRAY(both + N)));
        if (s == 0)
            expect_moved(0, 0);
        must(parfun_update_host(both));
        for (int i = 0; i < N; i++) {
            assert_int_equal(both[i], i - i % 8 + 7 - i % 8);
            assert_int_equal(both[N + i], i);
        }
        assert_true(fake_count(0, FAKE_MOVE) > 0);
        must(parfun_release(in));
        must(parfun_release(both));
        must(parfun_set_options(reverse, NULL));
        end(NULL);
    }
}

/* ---- The CPU and devices ----------------------------------------------------------------- */

static void the_cpu_reads_what_only_a_device_has(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    must(parfun_set_backend("threads:1"));
    count_from_here();
    must(try_saxpy());
    expect_moved(0, BYTES); /* y alone */
    expect_y(2);
    must(parfun_set_backend("fake"));
    must(try_saxpy());
    expect_moved(BYTES, 0); /* which the CPU has written */
    must(parfun_update_host(y));
    expect_y(3);
    must(parfun_release(x));
    must(parfun_release(y));
}

static void results_of_the_cpu_and_a_device_are_one(void **state)
{
    size_t before = 0; /* read back before the last call */

    (void)state;
    begin("threads:1, fake", &apart, 1);
    must(parfun_set_options(saxpy, PARFUN_OPTIONS(.fixed_partition_size = 10)));
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    native_before = let_the_device_begin;
    for (unsigned i = 1; i <= 20; i++) {
        launches = fake_count(0, FAKE_LAUNCH);
        before = read_out();
        must(try_saxpy());
        assert_true(fake_count(0, FAKE_LAUNCH) > launches);
        expect_y(i); /* at once, as others may have to run a partition again */
    }
    native_before = NULL;
    /* no byte of x is sent twice, and of y after the first call only what the CPU has
     * written in the one before */
    assert_true(fake_bytes_written() - written <= 2 * BYTES + 19 * BYTES - before);
    must(parfun_set_backend("fake"));
    must(try_saxpy());
    must(parfun_update_host(y));
    expect_y(21);
    must(parfun_set_options(saxpy, NULL));
    must(parfun_release(x));
    must(parfun_release(y));
}

static void each_of_two_devices_has_what_it_needs(void **state)
{
    const struct fake_device slow = { .lanes = 2, .seconds_per_item = 2e-6 };
    const struct fake_device both[2] = { slow, slow };

    (void)state;
    begin("fake", both, 2);
    must(parfun_set_options(saxpy, PARFUN_OPTIONS(.fixed_partition_size = 50)));
    must(parfun_keep(x, BYTES));
    must(parfun_keep(y, BYTES));
    for (unsigned i = 1; i <= 10; i++)
        must(try_saxpy());
    assert_true(fake_count(0, FAKE_LAUNCH) && fake_count(1, FAKE_LAUNCH));
    must(parfun_set_backend("fake:1"));
    must(try_saxpy());
    must(parfun_set_backend("fake:0"));
    must(try_saxpy());
    must(parfun_set_backend("fake"));
    must(try_saxpy());
    expect_y(13);
    must(parfun_set_options(saxpy, NULL));
    must(parfun_release(x));
    must(parfun_release(y));
}

static void a_whole_array_is_sent_once(void **state)
{
    static const char *const selectors[] = { "fake", "threads:1, fake" };
    int index[N], table[N], out[N];

    (void)state;
    for (unsigned s = 0; s < 2; s++) {
        begin(selectors[s], &apart, 1);
        must(parfun_set_options(
                gather, PARFUN_OPTIONS(.fixed_partition_size = 100)));
        for (int i = 0; i < N; i++) {
            index[i] = N - 1 - i;
            table[i] = 3 * i;
        }
        must(parfun_keep(index, sizeof index));
        must(parfun_keep(table, sizeof table));
        for (unsigned round = 0; round < 10; round++) {
            must(PARFUN_CALL(gather, N, PARFUN_ARRAY(index),
                    PARFUN_COUNTED(table, N), PARFUN_ARRAY(out)));
            for (int i = 0; i < N; i++)
                assert_int_equal(out[i], 3 * (N - 1 - i));
        }
        assert_true(fake_bytes_written() - written <= sizeof index + sizeof table);
        must(parfun_release(index));
        must(parfun_release(table));
        must(parfun_set_options(gather, NULL));
        end(NULL);
    }
}

/* As the positions of bodies: every partition sees its own, and all. */
static void a_whole_array_that_is_not_kept_is_sent_once_a_call(void **state)
{
    int index[N], table[N], out[N];

    (void)state;
    begin("fake", &apart, 1);
    must(parfun_set_options(gather, PARFUN_OPTIONS(.fixed_partition_size = 100)));
    for (int i = 0; i < N; i++) {
        index[i] = N - 1 - i;
        table[i] = 3 * i;
    }
    for (unsigned round = 0; round < 3; round++) {
        must(PARFUN_CALL(gather, N, PARFUN_ARRAY(index), PARFUN_COUNTED(table, N),
                PARFUN_ARRAY(out)));
        expect_moved(sizeof index + sizeof table, sizeof out);
        assert_int_equal(out[0], 3 * (N - 1));
    }
    must(parfun_set_options(gather, NULL));
}

static void an_array_given_twice_is_sent_once(void **state)
{
    int index[N], out[N];

    (void)state;
    begin("fake", &apart, 1);
    must(parfun_set_options(gather, PARFUN_OPTIONS(.fixed_partition_size = 100)));
    for (int i = 0; i < N; i++)
        index[i] = N - 1 - i;
    must(parfun_keep(index, sizeof index));
    must(PARFUN_CALL(gather, N, PARFUN_ARRAY(index), PARFUN_COUNTED(index, N),
            PARFUN_ARRAY(out)));
    for (int i = 0; i < N; i++)
        assert_int_equal(out[i], i);
    expect_moved(sizeof index, sizeof out);
    must(parfun_release(index));
    must(parfun_set_options(gather, NULL));
}

static void packed_results_lie_on_the_host(void **state)
{
    int in[N], kept[N];
    size_t count;

    (void)state;
    begin("fake", &apart, 1);
    for (int i = 0; i < N; i++)
        in[i] = i % 2 ? i : -i;
    must(parfun_keep(in, sizeof in));
    must(parfun_keep(kept, sizeof kept));
    must(PARFUN_CALL(
            pick, N, PARFUN_ARRAY(in), PARFUN_ARRAY(kept), PARFUN_VALUE(&count)));
    assert_int_equal(count, N / 2);
    for (int i = 0; i < N / 2; i++)
        assert_int_equal(kept[i], 2 * i + 1);
    must(parfun_release(in));
    must(parfun_release(kept));
}

static void a_device_in_the_hosts_memory_needs_no_copy(void **state)
{
    static const char *const selectors[] = { "fake", "threads:1, fake" };
    const struct fake_device shares = { .lanes = 2, .shared_memory = true };
    int in[N], out[N];

    (void)state;
    for (unsigned s = 0; s < 2; s++) {
        begin(selectors[s], &shares, 1);
        for (int i = 0; i < N; i++)
            in[i] = i;
        must(parfun_keep(in, sizeof in));
        must(parfun_keep(out, sizeof out));
        must(PARFUN_CALL(twice, N, PARFUN_ARRAY(in), PARFUN_ARRAY(out)));
        expect_moved(0, 0);
        for (int i = 0; i < N; i++)
            assert_int_equal(out[i], 2 * i);
        must(parfun_release(in));
        must(parfun_release(out));
        end(NULL);
    }
}

/* ---- The library's end ------------------------------------------------------------------- */

static void shutdown_brings_the_newest_to_the_host(void **state)
{
    (void)state;
    begin("fake", &apart, 1);
    must(parfun_keep(y, BYTES));
    must(try_saxpy());
    must(parfun_shutdown());
    expect_y(1);
    must(parfun_set_backend("fake"));
    must(try_saxpy()); /* it is still kept */
    count_from_here();
    must(try_saxpy());
    expect_moved(BYTES, 0);
    must(parfun_update_host(y));
    expect_y(3);
    must(parfun_release(y));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(the_second_call_on_a_device_moves_nothing, end),
        cmocka_unit_test_teardown(only_what_the_program_wrote_is_sent_again, end),
        cmocka_unit_test_teardown(what_is_only_written_is_never_sent, end),
        cmocka_unit_test_teardown(several_arrays_may_share_a_range, end),
        cmocka_unit_test_teardown(columns_stay_with_what_lies_between_them, end),
        cmocka_unit_test_teardown(release_discards_what_only_devices_have, end),
        cmocka_unit_test_teardown(
                a_kernel_with_barriers_uses_what_devices_have, end),
        cmocka_unit_test_teardown(the_cpu_reads_what_only_a_device_has, end),
        cmocka_unit_test_teardown(results_of_the_cpu_and_a_device_are_one, end),
        cmocka_unit_test_teardown(each_of_two_devices_has_what_it_needs, end),
        cmocka_unit_test_teardown(a_whole_array_is_sent_once, end),
        cmocka_unit_test_teardown(
                a_whole_array_that_is_not_kept_is_sent_once_a_call, end),
        cmocka_unit_test_teardown(an_array_given_twice_is_sent_once, end),
        cmocka_unit_test_teardown(packed_results_lie_on_the_host, end),
        cmocka_unit_test_teardown(a_device_in_the_hosts_memory_needs_no_copy, end),
        cmocka_unit_test_teardown(shutdown_brings_the_newest_to_the_host, end),
    };

    return cmocka_run_group_tests_name("keep", tests, set_up, tear_down);
}
