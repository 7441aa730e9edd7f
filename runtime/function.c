/* SPDX-License-Identifier: Apache-2.0 */
/* function.c: functions, their settings and what is built of them. */
#include "runtime/function.h"

#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/reducers.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* What was learned, for later processes; no call is under way. */
static void keep(struct parfun_function *function, const char *folder)
{
    if (folder && function->keys.function && function->model.calls > function->kept)
        pf_model_file_save(folder, &function->model, &function->keys);
    function->kept = function->model.calls;
}

/* Called with the function's lock held; returns what is to be destroyed without
 * it. */
static struct pf_settings *drop(struct pf_settings *settings)
{
    return --settings->references ? NULL : settings;
}

/* ---- Functions ------------------------------------------------------------------- */

/* `body`: NULL for a kernel. */
static enum parfun_status create(const struct parfun_kernel *kernel,
        parfun_body *body, const struct parfun_options *options,
        struct parfun_function **function)
{
    struct parfun_function *made = calloc(1, sizeof *made);
    enum parfun_status status;

    if (!made)
        return pf_fail(
                PARFUN_NO_MEMORY, "no memory for function %s()", kernel->name);
    made->kernel = kernel;
    made->body = body;
    pf_model_init(&made->model, PF_MODEL_CLASSES);
    status = pf_settings_create(kernel, body != NULL, options, &made->settings);
    if (status)
        goto no_settings;
    status = pf_lock_init(&made->lock);
    if (status)
        goto no_lock;
    status = pf_condition_init(&made->idle);
    if (status)
        goto no_condition;
    *function = made;
    return PARFUN_OK;
no_condition:
    pf_lock_finish(&made->lock);
no_lock:
    pf_settings_destroy(made->settings);
no_settings:
    free(made);
    return status;
}

enum parfun_status pf_function_create(const struct parfun_kernel *kernel,
        const struct parfun_options *options, struct parfun_function **function)
{
    if (kernel->abi != PARFUN_KERNEL_ABI)
        return pf_fail(PARFUN_INVALID,
                "a kernel's description was made by another version of parfun-cc; "
                "compile its file again");
    return create(kernel, NULL, options, function);
}

enum parfun_status pf_function_from_c(const char *name, const char *signature,
        parfun_body *body, const struct parfun_options *options,
        struct parfun_function **function)
{
    struct pf_signature *read;
    enum parfun_status status;

    PF_TRY(pf_signature_create(name, signature, &read));
    status = create(&read->kernel, body, options, function);
    if (status)
        pf_signature_destroy(read);
    else
        (*function)->signature = read;
    return status;
}

void pf_function_destroy(struct parfun_function *function, const char *cache_dir)
{
    keep(function, cache_dir);
    pf_settings_destroy(function->settings);
    pf_condition_finish(&function->idle);
    pf_lock_finish(&function->lock);
    free(function->snapshot);
    pf_program_destroy(function->program);
    pf_signature_destroy(function->signature);
    free(function);
}

enum parfun_status pf_function_set_options(
        struct parfun_function *function, const struct parfun_options *options)
{
    struct pf_settings *settings, *old;

    PF_TRY(pf_settings_create(
            function->kernel, function->body != NULL, options, &settings));
    pf_lock_take(&function->lock);
    old = drop(function->settings);
    function->settings = settings;
    pf_lock_give(&function->lock);
    pf_settings_destroy(old);
    return PARFUN_OK;
}

struct pf_settings *pf_function_begin(struct parfun_function *function)
{
    struct pf_settings *settings;

    pf_lock_take(&function->lock);
    settings = function->settings;
    settings->references++;
    function->calls++;
    pf_lock_give(&function->lock);
    return settings;
}

void pf_function_end(struct parfun_function *function, struct pf_settings *settings)
{
    struct pf_settings *old;

    pf_lock_take(&function->lock);
    old = drop(settings);
    if (--function->calls == 0)
        pf_condition_wake_all(&function->idle);
    pf_lock_give(&function->lock);
    pf_settings_destroy(old);
}

