/* SPDX-License-Identifier: Apache-2.0 */
/* forecast_test.c: how much work is where, how fast who is, and when all will have
 * finished, on machines small enough for pencil and paper. */
#include "runtime/forecast.h"
#include "support/cmocka.h"

#include <math.h>

enum { CPU, GPU, CLASSES, WORKERS = 3, ITEMS = 1000 };

/* Two cores, which take a second for an item, and a device that takes a quarter; nothing
 * else costs anything. */
static const struct pf_device_facts facts[CLASSES] = {
    { .multiple = 1, .width = 1 }, { .multiple = 1, .width = 1 }
};
static const unsigned classes[WORKERS] = { CPU, CPU, GPU };
static const struct pf_plan_machine machine = { .workers = WORKERS,
    .cpu_workers = 2,
    .device_class = classes,
    .facts = facts,
    .classes = CLASSES };
static const bool ready[WORKERS] = { true, true, true };

static struct pf_model model;

static bool near(double value, double expected)
{
    return fabs(value - expected) <= 1e-9 * fabs(expected);
}

static int set_up(void **state)
{
    const struct pf_plan_call call = { .items = ITEMS, .multiple = 1 };
    struct pf_plan *plan;

    if (pf_plan_create(WORKERS, &plan))
        return -1;
    pf_model_init(&model, CLASSES);
    model.calls = 1;
    model.device_class[CPU].seconds_per_item = 1;
    model.device_class[GPU].seconds_per_item = 0.25;
    pf_plan_begin(plan, &model, &machine, &call, ready);
    for (unsigned w = 0; w < WORKERS; w++)
        plan->worker[w].asked = true; /* all are there */
    *state = plan;
    return 0;
}

static int tear_down(void **state)
{
    pf_plan_destroy(*state);
    return 0;
}

static double finish(struct pf_plan *plan, double now)
{
    pf_forecast_speeds(plan);
    return pf_forecast_finish(plan, now, PF_FORECAST_ALL, false);
}

/* ---- Work ------------------------------------------------------------------------------ */

/* The second half costs three times as much as the first. */
static void learn_halves(struct pf_plan *plan)
{
    for (int bin = 0; bin <= PF_DENSITY_BINS; bin++) {
        const double at = (double)bin / PF_DENSITY_BINS;

        plan->density.to[bin] = at <= 0.5 ? 0.5 * at : 0.25 + 1.5 * (at - 0.5);
    }
}

static struct pf_plan_place from(size_t item)
{
    return (struct pf_plan_place){ item, false };
}

static void items_are_work_while_nothing_is_known_about_them(void **state)
{
    struct pf_plan *plan = *state;

    learn_halves(plan);
    plan->use_density = false;
    assert_true(near(pf_forecast_work(plan, 100, 200), 200));
    assert_true(near(pf_forecast_items(plan, from(500), 70), 70));
    assert_true(near(pf_forecast_items_per_work(plan), 1));
    /* what is learned from them uses what is known in any case */
    assert_true(near(pf_forecast_learned_work(plan, 0, 500), 250));
}

static void items_weigh_what_they_cost(void **state)
{
    struct pf_plan *plan = *state;

    learn_halves(plan);
    plan->use_density = true;
    assert_true(near(pf_forecast_work(plan, 0, 500), 250));
    assert_true(near(pf_forecast_work(plan, 500, 500), 750));
    assert_true(near(pf_forecast_work(plan, 400, 200), 200));
    assert_true(near(pf_forecast_items(plan, from(0), 50), 100));
    assert_true(near(pf_forecast_items(plan, from(600), 150), 100));
}

/* ---- The finish --------------------------------------------------------------------------- */

static void all_finish_together(void **state)
{
    struct pf_plan *plan = *state;

    /* two cores and a device as four: six items a second */
    assert_true(near(finish(plan, 0), ITEMS / 6.0));
    assert_true(near(finish(plan, 10), 10 + ITEMS / 6.0));
    assert_true(near(
            pf_forecast_finish(plan, 0, 2, false), ITEMS / 2.0)); /* no device */
}

static void one_side_does_without_the_other(void **state)
{
    struct pf_plan *plan = *state;

    pf_forecast_speeds(plan);
    assert_true(
            near(pf_forecast_finish_side(plan, 0, PF_PLAN_DEVICES), ITEMS / 4.0));
    assert_true(near(pf_forecast_finish_side(plan, 0, PF_PLAN_CPU), ITEMS / 2.0));
}

