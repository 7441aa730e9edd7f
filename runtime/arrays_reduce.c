/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrays_reduce.c: a partition's item values on a device become its contribution to
 * a reduction.  Whole blocks are reduced there where that pays; the values at both
 * ends, in blocks shared with the neighbours, come back as they are.
 */
#include "runtime/arrays_inside.h"

#include "runtime/base/error.h"

#include <stdlib.h>

/* Where the partition's whole blocks lie among its items. */
static void find_blocks(const struct pf_lane *lane, struct pf_staged *staged)
{
    const size_t block = PF_REDUCE_BLOCK;
    const size_t begin = lane->part.first;
    const size_t first = (begin + block - 1) / block;
    const size_t end = (begin + lane->part.count) / block;

    staged->block_count = 0;
    staged->head = lane->part.count;
    staged->tail = 0;
    if (!staged->reducer || end <= first)
        return;
    staged->block_count = end - first;
    staged->head = first * block - begin;
    staged->tail = begin + lane->part.count - end * block;
}

static void give_blocks(struct pf_arrays *arrays, struct pf_staged *staged)
{
    pf_spares_give(arrays->driver, staged->blocks, staged->blocks_bytes);
    pf_spares_give_host(arrays->driver, staged->blocks_bounce, staged->blocks_room);
    staged->blocks = NULL;
    staged->blocks_bounce = NULL;
    staged->blocks_bytes = staged->blocks_room = 0;
}

static enum parfun_status reserve_blocks(
        struct pf_arrays *arrays, struct pf_staged *staged, size_t bytes)
{
    if (staged->blocks_bytes >= bytes && staged->blocks_room >= bytes)
        return PARFUN_OK;
    give_blocks(arrays, staged);
    staged->blocks_bounce =
            pf_spares_take_host(arrays->driver, bytes, &staged->blocks_room);
    if (!staged->blocks_bounce)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no host memory for a reduction on %s",
                arrays->call->kernel->name, arrays->device->name);
    return pf_spares_take(
            arrays->driver, bytes, &staged->blocks, &staged->blocks_bytes);
}

/* The index of an item's value in the staged memory. */
static size_t index_of(
        const struct pf_arrays *arrays, const struct pf_lane *lane, size_t item)
{
    return arrays->spread ? item : item - lane->first;
}

static enum parfun_status read_back(struct pf_arrays *arrays, unsigned l,
        struct pf_memory *memory, size_t offset, char *host, size_t bytes)
{
    const struct pf_copy copy = {
        .memory = memory,
        .offset = offset,
        .host = host,
        .rows = 1,
        .row_bytes = bytes,
    };

    if (!bytes)
        return PARFUN_OK;
    arrays->bytes_out += bytes;
    return arrays->device->backend->read(arrays->device, l, &copy);
}

static enum parfun_status reduce_blocks(struct pf_arrays *arrays, unsigned l,
        const struct pf_call_argument *argument, struct pf_staged *staged)
{
    const size_t bytes =
            staged->block_count * pf_reduce_result_bytes(&argument->reduction);
    const struct pf_lane *lane = &arrays->lane[l];
    const uint64_t first = index_of(arrays, lane, lane->first + staged->head);
    struct pf_launch_argument arguments[3] = {
        { .memory = staged->memory },
        { .value = &first, .bytes = sizeof first },
        { 0 },
    };
    const struct pf_launch launch = {
        .size = { staged->block_count * PF_REDUCE_LANES, 1, 1 },
        .arguments = arguments,
    };

    PF_TRY(reserve_blocks(arrays, staged, bytes));
    arguments[2].memory = staged->blocks;
    PF_TRY(arrays->device->backend->launch(
            arrays->device, l, staged->reducer, &launch));
    return read_back(arrays, l, staged->blocks, 0, staged->blocks_bounce, bytes);
}

enum parfun_status pf_arrays_reduce_out(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const size_t bytes = argument->element_bytes;
    struct pf_lane *lane = &arrays->lane[l];
    struct pf_staged *staged = &lane->staged[index];

    find_blocks(lane, staged);
    if (staged->block_count)
        PF_TRY(reduce_blocks(arrays, l, argument, staged));
    PF_TRY(read_back(arrays, l, staged->memory,
            index_of(arrays, lane, lane->first) * bytes, staged->bounce,
            staged->head * bytes));
    return read_back(arrays, l, staged->memory,
            index_of(arrays, lane, lane->first + lane->part.count - staged->tail)
                    * bytes,
            staged->bounce + staged->head * bytes, staged->tail * bytes);
}

void pf_arrays_reduce_collect(const struct pf_arrays *arrays, unsigned l,
        unsigned index, struct pf_reduce_part *part)
{
    const struct pf_staged *staged = &arrays->lane[l].staged[index];
    const size_t bytes = arrays->call->arguments[index].element_bytes;

    if (staged->head)
        pf_reduce_part_values(part, staged->bounce, staged->head);
    if (staged->block_count)
        pf_reduce_part_blocks(part, staged->blocks_bounce, staged->block_count);
    if (staged->tail)
        pf_reduce_part_values(
                part, staged->bounce + staged->head * bytes, staged->tail);
}
