/* SPDX-License-Identifier: Apache-2.0 */
/* folder.c: mkdtemp, and its opposite. */
#include "runtime/base/folder.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum parfun_status pf_folder_create(const char *parent, char **path)
{
    char *made = pf_text_print("%s/parfun-XXXXXX", parent);
    int code;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a temporary folder");
    if (mkdtemp(made)) {
        *path = made;
        return PARFUN_OK;
    }
    code = errno;
    free(made);
    return pf_fail(PARFUN_SYSTEM,
            "there can be no temporary folder in %s: mkdtemp: %s; set TMPDIR to a "
            "folder that can be written",
            parent, strerror(code));
}

void pf_folder_remove(const char *path)
{
    DIR *folder = opendir(path);
    const struct dirent *entry;

    while (folder && (entry = readdir(folder)) != NULL)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            (void)unlinkat(dirfd(folder), entry->d_name, 0);
    if (folder)
        closedir(folder);
    (void)rmdir(path);
}
