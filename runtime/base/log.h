/* SPDX-License-Identifier: Apache-2.0 */
/*
 * log.h: what the library does, line by line on stderr, for those who ask with
 * PARFUN_LOG.  Silent until then.  Any thread.
 */
#ifndef PF_BASE_LOG_H
#define PF_BASE_LOG_H

#include <stdbool.h>

enum pf_log_level {
    PF_LOG_NONE,
    PF_LOG_ERROR,   /* a call failed, or will */
    PF_LOG_WARNING, /* something was ignored or dropped */
    PF_LOG_INFO,    /* what was chosen, and why; once per process or device */
    PF_LOG_DEBUG    /* about single calls and partitions */
};

/* For the whole process; runtime/config.c sets it. */
void pf_log_set_level(enum pf_log_level level);
/* Would a line of this level be printed?  For arguments that are dear. */
bool pf_log_wants(enum pf_log_level level);

/* Prints "parfun: " and the text, without a line's end in `format`, in one
 * write.  Each line of a longer text has the prefix.  errno stays. */
__attribute__((format(printf, 2, 3))) void pf_log(
        enum pf_log_level level, const char *format, ...);

#endif
