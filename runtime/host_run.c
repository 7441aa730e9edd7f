/* SPDX-License-Identifier: Apache-2.0 */
/*
 * host_run.c: one partition on the calling thread.  A kernel whose results are reduced
 * or packed runs in tiles that stay in the first-level cache, and each tile is combined
 * at once; or in whole blocks of a reduction, if there is native code that reduces as it
 * goes.  Between boxes of native code that take some ten milliseconds the call's
 * limits are looked at.  A body written in C takes its partition as one.
 */
#include "runtime/host_inside.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/gather.h"

#include <stdlib.h>
#include <string.h>

enum {
    AHEAD_BYTES = 1024, /* of the next tile's input */
    LINE_BYTES = 64,
    ALIGNMENT = 128,
    BOX_NS = 10000000,
    BOX_GROWTH = 16, /* at once: the first groups may be cheap ones */
    BOX_ROUND = 64,  /* groups, for vectors */
    BATCH = 128      /* blocks reduced before their results are joined */
};
_Static_assert(BATCH * sizeof(uint64_t) <= PF_REDUCE_BLOCK,
        "a batch's results fit in a tile, even where the values are bytes");

/* ---- Places -------------------------------------------------------------------------- */

static enum parfun_status reserve_part(
        struct pf_host *host, unsigned index, size_t bytes)
{
    struct pf_host_part *part = &host->part[index];

    if (part->memory && part->bytes >= bytes)
        return PARFUN_OK;
    free(part->memory);
    part->bytes = 0;
    part->memory = aligned_alloc(ALIGNMENT, (bytes / ALIGNMENT + 1) * ALIGNMENT);
    if (!part->memory)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no memory for a partition of '%s' (%zu bytes)",
                host->call->kernel->name,
                host->call->arguments[index].parameter->name, bytes);
    part->bytes = bytes;
    return PARFUN_OK;
}

/* The argument's items of this partition: side by side, or gathered. */
static enum parfun_status place_items(
        struct pf_host *host, unsigned index, const struct pf_part *part)
{
    const struct pf_call_argument *argument = &host->call->arguments[index];
    const struct pf_cut cut = pf_call_cut(part, argument);

    if (!cut.indices) {
        if (!host->call->clauses->absolute)
            host->values[index].pointer = argument->host
                    + pf_call_span(host->call, part, argument).first
                            * argument->item_bytes;
        return PARFUN_OK;
    }
    PF_TRY(reserve_part(host, index, pf_gather_bytes(argument, part->count)));
    pf_gather(argument, cut.indices, part->count, host->part[index].memory);
    host->values[index].pointer = host->part[index].memory;
    return PARFUN_OK;
}

/* A body writes the values of all its items before they are combined. */
static enum parfun_status place_values(
        struct pf_host *host, unsigned index, size_t count)
{
    const size_t bytes = count * host->call->arguments[index].element_bytes;

    PF_TRY(reserve_part(host, index, bytes));
    memset(host->part[index].memory, 0, bytes);
    host->values[index].pointer = host->part[index].memory;
    return PARFUN_OK;
}

static enum parfun_status place_offsets(
        struct pf_host *host, unsigned index, const struct pf_part *part)
{
    const struct pf_call_argument *argument = &host->call->arguments[index];

    PF_TRY(reserve_part(host, index, (part->count + 1) * argument->element_bytes));
    pf_call_offsets(host->call, part, argument, host->part[index].memory);
    host->values[index].pointer = host->part[index].memory;
    return PARFUN_OK;
}

static enum parfun_status place_argument(struct pf_host *host, unsigned index,
        const struct pf_part *part, const struct pf_result *result)
{
    const struct pf_call_argument *argument = &host->call->arguments[index];

    if (host->code.body && pf_host_is_tiled(argument))
        return place_values(host, index, part->count);
    if (argument->plan->role == PF_ROLE_OFFSETS)
        return place_offsets(host, index, part);
    if (argument->plan->role != PF_ROLE_ARRAY)
        return PARFUN_OK;
    if (pf_combine_by_partition(argument))
        host->values[index].pointer = result->outputs[index].copy;
    else if (pf_gather_concerns(argument))
        return place_items(host, index, part);
    if (pf_host_is_copied(argument) && !host->accumulated)
        pf_combine_fill(argument, host->buffer[index]);
    return PARFUN_OK;
}

/* The same for all arguments of calls that need no more. */
static void move_plainly(struct pf_host *host, size_t first)
{
    for (unsigned m = 0; m < host->moved_count; m++) {
        const struct pf_call_argument *argument =
                &host->call->arguments[host->moved[m]];

        host->values[host->moved[m]].pointer =
                argument->host + first * argument->item_bytes;
    }
}

