/* SPDX-License-Identifier: Apache-2.0 */
/*
 * compile.c: clang's command lines.  What clang reads under the name of the user's
 * file is a text of ours, with the wrapper at its end: so all its messages, those
 * of the plugin too, name the user's file and lines.
 */
#include "compile.h"

#include "file.h"
#include "process.h"
#include "signatures.h"
#include "wrapper.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Options for the plugin travel in the module itself; `more` are lines of other
 * options, `after` is OpenCL C. */
static enum cc_exit write_settings(const char *path, const struct cc_job *job,
        const char *mode, const char *output, const char *more, const char *after)
{
    struct cc_text settings = { 0 }, text = { 0 };

    cc_add(&settings, "mode=%s\noutput=%s\nvariants=", mode, output);
    for (size_t i = 0; i < job->options->isas.count; i++)
        cc_add(&settings, "%s%s", i ? "," : "", job->options->isas.items[i]);
    cc_add(&settings, "\n%s", more);
    cc_add(&text,
            "static __constant char pf_options[] __attribute__((used)) =\n    ");
    cc_add_literal(&text, settings.data, "    ");
    cc_add(&text, ";\n%s", after);
    return cc_file_write(path, &text);
}

/* Clang's targets for CPUs claim every extension or none; native code has these. */
static const char extensions[] =
        "-cl-ext=-all,+cl_khr_fp64,+__opencl_c_fp64,+cl_khr_byte_addressable_store,"
        "+cl_khr_global_int32_base_atomics,+cl_khr_global_int32_extended_atomics,"
        "+cl_khr_local_int32_base_atomics,+cl_khr_local_int32_extended_atomics,"
        "+cl_khr_int64_base_atomics,+cl_khr_int64_extended_atomics,"
        "+cl_clang_storage_class_specifiers";

static void push_builtins(const struct cc_job *job, struct cc_list *list)
{
    cc_push(list, "-include");
    cc_push(list, job->tools.builtins);
    if (job->conversions) {
        cc_push(list, "-include");
        cc_push(list, job->tools.conversions);
    }
}

/* What the precompiled functions and the runs that use them must agree in. */
static struct cc_list language(const struct cc_job *job)
{
    static const char *const fixed[] = { "-x", "cl", "-cl-std=CL1.2",
        "-cl-no-stdinc", "-cl-kernel-arg-info", "-fPIC", "-fno-gnu-inline-asm",
        "-Wno-psabi", "-Rpass=pf-lines", "-Xclang", extensions };
    struct cc_list list = { 0 };

    cc_push(&list, job->tools.clang);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        cc_push(&list, fixed[i]);
    cc_push_all(&list, &job->options->language);
    if (job->options->debug)
        cc_push(&list, "-g");
    return list;
}

static struct cc_list clang(const struct cc_job *job, const char *settings)
{
    struct cc_list list = language(job);

    cc_push(&list, cc_format("-fpass-plugin=%s", job->tools.plugin));
    if (job->precompiled) {
        cc_push(&list, "-include-pch");
        cc_push(&list, job->precompiled);
    }
    cc_push(&list, "-include");
    cc_push(&list, settings);
    if (!job->precompiled)
        push_builtins(job, &list);
    return list;
}

enum cc_exit cc_compile_builtins(struct cc_job *job)
{
    const char *input = cc_process_path("builtins.h");
    const char *output = cc_process_path("builtins.pch");
    struct cc_list list = language(job);
    struct cc_text none = { 0 };

    cc_append(&none, "", 0);
    CC_TRY(cc_file_write(input, &none));
    push_builtins(job, &list);
    cc_push(&list, "-O3");
    cc_push(&list, "-Xclang");
    cc_push(&list, "-emit-pch");
    cc_push(&list, "-c");
    cc_push(&list, input);
    cc_push(&list, "-o");
    cc_push(&list, output);
    CC_TRY(cc_process_run(&list, job->options->verbose));
    job->precompiled = output;
    return CC_RIGHT;
}

/* An absolute path without "." and "..", as clang makes it. */
static const char *absolute(const char *folder, const char *path)
{
    struct cc_text text = { 0 };
    const char *at = path[0] == '/' ? path : cc_format("%s/%s", folder, path);

    cc_append(&text, "", 0);
    for (size_t length; *at; at += length) {
        at += strspn(at, "/");
        length = strcspn(at, "/");
        if (length == 2 && !memcmp(at, "..", 2)) {
            while (text.length && text.data[--text.length] != '/')
                continue;
            text.data[text.length] = '\0';
        } else if (length && !(length == 1 && *at == '.')) {
            cc_add(&text, "/%.*s", (int)length, at);
        }
    }
    return text.data;
}

