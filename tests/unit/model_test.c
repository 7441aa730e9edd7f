/* SPDX-License-Identifier: Apache-2.0 */
/* model_test.c: what is learned from samples whose law is known. */
#include "support/cmocka.h"

#include "runtime/model.h"

#include <math.h>

enum { CPU, GPU, CLASSES };

static const struct pf_device_facts facts[CLASSES] = {
    { .overhead_s = 1e-6, .width = 1, .relative_speed = 1, .multiple = 1 },
    { .launch_s = 1e-5,
            .overhead_s = 2e-5,
            .width = 10000,
            .relative_speed = 20,
            .multiple = 1 },
};

static void observe(
        struct pf_model *model, unsigned class_, double work, double seconds)
{
    (void)pf_model_observe(model, class_, work, seconds);
    pf_model_fit(model, class_, &facts[class_], class_ == CPU);
}

static void assert_near(double got, double wanted, double part)
{
    if (!(fabs(got - wanted) <= part * fabs(wanted)))
        fail_msg("%g, where %g is right", got, wanted);
}

/* Partitions of a CPU that takes 5 us and 3 ns an item. */
static void observe_line(struct pf_model *model)
{
    for (unsigned round = 0; round < 3; round++)
        for (double work = 1000; work < 1e6; work *= 4)
            observe(model, CPU, work, 5e-6 + 3e-9 * work);
}

static void knows_nothing_at_first(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    assert_true(pf_model_valid(&model));
    for (unsigned c = 0; c < CLASSES; c++)
        assert_true(pf_model_predict(&model, c, 1000) == 0);
}

static void recovers_a_line(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    observe_line(&model);
    assert_near(model.device_class[CPU].seconds_per_item, 3e-9, 0.01);
    assert_near(model.device_class[CPU].overhead_s, 5e-6, 0.05);
    assert_near(pf_model_predict(&model, CPU, 5e5), 5e-6 + 1.5e-3, 0.02);
    assert_true(pf_model_predict(&model, GPU, 1000) == 0);
    assert_true(pf_model_valid(&model));
}

static void one_size_gives_a_rate_with_the_guessed_overhead(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    observe(&model, CPU, 100000, 1e-6 + 2e-4);
    assert_near(model.device_class[CPU].overhead_s, 1e-6, 0.01);
    assert_near(model.device_class[CPU].seconds_per_item, 2e-9, 0.01);
}

static void no_partition_costs_less_than_an_empty_one(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (double work = 1000; work < 1e6; work *= 4) /* through the origin */
        observe(&model, CPU, work, 3e-9 * work);
    assert_true(model.device_class[CPU].overhead_s >= facts[CPU].overhead_s);
    assert_true(model.device_class[CPU].seconds_per_item > 0);
}

/* 20 us to launch, 100 us for anything that does not fill the device, which has
 * 10,000 places; 10 ns an item from there on. */
static void sees_that_small_kernels_take_as_long_as_each_other(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (unsigned round = 0; round < 3; round++)
        for (double work = 100; work < 1e7; work *= 4)
            observe(&model, GPU, work, 2e-5 + fmax(1e-4, 1e-8 * work));
    assert_near(model.device_class[GPU].seconds_per_item, 1e-8, 0.02);
    assert_near(pf_model_predict(&model, GPU, 100), 1.2e-4, 0.1);
    assert_near(pf_model_predict(&model, GPU, 5000), 1.2e-4, 0.1);
    assert_near(pf_model_predict(&model, GPU, 1e6), 2e-5 + 1e-2, 0.02);
}

static void one_disturbed_sample_changes_little(void **state)
{
    struct pf_model model;
    double before, after;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (unsigned i = 0; i < 8; i++)
        observe(&model, CPU, 100000, 3e-4);
    before = pf_model_predict(&model, CPU, 100000);
    observe(&model, CPU, 100000, 1000 * 3e-4);
    after = pf_model_predict(&model, CPU, 100000);
    assert_true(after >= before);
    assert_true(after < 1.3 * before);
}

static void a_true_change_is_learned_in_a_few_calls(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (unsigned i = 0; i < 20; i++)
        observe(&model, CPU, 100000, 3e-4);
    for (unsigned call = 0; call < 10; call++) {
        model.calls += 1;
        observe(&model, CPU, 100000, 3e-3);
    }
    assert_near(pf_model_predict(&model, CPU, 100000), 3e-3, 0.1);
    for (unsigned call = 0; call < 10; call++) {
        model.calls += 1;
        observe(&model, CPU, 100000, 3e-4);
    }
    assert_near(pf_model_predict(&model, CPU, 100000), 3e-4, 0.1);
}

static void old_sizes_fade_when_they_are_not_seen_again(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (unsigned i = 0; i < 8; i++)
        observe(&model, CPU, 1000, 1e-2); /* a hundred times too slow */
    for (unsigned call = 0; call < 40; call++) {
        model.calls += 1;
        observe(&model, CPU, 1000000, 3e-3);
    }
    assert_near(pf_model_predict(&model, CPU, 1000000), 3e-3, 0.02);
    assert_near(model.device_class[CPU].overhead_s, 1e-6, 0.1);
}

