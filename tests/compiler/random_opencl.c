/* SPDX-License-Identifier: Apache-2.0 */
/* random_opencl.c: the kernels of kernels.cl as the first OpenCL device runs them. */
#define CL_TARGET_OPENCL_VERSION 120
#include "random.h"

#include "support/cmocka.h"

#include <CL/cl.h>
#include <stdio.h>
#include <stdlib.h>

static cl_context context;
static cl_command_queue queue;
static cl_program program;

static const char *const names[] = {
#define NAME(name) #name,
    NAMES(NAME)
};

static void build(cl_device_id device)
{
    static char text[1 << 20], log[1 << 14];
    const char *source = text;
    FILE *file = fopen("kernels.cl", "r");

    assert_non_null(file);
    const size_t length = fread(text, 1, sizeof text, file);
    assert_int_equal(fclose(file), 0);
    program = clCreateProgramWithSource(context, 1, &source, &length, NULL);
    if (clBuildProgram(program, 1, &device, "-cl-std=CL1.2", NULL, NULL)) {
        clGetProgramBuildInfo(
                program, device, CL_PROGRAM_BUILD_LOG, sizeof log, log, NULL);
        fail_msg("%s", log);
    }
}

static bool open_device(void)
{
    cl_platform_id platform;
    cl_device_id device;
    cl_uint count = 0;

    if (clGetPlatformIDs(1, &platform, &count) || !count
            || clGetDeviceIDs(platform, CL_DEVICE_TYPE_ALL, 1, &device, NULL))
        return false;
    context = clCreateContext(NULL, 1, &device, NULL, NULL, NULL);
    assert_non_null(context);
    queue = clCreateCommandQueue(context, device, 0, NULL);
    assert_non_null(queue);
    build(device);
    return true;
}

bool run_reference(size_t kernel, const struct range *whole, struct arrays *arrays)
{
    struct {
        void *data;
        size_t bytes;
        cl_mem memory;
    } all[] = { { arrays->out, sizeof arrays->out, NULL },
        { arrays->in, sizeof arrays->in, NULL },
        { arrays->own, sizeof arrays->own, NULL } };
    const uint32_t p = (uint32_t)whole->p;

    if (!queue && !open_device())
        return false;
    cl_kernel made = clCreateKernel(program, names[kernel], NULL);
    assert_non_null(made);
    for (unsigned i = 0; i < 3; i++) {
        all[i].memory =
                clCreateBuffer(context, CL_MEM_READ_WRITE | CL_MEM_COPY_HOST_PTR,
                        all[i].bytes, all[i].data, NULL);
        assert_int_equal(
                clSetKernelArg(made, i, sizeof all[i].memory, &all[i].memory), 0);
    }
    assert_int_equal(clSetKernelArg(made, 3, sizeof p, &p), 0);
    assert_int_equal(clEnqueueNDRangeKernel(queue, made, whole->dimensions, NULL,
                             whole->global, whole->local, 0, NULL, NULL),
            0);
    for (unsigned i = 0; i < 3; i++) {
        assert_int_equal(clEnqueueReadBuffer(queue, all[i].memory, CL_TRUE, 0,
                                 all[i].bytes, all[i].data, 0, NULL, NULL),
                0);
        clReleaseMemObject(all[i].memory);
    }
    clReleaseKernel(made);
    return true;
}
