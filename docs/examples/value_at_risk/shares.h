/* SPDX-License-Identifier: Apache-2.0 */
/* shares.h: who ran how much of a call, from its trace. */
#ifndef SHARES_H
#define SHARES_H

#include <stddef.h>

/* Writes "threads 63 %, opencl:0 37 %"; "" if the file can not be read. */
void shares_read(const char *trace, char *text, size_t bytes);

#endif
