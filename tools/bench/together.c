/* SPDX-License-Identifier: Apache-2.0 */
/*
 * together.c: one CPU thread and one OpenCL device, PoCL limited to one core, alone
 * and together.  What both should reach is the harmonic sum: 1 / (1/a + 1/b).
 */
#include "bench.h"
#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>

struct run {
    const struct task *task;
    struct work *work;
    const char *backend;
};

static enum work_kind kind_of(const struct run *run)
{
    return (enum work_kind)(run->task - tasks);
}

static double run_backend(void *user, int times)
{
    const struct run *run = user;
    double start;

    if (parfun_set_backend(run->backend) || run->task->call(run->work))
        return -1;
    start = bench_now();
    for (int i = 0; i < times; i++)
        if (run->task->call(run->work)) {
            fprintf(stderr, "%s\n", parfun_error());
            return -1;
        }
    return (bench_now() - start) / times;
}

static void clear(void *user)
{
    const struct run *run = user;

    work_clear(run->work, kind_of(run));
}

static double sum(void *user)
{
    const struct run *run = user;

    return work_sum(run->work, kind_of(run));
}

static void print_share(const char *task, const struct bench_result results[3])
{
    const double both = results[0].median_s;
    const double cpu = results[1].median_s, device = results[2].median_s;

    if (results[0].done && results[1].done && results[2].done)
        printf("| %s | %.1f %% | %.2f |\n", task,
                100 * (1 / (1 / cpu + 1 / device)) / both,
                both / (cpu < device ? cpu : device));
}

int main(int argc, char **argv)
{
    static const enum work_kind kinds[] = { WORK_OPTIONS, WORK_MANDELBROT,
        WORK_BODIES, WORK_SAXPY };
    enum { KINDS = sizeof kinds / sizeof kinds[0] };
    const struct bench_settings settings = bench_begin(argc, argv,
            "One CPU thread and PoCL on one core: both together against each alone.");
    struct bench_result results[KINDS][3];
    struct work *work;

    setenv("POCL_MAX_PTHREAD_COUNT", "1", 1);
    work = work_create(work_large);
    printf("## Together\n\nRatios are to both together; %d samples by turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t k = 0; k < KINDS; k++) {
        const struct task *task = &tasks[kinds[k]];
        struct run run[] = { { task, work, "threads:1, opencl:pocl" },
            { task, work, "threads:1" }, { task, work, "opencl:pocl" } };
        struct bench_contestant contestant[3];
        const struct bench_check check = { clear, sum, run, task->tolerance };

        for (size_t i = 0; i < 3; i++)
            contestant[i] = (struct bench_contestant){ run[i].backend, run_backend,
                &run[i] };
        bench_compare(&settings, contestant, 3, &check, results[k]);
        bench_print(task->name, "ms", contestant, 3, results[k]);
    }
    printf("\n| task | of the harmonic sum | time to the best alone |\n|---|---|---|\n");
    for (size_t k = 0; k < KINDS; k++)
        print_share(tasks[kinds[k]].name, results[k]);
    work_destroy(work);
    return bench_end();
}
