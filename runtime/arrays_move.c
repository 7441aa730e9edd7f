/* SPDX-License-Identifier: Apache-2.0 */
/* arrays_move.c: moves one partition to a device, and what it leaves back. */
#include "runtime/arrays_inside.h"

#include "runtime/base/error.h"
#include "runtime/gather.h"

#include <stdlib.h>
#include <string.h>

/* ---- One partition ------------------------------------------------------------------- */

enum parfun_status pf_arrays_reserve(struct pf_arrays *arrays, unsigned l,
        struct pf_staged *staged, size_t bytes)
{
    enum parfun_status status;

    if (bytes == 0)
        bytes = 1;
    if (staged->bytes >= bytes)
        return PARFUN_OK;
    pf_spares_give(arrays->driver, staged->memory, staged->bytes);
    staged->memory = NULL;
    staged->bytes = 0;
    do
        status = pf_spares_take(
                arrays->driver, bytes, &staged->memory, &staged->bytes);
    while (status == PARFUN_NO_MEMORY
            && pf_keep_evict(arrays->driver, l, arrays->limits));
    return status;
}

static enum parfun_status reserve_host(
        const struct pf_arrays *arrays, char **memory, size_t *room, size_t bytes)
{
    if (*room >= bytes && *memory)
        return PARFUN_OK;
    pf_spares_give_host(arrays->driver, *memory, *room);
    *memory = pf_spares_take_host(arrays->driver, bytes, room);
    if (!*memory)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no host memory for a partition on %s (%zu bytes)",
                arrays->call->kernel->name, arrays->device->name, bytes);
    return PARFUN_OK;
}

enum parfun_status pf_arrays_reserve_bounce(
        const struct pf_arrays *arrays, struct pf_staged *staged, size_t bytes)
{
    return reserve_host(arrays, &staged->bounce, &staged->bounce_bytes, bytes);
}

static const size_t *indices_of(
        const struct pf_call_argument *argument, const struct pf_lane *lane)
{
    return pf_gather_concerns(argument) ? pf_call_cut(&lane->part, argument).indices
                                        : NULL;
}

/* Where the partition's part of an array is in the host's memory; NULL: an array of the
 * library's own. */
static char *host_part(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct pf_lane *lane,
        const struct pf_staged *staged)
{
    if (!argument->host)
        return NULL;
    if (indices_of(argument, lane))
        return staged->gathered;
    return argument->host
            + pf_call_span(arrays->call, &lane->part, argument).first
            * argument->item_bytes;
}

/* Its items lie one behind the other in memory of the library's already, or must not
 * reach the caller's array yet, or at any time. */
static bool is_bounced(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct pf_lane *lane)
{
    return pf_arrays_is_indirect(argument) || (argument->reads && argument->writes)
            || (arrays->apart && !indices_of(argument, lane));
}

static enum parfun_status gather(struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct pf_lane *lane,
        struct pf_staged *staged)
{
    const size_t *indices = indices_of(argument, lane);

    if (!indices)
        return PARFUN_OK;
    PF_TRY(reserve_host(arrays, &staged->gathered, &staged->gathered_bytes,
            pf_gather_bytes(argument, lane->part.count)));
    pf_gather(argument, indices, lane->part.count, staged->gathered);
    return PARFUN_OK;
}

/* The partition's part of an array that is split or combined in place: rows in one
 * piece, columns as a rectangle. */
static struct pf_copy part_copy(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct pf_lane *lane,
        const struct pf_staged *staged)
{
    return (struct pf_copy){
        .memory = staged->memory,
        .offset = arrays->spread ? lane->first * argument->item_bytes : 0,
        .host = host_part(arrays, argument, lane, staged),
        .rows = argument->rows,
        .row_bytes = pf_call_span(arrays->call, &lane->part, argument).count
                        * argument->item_bytes
                + 2 * argument->halo_bytes,
        .host_pitch = argument->pitch,
        .memory_pitch = argument->pitch,
    };
}