static void is_not_impressed_by_nonsense(void **state)
{
    static const double nonsense[] = { 0, -1, NAN, INFINITY, -INFINITY, 1e300 };
    struct pf_model model;
    double before;

    (void)state;
    pf_model_init(&model, CLASSES);
    observe_line(&model);
    before = pf_model_predict(&model, CPU, 12345);
    for (unsigned i = 0; i < sizeof nonsense / sizeof *nonsense; i++) {
        observe(&model, CPU, 1000, nonsense[i]);
        observe(&model, CPU, nonsense[i], 1e-3);
    }
    assert_near(pf_model_predict(&model, CPU, 12345), before, 1e-9);
    assert_true(pf_model_valid(&model));
}

/* A call in which a device ran so many partitions; each costs what `cost` says of its
 * number and the call's. */
static void learn_call(struct pf_model *model, unsigned parts,
        double (*cost)(unsigned part, unsigned call))
{
    struct pf_density_sample samples[32];
    const unsigned call = (unsigned)model->calls;

    for (unsigned i = 0; i < parts; i++)
        samples[i] = (struct pf_density_sample){ GPU, (double)i / parts,
            (i + 1.0) / parts, cost(i, call) };
    pf_model_learn_density(model, samples, parts);
    model->calls += 1;
}

static double cost_of_rising(unsigned part, unsigned call)
{
    (void)call;
    return 1e-3 * (1 + part);
}

/* In every call other partitions hold a costly item. */
static double cost_of_few(unsigned part, unsigned call)
{
    return (5 * part + 3 * call) % 7 == 0 ? 10e-3 : 1e-3;
}

static bool scatters(double (*cost)(unsigned part, unsigned call))
{
    struct pf_model model;

    pf_model_init(&model, CLASSES);
    for (unsigned call = 0; call < 6; call++)
        learn_call(&model, 32, cost);
    assert_true(pf_model_valid(&model));
    assert_false(pf_model_is_scattered(&model.device_class[CPU]));
    return pf_model_is_scattered(&model.device_class[GPU]);
}

static void tells_a_few_costly_items_from_costs_that_rise(void **state)
{
    (void)state;
    assert_false(scatters(cost_of_rising));
    assert_true(scatters(cost_of_few));
}

/* Who is given everything at once shows nothing that could tell. */
static void doubts_that_times_scatter_when_it_sees_none_for_long(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    for (unsigned call = 0; call < 6; call++)
        learn_call(&model, 32, cost_of_few);
    learn_call(&model, 2, cost_of_few);
    assert_true(pf_model_is_scattered(&model.device_class[GPU]));
    for (unsigned call = 0; call < 40; call++)
        learn_call(&model, 2, cost_of_few);
    assert_false(pf_model_is_scattered(&model.device_class[GPU]));
}

static void remembers_the_longest_partition_of_the_last_calls(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    observe(&model, GPU, 20000, 1);
    observe(&model, GPU, 80000, 2e-3);
    assert_near(model.device_class[GPU].longest_s, 1, 1e-9);
    model.calls = 4;
    observe(&model, GPU, 80000, 2e-3);
    assert_near(model.device_class[GPU].longest_s, 2e-3, 1e-9);
}

static void forgets_one_class_alone(void **state)
{
    struct pf_model model;

    (void)state;
    pf_model_init(&model, CLASSES);
    observe_line(&model);
    observe(&model, GPU, 1000, 1e-3);
    observe(&model, GPU, 1000, 1e-3);
    pf_model_forget(&model, CPU);
    assert_true(pf_model_predict(&model, CPU, 1000) == 0);
    assert_true(pf_model_predict(&model, GPU, 1000) > 0);
}

static void tells_a_damaged_model(void **state)
{
    struct pf_model good, bad;

    (void)state;
    pf_model_init(&good, CLASSES);
    observe_line(&good);
    bad = good;
    bad.version++;
    assert_false(pf_model_valid(&bad));
    bad = good;
    bad.classes = PF_MODEL_CLASSES + 1;
    assert_false(pf_model_valid(&bad));
    bad = good;
    bad.device_class[1].seconds_per_item = NAN;
    assert_false(pf_model_valid(&bad));
    bad = good;
    bad.device_class[0].cell[12].seconds = -1;
    assert_false(pf_model_valid(&bad));
    bad = good;
    bad.density.to[5] = 2;
    assert_false(pf_model_valid(&bad));
    assert_true(pf_model_valid(&good));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_nothing_at_first),
        cmocka_unit_test(recovers_a_line),
        cmocka_unit_test(one_size_gives_a_rate_with_the_guessed_overhead),
        cmocka_unit_test(no_partition_costs_less_than_an_empty_one),
        cmocka_unit_test(sees_that_small_kernels_take_as_long_as_each_other),
        cmocka_unit_test(one_disturbed_sample_changes_little),
        cmocka_unit_test(a_true_change_is_learned_in_a_few_calls),
        cmocka_unit_test(old_sizes_fade_when_they_are_not_seen_again),
        cmocka_unit_test(is_not_impressed_by_nonsense),
        cmocka_unit_test(tells_a_few_costly_items_from_costs_that_rise),
        cmocka_unit_test(doubts_that_times_scatter_when_it_sees_none_for_long),
        cmocka_unit_test(remembers_the_longest_partition_of_the_last_calls),
        cmocka_unit_test(forgets_one_class_alone),
        cmocka_unit_test(tells_a_damaged_model),
    };

    return cmocka_run_group_tests_name("model", tests, NULL, NULL);
}
