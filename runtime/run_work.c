/* SPDX-License-Identifier: Apache-2.0 */
/* run_work.c: CPU workers: they take partitions, run them and report. */
#include "runtime/run.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

#include <limits.h>
#include <stdatomic.h>
#include <stdint.h>

/* How often a helper looks whether others want it more: where no other call waits for
 * helpers that is next to nothing, else a lock for all of them. */
static const uint64_t LOOK_NS = 200000;
/* A helper stays for so long where then as many work on the other call as on this one. */
static const uint64_t SLICE_NS = 20000000;
/* It stays for ten times what handing in its copies takes: a nanosecond for a byte. */
static const uint64_t STAY_NS_PER_BYTE = 10;

void pf_run_count(struct pf_run *run, unsigned worker, const struct pf_piece *piece,
        const struct pf_piece_times *times)
{
    const size_t rows = pf_call_rows(run->call, piece->first, piece->count);
    struct pf_tally *tally = &run->tally[worker];

    tally->compute_ns += times->function_ns;
    tally->partitioning_ns += times->partitioning_ns;
    if (!tally->partitions || times->function_ns < tally->compute_min_ns)
        tally->compute_min_ns = times->function_ns;
    if (times->function_ns > tally->compute_max_ns)
        tally->compute_max_ns = times->function_ns;
    tally->recent[tally->partitions++ % PF_TALLY_RECENT] =
            (struct pf_partition){ rows, times->function_ns };
    tally->items += rows;
}

void pf_run_look(struct pf_run *run, bool caller, uint64_t now_ns)
{
    enum parfun_status status;

    if (!pf_limits_reached(&run->limits, now_ns) && !run->limits.progress)
        return;
    status = caller ? pf_limits_look_caller(&run->limits, now_ns)
                    : pf_limits_look(&run->limits, now_ns);
    /* a failure of the function's own counts more, wherever it is */
    if (status)
        pf_feed_fail(run->feed, status, SIZE_MAX);
}

/* A number of its own, or that of one that has left. */
static unsigned number_of(struct pf_run *run)
{
    unsigned number = UINT_MAX;

    if (atomic_load(&run->vacancies)) {
        pf_lock_take(&run->accumulating);
        if (run->vacancies)
            number = run->vacant[--run->vacancies];
        pf_lock_give(&run->accumulating);
    }
    return number < UINT_MAX ? number : atomic_fetch_add(&run->joined, 1);
}

/* Of what a helper has accumulated when it leaves. */
static uint64_t bytes_of_copies(const struct pf_run *run)
{
    uint64_t bytes = 0;

    for (unsigned i = 0; i < run->call->clauses->argument_count; i++)
        if (run->call->arguments[i].plan->combine == PF_COMBINE_ACCUMULATE)
            bytes += run->call->arguments[i].bytes;
    return bytes;
}

void pf_run_take_hand(struct pf_run *run, struct pf_hand *hand)
{
    enum parfun_status status;

    hand->host = NULL;
    hand->now_ns = hand->came_ns = hand->looked_ns = pf_clock_ns();
    if (!run->cpu_workers)
        return;
    hand->worker = number_of(run);
    if (hand->worker >= run->cpu_workers)
        return;
    if (hand->caller) {
        hand->host = run->callers_host;
        run->callers_host = NULL;
    }
    status = pf_host_take(&run->engine->hosts, run->call, &run->code, &run->limits,
            hand->caller, &hand->host);
    if (status)
        pf_feed_fail(run->feed, status, 0);
    if (!hand->caller)
        hand->stay_ns = STAY_NS_PER_BYTE * bytes_of_copies(run);
}

void pf_run_drop_hand(struct pf_run *run, struct pf_hand *hand)
{
    for (unsigned i = 0; hand->host && i < run->call->clauses->argument_count;
            i++) {
        const void *copy = pf_host_accumulated(hand->host, i);

        if (!copy)
            continue;
        pf_lock_take(&run->accumulating);
        pf_combine_worker(run->combiner, i, copy);
        pf_lock_give(&run->accumulating);
    }
    if (hand->caller && hand->host)
        run->callers_host = hand->host;
    else
        pf_host_give(&run->engine->hosts, hand->host);
    hand->host = NULL;
}

/* A body may call the library: what it calls is part of this call, and what it leaves
 * behind in its thread ends with it. */
static enum parfun_status run_inside(struct pf_run *run, struct pf_host *host,
        const struct pf_part *part, struct pf_result *result)
{
    struct pf_loan loan;
    enum parfun_status status;

    if (!run->code.body)
        return pf_host_run(host, part, result);
    run->engine->enter(&loan, run->selection, &run->limits);
    status = pf_host_run(host, part, result);
    run->engine->leave(&loan);
    return status;
}

/* Returns how it went, which is to be reported. */
static struct pf_piece_times run_piece(
        struct pf_run *run, struct pf_hand *hand, const struct pf_piece *piece)
{
    const struct pf_part part = { piece->first, piece->count, piece->cuts };
    /* Asking for one of many tiny partitions takes less time than reading the clock. */
    const bool at_once = run->feed->simple != NULL;
    struct pf_piece_times times = { .start_ns = at_once ? hand->now_ns
                                                        : pf_clock_ns() };
    enum parfun_status status = PARFUN_OK;

