/* SPDX-License-Identifier: Apache-2.0 */
/* arrays.c: moves a call's arrays to a device and back. */
#include "runtime/arrays.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

/* How an argument reaches the device. */
enum way {
    WAY_VALUE,  /* by value, or local memory */
    WAY_WHOLE,  /* one memory for the call; filled once, or shared */
    WAY_SHARED, /* one memory in the host's own; outputs are handed back by parts */
    WAY_STAGED  /* a memory per lane for one partition's part */
};

struct staged {
    struct pf_memory *memory;
    size_t bytes;
    char *bounce; /* host memory of the library's, or NULL */
    size_t bounce_bytes;
};

struct lane {
    size_t first, count;
    uint64_t items_value, first_value;
    struct pf_launch_argument *arguments;
    struct staged *staged;
};

struct pf_arrays {
    const struct pf_call *call;
    struct pf_device *device;
    struct pf_code *code;
    bool spread; /* staged memory has room for all items, because
                                  absolute indices meet offsets that can not be
                                  negative */
    enum way *way;
    struct pf_memory **memory; /* whole and shared */
    void **accumulated;        /* this device's copies */
    uint64_t bytes_in, bytes_out;
    unsigned lanes;
    struct lane lane[];
};

/* ---- What an argument needs -------------------------------------------------------- */

static bool is_array(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            || argument->plan->role == PF_ROLE_FLAG;
}

static bool is_combined(
        const struct pf_call_argument *argument, enum pf_combine combine)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == combine;
}

/* The kernel's results need another step before they are the caller's. */
static bool is_indirect(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_FLAG
            || is_combined(argument, PF_COMBINE_REDUCE)
            || is_combined(argument, PF_COMBINE_ACCUMULATE);
}

static bool is_whole(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY && !argument->writes
            && argument->plan->split == PF_SPLIT_NONE;
}

/* Bytes of one partition's part on the device. */
static size_t part_bytes(const struct pf_call_argument *argument, size_t count)
{
    if (is_combined(argument, PF_COMBINE_ACCUMULATE))
        return argument->bytes;
    return (argument->rows ? argument->rows - 1 : 0) * argument->pitch
            + count * argument->item_bytes + 2 * argument->halo_bytes;
}

struct pf_arrays_need pf_arrays_need(
        const struct pf_call *call, const struct pf_device *device)
{
    struct pf_arrays_need need = { 0, 0, 0 };

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const double item = (double)argument->item_bytes;

        if (!is_array(argument))
            continue;
        if (is_whole(argument)) {
            need.fixed += (double)argument->bytes;
            continue;
        }
        need.fixed += (double)device->lanes * (double)part_bytes(argument, 0);
        need.per_item += item;
        if (item > need.widest)
            need.widest = item;
    }
    return need;
}

/* ---- Creation ------------------------------------------------------------------------ */

static struct pf_copy whole_copy(
        const struct pf_call_argument *argument, struct pf_memory *memory)
{
    return (struct pf_copy){
        .memory = memory,
        .host = argument->host,
        .rows = 1,
        .row_bytes = argument->bytes,
    };
}

/* An array that lies on the device for the whole call. */
static enum parfun_status place_whole(struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_device *device = arrays->device;
    const struct pf_backend *backend = device->backend;
    bool zero_copy = false;
    struct pf_copy copy;

    PF_TRY(backend->memory_create(device, argument->bytes ? argument->bytes : 1,
            argument->bytes ? argument->host : NULL, PF_ACCESS_READ,
            &arrays->memory[index], &zero_copy));
    arrays->way[index] = WAY_WHOLE;
    if (!argument->bytes)
        return PARFUN_OK;
    copy = whole_copy(argument, arrays->memory[index]);
    PF_TRY(backend->write(device, 0, &copy));
    if (!zero_copy)
        arrays->bytes_in += argument->bytes;
    return PARFUN_OK;
}

/* Works in the caller's memory if the device can and the array is only read or only
 * written; else the array is staged. */
