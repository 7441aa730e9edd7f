/* SPDX-License-Identifier: Apache-2.0 */
/* home.h: folders of the test's own for the cache and for temporary files. */
#ifndef PF_TESTS_TEXT_HOME_H
#define PF_TESTS_TEXT_HOME_H

#include <stddef.h>

/* Set-up and tear-down of a group of tests: PARFUN_CACHE_DIR and TMPDIR are in a new
 * folder.  0 on success. */
int home_make(void **state);
int home_remove(void **state);

/* "FOLDER/name"; valid until the eighth after it. */
const char *home_path(const char *name);

/* How many entries a folder below it has; 0 if it does not exist. */
size_t home_count(const char *name);

/* An executable file below it. */
void home_script(const char *name, const char *text);

#endif
