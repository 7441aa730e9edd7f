/* SPDX-License-Identifier: Apache-2.0 */
/* program.c: texts, whoever has described them. */
#include "runtime/program.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"
#include "runtime/object.h"
#include "runtime/declaration.h"

#include <stdlib.h>

struct pf_program {
    const struct parfun_kernel *kernel;
    struct pf_object object;       /* its owner with native code */
    struct pf_declaration *source; /* or without */
    char *missing;
};

/* What messages call the text, which is a file's name for parfun-cc. */
static enum parfun_status name_text(
        const struct pf_program_request *request, char **file)
{
    *file = pf_text_print("%.100s.cl", request->kernel);
    return *file
            ? PARFUN_OK
            : pf_fail(PARFUN_NO_MEMORY, "no memory for kernel %s", request->kernel);
}

static enum parfun_status create(struct pf_program **program)
{
    *program = calloc(1, sizeof **program);
    return *program ? PARFUN_OK
                    : pf_fail(PARFUN_NO_MEMORY, "no memory for a kernel's text");
}

static enum parfun_status compile(const struct pf_program_request *request,
        const struct pf_compiler *compiler, const char *file,
        struct pf_program *program)
{
    const struct pf_object_request wanted = { compiler, request->source,
        request->kernel, request->clauses, file, request->cache_dir,
        request->temporary_dir };

    PF_TRY(pf_declaration_check_includes(file, request->source));
    PF_TRY(pf_object_open(&wanted, &program->object));
    program->kernel = program->object.kernel;
    return program->kernel
            ? PARFUN_OK
            : pf_declaration_fail_name(request->kernel, program->object.names);
}

static enum parfun_status read_text(const struct pf_program_request *request,
        const char *missing, const char *file, struct pf_program *program)
{
    program->missing = pf_text_copy(missing);
    if (!program->missing)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a kernel's text");
    PF_TRY(pf_declaration_check_includes(file, request->source));
    PF_TRY(pf_declaration_create(
            file, request->source, request->kernel, &program->source));
    program->kernel = pf_declaration_kernel(program->source);
    return PARFUN_OK;
}

/* With a compiler, or with the reason why there is none. */
static enum parfun_status make(const struct pf_program_request *request,
        const struct pf_compiler *compiler, const char *missing,
        struct pf_program **program)
{
    struct pf_program *made;
    enum parfun_status status;
    char *file;

    PF_TRY(name_text(request, &file));
    status = create(&made);
    if (!status) {
        status = compiler ? compile(request, compiler, file, made)
                          : read_text(request, missing, file, made);
        if (status)
            pf_program_destroy(made);
        else
            *program = made;
    }
    free(file);
    return status;
}

enum parfun_status pf_program_compile(const struct pf_program_request *request,
        const struct pf_compiler *compiler, struct pf_program **program)
{
    return make(request, compiler, NULL, program);
}

enum parfun_status pf_program_read(const struct pf_program_request *request,
        const char *missing, struct pf_program **program)
{
    return make(request, NULL, missing, program);
}

void pf_program_destroy(struct pf_program *program)
{
    if (!program)
        return;
    pf_object_close(&program->object);
    pf_declaration_destroy(program->source);
    free(program->missing);
    free(program);
}

const struct parfun_kernel *pf_program_kernel(const struct pf_program *program)
{
    return program->kernel;
}

const char *pf_program_missing(const struct pf_program *program)
{
    return program ? program->missing : NULL;
}

/* A kernel of our own behind the text, so that there is one; it is launched as it is,
 * as those with barriers are, without anything around it. */
enum parfun_status pf_program_try(
        const struct pf_program_request *request, struct pf_device *device)
{
    struct parfun_kernel kernel = {
        .abi = PARFUN_KERNEL_ABI,
        .flags = PARFUN_KERNEL_BARRIERS,
        .name = "pf_nothing",
        .build = "",
    };
    const struct pf_code_request wanted = {
        .kernel = &kernel, .build = "", .dimensions = 1, .group = { 1, 1, 1 }
    };
    char *text = pf_text_print(
            "%s\n\n__kernel void pf_nothing(void)\n{\n}\n", request->source);
    struct pf_code *code;
    enum parfun_status status;
    char *file;

    PF_TRY(name_text(request, &file));
    kernel.file = file;
    kernel.source = text;
    status = text ? device->backend->code_create(device, &wanted, &code)
                  : pf_fail(PARFUN_NO_MEMORY, "no memory for a kernel's text");
    if (!status)
        device->backend->code_destroy(device, code);
    free(text);
    free(file);
    return status;
}