static enum parfun_status place_split(struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_device *device = arrays->device;
    const struct pf_backend *backend = device->backend;
    bool zero_copy = false;
    struct pf_copy copy;

    arrays->way[index] = WAY_STAGED;
    if (is_indirect(argument) || (argument->reads && argument->writes)
            || !device->limits.shared_memory || !argument->bytes
            || is_combined(argument, PF_COMBINE_PACK)
            || !backend->offsets(arrays->code))
        return PARFUN_OK;
    PF_TRY(backend->memory_create(device, argument->bytes, argument->host,
            argument->reads ? PF_ACCESS_READ : PF_ACCESS_WRITE,
            &arrays->memory[index], &zero_copy));
    if (!zero_copy) {
        backend->memory_destroy(device, arrays->memory[index]);
        arrays->memory[index] = NULL;
        return PARFUN_OK;
    }
    arrays->way[index] = argument->reads ? WAY_WHOLE : WAY_SHARED;
    copy = whole_copy(argument, arrays->memory[index]);
    return argument->reads ? backend->write(device, 0, &copy) : PARFUN_OK;
}

static enum parfun_status place_all(struct pf_arrays *arrays)
{
    struct pf_device *device = arrays->device;
    uint64_t mark;
    bool reached;

    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &arrays->call->arguments[i];

        if (!is_array(argument))
            continue;
        if (is_whole(argument))
            PF_TRY(place_whole(arrays, i));
        else
            PF_TRY(place_split(arrays, i));
    }
    PF_TRY(device->backend->mark(device, 0, &mark));
    return device->backend->wait(device, 0, mark, UINT64_MAX, &reached, NULL);
}

enum parfun_status pf_arrays_create(const struct pf_call *call,
        struct pf_device *device, struct pf_code *code, struct pf_arrays **arrays)
{
    const unsigned n =
            call->clauses->argument_count ? call->clauses->argument_count : 1;
    struct pf_arrays *made =
            calloc(1, sizeof *made + device->lanes * sizeof made->lane[0]);
    bool complete = made != NULL;
    enum parfun_status status;

    if (made) {
        made->call = call;
        made->device = device;
        made->code = code;
        made->spread = call->clauses->absolute && !device->backend->offsets(code);
        made->lanes = device->lanes;
        made->way = calloc(n, sizeof *made->way);
        made->memory = calloc(n, sizeof(struct pf_memory *));
        made->accumulated = calloc(n, sizeof *made->accumulated);
        complete = made->way && made->memory && made->accumulated;
        for (unsigned l = 0; l < made->lanes; l++) {
            made->lane[l].arguments = calloc(n, sizeof *made->lane[l].arguments);
            made->lane[l].staged = calloc(n, sizeof *made->lane[l].staged);
            complete = complete && made->lane[l].arguments && made->lane[l].staged;
        }
    }
    status = complete ? place_all(made)
                      : pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for device %s",
                                call->kernel->name, device->name);
    if (status)
        pf_arrays_destroy(made);
    else
        *arrays = made;
    return status;
}

void pf_arrays_destroy(struct pf_arrays *arrays)
{
    const unsigned n = arrays ? arrays->call->clauses->argument_count : 0;

    if (!arrays)
        return;
    for (unsigned l = 0; l < arrays->lanes; l++) {
        struct lane *lane = &arrays->lane[l];

        for (unsigned i = 0; i < n && lane->staged; i++) {
            if (lane->staged[i].memory)
                arrays->device->backend->memory_destroy(
                        arrays->device, lane->staged[i].memory);
            free(lane->staged[i].bounce);
        }
        free(lane->arguments);
        free(lane->staged);
    }
    for (unsigned i = 0; i < n; i++) {
        if (arrays->memory && arrays->memory[i])
            arrays->device->backend->memory_destroy(
                    arrays->device, arrays->memory[i]);
        if (arrays->accumulated)
            free(arrays->accumulated[i]);
    }
    free(arrays->way);
    free(arrays->memory);
    free(arrays->accumulated);
    free(arrays);
}

/* ---- One partition ------------------------------------------------------------------- */

static enum parfun_status reserve_memory(struct pf_arrays *arrays,
        struct staged *staged, const struct pf_call_argument *argument,
        size_t bytes)
{
    const struct pf_backend *backend = arrays->device->backend;
    bool zero_copy;

    if (bytes == 0)
        bytes = 1;
    if (staged->bytes >= bytes)
        return PARFUN_OK;
    if (staged->memory)
        backend->memory_destroy(arrays->device, staged->memory);
    staged->memory = NULL;
    staged->bytes = 0;
    PF_TRY(backend->memory_create(arrays->device, bytes, NULL,
            (argument->reads || is_combined(argument, PF_COMBINE_ACCUMULATE)
                            ? PF_ACCESS_READ
                            : 0u)
                    | (argument->writes || is_indirect(argument) ? PF_ACCESS_WRITE
                                                                 : 0u),
            &staged->memory, &zero_copy));
    staged->bytes = bytes;
    return PARFUN_OK;
}

