/* SPDX-License-Identifier: Apache-2.0 */
/* message.c: errors in the form that editors and CI systems know. */
#include "message.h"

#include "runtime/base/error.h"

#include <stdarg.h>
#include <stdio.h>

enum cc_exit cc_error(struct cc_place place, const char *format, ...)
{
    va_list list;

    fprintf(stderr, "%s:", place.file);
    if (place.line)
        fprintf(stderr, "%u:", place.line);
    if (place.line && place.column)
        fprintf(stderr, "%u:", place.column);
    fputs(" error: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return CC_WRONG;
}

enum cc_exit cc_error_again(void)
{
    fprintf(stderr, "%s\n", pf_error_text());
    return CC_WRONG;
}

enum cc_exit cc_fatal(const char *format, ...)
{
    va_list list;

    fputs("parfun-cc: error: ", stderr);
    va_start(list, format);
    vfprintf(stderr, format, list);
    va_end(list);
    fputc('\n', stderr);
    return CC_USAGE;
}
