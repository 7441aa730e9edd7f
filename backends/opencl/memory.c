/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory.c: arrays on a device, and copies to and from them.
 *
 * The sum of all arrays has a budget of ours: some drivers allocate at first use
 * and end the process when there is no memory.  With zero copy an array is the
 * caller's memory; a range changes hands by mapping it and unmapping it again, so
 * that no mapping is left to be forgotten.
 */
#include "backends/opencl/opencl.h"

#include <stdlib.h>

struct pf_opencl_memory *pf_opencl_memory(struct pf_memory *memory)
{
    return (struct pf_opencl_memory *)(void *)memory;
}

/* What is read and written is never shared: a partition must be able to run again
 * elsewhere if the device fails. */
static bool may_share(
        const struct pf_opencl_device *device, const void *host, unsigned access)
{
    return host && device->zero_copy
            && (device->base.limits.shared_memory || device->zero_copy_forced)
            && (access == PF_ACCESS_READ || access == PF_ACCESS_WRITE)
            && (uintptr_t)host % device->base.limits.alignment == 0;
}

static enum parfun_status check_budget(
        const struct pf_opencl_device *device, size_t bytes, size_t charged)
{
    const struct pf_device_limits *limits = &device->base.limits;
    if (bytes > limits->allocation_bytes)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s (%s) takes no array of %zu bytes, at most %zu; make it smaller, "
                "or choose \"threads\"",
                device->base.name, device->base.selector, bytes,
                limits->allocation_bytes);
    if (charged > limits->memory_bytes - device->memory_used)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s (%s) has no memory for %zu bytes more: %zu of %zu are used; "
                "make the partitions smaller, or choose \"threads\"",
                device->base.name, device->base.selector, charged,
                device->memory_used, limits->memory_bytes);
    return PARFUN_OK;
}

enum parfun_status pf_opencl_memory_create(struct pf_device *base, size_t bytes,
        void *host, unsigned access, struct pf_memory **result, bool *zero_copy)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    PF_TRY(pf_opencl_check(device));
    PF_TRY(pf_opencl_context_need(device));
    bytes = bytes ? bytes : 1; /* OpenCL has no empty buffers */
    bool shared = may_share(device, host, access);
    size_t charged = shared && base->limits.shared_memory ? 0 : bytes;
    PF_TRY(check_budget(device, bytes, charged));

    struct pf_opencl_memory *memory = calloc(1, sizeof *memory);
    if (!memory)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for an OpenCL buffer");
    cl_mem_flags flags = access == PF_ACCESS_READ ? CL_MEM_READ_ONLY
            : access == PF_ACCESS_WRITE           ? CL_MEM_WRITE_ONLY
                                                  : CL_MEM_READ_WRITE;
    if (shared)
        flags |= CL_MEM_USE_HOST_PTR;
    cl_int code;
    memory->object = device->cl.clCreateBuffer(
            device->context, flags, bytes, shared ? host : NULL, &code);
    if (!memory->object) {
        free(memory);
        return pf_opencl_fail_create(device, "an array", "clCreateBuffer", code);
    }
    memory->bytes = bytes;
    memory->charged = charged;
    memory->host = shared ? host : NULL;
    device->memory_used += memory->charged;
    *result = (struct pf_memory *)(void *)memory;
    *zero_copy = shared;
    return PARFUN_OK;
}

void pf_opencl_memory_destroy(struct pf_device *base, struct pf_memory *opaque)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    struct pf_opencl_memory *memory = pf_opencl_memory(opaque);
    if (!memory)
        return;
    if (!device->lost)
        device->cl.clReleaseMemObject(memory->object);
    device->memory_used -= memory->charged;
    free(memory);
}

/* ---- Copies -------------------------------------------------------------------- */

static enum parfun_status check_copy(
        const struct pf_opencl_device *device, const struct pf_copy *copy)
{
    const struct pf_opencl_memory *memory = pf_opencl_memory(copy->memory);
    size_t last = 0;
    if (copy->offset <= memory->bytes && copy->row_bytes <= memory->bytes
            && !__builtin_mul_overflow(copy->rows - 1, copy->memory_pitch, &last)
            && last <= memory->bytes - copy->row_bytes
            && copy->offset <= memory->bytes - copy->row_bytes - last)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s (%s): a copy of %zu rows of %zu bytes at %zu leaves its array of "
            "%zu bytes",
            device->base.name, device->base.selector, copy->rows, copy->row_bytes,
            copy->offset, memory->bytes);
}