static enum parfun_status reserve_bounce(
        const struct pf_arrays *arrays, struct staged *staged, size_t bytes)
{
    if (staged->bounce_bytes >= bytes && staged->bounce)
        return PARFUN_OK;
    free(staged->bounce);
    staged->bounce_bytes = 0;
    staged->bounce = aligned_alloc(128, (bytes / 128 + 1) * 128);
    if (!staged->bounce)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no host memory for a partition on %s (%zu bytes)",
                arrays->call->kernel->name, arrays->device->name, bytes);
    staged->bounce_bytes = bytes;
    return PARFUN_OK;
}

/* The partition's part of an array that is split or combined in place: rows in one
 * piece, columns as a rectangle. */
static struct pf_copy part_copy(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct lane *lane,
        struct pf_memory *memory)
{
    return (struct pf_copy){
        .memory = memory,
        .offset = arrays->spread ? lane->first * argument->item_bytes : 0,
        .host = argument->host + lane->first * argument->item_bytes,
        .rows = argument->rows,
        .row_bytes = lane->count * argument->item_bytes + 2 * argument->halo_bytes,
        .host_pitch = argument->pitch,
        .memory_pitch = argument->pitch,
    };
}

static enum parfun_status stage_in(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct lane *lane = &arrays->lane[l];
    struct staged *staged = &lane->staged[index];
    struct pf_copy copy;

    PF_TRY(reserve_memory(arrays, staged, argument,
            part_bytes(
                    argument, arrays->spread ? arrays->call->items : lane->count)));
    copy = part_copy(arrays, argument, lane, staged->memory);
    if (is_indirect(argument) || (argument->reads && argument->writes)) {
        const bool accumulate = is_combined(argument, PF_COMBINE_ACCUMULATE);
        const size_t bytes =
                accumulate ? argument->bytes : copy.rows * copy.row_bytes;

        PF_TRY(reserve_bounce(arrays, staged,
                argument->plan->role == PF_ROLE_FLAG
                        ? lane->count * argument->element_bytes
                        : bytes));
    }
    if (is_combined(argument, PF_COMBINE_ACCUMULATE)) {
        pf_combine_fill(argument, staged->bounce);
        copy = (struct pf_copy){ .memory = staged->memory,
            .host = staged->bounce,
            .rows = 1,
            .row_bytes = argument->bytes };
    } else if (!argument->reads || is_indirect(argument)) {
        return PARFUN_OK;
    }
    arrays->bytes_in += copy.rows * copy.row_bytes;
    return copy.rows && copy.row_bytes
            ? arrays->device->backend->write(arrays->device, l, &copy)
            : PARFUN_OK;
}

static enum parfun_status stage_out(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct lane *lane = &arrays->lane[l];
    struct staged *staged = &lane->staged[index];
    struct pf_copy copy = part_copy(arrays, argument, lane, staged->memory);

    if (!argument->writes && !is_indirect(argument))
        return PARFUN_OK;
    if (arrays->way[index] == WAY_SHARED) {
        copy.memory = arrays->memory[index];
        copy.offset = lane->first * argument->item_bytes;
    } else if (is_indirect(argument)) {
        copy = (struct pf_copy){
            .memory = staged->memory,
            .offset = copy.offset,
            .host = staged->bounce,
            .rows = 1,
            .row_bytes = is_combined(argument, PF_COMBINE_ACCUMULATE)
                    ? argument->bytes
                    : lane->count * argument->element_bytes,
        };
    } else if (argument->reads) {
        copy.host = staged->bounce;
        copy.host_pitch = copy.rows > 1 ? copy.row_bytes : 0;
    }
    if (arrays->way[index] != WAY_SHARED)
        arrays->bytes_out += copy.rows * copy.row_bytes;
    return copy.rows && copy.row_bytes
            ? arrays->device->backend->read(arrays->device, l, &copy)
            : PARFUN_OK;
}

static void bind_argument(struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const bool absolute = arrays->call->clauses->absolute;
    struct lane *lane = &arrays->lane[l];
    struct pf_launch_argument *bound = &lane->arguments[index];
    const ptrdiff_t shift = (ptrdiff_t)(lane->first * argument->item_bytes);

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
    case PF_ROLE_FLAG:
    case PF_ROLE_ARRAY:
        bound->memory = arrays->way[index] == WAY_STAGED
                ? lane->staged[index].memory
                : arrays->memory[index];
        if (arrays->way[index] == WAY_STAGED)
            bound->offset = absolute && !arrays->spread ? -shift : 0;
        else
            bound->offset = absolute ? 0 : shift;
        break;
    }
}

