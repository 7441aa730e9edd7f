/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host.c: native partitions.  A kernel whose results are reduced or packed runs in
 * tiles that stay in the first-level cache, and each tile is combined at once; or in
 * whole blocks of a reduction, if there is native code that reduces as it goes.
 */
#include "runtime/host.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

enum {
    TILE_BYTES = 8192,  /* of one output: its inputs pass through the same cache */
    AHEAD_BYTES = 1024, /* of the next tile's input */
    LINE_BYTES = 64,
    ALIGNMENT = 128,
    BATCH = 256 /* blocks reduced before their results are joined */
};

struct pf_host {
    struct pf_host *next;
    const struct pf_call *call;
    const struct parfun_variant *variant;
    struct parfun_ndrange range;
    size_t tile;           /* items; 0: partitions run in one box */
    uint64_t items, first; /* wide enough for any integer parameter */
    bool accumulated;

    char *memory; /* scratch, local, tiles, copies, in this order */
    size_t memory_bytes;

    unsigned room;    /* of the tables below */
    void **arguments; /* what native code gets */
    union {
        void *pointer;
        size_t bytes;
    } *values;     /* what arguments point at */
    char **buffer; /* in `memory`: tile, or copy, of an argument */
    size_t *steps; /* bytes from item to item */
};

enum parfun_status pf_host_pool_init(struct pf_host_pool *pool)
{
    pool->idle = NULL;
    return pf_lock_init(&pool->lock);
}

static void destroy(struct pf_host *host)
{
    if (!host)
        return;
    free(host->memory);
    free(host->arguments);
    free(host->values);
    free(host->buffer);
    free(host->steps);
    free(host);
}

void pf_host_pool_finish(struct pf_host_pool *pool)
{
    while (pool->idle) {
        struct pf_host *host = pool->idle;

        pool->idle = host->next;
        destroy(host);
    }
    pf_lock_finish(&pool->lock);
}

static size_t aligned(size_t bytes)
{
    return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
}

/* Outputs of one value per item that go through a tile. */
static bool is_tiled(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_FLAG
            || (argument->plan->role == PF_ROLE_ARRAY
                    && argument->plan->combine == PF_COMBINE_REDUCE);
}

static bool is_copied(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_ACCUMULATE
            && !pf_combine_by_partition(argument);
}

static size_t tile_items(const struct pf_call *call)
{
    size_t widest = 0, items;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (is_tiled(&call->arguments[i])
                && call->arguments[i].element_bytes > widest)
            widest = call->arguments[i].element_bytes;
    if (!widest)
        return 0;
    items = TILE_BYTES / widest / PF_REDUCE_BLOCK * PF_REDUCE_BLOCK;
    if (items == 0)
        items = PF_REDUCE_BLOCK;
    return (items + call->multiple - 1) / call->multiple * call->multiple;
}

static enum parfun_status reserve_tables(struct pf_host *host, unsigned n)
{
    if (n <= host->room)
        return PARFUN_OK;
    free(host->arguments), free(host->values), free(host->buffer);
    free(host->steps);
    host->room = 0;
    host->arguments = calloc(n, sizeof *host->arguments);
    host->values = calloc(n, sizeof *host->values);
    host->buffer = calloc(n, sizeof *host->buffer);
    host->steps = calloc(n, sizeof *host->steps);
    if (!host->arguments || !host->values || !host->buffer || !host->steps)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a worker's arguments");
    host->room = n;
    return PARFUN_OK;
}

/* Lays out the worker's memory for this call. */
static enum parfun_status reserve_memory(struct pf_host *host)
{
    const struct pf_call *call = host->call;
    const unsigned n = call->clauses->argument_count;
    const size_t *group = call->clauses->workgroup;
    const size_t group_items = group[0] ? group[0] * group[1] * group[2] : 1;
    size_t scratch = aligned(host->variant->scratch_fixed
            + host->variant->scratch_item * group_items + 2 * ALIGNMENT);
    size_t local = 0, total, at;

