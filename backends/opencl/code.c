/* SPDX-License-Identifier: Apache-2.0 */
/* code.c: a kernel built for a device: checks, options, build log. */
#include "backends/opencl/opencl.h"

#include "runtime/base/text.h"

#include <stdlib.h>
#include <string.h>

struct pf_opencl_code *pf_opencl_code(struct pf_code *code)
{
    return (struct pf_opencl_code *)(void *)code;
}

/* ---- Can the device run it? --------------------------------------------------- */

static enum parfun_status unsupported(
        const struct pf_opencl_device *device, const char *what)
{
    return pf_fail(PARFUN_UNSUPPORTED,
            "the kernel needs %s, which %s (%s) does not have; choose another "
            "device, or \"threads\"",
            what, device->base.name, device->base.selector);
}

static enum parfun_status check_limits(const struct pf_opencl_device *device,
        const struct pf_code_request *request)
{
    const struct parfun_kernel *kernel = request->kernel;
    const struct pf_device_limits *limits = &device->base.limits;
    if ((kernel->flags & PARFUN_KERNEL_DOUBLES) && !limits->doubles)
        return unsupported(device, "double precision");
    if ((kernel->flags & PARFUN_KERNEL_INT64_ATOMICS) && !limits->int64_atomics)
        return unsupported(device, "64-bit atomic functions");
    if ((kernel->flags & PARFUN_KERNEL_BARRIERS) && !request->group[0])
        return pf_fail(PARFUN_INVALID,
                "the kernel has barriers or local memory: its clauses need "
                "workgroup()");
    size_t items = 1;
    for (unsigned i = 0; request->group[0] && i < request->dimensions; i++) {
        size_t size = request->group[i];
        items *= size; /* each is below 2^32, and checked before the next */
        if (size > limits->group_size[i] || items > limits->group_items)
            return pf_fail(PARFUN_UNSUPPORTED,
                    "the work-group has %zu work-items in dimension %u, %zu in "
                    "all, where %s (%s) takes %zu, %zu in all; make workgroup() "
                    "smaller",
                    size, i, items, device->base.name, device->base.selector,
                    limits->group_size[i], limits->group_items);
    }
    return PARFUN_OK;
}

/* What the compiler found that this kernel needs. */
static enum parfun_status check_kernel(struct pf_opencl_code *code)
{
    struct pf_opencl_device *device = code->device;
    const struct pf_opencl_library *cl = &device->cl;
    const char *name = code->kernel->name;
    size_t most = 0, items = 1;
    cl_ulong local = 0;
    cl_int status = cl->clGetKernelWorkGroupInfo(code->kernels[0], device->id,
            CL_KERNEL_WORK_GROUP_SIZE, sizeof most, &most, NULL);
    if (status == CL_SUCCESS)
        status = cl->clGetKernelWorkGroupInfo(code->kernels[0], device->id,
                CL_KERNEL_LOCAL_MEM_SIZE, sizeof local, &local, NULL);
    if (status != CL_SUCCESS)
        return pf_opencl_fail_create(
                device, name, "clGetKernelWorkGroupInfo", status);
    while (code->free_group > most && code->free_group > 1)
        code->free_group /= 2;
    for (unsigned i = 0; code->group[0] && i < code->dimensions; i++)
        items *= code->group[i];
    if (items > most)
        return pf_fail(PARFUN_UNSUPPORTED,
                "the work-group has %zu work-items, where %s (%s) can run this "
                "kernel with %zu; make workgroup() smaller",
                items, device->base.name, device->base.selector, most);
    if (local > device->base.limits.local_bytes)
        return pf_fail(PARFUN_UNSUPPORTED,
                "the kernel uses %zu bytes of local memory, where %s (%s) has %zu",
                (size_t)local, device->base.name, device->base.selector,
                device->base.limits.local_bytes);
    code->local_bytes = local;
    return PARFUN_OK;
}

/* ---- Options --------------------------------------------------------------------- */