enum parfun_status pf_arrays_submit(struct pf_arrays *arrays, unsigned l,
        size_t first, size_t count, uint64_t *mark)
{
    const struct pf_call *call = arrays->call;
    const unsigned n = call->clauses->argument_count;
    struct pf_device *device = arrays->device;
    struct lane *lane = &arrays->lane[l];
    struct pf_launch launch = {
        .size = { 1, 1, 1 },
        .first = first,
        .arguments = lane->arguments,
    };

    lane->first = first;
    lane->count = count;
    lane->items_value = count;
    lane->first_value = first;
    for (unsigned i = 0; i < n; i++) {
        if (is_array(&call->arguments[i]) && arrays->way[i] == WAY_STAGED)
            PF_TRY(stage_in(arrays, l, i));
        bind_argument(arrays, l, i);
    }
    for (unsigned d = 0; d + 1 < call->dimensions; d++)
        launch.size[d] = call->inner[d];
    launch.size[call->dimensions - 1] = count;
    if (call->inner_items)
        PF_TRY(device->backend->launch(device, l, arrays->code, &launch));
    for (unsigned i = 0; i < n; i++)
        if (is_array(&call->arguments[i]) && arrays->way[i] != WAY_WHOLE)
            PF_TRY(stage_out(arrays, l, i));
    return device->backend->mark(device, l, mark);
}

/* ---- Results ----------------------------------------------------------------------------- */

static void copy_back(const struct pf_arrays *arrays,
        const struct pf_call_argument *argument, const struct lane *lane,
        const struct staged *staged)
{
    const struct pf_copy copy = part_copy(arrays, argument, lane, NULL);

    for (size_t r = 0; r < copy.rows; r++)
        memcpy((char *)copy.host + r * copy.host_pitch,
                staged->bounce + r * copy.row_bytes, copy.row_bytes);
}

static void accumulate(struct pf_arrays *arrays, unsigned index,
        const struct staged *staged, struct pf_result *result)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];

    if (pf_combine_by_partition(argument)) {
        memcpy(result->outputs[index].copy, staged->bounce, argument->bytes);
        return;
    }
    pf_reduce_elementwise(&argument->reduction, arrays->accumulated[index],
            staged->bounce, argument->count);
}

enum parfun_status pf_arrays_collect(
        struct pf_arrays *arrays, unsigned l, struct pf_result *result)
{
    const struct pf_call *call = arrays->call;
    const struct lane *lane = &arrays->lane[l];

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const struct staged *staged = &lane->staged[i];

        if (is_combined(argument, PF_COMBINE_REDUCE)) {
            pf_reduce_part_values(
                    result->outputs[i].part, staged->bounce, lane->count);
        } else if (is_combined(argument, PF_COMBINE_ACCUMULATE)) {
            if (!pf_combine_by_partition(argument) && !arrays->accumulated[i]) {
                arrays->accumulated[i] = malloc(argument->bytes + 1);
                if (!arrays->accumulated[i])
                    return pf_fail(PARFUN_NO_MEMORY,
                            "%s(): no memory for a copy of '%s'",
                            call->kernel->name, argument->parameter->name);
                pf_combine_fill(argument, arrays->accumulated[i]);
            }
            accumulate(arrays, i, staged, result);
        } else if (argument->plan->role == PF_ROLE_FLAG) {
            const unsigned pack = argument->plan->pack;

            result->kept[pack] = pf_combine_compact(call, pack, staged->bounce,
                    lane->count, lane->first, lane->first);
        } else if (argument->plan->role == PF_ROLE_ARRAY && argument->reads
                && argument->writes) {
            copy_back(arrays, argument, lane, staged);
        }
    }
    return PARFUN_OK;
}

const void *pf_arrays_accumulated(const struct pf_arrays *arrays, unsigned index)
{
    return arrays->accumulated[index];
}

void pf_arrays_traffic(
        const struct pf_arrays *arrays, uint64_t *bytes_in, uint64_t *bytes_out)
{
    *bytes_in = arrays->bytes_in;
    *bytes_out = arrays->bytes_out;
}