/* Pointers at the partition's own first element. */
static enum parfun_status move_to(struct pf_host *host, const struct pf_part *part,
        const struct pf_result *result)
{
    const struct pf_call *call = host->call;
    const unsigned last = call->dimensions - 1;
    struct parfun_ndrange *range = &host->range;

    host->first = part->first;
    if (part->cuts && !part->cuts[0].indices)
        host->first = part->cuts[0].first;
    host->items = part->count;
    range->global_size[last] = part->count;
    range->group_count[last] = part->count / range->local_size[last];
    range->global_offset[last] = 0;
    if (call->clauses->absolute)
        range->global_offset[last] = part->cuts ? part->cuts[0].first : part->first;
    if (host->plain && !part->cuts) {
        move_plainly(host, part->first);
        return PARFUN_OK;
    }
    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        PF_TRY(place_argument(host, i, part, result));
    host->accumulated = true;
    return PARFUN_OK;
}

/* What was gathered to be written goes back to its places. */
static void put_back(struct pf_host *host, const struct pf_part *part)
{
    for (unsigned i = 0; i < host->call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &host->call->arguments[i];

        if (!argument->writes || !pf_gather_concerns(argument))
            continue;
        const struct pf_cut cut = pf_call_cut(part, argument);

        if (cut.indices)
            pf_scatter(argument, cut.indices, part->count, host->part[i].memory);
    }
}

/* ---- Native code --------------------------------------------------------------------- */

/* So many groups that the next box takes its time. */
static size_t next_box(size_t groups, uint64_t took_ns)
{
    size_t box;

    if (took_ns < BOX_NS / BOX_GROWTH)
        return groups < SIZE_MAX / BOX_GROWTH ? groups * BOX_GROWTH : groups;
    box = (size_t)((double)groups * (double)BOX_NS / (double)took_ns);
    if (box > BOX_ROUND)
        box -= box % BOX_ROUND;
    return box ? box : 1;
}

/* The partition's first `end` items have run. */
static void tell_done(struct pf_host *host, size_t end)
{
    if (host->limits)
        pf_limits_count(host->limits, end - host->done);
    host->done = end;
}

static enum parfun_status look(const struct pf_host *host, uint64_t now_ns)
{
    return host->caller ? pf_limits_look_caller(host->limits, now_ns)
                        : pf_limits_look(host->limits, now_ns);
}

/* Groups begin .. end - 1 of the last dimension. */
static enum parfun_status run_groups(struct pf_host *host, size_t begin, size_t end)
{
    const unsigned last = host->call->dimensions - 1;
    struct parfun_ndrange *range = &host->range;
    uint64_t now = 0;

    while (host->limits && end - begin > host->box) {
        const uint64_t start = now ? now : pf_clock_ns();
        const size_t groups = host->box;

        range->group_begin[last] = begin;
        range->group_end[last] = begin + groups;
        host->code.variant->run(range, host->arguments);
        begin += groups;
        tell_done(host, begin * range->local_size[last]);
        now = pf_clock_ns();
        host->box = next_box(groups, now - start);
        PF_TRY(look(host, now));
    }
    range->group_begin[last] = begin;
    range->group_end[last] = end;
    host->code.variant->run(range, host->arguments);
    return PARFUN_OK;
}

/* ---- Tiles --------------------------------------------------------------------------- */

/* What the kernel writes at index i of a tiled output goes to i - begin of the
 * tile.  Computed on integers: the pointer itself lies before the tile. */
static void point_at_tile(struct pf_host *host, size_t begin)
{
    for (unsigned i = 0; i < host->call->clauses->argument_count; i++)
        if (pf_host_is_tiled(&host->call->arguments[i])) {
            const uintptr_t shift = begin * host->call->arguments[i].element_bytes;

            host->values[i].pointer = (void *)((uintptr_t)host->buffer[i] - shift);
        }
}

/* The `count` values from item `begin` of the partition on are in `values`: tiles, or
 * those of a body. */
static void combine_values(
        struct pf_host *host, size_t begin, size_t count, struct pf_result *result)
{
    const struct pf_call *call = host->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_argument *plan = call->arguments[i].plan;
        const char *values =
                host->code.body ? host->part[i].memory : host->buffer[i];