static char *build_options(const struct pf_opencl_device *device,
        const struct pf_code_request *request)
{
    const char *of_kernel = request->kernel->build ? request->kernel->build : "";
    const char *of_clauses = request->build ? request->build : "";
    struct pf_text text = { 0 };
    if (!strstr(of_kernel, "-cl-std=") && !strstr(of_clauses, "-cl-std="))
        pf_text_add(&text, "-cl-std=CL1.2 ");
    if (device->correct_rounding && !strstr(of_kernel, "-cl-fast-relaxed-math")
            && !strstr(of_clauses, "-cl-fast-relaxed-math"))
        pf_text_add(&text, "-cl-fp32-correctly-rounded-divide-sqrt ");
    pf_text_format(&text, "%s %s", of_kernel, of_clauses);
    return pf_text_take(&text);
}

/* ---- Building ---------------------------------------------------------------------- */

static char *build_log(const struct pf_opencl_code *code)
{
    const struct pf_opencl_device *device = code->device;
    size_t bytes = 0;
    if (device->cl.clGetProgramBuildInfo(
                code->program, device->id, CL_PROGRAM_BUILD_LOG, 0, NULL, &bytes)
                    != CL_SUCCESS
            || bytes == 0)
        return NULL;
    char *log = calloc(1, bytes + 1);
    if (log
            && device->cl.clGetProgramBuildInfo(code->program, device->id,
                       CL_PROGRAM_BUILD_LOG, bytes, log, NULL)
                    != CL_SUCCESS)
        log[0] = '\0';
    return log;
}

static enum parfun_status fail_build(
        const struct pf_opencl_code *code, const char *options, cl_int status)
{
    char *log = build_log(code);
    size_t bytes = log ? strlen(log) : 0;
    while (bytes && (log[bytes - 1] == '\n' || log[bytes - 1] == ' '))
        log[--bytes] = '\0';
    (void)pf_fail(PARFUN_COMPILE,
            "the kernel does not compile for %s (%s), options \"%s\": %s\n%s",
            code->device->base.name, code->device->base.selector, options,
            pf_opencl_status_name(status), bytes ? log : "The driver gave no log.");
    free(log);
    return PARFUN_COMPILE;
}

static bool is_compile_error(cl_int status)
{
    return status == CL_BUILD_PROGRAM_FAILURE
            || status == CL_COMPILE_PROGRAM_FAILURE
            || status == CL_LINK_PROGRAM_FAILURE
            || status == CL_INVALID_BUILD_OPTIONS
            || status == CL_INVALID_COMPILER_OPTIONS;
}

static cl_int build(struct pf_opencl_code *code, const char *options)
{
    return code->device->cl.clBuildProgram(
            code->program, 1, &code->device->id, options, NULL, NULL);
}

static enum parfun_status build_text(
        struct pf_opencl_code *code, const char *text, const char *options)
{
    struct pf_opencl_device *device = code->device;
    cl_int status;
    code->program = device->cl.clCreateProgramWithSource(
            device->context, 1, &text, NULL, &status);
    if (!code->program)
        return pf_opencl_fail_create(
                device, code->kernel->name, "clCreateProgramWithSource", status);
    status = build(code, options);
    if (is_compile_error(status))
        return fail_build(code, options, status);
    if (status != CL_SUCCESS)
        return pf_opencl_fail_create(
                device, code->kernel->name, "clBuildProgram", status);
    return PARFUN_OK;
}

static cl_int create_kernels(struct pf_opencl_code *code)
{
    struct pf_opencl_device *device = code->device;
    char *name = pf_text_print(
            "%s%s", code->wrapped ? "pf_guard_" : "", code->kernel->name);
    cl_int status = name ? CL_SUCCESS : CL_OUT_OF_HOST_MEMORY;
    for (unsigned i = 0; i < device->base.lanes && status == CL_SUCCESS; i++)
        code->kernels[i] = device->cl.clCreateKernel(code->program, name, &status);
    free(name);
    return status;
}

