/* SPDX-License-Identifier: Apache-2.0 */
/* message.h: what parfun-cc says to the user, as compilers do. */
#ifndef CC_MESSAGE_H
#define CC_MESSAGE_H

#include "text.h"

enum cc_exit {
    CC_RIGHT = 0,
    CC_WRONG = 1, /* the file has mistakes */
    CC_USAGE = 2  /* the command line, or what parfun-cc itself needs */
};

struct cc_place {
    const char *file;
    unsigned line, column; /* from 1; 0: unknown */
};

/* "file:line:column: error: sentence".  Returns CC_WRONG. */
__attribute__((format(printf, 2, 3))) enum cc_exit cc_error(
        struct cc_place place, const char *format, ...);

/* "file:line:column: warning: sentence", or as the options for clang want it: with
 * -Werror an error, with -w nothing. */
__attribute__((format(printf, 3, 4))) enum cc_exit cc_warning(
        const struct cc_list *language, struct cc_place place, const char *format,
        ...);

/* "file:line:column: note: sentence". */
__attribute__((format(printf, 2, 3))) void cc_note(
        struct cc_place place, const char *format, ...);

/* The library's own sentence (parfun_error()), which has a place already. */
enum cc_exit cc_error_again(void);

/* "parfun-cc: error: sentence".  Returns CC_USAGE. */
__attribute__((format(printf, 1, 2))) enum cc_exit cc_fatal(
        const char *format, ...);

#define CC_TRY(call)                       \
    do {                                   \
        enum cc_exit cc_try_exit = (call); \
        if (cc_try_exit != CC_RIGHT)       \
            return cc_try_exit;            \
    } while (0)

#endif