    times.partitioning_ns = times.start_ns - hand->now_ns;
    if (hand->caller) {
        times.partitioning_ns += run->making_ns;
        run->making_ns = 0;
    }
    if (piece->result)
        status = pf_result_begin(run->call, piece->result);
    if (!status && run->keeps)
        status = pf_keep_host_writes(run->call, piece->first, piece->count);
    if (!status) {
        pf_host_expect(hand->host, piece->count, piece->expected_s);
        status = run_inside(run, hand->host, &part, piece->result);
    }
    if (piece->result)
        piece->result->failed = status != PARFUN_OK;
    if (status)
        pf_feed_fail(run->feed, status,
                status == PARFUN_CANCELLED || status == PARFUN_TIMED_OUT
                        ? SIZE_MAX
                        : piece->first);
    times.now_ns = times.executed_ns = pf_clock_ns();
    times.function_ns = times.busy_ns = times.now_ns - times.start_ns;
    hand->now_ns = times.now_ns;
    pf_run_count(run, hand->worker, piece, &times);
    return times;
}

/* Without a host of its own the hand does not run partitions. */
static enum pf_feed_answer watch(struct pf_run *run, struct pf_hand *hand)
{
    const struct pf_feed_state state = pf_feed_look(run->feed);

    hand->change = state.change;
    return state.over ? PF_FEED_END : PF_FEED_LATER;
}

void pf_run_supply(struct pf_run *run)
{
    uint64_t begin_ns;

    if (!run->feed->source->kind->hungry)
        return;
    begin_ns = pf_clock_ns();
    pf_feed_supply(run->feed);
    run->making_ns += pf_clock_ns() - begin_ns;
}

enum pf_feed_answer pf_run_step(struct pf_run *run, struct pf_hand *hand)
{
    struct pf_piece piece;
    struct pf_piece_times times;
    enum pf_feed_answer answer;

    pf_run_look(run, true, pf_clock_ns());
    pf_run_supply(run);
    if (!hand->host)
        return watch(run, hand);
    hand->now_ns = pf_clock_ns(); /* it may have combined since the last one */
    answer = pf_feed_take(run->feed, hand->worker, hand->now_ns, &piece);
    hand->change = piece.change;
    if (answer != PF_FEED_PIECE)
        return answer;
    times = run_piece(run, hand, &piece);
    if (pf_feed_done(run->feed, hand->worker, &piece, &times))
        pf_run_wake(run);
    return PF_FEED_PIECE;
}

/* What a progress function takes is no partitioning. */
static void look(struct pf_run *run, struct pf_hand *hand)
{
    pf_run_look(run, hand->caller, hand->now_ns);
    if (hand->caller && run->limits.progress)
        hand->now_ns = pf_clock_ns();
}

/* Between two partitions of a helper. */
static bool is_wanted_elsewhere(struct pf_run *run, struct pf_hand *hand)
{
    const uint64_t been_ns = hand->now_ns - hand->came_ns;

    if (hand->caller || hand->now_ns - hand->looked_ns < LOOK_NS
            || been_ns < hand->stay_ns)
        return false;
    hand->looked_ns = hand->now_ns;
    return pf_workers_wanted_elsewhere(
            run->engine->workers, &run->job, been_ns >= SLICE_NS);
}

enum pf_feed_answer pf_run_steps(struct pf_run *run, struct pf_hand *hand)
{
    struct pf_piece piece;
    enum pf_feed_answer answer;

    look(run, hand);
    if (!hand->host)
        return watch(run, hand);
    answer = pf_feed_take(run->feed, hand->worker, hand->now_ns, &piece);
    while (answer == PF_FEED_PIECE) {
        const struct pf_piece_times times = run_piece(run, hand, &piece);
        bool more;

        look(run, hand);
        hand->leaves = is_wanted_elsewhere(run, hand);
        if (hand->leaves) {
            more = pf_feed_done(run->feed, hand->worker, &piece, &times);
            answer = PF_FEED_END;
        } else {
            answer = pf_feed_next(run->feed, hand->worker, &times, &piece, &more);
        }
        if (more)
            pf_run_wake(run);
    }
    hand->change = piece.change;
    return answer;
}

/* Others may enter the call in this one's place. */
static void vacate(struct pf_run *run, const struct pf_hand *hand)
{
    pf_feed_aside(run->feed, hand->worker);
    pf_lock_take(&run->accumulating);
    run->vacant[run->vacancies] = hand->worker;
    run->vacancies++;
    pf_lock_give(&run->accumulating);
}

bool pf_run_help(struct pf_job *job)
{
    struct pf_run *run = (struct pf_run *)job;
    struct pf_hand hand = { 0 };

    pf_run_take_hand(run, &hand);
    if (!hand.host)
        return false;
    while (pf_run_steps(run, &hand) != PF_FEED_END) {
        hand.now_ns = pf_clock_ns();
        hand.leaves = is_wanted_elsewhere(run, &hand);
        if (hand.leaves)
            break;
        pf_feed_park_until(run->feed, hand.change, hand.now_ns + SLICE_NS);
        hand.now_ns = pf_clock_ns();
    }
    pf_run_drop_hand(run, &hand);
    if (hand.leaves)
        vacate(run, &hand);
    return hand.leaves;
}
