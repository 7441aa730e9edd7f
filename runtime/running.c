/* SPDX-License-Identifier: Apache-2.0 */
/* running.c: calls under way, from their values to their report. */
#include "runtime/running.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/profile.h"
#include "runtime/regroup.h"
#include "runtime/stand_in.h"
#include "runtime/trace.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* ---- Options ----------------------------------------------------------------------------- */

/* A size that a rule gives, or a number if there is no rule. */
static enum parfun_status apply_rule(const struct pf_call *call,
        const struct parfun_options *options, parfun_size_rule *rule,
        const char *name, size_t *size)
{
    if (!rule)
        return PARFUN_OK;
    *size = rule(call->rows, options->user);
    if (*size)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): %s gave a partition size of 0 for %zu items; give 1 or more",
            call->kernel->name, name, call->rows);
}

static enum parfun_status check_multiple(
        const struct pf_call *call, const char *name, size_t size)
{
    if (size % call->multiple == 0)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): the partition size %zu (%s) is no multiple of the work-group's "
            "%zu items",
            call->kernel->name, size, name, call->multiple);
}

/* The size that options or the environment ask for; 0: the estimator's choice. */
static enum parfun_status choose_sizes(const struct pf_call *call,
        const struct parfun_options *options, const struct pf_config *config,
        size_t *fixed, size_t *initial)
{
    const char *fixed_name =
            options->fixed_rule ? "fixed_rule" : "fixed_partition_size";
    const char *initial_name =
            options->initial_rule ? "initial_rule" : "initial_partition_size";

    *fixed = options->fixed_partition_size;
    *initial = options->initial_partition_size;
    PF_TRY(apply_rule(call, options, options->fixed_rule, fixed_name, fixed));
    PF_TRY(apply_rule(call, options, options->initial_rule, initial_name, initial));
    if (!*fixed && !*initial) {
        *fixed = config->partition_size;
        fixed_name = "environment variable PARFUN_PARTITION_SIZE";
    }
    PF_TRY(check_multiple(call, fixed_name, *fixed));
    return check_multiple(call, initial_name, *initial);
}

/* What clauses need of the options; kernels are made before they have any. */
static enum parfun_status check_options(
        const struct parfun_running *running, bool started)
{
    const struct pf_clauses *clauses = running->settings->clauses;
    const char *name = running->function->kernel->name;

    for (unsigned g = 0; g < clauses->generator_count; g++)
        if (!running->settings->generator[g])
            return pf_fail(PARFUN_INVALID,
                    "%s(): its clauses name the generator '%s'; give it in "
                    "parfun_options.generators",
                    name, clauses->generators[g]);
    if (clauses->each_count && !running->settings->options.combiner && !started)
        return pf_fail(PARFUN_INVALID,
                "%s(): its clauses have an each() output, but it has no combiner; give "
                "parfun_options.combiner, or take the results after parfun_start()",
                name);
    return PARFUN_OK;
}

/* What failed below the call, in a device or for lack of memory, does not always
 * know its function. */
static enum parfun_status name_function(
        enum parfun_status status, const struct parfun_function *function)
{
    const char *name = function->kernel->name;
    const char *sentence = pf_error_text();

    if (!status
            || (pf_text_begins(sentence, name)
                    && pf_text_begins(sentence + strlen(name), "(): ")))
        return status;
    return pf_error_prefix(status, "%s(): ", name);
}

/* ---- Begin ------------------------------------------------------------------------------- */

/* Arrays are in the order of groups while the call runs. */
static struct pf_crew crew_of(const struct parfun_running *running)
{
    const struct pf_entry *entry = &running->entry;
    const unsigned threads = entry->selection->cpu_workers;

    return (struct pf_crew){ entry->engine->workers, threads ? threads : 1,
        entry->engine->memory };
}

static enum parfun_status regroup_begin(struct parfun_running *running)
{
    const struct pf_crew crew = crew_of(running);
    enum parfun_status status;
    uint64_t begin_ns;

