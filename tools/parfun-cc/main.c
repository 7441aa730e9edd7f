/* SPDX-License-Identifier: Apache-2.0 */
/*
 * main.c: parfun-cc, from an OpenCL C file to an object and a header.
 *
 * clang runs twice over the text, with a plugin of ours: once to check it and to
 * learn what kernels there are, once, with a wrapper behind the text, for native
 * code; then once over a small C file with descriptors and functions.
 */
#include "compile.h"
#include "depfile.h"
#include "file.h"
#include "glue.h"
#include "header.h"
#include "hints.h"
#include "includes.h"
#include "match.h"
#include "pragmas.h"
#include "process.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static enum cc_exit read_input(const char *path, struct cc_text *text)
{
    if (!cc_file_read(path, text))
        return cc_fatal("%s: %s", path, strerror(errno));
    if (strlen(text->data) != text->length)
        return cc_error((struct cc_place){ path, 0, 0 },
                "holds a zero byte; it is no text");
    return CC_RIGHT;
}

static enum cc_exit write_rule(const struct cc_job *job)
{
    const struct cc_options *options = job->options;
    struct cc_list targets = { 0 }, more = { 0 };

    if (!options->depfile)
        return CC_RIGHT;
    if (options->output)
        cc_push(&targets, options->output);
    if (options->header)
        cc_push(&targets, options->header);
    if (!targets.count)
        return CC_RIGHT;
    cc_push(&more, job->tools.plugin);
    return cc_depfile_write(options->depfile, cc_process_path("rule.d"),
            cc_process_folder(), &targets, &more);
}

/* `names`: of all kernels of the text, of which one is wanted; or NULL. */
static enum cc_exit write_object(const struct cc_job *job,
        const struct cc_text *text, const char *source, const char *names,
        struct cc_kernels *kernels)
{
    const struct cc_options *options = job->options;
    struct cc_list objects = { 0 };
    struct cc_text glue = { 0 }, header = { 0 };

    CC_TRY(cc_compile_native(job, text, kernels, &objects));
    cc_glue_add(&glue, options->input, source, options->build.data, &options->isas,
            kernels, names != NULL);
    if (names)
        cc_glue_add_only(&glue, names, kernels);
    CC_TRY(cc_compile_glue(job, &glue, &objects));
    CC_TRY(cc_compile_join(job, &objects));
    if (options->header) {
        cc_header_add(&header, options->input, options->header, kernels);
        CC_TRY(cc_file_write(options->header, &header));
    }
    return write_rule(job);
}

static enum cc_exit run(const struct cc_options *options, struct pf_scan *scan,
        struct cc_kernels *kernels)
{
    struct cc_job job = { .options = options };
    const bool only = options->kernel != NULL;
    struct cc_text text = { 0 }, source = { 0 };
    const char *names = NULL;
    enum cc_exit result;

    CC_TRY(cc_process_open());
    CC_TRY(cc_locate(options, &job.tools));
    CC_TRY(read_input(options->input, &text));
    if (pf_scan_text(options->input, text.data, text.length, scan))
        return cc_error_again();
    CC_TRY(cc_pragmas_check(options->input, &text, &options->language));
    CC_TRY(cc_match_names(options->input, scan, options->prefix, only));
    cc_match_rename(&text, scan, options->prefix);
    cc_add(&source, "%s", options->defines.data);
    CC_TRY(cc_includes_expand(options->input, &text, &options->folders, &source));
    cc_pragmas_blank(&text);
    job.conversions = strstr(source.data, "convert_") != NULL;
    if (only)
        CC_TRY(cc_compile_builtins(&job));
    result = cc_compile_signatures(&job, &text, kernels);
    if (result == CC_WRONG)
        cc_hints_give(options->input, &text, &source, scan);
    CC_TRY(result);
    CC_TRY(cc_match(options->input, scan, options->prefix, only, kernels));
    if (only) {
        names = cc_match_only(options->kernel, kernels);
        if (!kernels->count) /* the library says it to who loads what is written */
            CC_TRY(cc_warning(&options->language,
                    (struct cc_place){ options->input, 0, 0 },
                    "no kernel %s; it has %s", options->kernel,
                    *names ? names : "none"));
        cc_match_lenient(options->input, options->clauses, kernels);
    } else {
        CC_TRY(cc_match_clauses(options->input, kernels));
        CC_TRY(cc_match_results(options->input, &options->language, kernels));
        if (options->verbose)
            cc_match_tell(options->input, kernels);
    }
    if (options->check)
        return CC_RIGHT;
    return write_object(&job, &text, source.data, names, kernels);
}

int main(int count, char **arguments)
{
    struct cc_kernels kernels = { 0 };
    struct pf_scan scan = { 0 };
    struct cc_options options;
    bool finished;
    enum cc_exit result = cc_options_read(count, arguments, &options, &finished);

    if (result == CC_RIGHT && !finished) {
        result = run(&options, &scan, &kernels);
        if (result != CC_RIGHT && options.output && !options.check)
            unlink(options.output); /* make must not take it for finished */
    }
    cc_match_finish(&kernels);
    pf_scan_finish(&scan);
    cc_process_clean();
    cc_memory_release();
    return (int)result;
}
