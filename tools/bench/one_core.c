/* SPDX-License-Identifier: Apache-2.0 */
/*
 * one_core.c: native code of the kernels in kernels/ against hand-written C and
 * against PoCL, all on one core.  PoCL's times are those of its kernel events.
 */
#include "bench.h"
#include "native.h"
#include "work.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "blackscholes.h"
#include "dot.h"
#include "histogram.h"
#include "mandelbrot.h"
#include "nbody.h"
#include "saxpy.h"
#include "sgemm.h"
#include "stencil.h"

/* A kernel's task: how to call it by hand, and by the library. */
struct task {
    const char *name;
    size_t items;
    size_t size[2], group; /* of the native box */
    const struct parfun_kernel *kernel;
    enum parfun_status (*call)(struct work *work, size_t items);
    struct parfun_function *(*function)(void);
    size_t hand; /* offset in struct hand */
};

struct run {
    const struct task *task;
    struct work *work;
    work_part *part;
    const struct parfun_variant *variant;
    void *const *arguments;
};

/* ---- Ways to run ------------------------------------------------------------------ */

static double run_native(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        native_run(run->variant, run->task->size, run->task->group, run->arguments);
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
        if (run->task->call(run->work, run->task->items))
            return -1;
    return (bench_now() - start) / times;
}

static double run_hand(void *user, int times)
{
    const struct run *run = user;
    const double start = bench_now();

    for (int i = 0; i < times; i++)
        run->part(run->work, 0, run->task->items);
    return (bench_now() - start) / times;
}

static double run_pocl(void *user, int times)
{
    const struct run *run = user;
    double sum = 0;

    if (parfun_set_backend("opencl:pocl")
            || parfun_set_options(run->task->function(),
                    PARFUN_OPTIONS(.fixed_partition_size = run->task->items)))
        return -1;
    for (int i = 0; i < times; i++) {
        struct parfun_profile profile = { .size = sizeof profile };

        if (run->task->call(run->work, run->task->items)
                || parfun_get_profile(run->task->function(), &profile)) {
            fprintf(stderr, "%s\n", parfun_error());
            return -1;
        }
        sum += 1e-9 * (double)profile.compute_ns;
    }
    return sum / times;
}

/* ---- The kernels ------------------------------------------------------------------- */

static enum parfun_status call_saxpy(struct work *w, size_t items)
{
    return saxpy(items, w->a, w->x, w->y);
}

static enum parfun_status call_dot(struct work *w, size_t items)
{
    return dot_product(items, w->x, w->y, &w->sum);
}

static enum parfun_status call_black_scholes(struct work *w, size_t items)
{
    return black_scholes(items, w->option[0], w->option[1], w->option[2],
            w->option[3], w->option[4], w->option[5], w->call, w->put);
}

static enum parfun_status call_mandelbrot(struct work *w, size_t items)
{
    return mandelbrot(
            items, w->width, w->left, w->top, w->step, w->limit, w->steps);
}

static enum parfun_status call_nbody(struct work *w, size_t items)
{
    return attract(
            items, (uint32_t)items, w->softening, w->body, items, w->body, w->pull);
}

static enum parfun_status call_stencil(struct work *w, size_t items)
{
    return diffuse(items, w->width, w->in, w->out);
}

static enum parfun_status call_histogram(struct work *w, size_t items)
{
    return histogram(items, w->pixel, w->bins);
}

static enum parfun_status call_sgemm(struct work *w, size_t items)
{
    return sgemm(items, w->columns, w->inner, w->left_matrix, w->right_matrix,
            (size_t)w->columns * w->inner, w->product);
}

#define HAND_PART(member) offsetof(struct hand, member)

static const struct task tasks[] = {
    { "saxpy", WORK_SAXPY, { WORK_SAXPY }, 0, &parfun_kernel_saxpy, call_saxpy,
            saxpy_function, HAND_PART(saxpy) },
    { "dot product", WORK_DOT, { 0 }, 0, NULL, call_dot, dot_product_function,
            HAND_PART(dot) },
    { "Black-Scholes", WORK_OPTIONS, { WORK_OPTIONS }, 0,
            &parfun_kernel_black_scholes, call_black_scholes,
            black_scholes_function, HAND_PART(black_scholes) },
    { "Mandelbrot", WORK_MANDELBROT, { WORK_MANDELBROT, WORK_MANDELBROT }, 0,
            &parfun_kernel_mandelbrot, call_mandelbrot, mandelbrot_function,
            HAND_PART(mandelbrot) },
    { "n-body", WORK_BODIES, { WORK_BODIES }, 0, &parfun_kernel_attract, call_nbody,
            attract_function, HAND_PART(nbody) },
    { "stencil", WORK_STENCIL, { WORK_STENCIL, WORK_STENCIL }, 0,
            &parfun_kernel_diffuse, call_stencil, diffuse_function,
            HAND_PART(stencil) },
    { "histogram", WORK_PIXELS, { WORK_PIXELS }, 0, &parfun_kernel_histogram,
            call_histogram, histogram_function, HAND_PART(histogram) },
    { "sgemm", WORK_SGEMM, { WORK_SGEMM, WORK_SGEMM }, 16, &parfun_kernel_sgemm,
            call_sgemm, sgemm_function, HAND_PART(sgemm) },
};

