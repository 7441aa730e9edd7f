/* SPDX-License-Identifier: Apache-2.0 */
/* first_call.h: what a process pays once.  Each sample is a process of its own. */
#ifndef FIRST_CALL_H
#define FIRST_CALL_H

#include "bench.h"

/* Is this argument one that first_call_compare() gives to the program? */
bool first_call_is(const char *argument);

/* What such a process does: prints the seconds; its exit status. */
int first_call_measure(const char *argument);

/* `program`: this one. */
void first_call_compare(const struct bench_settings *settings, const char *program);

#endif