    if (!running->call.groups)
        return PARFUN_OK;
    begin_ns = pf_clock_ns();
    status = pf_regroup_begin(&running->call, &crew, &running->run->limits);
    running->run->gathering_ns = pf_clock_ns() - begin_ns;
    return status;
}

/* The call has ended with `status`; it may still reach a limit. */
static enum parfun_status regroup_end(
        struct parfun_running *running, enum parfun_status status)
{
    const struct pf_crew crew = crew_of(running);
    enum parfun_status moved;
    uint64_t begin_ns;

    if (!running->run || !running->call.groups)
        return status;
    begin_ns = pf_clock_ns();
    moved = pf_regroup_end(
            &running->call, &crew, &running->run->limits, status == PARFUN_OK);
    running->run->combining_ns += pf_clock_ns() - begin_ns;
    return status ? status : moved;
}

static enum parfun_status begin_items(struct parfun_running *running, bool started)
{
    const struct pf_entry *entry = &running->entry;
    const struct parfun_options *options = &running->settings->options;
    const char *function = running->function->kernel->name;
    const char *trace =
            options->trace_export ? options->trace_export : entry->config->trace;
    size_t fixed, initial;
    struct pf_loan loan;

    PF_TRY(choose_sizes(&running->call, options, entry->config, &fixed, &initial));
    running->trace = entry->outermost ? trace : NULL;
    if (running->trace)
        PF_TRY(pf_trace_check(function, running->trace));
    PF_TRY(pf_run_take(entry->engine, running->function, running->settings,
            entry->selection, &running->call, running->trace != NULL,
            &running->run));
    /* one that goes on beside its caller may outlive the call that it is part of */
    pf_limits_begin(&running->run->limits, started ? NULL : entry->outer,
            entry->engine->cancels, function, running->call.items, options);
    PF_TRY(pf_run_use_kept(running->run));
    PF_TRY(regroup_begin(running));
    entry->engine->enter(&loan, entry->selection, &running->run->limits);
    const enum parfun_status status =
            pf_run_begin(running->run, fixed, initial, !started);

    entry->engine->leave(&loan);
    return status;
}

static enum parfun_status check_call(struct parfun_running *running,
        const struct pf_over *over, const struct parfun_value *values,
        size_t value_count)
{
    const struct parfun_kernel *kernel = running->function->kernel;
    const struct pf_clauses *clauses = running->settings->clauses;

    return over->groups ? pf_call_check_groups(&running->call, kernel, clauses,
                                  over->groups, values, value_count)
                        : pf_call_check(&running->call, kernel, clauses,
                                  over->items, values, value_count);
}

static enum parfun_status begin_checked(struct parfun_running *running,
        bool started, const struct pf_over *over, const struct parfun_value *values,
        size_t value_count)
{
    const struct pf_clauses *clauses = running->settings->clauses;
    enum parfun_status status;

    running->call.arguments = clauses->argument_count <= PF_RUNNING_FEW
            ? running->few
            : calloc(clauses->argument_count, sizeof *running->call.arguments);
    if (clauses->each_count)
        running->results.parts =
                calloc(clauses->argument_count, sizeof *running->results.parts);
    if (!running->call.arguments
            || (clauses->each_count && !running->results.parts))
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for the call",
                running->function->kernel->name);
    PF_TRY(check_options(running, started));
    PF_TRY(check_call(running, over, values, value_count));
    status = pf_results_check(running);
    if (!status && running->call.items)
        status = begin_items(running, started);
    if (!status)
        return PARFUN_OK;
    status = regroup_end(running, status);
    pf_run_give(running->run);
    running->run = NULL;
    pf_call_finish(&running->call, false);
    return status;
}

/* The function may be destroyed from now on. */
static void let_go(struct parfun_running *running)
{
    if (running->call.arguments != running->few)
        free(running->call.arguments);
    free(running->results.parts);
    pf_function_end(running->function, running->settings);
    pf_process_leave(&running->entry);
}

