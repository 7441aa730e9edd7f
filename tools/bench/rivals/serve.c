/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c: answers line by line. */
#include "serve.h"

#include "bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static double measure(const struct rival_program *program, struct work *work,
        enum work_kind kind, int times)
{
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        if (!program->run(work, kind))
            return -1;
    return (bench_now() - start) / times;
}

static void answer(const struct rival_program *program, struct work *work,
        enum work_kind kind, int times, bool check)
{
    double seconds, sum = 0;

    if (check)
        work_clear(work, kind);
    seconds = measure(program, work, kind, times);
    if (check && seconds >= 0)
        sum = work_sum(work, kind);
    printf("%.9g %.17g\n", seconds, sum);
    fflush(stdout);
}

/* Larger devices need more to do: BENCH_SCALE times the usual items. */
static struct work *create_work(void)
{
    const char *text = getenv("BENCH_SCALE");
    const size_t scale = text ? strtoul(text, NULL, 10) : 1;
    work_sizes sizes;

    memcpy(sizes, work_large, sizeof sizes);
    for (size_t k = 0; k < WORK_KINDS; k++)
        sizes[k] *= scale ? scale : 1;
    return work_create(sizes);
}

int serve(const struct rival_program *program, int argc, char **argv)
{
    struct work *work;
    unsigned kind;
    int times, check;

    if (argc > 2) {
        fprintf(stderr, "usage: %s [ARGUMENT]\n", argv[0]);
        return 2;
    }
    work = create_work();
    if (!program->open(work, argc == 2 ? argv[1] : NULL)) {
        work_destroy(work);
        return 1;
    }
    printf("ready %s\n", program->name);
    fflush(stdout);
    while (scanf("%u %d %d", &kind, &times, &check) == 3 && kind < WORK_KINDS
            && times > 0)
        answer(program, work, (enum work_kind)kind, times, check);
    if (program->close)
        program->close();
    work_destroy(work);
    return 0;
}
