/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The value at risk of a book of options: what it may lose in ten days.  The book
 * is valued under many scenarios, each drawn from what two markets did in the past.
 * One item is one scenario, that is 1,000 prices by the formula of Black and
 * Scholes; the same call runs on every backend named, and all must agree.
 *
 *     value_at_risk [--history FILE] [--scenarios N] [BACKEND ...]
 */
#include <parfun.h>

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "blackscholes.h"
#include "book.h"
#include "shares.h"

enum { POSITIONS = 1000, DAYS = 10, CALLS = 5 };

/* Backends differ in the last digits of exp() and log(): by less than this much of
 * all that the book's options are worth, counted without their signs. */
#define TOLERANCE 1e-5

struct task {
    struct history history;
    struct position book[POSITIONS];
    parfun_float2 level;
    size_t scenarios;
    parfun_float2 *change;
    float *value;     /* of the book, by scenario */
    float *reference; /* the same, by the first backend */
    float today, gross;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static enum parfun_status value(const struct task *task, size_t scenarios,
        const struct position *book, const parfun_float2 *change, float *result)
{
    return value_book(scenarios, POSITIONS, BOOK_RATE, task->level, book, POSITIONS,
            change, result);
}

/* ---- What the book may lose -------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const float x = *(const float *)a, y = *(const float *)b;

    return (x > y) - (x < y);
}

static void report_risk(struct task *task)
{
    const size_t n = task->scenarios;
    double mean_of_worst = 0;

    memcpy(task->value, task->reference, n * sizeof *task->value);
    qsort(task->value, n, sizeof *task->value, compare);
    for (size_t i = 0; i < n / 100; i++)
        mean_of_worst += task->value[i] / (double)(n / 100);
    printf("The book is worth %.0f dollars today.  In %d days it loses\n\n"
           "    in 1 case of 20, more than   %9.0f dollars (95 %% value at risk)\n"
           "    in 1 case of 100, more than  %9.0f dollars (99 %% value at risk)\n"
           "    then on average              %9.0f dollars (expected shortfall)\n\n",
            BOOK_MULTIPLIER * (double)task->today, DAYS,
            BOOK_MULTIPLIER * (double)(task->today - task->value[n / 20]),
            BOOK_MULTIPLIER * (double)(task->today - task->value[n / 100]),
            BOOK_MULTIPLIER * (task->today - mean_of_worst));
}

/* ---- What it takes ------------------------------------------------------------- */

/* One call more, with a trace. */
static enum parfun_status trace(const struct task *task, char *shares, size_t bytes)
{
    char path[] = "/tmp/value_at_risk-XXXXXX";
    const int file = mkstemp(path);
    enum parfun_status status;

    shares[0] = '\0';
    if (file < 0)
        return PARFUN_OK;
    status = parfun_set_options(
            value_book_function(), PARFUN_OPTIONS(.trace_export = path));
    if (!status)
        status =
                value(task, task->scenarios, task->book, task->change, task->value);
    if (!status)
        status = parfun_set_options(value_book_function(), NULL);
    shares_read(path, shares, bytes);
    fclose(fdopen(file, "r"));
    remove(path);
    return status;
}

/* The median time of CALLS calls after a first one, which finds out what the
 * devices can do. */
static enum parfun_status measure(const struct task *task, double *time)
{
    double times[CALLS];

    for (int i = -1; i < CALLS; i++) {
        const double start = seconds();
        const enum parfun_status status =
                value(task, task->scenarios, task->book, task->change, task->value);
        int at = i;

        if (status)
            return status;
        if (i < 0)
            continue;
        *time = seconds() - start;
        for (; at > 0 && times[at - 1] > *time; at--)
            times[at] = times[at - 1];
        times[at] = *time;
    }
    *time = times[CALLS / 2];
    return PARFUN_OK;
}

static double difference(const struct task *task)
{
    double largest = 0;

    for (size_t i = 0; i < task->scenarios; i++) {
        const double d = fabs((double)task->value[i] - (double)task->reference[i]);

        if (!(d <= largest)) /* NaN, too */
            largest = d;
    }
    return largest / (double)task->gross;
}

/* One line of the table.  A backend that this machine has not is no failure. */
static bool run(
        struct task *task, const char *backend, double *first, double *worst)
{
    char shares[200];
    double time, differs = 0;

