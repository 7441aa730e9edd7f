/* SPDX-License-Identifier: Apache-2.0 */
/* bench.c: takes turns, and finds medians. */
#include "bench.h"

#include "json.h"
#include "quiet.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { REPEATS = 15, REPEATS_QUICK = 9, TRIES = 20, TRIES_QUICK = 3 };

/* Threads may have waited for a processor for this part of a sample. */
static const double MOST_WAITED = 0.03;

static const double WARM_S = 0.005;
/* What takes less counts as this. */
static const double SHORTEST_S = 1e-7;
/* A slow contestant's sample takes at most so many times the fastest one's. */
static const double LONGEST_SAMPLE = 4;

static struct {
    size_t taken, thrown, disturbed;
    bool differs;
} report;

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

_Noreturn static void print_usage(
        const char *program, const char *about, bool asked)
{
    fprintf(asked ? stdout : stderr,
            "usage: %s [--quick | --check] [--json FILE]\n\n%s\n\n"
            "  --quick      fewer and shorter samples\n"
            "  --check      only compare the results; the times mean nothing\n"
            "  --json FILE  write the results to FILE, too\n",
            program, about);
    exit(asked ? 0 : 2);
}

struct bench_settings bench_begin(int argc, char **argv, const char *about)
{
    struct bench_settings settings = { REPEATS, 0.02, TRIES };

    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], "--quick") == 0)
            settings = (struct bench_settings){ REPEATS_QUICK, 0.003, TRIES_QUICK };
        else if (strcmp(argv[i], "--check") == 0)
            settings = (struct bench_settings){ 1, 0, 1 };
        else if (strcmp(argv[i], "--json") == 0 && i + 1 < argc)
            json_begin(argv[++i], base_name(argv[0]));
        else
            print_usage(argv[0], about, strcmp(argv[i], "--help") == 0);
    return settings;
}

static double read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

double bench_now(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

/* GCC's OpenMP spins 300,000 times, which are 16 ms where a pause takes 140 cycles. */
void bench_settle(void)
{
    enum { LOOKS = 20, LOOK_NS = 5000000 };
    double used = 1;

    for (int look = 0; look < LOOKS && used > 0.1e-9 * LOOK_NS; look++) {
        const double before = read_clock(CLOCK_PROCESS_CPUTIME_ID);

        (void)nanosleep(&(struct timespec){ .tv_nsec = LOOK_NS }, NULL);
        used = read_clock(CLOCK_PROCESS_CPUTIME_ID) - before;
    }
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

/* Until processors that have slept are fast again, caches are warm, and contestants
 * have learned: a loop of 0.7 ms takes 1.5 after a pause of 30 ms. */
static void warm(const struct bench_contestant *contestant)
{
    const double end = bench_now() + WARM_S;

    while (contestant->run(contestant->user, 1) >= 0 && bench_now() < end)
        continue;
}

/* How often each runs for one sample: all alike, but for those that are far slower. */
static void calibrate(const struct bench_settings *settings,
        const struct bench_contestant *contestants, size_t count, int *times)
{
    double seconds[BENCH_CONTESTANTS], fastest = INFINITY;

    for (size_t i = 0; i < count; i++)
        if (times[i] > 0) {
            warm(&contestants[i]);
            seconds[i] =
                    fmax(contestants[i].run(contestants[i].user, 1), SHORTEST_S);
            fastest = fmin(fastest, seconds[i]);
        }
    for (size_t i = 0; i < count; i++)
        if (times[i] > 0)
            times[i] = (int)fmax(1,
                    fmin(settings->sample_s / fastest,
                            LONGEST_SAMPLE * settings->sample_s / seconds[i]));
}

static bool agree(double a, double b, double tolerance)
{
    return fabs(a - b) <= tolerance * fmax(fabs(a), fabs(b));
}

/* First runs, which are not measured; `times` is 0 for who cannot do it. */
static void begin(const struct bench_settings *settings,
        const struct bench_contestant *contestants, size_t count,
        const struct bench_check *check, struct bench_result *results, int *times)
{
    double sum = 0;

    for (size_t i = 0; i < count; i++) {
        const struct bench_contestant *one = &contestants[i];

        if (check)
            check->clear(check->user);
        times[i] = one->run(one->user, 1) >= 0;
        results[i] = (struct bench_result){ .done = times[i], .agrees = true };
        if (check && times[i]) {
            const double own = check->sum(check->user);

            if (i == 0)
                sum = own;
            results[i].agrees = agree(own, sum, check->tolerance);
            report.differs |= !results[i].agrees;
        }
    }
    if (settings->sample_s > 0)
        calibrate(settings, contestants, count, times);
}

static double sample(
        const struct bench_contestant *contestant, int times, int tries)
{
    double seconds = 0;

    for (int i = 0; i < tries; i++) {
        double waited, start;

        bench_settle();
        warm(contestant);
        waited = quiet_waited();
        start = bench_now();
        seconds = contestant->run(contestant->user, times);
        if (quiet_waited() - waited <= MOST_WAITED * (bench_now() - start)) {
            report.taken++;
            return seconds;
        }
        report.thrown++;
    }
    report.taken++;
    report.disturbed++;
    return seconds;
}

void bench_compare(const struct bench_settings *settings,
        const struct bench_contestant *contestants, size_t count,
        const struct bench_check *check, struct bench_result *results)
{
    static double samples[BENCH_CONTESTANTS][REPEATS];
    const int n = settings->repeats;
    int times[BENCH_CONTESTANTS];

    begin(settings, contestants, count, check, results, times);
    for (int r = 0; r < n; r++)
        for (size_t i = 0; i < count; i++)
            if (times[i] > 0)
                samples[i][r] = n > 1
                        ? sample(&contestants[i], times[i], settings->tries)
                        : contestants[i].run(contestants[i].user, times[i]);
    for (size_t i = 0; i < count; i++) {
        if (!results[i].done)
            continue;
        qsort(samples[i], (size_t)n, sizeof(double), ascending);
        results[i].median_s = samples[i][n / 2];
        results[i].spread = (samples[i][n - 1 - n / 4] - samples[i][n / 4]) / 2
                / samples[i][n / 2];
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
        json_add(task, contestants[i].name, &results[i],
                results[i].median_s / results[0].median_s);
    for (size_t i = 0; i < count; i++)
        if (results[i].done)
            printf("| %s | %s%s | %.4g | %.1f %% | %.2f |\n", task,
                    contestants[i].name,
                    results[i].agrees ? "" : " (**another result**)",
                    results[i].median_s * scale, 100 * results[i].spread,
                    results[i].median_s / results[0].median_s);
        else
            printf("| %s | %s | not here | | |\n", task, contestants[i].name);
    fflush(stdout);
}

int bench_end(void)
{
    if (report.taken)
        printf("\n%zu samples; %zu more were thrown away because something else "
               "wanted the\nprocessors, and %zu were kept although it did.\n",
                report.taken, report.thrown, report.disturbed);
    json_end();
    if (report.differs)
        printf("\nResults differ.\n");
    return report.differs;
}
