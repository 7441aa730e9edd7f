/* SPDX-License-Identifier: Apache-2.0 */
/* api.c: the public functions. */
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/process.h"
#include "runtime/profile.h"
#include "runtime/trace.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char *parfun_version(void)
{
    return PARFUN_VERSION;
}

const char *parfun_status_text(enum parfun_status status)
{
    static const char *const name[] = {
        [PARFUN_OK] = "PARFUN_OK",
        [PARFUN_INVALID] = "PARFUN_INVALID",
        [PARFUN_NO_MEMORY] = "PARFUN_NO_MEMORY",
        [PARFUN_NO_BACKEND] = "PARFUN_NO_BACKEND",
        [PARFUN_NO_DEVICE] = "PARFUN_NO_DEVICE",
        [PARFUN_UNSUPPORTED] = "PARFUN_UNSUPPORTED",
        [PARFUN_COMPILE] = "PARFUN_COMPILE",
        [PARFUN_DEVICE_FAILED] = "PARFUN_DEVICE_FAILED",
        [PARFUN_FUNCTION_FAILED] = "PARFUN_FUNCTION_FAILED",
        [PARFUN_CANCELLED] = "PARFUN_CANCELLED",
        [PARFUN_TIMED_OUT] = "PARFUN_TIMED_OUT",
        [PARFUN_SYSTEM] = "PARFUN_SYSTEM",
    };

    return (size_t)status < sizeof name / sizeof *name ? name[status]
                                                       : "unknown status";
}

const char *parfun_error(void)
{
    return pf_error_text();
}

/* ---- Backends ------------------------------------------------------------------------ */

enum parfun_status parfun_set_backend(const char *selector)
{
    return pf_process_set_backend(selector);
}

enum parfun_status parfun_push_backend(const char *selector)
{
    return pf_process_push_backend(selector);
}

enum parfun_status parfun_pop_backend(void)
{
    return pf_process_pop_backend();
}

const char *parfun_backend(void)
{
    return pf_process_backend();
}

enum parfun_status parfun_shutdown(void)
{
    return pf_process_shutdown();
}

/* ---- Functions ----------------------------------------------------------------------- */

enum parfun_status parfun_function_create(const struct parfun_kernel *kernel,
        const struct parfun_options *options, struct parfun_function **function)
{
    struct parfun_function *made;

    if (!function)
        return pf_fail(PARFUN_INVALID,
                "parfun_function_create(): `function`, which receives the result, "
                "is NULL");
    if (!kernel)
        return pf_fail(PARFUN_INVALID,
                "parfun_function_create(): `kernel` is NULL; give the "
                "description that parfun_add_kernels() made");
    PF_TRY(pf_function_create(kernel, options, &made));
    pf_process_add_function(made);
    *function = made;
    return PARFUN_OK;
}

static bool is_running(struct parfun_function *function)
{
    bool running;

    pf_lock_take(&function->lock);
    running = function->calls > 0;
    pf_lock_give(&function->lock);
    return running;
}

void parfun_function_destroy(struct parfun_function *function)
{
    if (!function || function->generated)
        return;
    if (pf_process_inside() && is_running(function)) {
        (void)pf_fail(PARFUN_INVALID,
                "parfun_function_destroy(): %s() is under way, and this is inside a "
                "parallel function, which it may wait for; destroy it afterwards",
                function->kernel->name);
        return;
    }
    pf_process_hold();
    pf_process_remove_function(function);
    pf_lock_take(&function->lock);
    while (function->calls)
        pf_condition_wait(&function->idle, &function->lock);
    pf_lock_give(&function->lock);
    pf_function_destroy(function, pf_process_cache_dir());
    pf_process_release();
}

enum parfun_status parfun_set_options(
        struct parfun_function *function, const struct parfun_options *options)
{
    enum parfun_status status;

    if (!function)
        return pf_fail(PARFUN_INVALID,
                "parfun_set_options(): `function` is NULL; for a generated "
                "function NAME() it is NAME_function()");
    pf_process_hold();
    status = pf_function_set_options(function, options);
    pf_process_release();
    return status;
}

struct parfun_function *parfun_kernel_function(
        const struct parfun_kernel *kernel, struct parfun_function **slot)
{
    struct parfun_function *function;

    return pf_process_kernel_function(kernel, slot, &function) ? NULL : function;
}

/* ---- Calls --------------------------------------------------------------------------- */

/* A size that a rule gives, or a number if there is no rule. */
static enum parfun_status apply_rule(const struct pf_call *call,
        const struct parfun_options *options, parfun_size_rule *rule,
        const char *name, size_t *size)
{
    if (!rule)
        return PARFUN_OK;
    *size = rule(call->items, options->user);
    if (*size)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): %s gave a partition size of 0 for %zu items; give 1 or more",
            call->kernel->name, name, call->items);
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

