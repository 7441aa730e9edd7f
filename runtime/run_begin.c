/* SPDX-License-Identifier: Apache-2.0 */
/* run_begin.c: the sizes of a call's partitions: planned, fixed, or a generator's; and
 * what is learned from them. */
#include "runtime/run_inside.h"

#include "runtime/base/error.h"

/* A partition must fit each device's memory, lane by lane. */
static size_t largest_partition(const struct pf_run *run)
{
    size_t largest = PF_CALL_ITEMS_MAX;

    for (unsigned d = 0; d < run->device_count; d++) {
        const struct pf_device *device = run->selection->devices[d];
        const struct pf_arrays_need need = pf_arrays_need(run->call, device);
        const double lanes = device->lanes;
        double items = (double)PF_CALL_ITEMS_MAX;

        if (need.per_item > 0)
            items = ((double)device->limits.memory_bytes * 0.9 - need.fixed)
                    / (lanes * need.per_item);
        if (need.widest > 0
                && (double)device->limits.allocation_bytes / need.widest < items)
            items = (double)device->limits.allocation_bytes / need.widest;
        if (items >= 1 && items < (double)largest)
            largest = (size_t)items;
    }
    largest = largest / run->call->multiple * run->call->multiple;
    return largest ? largest : run->call->multiple;
}

/* Floats are accumulated per partition, integers once per worker: partitions hold
 * at least as many items as there are elements. */
static size_t multiple(const struct pf_call *call)
{
    size_t least = call->multiple;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (call->arguments[i].plan->role == PF_ROLE_ARRAY
                && call->arguments[i].plan->combine == PF_COMBINE_ACCUMULATE
                && call->arguments[i].count > least)
            least = (call->arguments[i].count + call->multiple - 1) / call->multiple
                    * call->multiple;
    return least < PF_CALL_ITEMS_MAX ? least : call->multiple;
}

/* Tells the function's own model what its classes are, and what was learned before
 * about them. */
static void recall(struct pf_run *run)
{
    struct parfun_function *function = run->function;
    const bool first = function->keys.function == 0;

    for (unsigned w = 0; w < run->workers; w++)
        pf_function_name_class(
                function, run->device_class[w], run->tally[w].device);
    if (first)
        pf_function_recall(function, run->settings,
                run->code.body ? NULL : run->engine->devices->options.cache_dir);
}

static enum parfun_status begin_plan(
        struct pf_run *run, size_t initial, size_t largest)
{
    const struct pf_call *call = run->call;
    struct pf_plan_call plan_call = {
        .items = call->rows,
        .multiple = multiple(call),
        .initial = initial,
        .largest = largest,
        .limit_s = pf_limits_left_s(&run->limits, run->begin_ns),
        .watched = pf_limits_watched(&run->limits),
        .cuts = call->cuts,
        .two_ends = run->keeps && !call->ordered,
    };

    pf_keep_traffic(call, &plan_call.bytes_in, &plan_call.bytes_out);

    if (!run->spare_plan)
        PF_TRY(pf_plan_create(run->room, &run->spare_plan));
    run->plan = run->spare_plan;
    run->model = pf_function_model(run->function, &run->spare_model);
    if (run->model == &run->function->model)
        recall(run);
    pf_plan_begin(run->plan, run->model, &run->machine, &plan_call, run->ready);
    pf_source_plan_init(&run->planned, run->plan, run->workers, run->asked);
    run->planned.cuts = call->cuts;
    return PARFUN_OK;
}

/* Does the call leave results to a combiner of the user's? */
static unsigned results_limit(const struct pf_run *run)
{
    return run->call->clauses->each_count ? PF_RUN_RESULTS * run->workers : 0;
}

/* The size that generators are told; 0: guided by what is left.  One CPU worker has
 * nobody to end together with. */
static size_t generated_size(
        const struct pf_run *run, bool whole, size_t fixed, size_t initial)
{
    if (fixed)
        return fixed;
    if (initial && !whole)
        return initial;
    return run->workers == 1 && run->cpu_workers ? run->call->items : 0;
}

enum parfun_status pf_run_begin_feed(
        struct pf_run *run, size_t fixed, size_t initial)
{
    const struct pf_call *call = run->call;
    const bool whole = !run->selection->cuts && call->rows <= PF_CALL_ITEMS_MAX;
    const bool tracing = run->feed->tracing;
    const size_t largest = largest_partition(run);
    struct pf_source *source = &run->fixed.source;

    run->plan = NULL;
    if (call->clauses->generator_count) {
        pf_generator_begin(&run->generator, call, run->settings->generator,
                run->settings->options.user, run->workers,
                generated_size(run, whole, fixed, initial));
        source = &run->generator.source;
    } else if (whole || fixed) {
        if (!fixed)
            fixed = call->rows;
        pf_source_fixed_init(
                &run->fixed, call->items, fixed < largest ? fixed : largest);
        run->fixed.cuts = call->cuts;
    } else {
        PF_TRY(begin_plan(run, initial, largest));
        source = &run->planned.source;
    }
    pf_feed_begin(run->feed, call, source, run->workers, tracing, run->begin_ns);
    /* on the atomic path the caller looks at nothing once all is handed out */
    if (source == &run->fixed.source && !run->device_count && run->present
            && !call->cuts.at && !run->settings->options.progress)
        pf_feed_simplify(run->feed, &run->fixed);
    pf_feed_limit_results(run->feed, results_limit(run));
    pf_feed_discard_to(run->feed,
            (struct pf_discard){
                    run->settings->options.discard, run->settings->options.user });
    return PARFUN_OK;
}

/* Some of the CPU's partitions, which are enough for an estimate. */
static size_t gather_some(
        const struct pf_run *run, struct pf_partition *partitions, size_t room)
{
    size_t count = 0;

    for (unsigned w = 0; w < run->cpu_workers; w++) {
        const struct pf_tally *tally = &run->tally[w];

        for (size_t i = 0; i < tally->partitions && i < PF_TALLY_RECENT; i++)
            if (count < room)
                partitions[count++] = tally->recent[i];
    }
    return count;
}

void pf_run_learn(struct pf_run *run)
{
    struct pf_partition partitions[8 * PF_TALLY_RECENT];

    if (!run->plan)
        return;
    pf_plan_end(run->plan);
    run->chosen = pf_plan_size(run->plan, 0);
    pf_function_learn(run->function, run->model, partitions,
            gather_some(run, partitions, sizeof partitions / sizeof *partitions));
}