/* Lets clang find `text` under the name of the user's file. */
static enum cc_exit push_input(const struct cc_job *job, const char *name,
        const struct cc_text *text, struct cc_list *list)
{
    const char *path = cc_process_path(cc_format("%s.cl", name));
    const char *overlay = cc_process_path(cc_format("%s.yaml", name));
    const char *logical = getenv("PWD");
    char physical[4096];
    struct cc_text yaml = { 0 };

    if (!getcwd(physical, sizeof physical))
        return cc_fatal("the present folder: %s", strerror(errno));
    if (!logical || logical[0] != '/')
        logical = physical;
    cc_add(&yaml,
            "{ \"version\": 0, \"use-external-names\": false, "
            "\"roots\": [\n");
    for (int i = 0; i < 2; i++) {
        cc_add(&yaml, "  { \"type\": \"file\", \"name\": ");
        cc_add_quoted(&yaml, absolute(i ? logical : physical, job->options->input));
        cc_add(&yaml, ", \"external-contents\": ");
        cc_add_quoted(&yaml, path);
        cc_add(&yaml, " }%s\n", i ? "" : ",");
    }
    cc_add(&yaml, "] }\n");
    CC_TRY(cc_file_write(overlay, &yaml));
    cc_push(list, "-ivfsoverlay");
    cc_push(list, overlay);
    cc_push(list, job->options->input);
    return cc_file_write(path, text);
}

enum cc_exit cc_compile_signatures(const struct cc_job *job,
        const struct cc_text *text, struct cc_kernels *kernels)
{
    const char *settings = cc_process_path("settings-1.h");
    const char *output = cc_process_path("signatures.jsonl");
    struct cc_list list = clang(job, settings);

    CC_TRY(write_settings(settings, job, "signatures", output, "", ""));
    /* -O0 would leave out the bodies of functions that are `inline` alone */
    cc_push(&list, "-O3");
    cc_push(&list, "-MD");
    cc_push(&list, "-MT");
    cc_push(&list, "object");
    cc_push(&list, "-MF");
    cc_push(&list, cc_process_path("rule.d"));
    cc_push(&list, "-c");
    cc_push(&list, "-emit-llvm");
    CC_TRY(push_input(job, "text", text, &list));
    cc_push(&list, "-o");
    cc_push(&list, cc_process_path("text.bc"));
    CC_TRY(cc_process_run(&list, job->options->verbose));
    return cc_signatures_read(output, kernels);
}

static const char *build_of(const struct cc_kernel *kernel)
{
    return kernel->clauses && kernel->clauses->build ? kernel->clauses->build : "";
}

/* build(...) goes to clang as it goes to drivers; only what both know. */
static enum cc_exit push_build(const struct cc_job *job,
        const struct cc_kernel *kernel, struct cc_list *list)
{
    const struct cc_place place = { job->options->input,
        kernel->pragma_count ? kernel->pragmas[0].line : 0, 0 };
    const char *at = build_of(kernel);

    while (*(at += strspn(at, " \t,"))) {
        size_t length = strcspn(at, " \t,");
        const char *word = cc_copy(at, length);
        if (strncmp(word, "-cl-", 4) != 0 && strncmp(word, "-D", 2) != 0)
            return cc_error(place,
                    "build(%s): only -cl-... and -D... hold for drivers and for "
                    "native code; leave the rest out",
                    word);
        if (!cc_options_is_spoken(word))
            return cc_error(place, "build(%s): " CC_SPOKEN, word);
        if (strcmp(word, "-cl-kernel-arg-info") != 0
                && strncmp(word, "-cl-std=", 8) != 0)
            cc_push(list, word);
        at += length;
    }
    return CC_RIGHT;
}

/* What a kernel accumulates in is one thread's own, so its atomics may be plain
 * instructions: several times faster.  The runtime refuses other clauses by which
 * threads would share such an array. */
static void find_own(const struct cc_text *text, struct cc_kernels *set)
{
    /* those of included files are not looked for */
    const bool atomics =
            strstr(text->data, "atom") || strstr(text->data, "include");

    for (size_t i = 0; i < set->count && atomics; i++) {
        const struct cc_kernel *kernel = &set->items[i];
        const struct pf_clauses *clauses = kernel->clauses;
        for (unsigned a = 0; clauses && a < clauses->argument_count; a++)
            kernel->parameters[a].is_own =
                    clauses->arguments[a].role == PF_ROLE_ARRAY
                    && (clauses->arguments[a].combine == PF_COMBINE_ACCUMULATE
                            || clauses->arguments[a].combine == PF_COMBINE_EACH);
    }
}

/* For the plugin. */
static const char *private_atomics(const struct cc_kernels *set)
{
    struct cc_text text = { 0 };

    cc_append(&text, "", 0);
    for (size_t i = 0; i < set->count; i++) {
        const struct cc_kernel *kernel = &set->items[i];
        const char *before = cc_format("%s:", kernel->c_name);
        for (unsigned a = 0; a < kernel->parameter_count; a++)
            if (kernel->parameters[a].is_own) {
                if (!text.length)
                    cc_add(&text, "private_atomics=");
                else if (before[0] != ',')
                    cc_add(&text, ";");
                cc_add(&text, "%s%u", before, a);
                before = ",";
            }
    }
    if (text.length)
        cc_add(&text, "\n");
    return text.data;
}

