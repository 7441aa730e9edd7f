/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrays_keep.c: a call's arrays that lie in kept memory, on one device.  The kernel
 * works in the device's copy of the kept range; only what is out of date moves.
 */
#include "runtime/arrays_inside.h"

#include "runtime/base/error.h"

static uint64_t place_of(const struct pf_arrays *arrays)
{
    return PF_KEEP_DEVICE(arrays->driver->number);
}

/* Sent before the first partition runs: other partitions see the same bytes. */
static bool is_sent_whole(const struct pf_call_argument *argument)
{
    return !pf_keep_is_cut(argument);
}

bool pf_arrays_is_in_copy(const struct pf_arrays *arrays, unsigned index)
{
    return arrays->way[index] == PF_WAY_KEPT || arrays->way[index] == PF_WAY_MOVED;
}

/* The kernel can work in the device's copy, or on what is moved from there; else it is
 * staged from the host. */
static enum pf_way find_way(
        const struct pf_arrays *arrays, const struct pf_call_argument *argument)
{
    const bool whole = pf_arrays_is_whole(argument);
    const bool absolute = arrays->call->clauses->absolute;

    if (argument->copied || pf_arrays_is_indirect(argument)
            || pf_arrays_is_combined(argument, PF_COMBINE_PACK)
            || !(whole || pf_keep_is_cut(argument) || argument->stays))
        return PF_WAY_STAGED;
    if (arrays->device->backend->offsets(arrays->code)
            || (!argument->kept_offset && (whole || absolute)))
        return PF_WAY_KEPT;
    return whole || absolute || argument->pitch ? PF_WAY_STAGED : PF_WAY_MOVED;
}

/* A device that works in the host's memory needs no copy for what it only reads or
 * only writes, unless it has one that is newer. */
static enum parfun_status choose_place(
        struct pf_arrays *arrays, unsigned index, bool *placed)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const enum pf_way way = find_way(arrays, argument);
    struct pf_memory *memory = NULL;

    *placed = false;
    if (!argument->stays || !pf_keep_copy_exists(argument->kept, arrays->driver))
        PF_TRY(pf_arrays_share(arrays, index, placed));
    if (*placed || way == PF_WAY_STAGED)
        return PARFUN_OK;
    PF_TRY(pf_keep_copy_use(
            argument->kept, arrays->driver, 0, arrays->limits, &memory));
    if (!memory)
        return PARFUN_OK;
    arrays->way[index] = way;
    arrays->memory[index] = memory;
    *placed = true;
    return PARFUN_OK;
}

static enum parfun_status send_whole(struct pf_arrays *arrays, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const struct pf_keep_span whole = pf_keep_whole(argument);
    char *sender = NULL;

    if (arrays->apart)
        PF_TRY(pf_arrays_sender(arrays, index, whole.end - whole.first, &sender));
    return pf_keep_send(
            argument->kept, arrays->driver, 0, whole, sender, &arrays->bytes_in);
}

enum parfun_status pf_arrays_keep_place(
        struct pf_arrays *arrays, unsigned index, bool *placed)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_kept *kept = argument->kept;
    const struct pf_keep_span whole = pf_keep_whole(argument);

    PF_TRY(choose_place(arrays, index, placed));
    if (pf_arrays_is_in_copy(arrays, index))
        return is_sent_whole(argument) ? send_whole(arrays, index) : PARFUN_OK;
    if (pf_keep_copy_exists(kept, arrays->driver))
        PF_TRY(pf_keep_bring(kept, arrays->driver, 0, whole, arrays->limits));
    if (argument->stays && argument->writes && !pf_keep_is_cut(argument))
        PF_TRY(pf_keep_mark(kept, whole, ~UINT64_C(0), PF_KEEP_HOST));
    return PARFUN_OK;
}

enum parfun_status pf_arrays_keep_sent(struct pf_arrays *arrays)
{
    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &arrays->call->arguments[i];

        if (pf_arrays_is_in_copy(arrays, i) && is_sent_whole(argument))
            PF_TRY(pf_keep_mark(argument->kept, pf_keep_whole(argument),
                    argument->writes ? ~UINT64_C(0) : 0, place_of(arrays)));
    }
    return PARFUN_OK;
}

/* From the copy to where the kernel's pointer can point. */
static enum parfun_status move_in(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    struct pf_staged *staged = &arrays->lane[l].staged[index];
    const struct pf_keep_span part = pf_keep_part(
            argument, arrays->lane[l].first, arrays->lane[l].part.count);
    const size_t bytes = part.end - part.first;

    PF_TRY(pf_arrays_reserve(arrays, l, staged, bytes));
    if (!argument->reads)
        return PARFUN_OK;
    return arrays->device->backend->move(arrays->device, l,
            &(struct pf_move){ .from = arrays->memory[index],
                    .to = staged->memory,
                    .from_offset = part.first,
                    .bytes = bytes });
}

enum parfun_status pf_arrays_keep_out(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const struct pf_keep_span part = pf_keep_part(
            argument, arrays->lane[l].first, arrays->lane[l].part.count);

    if (!argument->writes)
        return PARFUN_OK;
    return arrays->device->backend->move(arrays->device, l,
            &(struct pf_move){ .from = arrays->lane[l].staged[index].memory,
                    .to = arrays->memory[index],
                    .to_offset = part.first,
                    .bytes = part.end - part.first });
}

enum parfun_status pf_arrays_keep_in(
        struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const struct pf_lane *lane = &arrays->lane[l];
    struct pf_staged *staged = &arrays->lane[l].staged[index];
    const bool in_copy = pf_arrays_is_in_copy(arrays, index);
    const struct pf_keep_span part =
            pf_keep_part(argument, lane->first, lane->part.count);

    if (in_copy && arrays->apart && pf_keep_is_cut(argument))
        PF_TRY(pf_arrays_reserve_bounce(arrays, staged, part.end - part.first));
    if (in_copy && argument->reads && pf_keep_is_cut(argument))
        PF_TRY(pf_keep_send(argument->kept, arrays->driver, l, part,
                arrays->apart ? staged->bounce : NULL, &arrays->bytes_in));
    if (arrays->way[index] == PF_WAY_MOVED)
        PF_TRY(move_in(arrays, l, index));
    if (!argument->writes || !pf_keep_is_cut(argument))
        return PARFUN_OK;
    if (in_copy && argument->reads && pf_arrays_comes_back(arrays, index))
        PF_TRY(pf_arrays_reserve_bounce(arrays, staged, part.end - part.first));
    return pf_keep_mark(argument->kept, part, ~UINT64_C(0),
            in_copy && argument->stays ? place_of(arrays) : PF_KEEP_HOST);
}

void pf_arrays_keep_done(const struct pf_arrays *arrays, unsigned l, unsigned index)
{
    const struct pf_call_argument *argument = &arrays->call->arguments[index];
    const struct pf_lane *lane = &arrays->lane[l];

    /* if this can not be noted, it is sent again */
    if (pf_arrays_is_in_copy(arrays, index) && pf_keep_is_cut(argument))
        (void)pf_keep_mark(argument->kept,
                pf_keep_part(argument, lane->first, lane->part.count), 0,
                place_of(arrays));
}

void pf_arrays_keep_leave(struct pf_arrays *arrays)
{
    for (unsigned i = 0; i < arrays->call->clauses->argument_count; i++)
        if (pf_arrays_is_in_copy(arrays, i)) {
            pf_keep_copy_leave(arrays->call->arguments[i].kept, arrays->driver);
            arrays->memory[i] = NULL;
        }
}
