/* SPDX-License-Identifier: Apache-2.0 */
/* market.h: the past of two markets, and futures drawn from it. */
#ifndef MARKET_H
#define MARKET_H

#include <parfun/kernel.h>

struct history {
    size_t days; /* trading days; one more level than daily returns */
    double (*level)[2];
    char first_day[16], last_day[16], name[2][16];
};

/* Reads lines of "date,level,level" below a line of names.  Says on stderr what is
 * wrong, and returns false. */
bool history_read(const char *path, struct history *history);
void history_free(struct history *history);

/* Standard deviation of a market's daily log returns, over a year of 252 days. */
double history_volatility(const struct history *history, int market);

/* Scenario i is `days` days of the past, drawn at random and put one after the
 * other: both markets' changes as factors.  Both are from the same days, so that
 * they move together as they did.  Equal arguments give equal scenarios. */
void history_draw(const struct history *history, int days, size_t scenarios,
        parfun_float2 *change);

/* A number in [0, 1) for every counter: no state, so the same in any order. */
double random_number(uint64_t counter);

#endif
