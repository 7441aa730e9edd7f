/* SPDX-License-Identifier: Apache-2.0 */
/*
 * file.h: whole files in and out.  Reading never blocks on a fifo, follows no
 * symbolic link at the path's end, and ends at a limit.  Writing replaces a file
 * at once: others see the old content or the new.  Any thread, any process.
 */
#ifndef PF_BASE_FILE_H
#define PF_BASE_FILE_H

#include <parfun.h>

enum pf_file_owner {
    PF_FILE_ANYBODY, /* whoever may write the file is trusted */
    PF_FILE_PRIVATE  /* it must be this user's, and writable for nobody else */
};

/*
 * Reads a regular file of at most max_bytes into *data, which the caller frees;
 * a zero byte follows its *bytes.  *data is NULL if there is no such file.
 * Anything else that is wrong with it is PARFUN_SYSTEM with a sentence.
 */
enum parfun_status pf_file_read(const char *path, enum pf_file_owner owner,
        size_t max_bytes, char **data, size_t *bytes);

/* The same; of a larger file its last max_bytes. */
enum parfun_status pf_file_read_end(const char *path, enum pf_file_owner owner,
        size_t max_bytes, char **data, size_t *bytes);

/* Replaces the file, or makes it with the modes that the umask leaves. */
enum parfun_status pf_file_write(const char *path, const void *data, size_t bytes);

/* Replaces the file `name` in a private folder, which is made if it is missing,
 * with those above it; for this user alone. */
enum parfun_status pf_file_write_private(
        const char *folder, const char *name, const void *data, size_t bytes);

/* Makes a folder, and those above it, if it is missing: for this user alone (mode
 * 0700).  Fails for a folder of another user, or that others may write to. */
enum parfun_status pf_file_make_folder(const char *path);

/* CRC-32 (IEEE 802.3, as zlib's crc32): of `bytes` that follow those of `crc`;
 * begin with 0. */
uint32_t pf_file_crc32(uint32_t crc, const void *data, size_t bytes);

#endif
