/* SPDX-License-Identifier: Apache-2.0 */
/* arrays.c: places a call's arrays on a device. */
#include "runtime/arrays_inside.h"

#include "runtime/base/error.h"
#include "runtime/reducers.h"

#include <stdlib.h>
#include <string.h>

bool pf_arrays_is_array(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            || argument->plan->role == PF_ROLE_FLAG
            || argument->plan->role == PF_ROLE_OFFSETS;
}

bool pf_arrays_is_combined(
        const struct pf_call_argument *argument, enum pf_combine combine)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == combine;
}

bool pf_arrays_is_copied(const struct pf_call_argument *argument)
{
    return pf_arrays_is_combined(argument, PF_COMBINE_ACCUMULATE)
            || pf_arrays_is_combined(argument, PF_COMBINE_EACH);
}

bool pf_arrays_is_indirect(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_FLAG
            || pf_arrays_is_combined(argument, PF_COMBINE_REDUCE)
            || pf_arrays_is_copied(argument);
}

bool pf_arrays_is_whole(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY && !argument->writes
            && argument->plan->split == PF_SPLIT_NONE;
}

size_t pf_arrays_part_bytes(const struct pf_call_argument *argument, size_t count)
{
    if (pf_arrays_is_copied(argument))
        return argument->bytes;
    if (argument->plan->role == PF_ROLE_OFFSETS)
        return (count + 1) * argument->element_bytes;
    return (argument->rows ? argument->rows - 1 : 0) * argument->pitch
            + count * argument->item_bytes + 2 * argument->halo_bytes;
}

/* No argument before it lies in the same kept range. */
static bool is_first_of(const struct pf_call *call, unsigned index)
{
    for (unsigned i = 0; i < index; i++)
        if (call->arguments[i].kept == call->arguments[index].kept)
            return false;
    return true;
}

/* Partitions of kept arrays count, too: not every kernel can work in a copy. */
struct pf_arrays_need pf_arrays_need(
        const struct pf_call *call, const struct pf_device *device)
{
    const double memory = (double)device->limits.memory_bytes;
    struct pf_arrays_need need = { 0, 0, 0 };
    double copies = 0;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const double item = (double)argument->item_bytes;

        if (!pf_arrays_is_array(argument))
            continue;
        if (argument->kept && is_first_of(call, i))
            copies += pf_keep_copy_bytes(argument->kept, device);
        if (pf_arrays_is_whole(argument)) {
            if (!argument->kept
                    || !(pf_keep_copy_bytes(argument->kept, device) > 0))
                need.fixed += (double)argument->bytes;
            continue;
        }
        need.fixed +=
                (double)device->lanes * (double)pf_arrays_part_bytes(argument, 0);
        need.per_item += item;
        if (item > need.widest)
            need.widest = item;
    }
    need.fixed += copies < PF_KEEP_PART * memory ? copies : PF_KEEP_PART * memory;
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

enum parfun_status pf_arrays_new_memory(struct pf_arrays *arrays, unsigned lane,
        size_t bytes, void *host, unsigned access, struct pf_memory **memory,
        bool *zero_copy)
{
    enum parfun_status status;

    do
        status = pf_spares_create(
                arrays->driver, bytes, host, access, memory, zero_copy);
    while (status == PARFUN_NO_MEMORY
            && pf_keep_evict(arrays->driver, lane, arrays->limits));
    return status;
}

enum parfun_status pf_arrays_sender(
        struct pf_arrays *arrays, unsigned index, size_t bytes, char **sender)
{
    *sender = arrays->call->arguments[index].host;
    if (!arrays->apart)
        return PARFUN_OK;
    *sender = arrays->sent[index] =
            pf_spares_take_host(arrays->driver, bytes, &arrays->sent_bytes[index]);
    if (!*sender)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no host memory for a partition on %s (%zu bytes)",
                arrays->call->kernel->name, arrays->device->name, bytes);
    return PARFUN_OK;
}

