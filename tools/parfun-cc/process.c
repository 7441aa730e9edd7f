/* SPDX-License-Identifier: Apache-2.0 */
/* process.c: posix_spawn, signals, and the folder that must not stay behind. */
#include "process.h"

#include "file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

static char folder[4096];
static volatile sig_atomic_t caught;
static volatile sig_atomic_t child;

/* Only waits are interrupted: the way out is the usual one. */
static void catch_signal(int number)
{
    caught = number;
    if (child > 0)
        kill((pid_t)child, number);
}

enum cc_exit cc_process_open(void)
{
    static const int numbers[] = { SIGINT, SIGTERM, SIGHUP };
    const char *parent = getenv("TMPDIR");
    struct sigaction action = { .sa_handler = catch_signal };

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        sigaction(numbers[i], &action, NULL);
    /* as the library says it, which runs this in another folder than its own */
    if (!parent || *parent != '/')
        parent = "/tmp";
    if (strlen(parent) > sizeof folder - 32)
        return cc_fatal("TMPDIR is too long");
    snprintf(folder, sizeof folder, "%s/parfun-cc-XXXXXX", parent);
    if (!mkdtemp(folder)) {
        int code = errno;
        folder[0] = '\0';
        return cc_fatal("no temporary folder in %s: %s; set TMPDIR to a folder "
                        "that can be written",
                parent, strerror(code));
    }
    return CC_RIGHT;
}

void cc_process_clean(void)
{
    DIR *directory = folder[0] ? opendir(folder) : NULL;
    struct dirent *entry;

    if (!directory)
        return;
    while ((entry = readdir(directory)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            unlinkat(dirfd(directory), entry->d_name, 0);
    closedir(directory);
    rmdir(folder);
    folder[0] = '\0';
}

const char *cc_process_path(const char *name)
{
    return cc_format("%s/%s", folder, name);
}

const char *cc_process_folder(void)
{
    return folder;
}

static enum cc_exit wait_for(pid_t process, const char *program)
{
    int status;

    child = (sig_atomic_t)process;
    if (caught)
        kill(process, caught);
    while (waitpid(process, &status, 0) < 0)
        if (errno != EINTR) {
            child = 0;
            return cc_fatal("waitpid: %s", strerror(errno));
        }
    child = 0;
    if (caught)
        return cc_fatal("stopped by %s", strsignal(caught));
    if (WIFSIGNALED(status)) {
        return cc_fatal("%s was ended by a signal: %s", program,
                strsignal(WTERMSIG(status)));
    }
    return WEXITSTATUS(status) ? CC_WRONG : CC_RIGHT;
}

static enum cc_exit start(
        const struct cc_list *arguments, const char *output, pid_t *process)
{
    const char *program = arguments->items[0];
    posix_spawn_file_actions_t actions;
    int code = posix_spawn_file_actions_init(&actions);

    if (!code && output)
        code = posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, output,
                O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (!code)
        code = posix_spawnp(process, program, &actions, NULL,
                (char *const *)(void *)arguments->items, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (code == ENOENT)
        return cc_fatal("%s was not found; install it (Debian: the package of that "
                        "name), or name another compiler with --clang",
                program);
    return code ? cc_fatal("%s: %s", program, strerror(code)) : CC_RIGHT;
}

enum cc_exit cc_process_run(const struct cc_list *arguments, bool verbose)
{
    pid_t process;

    if (verbose) {
        for (size_t i = 0; i < arguments->count; i++)
            fprintf(stderr, "%s%s", i ? " " : "", arguments->items[i]);
        fputc('\n', stderr);
    }
    CC_TRY(start(arguments, NULL, &process));
    return wait_for(process, arguments->items[0]);
}

enum cc_exit cc_process_read(
        const struct cc_list *arguments, struct cc_text *output)
{
    const char *path = cc_process_path("stdout");
    pid_t process;

    CC_TRY(start(arguments, path, &process));
    CC_TRY(wait_for(process, arguments->items[0]));
    if (!cc_file_read(path, output))
        return cc_fatal("%s: %s", path, strerror(errno));
    return CC_RIGHT;
}
