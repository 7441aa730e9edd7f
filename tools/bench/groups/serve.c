/* SPDX-License-Identifier: Apache-2.0 */
/*
 * serve.c: groups rows and computes their metrics, once for each line of standard
 * input, so that another process can take its turn in between.  Prints the seconds of
 * all, and of grouping, and a sum over each result.
 *
 *     serve ROWS      from KEYS (int32) and VALUES (double), files of that many
 */
#include <parfun.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "metrics.h"

static double seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void *load(const char *path, size_t bytes)
{
    void *memory = malloc(bytes + 1);
    FILE *file = fopen(path, "rb");

    if (memory && (!file || fread(memory, 1, bytes, file) != bytes)) {
        free(memory);
        memory = NULL;
    }
    if (file)
        (void)fclose(file);
    return memory;
}

static double *results(size_t rows)
{
    double *memory = malloc((rows + 1) * sizeof *memory);

    for (size_t i = 0; memory && i < rows; i++)
        memory[i] = 0; /* touched before it counts, as those of earlier turns are */
    return memory;
}

/* Independent of the order of additions, nearly. */
static double sum(const double *values, size_t rows)
{
    double total = 0;

    for (size_t i = 0; i < rows; i++)
        total += values[i] * (double)(1 + i % 7);
    return total;
}

static enum parfun_status turn(size_t rows, const int32_t *keys,
        const double *values, double *const result[3])
{
    static const char *const names[] = { "key" };
    const double begin = seconds();
    struct parfun_table *table = NULL;
    struct parfun_groups *groups = NULL;
    double grouped = 0;
    enum parfun_status status = parfun_table_create(rows, &table);

    if (!status)
        status = parfun_table_add(table, "key", PARFUN_INT32, keys);
    if (!status)
        status = parfun_table_add(table, "value", PARFUN_FLOAT64, values);
    if (!status)
        status = parfun_group_by(table, names, 1, &groups);
    grouped = seconds();
    if (!status)
        status = group_metrics(groups, parfun_table_column(table, "value"),
                result[0], result[1], result[2]);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    printf("%.6f %.6f", seconds() - begin, grouped - begin);
    for (unsigned r = 0; r < 3; r++)
        printf(" %.17g", sum(result[r], rows));
    printf("\n");
    (void)fflush(stdout);
    return status;
}

int main(int argc, char **argv)
{
    const size_t rows = argc == 4 ? strtoul(argv[1], NULL, 10) : 0;
    int32_t *keys = rows ? load(argv[2], rows * sizeof *keys) : NULL;
    double *values = rows ? load(argv[3], rows * sizeof *values) : NULL;
    double *const result[3] = { results(rows), results(rows), results(rows) };
    char line[16];
    int failed = !keys || !values || !result[0] || !result[1] || !result[2];

    if (failed)
        fprintf(stderr, "usage: serve ROWS KEYS VALUES, two files of so many\n");
    while (!failed && fgets(line, sizeof line, stdin)) {
        failed = turn(rows, keys, values, result) != PARFUN_OK;
        if (failed)
            fprintf(stderr, "%s\n", parfun_error());
    }
    free(keys), free(values);
    free(result[0]), free(result[1]), free(result[2]);
    return failed;
}
