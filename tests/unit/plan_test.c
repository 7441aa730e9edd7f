/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_test.c: the decisions of single calls on small machines: who takes part, how
 * much each gets, what happens to what comes back.  Time is a number.
 */
#include "support/plan_scene.h"

#include <math.h>

/* ---- Who takes part ----------------------------------------------------------------- */

static void a_first_call_begins_with_one_item_in_the_caller(void **state)
{
    struct scene *scene = *state;
    size_t first = 1;

    begin(scene, &both, &(struct pf_plan_call){ .items = 1000000, .multiple = 1 });
    assert_true(pf_plan_active(scene->plan, 0));
    assert_false(pf_plan_active(scene->plan, 1));
    assert_false(pf_plan_active(scene->plan, 2));
    assert_int_equal(pf_plan_take(scene->plan, 0, 0, &first), 1);
    assert_int_equal(first, 0);
}

static void a_tiny_call_wakes_nobody_and_is_not_cut(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 50, .multiple = 1 };
    size_t first;

    learn(scene, &both);
    begin(scene, &both, &call);
    for (unsigned w = 1; w < both.workers; w++)
        assert_false(pf_plan_active(scene->plan, w));
    assert_int_equal(pf_plan_take(scene->plan, 0, 0, &first), call.items);
}

static void a_long_call_wakes_all(void **state)
{
    struct scene *scene = *state;

    learn(scene, &both);
    begin(scene, &both, &(struct pf_plan_call){ .items = 1000000, .multiple = 1 });
    for (unsigned w = 0; w < both.workers; w++)
        assert_true(pf_plan_active(scene->plan, w));
}

static void a_device_that_would_be_late_is_left_out(void **state)
{
    struct scene *scene = *state;

    learn(scene, &both);
    /* Two cores need 20 us; the device would need 40 us to begin. */
    begin(scene, &both, &(struct pf_plan_call){ .items = 400, .multiple = 1 });
    assert_false(pf_plan_active(scene->plan, 2));
}

/* ---- How much each gets ---------------------------------------------------------------- */

static void shares_are_as_the_speeds(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 4000000, .multiple = 1 };

    learn(scene, &both);
    for (unsigned faster = 1; faster <= 16; faster *= 4) {
        double share;

        scene->per_item[GPU] = scene->per_item[CPU] / faster;
        for (unsigned i = 0; i < 12; i++)
            (void)run(scene, &both, &call);
        share = (double)scene->items[2] / (double)call.items;
        assert_true(fabs(share - faster / (faster + 2.0)) < 0.05);
    }
}

static void alike_calls_give_a_device_the_same_items(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = {
        .items = 1000003, .multiple = 1, .two_ends = true
    };

    learn(scene, &both);
    for (unsigned i = 0; i < 10; i++) {
        size_t before = scene->lowest[2];

        (void)run(scene, &both, &call);
        /* all that it has had, from there to the end, but for a little */
        assert_int_equal(scene->lowest[2] + scene->items[2], call.items);
        if (i)
            assert_true(fabs((double)scene->lowest[2] - (double)before)
                    < 0.02 * (double)call.items);
    }
}

static void all_finish_together(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    double ideal, took;

    learn(scene, &both);
    took = run(scene, &both, &call);
    ideal = (double)call.items
            / (2 / scene->per_item[CPU] + 1 / scene->per_item[GPU]);
    assert_true(took < 1.1 * ideal);
}

/* What runs on a device can not be stopped. */
static void a_device_gets_no_more_than_it_does_in_a_second(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 4000000000, .multiple = 1 };
    size_t first;

    learn(scene, &both);
    begin(scene, &both, &call);
    assert_true(
            (double)pf_plan_take(scene->plan, 2, 0, &first) * scene->per_item[GPU]
            < 1.1);
}

/* Between two partitions it may help another call. */
static void a_cpu_worker_gets_no_more_than_it_does_in_a_tenth_of_a_second(
        void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 4000000000, .multiple = 1 };
    double seconds;
    size_t first;

    learn(scene, &both);
    begin(scene, &both, &call);
    seconds =
            (double)pf_plan_take(scene->plan, 0, 0, &first) * scene->per_item[CPU];
    assert_true(seconds > 0.09 && seconds < 0.11);
}