void pf_function_close(struct parfun_function *function, const char *cache_dir)
{
    keep(function, cache_dir);
    pf_settings_forget_builds(function->settings);
}

void pf_function_renew(struct parfun_function *function)
{
    struct pf_settings *settings = function->settings;

    (void)pf_lock_init(&function->lock);
    (void)pf_condition_init(&function->idle);
    function->calls = 0;
    function->model_busy = false;
    memset(settings->build, 0, sizeof settings->build);
}

/* ---- Builds ---------------------------------------------------------------------- */

static enum parfun_status build(const struct parfun_function *function,
        const struct pf_settings *settings, struct pf_device *device,
        struct pf_driver *driver, struct pf_build *result)
{
    const struct pf_clauses *clauses = settings->clauses;
    const struct pf_code_request request = {
        .kernel = function->kernel,
        .build = clauses->build,
        .dimensions = clauses->dimensions,
        .group = { clauses->workgroup[0], clauses->workgroup[1],
                clauses->workgroup[2] },
        .absolute = clauses->absolute,
    };

    if (!result->tried) {
        result->device = device;
        result->driver = driver;
        result->status =
                device->backend->code_create(device, &request, &result->code);
        /* There may be memory the next time. */
        if (result->status == PARFUN_NO_MEMORY)
            return result->status;
        if (result->status)
            result->reason = pf_text_copy(pf_error_text());
        result->tried = true;
    } else if (result->status) {
        return pf_fail(result->status, "%s",
                result->reason ? result->reason : "the kernel was refused before");
    }
    return result->status;
}

const struct parfun_variant *pf_function_native(struct parfun_function *function,
        struct pf_settings *settings, struct pf_device *host,
        enum parfun_status *status)
{
    struct pf_build *result = &settings->host;

    /* what was tried stays as it is while calls are under way */
    if (atomic_load_explicit(&result->tried, memory_order_acquire)
            && !result->status) {
        *status = PARFUN_OK;
        return host->backend->native(result->code);
    }
    pf_lock_take(&function->lock);
    *status = build(function, settings, host, NULL, result);
    pf_lock_give(&function->lock);
    return *status ? NULL : host->backend->native(result->code);
}

enum parfun_status pf_function_build(const struct parfun_function *function,
        struct pf_settings *settings, struct pf_driver *driver,
        struct pf_code **code)
{
    struct pf_build *result = &settings->build[driver->number];

    PF_TRY(build(function, settings, driver->device, driver, result));
    *code = result->code;
    return PARFUN_OK;
}

static bool build_ahead(struct pf_job *job)
{
    const struct pf_ahead *ahead = (const struct pf_ahead *)job;
    struct pf_driver *driver = ahead->driver;
    struct pf_build *result = &ahead->settings->build[driver->number];
    enum parfun_status status;

    pf_turn_take(&driver->turn);
    if (atomic_load(&driver->builds_ended)) {
        pf_turn_give(&driver->turn);
        return false;
    }
    status =
            build(ahead->function, ahead->settings, driver->device, driver, result);
    if (!status)
        status = pf_reducers_build_ahead(driver, ahead->settings->clauses);
    if (status)
        pf_log(PF_LOG_INFO, "%s(): without %s: %s", ahead->function->kernel->name,
                driver->device->name, pf_error_text());
    if (status == PARFUN_DEVICE_FAILED)
        atomic_store(&driver->lost, true);
    pf_turn_give(&driver->turn);
    return false;
}

void pf_function_build_ahead(const struct parfun_function *function,
        struct pf_settings *settings, struct pf_driver *driver)
{
    struct pf_ahead *ahead = &settings->build[driver->number].ahead;

    if (atomic_exchange(&ahead->asked, true))
        return;
    ahead->job = (struct pf_job){ .run = build_ahead };
    ahead->driver = driver;
    ahead->function = function;
    ahead->settings = settings;
    (void)pf_workers_post(driver->thread, &ahead->job, 1);
}

/* ---- What was learned -------------------------------------------------------------- */

struct pf_model *pf_function_model(
        struct parfun_function *function, struct pf_model *copy)
{
    struct pf_model *model = &function->model;