enum { TASKS = sizeof tasks / sizeof tasks[0] };

/* In the order of the kernel's parameters. */
static void bind(const struct task *task, struct work *work, void *arguments[8])
{
    static int row;
    static uint32_t *bins;
    static uint32_t count;
    size_t n = 0;

    count = (uint32_t)task->items;
    bins = work->bins;
#define BIND(...)                                     \
    do {                                              \
        void *const list[] = { __VA_ARGS__ };         \
        for (; n < sizeof list / sizeof list[0]; n++) \
            arguments[n] = list[n];                   \
    } while (0)
    if (task->call == call_saxpy)
        BIND(&work->a, &work->x, &work->y);
    if (task->call == call_black_scholes)
        BIND(&work->option[0], &work->option[1], &work->option[2], &work->option[3],
                &work->option[4], &work->option[5], &work->call, &work->put);
    if (task->call == call_mandelbrot)
        BIND(&work->width, &work->left, &work->top, &work->step, &work->limit, &row,
                &work->steps);
    if (task->call == call_nbody)
        BIND(&count, &work->softening, &work->body, &work->body, &work->pull);
    if (task->call == call_stencil)
        BIND(&work->width, &work->in, &work->out);
    if (task->call == call_histogram)
        BIND(&work->pixel, &bins);
    if (task->call == call_sgemm)
        BIND(&work->columns, &work->inner, &work->left_matrix, &work->right_matrix,
                &work->product);
#undef BIND
}

/* ---- The report ---------------------------------------------------------------------- */

struct ratios {
    double hand, pocl; /* sums of logarithms */
    int hands, pocls;
};

static work_part *part_of(const struct hand *hand, const struct task *task)
{
    return hand
            ? *(work_part *const *)(const void *)((const char *)hand + task->hand)
            : NULL;
}

static void measure(const struct bench_settings *settings, const struct task *task,
        struct work *work, struct ratios *ratios)
{
    const struct hand *const hands[] = { &hand_gcc, &hand_clang, hand_simd(),
        &hand_gcc_fast, &hand_clang_fast };
    struct bench_contestant contestants[BENCH_CONTESTANTS];
    struct bench_result results[BENCH_CONTESTANTS];
    struct run runs[BENCH_CONTESTANTS];
    void *arguments[8];
    size_t n = 0, strict = 0;
    double best = 0;

    work->items = task->items;
    work->width = task->call == call_stencil ? WORK_STENCIL : WORK_MANDELBROT;
    bind(task, work, arguments);
    runs[n] = (struct run){ task, work, NULL,
        task->kernel ? native_variant(task->kernel) : NULL, arguments };
    contestants[n] = (struct bench_contestant){ "parfun, native code",
        task->kernel ? run_native : run_none, &runs[n] };
    n++;
    for (size_t h = 0; h < sizeof hands / sizeof hands[0]; h++)
        if (part_of(hands[h], task)) {
            runs[n] =
                    (struct run){ task, work, part_of(hands[h], task), NULL, NULL };
            contestants[n] =
                    (struct bench_contestant){ hands[h]->name, run_hand, &runs[n] };
            n++;
            if (h <= 2)
                strict = n; /* up to here no fast math */
        }
    runs[n] = (struct run){ task, work, NULL, NULL, NULL };
    contestants[n] = (struct bench_contestant){ "PoCL", run_pocl, &runs[n] };
    n++;
    bench_compare(settings, contestants, n, results);
    bench_print(task->name, "ms", contestants, n, results);
    for (size_t i = 1; i < strict; i++)
        if (best == 0 || results[i].median_s < best)
            best = results[i].median_s;
    ratios->hand += log(results[0].median_s / best);
    ratios->hands++;
    if (results[n - 1].done) {
        ratios->pocl += log(results[n - 1].median_s / results[0].median_s);
        ratios->pocls++;
    }
}

int main(int argc, char **argv)
{
    const struct bench_settings settings = bench_begin(argc, argv,
            "Native code of the library's kernels against hand-written C, compiled in\n"
            "several ways, and against PoCL; all on one core.");
    struct ratios ratios = { 0 };
    struct work *work;

    setenv("POCL_MAX_PTHREAD_COUNT", "1", 1);
    work = work_create();
    printf("## One core\n\nRatios are to the first row of a task, %d samples by "
           "turns.\n\n",
            settings.repeats);
    bench_print_head("ms");
    for (size_t t = 0; t < TASKS; t++)
        measure(&settings, &tasks[t], work, &ratios);
    printf("\nIn the geometric mean native code takes %.2f times as long as the best "
           "hand-written\ncode without fast math",
            exp(ratios.hand / ratios.hands));
    if (ratios.pocls > 0)
        printf(", and PoCL %.1f times as long as native code",
                exp(ratios.pocl / ratios.pocls));
    printf(".\n\n");
    work_destroy(work);
    return 0;
}