static void a_call_with_a_time_limit_gives_devices_less_at_once(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = {
        .items = 400000000, .multiple = 1, .limit_s = 0.08
    };
    double most = 0.011 / scene->per_item[GPU];
    size_t first;

    begin(scene, &device, &call);
    assert_int_equal(pf_plan_take(scene->plan, 0, 0, &first), facts[GPU].width);
    learn(scene, &both);
    begin(scene, &both, &call);
    assert_true((double)pf_plan_take(scene->plan, 2, 0, &first) < most);
    /* fewer items than run side by side take as long */
    scene->model.device_class[GPU].shortest_s = 0.08;
    begin(scene, &both, &call);
    assert_true((double)pf_plan_take(scene->plan, 2, 0, &first) > 4 * most);
}

static void a_watched_call_gives_devices_no_more_than_a_tenth_of_a_second(
        void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = {
        .items = 400000000, .multiple = 1, .watched = true
    };
    size_t first;

    begin(scene, &device, &call);
    assert_int_equal(pf_plan_take(scene->plan, 0, 0, &first), facts[GPU].width);
    learn(scene, &both);
    begin(scene, &both, &call);
    assert_true(
            (double)pf_plan_take(scene->plan, 2, 0, &first) * scene->per_item[GPU]
            < 0.11);
}

/* The Python library would ask for 8698 items at once. */
static void three_hundred_costly_items_keep_both_cores_busy(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 300, .multiple = 1 };
    double took = 0;

    scene->per_item[CPU] = 43000.76e-9;
    for (unsigned i = 0; i < 8; i++)
        took = run(scene, &cores, &call);
    assert_true(scene->items[0] > 130 && scene->items[1] > 130);
    assert_true(took < 1.1 * 150 * scene->per_item[CPU]);
}

/* A device's first partition of a call, if its costliest item takes `longest` seconds
 * and its times scatter. */
static size_t first_of(struct scene *scene, const struct pf_plan_machine *machine,
        const struct pf_plan_call *call, double longest)
{
    struct pf_model_class *learned = &scene->model.device_class[GPU];
    size_t first;

    learned->scatter = longest > 0 ? 1 : 0;
    learned->longest_s = longest;
    learned->last_call = scene->model.calls;
    begin(scene, machine, call);
    return pf_plan_active(scene->plan, 2) ? pf_plan_take(scene->plan, 2, 0, &first)
                                          : 0;
}

static size_t first_of_device(
        struct scene *scene, const struct pf_plan_call *call, double longest)
{
    return first_of(scene, &both, call, longest);
}

static void a_device_that_waits_for_costly_items_gets_more_at_once(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    size_t alike;

    learn(scene, &both);
    alike = first_of_device(scene, &call, 0);
    assert_in_range(alike, 1, call.items / 3); /* of two thirds */
    assert_true(first_of_device(scene, &call, 8e-3) > 3 * alike / 2);
}

/* They run other items meanwhile. */
static void a_device_of_cores_does_not_wait_for_costly_items(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    struct pf_device_facts made[CLASSES] = { facts[CPU], facts[GPU] };
    struct pf_plan_machine machine = both;
    size_t alike;

    made[GPU].cores = true;
    machine.facts = made;
    learn(scene, &machine);
    alike = first_of(scene, &machine, &call, 0);
    assert_true(alike > 0);
    assert_int_equal(first_of(scene, &machine, &call, 8e-3), alike);
}

static void a_device_whose_costliest_item_would_be_late_is_soon_tried_again(
        void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    unsigned calls = 0;

    learn(scene, &both); /* 17 ms with the device, 50 ms without it */
    assert_int_equal(first_of_device(scene, &call, 0.2), 0);
    pf_plan_end(scene->plan);
    do
        (void)run(scene, &both, &call);
    while (++calls < 10 && !scene->items[2]);
    assert_true(scene->items[2] > 0);
}

/* Two cores, and a device that moves an item in as long as it needs for it, and gives
 * its first partition back so often. */
