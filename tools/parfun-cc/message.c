/* SPDX-License-Identifier: Apache-2.0 */
/* message.c: errors in the form that editors and CI systems know. */
#include "message.h"

#include "runtime/base/error.h"

#include <stdarg.h>
#include <stdio.h>

__attribute__((format(printf, 3, 0))) static void say(
        struct cc_place place, const char *kind, const char *format, va_list list)
{
    fprintf(stderr, "%s:", place.file);
    if (place.line)
        fprintf(stderr, "%u:", place.line);
    if (place.line && place.column)
        fprintf(stderr, "%u:", place.column);
    fprintf(stderr, " %s: ", kind);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
}

enum cc_exit cc_error(struct cc_place place, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(place, "error", format, list);
    va_end(list);
    return CC_WRONG;
}

enum cc_exit cc_warning(const struct cc_list *language, struct cc_place place,
        const char *format, ...)
{
    const bool strict = cc_list_has(language, "-Werror");
    va_list list;

    if (cc_list_has(language, "-w"))
        return CC_RIGHT;
    va_start(list, format);
    say(place, strict ? "error" : "warning", format, list);
    va_end(list);
    return strict ? CC_WRONG : CC_RIGHT;
}

void cc_note(struct cc_place place, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    say(place, "note", format, list);
    va_end(list);
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
