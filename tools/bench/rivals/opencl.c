/* SPDX-License-Identifier: Apache-2.0 */
/*
 * opencl.c: OpenCL without a library in between, on PoCL: the same kernels, one launch
 * over everything, arrays used where they lie.
 */
#include "serve.h"

#define CL_TARGET_OPENCL_VERSION 120
#include <CL/cl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { STRETCHES = 64, ARGUMENTS = 9 };

/* Kernels take numbers by value and arrays as buffers. */
struct argument {
    size_t bytes;
    cl_mem buffer;
    const void *number;
};

struct launch {
    const char *file, *kernel;
    cl_uint dimensions;
    size_t size[2];
    struct argument argument[ARGUMENTS];
    size_t count;
    cl_kernel code;
};

static cl_device_id device;
static cl_context context;
static cl_command_queue queue;
static struct launch launches[WORK_KINDS];
static float sums[STRETCHES] __attribute__((aligned(128)));
static uint32_t bins[STRETCHES][256] __attribute__((aligned(128)));
static cl_uint pairs; /* of columns, see kernels/sgemm.cl */
static cl_uint dot_length, histogram_length, bodies, zero;

/* ---- Which kernels, and what they are given ----------------------------------------- */

static struct launch *define(enum work_kind kind, const char *file,
        const char *kernel, size_t columns, size_t rows)
{
    struct launch *launch = &launches[kind];

    launch->file = file;
    launch->kernel = kernel;
    launch->dimensions = rows ? 2 : 1;
    launch->size[0] = columns;
    launch->size[1] = rows;
    return launch;
}

static void give_number(struct launch *launch, const void *number)
{
    launch->argument[launch->count++] = (struct argument){ 4, NULL, number };
}

static void give_array(struct launch *launch, const void *array, size_t bytes)
{
    cl_int status;
    cl_mem buffer = clCreateBuffer(
            context, CL_MEM_USE_HOST_PTR, bytes, (void *)(uintptr_t)array, &status);

    /* Without a size clSetKernelArg() fails. */
    launch->argument[launch->count++] =
            (struct argument){ status ? 0 : sizeof buffer, buffer, NULL };
}

static void define_lines(const struct work *work)
{
    const size_t n = work->items[WORK_SAXPY], options = work->items[WORK_OPTIONS];
    const size_t body_bytes = work->items[WORK_BODIES] * sizeof *work->body;
    struct launch *launch = define(WORK_SAXPY, "saxpy.cl", "saxpy", n, 0);

    give_number(launch, &work->a);
    give_array(launch, work->x, n * sizeof(float));
    give_array(launch, work->y, n * sizeof(float));

    launch = define(WORK_OPTIONS, "blackscholes.cl", "black_scholes", options, 0);
    for (size_t k = 0; k < 6; k++)
        give_array(launch, work->option[k], options * sizeof(float));
    give_array(launch, work->call, options * sizeof(float));
    give_array(launch, work->put, options * sizeof(float));

    bodies = (cl_uint)work->items[WORK_BODIES];
    launch = define(WORK_BODIES, "nbody.cl", "attract", bodies, 0);
    give_number(launch, &bodies);
    give_number(launch, &work->softening);
    give_array(launch, work->body, body_bytes);
    launch->argument[launch->count] = launch->argument[launch->count - 1];
    launch->count++;
    give_array(launch, work->pull, body_bytes);
}

static void define_squares(const struct work *work)
{
    const size_t width = (size_t)work->width, side = (size_t)work->side;
    const size_t columns = work->columns, inner = work->inner;
    struct launch *launch =
            define(WORK_MANDELBROT, "mandelbrot.cl", "mandelbrot", width, width);

    give_number(launch, &work->width);
    give_number(launch, &work->left);
    give_number(launch, &work->top);
    give_number(launch, &work->step);
    give_number(launch, &work->limit);
    give_number(launch, &zero);
    give_array(launch, work->steps, width * width * sizeof(int32_t));

    launch = define(WORK_STENCIL, "stencil.cl", "diffuse", side, side);
    give_number(launch, &work->side);
    give_array(launch, work->in, side * (side + 2) * sizeof(float));
    give_array(launch, work->out, side * side * sizeof(float));

    pairs = work->columns / 2;
    launch = define(WORK_SGEMM, "sgemm.cl", "sgemm", columns / 2, columns / 8);
    give_number(launch, &pairs);
    give_number(launch, &work->inner);
    give_array(launch, work->left_matrix, columns * inner * sizeof(float));
    give_array(launch, work->right_matrix, columns * inner * sizeof(float));
    give_array(launch, work->product, columns * columns * sizeof(float));
}

