/* SPDX-License-Identifier: Apache-2.0 */
/* deadline_test.c: when partitions are late, and when they hang. */
#include "runtime/deadline.h"
#include "support/cmocka.h"

#include <math.h>

static const uint64_t SECOND = 1000000000, NOW = 5;

static void late_is_ten_times_and_hung_a_thousand_times_as_long(void **state)
{
    const struct pf_deadline deadline = pf_deadline_of(NOW, 2, 60);

    (void)state;
    assert_int_equal(deadline.late_ns, NOW + 20 * SECOND);
    assert_int_equal(deadline.hung_ns, NOW + 2000 * SECOND);
}

static void short_ones_are_given_time(void **state)
{
    const struct pf_deadline deadline = pf_deadline_of(NOW, 1e-6, 60);

    (void)state;
    assert_int_equal(deadline.late_ns, NOW + SECOND / 10);
    assert_int_equal(deadline.hung_ns, NOW + 60 * SECOND);
}

static void what_nobody_can_predict_never_hangs(void **state)
{
    static const double unknown[] = { 0, -1, NAN };

    (void)state;
    for (int i = 0; i < 3; i++) {
        const struct pf_deadline deadline = pf_deadline_of(NOW, unknown[i], 60);

        assert_int_equal(deadline.late_ns, NOW + 10 * SECOND);
        assert_true(deadline.hung_ns == UINT64_MAX);
    }
}

static void centuries_are_for_ever(void **state)
{
    const struct pf_deadline deadline = pf_deadline_of(NOW, 1e300, 60);

    (void)state;
    assert_true(deadline.late_ns == UINT64_MAX && deadline.hung_ns == UINT64_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(late_is_ten_times_and_hung_a_thousand_times_as_long),
        cmocka_unit_test(short_ones_are_given_time),
        cmocka_unit_test(what_nobody_can_predict_never_hangs),
        cmocka_unit_test(centuries_are_for_ever),
    };
    return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
