/* SPDX-License-Identifier: Apache-2.0 */
/* combine.c: reductions, accumulated arrays and packed outputs of one call. */
#include "runtime/combine.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNMENT = 128 }; /* of the widest vector */

struct pf_combiner {
    const struct pf_call *call;
    size_t kept[PF_PACKS_MAX];
    struct output {
        struct pf_reduce_total *total; /* reduce */
        bool started; /* accumulate: the caller's array holds something */
    } outputs[];
};

static bool is_reduce(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_REDUCE;
}

static bool is_accumulate(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_ACCUMULATE;
}

static bool is_each(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_EACH;
}

bool pf_combine_by_partition(const struct pf_call_argument *argument)
{
    return is_each(argument)
            || (is_accumulate(argument)
                    && !pf_type_info(argument->plan->type)->is_integer);
}

void pf_combine_fill(const struct pf_call_argument *argument, void *copy)
{
    size_t bytes;

    if (is_each(argument)) {
        memset(copy, 0, argument->bytes);
        return;
    }
    bytes = pf_reduce_result_bytes(&argument->reduction);
    for (size_t i = 0; i < argument->count; i++)
        pf_reduce_identity(&argument->reduction, (char *)copy + i * bytes);
}

/* ---- Results ----------------------------------------------------------------- */

enum parfun_status pf_result_create(
        const struct pf_call *call, struct pf_result **result)
{
    const unsigned n = call->clauses->argument_count;
    struct pf_result *made = calloc(1, sizeof *made + n * sizeof made->outputs[0]);

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory for a partition's result",
                call->kernel->name);
    *result = made;
    return PARFUN_OK;
}

void pf_result_destroy(const struct pf_call *call, struct pf_result *result)
{
    if (!result)
        return;
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        pf_reduce_part_destroy(result->outputs[i].part);
        free(result->outputs[i].copy);
    }
    free(result);
}

enum parfun_status pf_result_begin(
        const struct pf_call *call, struct pf_result *result)
{
    memset(result->kept, 0, sizeof result->kept);
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_call_argument *argument = &call->arguments[i];
        struct pf_result_output *output = &result->outputs[i];

        if (is_reduce(argument)) {
            if (output->part)
                PF_TRY(pf_reduce_part_reset(
                        output->part, result->first, result->count));
            else
                PF_TRY(pf_reduce_part_create(&argument->reduction, result->first,
                        result->count, &output->part));
        }
        if (pf_combine_by_partition(argument)) {
            if (!output->copy)
                output->copy = aligned_alloc(
                        ALIGNMENT, (argument->bytes / ALIGNMENT + 1) * ALIGNMENT);
            if (!output->copy)
                return pf_fail(PARFUN_NO_MEMORY,
                        "%s(): no memory for a partition's copy of '%s' (%zu "
                        "bytes)",
                        call->kernel->name, argument->parameter->name,
                        argument->bytes);
            pf_combine_fill(argument, output->copy);
        }
    }
    return PARFUN_OK;
}

/* ---- Packing ------------------------------------------------------------------- */

static bool is_packed(const struct pf_call_argument *argument, unsigned pack)
{
    return argument->plan->role == PF_ROLE_ARRAY
            && argument->plan->combine == PF_COMBINE_PACK
            && argument->plan->pack == pack;
}

static const struct pf_call_argument *flag_of(
        const struct pf_call *call, unsigned pack)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (call->arguments[i].plan->role == PF_ROLE_FLAG
                && call->arguments[i].plan->pack == pack)
            return &call->arguments[i];
    return NULL;
}

static bool is_set(const char *flag, size_t bytes)
{
    static const char zero[8];

    return memcmp(flag, zero, bytes) != 0;
}

