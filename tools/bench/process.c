/* SPDX-License-Identifier: Apache-2.0 */
/* process.c: starts programs, and talks to them as rivals/serve.h says. */
#include "process.h"

#include "quiet.h"

#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

static bool find(char path[PATH_MAX], const char *program)
{
    char own[PATH_MAX];
    const ssize_t length = readlink("/proc/self/exe", own, sizeof own - 1);

    if (length < 0)
        return false;
    own[length] = '\0';
    return snprintf(path, PATH_MAX, "%s/rivals/%s", dirname(own), program)
            < PATH_MAX
            && access(path, X_OK) == 0;
}

_Noreturn static void become(const char *path, const char *argument,
        const char *environment, int in, int out)
{
    static char setting[256];

    /* A stopped program must not outlive this one. */
    (void)prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (environment) {
        (void)snprintf(setting, sizeof setting, "%s", environment);
        (void)putenv(setting);
    }
    if (dup2(in, STDIN_FILENO) >= 0 && dup2(out, STDOUT_FILENO) >= 0)
        (void)execl(path, path, argument, (char *)NULL);
    _exit(127);
}

static bool is_ready(struct process *process)
{
    char line[256];

    return fgets(line, sizeof line, process->from)
            && strncmp(line, "ready ", 6) == 0;
}

void process_start(struct process *process, const char *program,
        const char *argument, const char *environment)
{
    char path[PATH_MAX];
    int to[2], from[2];

    *process = (struct process){ 0 };
    if (!find(path, program) || pipe2(to, O_CLOEXEC) || pipe2(from, O_CLOEXEC))
        return;
    (void)signal(SIGPIPE, SIG_IGN);
    process->id = fork();
    if (process->id == 0)
        become(path, argument, environment, to[0], from[1]);
    (void)close(to[0]);
    (void)close(from[1]);
    process->to = fdopen(to[1], "w");
    process->from = fdopen(from[0], "r");
    if (process->id < 0 || !process->to || !process->from) {
        perror(program);
        exit(1);
    }
    if (!is_ready(process)) {
        process_end(process);
        return;
    }
    quiet_watch(process->id);
    (void)kill(process->id, SIGSTOP);
}

double process_run(
        struct process *process, enum work_kind kind, int times, bool check)
{
    double seconds = -1;

    if (!process->id)
        return -1;
    (void)kill(process->id, SIGCONT);
    (void)fprintf(process->to, "%u %d %d\n", (unsigned)kind, times, check);
    (void)fflush(process->to);
    if (fscanf(process->from, "%lf %lf", &seconds, &process->sum) != 2)
        seconds = -1;
    (void)kill(process->id, SIGSTOP);
    return seconds;
}

void process_end(struct process *process)
{
    if (!process->id)
        return;
    (void)kill(process->id, SIGCONT);
    (void)fclose(process->to);
    (void)fclose(process->from);
    (void)waitpid(process->id, NULL, 0);
    process->id = 0;
}
