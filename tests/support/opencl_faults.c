/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_faults.c: functions in place of a driver's, which call the driver's. */
#include "support/opencl_faults.h"

#include "backends/opencl/opencl.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { MOST_OBJECTS = 256 };

enum kind { EVENT, KERNEL, PROGRAM, MEMORY, QUEUE, CONTEXT };

struct faults faults;

static struct pf_opencl_library real;
static struct object {
    enum kind kind;
    void *object;
    bool asked, failing; /* an event: how it ended was asked for, and told */
} objects[MOST_OBJECTS];
static size_t object_count;

static bool fails(const char *name)
{
    if (faults.late && strcmp(name, "clGetEventInfo") != 0)
        return false;
    if (faults.only && strcmp(name, faults.only) != 0)
        return false;
    unsigned call = ++faults.calls;
    if (!faults.fail_at || call < faults.fail_at
            || (call > faults.fail_at && !faults.for_ever))
        return false;
    faults.failed = name;
    return true;
}

static void *add(enum kind kind, void *object)
{
    if (!object)
        return NULL;
    if (object_count == MOST_OBJECTS)
        abort();
    objects[object_count++] = (struct object){ .kind = kind, .object = object };
    return object;
}

static void remove_object(enum kind kind, const void *object)
{
    for (size_t i = 0; i < object_count; i++)
        if (objects[i].object == object && objects[i].kind == kind) {
            objects[i] = objects[--object_count];
            return;
        }
    abort(); /* released twice, or never made */
}

size_t faults_live(void)
{
    return object_count;
}

/* ---- Functions that make objects ----------------------------------------------- */