enum parfun_status pf_running_begin(struct parfun_running *running,
        struct parfun_function *function, bool started, const struct pf_over *over,
        const struct parfun_value *values, size_t value_count)
{
    struct pf_entry *entry = &running->entry;
    struct pf_loan loan;
    enum parfun_status status;

    *running = (struct parfun_running){ .function = function,
        .process = started ? getpid() : 0 };
    running->results.running = running;
    status = pf_process_enter(entry, started);
    if (status)
        return name_function(status, function);
    status = pf_stand_in(entry, pf_program_missing(function->program));
    if (status) {
        pf_process_leave(entry);
        return name_function(status, function);
    }
    running->settings = pf_function_begin(function);
    entry->engine->enter(&loan, entry->selection, entry->outer);
    status = name_function(
            begin_checked(running, started, over, values, value_count), function);
    entry->engine->leave(&loan);
    if (status)
        let_go(running);
    return status;
}

enum parfun_status pf_running_check_process(const struct parfun_running *running)
{
    if (!running->process || running->process == getpid())
        return PARFUN_OK;
    return pf_fail(PARFUN_SYSTEM,
            "%s(): the call was started before fork(), and goes on in the parent alone; "
            "finish it there",
            running->function->kernel->name);
}

/* ---- End --------------------------------------------------------------------------------- */

/* Reductions give their identity, counts are 0. */
static enum parfun_status end_nothing(struct parfun_running *running)
{
    struct pf_combiner *combiner;

    if (!running->call.ordered)
        return PARFUN_OK;
    PF_TRY(pf_combine_create(&running->call, &combiner));
    pf_combine_finish(combiner);
    pf_combine_destroy(combiner);
    return running->settings->options.combiner ? pf_results_combine(running)
                                               : PARFUN_OK;
}

/* A combiner that failed is the reason, unless a partition did before. */
static enum parfun_status end_items(struct parfun_running *running)
{
    enum parfun_status combined = PARFUN_OK, status;
    char *reason = NULL;

    if (running->settings->options.combiner) {
        combined = pf_results_combine(running);
        if (combined)
            reason = pf_text_copy(pf_error_text());
        pf_feed_close(running->run->feed);
    }
    pf_results_release(&running->results);
    status = pf_run_finish(running->run);
    if (!status && combined)
        status = pf_fail(combined, "%s", reason ? reason : "the combiner failed");
    free(reason);
    return status;
}

/* What a call that succeeded leaves behind, when its results are the caller's. */
static enum parfun_status report(const struct parfun_running *running)
{
    struct pf_run *run = running->run;
    const struct pf_entry *entry = &running->entry;
    const struct parfun_options *options = &running->settings->options;
    struct parfun_profile profile;

    pf_profile_fill(run, &profile);
    pf_function_profile_put(run->function, entry->thread, &profile);
    if (running->trace)
        PF_TRY(pf_trace_write(run, running->trace));
    if (entry->outermost
            && ((options->flags & PARFUN_PROFILE) || entry->config->profile)) {
        char *text = pf_profile_report(run, &profile);

        if (text)
            (void)fputs(text, stderr);
        free(text);
    }
    return PARFUN_OK;
}

enum parfun_status pf_running_end(struct parfun_running *running)
{
    const struct pf_entry *entry = &running->entry;
    struct pf_loan loan;
    enum parfun_status status;

    entry->engine->enter(&loan, entry->selection,
            running->run             ? &running->run->limits
                    : entry->started ? NULL
                                     : entry->outer);
    /* whoever finishes it does so inside a call, or not, that lasts longer */
    if (running->run && entry->started)
        atomic_store(&running->run->limits.outer, loan.limits);
    status = running->run ? end_items(running) : end_nothing(running);
    entry->engine->leave(&loan);
    status = regroup_end(running, status);
    pf_call_finish(&running->call, !status);
    if (!status && running->run)
        status = report(running);
    pf_run_give(running->run);
    status = name_function(status, running->function);
    let_go(running);
    return status;
}

void pf_running_cancel(struct parfun_running *running)
{
    if (running->run)
        atomic_store(&running->run->limits.cancelled, true);
}