/* An array that lies on the device for the whole call. */
static enum parfun_status place_whole(struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_device *device = arrays->device;
    const struct pf_backend *backend = device->backend;
    bool zero_copy = false;
    struct pf_copy copy;
    char *sender;

    PF_TRY(pf_arrays_new_memory(arrays, 0, argument->bytes ? argument->bytes : 1,
            argument->bytes && !arrays->apart ? argument->host : NULL,
            PF_ACCESS_READ, &arrays->memory[index], &zero_copy));
    arrays->way[index] = PF_WAY_WHOLE;
    if (!argument->bytes)
        return PARFUN_OK;
    PF_TRY(pf_arrays_sender(arrays, index, argument->bytes, &sender));
    if (arrays->apart)
        memcpy(sender, argument->host, argument->bytes);
    copy = whole_copy(argument, arrays->memory[index]);
    copy.host = sender;
    PF_TRY(backend->write(device, 0, &copy));
    arrays->in_place = arrays->in_place || zero_copy;
    if (!zero_copy)
        arrays->bytes_in += argument->bytes;
    return PARFUN_OK;
}

enum parfun_status pf_arrays_share(
        struct pf_arrays *arrays, unsigned index, bool *shared)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_device *device = arrays->device;
    const struct pf_backend *backend = device->backend;
    bool zero_copy = false;
    struct pf_copy copy;

    *shared = false;
    if (arrays->apart || pf_arrays_is_indirect(argument)
            || (argument->reads && argument->writes)
            || !device->limits.shared_memory || !argument->bytes
            || pf_arrays_is_combined(argument, PF_COMBINE_PACK)
            || arrays->call->clauses->generator_count /* may give indices */
            || !(pf_arrays_is_whole(argument) || backend->offsets(arrays->code)))
        return PARFUN_OK;
    PF_TRY(pf_spares_create(arrays->driver, argument->bytes, argument->host,
            argument->reads ? PF_ACCESS_READ : PF_ACCESS_WRITE,
            &arrays->memory[index], &zero_copy));
    if (!zero_copy) {
        backend->memory_destroy(device, arrays->memory[index]);
        arrays->memory[index] = NULL;
        return PARFUN_OK;
    }
    *shared = true;
    arrays->in_place = true;
    arrays->way[index] = argument->reads ? PF_WAY_WHOLE : PF_WAY_SHARED;
    copy = whole_copy(argument, arrays->memory[index]);
    return argument->reads ? backend->write(device, 0, &copy) : PARFUN_OK;
}

static enum parfun_status place(struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    bool placed = false;

    arrays->way[index] = PF_WAY_STAGED;
    if (argument->kept)
        PF_TRY(pf_arrays_keep_place(arrays, index, &placed));
    if (placed)
        return PARFUN_OK;
    return pf_arrays_is_whole(argument) ? place_whole(arrays, index)
                                        : pf_arrays_share(arrays, index, &placed);
}

static enum parfun_status place_all(struct pf_arrays *arrays, uint64_t *mark)
{
    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++)
        if (pf_arrays_is_array(&arrays->call->arguments[i]))
            PF_TRY(place(arrays, i));
    return arrays->device->backend->mark(arrays->device, 0, mark);
}

enum parfun_status pf_arrays_placed(struct pf_arrays *arrays)
{
    return pf_arrays_keep_sent(arrays);
}

static enum parfun_status find_reducers(
        struct pf_arrays *arrays, struct pf_driver *driver)
{
    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &arrays->call->arguments[i];
        struct pf_code *reducer;

        if (!pf_arrays_is_combined(argument, PF_COMBINE_REDUCE))
            continue;
        PF_TRY(pf_reducers_find(driver, &argument->reduction, &reducer));
        for (unsigned l = 0; l < arrays->lanes; l++)
            arrays->lane[l].staged[i].reducer = reducer;
    }
    return PARFUN_OK;
}

enum parfun_status pf_arrays_create(const struct pf_call *call,
        const struct pf_limits *limits, struct pf_driver *driver,
        struct pf_code *code, struct pf_arrays **arrays, uint64_t *mark)
{
    struct pf_device *device = driver->device;
    const unsigned n =
            call->clauses->argument_count ? call->clauses->argument_count : 1;
    struct pf_arrays *made =
            calloc(1, sizeof *made + device->lanes * sizeof made->lane[0]);
    bool complete = made != NULL;

