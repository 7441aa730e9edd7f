/* SPDX-License-Identifier: Apache-2.0 */
/* child.c: runs this program again. */
#include "child.h"

#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SECONDS = 60, VARIABLES = 512 };

int child_play(int argc, char **argv, const struct scene *scenes, unsigned count)
{
    if (argc != 2)
        return -1;
    for (unsigned i = 0; i < count; i++)
        if (strcmp(scenes[i].name, argv[1]) == 0)
            return scenes[i].play();
    return 99;
}

static void keep(FILE *file, char *text, size_t bytes)
{
    rewind(file);
    text[fread(text, 1, bytes - 1, file)] = '\0';
    (void)fclose(file);
}

/* Runs in the new process. */
static _Noreturn void become(
        const char *scene, char **environment, int out, int err)
{
    char *const arguments[] = { (char *)(uintptr_t)"child",
        (char *)(uintptr_t)scene, NULL };

    (void)alarm(SECONDS);
    if (dup2(out, STDOUT_FILENO) >= 0 && dup2(err, STDERR_FILENO) >= 0)
        (void)execve("/proc/self/exe", arguments, environment);
    _exit(98);
}

void child_run(
        const char *scene, const char *const *environment, struct child *child)
{
    char *all[VARIABLES] = { NULL };
    unsigned count = 0;
    FILE *out = tmpfile(), *err = tmpfile();
    int status = -1;
    pid_t pid;

    assert_true(out && err);
    for (; *environment; environment++)
        all[count++] = (char *)(uintptr_t)*environment;
    for (char **e = environ; *e && count < VARIABLES - 1; e++)
        if (strncmp(*e, "PARFUN_", 7) != 0)
            all[count++] = *e;
    pid = fork();
    if (pid == 0)
        become(scene, all, fileno(out), fileno(err));
    assert_true(pid > 0);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    child->result = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    keep(out, child->printed, sizeof child->printed);
    keep(err, child->said, sizeof child->said);
}

void child_expect_success(const struct child *child)
{
    if (child->result)
        fail_msg("the child ended with %d: %s%s", child->result, child->printed,
                child->said);
}
