/* SPDX-License-Identifier: Apache-2.0 */
/* keep_call.c: what a call does with kept memory on the host's side. */
#include "runtime/keep.h"

#include "runtime/base/error.h"

#include <string.h>

struct pf_keep_span pf_keep_whole(const struct pf_call_argument *argument)
{
    const size_t rest = argument->kept->bytes - argument->kept_offset;

    /* nobody knows where a shared array ends */
    return (struct pf_keep_span){
        argument->kept_offset,
        argument->kept_offset + (argument->bytes ? argument->bytes : rest),
    };
}

struct pf_keep_span pf_keep_part(
        const struct pf_call_argument *argument, size_t first, size_t count)
{
    const size_t begin = argument->kept_offset + first * argument->item_bytes;

    return (struct pf_keep_span){
        begin,
        begin + count * argument->item_bytes + 2 * argument->halo_bytes,
    };
}

bool pf_keep_is_cut(const struct pf_call_argument *argument)
{
    return argument->item_bytes && !argument->scattered && !argument->pitch
            && !argument->halo_bytes && !argument->copied
            && argument->plan->combine != PF_COMBINE_REDUCE
            && argument->plan->combine != PF_COMBINE_PACK;
}

/* ---- Which range an array lies in ------------------------------------------------------ */

static enum parfun_status fail_partly(
        const struct pf_call *call, const struct pf_call_argument *argument)
{
    return pf_fail(PARFUN_INVALID,
            "%s(): argument '%s' lies partly inside memory that is kept, and partly "
            "outside; keep all of it, or release it first",
            call->kernel->name, argument->parameter->name);
}

/* Called with the registry's lock held.  Ranges do not overlap. */
static enum parfun_status find_range(const struct pf_keep *keep,
        struct pf_keep_use *use, struct pf_call_argument *argument)
{
    const uintptr_t begin = (uintptr_t)argument->given;
    const size_t bytes = argument->bytes ? argument->bytes : 1;

    for (struct pf_kept *kept = keep->ranges; kept; kept = kept->next) {
        const uintptr_t there = (uintptr_t)kept->memory;

        if (begin + bytes <= there || there + kept->bytes <= begin)
            continue;
        if (begin < there || there + kept->bytes < begin + bytes)
            return fail_partly(use->call, argument);
        use->kept = true;
        argument->kept = kept;
        argument->kept_offset = begin - there;
        kept->calls++;
    }
    return PARFUN_OK;
}

/* A combiner of the caller's writes like the caller, and nobody knows how much. */
static bool is_array(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY && argument->given
            && argument->plan->combine != PF_COMBINE_EACH
            && (argument->bytes || argument->plan->combine == PF_COMBINE_SHARED);
}

static enum parfun_status find_ranges(
        struct pf_keep *keep, struct pf_keep_use *use, const struct pf_call *call)
{
    enum parfun_status status = PARFUN_OK;

    pf_lock_take(&keep->lock);
    *use = (struct pf_keep_use){ .next = keep->uses, .call = call };
    if (use->next)
        use->next->previous = use;
    keep->uses = use;
    for (unsigned i = 0; keep->ranges && i < call->clauses->argument_count; i++)
        if (!status && is_array(&call->arguments[i]))
            status = find_range(keep, use, &call->arguments[i]);
    pf_lock_give(&keep->lock);
    return status;
}

/* ---- What the host must have ------------------------------------------------------------- */

/* What the array held is seen by the kernel, or left between what the kernel writes. */
static bool needs_old(const struct pf_call_argument *argument)
{
    return argument->reads || argument->pitch || argument->copied
            || argument->scattered;
}

/* A device may leave there what it writes. */
static bool can_stay(const struct pf_call_argument *argument)
{
    return !argument->copied && !argument->scattered
            && (!argument->writes || argument->pitch || pf_keep_is_cut(argument));
}

static enum parfun_status begin_argument(struct pf_call_argument *argument,
        const struct pf_driver *alone, bool devices, const struct pf_limits *limits)
{
    const struct pf_keep_span whole = pf_keep_whole(argument);

    argument->stays = alone && can_stay(argument);
    if (needs_old(argument))
        PF_TRY(pf_keep_fetch(
                argument->kept, whole, argument->stays ? alone : NULL, limits));
    if (argument->copied)
        memcpy(argument->host, argument->given, argument->bytes);
    if (!argument->writes)
        return PARFUN_OK;
    /* the parts that are read first are marked partition by partition */
    if (needs_old(argument)
            && (argument->stays || (devices && pf_keep_is_cut(argument))))
        return PARFUN_OK;
    return pf_keep_mark(argument->kept, whole, ~UINT64_C(0), PF_KEEP_HOST);
}

enum parfun_status pf_keep_begin(struct pf_keep *keep, struct pf_keep_use *use,
        const struct pf_call *call, struct pf_driver *alone, bool devices,
        const struct pf_limits *limits)
{
    PF_TRY(find_ranges(keep, use, call));
    if (alone && alone->number >= PF_KEEP_DEVICES)
        alone = NULL;
    for (unsigned i = 0; use->kept && i < call->clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];
        enum parfun_status status;

        if (!argument->kept)
            continue;
        argument->scattered = argument->item_bytes
                && (call->clauses->generator_count || call->cuts.at);
        status = begin_argument(argument, alone, devices, limits);
        if (status == PARFUN_TIMED_OUT || status == PARFUN_CANCELLED)
            return status;
        if (status)
            return pf_error_prefix(status,
                    "%s(): argument '%s': ", call->kernel->name,
                    argument->parameter->name);
    }
    return PARFUN_OK;
}

void pf_keep_end(struct pf_keep *keep, struct pf_keep_use *use)
{
    const struct pf_call *call = use->call;

    pf_lock_take(&keep->lock);
    if (use->previous)
        use->previous->next = use->next;
    else
        keep->uses = use->next;
    if (use->next)
        use->next->previous = use->previous;
    for (unsigned i = 0; use->kept && i < call->clauses->argument_count; i++)
        if (call->arguments[i].kept)
            call->arguments[i].kept->calls--;
    pf_lock_give(&keep->lock);
}

/* Some device has at least a part of it. */
static bool is_on_devices(const struct pf_call_argument *argument)
{
    struct pf_kept *kept = argument->kept;
    struct pf_keep_span found;
    bool any;

    pf_lock_take(&kept->lock);
    any = pf_keep_map_find(
            &kept->map, pf_keep_whole(argument), ~PF_KEEP_HOST, 0, &found, NULL);
    pf_lock_give(&kept->lock);
    return any;
}

void pf_keep_traffic(
        const struct pf_call *call, double *bytes_in, double *bytes_out)
{
    *bytes_in = call->bytes_in;
    *bytes_out = call->bytes_out;
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        const double bytes = (double)(argument->item_bytes * argument->rows);

        if (!argument->kept || argument->copied)
            continue;
        if (argument->reads && is_on_devices(argument))
            *bytes_in -= bytes;
        if (argument->writes && argument->stays)
            *bytes_out -= bytes;
    }
}

enum parfun_status pf_keep_host_writes(
        const struct pf_call *call, size_t first, size_t count)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];

        if (argument->kept && argument->writes && pf_keep_is_cut(argument))
            PF_TRY(pf_keep_mark(argument->kept,
                    pf_keep_part(argument, first, count), ~UINT64_C(0),
                    PF_KEEP_HOST));
    }
    return PARFUN_OK;
}
