/* SPDX-License-Identifier: Apache-2.0 */
/* times_test.c: what the profile says of the caller's own functions.  They sleep, and
 * a sleep is never shorter than asked for. */
#include "functions/cuts.h"
#include "functions/functions.h"

#include <stdint.h>
#include <time.h>

enum { ITEMS = 1000, SIZE = 100, PIECES = ITEMS / SIZE, SLEEP_NS = 5000000 };

static int x[ITEMS];

static void sleep_a_while(void)
{
    const struct timespec time = { .tv_nsec = SLEEP_NS };

    (void)nanosleep(&time, NULL);
}

static enum parfun_status set(struct parfun_partition *part, void *user)
{
    (void)user;
    *(int *)parfun_argument(part, "result") = 1;
    return PARFUN_OK;
}

static enum parfun_status combine_slowly(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    (void)user;
    while (!(status = parfun_next(results, &part)) && part) {
        *(int *)combined += *(const int *)parfun_argument(part, "result");
        sleep_a_while();
    }
    return status;
}

static enum parfun_status combine_fast(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *part;
    enum parfun_status status;

    (void)user;
    while (!(status = parfun_next(results, &part)) && part)
        *(int *)combined += *(const int *)parfun_argument(part, "result");
    return status;
}

static enum parfun_status cut(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return cut_as_wanted(split, wanted, piece, user);
}

static enum parfun_status cut_slowly(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    sleep_a_while();
    return cut_as_wanted(split, wanted, piece, user);
}

static struct parfun_profile profile_of(
        parfun_generator *generator, parfun_combiner *combiner)
{
    const struct parfun_named_generator generators[] = { { "g", generator },
        { 0 } };
    struct parfun_function *function = make("set", "const int *x, int *result", set,
            PARFUN_OPTIONS(.clauses = generator
                            ? "split(by(g): x) combine(each(1): result)"
                            : "split(x) combine(each(1): result)",
                    .generators = generator ? generators : NULL,
                    .combiner = combiner, .fixed_partition_size = SIZE));
    struct parfun_profile profile = { .size = sizeof profile };
    int result = 0;

    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_VALUE(&result)));
    MUST(parfun_get_profile(function, &profile));
    assert_int_equal(result, PIECES);
    parfun_function_destroy(function);
    return profile;
}

static void combining_is_not_partitioning(void **state)
{
    static parfun_generator *const generators[] = { NULL, cut };

    (void)state;
    for (size_t i = 0; i < sizeof generators / sizeof *generators; i++) {
        const struct parfun_profile profile =
                profile_of(generators[i], combine_slowly);

        assert_true(profile.combining_ns >= (uint64_t)PIECES * SLEEP_NS);
        assert_true(profile.partitioning_ns < profile.combining_ns / 2);
    }
}

static void a_generators_work_is_partitioning(void **state)
{
    const struct parfun_profile profile = profile_of(cut_slowly, combine_fast);

    (void)state;
    assert_true(profile.partitioning_ns >= (uint64_t)PIECES * SLEEP_NS);
}

/* ---- Progress ----------------------------------------------------------------------- */

enum { LONG_NS = 40000000, REPORT_NS = 300000000 };

static enum parfun_status set_slowly(struct parfun_partition *part, void *user)
{
    const struct timespec time = { .tv_nsec = LONG_NS };

    (void)nanosleep(&time, NULL);
    return set(part, user);
}

static bool report_slowly(size_t done, size_t items, void *user)
{
    const struct timespec time = { .tv_nsec = REPORT_NS };

    (void)done, (void)items;
    *(bool *)user = true;
    (void)nanosleep(&time, NULL);
    return true;
}

/* With many threads it may have to report the end alone. */
static void a_progress_functions_work_is_not_partitioning(void **state)
{
    bool reported = false;
    struct parfun_function *function = make("set_slowly", "int *result", set_slowly,
            PARFUN_OPTIONS(.clauses = "combine(result)", .progress = report_slowly,
                    .user = &reported, .fixed_partition_size = SIZE));
    struct parfun_profile profile = { .size = sizeof profile };
    static int result[ITEMS];

    (void)state;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(result)));
    MUST(parfun_get_profile(function, &profile));
    assert_true(reported);
    assert_true(profile.wall_ns >= REPORT_NS);
    assert_true(profile.partitioning_ns < REPORT_NS);
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(combining_is_not_partitioning),
        cmocka_unit_test(a_generators_work_is_partitioning),
        cmocka_unit_test(a_progress_functions_work_is_not_partitioning),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
