/* SPDX-License-Identifier: Apache-2.0 */
/* command.c: posix_spawn, which runs no handlers of fork() and copies no memory. */
#include "runtime/base/command.h"

#include "runtime/base/error.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

extern char **environ;

enum { OF_SIGNALS = 128 };

static int add_files(
        posix_spawn_file_actions_t *actions, const struct pf_command *command)
{
    int code = posix_spawn_file_actions_addopen(
            actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);

    if (!code)
        code = posix_spawn_file_actions_addopen(actions, STDOUT_FILENO,
                command->output, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW,
                S_IRUSR | S_IWUSR);
    if (!code)
        code = posix_spawn_file_actions_adddup2(
                actions, STDOUT_FILENO, STDERR_FILENO);
    if (!code)
        code = posix_spawn_file_actions_addclosefrom_np(actions, STDERR_FILENO + 1);
    return code ? code
                : posix_spawn_file_actions_addchdir_np(actions, command->folder);
}

static int set_signals(posix_spawnattr_t *attributes)
{
    sigset_t all, none;
    int code;

    sigfillset(&all);
    sigemptyset(&none);
    code = posix_spawnattr_setsigdefault(attributes, &all);
    if (!code)
        code = posix_spawnattr_setsigmask(attributes, &none);
    return code ? code
                : posix_spawnattr_setflags(attributes,
                          POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK);
}

static int start(const struct pf_command *command, pid_t *child)
{
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    int code = posix_spawn_file_actions_init(&actions);

    if (code)
        return code;
    code = posix_spawnattr_init(&attributes);
    if (code)
        goto no_attributes;
    code = add_files(&actions, command);
    if (!code)
        code = set_signals(&attributes);
    if (!code)
        code = posix_spawn(child, command->arguments[0], &actions, &attributes,
                (char *const *)(uintptr_t)command->arguments, environ);
    posix_spawnattr_destroy(&attributes);
no_attributes:
    posix_spawn_file_actions_destroy(&actions);
    return code;
}

enum parfun_status pf_command_run(const struct pf_command *command, int *code)
{
    pid_t child = -1, ended;
    int status = 0;
    const int failed = start(command, &child);

    if (failed)
        return pf_fail(PARFUN_SYSTEM, "%s: posix_spawn: %s", command->arguments[0],
                strerror(failed));
    do
        ended = waitpid(child, &status, 0);
    while (ended < 0 && errno == EINTR);
    if (ended < 0)
        *code = -1;
    else
        *code = WIFSIGNALED(status) ? OF_SIGNALS + WTERMSIG(status)
                                    : WEXITSTATUS(status);
    return PARFUN_OK;
}
