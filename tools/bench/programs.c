/* SPDX-License-Identifier: Apache-2.0 */
/*
 * programs.c: the library against programs of its rivals, each in a process of its
 * own: what a user gets who writes the same work for one or the other.
 */
#include "bench.h"
#include "process.h"
#include "tasks.h"

#include <stdio.h>

static const struct entry {
    const char *name, *program, *argument;
} entries[] = {
    { "parfun", "parfun", "threads" },
    { "OpenMP static, hand-written", "openmp", "static" },
    { "OpenMP dynamic, hand-written", "openmp", "dynamic" },
    { "OpenMP simd, plain loops", "openmp_simd", NULL },
    { "oneTBB, hand-written", "tbb", NULL },
    { "StarPU, hand-written", "starpu", NULL },
    { "ISPC", "ispc", NULL },
    { "OpenCL on PoCL", "opencl", NULL },
    { "parfun on PoCL", "parfun", "opencl:pocl" },
};

enum { ENTRIES = sizeof entries / sizeof entries[0] };

struct field {
    enum work_kind kind;
    bool checking; /* the next run is the one that is compared */
    double sum;    /* of the last */
};

struct run {
    struct field *field;
    struct process process;
};

static double run_process(void *user, int times)
{
    struct run *run = user;
    struct field *field = run->field;
    const double seconds =
            process_run(&run->process, field->kind, times, field->checking);

    field->checking = false;
    field->sum = run->process.sum;
    return seconds;
}

static void clear(void *user)
{
    struct field *field = user;

    field->checking = true;
}

static double sum(void *user)
{
    const struct field *field = user;

    return field->sum;
}

int main(int argc, char **argv)
{
    const struct bench_settings settings = bench_begin(argc, argv,
            "The library on all cores against programs of its rivals, each in a "
            "process\nof its own; those that were not built or do not run are \"not "
            "here\".");
    struct field field = { 0 };
    struct run run[ENTRIES];
    struct bench_contestant contestants[ENTRIES];
    struct bench_result results[ENTRIES];

    for (size_t i = 0; i < ENTRIES; i++) {
        run[i].field = &field;
        process_start(
                &run[i].process, entries[i].program, entries[i].argument, NULL);
        contestants[i] =
                (struct bench_contestant){ entries[i].name, run_process, &run[i] };
    }
    printf("## Programs\n\nRatios are to the library, which is given no chunk; %d "
           "samples by turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t t = 0; t < WORK_KINDS; t++) {
        const struct bench_check check = { clear, sum, &field, tasks[t].tolerance };

        field.kind = (enum work_kind)t;
        bench_compare(&settings, contestants, ENTRIES, &check, results);
        bench_print(tasks[t].name, "ms", contestants, ENTRIES, results);
    }
    for (size_t i = 0; i < ENTRIES; i++)
        process_end(&run[i].process);
    return bench_end();
}