static void release(struct pf_opencl_code *code)
{
    const struct pf_opencl_library *cl = &code->device->cl;
    for (unsigned i = 0; i < PF_OPENCL_LANES; i++) {
        if (code->kernels[i] && !code->device->lost)
            cl->clReleaseKernel(code->kernels[i]);
        code->kernels[i] = NULL;
    }
    if (code->program && !code->device->lost)
        cl->clReleaseProgram(code->program);
    code->program = NULL;
}

/* Whatever is wrong with a saved program, it is no failure. */
static bool load(struct pf_opencl_code *code, const char *options)
{
    code->program = pf_opencl_cache_load(code);
    if (!code->program)
        return false;
    if (build(code, options) == CL_SUCCESS && create_kernels(code) == CL_SUCCESS)
        return true;
    release(code);
    return false;
}

static enum parfun_status make(struct pf_opencl_code *code, const char *options)
{
    char *text = NULL;
    PF_TRY(pf_opencl_guard_text(code, &text));
    pf_opencl_cache_name(code, text, options);
    enum parfun_status status = PARFUN_OK;
    if (load(code, options)) {
        pf_opencl_cache_finish(code);
    } else {
        status = build_text(code, text, options);
        cl_int created = status == PARFUN_OK ? create_kernels(code) : CL_SUCCESS;
        if (created != CL_SUCCESS)
            status = pf_opencl_fail_create(
                    code->device, code->kernel->name, "clCreateKernel", created);
    }
    free(text);
    return status;
}

/* ---- The interface ------------------------------------------------------------------- */

static void fill(struct pf_opencl_code *code, struct pf_opencl_device *device,
        const struct pf_code_request *request)
{
    const uint32_t flags = request->kernel->flags;
    code->kernel = request->kernel;
    code->device = device;
    code->dimensions = request->dimensions;
    code->absolute = request->absolute;
    memcpy(code->group, request->group, sizeof code->group);
    code->free_group = device->free_group;
    /* A kernel with local variables may not be called everywhere. */
    code->wrapped = !(flags & PARFUN_KERNEL_BARRIERS);
    code->guarded = code->wrapped && !code->group[0]
            && !(flags & (PARFUN_KERNEL_EXTENT | PARFUN_KERNEL_GROUP_EXTENT));
}

enum parfun_status pf_opencl_code_create(struct pf_device *base,
        const struct pf_code_request *request, struct pf_code **result)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    PF_TRY(pf_opencl_check(device));
    PF_TRY(check_limits(device, request));
    PF_TRY(pf_opencl_context_need(device));
    struct pf_opencl_code *code = calloc(1, sizeof *code);
    char *options = build_options(device, request);
    enum parfun_status status = PARFUN_OK;
    if (code)
        fill(code, device, request);
    if (!code || !options)
        status = pf_fail(
                PARFUN_NO_MEMORY, "no memory to build %s", request->kernel->name);
    if (status == PARFUN_OK)
        status = make(code, options);
    if (status == PARFUN_OK)
        status = check_kernel(code);
    free(options);
    if (status != PARFUN_OK) {
        pf_opencl_code_destroy(base, (struct pf_code *)(void *)code);
        return status;
    }
    *result = (struct pf_code *)(void *)code;
    return PARFUN_OK;
}

void pf_opencl_code_destroy(struct pf_device *base, struct pf_code *opaque)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    struct pf_opencl_code *code = pf_opencl_code(opaque);
    if (!code)
        return;
    for (unsigned i = 0; i < device->base.lanes; i++)
        if (device->lanes[i])
            pf_opencl_lane_forget(device->lanes[i], code);
    release(code);
    pf_opencl_cache_finish(code);
    free(code);
}

bool pf_opencl_code_offsets(const struct pf_code *opaque)
{
    const struct pf_opencl_code *code =
            (const struct pf_opencl_code *)(const void *)opaque;
    return code->wrapped;
}
