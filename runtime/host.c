/* SPDX-License-Identifier: Apache-2.0 */
/* host.c: what a CPU worker needs for a call, and the pool of it. */
#include "runtime/host_inside.h"

#include "runtime/base/error.h"
#include "runtime/base/number.h"
#include "runtime/gather.h"

#include <stdlib.h>
#include <string.h>

enum {
    TILE_BYTES = 8192, /* of one output: its inputs pass through the same cache */
    FIRST_BOX = 64,    /* work-items; of unknown cost */
    ALIGNMENT = 128
};

/* Between two looks at the limits lies what should take so long: ten milliseconds even if
 * an argument makes items a thousand times as costly as they have been. */
static const double SURE_BOX_S = 10e-6;

enum parfun_status pf_host_pool_init(struct pf_host_pool *pool)
{
    pool->idle = NULL;
    return pf_lock_init(&pool->lock);
}

static void destroy(struct pf_host *host)
{
    if (!host)
        return;
    for (unsigned i = 0; i < host->room; i++)
        free(host->part[i].memory);
    free(host->part);
    free(host->parts);
    free(host->moved);
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

bool pf_host_is_array(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            || argument->plan->role == PF_ROLE_FLAG
            || argument->plan->role == PF_ROLE_OFFSETS;
}

bool pf_host_is_tiled(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_FLAG
            || (argument->plan->role == PF_ROLE_ARRAY
                    && argument->plan->combine == PF_COMBINE_REDUCE);
}

bool pf_host_is_copied(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_ACCUMULATE
            && !pf_combine_by_partition(argument);
}

static size_t tile_items(const struct pf_call *call)
{
    size_t widest = 0, items;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (pf_host_is_tiled(&call->arguments[i])
                && call->arguments[i].element_bytes > widest)
            widest = call->arguments[i].element_bytes;
    if (!widest)
        return 0;
    items = TILE_BYTES / widest / PF_REDUCE_BLOCK * PF_REDUCE_BLOCK;
    if (items == 0)
        items = PF_REDUCE_BLOCK;
    return (items + call->multiple - 1) / call->multiple * call->multiple;
}

static size_t first_box(const struct pf_call *call)
{
    const size_t *group = call->clauses->workgroup;
    const size_t last = call->dimensions - 1;
    const size_t items = group[0] ? group[last] : 1;
    const size_t slice = items * (call->inner_items ? call->inner_items : 1);

    return slice < FIRST_BOX ? FIRST_BOX / slice : 1;
}

static enum parfun_status reserve_tables(struct pf_host *host, unsigned n)
{
    if (n <= host->room)
        return PARFUN_OK;
    for (unsigned i = 0; i < host->room; i++)
        free(host->part[i].memory);
    free(host->arguments), free(host->values), free(host->buffer);
    free(host->part), free(host->parts), free(host->moved), free(host->steps);
    host->room = 0;
    host->arguments = calloc(n, sizeof *host->arguments);
    host->values = calloc(n, sizeof *host->values);
    host->buffer = calloc(n, sizeof *host->buffer);
    host->part = calloc(n, sizeof *host->part);
    host->parts = calloc(n, sizeof *host->parts);
    host->moved = calloc(n, sizeof *host->moved);
    host->steps = calloc(n, sizeof *host->steps);
    if (!host->arguments || !host->values || !host->buffer || !host->part
            || !host->parts || !host->moved || !host->steps)
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
    const struct parfun_variant *variant = host->code.variant;
    size_t scratch = 0, local = 0, total, at;

    if (variant)
        scratch = aligned(variant->scratch_fixed
                + variant->scratch_item * group_items + 2 * ALIGNMENT);
    for (unsigned i = 0; i < n; i++)
        if (call->arguments[i].plan->role == PF_ROLE_LOCAL)
            local += aligned(call->arguments[i].bytes);
    total = scratch + local + ALIGNMENT; /* never nothing */
    for (unsigned i = 0; i < n; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (pf_host_is_tiled(argument))
            total += aligned(host->tile * argument->element_bytes);
        if (pf_host_is_copied(argument))
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
        if (pf_host_is_tiled(argument))
            at += aligned(host->tile * argument->element_bytes);
        if (pf_host_is_copied(argument))
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
        case PF_ROLE_OFFSETS:
        case PF_ROLE_FLAG:
        case PF_ROLE_ARRAY:
            if (pf_host_is_copied(argument))
                host->values[i].pointer = host->buffer[i];
            break;
        }
    }
}

/* Most calls need no more than pointers that move from partition to partition: a list
 * of these saves time where partitions are tiny. */
static void list_moved(struct pf_host *host)
{
    const struct pf_call *call = host->call;

    host->plain = !call->ordered && !call->cuts.at && !call->clauses->absolute;
    host->moved_count = 0;
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->plan->role == PF_ROLE_OFFSETS)
            host->plain = false;
        if (pf_gather_concerns(argument))
            host->moved[host->moved_count++] = (unsigned char)i;
    }
}

static struct pf_host *take_idle(struct pf_host_pool *pool)
{
    struct pf_host *taken;

    pf_lock_take(&pool->lock);
    taken = pool->idle;
    if (taken)
        pool->idle = taken->next;
    pf_lock_give(&pool->lock);
    return taken;
}

enum parfun_status pf_host_take(struct pf_host_pool *pool,
        const struct pf_call *call, const struct pf_host_code *code,
        struct pf_limits *limits, bool caller, struct pf_host **host)
{
    struct pf_host *taken = *host ? *host : take_idle(pool);
    enum parfun_status status;

    *host = NULL;
    if (!taken)
        taken = calloc(1, sizeof *taken);
    if (!taken)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a worker");
    taken->call = call;
    taken->code = *code;
    taken->limits = limits;
    taken->caller = caller;
    taken->accumulated = false;
    taken->tile = code->body ? 0 : tile_items(call);
    taken->box = first_box(call);
    status = reserve_tables(taken, call->clauses->argument_count);
    if (!status)
        status = reserve_memory(taken);
    if (status) {
        destroy(taken);
        return status;
    }
    bind(taken);
    list_moved(taken);
    *host = taken;
    return PARFUN_OK;
}

void pf_host_expect(struct pf_host *host, size_t count, double expected_s)
{
    const size_t local = host->range.local_size[host->call->dimensions - 1];
    const double groups = (double)count / (double)local;

    if (expected_s > 0)
        host->box = (size_t)pf_number_max((double)host->box,
                pf_number_min(1, SURE_BOX_S / expected_s) * groups);
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
    return host->accumulated && pf_host_is_copied(&host->call->arguments[index])
            ? host->buffer[index]
            : NULL;
}
