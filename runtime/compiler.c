/* SPDX-License-Identifier: Apache-2.0 */
/* compiler.c: finds parfun-cc and runs it. */
#include "runtime/compiler.h"

#include "runtime/base/command.h"
#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/log.h"
#include "runtime/base/text.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LOG_MAX = 1 << 20, WRONG_TEXT = 1, UNKNOWN = -1 };

static const char program[] = "parfun-cc";

/* ---- Where it is ------------------------------------------------------------------ */

/* Takes the path, of which NULL is lack of memory; *found: it is a program. */
static enum parfun_status try_path(
        char *path, struct pf_compiler *compiler, bool *found)
{
    struct stat info;

    if (!path)
        return pf_fail(PARFUN_NO_MEMORY, "no memory to look for parfun-cc");
    *found = *path == '/' && stat(path, &info) == 0 && S_ISREG(info.st_mode)
            && access(path, X_OK) == 0;
    if (!*found) {
        free(path);
        return PARFUN_OK;
    }
    compiler->identity =
            pf_text_print("%s %lld %lld.%09ld", path, (long long)info.st_size,
                    (long long)info.st_mtim.tv_sec, info.st_mtim.tv_nsec);
    if (!compiler->identity) {
        free(path);
        return pf_fail(PARFUN_NO_MEMORY, "no memory to look for parfun-cc");
    }
    compiler->path = path;
    return PARFUN_OK;
}

/* The folder of this library's own file, or NULL. */
static char *own_folder(void)
{
    Dl_info info;
    char *path = NULL, *slash;

    if (dladdr(program, &info) && info.dli_fname)
        path = realpath(info.dli_fname, NULL);
    slash = path ? strrchr(path, '/') : NULL;
    if (slash)
        *slash = '\0';
    return path;
}

static enum parfun_status try_installed(struct pf_compiler *compiler, bool *found)
{
    char *folder = own_folder();
    enum parfun_status status;

    *found = false;
    if (!folder)
        return PARFUN_OK;
    status = try_path(pf_text_print("%s/" PF_BIN_FOLDER "/%s", folder, program),
            compiler, found);
    free(folder);
    return status;
}

static enum parfun_status try_folders(
        const char *search_path, struct pf_compiler *compiler, bool *found)
{
    size_t length;

    *found = false;
    for (const char *at = search_path; at && !*found; at += length) {
        at += *at == ':';
        length = strcspn(at, ":");
        if (length)
            PF_TRY(try_path(pf_text_print("%.*s/%s", (int)length, at, program),
                    compiler, found));
        if (!at[length])
            break;
    }
    return PARFUN_OK;
}

static enum parfun_status look(
        const char *named, const char *search_path, struct pf_compiler *compiler)
{
    bool found = false;

    if (named) {
        PF_TRY(try_path(pf_text_copy(named), compiler, &found));
        if (!found)
            compiler->missing = pf_text_print(
                    "there is no program %s, which PARFUN_CC names", named);
    } else {
        PF_TRY(try_installed(compiler, &found));
        if (!found)
            PF_TRY(try_folders(search_path, compiler, &found));
        if (!found)
            compiler->missing = pf_text_copy("parfun-cc is not installed");
    }
    if (!found && !compiler->missing)
        return pf_fail(PARFUN_NO_MEMORY, "no memory to look for parfun-cc");
    return PARFUN_OK;
}

enum parfun_status pf_compiler_find(
        const char *named, const char *search_path, struct pf_compiler *compiler)
{
    enum parfun_status status;

    *compiler = (struct pf_compiler){ 0 };
    status = look(named, search_path, compiler);
    if (status)
        pf_compiler_finish(compiler);
    return status;
}

void pf_compiler_finish(struct pf_compiler *compiler)
{
    free(compiler->path);
    free(compiler->identity);
    free(compiler->missing);
    *compiler = (struct pf_compiler){ 0 };
}

/* ---- Running it ------------------------------------------------------------------- */

/* What it has printed, without blanks at the end; the caller frees it.  Of very much
 * the last whole lines: mistakes end a compilation, warnings do not. */
static enum parfun_status read_log(const char *path, char **log)
{
    size_t bytes = 0, cut = 0;

    PF_TRY(pf_file_read_end(path, PF_FILE_PRIVATE, LOG_MAX, log, &bytes));
    if (*log && bytes == LOG_MAX)
        cut = strcspn(*log, "\n") + 1;
    if (cut && cut < bytes) {
        bytes -= cut;
        memmove(*log, *log + cut, bytes + 1);
    }
    while (*log && bytes && strchr(" \n", (*log)[bytes - 1]))
        (*log)[--bytes] = '\0';
    return PARFUN_OK;
}

static enum parfun_status judge(const struct pf_compiler_job *job, int code,
        const char *output, const char *log)
{
    const bool made = access(output, F_OK) == 0;
    const bool own_fault = pf_text_begins(log, program);

    if (made && (code == 0 || code == UNKNOWN)) {
        if (*log)
            pf_log(PF_LOG_WARNING, "%s", log);
        return PARFUN_OK;
    }
    if (code == WRONG_TEXT || (code == UNKNOWN && *log && !own_fault))
        return pf_fail(PARFUN_COMPILE, "the text does not compile:\n%s",
                *log ? log : "parfun-cc gave no log.");
    return pf_fail(PARFUN_UNSUPPORTED, "%s does not work (exit status %d): %s",
            job->compiler->path, code, *log ? log : "it printed nothing");
}

static enum parfun_status run_with(
        const struct pf_compiler_job *job, const char *output, const char *log_file)
{
    const char *const arguments[] = { job->compiler->path, job->file, "-o", output,
        "--isa", job->isa, "--kernel", job->kernel,
        job->clauses ? "--clauses" : NULL, job->clauses, NULL };
    const struct pf_command command = { arguments, job->folder, log_file };
    enum parfun_status status;
    char *log = NULL;
    int code;

    PF_TRY(pf_command_run(&command, &code));
    PF_TRY(read_log(log_file, &log));
    status = judge(job, code, output, log ? log : "");
    free(log);
    return status;
}

enum parfun_status pf_compiler_run(const struct pf_compiler_job *job)
{
    char *text = pf_text_print("%s/%s", job->folder, job->file);
    char *output = pf_text_print("%s/" PF_COMPILER_OUTPUT, job->folder);
    char *log_file = pf_text_print("%s/log", job->folder);
    enum parfun_status status = PARFUN_OK;

    if (!text || !output || !log_file)
        status = pf_fail(PARFUN_NO_MEMORY, "no memory to compile %s", job->file);
    if (!status)
        status = pf_file_write(text, job->source, strlen(job->source));
    if (!status)
        status = run_with(job, output, log_file);
    free(text);
    free(output);
    free(log_file);
    return status;
}
