/* SPDX-License-Identifier: Apache-2.0 */
/*
 * leaks.h: when the leak checker looks.  At the end of the process is too late with
 * PoCL 3.1 in it, which keeps compiler passes in a static map whose destructor
 * frees the map and not the passes: so at the end of main(), where they are still
 * within reach.
 */
#ifndef PF_TESTS_LEAKS_H
#define PF_TESTS_LEAKS_H

#include <stddef.h>

/* Of the leak checker; NULL in programs that are built without. */
__attribute__((weak)) void __lsan_do_leak_check(void); /* NOLINT: its name */

/* Ends the process if memory is lost; else the result of main(). */
static inline int without_leaks(int result)
{
    if (__lsan_do_leak_check)
        __lsan_do_leak_check();
    return result;
}

#endif
