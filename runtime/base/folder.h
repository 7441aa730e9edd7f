/* SPDX-License-Identifier: Apache-2.0 */
/* folder.h: folders for files that are needed for a moment. */
#ifndef PF_BASE_FOLDER_H
#define PF_BASE_FOLDER_H

#include <parfun.h>

/* Makes a new one below `parent`, for this user alone; the caller frees its path. */
enum parfun_status pf_folder_create(const char *parent, char **path);

/* Removes it with the files in it; they have no folders. */
void pf_folder_remove(const char *path);

#endif
