/* SPDX-License-Identifier: Apache-2.0 */
/* file.h: whole files, and paths. */
#ifndef CC_FILE_H
#define CC_FILE_H

#include "message.h"
#include "text.h"

/* The whole file in *text, which must be empty; false, with errno, if it cannot be
 * read. */
bool cc_file_read(const char *path, struct cc_text *text);

/* Replaces the file in one step; none is left if that fails. */
enum cc_exit cc_file_write(const char *path, const struct cc_text *text);

bool cc_file_exists(const char *path);

/* "c.cl" of "a/b/c.cl"; "a/b" or "."; "c". */
const char *cc_path_name(const char *path);
const char *cc_path_folder(const char *path);
const char *cc_path_stem(const char *path);

#endif
