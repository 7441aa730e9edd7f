/* SPDX-License-Identifier: Apache-2.0 */
/* api.c: the public functions. */
#include "runtime/base/error.h"
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
    PF_TRY(pf_function_create(kernel, options, &made));
    pf_process_add_function(made);
    *function = made;
    return PARFUN_OK;
}

void parfun_function_destroy(struct parfun_function *function)
{
    if (!function || function->generated)
        return;
    pf_process_remove_function(function);
    pf_lock_take(&function->lock);
    while (function->calls)
        pf_condition_wait(&function->idle, &function->lock);
    pf_lock_give(&function->lock);
    pf_function_destroy(function, pf_process_devices());
}

enum parfun_status parfun_set_options(
        struct parfun_function *function, const struct parfun_options *options)
{
    if (!function)
        return pf_fail(
                PARFUN_INVALID, "parfun_set_options(): the function is NULL");
    return pf_function_set_options(function, options, pf_process_devices());
}

struct parfun_function *parfun_kernel_function(
        const struct parfun_kernel *kernel, struct parfun_function **slot)
{
    return pf_process_kernel_function(kernel, slot);
}

/* ---- Calls --------------------------------------------------------------------------- */

/* The size that options or the environment ask for; 0: the estimator's choice. */
static enum parfun_status choose_sizes(const struct pf_call *call,
        const struct parfun_options *options, const struct pf_config *config,
        size_t *fixed, size_t *initial)
{
    const char *name = call->kernel->name;
    size_t *rules[] = { fixed, initial };

    *fixed = options->fixed_partition_size;
    *initial = options->initial_partition_size;
    if (options->fixed_rule) {
        *fixed = options->fixed_rule(call->items, options->user);
        if (!*fixed)
            return pf_fail(PARFUN_INVALID,
                    "%s(): fixed_rule gave a partition size of 0 for %zu items",
                    name, call->items);
    }
    if (options->initial_rule) {
        *initial = options->initial_rule(call->items, options->user);
        if (!*initial)
            return pf_fail(PARFUN_INVALID,
                    "%s(): initial_rule gave a partition size of 0 for %zu items",
                    name, call->items);
    }
    if (!*fixed && !*initial)
        *fixed = config->partition_size;
    for (unsigned r = 0; r < 2; r++)
        if (*rules[r] % call->multiple)
            return pf_fail(PARFUN_INVALID,
                    "%s(): the partition size %zu is no multiple of the work-group's "
                    "%zu items",
                    name, *rules[r], call->multiple);
    return PARFUN_OK;
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

static enum parfun_status report(struct pf_run *run, const struct pf_entry *entry,
        const struct parfun_options *options, const char *trace)
{
    struct parfun_profile profile;

    pf_profile_fill(run, &profile);
    pf_function_profile_put(run->function, entry->thread, &profile);
    if (entry->outermost
            && ((options->flags & PARFUN_PROFILE) || entry->config->profile)) {
        char *text = pf_profile_report(run, &profile);

        if (text)
            (void)fputs(text, stderr);
        free(text);
    }
    return trace ? pf_trace_write(run, trace) : PARFUN_OK;
}

static enum parfun_status run_items(struct parfun_function *function,
        struct pf_settings *settings, const struct pf_entry *entry,
        const struct pf_call *call)
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
        PF_TRY(pf_trace_check(trace));
    status = pf_run_take(entry->engine, function, settings, entry->selection, call,
            trace != NULL, &run);
    if (!status)
        status = pf_run_execute(run, fixed, initial);
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

enum parfun_status parfun_call(struct parfun_function *function, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    struct pf_settings *settings;
    struct pf_entry entry;
    enum parfun_status status;

    if (!function)
        return pf_fail(PARFUN_INVALID, "parfun_call(): the function is NULL");
    status = pf_process_enter(&entry);
    if (status)
        return pf_error_prefix(status, "%s(): ", function->kernel->name);
    settings = pf_function_begin(function);
    status = call_with(function, settings, &entry, items, values, value_count);
    pf_function_end(function, settings, entry.engine->devices);
    pf_process_leave(&entry);
    return status;
}

enum parfun_status parfun_kernel_call(const struct parfun_kernel *kernel,
        struct parfun_function **slot, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    struct parfun_function *function = parfun_kernel_function(kernel, slot);

    /* the sentence says already why it could not be made */
    if (!function)
        return kernel->abi == PARFUN_KERNEL_ABI ? PARFUN_NO_MEMORY : PARFUN_INVALID;
    return parfun_call(function, items, values, value_count);
}

/* ---- What happened ------------------------------------------------------------------- */

enum parfun_status parfun_get_profile(
        struct parfun_function *function, struct parfun_profile *profile)
{
    struct parfun_profile found;
    size_t size;

    if (!function || !profile || profile->size < sizeof profile->size)
        return pf_fail(PARFUN_INVALID,
                "parfun_get_profile(): the function or the profile is NULL, or "
                "profile->size is not set");
    if (!pf_function_profile_get(function, pf_process_thread(), &found))
        return pf_fail(PARFUN_INVALID,
                "parfun_get_profile(): this thread has finished no call of %s()",
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
