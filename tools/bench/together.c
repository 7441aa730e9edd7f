/* SPDX-License-Identifier: Apache-2.0 */
/*
 * together.c: two backends alone and together: one CPU thread and PoCL on one core, or
 * what --of names, such as all cores and a GPU.  What both should reach is the harmonic
 * sum: 1 / (1/a + 1/b).  Each is in a process of its own, as PoCL alone is kept to one
 * core by its environment; beside the thread it gets the cores that are left, which is
 * one where there are two.
 */
#include "contest.h"
#include "tasks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ENTRIES = 3, SELECTOR_BYTES = 200 };

/* Drivers of GPUs take some tenths of a second to start and to compile a kernel. */
static const double WARM_S = 1;

static struct contest_entry entries[ENTRIES] = {
    { "threads:1, opencl:pocl", "parfun", "threads:1, opencl:pocl", NULL },
    { "threads:1", "parfun", "threads:1", NULL },
    { "opencl:pocl", "parfun", "opencl:pocl", "POCL_MAX_PTHREAD_COUNT=1" },
};

/* Takes this program's own options away from the others; how many are left. */
static int read_own_options(int argc, char **argv)
{
    static char both[2 * SELECTOR_BYTES];
    int kept = 1;

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--of") == 0 && i + 2 < argc) {
            (void)snprintf(both, sizeof both, "%s, %s", argv[i + 1], argv[i + 2]);
            entries[0] = (struct contest_entry){ both, "parfun", both, NULL };
            for (int e = 1; e < ENTRIES; e++)
                entries[e] = (struct contest_entry){ argv[i + e], "parfun",
                    argv[i + e], NULL };
            i += 2;
        } else if (strcmp(argv[i], "--scale") == 0 && i + 1 < argc) {
            (void)setenv("BENCH_SCALE", argv[++i], 1);
        } else {
            argv[kept++] = argv[i];
        }
    return kept;
}

static void print_share(
        const char *task, const struct bench_result results[ENTRIES])
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
    const struct bench_settings settings = bench_begin(read_own_options(argc, argv),
            argv,
            "One CPU thread and PoCL on one core: both together against each alone.\n\n"
            "  --of A B     two other backends, such as: --of threads opencl:gpu\n"
            "  --scale N    N times as many items (rows, columns, bodies)");
    struct contest contest;
    struct bench_result results[KINDS][ENTRIES];

    contest_begin(&contest, entries, ENTRIES);
    printf("## Together\n\nRatios are to both together; %d samples by turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t k = 0; k < KINDS; k++) {
        if (settings.repeats > 1)
            contest_warm(&contest, kinds[k], WARM_S);
        contest_compare(&contest, &settings, kinds[k], results[k]);
    }
    printf("\n| task | of the harmonic sum | time to the best alone |\n|---|---|---|\n");
    for (size_t k = 0; k < KINDS; k++)
        print_share(tasks[kinds[k]].name, results[k]);
    contest_end(&contest);
    return bench_end();
}
