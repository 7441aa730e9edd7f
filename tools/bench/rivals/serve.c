/* SPDX-License-Identifier: Apache-2.0 */
/* serve.c: answers line by line. */
#include "serve.h"

#include "bench.h"

#include <stdio.h>

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

int serve(const struct rival_program *program, int argc, char **argv)
{
    struct work *work;
    unsigned kind;
    int times, check;

    if (argc > 2) {
        fprintf(stderr, "usage: %s [ARGUMENT]\n", argv[0]);
        return 2;
    }
    work = work_create(work_large);
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
