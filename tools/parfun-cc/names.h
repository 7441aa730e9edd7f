/* SPDX-License-Identifier: Apache-2.0 */
/* names.h: names that would hide something in C, in C++ or in OpenCL C. */
#ifndef CC_NAMES_H
#define CC_NAMES_H

#include <stdbool.h>

/* Of C17 or C++. */
bool cc_name_is_keyword(const char *name);
/* A function of C17's library or a common one of POSIX, or main. */
bool cc_name_is_library(const char *name);
/* A built-in function of OpenCL C. */
bool cc_name_is_builtin(const char *name);
/* A header of C17 or a common one of POSIX: "math.h"; or parfun's own. */
bool cc_name_is_header(const char *name);

#endif