static void expect_alike(struct scene *scene, unsigned returns)
{
    const struct pf_plan_call call = {
        .items = 1000000, .multiple = 1, .bytes_in = 8, .bytes_out = 8
    };
    struct pf_device_facts moving[CLASSES] = { facts[CPU], facts[GPU] };
    struct pf_plan_machine machine = both;
    size_t first, size, begun = 0, handed_out = 0;
    double now = 0;

    learn(scene, &both);
    moving[GPU].transfer_latency_s = 10e-6;
    moving[GPU].bytes_in_per_s = moving[GPU].bytes_out_per_s = 8 / 0.25e-7;
    machine.facts = moving;
    begin(scene, &machine, &call);
    for (unsigned again = 0; again < returns; again++) {
        (void)pf_plan_take(scene->plan, 2, 0, &first);
        pf_plan_return(scene->plan, 2);
    }
    while (handed_out < call.items / 3) {
        const double run_s = facts[GPU].overhead_s;

        size = pf_plan_take(scene->plan, 2, now, &first);
        now += run_s + (double)size * scene->per_item[GPU];
        (void)pf_plan_done(scene->plan, 2,
                &(struct pf_plan_times){
                        now, run_s + (double)size * scene->per_item[GPU], now });
        begun = begun ? begun : size;
        handed_out += size;
        assert_true(size > begun / 10 * 9 && size < begun / 10 * 11);
    }
    assert_true(begun < call.items / 12);
}

static void partitions_whose_transfers_overlap_are_alike(void **state)
{
    expect_alike(*state, 0);
}

static void what_was_given_back_does_not_make_partitions_larger(void **state)
{
    expect_alike(*state, 20);
}

static void sizes_are_multiples_but_for_the_last(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 100001, .multiple = 48 };
    size_t left = call.items;

    learn(scene, &cores);
    begin(scene, &cores, &call);
    for (double now = 0; left; now += 1e-5) {
        size_t first, items = pf_plan_take(scene->plan, 0, now, &first);

        assert_true(items > 0);
        assert_int_equal(first, call.items - left);
        assert_true(items % call.multiple == 0 || items == left);
        left -= items;
        (void)pf_plan_done(
                scene->plan, 0, &(struct pf_plan_times){ now, 1e-5, now });
        if (now == 0)
            pf_plan_absent(scene->plan, 1);
    }
}

static void no_partition_is_above_the_largest(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = {
        .items = 1000000, .multiple = 1, .largest = 12345
    };

    learn(scene, &both);
    (void)run(scene, &both, &call);
    assert_true(scene->most <= call.largest);
}

static void the_callers_first_size_is_used_while_nothing_is_known(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = {
        .items = 1000000, .multiple = 1, .initial = 777
    };

    (void)run(scene, &cores, &call);
    assert_int_equal(scene->first_size, call.initial);
    learn(scene, &cores);
    (void)run(scene, &cores, &call);
    assert_int_not_equal(scene->first_size, call.initial);
}

/* ---- What comes back --------------------------------------------------------------------- */

static void a_returned_partition_goes_to_somebody_else(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    size_t lost, lost_items, first, items, again = 0;

    learn(scene, &both);
    begin(scene, &both, &call);
    lost_items = pf_plan_take(scene->plan, 2, 0, &lost);
    assert_true(lost_items > 0);
    pf_plan_return(scene->plan, 2);
    pf_plan_absent(scene->plan, 2);
    pf_plan_absent(scene->plan, 1);
    assert_int_equal(pf_plan_left(scene->plan), call.items);
    for (double now = 1e-3; (items = pf_plan_take(scene->plan, 0, now, &first)) > 0;
            now += 1e-3) {
        if (first >= lost && first < lost + lost_items)
            again += items;
        (void)pf_plan_done(scene->plan, 0,
                &(struct pf_plan_times){ now, (double)items * 1e-7, now });
    }
    assert_int_equal(again, lost_items);
    assert_int_equal(pf_plan_left(scene->plan), 0);
}

