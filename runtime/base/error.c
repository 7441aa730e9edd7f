/* SPDX-License-Identifier: Apache-2.0 */
/*
 * error.c: one sentence per thread.  Short ones live in the thread's own storage,
 * so that the usual failure, and the one for lack of memory, need none.
 */
#include "runtime/base/error.h"
#include "runtime/base/thread.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RESERVE = 512 };

struct sentence {
    char *grown; /* NULL: the sentence is in `reserve` */
    bool ends_with_thread;
    char reserve[RESERVE];
};

static _Thread_local struct sentence sentence;

static void free_sentence(void *data)
{
    struct sentence *ended = data;
    free(ended->grown);
    ended->grown = NULL;
    ended->ends_with_thread = false;
}

/* NULL if there is no memory, or nobody who would free it. */
static char *grow(size_t bytes)
{
    if (!sentence.ends_with_thread)
        sentence.ends_with_thread = pf_thread_at_end(free_sentence, &sentence);
    return sentence.ends_with_thread ? malloc(bytes) : NULL;
}

/* Joins two texts, both of which may be parts of the present sentence. */
static void keep(const char *front, const char *back)
{
    size_t front_bytes = strlen(front), back_bytes = strlen(back);
    char *old = sentence.grown;
    char *grown = NULL;

    if (front_bytes + back_bytes >= RESERVE)
        grown = grow(front_bytes + back_bytes + 1);
    if (grown) {
        memcpy(grown, front, front_bytes);
        memcpy(grown + front_bytes, back, back_bytes + 1);
    } else {
        char whole[RESERVE];
        if (front_bytes > RESERVE - 1)
            front_bytes = RESERVE - 1;
        if (back_bytes > RESERVE - 1 - front_bytes)
            back_bytes = RESERVE - 1 - front_bytes;
        memcpy(whole, front, front_bytes);
        memcpy(whole + front_bytes, back, back_bytes);
        whole[front_bytes + back_bytes] = '\0';
        memcpy(sentence.reserve, whole, front_bytes + back_bytes + 1);
    }
    sentence.grown = grown;
    free(old);
}

/* The formatted text: in `small`, cut, if there is no memory for more.  Free what
 * is not `small`. */
__attribute__((format(printf, 2, 0))) static char *print(
        char small[RESERVE], const char *format, va_list arguments)
{
    va_list again;
    va_copy(again, arguments);
    int length = vsnprintf(small, RESERVE, format, arguments);
    char *text = small;
    if (length < 0)
        small[0] = '\0';
    else if (length >= RESERVE) {
        char *large = malloc((size_t)length + 1);
        if (large) {
            vsnprintf(large, (size_t)length + 1, format, again);
            text = large;
        }
    }
    va_end(again);
    return text;
}

enum parfun_status pf_fail(enum parfun_status status, const char *format, ...)
{
    int saved = errno;
    char small[RESERVE];
    va_list arguments;
    va_start(arguments, format);
    char *text = print(small, format, arguments);
    va_end(arguments);
    keep(text, "");
    if (text != small)
        free(text);
    errno = saved;
    return status;
}

enum parfun_status pf_error_prefix(
        enum parfun_status status, const char *format, ...)
{
    int saved = errno;
    char small[RESERVE];
    va_list arguments;
    va_start(arguments, format);
    char *text = print(small, format, arguments);
    va_end(arguments);
    keep(text, pf_error_text());
    if (text != small)
        free(text);
    errno = saved;
    return status;
}

const char *pf_error_text(void)
{
    return sentence.grown ? sentence.grown : sentence.reserve;
}

void pf_error_clear(void)
{
    keep("", "");
}
