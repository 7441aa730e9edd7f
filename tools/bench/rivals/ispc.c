/* SPDX-License-Identifier: Apache-2.0 */
/* ispc.c: kernels.ispc, and its tasks on the threads of OpenMP. */
#include "serve.h"

#include <stdlib.h>
#include <string.h>

#include "kernels_ispc.h"

enum { MOST = 1024 };

static float sums[MOST];
static uint32_t bins[MOST][256];

/* ---- What ISPC calls to run tasks: its user's guide, "Task Parallelism: Runtime
 * Requirements" ---------------------------------------------------------------------- */

typedef void task_function(void *data, int thread_index, int thread_count,
        int task_index, int task_count, int task_index_0, int task_index_1,
        int task_index_2, int task_count_0, int task_count_1, int task_count_2);

void *ISPCAlloc(void **group, int64_t bytes, int32_t alignment);
void ISPCLaunch(void **group, void *function, void *data, int count0, int count1,
        int count2);
void ISPCSync(void *group);

/* A function launches once here, so that its group is its arguments. */
void *ISPCAlloc(void **group, int64_t bytes, int32_t alignment)
{
    const size_t unit = (size_t)alignment;

    *group = aligned_alloc(unit, ((size_t)bytes + unit - 1) / unit * unit);
    return *group;
}

void ISPCLaunch(void **group, void *function, void *data, int count0, int count1,
        int count2)
{
    task_function *run;

    (void)group;
    memcpy(&run, &function, sizeof run);
#pragma omp parallel for schedule(dynamic)
    for (int i = 0; i < count0; i++)
        run(data, 0, 1, i, count0, i, 0, 0, count0, count1, count2);
}

void ISPCSync(void *group)
{
    free(group);
}

/* ---- The kernels -------------------------------------------------------------------- */

static void add_sums(struct work *work, int tasks)
{
    work->sum = 0;
    for (int i = 0; i < tasks; i++)
        work->sum += sums[i];
}

static void add_bins(struct work *work, int tasks)
{
    memset(work->bins, 0, sizeof work->bins);
    for (int i = 0; i < tasks; i++)
        for (size_t bin = 0; bin < 256; bin++)
            work->bins[bin] += bins[i][bin];
}

static void price(struct work *w, int tasks, int chunk)
{
    struct market market = { w->option[0], w->option[1], w->option[2], w->option[3],
        w->option[4], w->option[5], w->call, w->put };

    ispc_black_scholes(tasks, chunk, &market);
}

static bool open_nothing(struct work *work, const char *argument)
{
    (void)work, (void)argument;
    return true;
}

static bool run(struct work *w, enum work_kind kind)
{
    const int chunk = (int)work_chunks[kind], tasks = (int)w->items[kind] / chunk;

    switch (kind) {
    case WORK_SAXPY:
        ispc_saxpy(tasks, chunk, w->a, w->x, w->y);
        break;
    case WORK_DOT:
        ispc_dot(tasks, chunk, w->x, w->y, sums);
        add_sums(w, tasks);
        break;
    case WORK_OPTIONS:
        price(w, tasks, chunk);
        break;
    case WORK_MANDELBROT:
        ispc_mandelbrot(tasks, chunk, w->width, w->left, w->top, w->step, w->limit,
                w->steps);
        break;
    case WORK_BODIES:
        ispc_nbody(tasks, chunk, (int)w->items[kind], w->softening, w->body->s,
                w->pull->s);
        break;
    case WORK_STENCIL:
        ispc_stencil(tasks, chunk, w->side, w->in, w->out);
        break;
    case WORK_HISTOGRAM:
        ispc_histogram(tasks, chunk, w->pixel, bins[0]);
        add_bins(w, tasks);
        break;
    case WORK_SGEMM:
        ispc_sgemm(tasks, chunk, (int)w->columns, (int)w->inner, w->left_matrix,
                w->right_matrix, w->product);
        break;
    case WORK_KINDS:
        return false;
    }
    return true;
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "ISPC", open_nothing, run, NULL };

    return serve(&program, argc, argv);
}
