/* SPDX-License-Identifier: Apache-2.0 */
/* depfile.c: make's syntax: blanks end a name unless a backslash precedes them. */
#include "depfile.h"

#include "file.h"

#include <errno.h>
#include <string.h>

static void add_escaped(struct cc_text *text, const char *path)
{
    for (const char *c = path; *c; c++) {
        if (*c == ' ' || *c == '#' || *c == '\\')
            cc_append(text, "\\", 1);
        if (*c == '$')
            cc_append(text, "$", 1);
        cc_append(text, c, 1);
    }
}

static size_t name_length(const char *at)
{
    size_t length = 0;

    while (at[length] && !strchr(" \n\t", at[length]))
        length += at[length] == '\\' && at[length + 1] ? 2 : 1;
    return length;
}

enum cc_exit cc_depfile_write(const char *path, const char *clang_rule,
        const char *folder, const struct cc_list *targets,
        const struct cc_list *more)
{
    struct cc_text rule = { 0 }, text = { 0 };
    const char *at;

    if (!cc_file_read(clang_rule, &rule))
        return cc_fatal("%s: %s", clang_rule, strerror(errno));
    for (size_t i = 0; i < targets->count; i++) {
        cc_add(&text, i ? " " : "");
        add_escaped(&text, targets->items[i]);
    }
    cc_add(&text, ":");
    for (size_t i = 0; i < more->count; i++) {
        cc_add(&text, " \\\n  ");
        add_escaped(&text, more->items[i]);
    }
    at = strchr(rule.data, ':');
    for (at = at ? at + 1 : ""; *at;) {
        size_t length = name_length(at);
        if (!length || (at[0] == '\\' && at[1] == '\n')) {
            at += length ? 2 : 1;
            continue;
        }
        if (strncmp(at, folder, strlen(folder)) != 0) {
            cc_add(&text, " \\\n  ");
            cc_append(&text, at, length);
        }
        at += length;
    }
    cc_add(&text, "\n");
    return cc_file_write(path, &text);
}
