/* SPDX-License-Identifier: Apache-2.0 */
/* api.c: the public functions. */
#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/process.h"
#include "runtime/running.h"

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

enum parfun_status parfun_function_from_c(const char *name, const char *signature,
        parfun_body *body, const struct parfun_options *options,
        struct parfun_function **function)
{
    const char *missing = !name ? "name"
            : !signature        ? "signature"
            : !body             ? "body"
            : !function         ? "function"
                                : NULL;
    struct parfun_function *made;

    if (missing)
        return pf_fail(
                PARFUN_INVALID, "parfun_function_from_c(): `%s` is NULL", missing);
    PF_TRY(pf_function_from_c(name, signature, body, options, &made));
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
    if (pf_process_has_started() && is_running(function)) {
        (void)pf_fail(PARFUN_INVALID,
                "parfun_function_destroy(): %s() is under way, and this thread has "
                "started calls, which it may wait for; call parfun_finish() first",
                function->kernel->name);
        return;
    }
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

enum parfun_status parfun_call(struct parfun_function *function, size_t items,
        const struct parfun_value *values, size_t value_count)
{
    const struct pf_over over = { .items = items };
    struct parfun_running running;

    if (!function)
        return pf_fail(PARFUN_INVALID, "parfun_call(): `function` is NULL");
    PF_TRY(pf_running_begin(&running, function, false, &over, values, value_count));
    return pf_running_end(&running);
}

enum parfun_status parfun_call_groups(struct parfun_function *function,
        const struct parfun_groups *groups, const struct parfun_value *values,
        size_t value_count)
{
    const struct pf_over over = { .groups = groups };
    struct parfun_running running;

    if (!function || !groups)
        return pf_fail(PARFUN_INVALID, "parfun_call_groups(): `%s` is NULL",
                function ? "groups" : "function");
    PF_TRY(pf_running_begin(&running, function, false, &over, values, value_count));
    return pf_running_end(&running);
}

enum parfun_status parfun_start(struct parfun_function *function, size_t items,
        const struct parfun_value *values, size_t value_count,
        struct parfun_running **running)
{
    const struct pf_over over = { .items = items };
    struct parfun_running *made;
    enum parfun_status status;

    if (!function || !running)
        return pf_fail(PARFUN_INVALID, "parfun_start(): `%s` is NULL",
                function ? "running" : "function");
    made = malloc(sizeof *made);
    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for the call",
                function->kernel->name);
    status = pf_running_begin(made, function, true, &over, values, value_count);
    if (status)
        free(made);
    else
        *running = made;
    return status;
}

enum parfun_status parfun_finish(struct parfun_running *running)
{
    enum parfun_status status;

    if (!running)
        return pf_fail(PARFUN_INVALID, "parfun_finish(): `running` is NULL");
    status = pf_running_check_process(running);
    if (!status)
        status = pf_running_end(running);
    free(running);
    return status;
}

void parfun_cancel(struct parfun_running *running)
{
    if (!running)
        pf_process_cancel();
    else
        pf_running_cancel(running);
}

enum parfun_status parfun_kernel_call_groups(const struct parfun_kernel *kernel,
        struct parfun_function **slot, const struct parfun_groups *groups,
        const struct parfun_value *values, size_t value_count)
{
    struct parfun_function *function;

    PF_TRY(pf_process_kernel_function(kernel, slot, &function));
    return parfun_call_groups(function, groups, values, value_count);
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
    if (!pf_function_profile_get(function, pf_thread_number(), &found))
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
