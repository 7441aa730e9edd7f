/* SPDX-License-Identifier: Apache-2.0 */
/* results.c: the results of a call, taken one by one by a combiner of the user's, or by
 * whoever has started the call. */
#include "runtime/running.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"

void pf_results_release(struct parfun_results *results)
{
    struct pf_run *run = results->running->run;
    uint64_t took;

    if (!results->taken)
        return;
    took = pf_clock_ns() - results->taken_ns;
    run->combining_ns += took;
    pf_feed_release(run->feed, results->taken, took);
    results->taken = NULL;
}

static enum parfun_status take(struct parfun_results *results)
{
    struct parfun_running *running = results->running;
    const struct pf_entry *entry = &running->entry;
    struct pf_loan loan;
    enum parfun_status status;

    pf_results_release(results);
    entry->engine->enter(&loan, entry->selection, &running->run->limits);
    status = pf_run_next(running->run, &results->taken);
    entry->engine->leave(&loan);
    results->taken_ns = pf_clock_ns();
    return status;
}

enum parfun_status parfun_next(
        struct parfun_results *results, struct parfun_partition **partition)
{
    enum parfun_status status;

    if (!results || !partition)
        return pf_fail(PARFUN_INVALID, "parfun_next(): `%s` is NULL",
                results ? "partition" : "results");
    PF_TRY(pf_running_check_process(results->running));
    if (!results->running->run) {
        *partition = NULL;
        return PARFUN_OK;
    }
    status = take(results);
    if (status)
        return status;
    *partition = NULL;
    if (results->taken) {
        pf_partition_of_result(&results->running->call, results->taken,
                results->parts, &results->partition);
        *partition = &results->partition;
    }
    return PARFUN_OK;
}

struct parfun_results *parfun_results(struct parfun_running *running)
{
    if (!running || !running->settings->clauses->each_count
            || running->settings->options.combiner)
        return NULL;
    return &running->results;
}

static const struct pf_call_argument *find_outcome(const struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (call->arguments[i].plan->role == PF_ROLE_ARRAY
                && call->arguments[i].plan->combine == PF_COMBINE_EACH)
            return &call->arguments[i];
    return NULL;
}

enum parfun_status pf_results_check(const struct parfun_running *running)
{
    const struct pf_call_argument *outcome = find_outcome(&running->call);

    if (!running->settings->options.combiner || !outcome || outcome->given)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): argument '%s' is NULL; give the address where the combiner puts "
            "its outcome",
            running->call.kernel->name, outcome->parameter->name);
}

enum parfun_status pf_results_combine(struct parfun_running *running)
{
    const struct parfun_options *options = &running->settings->options;
    const struct pf_call_argument *outcome = find_outcome(&running->call);
    enum parfun_status status;

    pf_error_clear();
    status = options->combiner(
            &running->results, outcome ? outcome->given : NULL, options->user);
    if (!status)
        return PARFUN_OK;
    if (!*pf_error_text())
        (void)pf_fail(status, "the combiner returned %s and gave no reason",
                parfun_status_text(status));
    return (unsigned)status <= PARFUN_SYSTEM ? status : PARFUN_FUNCTION_FAILED;
}
