/* SPDX-License-Identifier: Apache-2.0 */
/*
 * python_estimator_test.c: the Python library's estimator, by numbers of its own
 * tests and by samples worked out by hand.
 */
#include "support/cmocka.h"

#include "runtime/python_estimator.h"

#include <math.h>

static const size_t learning[] = { 64, 8, 96, 32, 256, 1, 128, 48, 4 };

/* What a partition takes at alpha + beta / size nanoseconds an item. */
static uint64_t duration(double alpha, double beta, size_t size)
{
    return (uint64_t)llround(alpha * (double)size + beta);
}

static void assert_near(double value, double expected, double relative)
{
    if (!(fabs(value - expected) <= relative * fabs(expected)))
        fail_msg("%.9g is not %.9g", value, expected);
}

static void learns_from_the_nine_sizes_in_turn(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (unsigned i = 0; i < 20; i++)
        assert_int_equal(pf_python_estimator_next(&estimator), learning[i % 9]);
    assert_false(pf_python_estimator_look(&estimator).running);
}

static void runs_from_the_fifth_sample_on(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (unsigned i = 0; i < 5; i++) {
        const size_t size = pf_python_estimator_next(&estimator);

        assert_false(pf_python_estimator_look(&estimator).running);
        pf_python_estimator_add(&estimator, size, duration(1000, 49975, size));
    }
    assert_true(pf_python_estimator_look(&estimator).running);
    assert_int_equal(pf_python_estimator_next(&estimator), 1000);
}

static void finds_the_size_of_known_coefficients(void **state)
{
    const double alpha = 43000.76, beta = 18700000.233;
    struct pf_python_estimator estimator = { 0 };
    struct pf_python_estimate estimate;

    (void)state;
    for (unsigned i = 0; i < 9; i++)
        pf_python_estimator_add(
                &estimator, learning[i], duration(alpha, beta, learning[i]));
    estimate = pf_python_estimator_look(&estimator);
    assert_true(estimate.running);
    assert_near(estimate.alpha, alpha, 1e-4);
    assert_near(estimate.beta, beta, 1e-6);
    assert_int_equal(estimate.size, 8698);
    assert_int_equal(pf_python_estimator_next(&estimator), 8698);
}

/* An item takes longer in larger partitions: no overhead explains that. */
static void learns_on_while_no_overhead_explains_the_samples(void **state)
{
    struct pf_python_estimator estimator = { 0 };
    struct pf_python_estimate estimate;

    (void)state;
    for (unsigned i = 0; i < 9; i++)
        pf_python_estimator_add(
                &estimator, learning[i], learning[i] * learning[i] * 100);
    estimate = pf_python_estimator_look(&estimator);
    assert_true(estimate.running);
    assert_true(estimate.alpha <= 0 && estimate.beta <= 0);
    assert_int_equal(pf_python_estimator_next(&estimator), 64);
    assert_int_equal(pf_python_estimator_next(&estimator), 8);
}

static void ignores_partitions_without_items(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    pf_python_estimator_add(&estimator, 0, 1000);
    assert_int_equal(estimator.count, 0);
}

static void looking_changes_nothing(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(pf_python_estimator_look(&estimator).size, 64);
    assert_int_equal(estimator.turn, 0);
}

static void assert_sorted(const struct pf_python_estimator *estimator)
{
    for (unsigned i = 1; i < estimator->count; i++)
        assert_true(estimator->sample[i - 1].size <= estimator->sample[i].size);
}

static size_t count_of(const struct pf_python_estimator *estimator, size_t size)
{
    size_t count = 0;

    for (unsigned i = 0; i < estimator->count; i++)
        count += estimator->sample[i].size == size;
    return count;
}

static void replaces_the_sample_of_the_nearest_size(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (size_t i = 100; i > 0; i--)
        pf_python_estimator_add(&estimator, 10 * i, 10 * i * 7);
    assert_int_equal(estimator.count, PF_PYTHON_ESTIMATOR_SAMPLES);
    assert_sorted(&estimator);

    pf_python_estimator_add(&estimator, 493, 493 * 7); /* 500 comes next */
    assert_int_equal(count_of(&estimator, 500), 0);
    assert_int_equal(count_of(&estimator, 493), 1);
    pf_python_estimator_add(&estimator, 5000, 5000 * 7);
    assert_int_equal(count_of(&estimator, 1000), 0);
    assert_int_equal(count_of(&estimator, 5000), 1);
    pf_python_estimator_add(&estimator, 1, 7);
    assert_int_equal(count_of(&estimator, 10), 0);
    assert_int_equal(count_of(&estimator, 1), 1);
    assert_int_equal(estimator.count, PF_PYTHON_ESTIMATOR_SAMPLES);
    assert_sorted(&estimator);
}

/* The samples of the learning sizes survive those of the estimate. */
static void keeps_old_sizes_however_many_partitions_follow(void **state)
{
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (unsigned i = 0; i < 1000; i++) {
        const size_t size = pf_python_estimator_next(&estimator);

        pf_python_estimator_add(
                &estimator, size, duration(43000.76, 18700000.233, size));
        assert_sorted(&estimator);
    }
    assert_int_equal(count_of(&estimator, 64), 1);
    assert_int_equal(count_of(&estimator, 8), 1);
    assert_int_equal(pf_python_estimator_next(&estimator), 8698);
}

static void survives_any_durations(void **state)
{
    static const uint64_t lies[] = { 0, 1, UINT64_MAX, UINT64_MAX - 1, 1000000 };
    struct pf_python_estimator estimator = { 0 };

    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        pf_python_estimator_add(
                &estimator, i % 3 ? (size_t)1 << (i % 60) : SIZE_MAX, lies[i % 5]);
        assert_true(pf_python_estimator_next(&estimator) >= 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(learns_from_the_nine_sizes_in_turn),
        cmocka_unit_test(runs_from_the_fifth_sample_on),
        cmocka_unit_test(finds_the_size_of_known_coefficients),
        cmocka_unit_test(learns_on_while_no_overhead_explains_the_samples),
        cmocka_unit_test(ignores_partitions_without_items),
        cmocka_unit_test(looking_changes_nothing),
        cmocka_unit_test(replaces_the_sample_of_the_nearest_size),
        cmocka_unit_test(keeps_old_sizes_however_many_partitions_follow),
        cmocka_unit_test(survives_any_durations),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