/* Two files may have constants of the same name. */
static const char internal[] =
        "#pragma clang attribute push(__attribute__((internal_linkage)), "
        "apply_to = variable(is_global))\n";

static enum cc_exit compile_set(const struct cc_job *whole,
        const struct cc_text *text, struct cc_kernels *set, size_t number,
        struct cc_list *objects)
{
    const struct cc_job own = { whole->options, whole->tools, whole->conversions,
        NULL };
    /* Options of its own need functions of their own. */
    const struct cc_job *job = *build_of(&set->items[0]) ? &own : whole;
    const char *settings = cc_process_path(cc_format("settings-2-%zu.h", number));
    const char *output = cc_process_path(cc_format("compiled-%zu.jsonl", number));
    const char *object = cc_process_path(cc_format("native-%zu.o", number));
    struct cc_list list = clang(job, settings);
    struct cc_text unit = { 0 };

    cc_append(&unit, text->data, text->length);
    /* the text may end with a line that goes on */
    cc_add(&unit, "\n\n#pragma clang attribute pop\n");
    cc_add(&unit, "\n# 1 \"<parfun-cc>\"\n");
    find_own(text, set);
    cc_wrapper_add(&unit, set);
    CC_TRY(write_settings(
            settings, job, "compile", output, private_atomics(set), internal));
    CC_TRY(push_build(job, &set->items[0], &list));
    cc_push(&list, "-O3");
    cc_push(&list, "-ffp-contract=on");
    cc_push(&list, "-w"); /* run 1 has warned */
    cc_push(&list, "-c");
    CC_TRY(push_input(job, cc_format("native-%zu", number), &unit, &list));
    cc_push(&list, "-o");
    cc_push(&list, object);
    CC_TRY(cc_process_run(&list, job->options->verbose));
    cc_push(objects, object);
    return cc_compiled_read(output, set);
}

/* Kernels with the same build() as `first`, in front of the others. */
static size_t gather(struct cc_kernels *kernels, size_t first)
{
    size_t end = first + 1;

    for (size_t i = end; i < kernels->count; i++)
        if (!strcmp(build_of(&kernels->items[i]),
                    build_of(&kernels->items[first]))) {
            struct cc_kernel other = kernels->items[end];
            kernels->items[end++] = kernels->items[i];
            kernels->items[i] = other;
        }
    return end;
}

enum cc_exit cc_compile_native(const struct cc_job *job, const struct cc_text *text,
        struct cc_kernels *kernels, struct cc_list *objects)
{
    for (size_t first = 0, number = 0; first < kernels->count; number++) {
        size_t end = gather(kernels, first);
        struct cc_kernels set = { kernels->items + first, end - first };
        CC_TRY(compile_set(job, text, &set, number, objects));
        first = end;
    }
    for (size_t i = 0; i < kernels->count; i++)
        if (!kernels->items[i].suffixes.count)
            return cc_fatal("the compiler plugin made no code for kernel %s; "
                            "parfun-cc and its plugin must be of one version",
                    kernels->items[i].name);
    return CC_RIGHT;
}

enum cc_exit cc_compile_glue(const struct cc_job *job, const struct cc_text *glue,
        struct cc_list *objects)
{
    static const char *const fixed[] = { "-x", "c", "-std=c17", "-O2", "-fPIC",
        "-Wall", "-Wno-overlength-strings", "-c" };
    const char *input = cc_process_path("glue.c");
    const char *object = cc_process_path("glue.o");
    struct cc_list list = { 0 };

    CC_TRY(cc_file_write(input, glue));
    cc_push(&list, job->tools.clang);
    for (size_t i = 0; i < sizeof fixed / sizeof *fixed; i++)
        cc_push(&list, fixed[i]);
    cc_push(&list, cc_format("-I%s", job->tools.include));
    cc_push(&list, input);
    cc_push(&list, "-o");
    cc_push(&list, object);
    CC_TRY(cc_process_run(&list, job->options->verbose));
    cc_push(objects, object);
    return CC_RIGHT;
}

enum cc_exit cc_compile_join(
        const struct cc_job *job, const struct cc_list *objects)
{
    const bool shared = job->options->shared || job->options->kernel;
    struct cc_list list = { 0 };

    cc_push(&list, job->tools.clang);
    if (shared) {
        cc_push(&list, "-shared");
    } else {
        cc_push(&list, "-r");
        cc_push(&list, "-nostdlib");
    }
    cc_push_all(&list, objects);
    if (shared) {
#if defined(__x86_64__) && defined(__linux__)
        cc_push(&list, "-lmvec");
#endif
        cc_push(&list, "-lm");
    }
    cc_push(&list, "-o");
    cc_push(&list, job->options->output);
    /* whatever the linker says, it is no mistake of the file's */
    return cc_process_run(&list, job->options->verbose) ? CC_USAGE : CC_RIGHT;
}
