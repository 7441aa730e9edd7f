/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h: temporary folders of tests, and what they put there. */
#ifndef PF_TESTS_SUPPORT_FOLDER_H
#define PF_TESTS_SUPPORT_FOLDER_H

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Makes a new one and writes its path.  0 on success. */
static inline int test_folder_make(char *path, size_t bytes)
{
    const char *parent = getenv("TMPDIR");
    int length = snprintf(path, bytes, "%s/parfun-test-XXXXXX",
            parent && *parent ? parent : "/tmp");
    return length > 0 && (size_t)length < bytes && mkdtemp(path) ? 0 : -1;
}

static inline int test_folder_unlink(
        const char *path, const struct stat *info, int kind, struct FTW *position)
{
    (void)info;
    (void)kind;
    (void)position;
    return remove(path);
}

static inline void test_folder_remove(const char *path)
{
    nftw(path, test_folder_unlink, 16, FTW_DEPTH | FTW_PHYS);
}

/* Writes folder/name, and makes the folders in between.  0 on success. */
static inline int test_folder_put(
        const char *folder, const char *name, const char *content)
{
    char path[512];
    int length = snprintf(path, sizeof path, "%s/%s", folder, name);
    if (length < 0 || (size_t)length >= sizeof path)
        return -1;
    for (char *end = path + strlen(folder) + 1; (end = strchr(end, '/')); end++) {
        *end = '\0';
        mkdir(path, 0700);
        *end = '/';
    }
    FILE *file = fopen(path, "w");
    if (!file)
        return -1;
    int failed = fputs(content, file) < 0;
    return fclose(file) || failed ? -1 : 0;
}

#endif
