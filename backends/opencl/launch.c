/* SPDX-License-Identifier: Apache-2.0 */
/* launch.c: a partition's kernel with its arguments, into a lane. */
#include "backends/opencl/opencl.h"

/* Drivers align each local array for the largest vectors. */
enum { LOCAL_ALIGNMENT = 128 };

struct start {
    struct pf_opencl_device *device;
    struct pf_opencl_code *code;
    cl_kernel kernel;
    cl_uint next;      /* argument of the kernel */
    size_t local_left; /* bytes of local memory that nothing has taken */
};

static size_t round_down(size_t bytes)
{
    return bytes / LOCAL_ALIGNMENT * LOCAL_ALIGNMENT;
}

static enum parfun_status set(struct start *start, size_t bytes, const void *value)
{
    cl_int code = start->device->cl.clSetKernelArg(
            start->kernel, start->next++, bytes, value);
    if (code == CL_SUCCESS)
        return PARFUN_OK;
    return pf_opencl_fail_run(
            start->device, start->code->kernel->name, "clSetKernelArg", code);
}

/* Not left to drivers: PoCL 3 ends the process where local memory does not suffice. */
static enum parfun_status check_space(struct start *start, unsigned index,
        const struct pf_launch_argument *argument)
{
    const struct parfun_parameter *parameter =
            &start->code->kernel->parameters[index];
    const struct pf_device *device = &start->device->base;
    size_t bytes = argument->bytes, left = SIZE_MAX;
    const char *what = "local";
    if (parameter->space == PARFUN_LOCAL_SPACE)
        left = start->local_left;
    if (parameter->space == PARFUN_CONSTANT_SPACE) {
        bytes = pf_opencl_memory(argument->memory)->bytes;
        left = device->limits.constant_bytes;
        what = "constant";
    }
    if (bytes > left)
        return pf_fail(PARFUN_UNSUPPORTED,
                "%s (%s): argument '%s' needs %zu bytes of %s memory, where the "
                "device has %zu left",
                device->name, device->selector, parameter->name, bytes, what, left);
    if (parameter->space == PARFUN_LOCAL_SPACE)
        start->local_left = round_down(left - bytes);
    return PARFUN_OK;
}

static enum parfun_status check_offset(const struct start *start, unsigned index,
        const struct pf_launch_argument *argument)
{
    if (start->code->wrapped || !argument->offset)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s on %s (%s): %s begins %td bytes into its memory, which kernels "
            "with barriers or local memory can not",
            start->code->kernel->name, start->device->base.name,
            start->device->base.selector,
            start->code->kernel->parameters[index].name, argument->offset);
}

static enum parfun_status set_arguments(
        struct start *start, const struct pf_launch *launch)
{
    const struct pf_opencl_code *code = start->code;
    const struct parfun_kernel *kernel = code->kernel;
    for (unsigned i = 0; i < kernel->parameter_count; i++) {
        const struct pf_launch_argument *argument = &launch->arguments[i];
        PF_TRY(check_space(start, i, argument));
        PF_TRY(check_offset(start, i, argument));
        if (argument->memory)
            PF_TRY(set(start, sizeof(cl_mem),
                    &pf_opencl_memory(argument->memory)->object));
        else
            PF_TRY(set(start, argument->bytes, argument->value));
    }
    for (unsigned i = 0; code->wrapped && i < kernel->parameter_count; i++) {
        cl_long offset = launch->arguments[i].offset;
        if (kernel->parameters[i].space == PARFUN_GLOBAL_SPACE
                || kernel->parameters[i].space == PARFUN_CONSTANT_SPACE)
            PF_TRY(set(start, sizeof offset, &offset));
    }
    for (unsigned i = 0; code->guarded && i < code->dimensions; i++) {
        bool last = i + 1 == code->dimensions;
        cl_ulong end =
                launch->size[i] + (last && code->absolute ? launch->first : 0);
        PF_TRY(set(start, sizeof end, &end));
    }
    return PARFUN_OK;
}

/* ---- Work-groups ---------------------------------------------------------------- */

/* One shape for all sizes above a work-group; in narrow ranges the group spreads
 * over the next dimension.  Powers of two, so that there are few shapes: some
 * drivers compile the kernel for each. */
static void guarded_group(const struct pf_opencl_code *code,
        const struct pf_launch *launch, size_t local[3])
{
    size_t room = code->free_group;
    for (unsigned i = 0; i < code->dimensions; i++) {
        const size_t most = code->device->base.limits.group_size[i];
        bool last = i + 1 == code->dimensions;
        local[i] = 1;
        while (2 * local[i] <= room && 2 * local[i] <= most
                && (last || local[i] < launch->size[i]))
            local[i] *= 2;
        room /= local[i];
    }
}

