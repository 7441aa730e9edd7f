/* SPDX-License-Identifier: Apache-2.0 */
/* openmp.c: hand-written code in loops of OpenMP; the argument is "static" or
 * "dynamic". */
#include "serve.h"

#include <stdio.h>
#include <string.h>

static bool is_static;

static bool open_schedule(struct work *work, const char *argument)
{
    (void)work;
    is_static = argument && strcmp(argument, "static") == 0;
    if (is_static || (argument && strcmp(argument, "dynamic") == 0))
        return true;
    fprintf(stderr, "openmp: the argument must be \"static\" or \"dynamic\"\n");
    return false;
}

static bool run(struct work *work, enum work_kind kind)
{
    work_part *part = work_best_hand(kind);
    const size_t items = work->items[kind], chunk = work_chunks[kind];

    work_clear_reduced(work);
    if (is_static) {
#pragma omp parallel for schedule(static)
        for (size_t begin = 0; begin < items; begin += chunk)
            work_run_part(work, kind, part, begin, begin + chunk);
    } else {
#pragma omp parallel for schedule(dynamic)
        for (size_t begin = 0; begin < items; begin += chunk)
            work_run_part(work, kind, part, begin, begin + chunk);
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "OpenMP", open_schedule, run,
        NULL };

    return serve(&program, argc, argv);
}
