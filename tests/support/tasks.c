/* SPDX-License-Identifier: Apache-2.0 */
/* tasks.c: reads /proc/self/task. */
#include "support/tasks.h"

#include <dirent.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static bool is_of_library(const char *task)
{
    char path[300], name[32] = "";
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/comm", task);
    file = fopen(path, "r");
    if (!file)
        return false; /* it has ended */
    if (!fgets(name, sizeof name, file))
        name[0] = '\0';
    fclose(file);
    return strncmp(name, "parfun-", 7) == 0;
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
    char path[300], line[512] = "", *state;
    FILE *file;

    snprintf(path, sizeof path, "/proc/self/task/%s/stat", task);
    file = fopen(path, "r");
    if (!file)
        return 0;
    if (!fgets(line, sizeof line, file))
        line[0] = '\0';
    fclose(file);
    state = strrchr(line, ')'); /* behind the name */
    return state && state[2] == 'R';
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