    pf_lock_take(&function->lock);
    if (!function->model_busy) {
        function->model_busy = true;
    } else {
        function->snapshot_wanted = true;
        model = copy;
        if (function->snapshot)
            *copy = *function->snapshot;
        else
            pf_model_init(copy, PF_MODEL_CLASSES);
    }
    pf_lock_give(&function->lock);
    return model;
}

/* Called with the function's lock held: calls beside the one that learned have begun. */
static void show_model(struct parfun_function *function)
{
    if (!function->snapshot)
        function->snapshot = malloc(sizeof *function->snapshot);
    if (function->snapshot)
        *function->snapshot = function->model;
    function->snapshot_wanted = false;
}

void pf_function_learn(struct parfun_function *function,
        const struct pf_model *model, const struct pf_partition *partitions,
        size_t count)
{
    pf_lock_take(&function->lock);
    if (model == &function->model) {
        if (function->snapshot_wanted)
            show_model(function);
        function->model_busy = false;
    }
    for (size_t i = 0; i < count; i++)
        pf_python_estimator_add(
                &function->python, partitions[i].items, partitions[i].ns);
    pf_lock_give(&function->lock);
}

void pf_function_name_class(struct parfun_function *function, unsigned c,
        const struct pf_device *device)
{
    uint64_t key;

    if (function->keys.device[c])
        return;
    key = pf_model_key(PF_MODEL_KEY, device->name);
    key = pf_model_key(key, device->platform);
    function->keys.device[c] = pf_model_key(key, device->driver);
}

void pf_function_recall(struct parfun_function *function,
        const struct pf_settings *settings, const char *folder)
{
    function->keys.function = settings->key;
    if (folder)
        pf_model_file_load(folder, &function->model, &function->keys);
    function->kept = function->model.calls;
}

struct pf_python_estimate pf_function_estimate(struct parfun_function *function)
{
    struct pf_python_estimate estimate;

    pf_lock_take(&function->lock);
    estimate = pf_python_estimator_look(&function->python);
    pf_lock_give(&function->lock);
    return estimate;
}

void pf_function_profile_put(struct parfun_function *function, uint64_t thread,
        const struct parfun_profile *profile)
{
    struct pf_thread_profile *slot = NULL;

    pf_lock_take(&function->lock);
    for (unsigned i = 0; i < PF_FUNCTION_PROFILES && !slot; i++)
        if (function->profile[i].thread == thread)
            slot = &function->profile[i];
    if (!slot)
        slot = &function->profile[function->profile_next++ % PF_FUNCTION_PROFILES];
    slot->thread = thread;
    slot->profile = *profile;
    pf_lock_give(&function->lock);
}

bool pf_function_profile_get(struct parfun_function *function, uint64_t thread,
        struct parfun_profile *profile)
{
    bool found = false;

    pf_lock_take(&function->lock);
    for (unsigned i = 0; i < PF_FUNCTION_PROFILES && !found; i++)
        if (function->profile[i].thread == thread) {
            *profile = function->profile[i].profile;
            found = true;
        }
    pf_lock_give(&function->lock);
    return found;
}

/* ---- Lists ------------------------------------------------------------------------- */

void pf_functions_add(
        struct parfun_function **list, struct parfun_function *function)
{
    function->previous = NULL;
    function->next = *list;
    if (function->next)
        function->next->previous = function;
    *list = function;
}

void pf_functions_remove(
        struct parfun_function **list, struct parfun_function *function)
{
    if (function->previous)
        function->previous->next = function->next;
    else
        *list = function->next;
    if (function->next)
        function->next->previous = function->previous;
}

enum parfun_status pf_functions_generated(struct parfun_function **list,
        const struct parfun_kernel *kernel, struct parfun_function **slot,
        struct parfun_function **function)
{
    *function = *slot;
    if (*function)
        return PARFUN_OK;
    PF_TRY(pf_function_create(kernel, NULL, function));
    (*function)->generated = true;
    pf_functions_add(list, *function);
    __atomic_store_n(slot, *function, __ATOMIC_RELEASE);
    return PARFUN_OK;
}