size_t pf_combine_compact(const struct pf_call *call, unsigned pack,
        const void *flags, size_t count, size_t from, size_t to)
{
    const size_t flag_bytes = flag_of(call, pack)->element_bytes;
    size_t kept = 0;

    for (size_t begin = 0; begin < count;) {
        size_t end;

        while (begin < count
                && !is_set((const char *)flags + begin * flag_bytes, flag_bytes))
            begin++;
        for (end = begin; end < count
                && is_set((const char *)flags + end * flag_bytes, flag_bytes);)
            end++;
        for (unsigned i = 0; i < call->clauses->argument_count; i++)
            if (end > begin && is_packed(&call->arguments[i], pack)) {
                const size_t bytes = call->arguments[i].item_bytes;

                memmove(call->arguments[i].host + (to + kept) * bytes,
                        call->arguments[i].host + (from + begin) * bytes,
                        (end - begin) * bytes);
            }
        kept += end - begin;
        begin = end;
    }
    return kept;
}

static void append_packed(
        struct pf_combiner *combine, const struct pf_result *result, unsigned pack)
{
    const struct pf_call *call = combine->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (is_packed(&call->arguments[i], pack)) {
            const struct pf_call_argument *argument = &call->arguments[i];
            const size_t bytes = argument->item_bytes;

            memmove(argument->host + combine->kept[pack] * bytes,
                    argument->host + result->first * bytes,
                    result->kept[pack] * bytes);
        }
    combine->kept[pack] += result->kept[pack];
}

/* ---- The call -------------------------------------------------------------------- */

enum parfun_status pf_combine_create(
        const struct pf_call *call, struct pf_combiner **combine)
{
    const unsigned n = call->clauses->argument_count;
    struct pf_combiner *made =
            calloc(1, sizeof *made + n * sizeof made->outputs[0]);

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "%s(): no memory to combine results",
                call->kernel->name);
    made->call = call;
    for (unsigned i = 0; i < n; i++) {
        enum parfun_status status = PARFUN_OK;

        if (is_reduce(&call->arguments[i]))
            status = pf_reduce_total_create(&call->arguments[i].reduction,
                    call->items, &made->outputs[i].total);
        if (status) {
            pf_combine_destroy(made);
            return status;
        }
    }
    *combine = made;
    return PARFUN_OK;
}

void pf_combine_destroy(struct pf_combiner *combine)
{
    if (!combine)
        return;
    for (unsigned i = 0; i < combine->call->clauses->argument_count; i++)
        pf_reduce_total_destroy(combine->outputs[i].total);
    free(combine);
}

static void begin_accumulated(struct pf_combiner *combine, unsigned index)
{
    const struct pf_call_argument *argument = &combine->call->arguments[index];

    if (!combine->outputs[index].started)
        pf_combine_fill(argument, argument->given);
    combine->outputs[index].started = true;
}

void pf_combine_worker(
        struct pf_combiner *combine, unsigned index, const void *copy)
{
    const struct pf_call_argument *argument = &combine->call->arguments[index];

    begin_accumulated(combine, index);
    pf_reduce_elementwise(
            &argument->reduction, argument->given, copy, argument->count);
}

void pf_combine_append(struct pf_combiner *combine, const struct pf_result *result)
{
    const struct pf_call *call = combine->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        if (combine->outputs[i].total)
            pf_reduce_total_append(
                    combine->outputs[i].total, result->outputs[i].part);
        if (result->outputs[i].copy && is_accumulate(&call->arguments[i]))
            pf_combine_worker(combine, i, result->outputs[i].copy);
    }
    for (unsigned p = 0; p < call->clauses->pack_count; p++)
        append_packed(combine, result, p);
}

void pf_combine_finish(struct pf_combiner *combine)
{
    const struct pf_call *call = combine->call;

    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        if (combine->outputs[i].total)
            pf_reduce_total_finish(
                    combine->outputs[i].total, call->arguments[i].given);
        if (is_accumulate(&call->arguments[i]))
            begin_accumulated(combine, i);
    }
    for (unsigned p = 0; p < call->clauses->pack_count; p++)
        *call->pack_count[p] = combine->kept[p];
}