        if (result->outputs[i].part)
            pf_reduce_part_values(result->outputs[i].part, values, count);
        if (plan->role == PF_ROLE_FLAG)
            result->kept[plan->pack] += pf_combine_compact(call, plan->pack, values,
                    count, result->first + begin,
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
        const char *items = host->values[i].pointer;

        if (argument->plan->role != PF_ROLE_ARRAY || pf_host_is_tiled(argument)
                || !argument->item_bytes || argument->by_row)
            continue;
        for (size_t byte = 0; byte < AHEAD_BYTES; byte += LINE_BYTES)
            __builtin_prefetch(items + item * argument->item_bytes + byte);
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

/* Has this kernel's native code a way to reduce, and for these clauses? */
static bool reduces_blocks(const struct pf_host *host)
{
    return host->code.variant->blocks && !host->call->clauses->replaced
            && !host->call->cuts.at;
}

static size_t size_of_batch(const struct pf_host *host, size_t left)
{
    size_t blocks = host->limits ? host->box / PF_REDUCE_BLOCK : BATCH;

    if (blocks > BATCH)
        blocks = BATCH;
    if (blocks > left)
        blocks = left;
    return blocks ? blocks : 1;
}

/* The tiles, which are not in use meanwhile, take the blocks' results. */
static void run_batch(struct pf_host *host, size_t begin, size_t blocks,
        const struct pf_result *result)
{
    host->code.variant->blocks(&host->range, host->arguments, host->steps, begin,
            blocks, (void *const *)host->buffer);
    for (unsigned i = 0; i < host->call->clauses->argument_count; i++)
        if (result->outputs[i].part)
            pf_reduce_part_blocks(result->outputs[i].part, host->buffer[i], blocks);
}

/* Items *begin .. end - 1 of the partition, as far as they are whole blocks. */
static enum parfun_status run_blocks(struct pf_host *host, size_t *begin,
        size_t end, const struct pf_result *result)
{
    uint64_t now = 0;

    while (end - *begin >= PF_REDUCE_BLOCK) {
        const size_t left = (end - *begin) / PF_REDUCE_BLOCK;
        const size_t blocks = size_of_batch(host, left);
        const uint64_t start = now || !host->limits ? now : pf_clock_ns();

        run_batch(host, *begin, blocks, result);
        *begin += blocks * PF_REDUCE_BLOCK;
        if (!host->limits)
            continue;
        tell_done(host, *begin);
        now = pf_clock_ns();
        host->box = next_box(blocks * PF_REDUCE_BLOCK, now - start);
        PF_TRY(look(host, now));
    }
    return PARFUN_OK;
}

static enum parfun_status run_tiles(
        struct pf_host *host, const struct pf_part *part, struct pf_result *result)
{
    const unsigned last = host->call->dimensions - 1;
    const size_t group = host->range.local_size[last];
    const size_t base = host->range.global_offset[last];

    for (size_t begin = 0; begin < part->count;) {
        size_t items;

        if (reduces_blocks(host) && (part->first + begin) % PF_REDUCE_BLOCK == 0)
            PF_TRY(run_blocks(host, &begin, part->count, result));
        items = tile_at(host, part->first, begin, part->count);
        if (items == 0)
            break;
        point_at_tile(host, base + begin);
        PF_TRY(run_groups(host, begin / group, (begin + items) / group));
        if (begin + items < part->count)
            fetch_ahead(host, base + begin + items);
        combine_values(host, begin, items, result);
        begin += items;
        tell_done(host, begin);
    }
    return PARFUN_OK;
}

/* ---- Bodies -------------------------------------------------------------------------- */

static enum parfun_status run_body(
        struct pf_host *host, const struct pf_part *part, struct pf_result *result)
{
    const struct pf_call *call = host->call;
    struct parfun_partition partition = {
        .call = call,
        .first = host->first,
        .count = part->count,
        .parts = host->parts,
    };
    enum parfun_status status;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        host->parts[i] = pf_host_is_array(&call->arguments[i])
                ? host->values[i].pointer
                : host->arguments[i];
    pf_error_clear();
    status = host->code.body(&partition, host->code.user);
    if (status && !*pf_error_text())
        (void)pf_fail(status, "the function returned %s and gave no reason",
                parfun_status_text(status));
    if (status)
        return (unsigned)status <= PARFUN_SYSTEM ? status : PARFUN_FUNCTION_FAILED;
    if (result)
        combine_values(host, 0, part->count, result);
    return PARFUN_OK;
}

/* ---- One partition ------------------------------------------------------------------- */

enum parfun_status pf_host_run(
        struct pf_host *host, const struct pf_part *part, struct pf_result *result)
{
    const unsigned last = host->call->dimensions - 1;

    PF_TRY(move_to(host, part, result));
    host->done = 0;
    if (host->code.body)
        PF_TRY(run_body(host, part, result));
    else if (host->tile)
        PF_TRY(run_tiles(host, part, result));
    else
        PF_TRY(run_groups(host, 0, host->range.group_count[last]));
    if (part->cuts)
        put_back(host, part);
    tell_done(host, part->count);
    return PARFUN_OK;
}
