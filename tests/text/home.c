/* SPDX-License-Identifier: Apache-2.0 */
/* home.c: a folder that is gone afterwards. */
#include "home.h"

#include "support/cmocka.h"
#include "support/folder.h"

#include <dirent.h>
#include <unistd.h>

enum { PATHS = 8, PATH_BYTES = 512 };

static char folder[256];
static char *parent; /* TMPDIR as it was */

int home_make(void **state)
{
    const char *temporary = getenv("TMPDIR");

    (void)state;
    parent = temporary ? strdup(temporary) : NULL;
    if (test_folder_make(folder, sizeof folder) || mkdir(home_path("tmp"), 0700))
        return -1;
    return setenv("PARFUN_CACHE_DIR", home_path("cache"), 1)
            || setenv("TMPDIR", home_path("tmp"), 1);
}

int home_remove(void **state)
{
    (void)state;
    test_folder_remove(folder);
    (void)(parent ? setenv("TMPDIR", parent, 1) : unsetenv("TMPDIR"));
    free(parent);
    return 0;
}

const char *home_path(const char *name)
{
    static char paths[PATHS][PATH_BYTES];
    static unsigned next;
    char *path = paths[next++ % PATHS];

    (void)snprintf(path, PATH_BYTES, "%s/%s", folder, name);
    return path;
}

size_t home_count(const char *name)
{
    DIR *opened = opendir(home_path(name));
    size_t count = 0;

    while (opened && readdir(opened))
        count++;
    if (opened)
        closedir(opened);
    return count > 2 ? count - 2 : 0; /* "." and ".." */
}

void home_script(const char *name, const char *text)
{
    assert_int_equal(test_folder_put(folder, name, text), 0);
    assert_int_equal(chmod(home_path(name), 0700), 0);
}