/* Powers of two that divide the sizes. */
static void exact_group(const struct pf_opencl_code *code,
        const struct pf_launch *launch, size_t local[3])
{
    size_t room = code->free_group;
    for (unsigned i = 0; i < code->dimensions; i++) {
        const size_t most = code->device->base.limits.group_size[i];
        local[i] = 1;
        while (2 * local[i] <= room && 2 * local[i] <= most
                && launch->size[i] % (2 * local[i]) == 0)
            local[i] *= 2;
        room /= local[i];
    }
}

/* NULL: the driver's choice. */
static const size_t *choose_group(const struct pf_opencl_code *code,
        const struct pf_launch *launch, size_t local[3], size_t global[3])
{
    for (unsigned i = 0; i < code->dimensions; i++)
        global[i] = launch->size[i];
    if (code->group[0])
        return code->group;
    if (!code->guarded) {
        exact_group(code, launch, local);
        bool small = local[0] * local[1] * local[2] < 32;
        bool costly = code->device->base.kind == PF_DEVICE_CPU;
        return small && !costly ? NULL : local;
    }
    guarded_group(code, launch, local);
    for (unsigned i = 0; i < code->dimensions; i++)
        global[i] = (global[i] + local[i] - 1) / local[i] * local[i];
    return local;
}

static enum parfun_status check_group(
        const struct pf_opencl_code *code, const struct pf_launch *launch)
{
    for (unsigned i = 0; code->group[0] && i < code->dimensions; i++)
        if (launch->size[i] % code->group[i])
            return pf_fail(PARFUN_INVALID,
                    "%s: %zu work-items in dimension %u are no multiple of its "
                    "work-group's %zu",
                    code->kernel->name, launch->size[i], i, code->group[i]);
    return PARFUN_OK;
}

/* ---- PoCL before 6 --------------------------------------------------------------- */

/* It compiles a kernel for each shape of launch: the work-group, whether there is an
 * offset, and whether a dimension has more than 65535 work-items.  It then counts the
 * users of what it compiled by the work-group alone, and an assertion ends the program
 * if launches in several shapes were under way (lib/CL/devices/common.c,
 * pocl_release_dlhandle_cache).  So these wait for each other. */
static unsigned find_shape(const size_t *group, const size_t global[3],
        unsigned dimensions, bool shifted)
{
    enum { NARROW = 65535 };
    unsigned shape = shifted;
    for (unsigned i = 0; i < dimensions; i++) {
        shape = 2 * shape + (global[i] > NARROW);
        for (size_t items = group ? group[i] : 0; items > 1; items /= 2)
            shape += 16u << (5 * i); /* groups of our choice are powers of two */
    }
    return shape;
}

static cl_uint find_others(
        const struct start *start, unsigned shape, cl_event events[PF_OPENCL_LANES])
{
    cl_uint count = 0;
    for (unsigned i = 0; i < PF_OPENCL_LANES && start->device->shapes_apart; i++) {
        const struct pf_opencl_lane *lane = start->device->lanes[i];
        cl_event event =
                lane ? pf_opencl_lane_other_shape(lane, start->code, shape) : NULL;
        if (event)
            events[count++] = event;
    }
    return count;
}

static enum parfun_status enqueue(struct start *start, struct pf_opencl_lane *lane,
        const struct pf_launch *launch)
{
    struct pf_opencl_code *code = start->code;
    const char *name = code->kernel->name;
    size_t local[3] = { 1, 1, 1 }, global[3], offset[3] = { 0, 0, 0 };
    const size_t *group = choose_group(code, launch, local, global);
    bool shifted = code->absolute && launch->first;
    offset[code->dimensions - 1] = launch->first;
    const unsigned shape = find_shape(group, global, code->dimensions, shifted);
    cl_event others[PF_OPENCL_LANES];
    const cl_uint count = find_others(start, shape, others);

    cl_event *event = pf_opencl_lane_reserve(lane, PF_OPENCL_KERNEL, name);
    if (!event)
        return PARFUN_NO_MEMORY;
    cl_int status =
            start->device->cl.clEnqueueNDRangeKernel(pf_opencl_lane_queue(lane),
                    start->kernel, code->dimensions, shifted ? offset : NULL,
                    global, group, count, count ? others : NULL, event);
    if (status != CL_SUCCESS)
        return pf_opencl_fail_launch(start->device, name, status);
    pf_opencl_lane_add_launch(lane, code, shape);
    return PARFUN_OK;
}

enum parfun_status pf_opencl_launch(struct pf_device *base, unsigned index,
        struct pf_code *opaque, const struct pf_launch *launch)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    struct pf_opencl_code *code = pf_opencl_code(opaque);
    PF_TRY(pf_opencl_check(device));
    PF_TRY(check_group(code, launch));
    struct start start = {
        .device = device,
        .code = code,
        .kernel = code->kernels[index],
        .local_left =
                round_down(device->base.limits.local_bytes - code->local_bytes),
    };
    PF_TRY(set_arguments(&start, launch));
    return enqueue(&start, device->lanes[index], launch);
}
