/* SPDX-License-Identifier: Apache-2.0 */
/* status.c: OpenCL's error codes: their names, and what they mean for a device. */
#include "backends/opencl/opencl.h"

static const struct {
    cl_int code;
    const char *name;
} names[] = {
#define NAME(code) { code, #code }
    NAME(CL_DEVICE_NOT_FOUND), NAME(CL_DEVICE_NOT_AVAILABLE),
    NAME(CL_COMPILER_NOT_AVAILABLE), NAME(CL_MEM_OBJECT_ALLOCATION_FAILURE),
    NAME(CL_OUT_OF_RESOURCES), NAME(CL_OUT_OF_HOST_MEMORY),
    NAME(CL_PROFILING_INFO_NOT_AVAILABLE), NAME(CL_MEM_COPY_OVERLAP),
    NAME(CL_IMAGE_FORMAT_MISMATCH), NAME(CL_IMAGE_FORMAT_NOT_SUPPORTED),
    NAME(CL_BUILD_PROGRAM_FAILURE), NAME(CL_MAP_FAILURE),
    NAME(CL_MISALIGNED_SUB_BUFFER_OFFSET),
    NAME(CL_EXEC_STATUS_ERROR_FOR_EVENTS_IN_WAIT_LIST),
    NAME(CL_COMPILE_PROGRAM_FAILURE), NAME(CL_LINKER_NOT_AVAILABLE),
    NAME(CL_LINK_PROGRAM_FAILURE), NAME(CL_DEVICE_PARTITION_FAILED),
    NAME(CL_KERNEL_ARG_INFO_NOT_AVAILABLE), NAME(CL_INVALID_VALUE),
    NAME(CL_INVALID_DEVICE_TYPE), NAME(CL_INVALID_PLATFORM),
    NAME(CL_INVALID_DEVICE), NAME(CL_INVALID_CONTEXT),
    NAME(CL_INVALID_QUEUE_PROPERTIES), NAME(CL_INVALID_COMMAND_QUEUE),
    NAME(CL_INVALID_HOST_PTR), NAME(CL_INVALID_MEM_OBJECT),
    NAME(CL_INVALID_IMAGE_FORMAT_DESCRIPTOR), NAME(CL_INVALID_IMAGE_SIZE),
    NAME(CL_INVALID_SAMPLER), NAME(CL_INVALID_BINARY),
    NAME(CL_INVALID_BUILD_OPTIONS), NAME(CL_INVALID_PROGRAM),
    NAME(CL_INVALID_PROGRAM_EXECUTABLE), NAME(CL_INVALID_KERNEL_NAME),
    NAME(CL_INVALID_KERNEL_DEFINITION), NAME(CL_INVALID_KERNEL),
    NAME(CL_INVALID_ARG_INDEX), NAME(CL_INVALID_ARG_VALUE),
    NAME(CL_INVALID_ARG_SIZE), NAME(CL_INVALID_KERNEL_ARGS),
    NAME(CL_INVALID_WORK_DIMENSION), NAME(CL_INVALID_WORK_GROUP_SIZE),
    NAME(CL_INVALID_WORK_ITEM_SIZE), NAME(CL_INVALID_GLOBAL_OFFSET),
    NAME(CL_INVALID_EVENT_WAIT_LIST), NAME(CL_INVALID_EVENT),
    NAME(CL_INVALID_OPERATION), NAME(CL_INVALID_GL_OBJECT),
    NAME(CL_INVALID_BUFFER_SIZE), NAME(CL_INVALID_MIP_LEVEL),
    NAME(CL_INVALID_GLOBAL_WORK_SIZE), NAME(CL_INVALID_PROPERTY),
    NAME(CL_INVALID_IMAGE_DESCRIPTOR), NAME(CL_INVALID_COMPILER_OPTIONS),
    NAME(CL_INVALID_LINKER_OPTIONS), NAME(CL_INVALID_DEVICE_PARTITION_COUNT),
#undef NAME
    { -1001, "CL_PLATFORM_NOT_FOUND_KHR" },            /* of the loader */
    { -9999, "an illegal read or write by a kernel" }, /* NVIDIA's own */
};

const char *pf_opencl_status_name(cl_int code)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (names[i].code == code)
            return names[i].name;
    return "unknown OpenCL error";
}

static bool lacks_memory(cl_int code)
{
    return code == CL_MEM_OBJECT_ALLOCATION_FAILURE
            || code == CL_OUT_OF_HOST_MEMORY;
}

static enum parfun_status fail(const struct pf_opencl_device *device,
        enum parfun_status status, const char *what, const char *call, cl_int code)
{
    return pf_fail(status, "%s on %s (%s): %s: %s (%d)", what, device->base.name,
            device->base.selector, call, pf_opencl_status_name(code), (int)code);
}

enum parfun_status pf_opencl_fail_create(struct pf_opencl_device *device,
        const char *what, const char *call, cl_int code)
{
    if (lacks_memory(code) || code == CL_OUT_OF_RESOURCES)
        return fail(device, PARFUN_NO_MEMORY, what, call, code);
    device->lost = true;
    return fail(device, PARFUN_DEVICE_FAILED, what, call, code);
}

enum parfun_status pf_opencl_fail_run(struct pf_opencl_device *device,
        const char *what, const char *call, cl_int code)
{
    if (lacks_memory(code))
        return fail(device, PARFUN_NO_MEMORY, what, call, code);
    device->lost = true;
    return fail(device, PARFUN_DEVICE_FAILED, what, call, code);
}

/* A device that is not sound says the same, but then what was asked of it before fails,
 * too, and is looked at before anything else is asked. */
enum parfun_status pf_opencl_fail_launch(
        struct pf_opencl_device *device, const char *what, cl_int code)
{
    if (code != CL_OUT_OF_RESOURCES)
        return pf_opencl_fail_run(device, what, "clEnqueueNDRangeKernel", code);
    return pf_fail(PARFUN_UNSUPPORTED,
            "%s on %s (%s): its work-groups need more registers or local memory than "
            "the device has (clEnqueueNDRangeKernel: CL_OUT_OF_RESOURCES); make "
            "workgroup() smaller, or choose \"threads\"",
            what, device->base.name, device->base.selector);
}

enum parfun_status pf_opencl_check(const struct pf_opencl_device *device)
{
    if (!device->lost)
        return PARFUN_OK;
    return pf_fail(PARFUN_DEVICE_FAILED,
            "%s (%s) failed earlier and is not used any more", device->base.name,
            device->base.selector);
}
