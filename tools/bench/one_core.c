/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one_core.c: native code of the kernels in kernels/ against hand-written C and
 * against PoCL, all on one core.  PoCL's times are those of its kernel events.
 */
#include "bench.h"
#include "tasks.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

struct run {
    const struct task *task;
    struct work *work;
    size_t items;
    work_part *part;
    const struct parfun_kernel *kernel;
};

/* ---- Ways to run ------------------------------------------------------------------ */

static double run_native(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        task_run_native(run->task, run->kernel, run->work, 0, run->items);
    return (bench_now() - start) / times;
}

/* Reductions have a tile of the library's between kernel and result. */
static double run_none(void *user, int times)
{
    const struct run *run = user;
    double start;

    if (parfun_set_backend("none"))
        return -1;
    start = bench_now();
    for (int i = 0; i < times; i++)
        if (run->task->call(run->work))
            return -1;
    return (bench_now() - start) / times;
}

static double run_hand(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        run->part(run->work, 0, run->items);
    return (bench_now() - start) / times;
}

static double run_pocl(void *user, int times)
{
    const struct run *run = user;
    double sum = 0;

    if (parfun_set_backend("opencl:pocl")
            || parfun_set_options(run->task->function(),
                    PARFUN_OPTIONS(.fixed_partition_size = run->items)))
        return -1;
    for (int i = 0; i < times; i++) {
        struct parfun_profile profile = { .size = sizeof profile };

        if (run->task->call(run->work)
                || parfun_get_profile(run->task->function(), &profile)) {
            fprintf(stderr, "%s\n", parfun_error());
            return -1;
        }
        sum += 1e-9 * (double)profile.compute_ns;
    }
    return sum / times;
}

/* ---- Results ------------------------------------------------------------------------ */

static void clear(void *user)
{
    const struct run *run = user;

    work_clear(run->work, (enum work_kind)(run->task - tasks));
}

static double sum(void *user)
{
    const struct run *run = user;

    return work_sum(run->work, (enum work_kind)(run->task - tasks));
}

/* ---- The report ---------------------------------------------------------------------- */

/* Who takes part in one task. */
struct field {
    struct bench_contestant contestant[BENCH_CONTESTANTS];
    struct run run[BENCH_CONTESTANTS];
    bool fast[BENCH_CONTESTANTS];
    size_t count;
};

/* Sums of logarithms, and of each task the ratio without fast math, and to what. */
struct ratios {
    double strict, fast, pocl;
    int stricts, fasts, pocls;
    double ratio[WORK_KINDS];
    const char *rival[WORK_KINDS];
};

static void enter(struct field *field, const char *name,
        double (*way)(void *user, int times), struct run run, bool fast)
{
    const size_t n = field->count++;

    field->run[n] = run;
    field->fast[n] = fast;
    field->contestant[n] = (struct bench_contestant){ name, way, &field->run[n] };
}

static void gather(struct field *field, const struct task *task, struct work *work)
{
    const struct hand *const *hands = work_hands();
    const enum work_kind kind = (enum work_kind)(task - tasks);
    struct run run = { task, work, work->items[kind], NULL, task->kernel };

    field->count = 0;
    enter(field, "parfun", task->bind ? run_native : run_none, run, false);
    if (task->fast) {
        run.kernel = task->fast;
        enter(field, "parfun, -cl-fast-relaxed-math", run_native, run, true);
    }
    for (size_t h = 0; hands[h]; h++)
        if (hands[h]->part[kind]) {
            run.part = hands[h]->part[kind];
            enter(field, hands[h]->name, run_hand, run, hands[h]->fast);
        }
    enter(field, "PoCL", run_pocl, run, false);
}

/* Who was fastest of the hand-written codes, or of ours; -1: nobody. */
static int best(const struct field *field, const struct bench_result *results,
        bool fast, bool ours)
{
    int found = -1;

    for (size_t i = 0; i + 1 < field->count; i++)
        if (results[i].done && field->fast[i] == fast
                && (field->run[i].part == NULL) == ours
                && (found < 0 || results[i].median_s < results[found].median_s))
            found = (int)i;
    return found;
}

static double add_ratio(const struct bench_result *results, int numerator,
        int denominator, double *sum_of, int *count)
{
    double ratio;

    if (numerator < 0 || denominator < 0 || !results[numerator].done
            || !results[denominator].done)
        return 0;
    ratio = results[numerator].median_s / results[denominator].median_s;
    *sum_of += log(ratio);
    ++*count;
    return ratio;
}

static void measure(const struct bench_settings *settings, const struct task *task,
        struct work *work, struct ratios *ratios)
{
    const enum work_kind kind = (enum work_kind)(task - tasks);
    struct field field;
    struct bench_result results[BENCH_CONTESTANTS];
    const struct bench_check check = { clear, sum, &field.run[0], task->tolerance };
    int hand;

    gather(&field, task, work);
    bench_compare(settings, field.contestant, field.count, &check, results);
    bench_print(task->name, "ms", field.contestant, field.count, results);
    hand = best(&field, results, false, false);
    ratios->ratio[kind] =
            add_ratio(results, 0, hand, &ratios->strict, &ratios->stricts);
    ratios->rival[kind] = hand < 0 ? "" : field.contestant[hand].name;
    (void)add_ratio(results, best(&field, results, true, true),
            best(&field, results, true, false), &ratios->fast, &ratios->fasts);
    (void)add_ratio(
            results, (int)field.count - 1, 0, &ratios->pocl, &ratios->pocls);
}

static void print_ratios(const struct ratios *ratios)
{
    printf("\n| task | native code to the best hand-written, without fast math | which "
           "was |\n|---|---|---|\n");
    for (size_t t = 0; t < WORK_KINDS; t++)
        printf("| %s | %.2f | %s |\n", tasks[t].name, ratios->ratio[t],
                ratios->rival[t]);
    printf("\nIn the geometric mean native code takes %.2f times as long as the best\n"
           "hand-written code without fast math",
            exp(ratios->strict / ratios->stricts));
    if (ratios->fasts)
        printf(", %.2f times with fast math on both\nsides",
                exp(ratios->fast / ratios->fasts));
    if (ratios->pocls)
        printf(", and PoCL %.1f times as long as native code",
                exp(ratios->pocl / ratios->pocls));
    printf(".\n");
}

int main(int argc, char **argv)
{
    const struct bench_settings settings = bench_begin(argc, argv,
            "Native code of the library's kernels against hand-written C, compiled in\n"
            "several ways, and against PoCL; all on one core.");
    struct ratios ratios = { 0 };
    struct work *work;

    setenv("POCL_MAX_PTHREAD_COUNT", "1", 1);
    work = work_create(work_small);
    printf("## One core\n\nRatios are to the first row of a task; %d samples by "
           "turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t t = 0; t < WORK_KINDS; t++)
        measure(&settings, &tasks[t], work, &ratios);
    print_ratios(&ratios);
    work_destroy(work);
    return bench_end();
}
