/* SPDX-License-Identifier: Apache-2.0 */
/* tasks.c: how each kernel is called. */
#include "tasks.h"

#include <stddef.h>
#include <string.h>

#include "blackscholes.h"
#include "dot.h"
#include "fast_blackscholes.h"
#include "fast_mandelbrot.h"
#include "fast_nbody.h"
#include "fast_saxpy.h"
#include "fast_sgemm.h"
#include "fast_stencil.h"
#include "histogram.h"
#include "mandelbrot.h"
#include "nbody.h"
#include "saxpy.h"
#include "sgemm.h"
#include "stencil.h"

/* ---- By the library ----------------------------------------------------------------- */

static enum parfun_status call_saxpy(struct work *w)
{
    return saxpy(w->items[WORK_SAXPY], w->a, w->x, w->y);
}

static enum parfun_status call_dot(struct work *w)
{
    return dot_product(w->items[WORK_DOT], w->x, w->y, &w->sum);
}

static enum parfun_status call_black_scholes(struct work *w)
{
    return black_scholes(w->items[WORK_OPTIONS], w->option[0], w->option[1],
            w->option[2], w->option[3], w->option[4], w->option[5], w->call,
            w->put);
}

static enum parfun_status call_mandelbrot(struct work *w)
{
    return mandelbrot(w->items[WORK_MANDELBROT], w->width, w->left, w->top, w->step,
            w->limit, w->steps);
}

static enum parfun_status call_nbody(struct work *w)
{
    const size_t n = w->items[WORK_BODIES];

    return attract(n, (uint32_t)n, w->softening, w->body, n, w->body, w->pull);
}

static enum parfun_status call_stencil(struct work *w)
{
    return diffuse(w->items[WORK_STENCIL], w->side, w->in, w->out);
}

static enum parfun_status call_histogram(struct work *w)
{
    return histogram(w->items[WORK_HISTOGRAM], w->pixel, w->bins);
}

static enum parfun_status call_sgemm(struct work *w)
{
    return sgemm(w->items[WORK_SGEMM] / 8, w->columns / 2, w->inner, w->left_matrix,
            w->right_matrix, (size_t)w->columns * w->inner, w->product);
}

/* ---- Directly ------------------------------------------------------------------------- */

struct bindings {
    size_t count;
    void *argument[8];
    union {
        const void *array;
        uint32_t number;
    } value[8];
};

static void give(struct bindings *b, const void *value)
{
    b->argument[b->count++] = (void *)(uintptr_t)value;
}

static void give_array(struct bindings *b, const void *array)
{
    b->value[b->count].array = array;
    give(b, &b->value[b->count]);
}

static void give_number(struct bindings *b, size_t number)
{
    b->value[b->count].number = (uint32_t)number;
    give(b, &b->value[b->count]);
}

static void bind_saxpy(struct bindings *b, struct work *w, size_t begin)
{
    give(b, &w->a);
    give_array(b, w->x + begin);
    give_array(b, w->y + begin);
}

static void bind_black_scholes(struct bindings *b, struct work *w, size_t begin)
{
    for (size_t k = 0; k < 6; k++)
        give_array(b, w->option[k] + begin);
    give_array(b, w->call + begin);
    give_array(b, w->put + begin);
}

static void bind_mandelbrot(struct bindings *b, struct work *w, size_t begin)
{
    give(b, &w->width);
    give(b, &w->left);
    give(b, &w->top);
    give(b, &w->step);
    give(b, &w->limit);
    give_number(b, begin);
    give_array(b, w->steps + begin * (size_t)w->width);
}

static void bind_nbody(struct bindings *b, struct work *w, size_t begin)
{
    give_number(b, w->items[WORK_BODIES]);
    give(b, &w->softening);
    give_array(b, w->body);
    give_array(b, w->body + begin);
    give_array(b, w->pull + begin);
}

static void bind_stencil(struct bindings *b, struct work *w, size_t begin)
{
    give(b, &w->side);
    give_array(b, w->in + begin * (size_t)w->side);
    give_array(b, w->out + begin * (size_t)w->side);
}

static void bind_histogram(struct bindings *b, struct work *w, size_t begin)
{
    give_array(b, w->pixel + begin);
    give_array(b, w->bins);
}

static void bind_sgemm(struct bindings *b, struct work *w, size_t begin)
{
    give_number(b, w->columns / 2);
    give(b, &w->inner);
    give_array(b, w->left_matrix + begin * w->inner);
    give_array(b, w->right_matrix);
    give_array(b, w->product + begin * w->columns);
}