/* Whether the copy's host range is the memory itself. */
static bool in_place(
        const struct pf_opencl_memory *memory, const struct pf_copy *copy)
{
    return memory->host && copy->host == memory->host + copy->offset
            && (copy->rows == 1 || copy->host_pitch == copy->memory_pitch);
}

/* The whole range between the first row and the last. */
static size_t range_bytes(const struct pf_copy *copy)
{
    return (copy->rows - 1) * copy->memory_pitch + copy->row_bytes;
}

static enum parfun_status hand_over(struct pf_opencl_device *device,
        struct pf_opencl_lane *lane, enum pf_opencl_work work,
        const struct pf_copy *copy)
{
    /* "Invalidate": nothing may come back over what the host has written. */
    cl_map_flags flags = work == PF_OPENCL_COPY_IN ? CL_MAP_WRITE_INVALIDATE_REGION
                                                   : CL_MAP_READ;
    const struct pf_opencl_memory *memory = pf_opencl_memory(copy->memory);
    cl_command_queue queue = pf_opencl_lane_queue(lane);
    cl_event *event = pf_opencl_lane_reserve(lane, work, "a shared array");
    if (!event)
        return PARFUN_NO_MEMORY;
    cl_int code;
    void *mapped = device->cl.clEnqueueMapBuffer(queue, memory->object, CL_FALSE,
            flags, copy->offset, range_bytes(copy), 0, NULL, event, &code);
    if (!mapped)
        return pf_opencl_fail_run(
                device, "a shared array", "clEnqueueMapBuffer", code);
    pf_opencl_lane_add(lane);

    event = pf_opencl_lane_reserve(lane, work, "a shared array");
    if (!event) {
        device->lost = true; /* a mapping without its end */
        return PARFUN_DEVICE_FAILED;
    }
    code = device->cl.clEnqueueUnmapMemObject(
            queue, memory->object, mapped, 0, NULL, event);
    if (code != CL_SUCCESS) {
        (void)pf_opencl_fail_run(
                device, "a shared array", "clEnqueueUnmapMemObject", code);
        device->lost = true; /* a mapping without its end, whatever the code */
        return PARFUN_DEVICE_FAILED;
    }
    pf_opencl_lane_add(lane);
    return PARFUN_OK;
}

static cl_int enqueue_copy(struct pf_opencl_device *device, cl_command_queue queue,
        enum pf_opencl_work work, const struct pf_copy *copy, cl_event *event)
{
    const struct pf_opencl_library *cl = &device->cl;
    cl_mem object = pf_opencl_memory(copy->memory)->object;
    if (copy->rows == 1)
        return work == PF_OPENCL_COPY_IN
                ? cl->clEnqueueWriteBuffer(queue, object, CL_FALSE, copy->offset,
                          copy->row_bytes, copy->host, 0, NULL, event)
                : cl->clEnqueueReadBuffer(queue, object, CL_FALSE, copy->offset,
                          copy->row_bytes, copy->host, 0, NULL, event);
    const size_t there[3] = { copy->offset, 0, 0 }, here[3] = { 0, 0, 0 },
                 region[3] = { copy->row_bytes, copy->rows, 1 };
    return work == PF_OPENCL_COPY_IN
            ? cl->clEnqueueWriteBufferRect(queue, object, CL_FALSE, there, here,
                      region, copy->memory_pitch, 0, copy->host_pitch, 0,
                      copy->host, 0, NULL, event)
            : cl->clEnqueueReadBufferRect(queue, object, CL_FALSE, there, here,
                      region, copy->memory_pitch, 0, copy->host_pitch, 0,
                      copy->host, 0, NULL, event);
}

