/* SPDX-License-Identifier: Apache-2.0 */
/*
 * quota.c: reads control groups by hand.  /proc/self/mountinfo tells where each
 * hierarchy is mounted, and which of its groups is seen there; /proc/self/cgroup
 * tells the process's group.  A quota of any group above it holds, too.
 */
#include "runtime/base/quota.h"
#include "runtime/base/file.h"
#include "runtime/base/text.h"

#include <stdlib.h>
#include <string.h>

enum { LARGEST_TABLE = 4 << 20, LARGEST_VALUE = 4096, PROCESSORS_MAX = 1 << 20 };

/* A hierarchy with CPU limits, as mounted. */
struct mount {
    bool unified; /* version 2 */
    char *group;  /* the one that is seen at `folder` */
    char *folder;
};

/* NULL if there is no such file, or no memory for it. */
static char *read_text(
        const char *root, const char *folder, const char *name, size_t max_bytes)
{
    char *path = pf_text_print("%s%s/%s", root, folder, name);
    char *data = NULL;
    size_t bytes = 0;
    if (path
            && pf_file_read(path, PF_FILE_ANYBODY, max_bytes, &data, &bytes)
                    != PARFUN_OK)
        data = NULL;
    free(path);
    return data;
}

/* Cuts the next word off *rest; "" at the end. */
static const char *next_word(char **rest, const char *separators)
{
    const char *word = strsep(rest, separators);
    return word ? word : "";
}

static bool has_word(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (; *list; list += strcspn(list, ",")) {
        list += *list == ',';
        if (strcspn(list, ",") == length && memcmp(list, word, length) == 0)
            return true;
    }
    return false;
}

/* The kernel writes blanks and backslashes as \040 and the like. */
static void decode(char *path)
{
    char *end = path;
    for (; *path; path++) {
        if (path[0] == '\\' && path[1] >= '0' && path[1] <= '3' && path[2] >= '0'
                && path[2] <= '7' && path[3] >= '0' && path[3] <= '7') {
            int code = (path[1] - '0') * 64 + (path[2] - '0') * 8 + (path[3] - '0');
            *end++ = (char)code;
            path += 3;
        } else
            *end++ = *path;
    }
    *end = '\0';
}

/* ---- The limits of one group ------------------------------------------------ */

static unsigned divide(const char *quota, const char *period)
{
    size_t quota_us = 0, period_us = 0;
    if (!pf_text_parse_size(quota, &quota_us)
            || !pf_text_parse_size(period, &period_us) || quota_us == 0
            || period_us == 0)
        return 0;
    size_t processors = quota_us / period_us + (quota_us % period_us != 0);
    return processors < PROCESSORS_MAX ? (unsigned)processors : 0;
}

static unsigned read_unified(const char *root, const char *folder)
{
    char *text = read_text(root, folder, "cpu.max", LARGEST_VALUE);
    if (!text)
        return 0;
    char *rest = text;
    const char *quota = next_word(&rest, " \n");
    const char *period = next_word(&rest, " \n");
    unsigned processors = divide(quota, period);
    free(text);
    return processors;
}

static unsigned read_legacy(const char *root, const char *folder)
{
    char *quota = read_text(root, folder, "cpu.cfs_quota_us", LARGEST_VALUE);
    char *period = read_text(root, folder, "cpu.cfs_period_us", LARGEST_VALUE);
    unsigned processors = 0;
    if (quota && period) {
        quota[strcspn(quota, "\n")] = '\0';
        period[strcspn(period, "\n")] = '\0';
        processors = divide(quota, period);
    }
    free(quota);
    free(period);
    return processors;
}

static unsigned smaller(unsigned one, unsigned other)
{
    if (one == 0 || other == 0)
        return one + other;
    return one < other ? one : other;
}

/* From `group` up to the one at the mount's folder. */
static unsigned read_groups(
        const char *root, const struct mount *mount, const char *group)
{
    /* A group elsewhere than below the mount's, as from another namespace, is
     * out of sight: what is mounted is then all there is to know. */
    size_t above = strcmp(mount->group, "/") == 0 ? 0 : strlen(mount->group);
    const char *below = "";
    if (strncmp(group, mount->group, above) == 0
            && (group[above] == '/' || group[above] == '\0')
            && !strstr(group, "/.."))
        below = group + above;

    char *folder = pf_text_print("%s%s", mount->folder, below);
    if (!folder)
        return 0;
    unsigned processors = 0;
    size_t top = strlen(mount->folder);
    for (;;) {
        processors = smaller(processors,
                mount->unified ? read_unified(root, folder)
                               : read_legacy(root, folder));
        char *end = strrchr(folder, '/');
        if (!end || (size_t)(end - folder) < top)
            break;
        *end = '\0';
    }
    free(folder);
    return processors;
}

/* ---- The tables -------------------------------------------------------------- */

/* Reads "36 25 0:32 /group /folder options [...] - type source options". */
static bool parse_mount(char *line, struct mount *mount)
{
    char *fields = line;
    char *end = strstr(line, " - ");
    if (!end)
        return false;
    *end = '\0';
    for (int skipped = 0; skipped < 3; skipped++)
        next_word(&fields, " ");
    mount->group = strsep(&fields, " ");
    mount->folder = strsep(&fields, " ");
    if (!mount->group || !mount->folder)
        return false;
    decode(mount->group);
    decode(mount->folder);

    char *rest = end + 3;
    const char *type = next_word(&rest, " ");
    next_word(&rest, " ");
    const char *options = next_word(&rest, " ");
    mount->unified = strcmp(type, "cgroup2") == 0;
    return mount->unified
            || (strcmp(type, "cgroup") == 0 && has_word(options, "cpu"));
}

/* Finds the process's group in a copy of /proc/self/cgroup, whose lines are
 * "4:cpu,cpuacct:/group", or "0::/group" in version 2. */
static char *find_group(char *table, bool unified)
{
    for (char *rest = table; rest && *rest;) {
        char *line = strsep(&rest, "\n");
        const char *number = next_word(&line, ":");
        const char *controllers = next_word(&line, ":");
        bool found = unified ? strcmp(number, "0") == 0 && !*controllers
                             : has_word(controllers, "cpu");
        if (found && line)
            return line;
    }
    return NULL;
}

static unsigned read_mount(
        const char *root, const struct mount *mount, const char *groups)
{
    char *table = pf_text_copy(groups);
    char *group = table ? find_group(table, mount->unified) : NULL;
    unsigned processors = group ? read_groups(root, mount, group) : 0;
    free(table);
    return processors;
}

unsigned pf_quota_processors(const char *root)
{
    unsigned processors = 0;
    char *groups = read_text(root, "/proc/self", "cgroup", LARGEST_TABLE);
    char *mounts = read_text(root, "/proc/self", "mountinfo", LARGEST_TABLE);
    if (groups && mounts) {
        for (char *rest = mounts; rest;) {
            struct mount mount;
            if (parse_mount(strsep(&rest, "\n"), &mount))
                processors = smaller(processors, read_mount(root, &mount, groups));
        }
    }
    free(groups);
    free(mounts);
    return processors;
}