static void an_absent_worker_keeps_nobody_waiting(void **state)
{
    struct scene *scene = *state;
    const struct pf_plan_call call = { .items = 1000000, .multiple = 1 };
    size_t first, taken = 0, items;

    learn(scene, &both);
    begin(scene, &both, &call);
    for (unsigned w = 1; w < both.workers; w++)
        pf_plan_absent(scene->plan, w);
    for (double now = 0; (items = pf_plan_take(scene->plan, 0, now, &first)) > 0;
            now += 1e-3) {
        assert_int_equal(first, taken);
        taken += items;
        (void)pf_plan_done(scene->plan, 0,
                &(struct pf_plan_times){ now, (double)items * 1e-7, now });
    }
    assert_int_equal(taken, call.items);
}

/* The device takes the cores that the threads run on. */
static void one_side_works_also_after_a_device_was_away(void **state)
{
    static const struct pf_plan_machine shared = { .workers = 3,
        .cpu_workers = 2,
        .device_class = classes,
        .facts = facts,
        .classes = CLASSES,
        .exclusive = true };
    const struct pf_plan_call small = { .items = 1000000, .multiple = 1 };
    const struct pf_plan_call call = { .items = 100000000, .multiple = 1 };
    struct scene *scene = *state;
    double now = 0;
    size_t first;

    scene->per_item[GPU] = 0.4 * scene->per_item[CPU];
    for (unsigned i = 0; i < 8; i++)
        (void)run(scene, &shared, &small);
    begin(scene, &shared, &call);
    now += (double)pf_plan_take(scene->plan, 2, now, &first) * scene->per_item[GPU];
    assert_true(now > 0);
    (void)pf_plan_done(scene->plan, 2, &(struct pf_plan_times){ now, now, now });
    pf_plan_absent(scene->plan, 2);
    assert_true(pf_plan_take(scene->plan, 0, now, &first) > 0);
    assert_true(pf_plan_take(scene->plan, 1, now, &first) > 0);
    (void)pf_plan_take(scene->plan, 2, now + 1e-3, &first);
    assert_true(pf_plan_active(scene->plan, 0) != pf_plan_active(scene->plan, 2));
    assert_true(pf_plan_active(scene->plan, 0) == pf_plan_active(scene->plan, 1));
}

#define IN_SCENE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_SCENE(a_first_call_begins_with_one_item_in_the_caller),
        IN_SCENE(a_tiny_call_wakes_nobody_and_is_not_cut),
        IN_SCENE(a_long_call_wakes_all),
        IN_SCENE(a_device_that_would_be_late_is_left_out),
        IN_SCENE(shares_are_as_the_speeds),
        IN_SCENE(alike_calls_give_a_device_the_same_items),
        IN_SCENE(all_finish_together),
        IN_SCENE(a_device_gets_no_more_than_it_does_in_a_second),
        IN_SCENE(a_cpu_worker_gets_no_more_than_it_does_in_a_tenth_of_a_second),
        IN_SCENE(a_watched_call_gives_devices_no_more_than_a_tenth_of_a_second),
        IN_SCENE(a_call_with_a_time_limit_gives_devices_less_at_once),
        IN_SCENE(three_hundred_costly_items_keep_both_cores_busy),
        IN_SCENE(a_device_that_waits_for_costly_items_gets_more_at_once),
        IN_SCENE(a_device_of_cores_does_not_wait_for_costly_items),
        IN_SCENE(a_device_whose_costliest_item_would_be_late_is_soon_tried_again),
        IN_SCENE(partitions_whose_transfers_overlap_are_alike),
        IN_SCENE(what_was_given_back_does_not_make_partitions_larger),
        IN_SCENE(sizes_are_multiples_but_for_the_last),
        IN_SCENE(no_partition_is_above_the_largest),
        IN_SCENE(the_callers_first_size_is_used_while_nothing_is_known),
        IN_SCENE(a_returned_partition_goes_to_somebody_else),
        IN_SCENE(an_absent_worker_keeps_nobody_waiting),
        IN_SCENE(one_side_works_also_after_a_device_was_away),
    };

    return cmocka_run_group_tests_name("plan", tests, NULL, NULL);
}