static bool runs_here(const char *isa)
{
#ifdef __x86_64__
    if (strcmp(isa, "x86-64-v4") == 0)
        return __builtin_cpu_supports("avx512f")
                && __builtin_cpu_supports("avx512vl")
                && __builtin_cpu_supports("avx512bw")
                && __builtin_cpu_supports("avx512dq")
                && __builtin_cpu_supports("avx512cd");
    if (strcmp(isa, "x86-64-v3") == 0)
        return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")
                && __builtin_cpu_supports("bmi2");
    if (strcmp(isa, "x86-64-v2") == 0)
        return __builtin_cpu_supports("sse4.2") && __builtin_cpu_supports("popcnt");
#endif
    return strcmp(isa, "generic") == 0;
}

static const struct parfun_variant *best_variant(const struct parfun_kernel *kernel)
{
    uint32_t i = 0;

    while (i + 1 < kernel->variant_count && !runs_here(kernel->variants[i].isa))
        i++;
    return &kernel->variants[i];
}

void task_run_native(const struct task *task, const struct parfun_kernel *kernel,
        struct work *work, size_t begin, size_t end)
{
    static _Thread_local _Alignas(128) char scratch[1 << 17];
    const size_t count = end - begin;
    size_t size[3] = { task->square ? work->items[task - tasks] : count,
        task->square ? count : 1, 1 };
    struct bindings bindings = { 0 };
    struct parfun_ndrange range = {
        .dimensions = task->square ? 2 : 1,
        .abi = PARFUN_KERNEL_ABI,
        .scratch = scratch,
        .scratch_bytes = sizeof scratch,
    };

    for (unsigned d = 0; d < 2; d++)
        if (task->block[d] > 0)
            size[d] /= task->block[d];
    for (unsigned d = 0; d < 3; d++) {
        range.global_size[d] = range.group_count[d] = range.group_end[d] = size[d];
        range.local_size[d] = 1;
    }
    task->bind(&bindings, work, begin);
    best_variant(kernel)->run(&range, bindings.argument);
}

/* ---- The table ------------------------------------------------------------------------- */

const struct task tasks[WORK_KINDS] = {
    [WORK_SAXPY] = { .name = "saxpy",
            .kernel = &parfun_kernel_saxpy,
            .fast = &parfun_kernel_fast_saxpy,
            .function = saxpy_function,
            .call = call_saxpy,
            .bind = bind_saxpy,
            .tolerance = 1e-6 },
    [WORK_DOT] = { .name = "dot product",
            .function = dot_product_function,
            .call = call_dot,
            .tolerance = 1e-4 },
    [WORK_OPTIONS] = { .name = "Black-Scholes",
            .kernel = &parfun_kernel_black_scholes,
            .fast = &parfun_kernel_fast_black_scholes,
            .function = black_scholes_function,
            .call = call_black_scholes,
            .bind = bind_black_scholes,
            .tolerance = 1e-5 },
    [WORK_MANDELBROT] = { .name = "Mandelbrot",
            .kernel = &parfun_kernel_mandelbrot,
            .fast = &parfun_kernel_fast_mandelbrot,
            .function = mandelbrot_function,
            .call = call_mandelbrot,
            .bind = bind_mandelbrot,
            .square = true,
            .tolerance = 1e-3 },
    [WORK_BODIES] = { .name = "n-body",
            .kernel = &parfun_kernel_attract,
            .fast = &parfun_kernel_fast_attract,
            .function = attract_function,
            .call = call_nbody,
            .bind = bind_nbody,
            .tolerance = 1e-4 },
    [WORK_STENCIL] = { .name = "stencil",
            .kernel = &parfun_kernel_diffuse,
            .fast = &parfun_kernel_fast_diffuse,
            .function = diffuse_function,
            .call = call_stencil,
            .bind = bind_stencil,
            .square = true,
            .tolerance = 1e-5 },
    [WORK_HISTOGRAM] = { .name = "histogram",
            .kernel = &parfun_kernel_histogram,
            .function = histogram_function,
            .call = call_histogram,
            .bind = bind_histogram },
    [WORK_SGEMM] = { .name = "sgemm",
            .kernel = &parfun_kernel_sgemm,
            .fast = &parfun_kernel_fast_sgemm,
            .function = sgemm_function,
            .call = call_sgemm,
            .bind = bind_sgemm,
            .square = true,
            .block = { 2, 8 },
            .tolerance = 1e-4 },
};
