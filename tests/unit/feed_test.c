/* SPDX-License-Identifier: Apache-2.0 */
/*
 * feed_test.c: the parts of a call put together by one thread: partitions handed
 * out, run on the host in any order, reported, handed out again, and combined.
 */
#include "support/cmocka.h"
#include "support/native_kernels.h"

#include "runtime/base/error.h"
#include "runtime/feed.h"
#include "runtime/host.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 1000, SIZE = 96, PIECES = 12, BINS = 16 };

/* A call with all that runs it. */
struct scene {
    struct pf_clauses *clauses;
    struct pf_call call;
    struct pf_call_argument arguments[4];
    struct pf_feed *feed;
    struct pf_source_fixed source;
    struct pf_combiner *combiner;
    struct pf_host_pool pool;
    struct pf_host *host;
    struct pf_piece piece[PIECES];
};

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s", pf_error_text());
}

static void begin(struct scene *scene, const struct parfun_kernel *kernel,
        const struct parfun_value *values, size_t count, size_t fixed)
{
    *scene = (struct scene){ 0 };
    must(pf_clauses_create(kernel, NULL, kernel->pragmas, 1, &scene->clauses));
    scene->call.arguments = scene->arguments;
    must(pf_call_check(&scene->call, kernel, scene->clauses, ITEMS, values, count));
    must(pf_feed_create(&scene->feed));
    pf_source_fixed_init(&scene->source, ITEMS, fixed);
    pf_feed_begin(scene->feed, &scene->call, &scene->source.source, 2, false, 0);
    if (scene->call.ordered)
        must(pf_combine_create(&scene->call, &scene->combiner));
    must(pf_host_pool_init(&scene->pool));
    must(pf_host_take(&scene->pool, &scene->call,
            &(struct pf_host_code){ .variant = kernel->variants }, NULL, false,
            &scene->host));
}

static void end(struct scene *scene)
{
    pf_host_give(&scene->pool, scene->host);
    pf_host_pool_finish(&scene->pool);
    pf_combine_destroy(scene->combiner);
    pf_feed_end(scene->feed);
    pf_feed_destroy(scene->feed);
    pf_source_fixed_finish(&scene->source);
    pf_call_finish(&scene->call, true);
    pf_clauses_destroy(scene->clauses);
}

static void run_piece(struct scene *scene, struct pf_piece *piece)
{
    const struct pf_piece_times times = { .function_ns = 1, .busy_ns = 1 };

    if (piece->result)
        must(pf_result_begin(&scene->call, piece->result));
    must(pf_host_run(scene->host,
            &(struct pf_part){ piece->first, piece->count, NULL }, piece->result));
    (void)pf_feed_done(scene->feed, 0, piece, &times);
}

/* Takes all partitions, and then runs them in an order: forwards, backwards, or
 * every third.  The last place is for the answer that there are no more. */
static void run_all(struct scene *scene, unsigned order)
{
    unsigned taken = 0;
    uint64_t ns = 0;

    while (pf_feed_take(scene->feed, 0, 0, &scene->piece[taken]) == PF_FEED_PIECE)
        taken++;
    for (unsigned i = 0; i < taken; i++) {
        const unsigned at = order == 0 ? i
                : order == 1           ? taken - 1 - i
                                       : i * 3 % taken;

        run_piece(scene, &scene->piece[at]);
        (void)pf_feed_combine(scene->feed, scene->combiner, &ns);
    }
    for (unsigned i = 0; i < scene->clauses->argument_count; i++)
        if (pf_host_accumulated(scene->host, i))
            pf_combine_worker(
                    scene->combiner, i, pf_host_accumulated(scene->host, i));
    if (scene->combiner)
        pf_combine_finish(scene->combiner);
    assert_int_equal(pf_feed_look(scene->feed).outstanding, 0);
    assert_false(pf_feed_look(scene->feed).left);
}

static int x[ITEMS], y[ITEMS];
#define TWICE { PARFUN_ARRAY(x), PARFUN_ARRAY(y) }

/* ---- Handing out ------------------------------------------------------------------- */

