/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.c: files that others may have touched.  Everything is checked on the open
 * descriptor, never on the path, which could change in between.
 */
#include "runtime/base/file.h"
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FIRST_READ = 4096, ATTEMPTS = 100 };

static const mode_t others_write = S_IWGRP | S_IWOTH;

static enum parfun_status system_failed(const char *path, const char *call)
{
    return pf_fail(PARFUN_SYSTEM, "%s: %s: %s", path, call, strerror(errno));
}

/* ---- Reading --------------------------------------------------------------- */

static enum parfun_status check(
        int file, const char *path, enum pf_file_owner owner)
{
    struct stat info;
    if (fstat(file, &info))
        return system_failed(path, "fstat");
    if (!S_ISREG(info.st_mode))
        return pf_fail(PARFUN_SYSTEM, "%s is no regular file", path);
    if (owner == PF_FILE_PRIVATE && info.st_uid != geteuid())
        return pf_fail(
                PARFUN_SYSTEM, "%s belongs to another user; delete it", path);
    if (owner == PF_FILE_PRIVATE && (info.st_mode & others_write))
        return pf_fail(
                PARFUN_SYSTEM, "%s may be written by other users; delete it", path);
    return PARFUN_OK;
}

/* Until the end: the sizes that /proc and /sys tell mean nothing. */
static enum parfun_status read_all(
        int file, const char *path, size_t max_bytes, char **data, size_t *bytes)
{
    char *buffer = NULL;
    size_t used = 0, capacity = 0;
    for (;;) {
        if (capacity - used < 2) {
            size_t grown = capacity ? capacity * 2 : FIRST_READ;
            char *larger = realloc(buffer, grown);
            if (!larger) {
                free(buffer);
                return pf_fail(
                        PARFUN_NO_MEMORY, "out of memory while reading %s", path);
            }
            buffer = larger;
            capacity = grown;
        }
        ssize_t got = read(file, buffer + used, capacity - used - 1);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0) {
            free(buffer);
            return system_failed(path, "read");
        }
        used += (size_t)got;
        if (used > max_bytes) {
            free(buffer);
            return pf_fail(
                    PARFUN_SYSTEM, "%s has more than %zu bytes", path, max_bytes);
        }
        if (got == 0)
            break;
    }
    buffer[used] = '\0';
    *data = buffer;
    *bytes = used;
    return PARFUN_OK;
}

/* With `end` the beginning of what is larger is left out. */
static enum parfun_status read_file(const char *path, enum pf_file_owner owner,
        size_t max_bytes, bool end, char **data, size_t *bytes)
{
    int file =
            open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
    if (file < 0 && (errno == ENOENT || errno == ENOTDIR)) {
        *data = NULL;
        *bytes = 0;
        return PARFUN_OK;
    }
    if (file < 0)
        return system_failed(path, "open");
    enum parfun_status status = check(file, path, owner);
    if (status == PARFUN_OK && end) /* fails, and does nothing, in smaller ones */
        (void)lseek(file, -(off_t)max_bytes, SEEK_END);
    if (status == PARFUN_OK)
        status = read_all(file, path, max_bytes, data, bytes);
    close(file);
    return status;
}

enum parfun_status pf_file_read(const char *path, enum pf_file_owner owner,
        size_t max_bytes, char **data, size_t *bytes)
{
    return read_file(path, owner, max_bytes, false, data, bytes);
}

enum parfun_status pf_file_read_end(const char *path, enum pf_file_owner owner,
        size_t max_bytes, char **data, size_t *bytes)
{
    return read_file(path, owner, max_bytes, true, data, bytes);
}

/* ---- Writing --------------------------------------------------------------- */

static bool write_all(int file, const char *data, size_t bytes)
{
    while (bytes) {
        ssize_t written = write(file, data, bytes);
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        data += written;
        bytes -= (size_t)written;
    }
    return true;
}

/* A new file next to the one that it shall become; its name goes to *name. */
static enum parfun_status create_temporary(
        int folder, const char *path, mode_t mode, int *file, char **name)
{
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
        char *tried = pf_text_print("%s.%d-%llx.tmp", path, (int)getpid(),
                (unsigned long long)pf_clock_ns());
        if (!tried)
            return pf_fail(
                    PARFUN_NO_MEMORY, "out of memory while writing %s", path);
        *file = openat(folder, tried,
                O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
        if (*file >= 0) {
            *name = tried;
            return PARFUN_OK;
        }
        int code = errno;
        free(tried);
        errno = code;
        if (code != EEXIST)
            break;
    }
    return system_failed(path, "open");
}

