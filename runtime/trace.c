/* SPDX-License-Identifier: Apache-2.0 */
/* trace.c: writes the trace of a call. */
#include "runtime/trace.h"

#include "runtime/base/error.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char header[] =
        "requested_partition_size,partition_size,partition_duration,"
        "function_duration,combine_duration,first,device,start,copy_in,kernel,"
        "copy_out\n";

enum parfun_status pf_trace_check(const char *path)
{
    FILE *file = fopen(path, "a");

    if (!file)
        return pf_fail(PARFUN_INVALID,
                "the trace file \"%s\" can not be written: %s", path,
                strerror(errno));
    (void)fclose(file);
    return PARFUN_OK;
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

    if (row->requested)
        (void)fprintf(file, "%zu", row->requested);
    (void)fprintf(file, ",%zu,%llu,%llu,%llu,%zu,%s,%llu,%llu,%llu,%llu\n",
            row->count, (unsigned long long)row->partitioning_ns,
            (unsigned long long)row->function_ns,
            (unsigned long long)row->combining_ns, row->first, device->selector,
            (unsigned long long)row->start_ns, (unsigned long long)row->copy_in_ns,
            (unsigned long long)row->function_ns,
            (unsigned long long)row->copy_out_ns);
}

enum parfun_status pf_trace_write(struct pf_run *run, const char *path)
{
    struct pf_feed *feed = run->feed;
    FILE *file = fopen(path, "w");
    bool good = file != NULL;

    if (good) {
        qsort(feed->rows, feed->row_count, sizeof *feed->rows, by_first);
        (void)fputs(header, file);
        for (size_t i = 0; i < feed->row_count; i++)
            write_row(file, run, &feed->rows[i]);
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
