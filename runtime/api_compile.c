/* SPDX-License-Identifier: Apache-2.0 */
/* api_compile.c: functions from text. */
#include "runtime/base/error.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "runtime/process.h"
#include "runtime/stand_in.h"

#include <ctype.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

struct request {
    struct pf_program_request program;
    const struct parfun_options *options;
    struct pf_entry entry;
};

/* The program is the function's, also after a failure. */
static enum parfun_status create_function(struct pf_program *program,
        const struct parfun_options *options, struct parfun_function **function)
{
    const enum parfun_status status =
            pf_function_create(pf_program_kernel(program), options, function);

    if (status)
        pf_program_destroy(program);
    else
        (*function)->program = program;
    return status;
}

/* ---- On OpenCL devices ---------------------------------------------------------------- */

/* Builds the function, or without one the bare text, on the first device that can.
 * What other devices say the call will hear. */
static enum parfun_status try_devices(
        struct request *request, struct parfun_function *function)
{
    const struct pf_selection *selection = request->entry.selection;
    enum parfun_status status = PARFUN_OK;

    for (unsigned d = 0; d < selection->device_count; d++) {
        struct pf_driver *driver = pf_devices_driver(
                request->entry.engine->devices, selection->devices[d]);
        struct pf_code *code;

        if (atomic_load(&driver->lost))
            continue;
        pf_turn_take(&driver->turn);
        status = function
                ? pf_function_build(function, function->settings, driver, &code)
                : pf_program_try(&request->program, driver->device);
        if (status == PARFUN_DEVICE_FAILED)
            atomic_store(&driver->lost, true);
        pf_turn_give(&driver->turn);
        if (!status || status == PARFUN_COMPILE || status == PARFUN_NO_MEMORY)
            return status;
        pf_log(PF_LOG_INFO, "%s(): without %s: %s", request->program.kernel,
                driver->device->name, pf_error_text());
    }
    return PARFUN_OK;
}

/* That a text does not compile is said before what its clauses lack. */
static enum parfun_status prefer_log(
        struct request *request, enum parfun_status status)
{
    char *sentence = pf_text_copy(pf_error_text());

    if (!sentence || try_devices(request, NULL) == PARFUN_COMPILE) {
        free(sentence);
        return sentence ? PARFUN_COMPILE : status;
    }
    (void)pf_fail(status, "%s", sentence);
    free(sentence);
    return status;
}

static enum parfun_status read_text(struct request *request, const char *missing,
        struct parfun_function **function)
{
    struct parfun_function *made = NULL;
    struct pf_program *program;
    enum parfun_status status;

    PF_TRY(pf_stand_in(&request->entry, missing));
    status = pf_program_read(&request->program, missing, &program);
    if (!status)
        status = create_function(program, request->options, &made);
    if (status == PARFUN_COMPILE || status == PARFUN_NO_MEMORY)
        return status;
    if (status)
        return prefer_log(request, status);
    status = try_devices(request, made);
    if (status)
        pf_function_destroy(made, NULL);
    else
        *function = made;
    return status;
}

/* ---- By parfun-cc --------------------------------------------------------------------- */

static enum parfun_status find_compiler(
        const struct pf_config *config, struct pf_compiler *compiler)
{
    if (!config->secure)
        return pf_compiler_find(config->compiler, config->search_path, compiler);
    *compiler = (struct pf_compiler){
        .missing = pf_text_copy("this process has privileges that its "
                                "user lacks, and runs no compiler")
    };
    return compiler->missing
            ? PARFUN_OK
            : pf_fail(PARFUN_NO_MEMORY, "no memory for a sentence");
}

static enum parfun_status compile(struct request *request,
        struct pf_compiler *compiler, struct parfun_function **function)
{
    struct pf_program *program;
    enum parfun_status status;

    if (!compiler->path)
        return read_text(request, compiler->missing, function);
    status = pf_program_compile(&request->program, compiler, &program);
    if (status == PARFUN_UNSUPPORTED || status == PARFUN_SYSTEM) {
        pf_log(PF_LOG_WARNING, "%s", pf_error_text());
        compiler->missing = pf_text_copy(pf_error_text());
        return compiler->missing
                ? read_text(request, compiler->missing, function)
                : pf_fail(PARFUN_NO_MEMORY, "no memory for a sentence");
    }
    return status ? status : create_function(program, request->options, function);
}

static enum parfun_status compile_inside(
        struct request *request, struct parfun_function **function)
{
    const struct pf_config *config = request->entry.config;
    struct pf_compiler compiler;
    enum parfun_status status;

    request->program.cache_dir = config->cache_dir;
    request->program.temporary_dir = config->temporary_dir;
    PF_TRY(find_compiler(config, &compiler));
    status = compile(request, &compiler, function);
    pf_compiler_finish(&compiler);
    return status;
}

/* ---- The interface ---------------------------------------------------------------------- */

static bool is_identifier(const char *name)
{
    if (!*name || isdigit((unsigned char)*name))
        return false;
    for (; *name; name++)
        if (!isalnum((unsigned char)*name) && *name != '_')
            return false;
    return true;
}

static enum parfun_status check(const char *source, const char *kernel_name,
        struct parfun_function **function)
{
    if (!function)
        return pf_fail(PARFUN_INVALID,
                "parfun_function_compile(): `function`, which receives the result, "
                "is NULL");
    if (!source || !kernel_name)
        return pf_fail(PARFUN_INVALID, "parfun_function_compile(): `%s` is NULL",
                source ? "kernel_name" : "source");
    if (!is_identifier(kernel_name))
        return pf_fail(PARFUN_INVALID,
                "parfun_function_compile(): \"%s\" is no name of a kernel",
                kernel_name);
    return PARFUN_OK;
}

/* Options of another version of the library are refused later. */
static const char *clauses_of(const struct parfun_options *options)
{
    const size_t end = offsetof(struct parfun_options, clauses) + sizeof(char *);

    return options && options->size >= end ? options->clauses : NULL;
}

/* A byte order mark is no part of a text; not every driver's compiler knows that. */
static const char *without_mark(const char *source)
{
    static const char mark[] = "\xEF\xBB\xBF";

    return pf_text_begins(source, mark) ? source + strlen(mark) : source;
}

enum parfun_status parfun_function_compile(const char *source,
        const char *kernel_name, const struct parfun_options *options,
        struct parfun_function **function)
{
    struct request request = { .options = options };
    struct parfun_function *made;
    enum parfun_status status;

    PF_TRY(check(source, kernel_name, function));
    request.program.source = without_mark(source);
    request.program.kernel = kernel_name;
    request.program.clauses = clauses_of(options);
    status = pf_process_enter(&request.entry, false);
    if (!status) {
        status = compile_inside(&request, &made);
        if (!status)
            pf_process_add_function(made);
        pf_process_leave(&request.entry);
    }
    if (status)
        return pf_error_prefix(status, "parfun_function_compile(): ");
    *function = made;
    return PARFUN_OK;
}
