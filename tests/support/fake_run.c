/* SPDX-License-Identifier: Apache-2.0 */
/* fake_run.c: a fake device's work: copies, and native code over a whole range. */
#include "runtime/base/error.h"
#include "support/fake_device.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 128, FREE_GROUP = 64 };

static _Thread_local bool running;

bool fake_is_running(void)
{
    return running;
}

static struct fake_memory *inside(struct pf_memory *memory)
{
    return (struct fake_memory *)(void *)memory;
}

static void copy_rows(const struct pf_copy *copy, bool to_device)
{
    unsigned char *there = inside(copy->memory)->data + copy->offset,
                  *here = copy->host;
    for (size_t row = 0; row < copy->rows && there != here; row++) {
        unsigned char *on_device = there + row * copy->memory_pitch,
                      *on_host = here + row * copy->host_pitch;
        if (to_device)
            memcpy(on_device, on_host, copy->row_bytes);
        else
            memcpy(on_host, on_device, copy->row_bytes);
    }
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

static struct parfun_ndrange make_range(
        const struct fake_code *code, const struct pf_launch *launch)
{
    struct parfun_ndrange range = { .dimensions = code->dimensions,
        .abi = PARFUN_KERNEL_ABI };
    for (unsigned i = 0; i < 3; i++) {
        bool used = i < code->dimensions;
        size_t group = code->group[0] ? code->group[i] : i ? 1 : FREE_GROUP;
        range.global_size[i] = used ? launch->size[i] : 1;
        range.local_size[i] =
                group < range.global_size[i] ? group : range.global_size[i];
        range.group_count[i] = (range.global_size[i] + range.local_size[i] - 1)
                / range.local_size[i];
        range.group_end[i] = range.group_count[i];
    }
    if (code->absolute)
        range.global_offset[code->dimensions - 1] = launch->first;
    return range;
}

static enum parfun_status run_kernel(const struct fake_operation *operation)
{
    const struct fake_code *code = &operation->code;
    const struct parfun_kernel *kernel = code->kernel;
    struct parfun_ndrange range = make_range(code, &operation->launch);
    size_t items = range.local_size[0] * range.local_size[1] * range.local_size[2];
    for (unsigned i = 0; i < kernel->parameter_count; i++)
        if (kernel->parameters[i].space == PARFUN_LOCAL_SPACE)
            range.local_bytes += aligned(operation->arguments[i].bytes);
    range.scratch_bytes =
            code->variant->scratch_fixed + code->variant->scratch_item * items;
    range.local_memory = aligned_alloc(ALIGNMENT, aligned(range.local_bytes + 1));
    range.scratch = aligned_alloc(ALIGNMENT, aligned(range.scratch_bytes + 1));
    void **values = calloc(kernel->parameter_count + 1u, sizeof *values);
    void **pointers = calloc(kernel->parameter_count + 1u, sizeof *pointers);
    bool complete = range.local_memory && range.scratch && values && pointers;
    for (unsigned i = 0; complete && i < kernel->parameter_count; i++) {
        struct pf_launch_argument *argument = &operation->arguments[i];
        pointers[i] = &values[i];
        if (argument->memory)
            values[i] = (void *)((uintptr_t)inside(argument->memory)->data
                    + (uintptr_t)argument->offset);
        else
            pointers[i] = argument->value ? (void *)(uintptr_t)argument->value
                                          : (void *)&argument->bytes;
    }
    running = true;
    if (complete)
        code->variant->run(&range, pointers);
    running = false;
    free(range.local_memory);
    free(range.scratch);
    free(values);
    free(pointers);
    return complete ? PARFUN_OK : pf_fail(PARFUN_NO_MEMORY, "fake launch");
}

enum parfun_status fake_execute(const struct fake_operation *operation)
{
    if (operation->late != PARFUN_OK)
        return pf_fail(operation->late, "fake failure that came late");
    if (operation->call == FAKE_LAUNCH)
        return run_kernel(operation);
    if (operation->call == FAKE_MOVE) {
        const struct pf_move *move = &operation->move;
        memcpy(inside(move->to)->data + move->to_offset,
                inside(move->from)->data + move->from_offset, move->bytes);
        return PARFUN_OK;
    }
    copy_rows(&operation->copy, operation->call == FAKE_WRITE);
    return PARFUN_OK;
}
