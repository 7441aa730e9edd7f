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

/* No version's options are larger: a size beyond it was never set. */
enum { OPTIONS_BYTES_MAX = 4096 };

/* ---- Settings -------------------------------------------------------------------- */

static void forget_build(struct pf_build *build)
{
    struct pf_driver *driver;

    if (build->ahead.asked)
        pf_workers_retract(build->ahead.driver->thread, &build->ahead.job);
    driver = build->driver;
    if (driver)
        pf_lock_take(&driver->lock);
    if (build->code)
        build->device->backend->code_destroy(build->device, build->code);
    if (driver)
        pf_lock_give(&driver->lock);
    free(build->reason);
    *build = (struct pf_build){ 0 };
}

static void forget_builds(struct pf_settings *settings)
{
    for (unsigned i = 0; i < PF_DEVICES_MAX; i++)
        forget_build(&settings->build[i]);
    forget_build(&settings->host);
}

static void destroy_settings(struct pf_settings *settings)
{
    if (!settings)
        return;
    forget_builds(settings);
    pf_clauses_destroy(settings->clauses);
    free((char *)(uintptr_t)settings->options.clauses);
    free((char *)(uintptr_t)settings->options.trace_export);
    free(settings);
}

static enum parfun_status check_options(
        const char *name, const struct parfun_options *options)
{
    const bool fixed = options->fixed_partition_size || options->fixed_rule;
    const bool initial = options->initial_partition_size || options->initial_rule;

    if (fixed && initial)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): a fixed and an initial partition size exclude "
                "each other; give one",
                name);
    if ((options->fixed_partition_size && options->fixed_rule)
            || (options->initial_partition_size && options->initial_rule))
        return pf_fail(PARFUN_INVALID,
                "options of %s(): a partition size and a rule for it exclude each "
                "other; give one",
                name);
    if (options->flags & ~(uint64_t)PARFUN_PROFILE)
        return pf_fail(PARFUN_INVALID, "options of %s(): unknown flags 0x%llx",
                name,
                (unsigned long long)(options->flags & ~(uint64_t)PARFUN_PROFILE));
    return PARFUN_OK;
}

/* Options of an older or newer program: what this library does not know must be
 * zero. */
static enum parfun_status read_options(const char *name,
        const struct parfun_options *given, struct parfun_options *options)
{
    const size_t known = sizeof *options;

    *options = (struct parfun_options){ .size = known };
    if (!given)
        return PARFUN_OK;
    if (given->size < offsetof(struct parfun_options, clauses) + sizeof(char *)
            || given->size > OPTIONS_BYTES_MAX)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): .size is %zu; use PARFUN_OPTIONS(), which sets it",
                name, given->size);
    for (size_t i = known; i < given->size; i++)
        if (((const char *)given)[i])
            return pf_fail(PARFUN_INVALID,
                    "options of %s(): they use what this version of the library, " PARFUN_VERSION
                    ", does not have; use a newer one",
                    name);
    memcpy(options, given, given->size < known ? given->size : known);
    options->size = known;
    return check_options(name, options);
}

static enum parfun_status parse_clauses(const struct parfun_kernel *kernel,
        const char *clauses, struct pf_clauses **parsed)
{
    if (clauses) {
        const struct parfun_pragma text = { clauses, 1, 1 };

        const enum parfun_status status =
                pf_clauses_create(kernel, NULL, &text, 1, parsed);

        if (!status)
            (*parsed)->replaced = true;
        return status ? pf_error_prefix(status, "options of %s(): ", kernel->name)
                      : PARFUN_OK;
    }
    if (!kernel->pragma_count)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): the kernel has no #pragma parfun above it in %s; "
                "give parfun_options.clauses",
                kernel->name, kernel->file);
    return pf_clauses_create(
            kernel, kernel->file, kernel->pragmas, kernel->pragma_count, parsed);
}

/* Whatever changes what an item costs, or how items are counted. */
static uint64_t key_of(const struct parfun_kernel *kernel, const char *clauses)
{
    uint64_t key = pf_model_key(PF_MODEL_KEY, PARFUN_VERSION);

    key = pf_model_key(key, kernel->source);
    key = pf_model_key(key, kernel->name);
    key = pf_model_key(key, kernel->build);
    key = pf_model_key(key, clauses);
    for (uint32_t p = 0; !clauses && p < kernel->pragma_count; p++)
        key = pf_model_key(key, kernel->pragmas[p].text);
    return key;
}

