/* SPDX-License-Identifier: Apache-2.0 */
/* tasks.c: reads /proc/self/task. */
#include "support/tasks.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

/* What follows the name in the stat file of proc(5): the state, and other fields. */
static bool read_stat(const char *task, char *state, unsigned *flags)
{
    char path[300], line[512] = "", *behind;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/stat", task);
    file = fopen(path, "r");
    if (!file)
        return false; /* it has ended */
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    fclose(file);
    behind = strrchr(line, ')');
    return behind
            && sscanf(behind, ") %c %*d %*d %*d %*d %*d %u", state, flags) == 2;
}

/* One that was joined may be there for a moment: the system wakes its joiner first. */
static bool is_ending(const char *task)
{
    enum { EXITING = 4 }; /* PF_EXITING of Linux's sched.h */
    char state;
    unsigned flags;

    return !read_stat(task, &state, &flags) || (flags & EXITING);
}

static bool is_of_library(const char *task)
{
    char path[300], name[32] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    file = fopen(path, "r");
    if (!file)
        return false;
    if (!fgets(name, sizeof name, file))
        name[0] = '\0';
    fclose(file);
    return strncmp(name, "parfun-", 7) == 0 && !is_ending(task);
}

static unsigned long switches_of(const char *task)
{
    char path[300], line[128];
    unsigned long sum = 0, one;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/status", task);
    file = fopen(path, "r");
    while (file && fgets(line, sizeof line, file))
        if (sscanf(line, "voluntary_ctxt_switches: %lu", &one) == 1
                || sscanf(line, "nonvoluntary_ctxt_switches: %lu", &one) == 1)
            sum += one;
    if (file)
        fclose(file);
    return sum;
}

static unsigned long is_awake(const char *task)
{
    char state;
    unsigned flags;

    return read_stat(task, &state, &flags) && state == 'R';
}

static unsigned long visit(unsigned long (*add)(const char *task))
{
    DIR *folder = opendir("/proc/self/task");
    unsigned long sum = 0;

    for (struct dirent *entry; folder && (entry = readdir(folder));)
        if (entry->d_name[0] != '.' && is_of_library(entry->d_name))
            sum += add(entry->d_name);
    if (folder)
        closedir(folder);
    return sum;
}

static unsigned long one_each(const char *task)
{
    (void)task;
    return 1;
}

unsigned tasks_of_library(void)
{
    return (unsigned)visit(one_each);
}

unsigned tasks_awake(void)
{
    return (unsigned)visit(is_awake);
}

unsigned long tasks_switches(void)
{
    return visit(switches_of);
}