static void hands_out_every_item_once_in_fixed_sizes(void **state)
{
    const struct parfun_value values[] = TWICE;
    struct pf_piece piece;
    struct scene scene;
    size_t next = 0;

    (void)state;
    begin(&scene, &native_twice, values, 2, SIZE);
    while (pf_feed_take(scene.feed, 0, 0, &piece) == PF_FEED_PIECE) {
        assert_int_equal(piece.first, next);
        assert_true(piece.count == SIZE || next + piece.count == ITEMS);
        next += piece.count;
    }
    assert_int_equal(next, ITEMS);
    end(&scene);
}

static void hands_out_again_what_came_back(void **state)
{
    const struct parfun_value values[] = TWICE;
    struct pf_piece lost, piece;
    struct scene scene;
    size_t count = 0, again = 0;

    (void)state;
    begin(&scene, &native_twice, values, 2, SIZE);
    assert_int_equal(pf_feed_take(scene.feed, 0, 0, &piece), PF_FEED_PIECE);
    assert_int_equal(pf_feed_take(scene.feed, 1, 0, &lost), PF_FEED_PIECE);
    run_piece(&scene, &piece);
    pf_feed_return(scene.feed, 1, &lost);
    pf_feed_absent(scene.feed, 1);
    while (pf_feed_take(scene.feed, 0, 0, &piece) == PF_FEED_PIECE) {
        count += piece.count;
        again += piece.first == lost.first;
        run_piece(&scene, &piece);
    }
    assert_int_equal(count, ITEMS - SIZE);
    assert_int_equal(again, 1);
    end(&scene);
}

static void a_report_and_the_next_partition_are_one_step(void **state)
{
    const struct parfun_value values[] = TWICE;
    const struct pf_piece_times times = { .busy_ns = 1000 };
    struct pf_piece piece;
    struct scene scene;

    (void)state;
    for (unsigned simple = 0; simple < 2; simple++) {
        size_t next = 0;
        bool more = true;

        begin(&scene, &native_twice, values, 2, SIZE);
        if (simple)
            pf_feed_simplify(scene.feed, &scene.source);
        for (enum pf_feed_answer answer = pf_feed_take(scene.feed, 0, 0, &piece);
                answer == PF_FEED_PIECE;
                answer = pf_feed_next(scene.feed, 0, &times, &piece, &more)) {
            assert_int_equal(pf_feed_look(scene.feed).outstanding, simple ? 0 : 1);
            assert_int_equal(piece.first, next);
            next += piece.count;
        }
        assert_int_equal(next, ITEMS);
        assert_false(more);
        assert_int_equal(pf_feed_look(scene.feed).outstanding, 0);
        end(&scene);
    }
}

static void a_report_is_taken_in_where_the_call_has_failed(void **state)
{
    const struct parfun_value values[] = TWICE;
    const struct pf_piece_times times = { .busy_ns = 1000 };
    struct pf_piece piece;
    struct scene scene;
    bool more;

    (void)state;
    begin(&scene, &native_twice, values, 2, SIZE);
    assert_int_equal(pf_feed_take(scene.feed, 0, 0, &piece), PF_FEED_PIECE);
    pf_feed_fail(scene.feed, pf_fail(PARFUN_INVALID, "item 1"), 1);
    assert_int_equal(
            pf_feed_next(scene.feed, 0, &times, &piece, &more), PF_FEED_END);
    assert_int_equal(pf_feed_look(scene.feed).outstanding, 0);
    end(&scene);
}

static void the_first_failure_in_item_order_is_the_calls(void **state)
{
    static const size_t firsts[] = { 500, 100, 700 };
    const struct parfun_value values[] = TWICE;
    struct scene scene;
    struct pf_piece piece;

    (void)state;
    for (unsigned simple = 0; simple < 2; simple++) {
        begin(&scene, &native_twice, values, 2, SIZE);
        if (simple)
            pf_feed_simplify(scene.feed, &scene.source);
        for (unsigned i = 0; i < 3; i++)
            pf_feed_fail(scene.feed,
                    pf_fail(i == 1 ? PARFUN_NO_MEMORY : PARFUN_INVALID, "item %zu",
                            firsts[i]),
                    firsts[i]);
        assert_int_equal(scene.feed->status, PARFUN_NO_MEMORY);
        assert_string_equal(scene.feed->reason, "item 100");
        assert_int_equal(pf_feed_take(scene.feed, 0, 0, &piece), PF_FEED_END);
        end(&scene);
    }
}

