/* SPDX-License-Identifier: Apache-2.0 */
/*
 * starpu.c: hand-written code in tasks of StarPU 1.3, one for each chunk.  They name
 * no data: on processors alone that would cost and gain nothing.
 */
#include "serve.h"

#include <sched.h>
#include <starpu.h>

struct chunk {
    struct work *work;
    enum work_kind kind;
    work_part *part;
    size_t begin, end;
};

static void run_chunk(void *buffers[], void *argument)
{
    const struct chunk *chunk = argument;

    (void)buffers;
    work_run_part(chunk->work, chunk->kind, chunk->part, chunk->begin, chunk->end);
}

static struct starpu_codelet codelet = {
    .cpu_funcs = { run_chunk },
    .nbuffers = 0,
    .name = "chunk",
};

/* Workers spin after tasks.  If everything has precedence (chrt), who submits must go
 * before them, or it waits for its share of a core. */
static void go_before_workers(void)
{
    struct sched_param parameters;
    const int policy = sched_getscheduler(0);

    if ((policy == SCHED_RR || policy == SCHED_FIFO)
            && !sched_getparam(0, &parameters)) {
        parameters.sched_priority++;
        (void)sched_setscheduler(0, policy, &parameters);
    }
}

static bool open_starpu(struct work *work, const char *argument)
{
    struct starpu_conf conf;

    (void)work, (void)argument;
    starpu_conf_init(&conf);
    conf.ncuda = conf.nopencl = 0;
    if (starpu_init(&conf))
        return false;
    go_before_workers();
    return true;
}

static bool run(struct work *work, enum work_kind kind)
{
    enum { MOST = 1024 };
    static struct chunk chunks[MOST];
    const size_t items = work->items[kind], size = work_chunks[kind];
    size_t n = 0;

    if (items / size > MOST)
        return false;
    work_clear_reduced(work);
    for (size_t begin = 0; begin < items; begin += size, n++) {
        struct starpu_task *task = starpu_task_create();

        chunks[n] = (struct chunk){ work, kind, work_best_hand(kind), begin,
            begin + size };
        task->cl = &codelet;
        task->cl_arg = &chunks[n];
        task->cl_arg_size = sizeof chunks[n];
        if (starpu_task_submit(task))
            return false;
    }
    return starpu_task_wait_for_all() == 0;
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "StarPU", open_starpu, run,
        starpu_shutdown };

    return serve(&program, argc, argv);
}