static void who_is_not_there_does_not_count(void **state)
{
    struct pf_plan *plan = *state;

    plan->worker[2].late = true;
    assert_true(near(finish(plan, 0), ITEMS / 2.0));
    plan->worker[1].absent = true;
    assert_true(near(finish(plan, 0), ITEMS));
    plan->worker[0].active = false;
    assert_true(finish(plan, 0) >= PF_PLAN_NEVER);
    /* sleeping workers of the CPU, if they are to count, too */
    assert_true(near(pf_forecast_finish(plan, 0, PF_FORECAST_ALL, true), ITEMS));
}

static void who_comes_after_the_finish_shortens_nothing(void **state)
{
    struct pf_plan *plan = *state;

    plan->worker[2].asked = false;
    plan->worker[2].executed = 501; /* the cores are done in 500 s */
    assert_true(near(finish(plan, 0), ITEMS / 2.0));
    plan->worker[2].executed = 200; /* 400 by the cores, 100 s by all */
    assert_true(near(finish(plan, 0), 300));
}

static void who_is_overdue_will_be_later_the_longer_it_lasts(void **state)
{
    struct pf_plan *plan = *state;
    struct pf_plan_worker *worker = &plan->worker[1];

    pf_forecast_speeds(plan);
    worker->asked = true;
    worker->outstanding = 1;
    worker->started = 0;
    worker->executed = 10;
    assert_true(near(pf_forecast_available(plan, 1, 5), 10));
    assert_true(near(pf_forecast_available(plan, 1, 20), 22));
    assert_true(near(pf_forecast_available(plan, 1, 40), 44));
}

/* ---- Speeds ------------------------------------------------------------------------------- */

static void a_device_is_busy_until_its_results_are_out(void **state)
{
    struct pf_plan *plan = *state;
    struct pf_plan_worker *device = &plan->worker[2];

    device->outstanding = 1;
    device->executed = 10;
    device->moved_out = 12;
    assert_true(near(pf_forecast_available(plan, 2, 5), 12));
}

static void slower_than_learned_is_seen_in_the_call(void **state)
{
    struct pf_plan *plan = *state;

    plan->finished = 100;
    for (int i = 0; i < 50; i++)
        pf_forecast_level(plan, CPU, 100, 300);
    pf_forecast_speeds(plan);
    assert_true(fabs(plan->speed[CPU].rate - 3) < 0.1);
    /* others may be slowed down by the same cause, until they show that not */
    assert_true(plan->speed[GPU].rate > 0.5);
    for (int i = 0; i < 50; i++)
        pf_forecast_level(plan, GPU, 100, 100);
    pf_forecast_speeds(plan);
    assert_true(fabs(plan->speed[GPU].rate - 0.25) < 0.02);
    assert_true(fabs(plan->speed[CPU].rate - 3) < 0.1);
}

static void old_evidence_fades(void **state)
{
    struct pf_plan *plan = *state;

    plan->finished = 100;
    pf_forecast_level(plan, CPU, 100, 300);
    plan->finished = 1000;
    for (int i = 0; i < 10; i++)
        pf_forecast_level(plan, CPU, 10, 10);
    pf_forecast_speeds(plan);
    assert_true(plan->speed[CPU].rate < 1.2);
}

/* Each byte must move, however cheap the item. */
static void the_slowest_stage_is_the_speed(void **state)
{
    static const struct pf_device_facts slow_bus[CLASSES] = { { .multiple = 1,
                                                                      .width = 1 },
        { .multiple = 1, .width = 1, .bytes_in_per_s = 2, .bytes_out_per_s = 8 } };
    struct pf_plan_machine behind = machine;
    struct pf_plan *plan = *state;

    behind.facts = slow_bus;
    plan->machine = &behind;
    plan->call.bytes_in = plan->call.bytes_out = 4;
    pf_forecast_speeds(plan);
    assert_true(near(plan->speed[GPU].in, 2));
    assert_true(near(plan->speed[GPU].out, 0.5));
    assert_true(near(plan->speed[GPU].stage, 2));
    assert_true(near(plan->speed[GPU].rate, 0.25));
}

#define FORECAST(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FORECAST(items_are_work_while_nothing_is_known_about_them),
        FORECAST(items_weigh_what_they_cost),
        FORECAST(all_finish_together),
        FORECAST(one_side_does_without_the_other),
        FORECAST(who_is_not_there_does_not_count),
        FORECAST(who_comes_after_the_finish_shortens_nothing),
        FORECAST(who_is_overdue_will_be_later_the_longer_it_lasts),
        FORECAST(a_device_is_busy_until_its_results_are_out),
        FORECAST(slower_than_learned_is_seen_in_the_call),
        FORECAST(old_evidence_fades),
        FORECAST(the_slowest_stage_is_the_speed),
    };
    return cmocka_run_group_tests_name("forecast", tests, NULL, NULL);
}
