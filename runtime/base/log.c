/* SPDX-License-Identifier: Apache-2.0 */
/* log.c: one write per message, so that those of several threads do not mix. */
#include "runtime/base/log.h"
#include "runtime/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

/* A global, as messages come from places that are handed no object. */
static _Atomic(enum pf_log_level) wanted = PF_LOG_NONE;

void pf_log_set_level(enum pf_log_level level)
{
    atomic_store_explicit(&wanted, level, memory_order_relaxed);
}

bool pf_log_wants(enum pf_log_level level)
{
    return level <= atomic_load_explicit(&wanted, memory_order_relaxed)
            && level != PF_LOG_NONE;
}

void pf_log(enum pf_log_level level, const char *format, ...)
{
    if (!pf_log_wants(level))
        return;

    int saved = errno;
    struct pf_text text = { 0 }, lines = { 0 };
    va_list arguments;
    va_start(arguments, format);
    pf_text_format_list(&text, format, arguments);
    va_end(arguments);

    const char *rest = pf_text_get(&text);
    do {
        size_t bytes = strcspn(rest, "\n");
        pf_text_add(&lines, "parfun: ");
        pf_text_add_bytes(&lines, rest, bytes);
        pf_text_add(&lines, "\n");
        rest += bytes + (rest[bytes] == '\n');
    } while (*rest);

    /* Nobody could be told that this failed. */
    ssize_t written = write(STDERR_FILENO, pf_text_get(&lines), lines.bytes);
    (void)written;
    pf_text_finish(&text);
    pf_text_finish(&lines);
    errno = saved;
}