    for (unsigned i = 0; i < n; i++)
        if (call->arguments[i].plan->role == PF_ROLE_LOCAL)
            local += aligned(call->arguments[i].bytes);
    total = scratch + local;
    for (unsigned i = 0; i < n; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (is_tiled(argument))
            total += aligned(host->tile * argument->element_bytes);
        if (is_copied(argument))
            total += aligned(argument->bytes);
    }
    if (total > host->memory_bytes) {
        free(host->memory);
        host->memory_bytes = 0;
        host->memory = aligned_alloc(ALIGNMENT, total);
        if (!host->memory)
            return pf_fail(PARFUN_NO_MEMORY,
                    "%s(): no memory for a worker (%zu bytes)", call->kernel->name,
                    total);
        host->memory_bytes = total;
    }
    host->range.scratch = host->memory;
    host->range.scratch_bytes = scratch;
    host->range.local_memory = host->memory + scratch;
    host->range.local_bytes = local;
    at = scratch + local;
    for (unsigned i = 0; i < n; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        host->buffer[i] = host->memory + at;
        if (is_tiled(argument))
            at += aligned(host->tile * argument->element_bytes);
        if (is_copied(argument))
            at += aligned(argument->bytes);
    }
    return PARFUN_OK;
}

static void bind(struct pf_host *host)
{
    const struct pf_call *call = host->call;
    struct parfun_ndrange *range = &host->range;

    range->abi = PARFUN_KERNEL_ABI;
    range->dimensions = call->dimensions;
    for (unsigned d = 0; d < 3; d++) {
        const size_t size = d + 1 < call->dimensions ? call->inner[d] : 1;
        const size_t group =
                call->clauses->workgroup[0] ? call->clauses->workgroup[d] : 1;

        range->global_size[d] = size;
        range->global_offset[d] = 0;
        range->local_size[d] = group;
        range->group_count[d] = range->group_end[d] = size / group;
        range->group_begin[d] = 0;
    }
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        host->steps[i] = argument->item_bytes;
        host->arguments[i] = &host->values[i];
        host->values[i].pointer = argument->host;
        switch (argument->plan->role) {
        case PF_ROLE_VALUE:
            host->arguments[i] = argument->given;
            break;
        case PF_ROLE_ITEMS:
            host->arguments[i] = &host->items;
            break;
        case PF_ROLE_FIRST:
            host->arguments[i] = &host->first;
            break;
        case PF_ROLE_LOCAL:
            host->values[i].bytes = argument->bytes;
            break;
        case PF_ROLE_FLAG:
        case PF_ROLE_ARRAY:
            if (is_copied(argument))
                host->values[i].pointer = host->buffer[i];
            break;
        }
    }
}

enum parfun_status pf_host_take(struct pf_host_pool *pool,
        const struct pf_call *call, const struct parfun_variant *variant,
        struct pf_host **host)
{
    struct pf_host *taken;
    enum parfun_status status;

    pf_lock_take(&pool->lock);
    taken = pool->idle;
    if (taken)
        pool->idle = taken->next;
    pf_lock_give(&pool->lock);
    if (!taken)
        taken = calloc(1, sizeof *taken);
    if (!taken)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a worker");
    taken->call = call;
    taken->variant = variant;
    taken->accumulated = false;
    taken->tile = tile_items(call);
    status = reserve_tables(taken, call->clauses->argument_count);
    if (!status)
        status = reserve_memory(taken);
    if (status) {
        destroy(taken);
        return status;
    }
    bind(taken);
    *host = taken;
    return PARFUN_OK;
}

void pf_host_give(struct pf_host_pool *pool, struct pf_host *host)
{
    if (!host)
        return;
    host->call = NULL;
    pf_lock_take(&pool->lock);
    host->next = pool->idle;
    pool->idle = host;
    pf_lock_give(&pool->lock);
}

const void *pf_host_accumulated(const struct pf_host *host, unsigned index)
{
    return host->accumulated && is_copied(&host->call->arguments[index])
            ? host->buffer[index]
            : NULL;
}

/* Pointers at the partition's own first element. */
static void move_to(struct pf_host *host, size_t first, size_t count,
        const struct pf_result *result)
{
    const struct pf_call *call = host->call;
    const unsigned last = call->dimensions - 1;
    struct parfun_ndrange *range = &host->range;

    host->first = first;
    host->items = count;
    range->global_size[last] = count;
    range->group_count[last] = count / range->local_size[last];
    range->group_begin[last] = 0;
    range->group_end[last] = range->group_count[last];
    range->global_offset[last] = call->clauses->absolute ? first : 0;
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role != PF_ROLE_ARRAY)
            continue;
        if (pf_combine_by_partition(argument))
            host->values[i].pointer = result->outputs[i].copy;
        else if (argument->item_bytes && !call->clauses->absolute)
            host->values[i].pointer = argument->host + first * argument->item_bytes;
        if (is_copied(argument) && !host->accumulated)
            pf_combine_fill(argument, host->buffer[i]);
    }
    host->accumulated = true;
}

