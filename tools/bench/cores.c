/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cores.c: the library on all cores, without a hint, against loops of OpenMP and TBB
 * with a sensible chunk.  They run the same native code, which compares schedulers,
 * and the hand-written code, which compares what users get.
 */
#include "bench.h"
#include "rivals.h"
#include "tasks.h"

#include <stdio.h>
#include <string.h>

struct run {
    const struct task *task;
    struct work *work;
    size_t items;
    const struct rival *rival;
    work_part *part; /* NULL: the kernel's native code */
};

static enum work_kind kind_of(const struct run *run)
{
    return (enum work_kind)(run->task - tasks);
}

/* ---- Ways to run ------------------------------------------------------------------ */

static double run_library(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        if (run->task->call(run->work)) {
            fprintf(stderr, "%s\n", parfun_error());
            return -1;
        }
    return (bench_now() - start) / times;
}

static void body(void *user, size_t begin, size_t end)
{
    const struct run *run = user;

    if (!run->part)
        task_run_native(run->task, run->task->kernel, run->work, begin, end);
    else
        work_run_part(run->work, kind_of(run), run->part, begin, end);
}

static double run_rival(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++) {
        work_clear_reduced(run->work);
        run->rival->loop(run->items, work_chunks[kind_of(run)], body, user);
    }
    return (bench_now() - start) / times;
}

/* ---- Results ------------------------------------------------------------------------ */

static void clear(void *user)
{
    const struct run *run = user;

    work_clear(run->work, kind_of(run));
}

static double sum(void *user)
{
    const struct run *run = user;

    return work_sum(run->work, kind_of(run));
}

/* ---- The report ---------------------------------------------------------------------- */

struct field {
    struct bench_contestant contestant[BENCH_CONTESTANTS];
    struct run run[BENCH_CONTESTANTS];
    char name[BENCH_CONTESTANTS][160];
    size_t count;
};

static void enter(struct field *field, const struct run *run, const char *code)
{
    const size_t n = field->count++;

    field->run[n] = *run;
    if (run->rival)
        (void)snprintf(field->name[n], sizeof field->name[n], "%s, %s",
                run->rival->name, code);
    else
        (void)snprintf(field->name[n], sizeof field->name[n], "parfun");
    field->contestant[n] = (struct bench_contestant){ field->name[n],
        run->rival ? run_rival : run_library, &field->run[n] };
}

/* Hand-written code runs under OpenMP alone: TBB's chunks may have any size, and
 * explicit vectors want whole ones. */
static void gather(struct field *field, const struct task *task, struct work *work)
{
    const struct hand *const *hands = work_hands();
    const enum work_kind kind = (enum work_kind)(task - tasks);
    struct run run = { task, work, work->items[kind], NULL, NULL };

    field->count = 0;
    enter(field, &run, "");
    for (const struct rival *rival = rivals; rival->name; rival++) {
        run.rival = rival;
        run.part = NULL;
        if (task->bind && !work_is_reduced(kind)
                && (!task->block[1] || rival == rivals))
            enter(field, &run, "the same native code");
    }
    for (size_t h = 0; hands[h] && rivals[0].name; h++)
        if (hands[h]->part[kind] && !hands[h]->fast) {
            run.rival = rivals;
            run.part = hands[h]->part[kind];
            enter(field, &run, hands[h]->name);
        }
}

int main(int argc, char **argv)
{
    const struct bench_settings settings = bench_begin(argc, argv,
            "The library on all cores against OpenMP and TBB, which run the same\n"
            "native code and hand-written C without fast math.");
    struct work *work;

    if (parfun_set_backend("threads")) {
        fprintf(stderr, "%s\n", parfun_error());
        return 1;
    }
    work = work_create(work_large);
    printf("## All cores\n\nRatios are to the library, which is given no chunk; %d "
           "samples by turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t t = 0; t < WORK_KINDS; t++) {
        struct field field;
        struct bench_result results[BENCH_CONTESTANTS];
        const struct bench_check check = { clear, sum, &field.run[0],
            tasks[t].tolerance };

        gather(&field, &tasks[t], work);
        bench_compare(&settings, field.contestant, field.count, &check, results);
        bench_print(tasks[t].name, "ms", field.contestant, field.count, results);
    }
    work_destroy(work);
    return bench_end();
}