/* The groups' offsets in the partition. */
static enum parfun_status stage_offsets(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const struct pf_lane *lane = &arrays->lane[l];
    struct pf_staged *staged = &arrays->lane[l].staged[index];
    const size_t bytes = pf_arrays_part_bytes(argument, lane->part.count);
    struct pf_copy copy = { .rows = 1, .row_bytes = bytes };

    PF_TRY(pf_arrays_reserve(arrays, l, staged, bytes));
    PF_TRY(reserve_host(arrays, &staged->bounce, &staged->bounce_bytes, bytes));
    pf_call_offsets(arrays->call, &lane->part, argument, staged->bounce);
    copy.memory = staged->memory;
    copy.host = staged->bounce;
    arrays->bytes_in += bytes;
    return arrays->device->backend->write(arrays->device, l, &copy);
}

/* What is sent is sent from the library's memory. */
static void bounce(struct pf_copy *copy, const struct pf_staged *staged)
{
    for (size_t r = 0; r < copy->rows; r++)
        memcpy(staged->bounce + r * copy->row_bytes,
                (const char *)copy->host + r * copy->host_pitch, copy->row_bytes);
    copy->host = staged->bounce;
    copy->host_pitch = copy->rows > 1 ? copy->row_bytes : 0;
}

static enum parfun_status stage_in(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_lane *lane = &arrays->lane[l];
    struct pf_staged *staged = &lane->staged[index];
    const size_t count = arrays->spread
            ? arrays->call->items
            : pf_call_span(arrays->call, &lane->part, argument).count;
    struct pf_copy copy;

    if (argument->plan->role == PF_ROLE_OFFSETS)
        return stage_offsets(arrays, l, index);
    PF_TRY(pf_arrays_reserve(
            arrays, l, staged, pf_arrays_part_bytes(argument, count)));
    PF_TRY(gather(arrays, argument, lane, staged));
    copy = part_copy(arrays, argument, lane, staged);
    if (is_bounced(arrays, argument, lane)) {
        const bool accumulate = pf_arrays_is_copied(argument);
        const size_t bytes =
                accumulate ? argument->bytes : copy.rows * copy.row_bytes;

        PF_TRY(pf_arrays_reserve_bounce(arrays, staged,
                argument->plan->role == PF_ROLE_FLAG
                        ? lane->part.count * argument->element_bytes
                        : bytes));
    }
    if (pf_arrays_is_copied(argument)) {
        pf_combine_fill(argument, staged->bounce);
        copy = (struct pf_copy){ .memory = staged->memory,
            .host = staged->bounce,
            .rows = 1,
            .row_bytes = argument->bytes };
    } else if (!argument->reads || pf_arrays_is_indirect(argument)) {
        return PARFUN_OK;
    } else if (arrays->apart && !indices_of(argument, lane)) {
        bounce(&copy, staged);
    }
    arrays->bytes_in += copy.rows * copy.row_bytes;
    return copy.rows && copy.row_bytes
            ? arrays->device->backend->write(arrays->device, l, &copy)
            : PARFUN_OK;
}

bool pf_arrays_comes_back(const struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];

    if (pf_arrays_is_indirect(argument))
        return true;
    return argument->writes
            && !(argument->stays && pf_arrays_is_in_copy(arrays, index));
}