    if (parfun_set_backend(backend)) {
        printf("%-24s %s\n", backend, parfun_error());
        return true;
    }
    if (measure(task, &time)) {
        printf("%-24s %s\n", backend, parfun_error());
        return false;
    }
    if (*first == 0) {
        memcpy(task->reference, task->value, task->scenarios * sizeof *task->value);
        *first = time;
    }
    differs = difference(task);
    if (!(differs <= *worst))
        *worst = differs;
    if (trace(task, shares, sizeof shares)) {
        printf("%-24s %s\n", backend, parfun_error());
        return false;
    }
    printf("%-24s %9.1f %12.0f %8.2f   %s\n", backend, time * 1e3,
            (double)task->scenarios / time, *first / time, shares);
    fflush(stdout);
    return true;
}

/* ---- The program ------------------------------------------------------------------ */

/* Everything that the measured calls need; the book's value today. */
static bool prepare(struct task *task, const char *path)
{
    const size_t bytes = task->scenarios * sizeof *task->value;
    const parfun_float2 now = { .s = { 1, 1 } };
    struct position unsigned_book[POSITIONS];

    if (!history_read(path, &task->history))
        return false;
    task->change = malloc(task->scenarios * sizeof *task->change);
    task->value = malloc(bytes);
    task->reference = malloc(bytes);
    if (!task->change || !task->value || !task->reference) {
        fprintf(stderr, "no memory for %zu scenarios\n", task->scenarios);
        return false;
    }
    for (int market = 0; market < 2; market++)
        task->level.s[market] =
                (float)task->history.level[task->history.days - 1][market];
    book_make(&task->history, POSITIONS, task->book);
    history_draw(&task->history, DAYS, task->scenarios, task->change);
    memcpy(unsigned_book, task->book, sizeof unsigned_book);
    for (size_t j = 0; j < POSITIONS; j++) {
        unsigned_book[j].calls = fabsf(unsigned_book[j].calls);
        unsigned_book[j].puts = fabsf(unsigned_book[j].puts);
    }
    if (parfun_set_backend("none") || value(task, 1, task->book, &now, &task->today)
            || value(task, 1, unsigned_book, &now, &task->gross)) {
        fprintf(stderr, "%s\n", parfun_error());
        return false;
    }
    return true;
}

static bool run_all(struct task *task, const char *const *backends, int count)
{
    double first = 0, worst = 0;

    printf("%-24s %9s %12s %8s   %s\n", "backend", "time, ms", "items a s",
            "speed-up", "share of the items");
    for (int i = 0; i < count; i++)
        if (!run(task, backends[i], &first, &worst))
            return false;
    if (first == 0)
        return false;
    printf("\nOne item is a scenario: %d prices.  Medians of %d calls.\n"
           "All backends agree: values differ by at most %.1e of the book's gross\n"
           "value, where %.0e is allowed.\n\n",
            POSITIONS, CALLS, worst, TOLERANCE);
    if (!(worst <= TOLERANCE)) {
        fprintf(stderr, "the backends do not agree\n");
        return false;
    }
    report_risk(task);
    return true;
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        { "history", required_argument, NULL, 'h' },
        { "scenarios", required_argument, NULL, 's' },
        { NULL, 0, NULL, 0 },
    };
    static const char *const usual[] = { "none", "threads", "opencl:pocl",
        "threads:1, opencl:pocl" };
    struct task task = { .scenarios = 65536 };
    const char *path = HISTORY;
    bool good;
    int option;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'h')
            path = optarg;
        else if (option == 's')
            task.scenarios = strtoul(optarg, NULL, 10);
        if (option == '?' || task.scenarios < 100) {
            fprintf(stderr,
                    "usage: value_at_risk [--history FILE] "
                    "[--scenarios N, at least 100] [BACKEND ...]\n");
            return 2;
        }
    }
    good = prepare(&task, path);
    if (good) {
        printf("%d options on %s and %s, %zu scenarios of %d days, drawn from\n"
               "%zu days of both indices, %s to %s.\n\n",
                POSITIONS, task.history.name[0], task.history.name[1],
                task.scenarios, DAYS, task.history.days, task.history.first_day,
                task.history.last_day);
        good = optind < argc
                ? run_all(&task, (const char *const *)argv + optind, argc - optind)
                : run_all(&task, usual, (int)(sizeof usual / sizeof *usual));
    }
    free(task.change);
    free(task.value);
    free(task.reference);
    history_free(&task.history);
    return good ? 0 : 1;
}
