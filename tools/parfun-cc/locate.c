/* SPDX-License-Identifier: Apache-2.0 */
/* locate.c: the build defines PF_CC_MAJOR, the major version of clang that the
 * plugin was built for, and the installed folders relative to the program's. */
#include "locate.h"

#include "file.h"
#include "process.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct folders {
    const char *plugins, *builtins, *include;
};

static const char *own_folder(void)
{
    char path[4096];
    ssize_t length = readlink("/proc/self/exe", path, sizeof path - 1);

    if (length <= 0)
        return NULL;
    path[length] = '\0';
    return cc_path_folder(cc_copy(path, (size_t)length));
}

/* Three lines: the folders of the plugin, of the built-ins, of parfun.h. */
static bool read_paths(const char *path, struct folders *folders)
{
    struct cc_text text = { 0 };
    const char **lines[] = { &folders->plugins, &folders->builtins,
        &folders->include };
    const char *at;

    if (!cc_file_read(path, &text))
        return false;
    at = text.data;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        size_t length = strcspn(at, "\n");
        *lines[i] = cc_copy(at, length);
        at += length + (at[length] == '\n');
    }
    return true;
}

static enum cc_exit find_folders(struct folders *folders)
{
    const char *own = own_folder();

    if (!own)
        return cc_fatal("/proc/self/exe: %s; name --plugin, --builtins and "
                        "--include",
                strerror(errno));
    if (read_paths(cc_format("%s/parfun-cc.paths", own), folders))
        return CC_RIGHT;
    folders->plugins = cc_format("%s/" PF_CC_PLUGINS, own);
    folders->builtins = cc_format("%s/" PF_CC_BUILTINS, own);
    folders->include = cc_format("%s/" PF_CC_INCLUDE, own);
    return CC_RIGHT;
}

/* The major version of a compiler that --clang names. */
static enum cc_exit ask_major(const char *clang, const char **major)
{
    struct cc_list arguments = { 0 };
    struct cc_text text = { 0 };
    size_t length = 0;

    cc_push(&arguments, clang);
    cc_push(&arguments, "-dumpversion");
    CC_TRY(cc_process_read(&arguments, &text));
    while (isdigit((unsigned char)text.data[length]))
        length++;
    if (!length)
        return cc_fatal("%s does not tell its version; name a clang", clang);
    *major = cc_copy(text.data, length);
    return CC_RIGHT;
}

static enum cc_exit need(const char *path, const char *what, const char *remedy)
{
    if (cc_file_exists(path))
        return CC_RIGHT;
    return cc_fatal("%s is not at %s; %s", what, path, remedy);
}

enum cc_exit cc_locate(const struct cc_options *options, struct cc_tools *tools)
{
    struct folders folders = { 0 };
    const char *major = PF_CC_MAJOR;

    CC_TRY(find_folders(&folders));
    tools->clang = options->clang ? options->clang : PF_CC_CLANG;
    if (options->clang && !options->plugin)
        CC_TRY(ask_major(tools->clang, &major));
    tools->plugin = options->plugin
            ? options->plugin
            : cc_format("%s/parfun-cc-%s.so", folders.plugins, major);
    if (options->builtins)
        folders.builtins = options->builtins;
    tools->builtins = cc_format("%s/" PF_CC_BUILTINS_HEADER, folders.builtins);
    tools->conversions =
            cc_format("%s/" PF_CC_CONVERSIONS_HEADER, folders.builtins);
    tools->include = options->include ? options->include : folders.include;
    CC_TRY(need(tools->plugin, "the plugin for this version of clang",
            "use clang-" PF_CC_MAJOR ", or name the plugin with --plugin"));
    CC_TRY(need(tools->builtins, "the header of OpenCL C's built-in functions",
            "install parfun's tools anew, or name its folder with --builtins"));
    return need(cc_format("%s/parfun/kernel.h", tools->include), "parfun's header",
            "install parfun's headers, or name their folder "
            "with --include");
}
