/* SPDX-License-Identifier: Apache-2.0 */
/* shares.c: adds up the partitions of each device. */
#include "shares.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { DEVICES = 16, COLUMNS = 32 };

struct sums {
    struct {
        char name[64];
        double items;
    } of[DEVICES];
    size_t count;
    double items;
};

static void add(struct sums *sums, const char *device, double items)
{
    size_t i = 0;

    while (i < sums->count && strcmp(sums->of[i].name, device) != 0)
        i++;
    if (i == DEVICES)
        return;
    if (i == sums->count) {
        snprintf(sums->of[i].name, sizeof sums->of[i].name, "%s", device);
        sums->of[i].items = 0;
        sums->count++;
    }
    sums->of[i].items += items;
    sums->items += items;
}

/* The fields of a line, which is cut up; returns how many. */
static size_t cut(char *line, char *fields[COLUMNS])
{
    size_t n = 0;

    for (char *at = line; at && n < COLUMNS;) {
        fields[n++] = strsep(&at, ",\n");
    }
    return n;
}

static size_t find(char *const *fields, size_t n, const char *name)
{
    size_t i = 0;

    while (i < n && strcmp(fields[i], name) != 0)
        i++;
    return i;
}

void shares_read(const char *trace, char *text, size_t bytes)
{
    FILE *file = fopen(trace, "r");
    struct sums sums = { .count = 0 };
    char line[1000], *fields[COLUMNS];
    size_t size_column, device_column, n, at = 0;

    text[0] = '\0';
    if (!file)
        return;
    if (fgets(line, sizeof line, file)) {
        n = cut(line, fields);
        size_column = find(fields, n, "partition_size");
        device_column = find(fields, n, "device");
        while (fgets(line, sizeof line, file)) {
            n = cut(line, fields);
            if (size_column < n && device_column < n)
                add(&sums, fields[device_column], atof(fields[size_column]));
        }
    }
    fclose(file);
    for (size_t i = 0; i < sums.count && at < bytes; i++)
        at += (size_t)snprintf(text + at, bytes - at, "%s%s %.0f %%",
                i > 0 ? ", " : "", sums.of[i].name,
                100 * sums.of[i].items / sums.items);
}
