/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bench.h: contestants do the same work by turns, so that what else the machine
 * does disturbs all alike; medians are compared.  A sample counts only if nothing
 * else wanted the processors meanwhile, and results only if they agree.  Output is
 * Markdown.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdbool.h>
#include <stddef.h>

enum { BENCH_CONTESTANTS = 16 };

struct bench_contestant {
    const char *name;
    /* Does the work `times` times and returns the seconds of one, by whatever clock
     * is right; negative if it cannot be done. */
    double (*run)(void *user, int times);
    void *user;
};

struct bench_result {
    double median_s;
    double spread; /* half the range of the middle half, as a share of the median */
    bool done;
    bool agrees; /* its result is that of the first */
};

/* How results are compared: before a contestant's first run everything it may write
 * is cleared, after it the sum over what it has written is taken. */
struct bench_check {
    void (*clear)(void *user);
    double (*sum)(void *user);
    void *user;
    double tolerance; /* relative */
};

struct bench_settings {
    int repeats;     /* 1: results are compared, times mean nothing */
    double sample_s; /* that one sample should take */
    int tries;       /* for one sample, until it is taken as it is */
};

/* From the command line: --quick, --check, --json FILE, or --help, which prints `about`
 * and exits. */
struct bench_settings bench_begin(int argc, char **argv, const char *about);

/* `check` may be NULL. */
void bench_compare(const struct bench_settings *settings,
        const struct bench_contestant *contestants, size_t count,
        const struct bench_check *check, struct bench_result *results);

/* One row per contestant: | task | name | time | spread | ratio to the first |.
 * `unit` is "ms" or "us". */
void bench_print_head(const char *unit);
void bench_print(const char *task, const char *unit,
        const struct bench_contestant *contestants, size_t count,
        const struct bench_result *results);

/* The last words of every program: how many samples were thrown away because
 * something else wanted the processors.  Its exit status: 1 if results differed. */
int bench_end(void);

double bench_now(void); /* seconds */

/* Blocks until whoever spins after work has given up. */
void bench_settle(void);

/* Memory filled with zeros, page by page, aligned for any vector; exits without. */
void *bench_allocate(size_t bytes);

#endif