#define MAKE(kind, type, name, parameters, arguments) \
    static type CL_API_CALL fake_##name parameters    \
    {                                                 \
        if (fails(#name)) {                           \
            *code = faults.code;                      \
            return NULL;                              \
        }                                             \
        return add(kind, real.name arguments);        \
    }

MAKE(CONTEXT, cl_context, clCreateContext,
        (const cl_context_properties *properties, cl_uint count,
                const cl_device_id *devices,
                void(CL_CALLBACK *notify)(
                        const char *, const void *, size_t, void *),
                void *user, cl_int *code),
        (properties, count, devices, notify, user, code))
MAKE(QUEUE, cl_command_queue, clCreateCommandQueue,
        (cl_context context, cl_device_id device,
                cl_command_queue_properties properties, cl_int *code),
        (context, device, properties, code))
MAKE(MEMORY, cl_mem, clCreateBuffer,
        (cl_context context, cl_mem_flags flags, size_t bytes, void *host,
                cl_int *code),
        (context, flags, bytes, host, code))
MAKE(PROGRAM, cl_program, clCreateProgramWithSource,
        (cl_context context, cl_uint count, const char **texts,
                const size_t *lengths, cl_int *code),
        (context, count, texts, lengths, code))
MAKE(PROGRAM, cl_program, clCreateProgramWithBinary,
        (cl_context context, cl_uint count, const cl_device_id *devices,
                const size_t *lengths, const unsigned char **binaries,
                cl_int *states, cl_int *code),
        (context, count, devices, lengths, binaries, states, code))
MAKE(KERNEL, cl_kernel, clCreateKernel,
        (cl_program program, const char *name, cl_int *code), (program, name, code))

#define RELEASE(kind, type, name)                      \
    static cl_int CL_API_CALL fake_##name(type object) \
    {                                                  \
        remove_object(kind, object);                   \
        return real.name(object);                      \
    }

RELEASE(CONTEXT, cl_context, clReleaseContext)
RELEASE(QUEUE, cl_command_queue, clReleaseCommandQueue)
RELEASE(MEMORY, cl_mem, clReleaseMemObject)
RELEASE(PROGRAM, cl_program, clReleaseProgram)
RELEASE(KERNEL, cl_kernel, clReleaseKernel)
RELEASE(EVENT, cl_event, clReleaseEvent)

/* ---- Functions that ask or set ---------------------------------------------------- */

#define ASK(name, parameters, arguments)             \
    static cl_int CL_API_CALL fake_##name parameters \
    {                                                \
        if (fails(#name))                            \
            return faults.code;                      \
        return real.name arguments;                  \
    }

ASK(clBuildProgram,
        (cl_program program, cl_uint count, const cl_device_id *devices,
                const char *options, void(CL_CALLBACK *notify)(cl_program, void *),
                void *user),
        (program, count, devices, options, notify, user))
ASK(clGetProgramInfo,
        (cl_program program, cl_program_info info, size_t bytes, void *value,
                size_t *size),
        (program, info, bytes, value, size))
ASK(clGetProgramBuildInfo,
        (cl_program program, cl_device_id device, cl_program_build_info info,
                size_t bytes, void *value, size_t *size),
        (program, device, info, bytes, value, size))
ASK(clGetKernelWorkGroupInfo,
        (cl_kernel kernel, cl_device_id device, cl_kernel_work_group_info info,
                size_t bytes, void *value, size_t *size),
        (kernel, device, info, bytes, value, size))
ASK(clSetKernelArg,
        (cl_kernel kernel, cl_uint index, size_t bytes, const void *value),
        (kernel, index, bytes, value))
ASK(clFlush, (cl_command_queue queue), (queue))
ASK(clGetEventProfilingInfo,
        (cl_event event, cl_profiling_info info, size_t bytes, void *value,
                size_t *size),
        (event, info, bytes, value, size))

static struct {
    cl_event event;
    void(CL_CALLBACK *notify)(cl_event, cl_int, void *);
    void *user;
} held;

static cl_int CL_API_CALL fake_clSetEventCallback(cl_event event, cl_int status,
        void(CL_CALLBACK *notify)(cl_event, cl_int, void *), void *user)
{
    if (fails("clSetEventCallback"))
        return faults.code;
    if (!faults.hold)
        return real.clSetEventCallback(event, status, notify, user);
    faults.hold = false;
    held.event = event;
    held.notify = notify;
    held.user = user;
    return CL_SUCCESS;
}

void faults_call_back(void)
{
    held.notify(held.event, CL_COMPLETE, held.user);
}

/* Whoever asks again is told the same. */
static bool has_failed(const void *event)
{
    for (size_t i = 0; i < object_count; i++)
        if (objects[i].object == event && objects[i].kind == EVENT) {
            if (!objects[i].asked)
                objects[i].failing = fails("clGetEventInfo");
            objects[i].asked = true;
            return objects[i].failing;
        }
    return false;
}

static cl_int CL_API_CALL fake_clGetEventInfo(
        cl_event event, cl_event_info info, size_t bytes, void *value, size_t *size)
{
    if (!faults.late && fails("clGetEventInfo"))
        return faults.code;
    cl_int status = real.clGetEventInfo(event, info, bytes, value, size);
    if (faults.late && *(cl_int *)value <= CL_COMPLETE && has_failed(event))
        *(cl_int *)value = faults.code;
    return status;
}

/* ---- Functions that enqueue -------------------------------------------------------- */

#define ENQUEUE(name, parameters, arguments)         \
    static cl_int CL_API_CALL fake_##name parameters \
    {                                                \
        if (fails(#name))                            \
            return faults.code;                      \
        cl_int status = real.name arguments;         \
        if (status == CL_SUCCESS)                    \
            (void)add(EVENT, *event);                \
        return status;                               \
    }

ENQUEUE(clEnqueueNDRangeKernel,
        (cl_command_queue queue, cl_kernel kernel, cl_uint dimensions,
                const size_t *offset, const size_t *global, const size_t *local,
                cl_uint count, const cl_event *list, cl_event *event),
        (queue, kernel, dimensions, offset, global, local, count, list, event))
ENQUEUE(clEnqueueWriteBuffer,
        (cl_command_queue queue, cl_mem memory, cl_bool blocking, size_t offset,
                size_t bytes, const void *host, cl_uint count, const cl_event *list,
                cl_event *event),
        (queue, memory, blocking, offset, bytes, host, count, list, event))
ENQUEUE(clEnqueueReadBuffer,
        (cl_command_queue queue, cl_mem memory, cl_bool blocking, size_t offset,
                size_t bytes, void *host, cl_uint count, const cl_event *list,
                cl_event *event),
        (queue, memory, blocking, offset, bytes, host, count, list, event))
ENQUEUE(clEnqueueCopyBuffer,
        (cl_command_queue queue, cl_mem from, cl_mem to, size_t from_offset,
                size_t to_offset, size_t bytes, cl_uint count, const cl_event *list,
                cl_event *event),
        (queue, from, to, from_offset, to_offset, bytes, count, list, event))
/* What the backend could not unmap: no driver frees an array that is mapped. */
static struct {
    cl_command_queue queue;
    cl_mem memory;
    void *address;
} not_unmapped;

static cl_int CL_API_CALL fake_clEnqueueUnmapMemObject(cl_command_queue queue,
        cl_mem memory, void *address, cl_uint count, const cl_event *list,
        cl_event *event)
{
    if (fails("clEnqueueUnmapMemObject")) {
        if (not_unmapped.memory)
            abort(); /* the device is lost: there is no second one */
        not_unmapped.queue = queue;
        not_unmapped.memory = memory;
        not_unmapped.address = address;
        return faults.code;
    }
    cl_int status = real.clEnqueueUnmapMemObject(
            queue, memory, address, count, list, event);
    if (status == CL_SUCCESS)
        (void)add(EVENT, *event);
    return status;
}

static void *CL_API_CALL fake_clEnqueueMapBuffer(cl_command_queue queue,
        cl_mem memory, cl_bool blocking, cl_map_flags flags, size_t offset,
        size_t bytes, cl_uint count, const cl_event *list, cl_event *event,
        cl_int *code)
{
    if (fails("clEnqueueMapBuffer")) {
        *code = faults.code;
        return NULL;
    }
    void *mapped = real.clEnqueueMapBuffer(queue, memory, blocking, flags, offset,
            bytes, count, list, event, code);
    if (mapped)
        (void)add(EVENT, *event);
    return mapped;
}

void faults_begin(struct pf_device *base)
{
    struct pf_opencl_library *cl = &pf_opencl_device(base)->cl;
    real = *cl;
    faults = (struct faults){ 0 };
    object_count = 0;
#define TAKE(name) cl->name = fake_##name
    TAKE(clCreateContext), TAKE(clCreateCommandQueue), TAKE(clCreateBuffer);
    TAKE(clCreateProgramWithSource), TAKE(clCreateProgramWithBinary);
    TAKE(clCreateKernel), TAKE(clReleaseContext), TAKE(clReleaseCommandQueue);
    TAKE(clReleaseMemObject), TAKE(clReleaseProgram), TAKE(clReleaseKernel);
    TAKE(clReleaseEvent), TAKE(clBuildProgram), TAKE(clGetProgramInfo);
    TAKE(clGetProgramBuildInfo), TAKE(clGetKernelWorkGroupInfo);
    TAKE(clSetKernelArg), TAKE(clFlush), TAKE(clSetEventCallback);
    TAKE(clGetEventProfilingInfo), TAKE(clGetEventInfo);
    TAKE(clEnqueueNDRangeKernel), TAKE(clEnqueueWriteBuffer);
    TAKE(clEnqueueReadBuffer), TAKE(clEnqueueUnmapMemObject);
    TAKE(clEnqueueMapBuffer), TAKE(clEnqueueCopyBuffer);
#undef TAKE
}

static void release(enum kind kind, void *object)
{
    switch (kind) {
    case EVENT:
        real.clReleaseEvent(object);
        break;
    case KERNEL:
        real.clReleaseKernel(object);
        break;
    case PROGRAM:
        real.clReleaseProgram(object);
        break;
    case MEMORY:
        real.clReleaseMemObject(object);
        break;
    case QUEUE:
        real.clReleaseCommandQueue(object);
        break;
    case CONTEXT:
        real.clReleaseContext(object);
    }
}

/* Nothing is broken but what we broke: the driver finishes what it was given. */
static void finish_queues(void)
{
    void *library = dlopen("libOpenCL.so.1", RTLD_NOW);
    void *symbol = library ? dlsym(library, "clFinish") : NULL;
    cl_int(CL_API_CALL * finish)(cl_command_queue);
    if (!symbol)
        abort();
    memcpy(&finish, &symbol, sizeof finish);
    for (size_t i = 0; i < object_count; i++)
        if (objects[i].kind == QUEUE)
            (void)finish(objects[i].object);
    (void)dlclose(library);
}

void faults_end(void)
{
    if (not_unmapped.memory)
        (void)real.clEnqueueUnmapMemObject(not_unmapped.queue, not_unmapped.memory,
                not_unmapped.address, 0, NULL, NULL);
    not_unmapped.memory = NULL;
    finish_queues();
    for (int kind = EVENT; kind <= CONTEXT; kind++)
        for (size_t i = 0; i < object_count; i++)
            if ((int)objects[i].kind == kind)
                release(objects[i].kind, objects[i].object);
    object_count = 0;
}