static enum parfun_status enqueue(struct pf_opencl_device *device,
        struct pf_opencl_lane *lane, enum pf_opencl_work work,
        const struct pf_copy *copy)
{
    static const char *const what[] = {
        [PF_OPENCL_COPY_IN] = "a copy to it",
        [PF_OPENCL_COPY_OUT] = "a copy from it",
    };
    static const char *const calls[][2] = {
        [PF_OPENCL_COPY_IN] = { "clEnqueueWriteBuffer",
                "clEnqueueWriteBufferRect" },
        [PF_OPENCL_COPY_OUT] = { "clEnqueueReadBuffer", "clEnqueueReadBufferRect" },
    };
    cl_event *event = pf_opencl_lane_reserve(lane, work, what[work]);
    if (!event)
        return PARFUN_NO_MEMORY;
    cl_int code =
            enqueue_copy(device, pf_opencl_lane_queue(lane), work, copy, event);
    if (code != CL_SUCCESS)
        return pf_opencl_fail_run(
                device, what[work], calls[work][copy->rows > 1], code);
    pf_opencl_lane_add(lane);
    return PARFUN_OK;
}

/* NVIDIA's driver (580) refuses rectangles whose last row, filled up to the pitch,
 * would leave the memory. */
static bool has_whole_rows(const struct pf_copy *copy)
{
    return copy->offset + copy->rows * copy->memory_pitch
            <= pf_opencl_memory(copy->memory)->bytes;
}

static enum parfun_status transfer(struct pf_opencl_device *device, unsigned index,
        enum pf_opencl_work work, const struct pf_copy *copy)
{
    PF_TRY(pf_opencl_check(device));
    if (!copy->rows || !copy->row_bytes)
        return PARFUN_OK;
    PF_TRY(check_copy(device, copy));
    struct pf_opencl_lane *lane = device->lanes[index];
    if (in_place(pf_opencl_memory(copy->memory), copy))
        return hand_over(device, lane, work, copy);

    if (copy->rows == 1 || has_whole_rows(copy))
        return enqueue(device, lane, work, copy);
    struct pf_copy but_last = *copy, last = *copy;
    but_last.rows--;
    last.rows = 1;
    last.offset += but_last.rows * copy->memory_pitch;
    last.host = (char *)copy->host + but_last.rows * copy->host_pitch;
    PF_TRY(enqueue(device, lane, work, &but_last));
    return enqueue(device, lane, work, &last);
}

enum parfun_status pf_opencl_write(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy)
{
    return transfer(pf_opencl_device(device), lane, PF_OPENCL_COPY_IN, copy);
}

enum parfun_status pf_opencl_read(
        struct pf_device *device, unsigned lane, const struct pf_copy *copy)
{
    return transfer(pf_opencl_device(device), lane, PF_OPENCL_COPY_OUT, copy);
}

static bool is_inside(
        const struct pf_opencl_memory *memory, size_t offset, size_t bytes)
{
    return bytes <= memory->bytes && offset <= memory->bytes - bytes;
}

/* Its time counts as the kernel's: it is work of the device. */
enum parfun_status pf_opencl_move(
        struct pf_device *base, unsigned index, const struct pf_move *move)
{
    struct pf_opencl_device *device = pf_opencl_device(base);
    const struct pf_opencl_memory *from = pf_opencl_memory(move->from),
                                  *to = pf_opencl_memory(move->to);
    PF_TRY(pf_opencl_check(device));
    if (!move->bytes)
        return PARFUN_OK;
    if (!is_inside(from, move->from_offset, move->bytes)
            || !is_inside(to, move->to_offset, move->bytes))
        return pf_fail(PARFUN_INVALID,
                "%s (%s): a move of %zu bytes leaves an array of %zu or %zu bytes",
                base->name, base->selector, move->bytes, from->bytes, to->bytes);
    struct pf_opencl_lane *lane = device->lanes[index];
    cl_event *event =
            pf_opencl_lane_reserve(lane, PF_OPENCL_KERNEL, "a copy on it");
    if (!event)
        return PARFUN_NO_MEMORY;
    cl_int code = device->cl.clEnqueueCopyBuffer(pf_opencl_lane_queue(lane),
            from->object, to->object, move->from_offset, move->to_offset,
            move->bytes, 0, NULL, event);
    if (code != CL_SUCCESS)
        return pf_opencl_fail_run(
                device, "a copy on it", "clEnqueueCopyBuffer", code);
    pf_opencl_lane_add(lane);
    return PARFUN_OK;
}
