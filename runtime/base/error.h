/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.h: a failure becomes a status where it happens, with a sentence for the
 * thread.  Worker threads record their sentence, too: pf_error_text() is copied
 * by whoever carries a failure to another thread.
 */
#ifndef PF_BASE_ERROR_H
#define PF_BASE_ERROR_H

#include <parfun.h>

/* Sets this thread's sentence, replacing the old one, and returns `status`.
 * Sentences of any length; without memory they are cut. */
__attribute__((format(printf, 2, 3))) enum parfun_status pf_fail(
        enum parfun_status status, const char *format, ...);

/* Puts a sentence in front of this thread's present one: "saxpy(): " and so on.
 * Returns `status`. */
__attribute__((format(printf, 2, 3))) enum parfun_status pf_error_prefix(
        enum parfun_status status, const char *format, ...);

/* This thread's sentence; "" if none.  Valid until the thread's next pf_fail. */
const char *pf_error_text(void);
void pf_error_clear(void);

/* Return from the calling function if `call` fails. */
#define PF_TRY(call)                               \
    do {                                           \
        enum parfun_status pf_try_status = (call); \
        if (pf_try_status != PARFUN_OK)            \
            return pf_try_status;                  \
    } while (0)

#endif