/* What the kernel writes at index i of a tiled output goes to i - begin of the
 * tile.  Computed on integers: the pointer itself lies before the tile. */
static void point_at_tile(struct pf_host *host, size_t begin)
{
    for (unsigned i = 0; i < host->call->clauses->argument_count; i++)
        if (is_tiled(&host->call->arguments[i])) {
            const uintptr_t shift = begin * host->call->arguments[i].element_bytes;

            host->values[i].pointer = (void *)((uintptr_t)host->buffer[i] - shift);
        }
}

static void combine_tile(
        struct pf_host *host, size_t begin, size_t count, struct pf_result *result)
{
    const struct pf_call *call = host->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_argument *plan = call->arguments[i].plan;

        if (result->outputs[i].part)
            pf_reduce_part_values(result->outputs[i].part, host->buffer[i], count);
        if (plan->role == PF_ROLE_FLAG)
            result->kept[plan->pack] += pf_combine_compact(call, plan->pack,
                    host->buffer[i], count, result->first + begin,
                    result->first + result->kept[plan->pack]);
    }
}

/* While a tile is combined the memory would be idle, and take its time to start
 * again: sums from memory take 8 % less with the next tile's beginning on its way. */
static void fetch_ahead(const struct pf_host *host, size_t item)
{
    const struct pf_call *call = host->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role != PF_ROLE_ARRAY || is_tiled(argument)
                || !argument->item_bytes)
            continue;
        for (size_t byte = 0; byte < AHEAD_BYTES; byte += LINE_BYTES)
            __builtin_prefetch(argument->host + item * argument->item_bytes + byte);
    }
}

static size_t tile_at(
        const struct pf_host *host, size_t first, size_t begin, size_t count)
{
    size_t items = host->tile;

    if (PF_REDUCE_BLOCK % host->call->multiple == 0)
        items -= (first + begin) % PF_REDUCE_BLOCK;
    return items < count - begin ? items : count - begin;
}

/* Items [begin, count) of the partition, as far as they are whole blocks and native
 * code reduces them; returns how many. */
static size_t run_blocks(struct pf_host *host, size_t first, size_t begin,
        size_t count, struct pf_result *result)
{
    parfun_native_blocks *run = host->variant->blocks;
    const struct pf_call *call = host->call;
    size_t done = 0;

    if (!run || call->clauses->replaced || (first + begin) % PF_REDUCE_BLOCK != 0)
        return 0;
    while (count - begin - done >= PF_REDUCE_BLOCK) {
        const size_t left = (count - begin - done) / PF_REDUCE_BLOCK;
        const size_t blocks = left < BATCH ? left : BATCH;
        double values[BATCH]; /* as wide as any */

        run(&host->range, host->arguments, host->steps, begin + done, blocks,
                values);
        for (unsigned i = 0; i < call->clauses->argument_count; i++)
            if (result->outputs[i].part)
                pf_reduce_part_blocks(result->outputs[i].part, values, blocks);
        done += blocks * PF_REDUCE_BLOCK;
    }
    return done;
}

void pf_host_run(
        struct pf_host *host, size_t first, size_t count, struct pf_result *result)
{
    const unsigned last = host->call->dimensions - 1;
    const size_t group = host->range.local_size[last];
    const size_t base = host->call->clauses->absolute ? first : 0;

    move_to(host, first, count, result);
    if (!host->tile) {
        host->variant->run(&host->range, host->arguments);
        return;
    }
    for (size_t begin = 0; begin < count;) {
        const size_t whole = run_blocks(host, first, begin, count, result);
        const size_t items = tile_at(host, first, begin + whole, count);

        begin += whole;
        if (items == 0)
            break;
        point_at_tile(host, base + begin);
        host->range.group_begin[last] = begin / group;
        host->range.group_end[last] = (begin + items) / group;
        host->variant->run(&host->range, host->arguments);
        if (begin + items < count)
            fetch_ahead(host, first + begin + items);
        combine_tile(host, begin, items, result);
        begin += items;
    }
}
