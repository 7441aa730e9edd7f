/* SPDX-License-Identifier: Apache-2.0 */
/* rhythm_test.c: when threads are woken for the calls to come.  Time is a number. */
#include "support/cmocka.h"

#include "runtime/rhythm.h"

enum { SOON = 20000, LATE = 1000000 };

/* How often it says so in `calls` calls, so many nanoseconds from one to the next. */
static unsigned count(
        struct pf_rhythm *rhythm, uint64_t *now, uint64_t period, unsigned calls)
{
    unsigned times = 0;

    for (unsigned i = 0; i < calls; i++)
        times += pf_rhythm_invests(rhythm, *now += period);
    return times;
}

static void calls_far_apart_are_no_reason(void **state)
{
    struct pf_rhythm rhythm = { 0 };
    uint64_t now = LATE;

    (void)state;
    assert_int_equal(count(&rhythm, &now, LATE, 1000), 0);
}

static void a_few_calls_close_together_are_no_reason(void **state)
{
    struct pf_rhythm rhythm = { 0 };
    uint64_t now = LATE;

    (void)state;
    for (unsigned i = 0; i < 100; i++) {
        assert_int_equal(count(&rhythm, &now, SOON, 5), 0);
        assert_int_equal(count(&rhythm, &now, LATE, 1), 0);
    }
}

static void many_are_a_reason_but_ever_more_seldom(void **state)
{
    struct pf_rhythm rhythm = { 0 };
    uint64_t now = LATE;

    (void)state;
    assert_int_equal(count(&rhythm, &now, SOON, 9), 1);
    assert_int_equal(count(&rhythm, &now, SOON, 1000), 6); /* 16 ... 512 */
    assert_true(count(&rhythm, &now, SOON, 400000) < 12);
}

static void a_pause_begins_anew(void **state)
{
    struct pf_rhythm rhythm = { 0 };
    uint64_t now = LATE;

    (void)state;
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(count(&rhythm, &now, SOON, 10), 1);
        assert_int_equal(count(&rhythm, &now, LATE, 1), 0);
    }
}

static void it_goes_on_for_ever(void **state)
{
    struct pf_rhythm rhythm = { 0 };
    uint64_t now = LATE;

    (void)state;
    assert_true(count(&rhythm, &now, SOON, 3000000) > 20);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(calls_far_apart_are_no_reason),
        cmocka_unit_test(a_few_calls_close_together_are_no_reason),
        cmocka_unit_test(many_are_a_reason_but_ever_more_seldom),
        cmocka_unit_test(a_pause_begins_anew),
        cmocka_unit_test(it_goes_on_for_ever),
    };

    return cmocka_run_group_tests_name("rhythm", tests, NULL, NULL);
}