static void a_reports_turn_wakes_who_parked_before_it(void **state)
{
    const struct parfun_value values[] = TWICE;
    struct pf_piece piece;
    struct scene scene;
    uint64_t change;

    (void)state;
    begin(&scene, &native_twice, values, 2, SIZE);
    assert_int_equal(pf_feed_take(scene.feed, 0, 0, &piece), PF_FEED_PIECE);
    change = piece.change;
    run_piece(&scene, &piece);
    pf_feed_park(scene.feed, change); /* or it would wait for ever */
    assert_true(pf_feed_look(scene.feed).change > change);
    end(&scene);
}

/* Three devices: the first, which the caller drives, has failed; the last, which
 * would do everything, never comes, as it is busy in another call. */
static void the_slowest_worker_waits_for_nobody_who_may_never_come(void **state)
{
    static const unsigned classes[] = { 1, 2, 3 };
    static const bool ready[] = { true, true, true };
    static struct pf_model model;
    const struct pf_device_facts like = { .launch_s = 1e-5,
        .overhead_s = 1e-5,
        .width = 100,
        .relative_speed = 1,
        .multiple = 1 };
    const struct pf_device_facts facts[] = { like, like, like, like };
    const struct pf_plan_machine machine = {
        .workers = 3, .device_class = classes, .facts = facts, .classes = 4
    };
    const struct pf_plan_call plan_call = { .items = ITEMS, .multiple = 1 };
    const struct parfun_value values[] = TWICE;
    struct scene scene;
    struct pf_source_plan planned;
    bool asked[3];
    struct pf_plan *plan;
    struct pf_piece piece;

    (void)state;
    begin(&scene, &native_twice, values, 2, SIZE);
    pf_feed_destroy(scene.feed);
    must(pf_feed_create(&scene.feed));
    pf_model_init(&model, 4);
    for (unsigned c = 1; c < 4; c++) {
        model.device_class[c].seconds_per_item = 1e-6;
        model.device_class[c].shortest_s = c == 2 ? 1 : 1e-6;
        model.device_class[c].samples = 10;
    }
    must(pf_plan_create(3, &plan));
    pf_plan_begin(plan, &model, &machine, &plan_call, ready);
    pf_source_plan_init(&planned, plan, 3, asked);
    pf_feed_begin(scene.feed, &scene.call, &planned.source, 3, false, 0);
    assert_int_equal(pf_feed_take(scene.feed, 1, 0, &piece), PF_FEED_LATER);
    pf_feed_absent(scene.feed, 0);
    assert_int_equal(pf_feed_take(scene.feed, 1, 0, &piece), PF_FEED_PIECE);
    end(&scene);
    pf_plan_destroy(plan);
}

/* ---- Combining ------------------------------------------------------------------------ */

static void keeps_wanted_elements_in_item_order_whoever_is_late(void **state)
{
    static int kept[ITEMS];

    (void)state;
    for (size_t i = 0; i < ITEMS; i++)
        x[i] = i % 7 < 3 ? -1 : (int)i;
    for (unsigned order = 0; order < 3; order++) {
        size_t count = 0, next = 0;
        const struct parfun_value values[] = { PARFUN_ARRAY(x), PARFUN_ARRAY(kept),
            PARFUN_VALUE(&count) };
        struct scene scene;

        begin(&scene, &native_pick, values, 3, SIZE);
        run_all(&scene, order);
        end(&scene);
        for (size_t i = 0; i < ITEMS; i++)
            if (x[i] > 0)
                assert_int_equal(kept[next++], x[i]);
        assert_int_equal(count, next);
    }
}

static void sums_have_the_same_bits_for_every_size_and_order(void **state)
{
    static const size_t sizes[] = { ITEMS, SIZE, 100, 333, 512 };
    static float a[ITEMS], b[ITEMS];
    float wanted = 0;

    (void)state;
    for (size_t i = 0; i < ITEMS; i++) {
        a[i] = 1 / (float)(i + 3);
        b[i] = (float)(i % 13) - 5.7f;
    }
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++)
        for (unsigned order = 0; order < 3; order++) {
            float sum = -1;
            const struct parfun_value values[] = { PARFUN_ARRAY(a), PARFUN_ARRAY(b),
                PARFUN_VALUE(&sum) };
            struct scene scene;

            begin(&scene, &native_dot, values, 3, sizes[s]);
            run_all(&scene, order);
            end(&scene);
            if (s == 0 && order == 0)
                wanted = sum;
            assert_memory_equal(&sum, &wanted, sizeof sum);
        }
}

