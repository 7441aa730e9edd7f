/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A table of countries: for every numeric column, how far each row is from the mean of
 * its country, absolutely and in standard deviations.  Runs on every backend named, and
 * compares with a plain loop.
 *
 *     countries [--file FILE] [--by COLUMN] [--copies N] [BACKEND ...]
 *
 * The table has every row of the file N times, as the file alone is too short to keep
 * a processor busy.
 */
#include <parfun.h>

#include <getopt.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "countries.h"
#include "plain.h"
#include "reader.h"

enum { CALLS = 5 };

/* A device's division and square root may differ in the last bit. */
#define TOLERANCE 1e-12

struct task {
    struct file file;
    const struct column *key;
    struct parfun_table *table;
    struct metrics plain, found;
    double *mean; /* by group: room for one per row */
    double plain_s;
};

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double *numbers(size_t count)
{
    return malloc((count + 1) * sizeof(double));
}

/* ---- The table ----------------------------------------------------------------- */

static enum parfun_status make_table(struct task *task)
{
    enum parfun_status status = parfun_table_create(task->file.rows, &task->table);

    for (size_t c = 0; c < task->file.column_count && !status; c++) {
        const struct column *column = &task->file.columns[c];

        status = column->numeric ? parfun_table_add(task->table, column->name,
                                           PARFUN_FLOAT64, column->numbers)
                                 : parfun_table_add(task->table, column->name,
                                           PARFUN_STRING, column->texts);
    }
    return status;
}

static const struct column *find_column(const struct file *file, const char *name)
{
    for (size_t c = 0; c < file->column_count; c++)
        if (!strcmp(file->columns[c].name, name))
            return &file->columns[c];
    return NULL;
}

static int prepare(
        struct task *task, const char *path, const char *by, size_t copies)
{
    const char *wrong = read_file(path, copies, &task->file);
    const size_t rows = task->file.rows;

    if (wrong)
        return fprintf(stderr, "%s: %s\n", path, wrong);
    task->key = find_column(&task->file, by);
    if (!task->key || task->key->numeric)
        return fprintf(stderr, "%s has no column of names '%s'\n", path, by);
    task->plain = (struct metrics){ numbers(rows), numbers(rows), numbers(rows) };
    task->found = (struct metrics){ numbers(rows), numbers(rows), numbers(rows) };
    task->mean = numbers(rows);
    if (!task->plain.difference || !task->plain.squared || !task->plain.relative
            || !task->found.difference || !task->found.squared
            || !task->found.relative || !task->mean)
        return fprintf(stderr, "no memory\n");
    return make_table(task) ? fprintf(stderr, "%s\n", parfun_error()) : 0;
}

/* ---- Comparing ----------------------------------------------------------------- */

static bool differ(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) != isnan(b);
    return fabs(a - b) > TOLERANCE * (fabs(a) + fabs(b));
}

static size_t count_wrong(const struct task *task)
{
    const struct metrics *a = &task->plain, *b = &task->found;
    size_t wrong = 0;

    for (size_t i = 0; i < task->file.rows; i++)
        wrong += task->key->texts[i]
                && (differ(a->difference[i], b->difference[i])
                        || differ(a->squared[i], b->squared[i])
                        || differ(a->relative[i], b->relative[i]));
    return wrong;
}

/* Grouping, and one column; the fastest of some calls. */
static enum parfun_status measure(struct task *task, const struct column *column,
        int calls, double *best_s, size_t *groups)
{
    enum parfun_status status = PARFUN_OK;

    *best_s = INFINITY;
    for (int call = 0; call < calls && !status; call++) {
        const char *const keys[] = { task->key->name };
        const double begin = seconds();
        struct parfun_groups *grouped;

        status = parfun_group_by(task->table, keys, 1, &grouped);
        if (status)
            break;
        status = relative_metrics(grouped,
                parfun_table_column(task->table, column->name),
                task->found.difference, task->found.squared, task->found.relative,
                task->mean);
        *groups = parfun_groups_count(grouped);
        parfun_groups_destroy(grouped);
        *best_s = fmin(*best_s, seconds() - begin);
    }
    return status;
}

/* ---- The work ------------------------------------------------------------------ */

static int run_column(
        struct task *task, const struct column *column, char *const *backends)
{
    const double begin = seconds();
    const size_t plain_groups = plain_metrics(
            task->key->texts, column->numbers, task->file.rows, &task->plain);
    const double plain_s = seconds() - begin;

    printf("%-24s plain loop %9.3f ms, %zu groups\n", column->name, 1e3 * plain_s,
            plain_groups);
    for (; *backends; backends++) {
        double best_s = 0;
        size_t groups = 0, wrong;

        if (parfun_set_backend(*backends)
                || measure(task, column, CALLS, &best_s, &groups))
            return fprintf(stderr, "%s: %s\n", *backends, parfun_error());
        wrong = count_wrong(task);
        printf("%-24s %-10s %9.3f ms, %6.2f times as fast\n", "", *backends,
                1e3 * best_s, plain_s / best_s);
        if (wrong || groups != plain_groups)
            return fprintf(stderr, "%s: %zu rows of %s are wrong, %zu groups\n",
                    *backends, wrong, column->name, groups);
    }
    return 0;
}

/* A report of one call more, by the library. */
static int show_profile(struct task *task, const struct column *column)
{
    double best_s;
    size_t groups;

    if (parfun_set_options(relative_metrics_function(),
                PARFUN_OPTIONS(.flags = PARFUN_PROFILE))
            || measure(task, column, 1, &best_s, &groups))
        return fprintf(stderr, "%s\n", parfun_error());
    return 0;
}

static int run(struct task *task, char *const *backends)
{
    const struct column *last = NULL;
    int failed = 0;

    for (size_t c = 0; c < task->file.column_count && !failed; c++)
        if (task->file.columns[c].numeric) {
            last = &task->file.columns[c];
            failed = run_column(task, last, backends);
        }
    return failed || (last && show_profile(task, last));
}

static void finish(struct task *task)
{
    parfun_table_destroy(task->table);
    free(task->plain.difference), free(task->plain.squared);
    free(task->plain.relative), free(task->found.difference);
    free(task->found.squared), free(task->found.relative);
    free(task->mean);
    free_file(&task->file);
}

int main(int argc, char **argv)
{
    static const struct option options[] = { { "file", required_argument, NULL,
                                                     'f' },
        { "by", required_argument, NULL, 'b' },
        { "copies", required_argument, NULL, 'c' }, { 0 } };
    char *const all[] = { "none", "serial", "threads", "auto", NULL };
    const char *path = COUNTRIES, *by = "country";
    struct task task = { 0 };
    size_t copies = 100;
    int option, failed;

    while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
        if (option == 'f')
            path = optarg;
        else if (option == 'b')
            by = optarg;
        else if (option == 'c')
            copies = strtoul(optarg, NULL, 10);
        else
            return 2;
    }
    failed = prepare(&task, path, by, copies ? copies : 1)
            || run(&task, optind < argc ? argv + optind : all);
    finish(&task);
    return failed ? 1 : 0;
}