    *arrays = NULL;
    if (made) {
        made->call = call;
        made->driver = driver;
        made->device = device;
        made->code = code;
        made->limits = limits;
        made->apart = pf_limits_timed(limits);
        made->spread = call->clauses->absolute && !device->backend->offsets(code);
        made->lanes = device->lanes;
        made->way = calloc(n, sizeof *made->way);
        made->memory = calloc(n, sizeof(struct pf_memory *));
        made->accumulated = calloc(n, sizeof *made->accumulated);
        made->sent = calloc(n, sizeof *made->sent);
        made->sent_bytes = calloc(n, sizeof *made->sent_bytes);
        complete = made->way && made->memory && made->accumulated && made->sent
                && made->sent_bytes;
        for (unsigned l = 0; l < made->lanes; l++) {
            made->lane[l].arguments = calloc(n, sizeof *made->lane[l].arguments);
            made->lane[l].staged = calloc(n, sizeof *made->lane[l].staged);
            complete = complete && made->lane[l].arguments && made->lane[l].staged;
        }
    }
    if (!complete) {
        pf_arrays_destroy(made, true);
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for device %s",
                call->kernel->name, device->name);
    }
    *arrays = made;
    PF_TRY(find_reducers(made, driver));
    PF_TRY(place_all(made, mark));
    made->deferred = !made->in_place;
    return PARFUN_OK;
}

bool pf_arrays_can_leave(const struct pf_arrays *arrays)
{
    bool taken = arrays->deferred;

    if (arrays->apart)
        return true;
    for (unsigned l = 0; l < arrays->lanes && taken; l++)
        taken = !arrays->lane[l].reached
                && arrays->device->backend->inputs_taken(arrays->device, l);
    return taken;
}

bool pf_arrays_leave(struct pf_arrays *arrays)
{
    const bool waits = arrays && !pf_arrays_can_leave(arrays);

    for (unsigned l = 0; arrays && l < arrays->lanes; l++) {
        struct pf_device *device = arrays->device;
        uint64_t mark = 0;
        bool reached;
        enum parfun_status status = device->backend->mark(device, l, &mark);

        if (!status && waits)
            status = device->backend->wait(
                    device, l, mark, UINT64_MAX, &reached, NULL);
        if (!waits)
            arrays->driver->left_behind[l] = mark;
        if (!status)
            continue;
        if (status != PARFUN_DEVICE_FAILED)
            device->backend->give_up(device);
        return false;
    }
    return true;
}

static void give_staged(struct pf_driver *driver, const struct pf_staged *staged)
{
    pf_spares_give(driver, staged->memory, staged->bytes);
    pf_spares_give(driver, staged->blocks, staged->blocks_bytes);
    pf_spares_give_host(driver, staged->bounce, staged->bounce_bytes);
    pf_spares_give_host(driver, staged->gathered, staged->gathered_bytes);
    pf_spares_give_host(driver, staged->blocks_bounce, staged->blocks_room);
}

/* The device may not have done with it yet. */
static void park_staged(struct pf_driver *driver, const struct pf_staged *staged)
{
    struct pf_device *device = driver->device;

    if (staged->memory)
        device->backend->memory_destroy(device, staged->memory);
    if (staged->blocks)
        device->backend->memory_destroy(device, staged->blocks);
    pf_spares_park(driver, staged->bounce);
    pf_spares_park(driver, staged->gathered);
    pf_spares_park(driver, staged->blocks_bounce);
}

static void give_sent(struct pf_arrays *arrays, unsigned index, bool quiet)
{
    if (!arrays->sent[index])
        return;
    if (quiet)
        pf_spares_give_host(
                arrays->driver, arrays->sent[index], arrays->sent_bytes[index]);
    else
        pf_spares_park(arrays->driver, arrays->sent[index]);
}

void pf_arrays_destroy(struct pf_arrays *arrays, bool quiet)
{
    const unsigned n = arrays ? arrays->call->clauses->argument_count : 0;

    if (!arrays)
        return;
    for (unsigned l = 0; l < arrays->lanes; l++) {
        struct pf_lane *lane = &arrays->lane[l];

        for (unsigned i = 0; i < n && lane->staged; i++)
            if (quiet)
                give_staged(arrays->driver, &lane->staged[i]);
            else
                park_staged(arrays->driver, &lane->staged[i]);
        free(lane->arguments);
        free(lane->staged);
    }
    if (arrays->way && arrays->memory)
        pf_arrays_keep_leave(arrays);
    for (unsigned i = 0; i < n; i++) {
        if (arrays->memory && arrays->memory[i])
            arrays->device->backend->memory_destroy(
                    arrays->device, arrays->memory[i]);
        if (arrays->accumulated)
            free(arrays->accumulated[i]);
        if (arrays->sent)
            give_sent(arrays, i, quiet);
    }
    free(arrays->sent);
    free(arrays->sent_bytes);
    free(arrays->way);
    free(arrays->memory);
    free(arrays->accumulated);
    free(arrays);
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
