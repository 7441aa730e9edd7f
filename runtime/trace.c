/* SPDX-License-Identifier: Apache-2.0 */
/* trace.c: writes the trace of a call. */
#include "runtime/trace.h"

#include "runtime/base/error.h"
#include "runtime/base/text.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char header[] =
        "requested_partition_size,partition_size,partition_duration,"
        "function_duration,combine_duration,first,device,start,copy_in,kernel,"
        "copy_out\n";

/* The folder of a file that does not exist yet may be written to. */
static bool may_create(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? pf_text_print("%.*s", (int)(slash - path + 1), path)
                         : pf_text_copy(".");
    const bool may = folder && *path && access(folder, W_OK | X_OK) == 0;
    const int code = *path ? errno : ENOENT;

    free(folder);
    errno = code;
    return may;
}

enum parfun_status pf_trace_check(const char *function, const char *path)
{
    /* "nonblocking": a fifo that nobody reads is refused, not waited for */
    const int file = open(path, O_WRONLY | O_NONBLOCK | O_CLOEXEC);

    if (file >= 0) {
        (void)close(file);
        return PARFUN_OK;
    }
    if (errno == ENOENT && may_create(path))
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): the trace \"%s\" can not be written: %s; name another file in "
            "parfun_options.trace_export or PARFUN_TRACE",
            function, path, strerror(errno));
}

static int by_first(const void *a, const void *b)
{
    const struct pf_trace_row *row_a = a, *row_b = b;

    return (row_a->first > row_b->first) - (row_a->first < row_b->first);
}

static void write_row(
        FILE *file, const struct pf_run *run, const struct pf_trace_row *row)
{
    const struct pf_device *device = run->tally[row->worker].device;
    const struct pf_call *call = run->call;

    if (row->requested)
        (void)fprintf(file, "%zu", row->requested);
    (void)fprintf(file, ",%zu,%llu,%llu,%llu,%zu,%s,%llu,%llu,%llu,%llu\n",
            pf_call_rows(call, row->first, row->count),
            (unsigned long long)row->partitioning_ns,
            (unsigned long long)row->function_ns,
            (unsigned long long)row->combining_ns,
            pf_call_rows(call, 0, row->first), device->selector,
            (unsigned long long)row->start_ns, (unsigned long long)row->copy_in_ns,
            (unsigned long long)row->function_ns,
            (unsigned long long)row->copy_out_ns);
}

/* Opens the file empty, for this call alone: those of other threads and processes
 * that write the same one wait. */
static FILE *open_empty(const char *path)
{
    const int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
    FILE *stream = NULL;

    if (file < 0)
        return NULL;
    /* what is no regular file can be neither locked nor cut, and need not be */
    (void)flock(file, LOCK_EX);
    (void)!ftruncate(file, 0);
    stream = fdopen(file, "w");
    if (!stream)
        (void)close(file);
    return stream;
}

enum parfun_status pf_trace_write(struct pf_run *run, const char *path)
{
    struct pf_feed *feed = run->feed;
    FILE *file = open_empty(path);
    bool good = file != NULL;

    if (good) {
        qsort(feed->rows.row, feed->rows.count, sizeof *feed->rows.row, by_first);
        (void)fputs(header, file);
        for (size_t i = 0; i < feed->rows.count; i++)
            write_row(file, run, &feed->rows.row[i]);
        good = !ferror(file);
        good = fclose(file) == 0 && good;
    }
    if (!good)
        return pf_fail(PARFUN_SYSTEM,
                "%s(): the results are complete, but the trace \"%s\" could not be "
                "written: %s",
                run->call->kernel->name, path, strerror(errno));
    return PARFUN_OK;
}
