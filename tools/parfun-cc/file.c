/* SPDX-License-Identifier: Apache-2.0 */
/* file.c: reading and replacing whole files. */
#include "file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A byte order mark is no part of a text. */
static void drop_mark(struct cc_text *text)
{
    static const char mark[] = "\xEF\xBB\xBF";
    size_t length = sizeof mark - 1;

    if (text->length < length || memcmp(text->data, mark, length) != 0)
        return;
    text->length -= length;
    memmove(text->data, text->data + length, text->length + 1);
}

bool cc_file_read(const char *path, struct cc_text *text)
{
    FILE *file = fopen(path, "rb");
    struct stat status;
    char buffer[16384];
    size_t bytes;
    bool read;

    if (!file)
        return false;
    if (!fstat(fileno(file), &status) && S_ISDIR(status.st_mode)) {
        fclose(file);
        errno = EISDIR;
        return false;
    }
    while ((bytes = fread(buffer, 1, sizeof buffer, file)) > 0)
        cc_append(text, buffer, bytes);
    cc_append(text, "", 0);
    read = !ferror(file);
    fclose(file);
    drop_mark(text);
    return read;
}

enum cc_exit cc_file_write(const char *path, const struct cc_text *text)
{
    char *temporary = cc_format("%s.%ld.tmp", path, (long)getpid());
    FILE *file = fopen(temporary, "wb");
    bool written = file != NULL;
    int code = errno;

    if (file) {
        written = fwrite(text->data, 1, text->length, file) == text->length;
        written = fclose(file) == 0 && written;
        written = written && rename(temporary, path) == 0;
        code = errno;
        if (!written)
            unlink(temporary);
    }
    if (!written)
        return cc_fatal("%s cannot be written: %s", path, strerror(code));
    return CC_RIGHT;
}

bool cc_file_exists(const char *path)
{
    return access(path, R_OK) == 0;
}

const char *cc_path_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

const char *cc_path_folder(const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return ".";
    return slash == path ? "/" : cc_copy(path, (size_t)(slash - path));
}

const char *cc_path_stem(const char *path)
{
    const char *name = cc_path_name(path), *dot = strrchr(name, '.');

    return dot && dot != name ? cc_copy(name, (size_t)(dot - name)) : name;
}
