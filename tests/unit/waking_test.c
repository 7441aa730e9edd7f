/* SPDX-License-Identifier: Apache-2.0 */
/* waking_test.c: no late waking lasts. */
#include "runtime/waking.h"

#include "support/cmocka.h"

#include <math.h>

static void finds_the_time_of_quick_wakings(void **state)
{
    struct pf_waking waking = pf_waking_unknown;

    (void)state;
    for (int i = 0; i < 100; i++)
        pf_waking_learn(&waking.first_s, 7e-6);
    assert_true(fabs(waking.first_s - 7e-6) < 0.1e-6);
    for (int i = 0; i < 100; i++)
        pf_waking_learn(&waking.first_s, 50e-6);
    assert_true(fabs(waking.first_s - 50e-6) < 2e-6);
}

static void is_not_ruled_by_late_ones(void **state)
{
    struct pf_waking waking = pf_waking_unknown;

    (void)state;
    for (int i = 0; i < 300; i++)
        pf_waking_learn(&waking.first_s, i % 3 ? 20e-3 : 30e-6);
    assert_true(waking.first_s < 100e-6);
    pf_waking_learn(&waking.first_s, 1e9);
    assert_true(waking.first_s < 110e-6);
    pf_waking_learn(&waking.first_s, NAN);
    assert_true(waking.first_s < 110e-6);
}

static void forgets_what_no_call_confirms(void **state)
{
    struct pf_waking waking = { 20e-3, 1e-3 };

    (void)state;
    for (int i = 0; i < 1000; i++)
        pf_waking_fade(&waking);
    assert_true(fabs(waking.first_s - pf_waking_unknown.first_s) < 1e-6);
    assert_true(fabs(waking.next_s - pf_waking_unknown.next_s) < 1e-6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_time_of_quick_wakings),
        cmocka_unit_test(is_not_ruled_by_late_ones),
        cmocka_unit_test(forgets_what_no_call_confirms),
    };

    return cmocka_run_group_tests_name("waking", tests, NULL, NULL);
}