static enum parfun_status replace(
        int folder, const char *path, mode_t mode, const void *data, size_t bytes)
{
    int file = -1;
    char *name = NULL;
    PF_TRY(create_temporary(folder, path, mode, &file, &name));
    assert(file >= 0 && name);

    enum parfun_status status = PARFUN_OK;
    if (!write_all(file, data, bytes))
        status = system_failed(path, "write");
    else if (fsync(file))
        status = system_failed(path, "fsync");
    if (close(file) && status == PARFUN_OK)
        status = system_failed(path, "close");
    if (status == PARFUN_OK && renameat(folder, name, folder, path))
        status = system_failed(path, "rename");
    if (status != PARFUN_OK)
        unlinkat(folder, name, 0);
    free(name);
    return status;
}

enum parfun_status pf_file_write(const char *path, const void *data, size_t bytes)
{
    return replace(AT_FDCWD, path, 0666, data, bytes);
}

/* ---- Private folders --------------------------------------------------------- */

static enum parfun_status make_folders(char *path)
{
    for (char *end = path + 1; *end; end++) {
        if (*end != '/')
            continue;
        *end = '\0';
        int code = mkdir(path, S_IRWXU) ? errno : 0;
        *end = '/';
        if (code && code != EEXIST && code != EISDIR && code != EROFS
                && code != EACCES)
            return pf_fail(PARFUN_SYSTEM, "%s: mkdir: %s", path, strerror(code));
    }
    if (mkdir(path, S_IRWXU) && errno != EEXIST)
        return system_failed(path, "mkdir");
    return PARFUN_OK;
}

static enum parfun_status open_private(const char *path, int *folder)
{
    char *copy = pf_text_copy(path);
    if (!copy)
        return pf_fail(PARFUN_NO_MEMORY, "out of memory for folder %s", path);
    size_t length = strlen(copy);
    while (length > 1 && copy[length - 1] == '/')
        copy[--length] = '\0';
    enum parfun_status status = length
            ? make_folders(copy)
            : pf_fail(PARFUN_SYSTEM, "a folder's name is empty");
    int opened = -1;
    if (status == PARFUN_OK) {
        opened = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
        if (opened < 0)
            status = system_failed(path, "open");
    }
    free(copy);
    PF_TRY(status);
    assert(opened >= 0);

    struct stat info;
    if (fstat(opened, &info))
        status = system_failed(path, "fstat");
    else if (info.st_uid != geteuid())
        status = pf_fail(PARFUN_SYSTEM, "folder %s belongs to another user", path);
    else if (info.st_mode & others_write)
        status = pf_fail(PARFUN_SYSTEM,
                "folder %s may be written by other users; chmod go-w it", path);
    if (status != PARFUN_OK) {
        close(opened);
        return status;
    }
    *folder = opened;
    return PARFUN_OK;
}

enum parfun_status pf_file_make_folder(const char *path)
{
    int folder = -1;
    PF_TRY(open_private(path, &folder));
    close(folder);
    return PARFUN_OK;
}

enum parfun_status pf_file_write_private(
        const char *folder, const char *name, const void *data, size_t bytes)
{
    if (*name == '\0' || strchr(name, '/'))
        return pf_fail(PARFUN_SYSTEM, "\"%s\" is no name of a file", name);
    int opened = -1;
    PF_TRY(open_private(folder, &opened));
    assert(opened >= 0);
    enum parfun_status status =
            replace(opened, name, S_IRUSR | S_IWUSR, data, bytes);
    if (status == PARFUN_SYSTEM)
        status = pf_error_prefix(status, "%s/", folder);
    close(opened);
    return status;
}

/* ---- Check sums ------------------------------------------------------------ */

uint32_t pf_file_crc32(uint32_t crc, const void *data, size_t bytes)
{
    /* table[n]: the remainder of n, four bits at a time, of the reflected
     * polynomial 0xedb88320. */
    static const uint32_t table[16] = { 0x00000000, 0x1db71064, 0x3b6e20c8,
        0x26d930ac, 0x76dc4190, 0x6b6b51f4, 0x4db26158, 0x5005713c, 0xedb88320,
        0xf00f9344, 0xd6d6a3e8, 0xcb61b38c, 0x9b64c2b0, 0x86d3d2d4, 0xa00ae278,
        0xbdbdf21c };
    const unsigned char *byte = data;
    crc = ~crc;
    for (size_t i = 0; i < bytes; i++) {
        crc ^= byte[i];
        crc = (crc >> 4) ^ table[crc & 15];
        crc = (crc >> 4) ^ table[crc & 15];
    }
    return ~crc;
}