static enum parfun_status create_settings(const struct parfun_kernel *kernel,
        const struct parfun_options *given, struct pf_settings **settings)
{
    struct pf_settings *made = calloc(1, sizeof *made);
    struct parfun_options options;
    enum parfun_status status = PARFUN_OK;

    if (!made)
        return pf_fail(
                PARFUN_NO_MEMORY, "no memory for options of %s()", kernel->name);
    made->references = 1;
    status = read_options(kernel->name, given, &options);
    if (!status)
        status = parse_clauses(kernel, options.clauses, &made->clauses);
    if (!status) {
        made->key = key_of(kernel, options.clauses);
        made->options = options;
        made->options.clauses = NULL;
        made->options.trace_export = NULL;
        if (options.trace_export) {
            made->options.trace_export = pf_text_copy(options.trace_export);
            if (!made->options.trace_export)
                status = pf_fail(PARFUN_NO_MEMORY, "no memory for options of %s()",
                        kernel->name);
        }
    }
    if (status)
        destroy_settings(made);
    else
        *settings = made;
    return status;
}

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

enum parfun_status pf_function_create(const struct parfun_kernel *kernel,
        const struct parfun_options *options, struct parfun_function **function)
{
    struct parfun_function *made;
    enum parfun_status status;

    if (kernel->abi != PARFUN_KERNEL_ABI)
        return pf_fail(PARFUN_INVALID,
                "a kernel's description was made by another version of parfun-cc; "
                "compile its file again");
    made = calloc(1, sizeof *made);
    if (!made)
        return pf_fail(
                PARFUN_NO_MEMORY, "no memory for function %s()", kernel->name);
    made->kernel = kernel;
    pf_model_init(&made->model, PF_MODEL_CLASSES);
    status = create_settings(kernel, options, &made->settings);
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
    destroy_settings(made->settings);
no_settings:
    free(made);
    return status;
}

void pf_function_destroy(struct parfun_function *function, const char *cache_dir)
{
    keep(function, cache_dir);
    destroy_settings(function->settings);
    pf_condition_finish(&function->idle);
    pf_lock_finish(&function->lock);
    free(function->snapshot);
    free(function);
}

enum parfun_status pf_function_set_options(
        struct parfun_function *function, const struct parfun_options *options)
{
    struct pf_settings *settings, *old;

    PF_TRY(create_settings(function->kernel, options, &settings));
    pf_lock_take(&function->lock);
    old = drop(function->settings);
    function->settings = settings;
    pf_lock_give(&function->lock);
    destroy_settings(old);
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
    destroy_settings(old);
}

void pf_function_close(struct parfun_function *function, const char *cache_dir)
{
    keep(function, cache_dir);
    forget_builds(function->settings);
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
    const struct parfun_variant *variant = NULL;

    pf_lock_take(&function->lock);
    *status = build(function, settings, host, NULL, &settings->host);
    if (!*status)
        variant = host->backend->native(settings->host.code);
    pf_lock_give(&function->lock);
    return variant;
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

static void build_ahead(struct pf_job *job)
{
    const struct pf_ahead *ahead = (const struct pf_ahead *)job;
    struct pf_driver *driver = ahead->driver;
    struct pf_build *result = &ahead->settings->build[driver->number];
    enum parfun_status status;

    pf_lock_take(&driver->lock);
    status =
            build(ahead->function, ahead->settings, driver->device, driver, result);
    if (!status)
        status = pf_reducers_build_ahead(driver, ahead->settings->clauses);
    if (status)
        pf_log(PF_LOG_INFO, "%s(): without %s: %s", ahead->function->kernel->name,
                driver->device->name, pf_error_text());
    if (status == PARFUN_DEVICE_FAILED)
        atomic_store(&driver->lost, true);
    pf_lock_give(&driver->lock);
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
    pf_workers_post(driver->thread, &ahead->job, 1);
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

void pf_function_model_done(
        struct parfun_function *function, const struct pf_model *model)
{
    if (model != &function->model)
        return;
    pf_lock_take(&function->lock);
    if (function->snapshot_wanted) {
        if (!function->snapshot)
            function->snapshot = malloc(sizeof *function->snapshot);
        if (function->snapshot)
            *function->snapshot = *model;
        function->snapshot_wanted = false;
    }
    function->model_busy = false;
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

void pf_function_learn(struct parfun_function *function,
        const struct pf_partition *partitions, size_t count)
{
    pf_lock_take(&function->lock);
    for (size_t i = 0; i < count; i++)
        pf_python_estimator_add(
                &function->python, partitions[i].items, partitions[i].ns);
    pf_lock_give(&function->lock);
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
