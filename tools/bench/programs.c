/* SPDX-License-Identifier: Apache-2.0 */
/*
 * programs.c: the library against programs of its rivals, each in a process of its
 * own: what a user gets who writes the same work for one or the other.
 */
#include "contest.h"

#include <stdio.h>

static const struct contest_entry entries[] = {
    { "parfun", "parfun", "threads", NULL },
    { "OpenMP static, hand-written", "openmp", "static", NULL },
    { "OpenMP dynamic, hand-written", "openmp", "dynamic", NULL },
    { "OpenMP simd, plain loops", "openmp_simd", NULL, NULL },
    { "oneTBB, hand-written", "tbb", NULL, NULL },
    { "StarPU, hand-written", "starpu", NULL, NULL },
    { "ISPC", "ispc", NULL, NULL },
    { "OpenCL on PoCL", "opencl", NULL, NULL },
    { "parfun on PoCL", "parfun", "opencl:pocl", NULL },
};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

int main(int argc, char **argv)
{
    const struct bench_settings settings = bench_begin(argc, argv,
            "The library on all cores against programs of its rivals, each in a "
            "process\nof its own; those that were not built or do not run are \"not "
            "here\".");
    struct contest contest;
    struct bench_result results[ENTRIES];

    contest_begin(&contest, entries, ENTRIES);
    printf("## Programs\n\nRatios are to the library, which is given no chunk; %d "
           "samples by turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (int kind = 0; kind < WORK_KINDS; kind++)
        contest_compare(&contest, &settings, (enum work_kind)kind, results);
    contest_end(&contest);
    return bench_end();
}
