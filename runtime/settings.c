/* SPDX-License-Identifier: Apache-2.0 */
/* settings.c: reads options, and keeps what calls need of them. */
#include "runtime/settings.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/model_file.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* No version's options are larger: a size beyond it was never set. */
enum { OPTIONS_BYTES_MAX = 4096 };

static void forget_build(struct pf_build *build)
{
    struct pf_driver *driver;

    if (build->ahead.asked)
        pf_workers_retract(build->ahead.driver->thread, &build->ahead.job);
    driver = build->driver;
    if (driver)
        pf_turn_take(&driver->turn);
    if (build->code)
        build->device->backend->code_destroy(build->device, build->code);
    if (driver)
        pf_turn_give(&driver->turn);
    free(build->reason);
    *build = (struct pf_build){ 0 };
}

void pf_settings_forget_builds(struct pf_settings *settings)
{
    for (unsigned i = 0; i < PF_DEVICES_MAX; i++)
        forget_build(&settings->build[i]);
    forget_build(&settings->host);
}

void pf_settings_destroy(struct pf_settings *settings)
{
    if (!settings)
        return;
    pf_settings_forget_builds(settings);
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
    if (!(options->timeout_s >= 0))
        return pf_fail(PARFUN_INVALID,
                "options of %s(): timeout_s is %g; give seconds, or 0 for no limit",
                name, options->timeout_s);
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
        bool body, const char *clauses, struct pf_clauses **parsed)
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
    if (body)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): a function written in C has no clauses but those of "
                "parfun_options.clauses; give them, as in \"split(x) combine(y)\"",
                kernel->name);
    if (!kernel->pragma_count)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): the kernel has no #pragma parfun above it in %s; "
                "give parfun_options.clauses",
                kernel->name, kernel->file);
    return pf_clauses_create(
            kernel, kernel->file, kernel->pragmas, kernel->pragma_count, parsed);
}

/* Clauses that only make sense for kernels. */
static enum parfun_status check_body(
        const struct parfun_kernel *kernel, const struct pf_clauses *clauses)
{
    const char *clause = clauses->dimensions > 1 ? "range"
            : clauses->absolute                  ? "ids"
            : *clauses->build                    ? "build"
                                                 : NULL;

    if (!clause)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "options of %s(): %s() is for kernels, and this function is written in C: "
            "remove it",
            kernel->name, clause);
}

/* Finds the generators that the clauses name. */
static enum parfun_status find_generators(const struct parfun_kernel *kernel,
        const struct pf_clauses *clauses,
        const struct parfun_named_generator *given, struct pf_settings *settings)
{
    for (unsigned g = 0; g < clauses->generator_count; g++) {
        const struct parfun_named_generator *at = given;

        while (at && at->name && strcmp(at->name, clauses->generators[g]) != 0)
            at++;
        if (!at || !at->name || !at->generator)
            return pf_fail(PARFUN_INVALID,
                    "options of %s(): split(by(%.60s): ...) names a generator that is "
                    "not in parfun_options.generators",
                    kernel->name, clauses->generators[g]);
        settings->generator[g] = at->generator;
    }
    return PARFUN_OK;
}

/* What clauses and options must be together.  Kernels are first made without
 * options: calls then say what is missing. */
static enum parfun_status check_together(const struct parfun_kernel *kernel,
        bool body, const struct parfun_options *options,
        struct pf_settings *settings)
{
    const struct pf_clauses *clauses = settings->clauses;

    if (body)
        PF_TRY(check_body(kernel, clauses));
    PF_TRY(find_generators(kernel, clauses, options->generators, settings));
    if (options->combiner && !clauses->each_count)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): there is a combiner, but no output for it: write "
                "combine(each(N): ...), or remove it",
                kernel->name);
    if (options->discard && !clauses->each_count)
        return pf_fail(PARFUN_INVALID,
                "options of %s(): there is a discard function, but no output for it: "
                "write combine(each(N): ...), or remove it",
                kernel->name);
    return PARFUN_OK;
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

enum parfun_status pf_settings_create(const struct parfun_kernel *kernel, bool body,
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
        status = parse_clauses(kernel, body, options.clauses, &made->clauses);
    if (!status && given)
        status = check_together(kernel, body, &options, made);
    if (!status) {
        /* nothing says whether a body is still the same in the next process */
        made->key = body ? 0 : key_of(kernel, options.clauses);
        made->options = options;
        made->options.clauses = NULL;
        made->options.generators = NULL;
        made->options.trace_export = NULL;
        if (options.trace_export) {
            made->options.trace_export = pf_text_copy(options.trace_export);
            if (!made->options.trace_export)
                status = pf_fail(PARFUN_NO_MEMORY, "no memory for options of %s()",
                        kernel->name);
        }
    }
    if (status)
        pf_settings_destroy(made);
    else
        *settings = made;
    return status;
}
