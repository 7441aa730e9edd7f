/* SPDX-License-Identifier: Apache-2.0 */
/*
 * plan_fuzz_test.c: the plan against random machines, calls, orders of events,
 * lost devices and lies about times.
 */
#include "support/cmocka.h"

#include "runtime/plan.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MACHINES = 1200, MOST_WORKERS = 110, MOST_ITEMS = 100000, DEPTH = 8 };

static uint64_t random_state;
static uint64_t seed;

/* splitmix64: Steele, Lea, Flood, OOPSLA 2014 */
static uint64_t random_bits(void)
{
    uint64_t z = (random_state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static unsigned below(unsigned n)
{
    return (unsigned)(random_bits() % n);
}

static double between(double low, double high) /* log-uniform */
{
    return low * exp((double)below(1 << 20) / (1 << 20) * log(high / low));
}

static double lie(double truth, unsigned honesty)
{
    static const double lies[] = { 0, -1, 1e300, -1e300, 1e-300, 1e29, NAN,
        INFINITY, -INFINITY };
    return below(100) < honesty ? truth : lies[below(9)];
}

static void require(bool holds, const char *what)
{
    if (!holds)
        fail_msg("seed %llu: %s", (unsigned long long)seed, what);
}

struct range {
    size_t first, items;
};

struct worker {
    bool absent;
    unsigned outstanding;
    struct range queue[DEPTH];
};

struct game {
    struct pf_plan *plan;
    const struct pf_plan_machine *machine;
    struct pf_plan_call call;
    unsigned honesty; /* per cent of the times that are true */
    double now;
    size_t finished;
    bool taken[MOST_ITEMS];      /* outstanding or finished */
    size_t cuts[MOST_ITEMS + 1]; /* of calls that may be cut here and there alone */
    struct worker worker[MOST_WORKERS];
};

static struct range pop(struct worker *worker)
{
    struct range oldest = worker->queue[0];
    worker->outstanding--;
    memmove(worker->queue, worker->queue + 1, worker->outstanding * sizeof oldest);
    return oldest;
}

static void finish_one(struct game *game, unsigned w)
{
    struct pf_plan_times times = { lie(game->now, game->honesty),
        lie(between(1e-7, 1e-2), game->honesty), lie(game->now, game->honesty) };
    game->finished += pop(&game->worker[w]).items;
    pf_plan_done(game->plan, w, &times);
}

static void give_one_back(struct game *game, unsigned w)
{
    struct range range = pop(&game->worker[w]);
    memset(game->taken + range.first, 0, range.items);
    pf_plan_return(game->plan, w);
}

/* Partitions of a call with cuts end at these. */
static void check_cuts(const struct game *game, size_t first, size_t items)
{
    const struct pf_cuts *cuts = &game->call.cuts;
    const size_t begin = pf_cuts_find(cuts, first);
    const size_t end = pf_cuts_find(cuts, first + items);

    require(cuts->at[begin] == first, "does not begin at a cut");
    require(cuts->at[end] == first + items, "does not end at a cut");
    require(game->call.largest == 0 || items <= game->call.largest
                    || end == begin + 1,
            "above the largest");
}

static bool take_one(struct game *game, unsigned w)
{
    const struct pf_plan_call *call = &game->call;
    size_t multiple = call->multiple > 0 ? call->multiple : 1;
    size_t before = pf_plan_left(game->plan), first = 0;
    size_t items =
            pf_plan_take(game->plan, w, lie(game->now, game->honesty), &first);
    if (items == 0)
        return false;
    require(first < call->items && items <= call->items - first,
            "outside of the call");
    require(pf_plan_left(game->plan) == before - items, "wrong count left");
    if (call->cuts.at) {
        check_cuts(game, first, items);
    } else {
        require(first % multiple == 0
                        && (items % multiple == 0 || first + items == call->items),
                "not a multiple");
        require(call->largest == 0 || items <= call->largest || items <= multiple,
                "above the largest");
    }
    for (size_t i = first; i < first + items; i++) {
        require(!game->taken[i], "handed out twice");
        game->taken[i] = true;
    }
    struct worker *worker = &game->worker[w];
    require(worker->outstanding < DEPTH, "too many in flight");
    worker->queue[worker->outstanding++] = (struct range){ first, items };
    return true;
}

/* One worker's turn; true if anything happened. */
static bool play(struct game *game, unsigned w, bool hurry)
{
    struct worker *worker = &game->worker[w];
    bool progress = false;
    game->now += between(1e-9, 1e-3);
    if (worker->outstanding > 0 && (hurry || below(2) == 0)) {
        if (below(40) == 0)
            give_one_back(game, w);
        else
            finish_one(game, w);
        progress = true;
    }
    if (worker->absent
            || (!pf_plan_active(game->plan, w) && below(50) > 0
                    && !(hurry && w == 0)))
        return progress;
    if (w > 0 && worker->outstanding == 0 && below(300) == 0) {
        worker->absent = true;
        pf_plan_absent(game->plan, w);
        return true;
    }
    size_t size = pf_plan_size(game->plan, w);
    require(size >= 1 && size <= game->call.items, "no size for a report");
    return take_one(game, w) || progress;
}

/* Cuts here and there: many small items, one giant, or a few. */
static void draw_cuts(struct game *game)
{
    const unsigned longest = 1 + below(below(2) ? 10 : MOST_ITEMS);
    size_t count = 0;

    for (size_t at = 0; at < game->call.items; at += 1 + below(longest))
        game->cuts[count++] = at;
    game->cuts[count] = game->call.items;
    game->call.cuts = (struct pf_cuts){ game->cuts, count };
}

static void one_call(struct game *game, struct pf_model *model)
{
    unsigned workers = game->machine->workers, idle_rounds = 0;
    bool ready[MOST_WORKERS];
    memset(game->taken, 0, sizeof game->taken);
    memset(game->worker, 0, sizeof game->worker);
    game->finished = 0;
    game->now = 0;
    game->honesty = below(3) * 50;
    game->call = (struct pf_plan_call){ .items = (size_t)between(1, MOST_ITEMS),
        .bytes_in = below(3) * 8.0,
        .bytes_out = below(3) * 8.0,
        .multiple = below(3) * 7u,
        .initial = below(3) == 0 ? (size_t)between(1, 1e4) : 0,
        .largest = below(3) == 0 ? (size_t)between(1, 1e5) : 0,
        .limit_s = below(2) * between(1e-6, 10),
        .two_ends = below(2) == 0 };
    if (game->call.largest > 0 && game->call.items / game->call.largest > 5000)
        game->call.largest = game->call.items / 5000;
    if (below(3) == 0)
        draw_cuts(game);
    for (unsigned w = 0; w < workers; w++)
        ready[w] = below(2);
    pf_plan_begin(game->plan, model, game->machine, &game->call, ready);
    require(pf_plan_active(game->plan, 0) || game->machine->exclusive,
            "the caller is not active");
    for (long step = 0; pf_plan_left(game->plan) > 0; step++) {
        require(step < 2000000 && idle_rounds < 3, "does not end");
        bool progress = false;
        for (unsigned k = 0; k < workers; k++) /* stuck: be systematic */
            progress |= play(
                    game, idle_rounds > 0 ? k : below(workers), idle_rounds > 0);
        idle_rounds = progress ? 0 : idle_rounds + 1;
    }
    for (unsigned w = 0; w < workers; w++)
        while (game->worker[w].outstanding > 0)
            finish_one(game, w);
    require(game->finished == game->call.items, "items are missing");
    pf_plan_end(game->plan);
    require(pf_model_valid(model), "the model is not valid");
}

static void one_machine(struct game *game)
{
    struct pf_device_facts facts[PF_MODEL_CLASSES];
    unsigned device_class[MOST_WORKERS] = { 0 };
    bool without_cpu = below(5) == 0;
    unsigned cpus = without_cpu ? 0 : 1 + below(below(2) ? 4 : 100);
    unsigned devices = below(5) + without_cpu, classes = 2 + below(4);
    for (unsigned c = 0; c < classes; c++)
        facts[c] = (struct pf_device_facts){ .launch_s =
                                                     below(2) * between(1e-7, 1e-3),
            .overhead_s = between(1e-8, 1e-4),
            .transfer_latency_s = below(2) * between(1e-6, 1e-4),
            .bytes_in_per_s = below(2) * between(1e6, 1e12),
            .bytes_out_per_s = below(2) * between(1e6, 1e12),
            .width = between(1, 1e5),
            .relative_speed = below(2) * between(1, 100),
            .multiple = (size_t)1 << below(10) };
    for (unsigned w = cpus; w < cpus + devices; w++)
        device_class[w] = 1 + below(classes - 1);
    struct pf_plan_machine machine = { .workers = cpus + devices,
        .cpu_workers = cpus,
        .device_class = device_class,
        .facts = facts,
        .classes = classes,
        .exclusive = below(3) == 0,
        .wake_first_s = 4e-6,
        .wake_next_s = 7e-7,
        .wake_fan = below(10) };
    struct pf_model model;
    pf_model_init(&model, classes);
    game->machine = &machine;
    assert_int_equal(pf_plan_create(machine.workers, &game->plan), PARFUN_OK);
    for (unsigned n = 1 + below(6); n > 0; n--)
        one_call(game, &model);
    pf_plan_destroy(game->plan);
}

static void hands_out_every_item_once_whatever_is_reported(void **state)
{
    (void)state;
    struct game *game = calloc(1, sizeof *game);
    assert_non_null(game);
    for (seed = 0; seed < MACHINES; seed++) {
        random_state = seed * 7919;
        one_machine(game);
    }
    free(game);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hands_out_every_item_once_whatever_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
