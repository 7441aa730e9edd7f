/* SPDX-License-Identifier: Apache-2.0 */
/* market.c: reads the history and draws scenarios from it (historical bootstrap). */
#include "market.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TRADING_DAYS = 252 };

static bool read_line(const char *line, struct history *history)
{
    double level[2];
    char day[16];
    int end = 0;
    void *grown;

    if (sscanf(line, "%15[0-9-],%lf,%lf %n", day, &level[0], &level[1], &end) != 3
            || line[end] != '\0' || !(level[0] > 0) || !(level[1] > 0))
        return false;
    grown = realloc(history->level, (history->days + 1) * sizeof *history->level);
    if (!grown)
        return false;
    history->level = grown;
    if (history->days == 0)
        strcpy(history->first_day, day);
    strcpy(history->last_day, day);
    memcpy(history->level[history->days++], level, sizeof level);
    return true;
}

bool history_read(const char *path, struct history *history)
{
    FILE *file = fopen(path, "r");
    char line[200];
    size_t number = 1;
    bool good;

    memset(history, 0, sizeof *history);
    if (!file) {
        perror(path);
        return false;
    }
    good = fgets(line, sizeof line, file)
            && sscanf(line, "date,%15[^,],%15s", history->name[0], history->name[1])
                    == 2;
    while (good && fgets(line, sizeof line, file)) {
        number++;
        good = read_line(line, history);
    }
    fclose(file);
    if (!good || history->days < 2) {
        fprintf(stderr, "%s:%zu: not a line of date,level,level\n", path, number);
        history_free(history);
        return false;
    }
    return true;
}

void history_free(struct history *history)
{
    free(history->level);
    history->level = NULL;
}

static double daily_return(const struct history *history, size_t day, int market)
{
    return log(history->level[day + 1][market] / history->level[day][market]);
}

double history_volatility(const struct history *history, int market)
{
    const size_t n = history->days - 1;
    double sum = 0, squares = 0;

    for (size_t day = 0; day < n; day++) {
        const double r = daily_return(history, day, market);

        sum += r;
        squares += r * r;
    }
    return sqrt((squares - sum * sum / (double)n) / (double)(n - 1) * TRADING_DAYS);
}

/* SplitMix64 (Steele, Lea and Flood, 2014) at a given place of its sequence. */
double random_number(uint64_t counter)
{
    uint64_t x = (counter + 1) * 0x9e3779b97f4a7c15u;

    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
    x ^= x >> 31;
    return (double)(x >> 11) * 0x1p-53;
}

void history_draw(const struct history *history, int days, size_t scenarios,
        parfun_float2 *change)
{
    const double n = (double)(history->days - 1);

    for (size_t i = 0; i < scenarios; i++) {
        double sum[2] = { 0, 0 };

        for (int d = 0; d < days; d++) {
            const uint64_t counter = (uint64_t)i * (uint64_t)days + (uint64_t)d;
            const size_t day = (size_t)(random_number(counter) * n);

            sum[0] += daily_return(history, day, 0);
            sum[1] += daily_return(history, day, 1);
        }
        change[i].s[0] = (float)exp(sum[0]);
        change[i].s[1] = (float)exp(sum[1]);
    }
}