static enum parfun_status stage_out(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_lane *lane = &arrays->lane[l];
    struct pf_staged *staged = &lane->staged[index];
    struct pf_copy copy = part_copy(arrays, argument, lane, staged);

    if (arrays->way[index] == PF_WAY_MOVED)
        PF_TRY(pf_arrays_keep_out(arrays, l, index));
    if (!pf_arrays_comes_back(arrays, index))
        return PARFUN_OK;
    if (pf_arrays_is_combined(argument, PF_COMBINE_REDUCE))
        return pf_arrays_reduce_out(arrays, l, index);
    if (arrays->way[index] == PF_WAY_KEPT) {
        copy.memory = arrays->memory[index];
        copy.offset = argument->kept_offset + lane->first * argument->item_bytes;
    }
    if (arrays->way[index] == PF_WAY_SHARED) {
        copy.memory = arrays->memory[index];
        copy.offset = pf_call_span(arrays->call, &lane->part, argument).first
                * argument->item_bytes;
    } else if (pf_arrays_is_indirect(argument)) {
        copy = (struct pf_copy){
            .memory = staged->memory,
            .offset = copy.offset,
            .host = staged->bounce,
            .rows = 1,
            .row_bytes = pf_arrays_is_copied(argument)
                    ? argument->bytes
                    : lane->part.count * argument->element_bytes,
        };
    } else if (is_bounced(arrays, argument, lane)) {
        copy.host = staged->bounce;
        copy.host_pitch = copy.rows > 1 ? copy.row_bytes : 0;
    } else {
        lane->reached = !indices_of(argument, lane) || lane->reached;
    }
    if (arrays->way[index] != PF_WAY_SHARED)
        arrays->bytes_out += copy.rows * copy.row_bytes;
    return copy.rows && copy.row_bytes
            ? arrays->device->backend->read(arrays->device, l, &copy)
            : PARFUN_OK;
}

static void bind_argument(struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const bool absolute = arrays->call->clauses->absolute;
    struct pf_lane *lane = &arrays->lane[l];
    struct pf_launch_argument *bound = &lane->arguments[index];
    const bool staged = arrays->way[index] == PF_WAY_STAGED
            || arrays->way[index] == PF_WAY_MOVED;
    const ptrdiff_t shift =
            (ptrdiff_t)(pf_call_span(arrays->call, &lane->part, argument).first
                    * argument->item_bytes);

    *bound = (struct pf_launch_argument){ .bytes = argument->parameter->bytes };
    switch (argument->plan->role) {
    case PF_ROLE_VALUE:
        bound->value = argument->given;
        break;
    case PF_ROLE_ITEMS:
        bound->value = &lane->items_value;
        break;
    case PF_ROLE_FIRST:
        bound->value = &lane->first_value;
        break;
    case PF_ROLE_LOCAL:
        bound->bytes = argument->bytes;
        break;
    case PF_ROLE_OFFSETS:
    case PF_ROLE_FLAG:
    case PF_ROLE_ARRAY:
        bound->memory = staged ? lane->staged[index].memory : arrays->memory[index];
        if (staged)
            bound->offset = absolute && !arrays->spread ? -shift : 0;
        else
            bound->offset = absolute ? 0 : shift;
        if (arrays->way[index] == PF_WAY_KEPT)
            bound->offset += (ptrdiff_t)argument->kept_offset;
        break;
    }
}

static enum parfun_status fetch(struct pf_arrays *arrays, unsigned l)
{
    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++)
        if (pf_arrays_is_array(&arrays->call->arguments[i])
                && arrays->way[i] != PF_WAY_WHOLE)
            PF_TRY(stage_out(arrays, l, i));
    return PARFUN_OK;
}

enum parfun_status pf_arrays_submit(struct pf_arrays *arrays, unsigned l,
        const struct pf_part *part, uint64_t *mark)
{
    const struct pf_call *call = arrays->call;
    const unsigned n = call->clauses->argument_count;
    struct pf_device *device = arrays->device;
    struct pf_lane *lane = &arrays->lane[l];
    const size_t first = part->cuts ? part->cuts[0].first : part->first;
    struct pf_launch launch = {
        .size = { 1, 1, 1 },
        .first = first,
        .arguments = lane->arguments,
    };

    lane->part = *part;
    lane->first = first;
    lane->reached = false;
    lane->items_value = part->count;
    lane->first_value = part->cuts && part->cuts[0].indices ? part->first : first;
    for (unsigned i = 0; i < n; i++) {
        if (pf_arrays_is_array(&call->arguments[i])
                && arrays->way[i] == PF_WAY_STAGED)
            PF_TRY(stage_in(arrays, l, i));
        if (call->arguments[i].kept)
            PF_TRY(pf_arrays_keep_in(arrays, l, i));
        bind_argument(arrays, l, i);
    }
    for (unsigned d = 0; d + 1 < call->dimensions; d++)
        launch.size[d] = call->inner[d];
    launch.size[call->dimensions - 1] = part->count;
    if (call->inner_items)
        PF_TRY(device->backend->launch(device, l, arrays->code, &launch));
    if (!arrays->deferred)
        PF_TRY(fetch(arrays, l));
    return device->backend->mark(device, l, mark);
}