static void counts_replace_what_was_in_the_callers_array(void **state)
{
    (void)state;
    for (size_t i = 0; i < ITEMS; i++)
        x[i] = (int)(i * i % BINS);
    for (unsigned order = 0; order < 3; order++) {
        uint32_t counts[BINS], wanted[BINS] = { 0 };
        int n = BINS;
        const struct parfun_value values[] = { PARFUN_ARRAY(x), PARFUN_VALUE(&n),
            PARFUN_ARRAY(counts) };
        struct scene scene;

        memset(counts, 0x55, sizeof counts);
        for (size_t i = 0; i < ITEMS; i++)
            wanted[x[i]]++;
        begin(&scene, &native_count, values, 3, SIZE);
        run_all(&scene, order);
        end(&scene);
        assert_memory_equal(counts, wanted, sizeof counts);
    }
}

static void float_sums_per_bin_do_not_depend_on_who_is_late(void **state)
{
    static float weight[ITEMS];
    float wanted[BINS];

    (void)state;
    for (size_t i = 0; i < ITEMS; i++) {
        x[i] = (int)(i * i % BINS);
        weight[i] = 1 / (float)(i + 1);
    }
    for (unsigned order = 0; order < 3; order++) {
        float sums[BINS];
        int n = BINS;
        const struct parfun_value values[] = { PARFUN_ARRAY(x),
            PARFUN_ARRAY(weight), PARFUN_VALUE(&n), PARFUN_ARRAY(sums) };
        struct scene scene;

        begin(&scene, &native_weigh, values, 4, SIZE);
        run_all(&scene, order);
        end(&scene);
        if (order == 0)
            memcpy(wanted, sums, sizeof wanted);
        assert_memory_equal(sums, wanted, sizeof sums);
    }
}

static void a_result_that_came_back_is_combined_once(void **state)
{
    static float ones[ITEMS];
    float sum = -1;
    const struct parfun_value values[] = { PARFUN_ARRAY(ones), PARFUN_ARRAY(ones),
        PARFUN_VALUE(&sum) };
    struct pf_piece lost;
    struct scene scene;

    (void)state;
    for (size_t i = 0; i < ITEMS; i++)
        ones[i] = 1;
    begin(&scene, &native_dot, values, 3, SIZE);
    assert_int_equal(pf_feed_take(scene.feed, 1, 0, &lost), PF_FEED_PIECE);
    must(pf_result_begin(&scene.call, lost.result));
    must(pf_host_run(scene.host, &(struct pf_part){ lost.first, lost.count, NULL },
            lost.result));
    pf_feed_return(scene.feed, 1, &lost); /* run, but not reported */
    run_all(&scene, 1);
    end(&scene);
    assert_true(sum == (float)ITEMS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_every_item_once_in_fixed_sizes),
        cmocka_unit_test(hands_out_again_what_came_back),
        cmocka_unit_test(a_report_and_the_next_partition_are_one_step),
        cmocka_unit_test(a_report_is_taken_in_where_the_call_has_failed),
        cmocka_unit_test(the_first_failure_in_item_order_is_the_calls),
        cmocka_unit_test(a_reports_turn_wakes_who_parked_before_it),
        cmocka_unit_test(the_slowest_worker_waits_for_nobody_who_may_never_come),
        cmocka_unit_test(keeps_wanted_elements_in_item_order_whoever_is_late),
        cmocka_unit_test(sums_have_the_same_bits_for_every_size_and_order),
        cmocka_unit_test(counts_replace_what_was_in_the_callers_array),
        cmocka_unit_test(float_sums_per_bin_do_not_depend_on_who_is_late),
        cmocka_unit_test(a_result_that_came_back_is_combined_once),
    };

    return cmocka_run_group_tests_name("feed", tests, NULL, NULL);
}
