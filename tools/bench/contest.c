/* SPDX-License-Identifier: Apache-2.0 */
/* contest.c: a benchmark's calls become questions to processes. */
#include "contest.h"

#include "tasks.h"

static double run_process(void *user, int times)
{
    struct contest_runner *runner = user;
    struct contest *contest = runner->contest;
    const double seconds =
            process_run(&runner->process, contest->kind, times, contest->checking);

    contest->checking = false;
    contest->sum = runner->process.sum;
    return seconds;
}

static void clear(void *user)
{
    struct contest *contest = user;

    contest->checking = true;
}

static double sum(void *user)
{
    const struct contest *contest = user;

    return contest->sum;
}

void contest_begin(
        struct contest *contest, const struct contest_entry *entries, size_t count)
{
    *contest = (struct contest){ .count = count };
    for (size_t i = 0; i < count; i++) {
        const struct contest_entry *entry = &entries[i];
        struct contest_runner *runner = &contest->runners[i];

        runner->contest = contest;
        process_start(&runner->process, entry->program, entry->argument,
                entry->environment);
        contest->contestants[i] =
                (struct bench_contestant){ entry->name, run_process, runner };
    }
}

void contest_warm(struct contest *contest, enum work_kind kind, double seconds)
{
    for (size_t i = 0; i < contest->count; i++) {
        struct process *process = &contest->runners[i].process;
        const double end = bench_now() + seconds;

        while (bench_now() < end && process_run(process, kind, 1, false) >= 0)
            continue;
    }
}

void contest_compare(struct contest *contest, const struct bench_settings *settings,
        enum work_kind kind, struct bench_result *results)
{
    const struct bench_check check = { clear, sum, contest, tasks[kind].tolerance };

    contest->kind = kind;
    bench_compare(settings, contest->contestants, contest->count, &check, results);
    bench_print(
            tasks[kind].name, "ms", contest->contestants, contest->count, results);
}

void contest_end(struct contest *contest)
{
    for (size_t i = 0; i < contest->count; i++)
        process_end(&contest->runners[i].process);
}
