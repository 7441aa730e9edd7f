/* SPDX-License-Identifier: Apache-2.0 */
/*
 * idle_test.c: a device hangs while there are items that nobody else takes: they wait
 * for what it has in hand, or are not wanted any more.  The call ends all the same.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <parfun.h>

#include <stdatomic.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

enum { ITEMS = 2000, SIZE = 10, BINS = 7, PATIENCE = 20000, SECONDS = 60 };

static int bin[ITEMS];
static int bins = BINS;
static unsigned counts[BINS];
static atomic_size_t wanted; /* launches on the first device */

/* Threads wait until the device has something in hand. */
static void let_the_device_begin(void)
{
    if (fake_is_running())
        return;
    for (int i = 0; i < PATIENCE && fake_count(0, FAKE_LAUNCH) < wanted; i++)
        nanosleep(&(struct timespec){ .tv_nsec = 100000 }, NULL);
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static enum parfun_status add_counts(
        struct parfun_results *results, void *combined, void *user)
{
    const size_t *most = user;
    unsigned *total = combined;
    struct parfun_partition *part;

    let_the_device_begin();
    for (size_t n = 0; n < *most; n++) {
        const enum parfun_status status = parfun_next(results, &part);

        if (status || !part)
            return status;
        const unsigned *some = parfun_argument(part, "counts");

        for (unsigned b = 0; b < BINS; b++)
            total[b] += some[b];
    }
    return PARFUN_OK;
}

static enum parfun_status by_tens(struct parfun_split *split, size_t size,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    if (!size)
        return PARFUN_OK;
    piece->first += piece->count;
    piece->count = parfun_split_items(split) - piece->first;
    if (piece->count > SIZE)
        piece->count = SIZE;
    return PARFUN_OK;
}

static void count_all(struct parfun_function *function)
{
    unsigned all = 0;

    for (unsigned b = 0; b < BINS; b++)
        counts[b] = 0;
    must(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(bin), PARFUN_VALUE(&bins),
            PARFUN_ARRAY(counts)));
    for (unsigned b = 0; b < BINS; b++)
        all += counts[b];
    assert_int_equal(all, ITEMS);
}

/* Calls it with the first device hanging, after so many launches more. */
static void hang(unsigned launches, void (*call)(struct parfun_function *function),
        struct parfun_function *function)
{
    atomic_store(&wanted, fake_count(0, FAKE_LAUNCH) + launches);
    fake_fail(&(struct fake_failure){ .device = FAKE_ANY,
            .call = FAKE_LAUNCH,
            .hangs = true,
            .for_ever = true });
    call(function);
    assert_true(fake_count(0, FAKE_LAUNCH) >= wanted);
}

static int set_up(void **state)
{
    (void)state;
    for (int i = 0; i < ITEMS; i++)
        bin[i] = i % BINS;
    (void)alarm(SECONDS); /* instead of a test that never ends */
    native_before = let_the_device_begin;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    native_before = NULL;
    must(parfun_shutdown());
    fake_wake();
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
    (void)alarm(0);
    return 0;
}

static void use_devices(const char *selector, unsigned count)
{
    fake_set_devices(
            (const struct fake_device[]){ { .lanes = 3 }, { .lanes = 3 } }, count);
    must(parfun_set_backend(selector));
}

static struct parfun_function *make_counting(size_t *most)
{
    struct parfun_function *function;

    must(parfun_function_create(&native_count,
            PARFUN_OPTIONS(.clauses = "split(bin) combine(each(n): counts)",
                    .combiner = add_counts, .user = most,
                    .fixed_partition_size = SIZE),
            &function));
    return function;
}

/* No more results may wait, and the next one in order is in its hands. */
static void results_that_wait_for_a_hung_device_are_not_waited_for(void **state)
{
    size_t most = SIZE_MAX;
    struct parfun_function *function;

    (void)state;
    use_devices("threads:2, fake", 1);
    function = make_counting(&most);
    atomic_store(&wanted, 1);
    count_all(function); /* finds out what the device takes */
    hang(3, count_all, function);
    parfun_function_destroy(function);
}

static void of_two_hung_devices_neither_is_waited_for(void **state)
{
    size_t most = SIZE_MAX;
    struct parfun_function *function;

    (void)state;
    use_devices("threads:2, fake", 2);
    function = make_counting(&most);
    atomic_store(&wanted, 1);
    count_all(function);
    hang(1, count_all, function);
    parfun_function_destroy(function);
}

static void count_some(struct parfun_function *function)
{
    must(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(bin), PARFUN_VALUE(&bins),
            PARFUN_ARRAY(counts)));
}

static void a_combiner_that_stops_early_does_not_wait_for_a_hung_device(
        void **state)
{
    size_t most = SIZE_MAX;
    struct parfun_function *function;

    (void)state;
    use_devices("threads:2, fake", 1);
    function = make_counting(&most);
    atomic_store(&wanted, 1);
    count_all(function);
    most = 0;
    hang(1, count_some, function);
    parfun_function_destroy(function);
}

/* The device has all the pieces that may be made before one has run. */
static void finish_late(struct parfun_function *function)
{
    const struct parfun_value values[] = { PARFUN_ARRAY(bin), PARFUN_VALUE(&bins),
        PARFUN_ARRAY(counts) };
    struct parfun_running *running;

    must(parfun_start(function, ITEMS, values, 3, &running));
    let_the_device_begin();
    must(parfun_finish(running));
}

static void a_generator_goes_on_without_a_hung_device(void **state)
{
    struct parfun_function *function;

    (void)state;
    use_devices("threads:1, fake", 1);
    must(parfun_function_create(&native_count,
            PARFUN_OPTIONS(.clauses = "split(by(tens): bin) "
                                      "combine(accumulate(sum, n): counts)",
                    .generators =
                            (const struct parfun_named_generator[]){
                                    { "tens", by_tens }, { 0 } }),
            &function));
    atomic_store(&wanted, 1);
    count_all(function);
    hang(3, finish_late, function);
    parfun_function_destroy(function);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                results_that_wait_for_a_hung_device_are_not_waited_for, set_up,
                tear_down),
        cmocka_unit_test_setup_teardown(
                of_two_hung_devices_neither_is_waited_for, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_combiner_that_stops_early_does_not_wait_for_a_hung_device, set_up,
                tear_down),
        cmocka_unit_test_setup_teardown(
                a_generator_goes_on_without_a_hung_device, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("fault.idle", tests, NULL, NULL);
}
