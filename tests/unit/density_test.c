/* SPDX-License-Identifier: Apache-2.0 */
/* density_test.c: where in a call the work lies, learned from its partitions. */
#include "support/cmocka.h"

#include "runtime/density.h"

#include <math.h>

enum { PARTS = 32 };

static double uniform(double position)
{
    return position;
}

/* The second half costs eight times the first. */
static double uneven(double position)
{
    return position < 0.5 ? position : 0.5 + 8 * (position - 0.5);
}

/* Learns from `calls` calls, each of PARTS partitions, dealt to two classes of
 * which the second is 20 times as fast. */
static void learn(
        struct pf_density *density, double (*cost)(double position), unsigned calls)
{
    for (unsigned call = 0; call < calls; call++) {
        struct pf_density_sample samples[PARTS];
        double rescale[PF_DENSITY_CLASSES], scatter[PF_DENSITY_CLASSES];

        for (unsigned i = 0; i < PARTS; i++) {
            const unsigned c = (i + call) % 2;
            const double begin = (double)i / (double)PARTS,
                         end = (i + 1.0) / (double)PARTS;

            samples[i] = (struct pf_density_sample){ c, begin, end,
                (cost(end) - cost(begin)) * (c ? 1 : 20) };
        }
        pf_density_learn(density, samples, PARTS, rescale, scatter);
    }
}

static void is_flat_at_first_and_not_trusted(void **state)
{
    struct pf_density density;

    (void)state;
    pf_density_init(&density);
    assert_true(pf_density_valid(&density));
    assert_false(pf_density_trusted(&density));
    for (double at = 0; at <= 1; at += 0.125)
        assert_true(fabs(pf_density_work(&density, at) - at) < 1e-12);
}

static void stays_flat_for_equal_items_whatever_the_devices_speeds(void **state)
{
    struct pf_density density;

    (void)state;
    pf_density_init(&density);
    learn(&density, uniform, 20);
    for (double at = 0; at <= 1; at += 0.125)
        assert_true(fabs(pf_density_work(&density, at) - at) < 0.01);
    assert_true(pf_density_valid(&density));
}

static void learns_where_the_work_lies(void **state)
{
    struct pf_density density;

    (void)state;
    pf_density_init(&density);
    learn(&density, uneven, 20);
    assert_true(pf_density_trusted(&density));
    assert_true(fabs(pf_density_work(&density, 0.5) - 1.0 / 9) < 0.02);
    assert_true(fabs(pf_density_work(&density, 0.75) - 5.0 / 9) < 0.03);
    assert_true(pf_density_valid(&density));
}

static void positions_and_work_are_each_others_inverse(void **state)
{
    struct pf_density density;

    (void)state;
    pf_density_init(&density);
    learn(&density, uneven, 20);
    for (double at = 0; at <= 1; at += 1.0 / 64) {
        const double work = pf_density_work(&density, at);

        assert_true(work >= 0 && work <= 1);
        assert_true(fabs(pf_density_position(&density, work) - at) < 1e-6);
    }
    assert_true(pf_density_work(&density, 0) == 0);
    assert_true(fabs(pf_density_work(&density, 1) - 1) < 1e-12);
}

static void tells_a_damaged_density(void **state)
{
    struct pf_density density;

    (void)state;
    pf_density_init(&density);
    density.to[10] = NAN;
    assert_false(pf_density_valid(&density));
    pf_density_init(&density);
    density.to[10] = density.to[9] - 0.01;
    assert_false(pf_density_valid(&density));
    pf_density_init(&density);
    density.calls = -1;
    assert_false(pf_density_valid(&density));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_flat_at_first_and_not_trusted),
        cmocka_unit_test(stays_flat_for_equal_items_whatever_the_devices_speeds),
        cmocka_unit_test(learns_where_the_work_lies),
        cmocka_unit_test(positions_and_work_are_each_others_inverse),
        cmocka_unit_test(tells_a_damaged_density),
    };

    return cmocka_run_group_tests_name("density", tests, NULL, NULL);
}