enum parfun_status pf_arrays_fetch(
        struct pf_arrays *arrays, unsigned l, uint64_t *mark)
{
    if (!arrays->deferred)
        return PARFUN_OK;
    PF_TRY(fetch(arrays, l));
    return arrays->device->backend->mark(arrays->device, l, mark);
}

/* ---- Results ----------------------------------------------------------------------------- */

static void copy_back(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct pf_lane *lane,
        const struct pf_staged *staged)
{
    const struct pf_copy copy = part_copy(arrays, argument, lane, staged);

    for (size_t r = 0; r < copy.rows; r++)
        memcpy((char *)copy.host + r * copy.host_pitch,
                staged->bounce + r * copy.row_bytes, copy.row_bytes);
}

static bool is_copied_back(
        const struct pf_arrays *arrays, unsigned index, const struct pf_lane *lane)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];

    return argument->plan->role == PF_ROLE_ARRAY && !pf_arrays_is_indirect(argument)
            && arrays->way[index] != PF_WAY_WHOLE
            && arrays->way[index] != PF_WAY_SHARED
            && is_bounced(arrays, argument, lane)
            && pf_arrays_comes_back(arrays, index);
}

static void accumulate(struct pf_arrays *arrays, unsigned index,
        const struct pf_staged *staged, struct pf_result *result)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];

    if (pf_combine_by_partition(argument)) {
        memcpy(result->outputs[index].copy, staged->bounce, argument->bytes);
        return;
    }
    pf_reduce_elementwise(&argument->reduction, arrays->accumulated[index],
            staged->bounce, argument->count);
}

/* Before anything of the partition reaches the caller's arrays: should there be no
 * memory, it runs again. */
static enum parfun_status reserve_accumulated(struct pf_arrays *arrays)
{
    const struct pf_call *call = arrays->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (!pf_arrays_is_combined(argument, PF_COMBINE_ACCUMULATE)
                || pf_combine_by_partition(argument) || arrays->accumulated[i])
            continue;
        arrays->accumulated[i] = malloc(argument->bytes + 1);
        if (!arrays->accumulated[i])
            return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for a copy of '%s'",
                    call->kernel->name, argument->parameter->name);
        pf_combine_fill(argument, arrays->accumulated[i]);
    }
    return PARFUN_OK;
}

enum parfun_status pf_arrays_collect(
        struct pf_arrays *arrays, unsigned l, struct pf_result *result)
{
    const struct pf_call *call = arrays->call;
    const struct pf_lane *lane = &arrays->lane[l];

    PF_TRY(reserve_accumulated(arrays));
    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (is_copied_back(arrays, i, lane))
            copy_back(arrays, &call->arguments[i], lane, &lane->staged[i]);
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const struct pf_staged *staged = &lane->staged[i];

        if (pf_arrays_is_combined(argument, PF_COMBINE_REDUCE)) {
            pf_arrays_reduce_collect(arrays, l, i, result->outputs[i].part);
        } else if (pf_arrays_is_copied(argument)) {
            accumulate(arrays, i, staged, result);
        } else if (argument->plan->role == PF_ROLE_FLAG) {
            const unsigned pack = argument->plan->pack;

            result->kept[pack] = pf_combine_compact(call, pack, staged->bounce,
                    lane->part.count, lane->part.first, lane->part.first);
        }
        if (argument->writes && indices_of(argument, lane))
            pf_scatter(argument, indices_of(argument, lane), lane->part.count,
                    staged->gathered);
        if (argument->kept)
            pf_arrays_keep_done(arrays, l, i);
    }
    return PARFUN_OK;
}
