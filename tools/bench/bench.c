/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c: takes turns, and finds medians. */
#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 15, REPEATS_QUICK = 7 };

struct bench_settings bench_begin(int argc, char **argv, const char *about)
{
    struct bench_settings settings = { REPEATS, 0.03 };

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--quick") == 0) {
            settings = (struct bench_settings){ REPEATS_QUICK, 0.003 };
        } else {
            const bool help = strcmp(argv[i], "--help") == 0;

            fprintf(help ? stdout : stderr, "usage: %s [--quick]\n\n%s\n", argv[0],
                    about);
            exit(help ? 0 : 2);
        }
    return settings;
}

double bench_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

void *bench_allocate(size_t bytes)
{
    const size_t rounded = (bytes + 4095) / 4096 * 4096;
    void *memory = aligned_alloc(4096, rounded);

    if (!memory) {
        perror("bench");
        exit(1);
    }
    return memset(memory, 0, rounded);
}

static int ascending(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

/* How often it must run for one sample; 0 if it cannot. */
static int calibrate(const struct bench_contestant *contestant, double sample_s)
{
    double seconds = contestant->run(contestant->user, 1);

    if (seconds < 0)
        return 0;
    seconds = contestant->run(contestant->user, 1); /* warm now */
    if (seconds * 100000 < sample_s)
        return 100000;
    return seconds > sample_s ? 1 : (int)(sample_s / seconds);
}

void bench_compare(const struct bench_settings *settings,
        const struct bench_contestant *contestants, size_t count,
        struct bench_result *results)
{
    static double samples[BENCH_CONTESTANTS][REPEATS];
    const int n = settings->repeats;
    int times[BENCH_CONTESTANTS];

    for (size_t i = 0; i < count; i++)
        times[i] = calibrate(&contestants[i], settings->sample_s);
    for (int r = 0; r < n; r++)
        for (size_t i = 0; i < count; i++)
            if (times[i] > 0)
                samples[i][r] = contestants[i].run(contestants[i].user, times[i]);
    for (size_t i = 0; i < count; i++) {
        results[i] = (struct bench_result){ 0 };
        if (times[i] == 0)
            continue;
        qsort(samples[i], (size_t)n, sizeof(double), ascending);
        results[i].median_s = samples[i][n / 2];
        results[i].spread = (samples[i][n - 1 - n / 4] - samples[i][n / 4]) / 2
                / samples[i][n / 2];
        results[i].done = true;
    }
}

void bench_print_head(const char *unit)
{
    printf("| task | what | %s | spread | ratio |\n|---|---|---|---|---|\n", unit);
}

void bench_print(const char *task, const char *unit,
        const struct bench_contestant *contestants, size_t count,
        const struct bench_result *results)
{
    const double scale = strcmp(unit, "ms") == 0 ? 1e3 : 1e6;

    for (size_t i = 0; i < count; i++)
        if (results[i].done)
            printf("| %s | %s | %.4g | %.1f %% | %.2f |\n", task,
                    contestants[i].name, results[i].median_s * scale,
                    100 * results[i].spread,
                    results[i].median_s / results[0].median_s);
        else
            printf("| %s | %s | not here | | |\n", task, contestants[i].name);
    fflush(stdout);
}
