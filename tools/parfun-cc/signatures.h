/* SPDX-License-Identifier: Apache-2.0 */
/* signatures.h: what the compiler plugin reports about kernels. */
#ifndef CC_SIGNATURES_H
#define CC_SIGNATURES_H

#include "kernels.h"
#include "message.h"

/* From the plugin's first run: name, line, flags, parameters. */
enum cc_exit cc_signatures_read(const char *path, struct cc_kernels *kernels);

/* From its second run, of all or some of the kernels: the names of the native
 * functions, scratch memory.  The plugin names kernels as in C. */
enum cc_exit cc_compiled_read(const char *path, struct cc_kernels *kernels);

#endif