/* Reductions give their identity, counts are 0. */
static enum parfun_status run_nothing(const struct pf_call *call)
{
    struct pf_combiner *combiner;

    if (!call->ordered)
        return PARFUN_OK;
    PF_TRY(pf_combine_create(call, &combiner));
    pf_combine_finish(combiner);
    pf_combine_destroy(combiner);
    return PARFUN_OK;
}

/* What a call that succeeded leaves behind, when its results are the caller's. */
static enum parfun_status report(struct pf_run *run, const struct pf_entry *entry,
        const struct parfun_options *options, const char *trace)
{
    struct parfun_profile profile;

    pf_profile_fill(run, &profile);
    pf_function_profile_put(run->function, entry->thread, &profile);
    if (trace)
        PF_TRY(pf_trace_write(run, trace));
    if (entry->outermost
            && ((options->flags & PARFUN_PROFILE) || entry->config->profile)) {
        char *text = pf_profile_report(run, &profile);

        if (text)
            (void)fputs(text, stderr);
        free(text);
    }
    return PARFUN_OK;
}

static enum parfun_status run_items(struct parfun_function *function,
        struct pf_settings *settings, const struct pf_entry *entry,
        struct pf_call *call)
{
    const struct parfun_options *options = &settings->options;
    const char *trace =
            options->trace_export ? options->trace_export : entry->config->trace;
    struct pf_run *run = NULL;
    size_t fixed, initial;
    enum parfun_status status;

    PF_TRY(choose_sizes(call, options, entry->config, &fixed, &initial));
    if (!entry->outermost)
        trace = NULL;
    if (trace)
        PF_TRY(pf_trace_check(function->kernel->name, trace));
    status = pf_run_take(entry->engine, function, settings, entry->selection, call,
            trace != NULL, &run);
    if (!status)
        status = pf_run_execute(run, fixed, initial);
    pf_call_finish(call, !status);
    if (!status)
        status = report(run, entry, options, trace);
    pf_run_give(run);
    return status;
}

static enum parfun_status call_with(struct parfun_function *function,
        struct pf_settings *settings, const struct pf_entry *entry, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    struct pf_call call;
    enum parfun_status status;

    call.arguments =
            calloc(settings->clauses->argument_count + 1u, sizeof *call.arguments);
    if (!call.arguments)
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for the call",
                function->kernel->name);
    status = pf_call_check(
            &call, function->kernel, settings->clauses, items, values, value_count);
    if (!status) {
        status = items ? run_items(function, settings, entry, &call)
                       : run_nothing(&call);
        pf_call_finish(&call, !status);
    }
    free(call.arguments);
    return status;
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

enum parfun_status parfun_call(struct parfun_function *function, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    struct pf_settings *settings;
    struct pf_entry entry;
    enum parfun_status status;

    if (!function)
        return pf_fail(PARFUN_INVALID, "parfun_call(): `function` is NULL");
    status = pf_process_enter(&entry);
    if (status)
        return name_function(status, function);
    status = name_function(
            pf_process_stand_in(&entry, pf_program_missing(function->program)),
            function);
    if (status) {
        pf_process_leave(&entry);
        return status;
    }
    settings = pf_function_begin(function);
    status = name_function(
            call_with(function, settings, &entry, items, values, value_count),
            function);
    pf_function_end(function, settings);
    /* it may be destroyed from now on */
    pf_process_leave(&entry);
    return status;
}

enum parfun_status parfun_kernel_call(const struct parfun_kernel *kernel,
        struct parfun_function **slot, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    struct parfun_function *function;

    PF_TRY(pf_process_kernel_function(kernel, slot, &function));
    return parfun_call(function, items, values, value_count);
}

/* ---- What happened ------------------------------------------------------------------- */

enum parfun_status parfun_get_profile(
        struct parfun_function *function, struct parfun_profile *profile)
{
    struct parfun_profile found;
    size_t size;

    if (!function || !profile)
        return pf_fail(PARFUN_INVALID, "parfun_get_profile(): `%s` is NULL",
                function ? "profile" : "function");
    if (profile->size < sizeof profile->size)
        return pf_fail(PARFUN_INVALID,
                "parfun_get_profile(): profile->size is %zu; set it to "
                "sizeof(struct parfun_profile)",
                profile->size);
    if (!pf_function_profile_get(function, pf_process_thread(), &found))
        return pf_fail(PARFUN_INVALID,
                "parfun_get_profile(): this thread has finished no call of %s(); "
                "a call over 0 items, or one that failed, does not count",
                function->kernel->name);
    if (found.partition_size) {
        const struct pf_python_estimate estimate = pf_function_estimate(function);

        found.partition_size = estimate.size;
        found.alpha_ns = estimate.alpha;
        found.beta_ns = estimate.beta;
    }
    size = profile->size < sizeof found ? profile->size : sizeof found;
    found.size = profile->size;
    memcpy(profile, &found, size);
    return PARFUN_OK;
}
