/* SPDX-License-Identifier: Apache-2.0 */
/* first_call.c: a first call on threads, and hwloc's own start. */
#include "first_call.h"

#include <hwloc.h>
#include <stdio.h>
#include <string.h>

#include "saxpy.h"

enum { ITEMS = 1 << 18 };

struct run {
    const char *program, *argument;
};

static double first_call(void)
{
    float *x = bench_allocate(ITEMS * sizeof *x),
          *y = bench_allocate(ITEMS * sizeof *y);
    const double start = bench_now();

    if (parfun_set_backend("threads:2") || saxpy(ITEMS, 2, x, y))
        return -1;
    return bench_now() - start;
}

/* As the library asks for it when threads are pinned. */
static double load_hwloc(void)
{
    const double start = bench_now();
    hwloc_topology_t topology;

    if (hwloc_topology_init(&topology))
        return -1;
    if (hwloc_topology_set_flags(topology,
                HWLOC_TOPOLOGY_FLAG_IS_THISSYSTEM
                        | HWLOC_TOPOLOGY_FLAG_RESTRICT_TO_CPUBINDING)
            || hwloc_topology_load(topology))
        return -1;
    return bench_now() - start;
}

static const struct way {
    const char *argument, *name;
    double (*measure)(void);
} ways[] = {
    { "--first-call", "parfun, threads:2, saxpy of 2^18 items", first_call },
    { "--first-hwloc", "hwloc_topology_load() alone", load_hwloc },
};

enum { WAYS = sizeof ways / sizeof ways[0] };

bool first_call_is(const char *argument)
{
    for (size_t i = 0; i < WAYS; i++)
        if (strcmp(argument, ways[i].argument) == 0)
            return true;
    return false;
}

int first_call_measure(const char *argument)
{
    for (size_t i = 0; i < WAYS; i++)
        if (strcmp(argument, ways[i].argument) == 0) {
            const double seconds = ways[i].measure();

            printf("%.9f\n", seconds);
            return seconds < 0;
        }
    return 2;
}

static double run_process(void *user, int times)
{
    const struct run *run = user;
    double sum = 0;

    for (int i = 0; i < times; i++) {
        char command[4096];
        double seconds = -1;
        FILE *output;

        (void)snprintf(
                command, sizeof command, "'%s' %s", run->program, run->argument);
        output = popen(command, "r");
        if (!output)
            return -1;
        if (fscanf(output, "%lf", &seconds) != 1)
            seconds = -1;
        if (pclose(output) || seconds < 0)
            return -1;
        sum += seconds;
    }
    return sum / times;
}

void first_call_compare(const struct bench_settings *settings, const char *program)
{
    struct run run[WAYS];
    struct bench_contestant contestants[WAYS];
    struct bench_result results[WAYS];

    for (size_t i = 0; i < WAYS; i++) {
        run[i] = (struct run){ program, ways[i].argument };
        contestants[i] =
                (struct bench_contestant){ ways[i].name, run_process, &run[i] };
    }
    bench_compare(settings, contestants, WAYS, NULL, results);
    bench_print("first call in a process", "us", contestants, WAYS, results);
}
