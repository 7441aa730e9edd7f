/* SPDX-License-Identifier: Apache-2.0 */
/* times.c: when commands ran, in the host's clock. */
#include "backends/opencl/opencl.h"

struct event_times {
    cl_ulong queued, start, end;
};

static bool get_times(const struct pf_opencl_library *cl, cl_event event,
        struct event_times *times)
{
    const struct {
        cl_profiling_info info;
        cl_ulong *time;
    } wanted[] = {
        { CL_PROFILING_COMMAND_QUEUED, &times->queued },
        { CL_PROFILING_COMMAND_START, &times->start },
        { CL_PROFILING_COMMAND_END, &times->end },
    };
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        if (cl->clGetEventProfilingInfo(event, wanted[i].info,
                    sizeof *wanted[i].time, wanted[i].time, NULL)
                != CL_SUCCESS)
            return false;
    return true;
}

/* Times that can not be true are replaced by the host's: from the enqueue to the mark. */
void pf_opencl_times_add(struct pf_lane_times *times,
        const struct pf_opencl_library *cl, cl_event event,
        const struct pf_opencl_span *done, struct pf_opencl_clock *clock)
{
    struct event_times device = { 0, 0, 0 };
    const bool known = get_times(cl, event, &device);
    const uint64_t done_ns = done->done_ns;
    uint64_t begin_ns = done->before_ns, end_ns = done_ns;
    if (known && device.queued <= device.start && device.start <= device.end
            && device.end - device.start <= end_ns - begin_ns) {
        if (done->after_ns - done->before_ns < clock->error_ns) {
            clock->error_ns = done->after_ns - done->before_ns;
            clock->add_ns = done->after_ns - device.queued;
        }
        uint64_t length = device.end - device.start;
        end_ns = device.end + clock->add_ns;
        if (end_ns > done_ns || end_ns < done->before_ns + length)
            end_ns = done_ns;
        begin_ns = end_ns - length;
    }
    double seconds = (double)(end_ns - begin_ns) * 1e-9;
    switch (done->work) {
    case PF_OPENCL_COPY_IN:
        times->copy_in_s += seconds;
        break;
    case PF_OPENCL_COPY_OUT:
        times->copy_out_s += seconds;
        break;
    case PF_OPENCL_KERNEL:
        times->kernel_s += seconds;
        if (!times->begin_ns || begin_ns < times->begin_ns)
            times->begin_ns = begin_ns;
        if (end_ns > times->end_ns)
            times->end_ns = end_ns;
    }
}