static void define_reductions(const struct work *work)
{
    const size_t n = work->items[WORK_DOT], pixels = work->items[WORK_HISTOGRAM];
    struct launch *launch =
            define(WORK_DOT, "opencl.cl", "dot_stretches", STRETCHES, 0);

    dot_length = (cl_uint)(n / STRETCHES / 16);
    give_number(launch, &dot_length);
    give_array(launch, work->x, n * sizeof(float));
    give_array(launch, work->y, n * sizeof(float));
    give_array(launch, sums, sizeof sums);

    histogram_length = (cl_uint)(pixels / STRETCHES);
    launch = define(
            WORK_HISTOGRAM, "opencl.cl", "histogram_stretches", STRETCHES, 0);
    give_number(launch, &histogram_length);
    give_array(launch, work->pixel, pixels);
    give_array(launch, bins, sizeof bins);
}

/* ---- OpenCL ---------------------------------------------------------------------------- */

static bool find_device(void)
{
    cl_platform_id platforms[16];
    cl_uint count = 0;

    if (clGetPlatformIDs(16, platforms, &count))
        return false;
    for (cl_uint i = 0; i < count && i < 16; i++) {
        char name[128] = "";

        if (!clGetPlatformInfo(
                    platforms[i], CL_PLATFORM_NAME, sizeof name, name, NULL)
                && strcmp(name, "Portable Computing Language") == 0
                && !clGetDeviceIDs(
                        platforms[i], CL_DEVICE_TYPE_CPU, 1, &device, NULL))
            return true;
    }
    return false;
}

static char *read_text(const char *file)
{
    char path[4096], *text = NULL;
    long bytes;
    FILE *stream;

    (void)snprintf(path, sizeof path, "%s/%s",
            strcmp(file, "opencl.cl") == 0 ? RIVALS_FOLDER : KERNELS_FOLDER, file);
    stream = fopen(path, "rb");
    if (!stream)
        return NULL;
    if (!fseek(stream, 0, SEEK_END) && (bytes = ftell(stream)) > 0) {
        rewind(stream);
        text = calloc(1, (size_t)bytes + 1);
        if (text && fread(text, 1, (size_t)bytes, stream) != (size_t)bytes) {
            free(text);
            text = NULL;
        }
    }
    (void)fclose(stream);
    return text;
}

static bool build(struct launch *launch)
{
    char *text = read_text(launch->file);
    const char *texts[] = { text };
    cl_int status = CL_SUCCESS;
    cl_program program;

    if (!text)
        return false;
    program = clCreateProgramWithSource(context, 1, texts, NULL, &status);
    free(text);
    if (status
            || clBuildProgram(program, 1, &device, "-I" KERNELS_FOLDER, NULL, NULL))
        return false;
    launch->code = clCreateKernel(program, launch->kernel, &status);
    if (status)
        return false;
    for (size_t i = 0; i < launch->count; i++) {
        const struct argument *one = &launch->argument[i];

        status = clSetKernelArg(launch->code, (cl_uint)i, one->bytes,
                one->number ? one->number : (const void *)&one->buffer);
        if (status)
            return false;
    }
    return true;
}

static bool open_pocl(struct work *work, const char *argument)
{
    cl_int status;

    (void)argument;
    if (!find_device())
        return false;
    context = clCreateContext(NULL, 1, &device, NULL, NULL, &status);
    if (status)
        return false;
    queue = clCreateCommandQueue(context, device, 0, &status);
    if (status)
        return false;
    define_lines(work);
    define_squares(work);
    define_reductions(work);
    for (size_t kind = 0; kind < WORK_KINDS; kind++)
        if (!build(&launches[kind])) {
            fprintf(stderr, "opencl: cannot build %s\n", launches[kind].kernel);
            return false;
        }
    return true;
}

static void add_up(struct work *work)
{
    work_clear_reduced(work);
    for (size_t i = 0; i < STRETCHES; i++) {
        work->sum += sums[i];
        for (size_t bin = 0; bin < 256; bin++)
            work->bins[bin] += bins[i][bin];
    }
}

static bool run(struct work *work, enum work_kind kind)
{
    const struct launch *launch = &launches[kind];

    if (clEnqueueNDRangeKernel(queue, launch->code, launch->dimensions, NULL,
                launch->size, NULL, 0, NULL, NULL)
            || clFinish(queue))
        return false;
    if (work_is_reduced(kind))
        add_up(work);
    return true;
}

int main(int argc, char **argv)
{
    static const struct rival_program program = { "OpenCL", open_pocl, run, NULL };

    return serve(&program, argc, argv);
}
