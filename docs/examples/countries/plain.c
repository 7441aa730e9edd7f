/* SPDX-License-Identifier: Apache-2.0 */
/* plain.c: rows are sorted by name, then each group is gone through. */
#include "plain.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

struct row {
    const char *name;
    size_t index;
};

static int compare(const void *a, const void *b)
{
    const struct row *x = a, *y = b;
    const int order = strcmp(x->name, y->name);

    return order ? order : (x->index > y->index) - (x->index < y->index);
}

static void one_group(const struct row *rows, size_t count, const double *values,
        struct metrics *metrics)
{
    double sum = 0, squares = 0, mean, deviation;
    size_t known = 0;

    for (size_t i = 0; i < count; i++)
        if (!isnan(values[rows[i].index])) {
            sum += values[rows[i].index];
            known++;
        }
    mean = sum / (double)known;
    for (size_t i = 0; i < count; i++) {
        const double d = values[rows[i].index] - mean;

        metrics->difference[rows[i].index] = d;
        metrics->squared[rows[i].index] = d * d;
        if (!isnan(d))
            squares += d * d;
    }
    deviation = sqrt(squares / ((double)known - 1));
    for (size_t i = 0; i < count; i++)
        metrics->relative[rows[i].index] =
                metrics->difference[rows[i].index] / deviation;
}

size_t plain_metrics(char *const *names, const double *values, size_t count,
        struct metrics *metrics)
{
    struct row *rows = malloc((count + 1) * sizeof *rows);
    size_t kept = 0, groups = 0;

    if (!rows)
        return 0;
    for (size_t i = 0; i < count; i++)
        if (names[i])
            rows[kept++] = (struct row){ names[i], i };
    qsort(rows, kept, sizeof *rows, compare);
    for (size_t begin = 0, end; begin < kept; begin = end) {
        for (end = begin + 1;
                end < kept && !strcmp(rows[begin].name, rows[end].name);)
            end++;
        one_group(rows + begin, end - begin, values, metrics);
        groups++;
    }
    free(rows);
    return groups;
}
