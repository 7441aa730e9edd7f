/* SPDX-License-Identifier: Apache-2.0 */
/*
 * overheads.c: what the library itself costs: of a call, of a partition, of waking a
 * worker, of the first call, of adding up, and of doing nothing.
 */
#include "bench.h"
#include "first_call.h"
#include "rivals.h"
#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>

#include "dot.h"
#include "nothing.h"
#include "saxpy.h"

enum {
    SUM = 1 << 24,
    PARTITIONS = 64,
    CHEAP = 1000,
    KIBIBYTE = 1024 / sizeof(float) / 2 /* items of saxpy: x and y */
};

struct run {
    const char *backend;
    size_t items;
    float *x, *y;
    float result;
};

/* ---- Ways to run ------------------------------------------------------------------ */

static double run_sum(void *user, int times)
{
    struct run *run = user;
    double start;

    if (parfun_set_backend(run->backend))
        return -1;
    start = bench_now();
    for (int i = 0; i < times; i++)
        if (sum_floats(run->items, run->x, &run->result))
            return -1;
    return (bench_now() - start) / times;
}

static double run_nothing(void *user, int times)
{
    static int values[PARTITIONS];
    const struct run *run = user;
    double start;

    if (parfun_set_backend(run->backend))
        return -1;
    start = bench_now();
    for (int i = 0; i < times; i++)
        if (nothing(run->items, values))
            return -1;
    return (bench_now() - start) / times;
}

static double run_saxpy(void *user, int times)
{
    const struct run *run = user;
    double start;

    if (parfun_set_backend(run->backend))
        return -1;
    start = bench_now();
    for (int i = 0; i < times; i++)
        if (saxpy(run->items, 1e-9f, run->x, run->y))
            return -1;
    return (bench_now() - start) / times;
}

#ifdef BENCH_WITH_OPENMP
static double run_openmp_sum(void *user, int times)
{
    struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        run->result = rival_openmp_sum(run->x, run->items);
    return (bench_now() - start) / times;
}

static void do_nothing(void *user, size_t begin, size_t end)
{
    (void)user, (void)begin, (void)end;
}

static double run_openmp_nothing(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        rival_openmp(run->items, 1, do_nothing, NULL);
    return (bench_now() - start) / times;
}
#endif

/* ---- The report ---------------------------------------------------------------------- */

static void compare_sums(const struct bench_settings *settings)
{
    struct run run = { .backend = "threads", .items = SUM };
    struct run serial = { .backend = "serial", .items = SUM };
    const struct bench_contestant contestants[] = {
        { "parfun, threads", run_sum, &run },
        { "parfun, serial", run_sum, &serial },
#ifdef BENCH_WITH_OPENMP
        { "OpenMP, parallel for simd reduction", run_openmp_sum, &run },
#endif
    };
    enum { COUNT = sizeof contestants / sizeof contestants[0] };
    struct bench_result results[COUNT];

    run.x = serial.x = bench_allocate(SUM * sizeof(float));
    for (size_t i = 0; i < SUM; i++)
        run.x[i] = (float)(i % 7);
    bench_compare(settings, contestants, COUNT, NULL, results);
    bench_print("sum of 2^24 floats", "us", contestants, COUNT, results);
    free(run.x);
}

static void compare_partitions(const struct bench_settings *settings)
{
    struct run run = { .backend = "threads:2", .items = PARTITIONS };
    struct run serial = { .backend = "serial", .items = PARTITIONS };
    const struct bench_contestant contestants[] = {
        { "parfun, threads:2", run_nothing, &run },
        { "parfun, serial", run_nothing, &serial },
#ifdef BENCH_WITH_OPENMP
        { "OpenMP dynamic", run_openmp_nothing, &run },
#endif
    };
    enum { COUNT = sizeof contestants / sizeof contestants[0] };
    struct bench_result results[COUNT];

    if (parfun_set_options(
                nothing_function(), PARFUN_OPTIONS(.fixed_partition_size = 1)))
        return;
    bench_compare(settings, contestants, COUNT, NULL, results);
    bench_print("64 empty partitions", "us", contestants, COUNT, results);
}

static void compare_saxpy(
        const struct bench_settings *settings, const char *name, size_t items)
{
    struct run threads = { .backend = "threads", .items = items };
    struct run serial = { .backend = "serial", .items = items };
    struct run none = { .backend = "none", .items = items };
    const struct bench_contestant contestants[] = {
        { "parfun, threads", run_saxpy, &threads },
        { "parfun, serial", run_saxpy, &serial },
        { "parfun, none", run_saxpy, &none },
    };
    struct bench_result results[3];

    threads.x = serial.x = none.x = bench_allocate(items * sizeof(float));
    threads.y = serial.y = none.y = bench_allocate(items * sizeof(float));
    bench_compare(settings, contestants, 3, NULL, results);
    bench_print(name, "us", contestants, 3, results);
    free(threads.x);
    free(threads.y);
}

static double processor_time(void)
{
    struct rusage usage;

    (void)getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
            + 1e-6 * (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec);
}

/* The library's threads exist by now; those of OpenMP have been given up spinning. */
static void print_idle(const struct bench_settings *settings)
{
    const time_t seconds = settings->repeats > 1 ? 3 : 0;
    double before;

    bench_settle();
    before = processor_time();
    (void)nanosleep(&(struct timespec){ .tv_sec = seconds }, NULL);
    printf("\nIn %d idle seconds the process used %.0f us of processor time.\n",
            (int)seconds, 1e6 * (processor_time() - before));
}

int main(int argc, char **argv)
{
    struct bench_settings settings;

    if (argc == 2 && first_call_is(argv[1]))
        return first_call_measure(argv[1]);
    settings = bench_begin(argc, argv,
            "What the library itself costs: of a call, of a partition, of waking a\n"
            "worker, of the first call in a process, of adding up, of being idle.");
    printf("## Overheads\n\nRatios are to the first row of a task; %d samples by "
           "turns.\n\n",
            settings.repeats);
    bench_print_head("us");
    compare_sums(&settings);
    compare_partitions(&settings);
    compare_saxpy(&settings, "saxpy, 1000 items", CHEAP);
    compare_saxpy(&settings, "saxpy, 64 KiB", 64 * KIBIBYTE);
    compare_saxpy(&settings, "saxpy, 256 KiB", 256 * KIBIBYTE);
    compare_saxpy(&settings, "saxpy, 1 MiB", 1024 * KIBIBYTE);
    compare_saxpy(&settings, "saxpy, 4 MiB", 4096 * KIBIBYTE);
    first_call_compare(&settings, argv[0]);
    print_idle(&settings);
    return bench_end();
}
