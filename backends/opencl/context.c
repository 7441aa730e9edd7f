/* SPDX-License-Identifier: Apache-2.0 */
/* context.c: a device's context and lanes, made when it is first used. */
#include "backends/opencl/opencl.h"

#include "runtime/base/clock.h"

struct pf_opencl_device *pf_opencl_device(struct pf_device *device)
{
    return (struct pf_opencl_device *)(void *)device; /* its first member */
}

enum { MOST_NS = 1000000000 }; /* to wait for work that nobody has waited for */

/* A call that failed half-way leaves commands behind; most are done long since. */
static void drain_lanes(struct pf_opencl_device *device)
{
    for (unsigned i = 0; i < device->base.lanes && !device->lost; i++) {
        uint64_t mark;
        bool reached = true;
        if (!device->lanes[i] || !pf_opencl_lane_holds(device->lanes[i]))
            continue;
        if (pf_opencl_mark(&device->base, i, &mark) == PARFUN_OK)
            (void)pf_opencl_wait(&device->base, i, mark, pf_clock_ns() + MOST_NS,
                    &reached, NULL);
        device->lost = device->lost || !reached;
    }
}

/* False if a lane had to be leaked. */
static bool destroy_lanes(struct pf_opencl_device *device)
{
    bool all = true;
    for (unsigned i = 0; i < device->base.lanes; i++) {
        all = pf_opencl_lane_destroy(device, device->lanes[i]) && all;
        device->lanes[i] = NULL;
    }
    return all;
}

enum parfun_status pf_opencl_context_need(struct pf_opencl_device *device)
{
    if (device->context)
        return PARFUN_OK;
    const cl_context_properties properties[] = { CL_CONTEXT_PLATFORM,
        (cl_context_properties)device->platform, 0 };
    cl_int code;
    device->context = device->cl.clCreateContext(
            properties, 1, &device->id, NULL, NULL, &code);
    if (!device->context)
        return pf_opencl_fail_create(device, "a context", "clCreateContext", code);
    for (unsigned i = 0; i < device->base.lanes; i++) {
        enum parfun_status status =
                pf_opencl_lane_create(device, &device->lanes[i]);
        if (status != PARFUN_OK) {
            pf_opencl_context_finish(device);
            return status;
        }
    }
    return PARFUN_OK;
}

void pf_opencl_context_finish(struct pf_opencl_device *device)
{
    drain_lanes(device);
    bool idle = destroy_lanes(device);
    if (device->context && idle && !device->lost)
        device->cl.clReleaseContext(device->context);
    device->context = NULL;
}

void pf_opencl_give_up(struct pf_device *device)
{
    pf_opencl_device(device)->lost = true;
}
