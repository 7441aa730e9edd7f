/* SPDX-License-Identifier: Apache-2.0 */
/*
 * regroup.c: moves rows between a table's order and that of groups.
 *
 * The whole array at once, slice by slice of the table: reading is sequential, and
 * writing goes to as many places as there are groups, each of which goes on where it
 * stopped.  Partition by partition most lines of the cache would be fetched as often as
 * they have elements (docs/decisions/0009-rows-move-at-once.md).
 */
#include "runtime/regroup.h"

#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "runtime/groups.h"

#include <string.h>

enum {
    AHEAD = 512,      /* rows */
    TOGETHER = 8,     /* rows */
    WIDEST = 8,       /* bytes of an element that is moved with others */
    LINE = 64,        /* bytes */
    STRETCH = 1 << 18 /* rows between two looks at the limits: a millisecond */
};

struct move {
    const uint32_t *places; /* by row */
    char *table, *grouped;
    size_t rows, bytes; /* of the table; of an element */
    unsigned slices;
    bool back; /* from the groups' order to the table's */
    const struct pf_limits *limits;
};

/* ---- Moving -------------------------------------------------------------------------- */

/* Rows jump from group to group, of which there are more than streams that a processor
 * foresees.  Into the second-level cache: the first one is too small for a line of each
 * group. */
static inline void fetch_ahead(const struct move *move, size_t row, size_t bytes)
{
    const uint32_t place = move->places[row + AHEAD];

    __builtin_prefetch(
            move->grouped + (place == PF_DISTINCT_NONE ? 0 : place) * bytes, 0, 2);
}

static inline void to_place(const struct move *move, size_t row, size_t bytes)
{
    const uint32_t place = move->places[row];

    if (place != PF_DISTINCT_NONE)
        memcpy(move->grouped + place * bytes, move->table + row * bytes, bytes);
}

/* `bytes` is a constant for the usual sizes, so that an element is moved as one. */
static inline void to_groups(
        const struct move *move, size_t first, size_t end, size_t bytes)
{
    size_t row = first;

    for (; row + AHEAD < end; row++) {
        fetch_ahead(move, row, bytes);
        to_place(move, row, bytes);
    }
    for (; row < end; row++)
        to_place(move, row, bytes);
}

static inline void to_row(const struct move *move, size_t row, size_t bytes)
{
    const uint32_t place = move->places[row];

    if (place != PF_DISTINCT_NONE)
        memcpy(move->table + row * bytes, move->grouped + place * bytes, bytes);
}

/* Elements of several rows are read before the first is written: their places are in
 * different lines, which then come together.  An eighth less time than one by one. */
static inline void to_rows(const struct move *move, size_t row, size_t bytes)
{
    const uint32_t *places = move->places + row;
    char elements[TOGETHER * WIDEST];
    bool all = true;

    for (size_t i = 0; i < TOGETHER; i++)
        all &= places[i] != PF_DISTINCT_NONE;
    if (!all) {
        for (size_t i = 0; i < TOGETHER; i++)
            to_row(move, row + i, bytes);
        return;
    }
    for (size_t i = 0; i < TOGETHER; i++)
        memcpy(elements + i * bytes, move->grouped + places[i] * bytes, bytes);
    memcpy(move->table + row * bytes, elements, TOGETHER * bytes);
}

/* Rows until the table's next line begins. */
static inline size_t rows_to_line(const struct move *move, size_t row, size_t bytes)
{
    return (LINE - 1 - ((uintptr_t)move->table + row * bytes - 1) % LINE) / bytes;
}

static inline void to_table(
        const struct move *move, size_t first, size_t end, size_t bytes)
{
    size_t row = first;

    if (bytes <= WIDEST) {
        const size_t line = first + rows_to_line(move, first, bytes);

        for (; row < line && row < end; row++)
            to_row(move, row, bytes);
        for (; row + TOGETHER + AHEAD <= end; row += TOGETHER) {
            for (size_t i = 0; i < TOGETHER; i++)
                fetch_ahead(move, row + i, bytes);
            to_rows(move, row, bytes);
        }
    }
    for (; row < end; row++)
        to_row(move, row, bytes);
}

static inline void move_rows(
        const struct move *move, size_t first, size_t end, size_t bytes)
{
    const struct move own = *move; /* which no element that is written can change */

    if (own.back)
        to_table(&own, first, end, bytes);
    else
        to_groups(&own, first, end, bytes);
}

static void move_stretch(const struct move *move, size_t first, size_t end)
{
    if (move->bytes == 8)
        move_rows(move, first, end, 8);
    else if (move->bytes == 4)
        move_rows(move, first, end, 4);
    else
        move_rows(move, first, end, move->bytes);
}

static void move_slice(void *context, unsigned slice)
{
    const struct move *move = context;
    const size_t end = pf_crew_begin(move->rows, slice + 1, move->slices);
    size_t at = pf_crew_begin(move->rows, slice, move->slices);

    while (at < end && !pf_limits_look(move->limits, pf_clock_ns())) {
        const size_t next = end - at < STRETCH ? end : at + STRETCH;

        move_stretch(move, at, next);
        at = next;
    }
}

static enum parfun_status move_array(const struct parfun_groups *groups,
        const struct pf_call_argument *argument, const struct pf_crew *crew,
        const struct pf_limits *limits, bool back)
{
    struct move move = {
        .places = groups->places,
        .table = argument->in_table,
        .grouped = argument->host,
        .rows = groups->table->rows,
        .bytes = argument->item_bytes,
        .slices = pf_crew_slices(crew, groups->table->rows),
        .back = back,
        .limits = limits,
    };

    pf_crew_run(crew, move.slices, move_slice, &move);
    return pf_limits_look(limits, pf_clock_ns());
}

/* ---- A call -------------------------------------------------------------------------- */

static bool is_in_table_order(const struct pf_call_argument *argument)
{
    return argument->by_row && argument->plan->combine != PF_COMBINE_GROUP;
}

/* Two parameters that are given the same array share its copy if nobody writes it. */
static const struct pf_call_argument *find_same(
        const struct pf_call *call, unsigned index)
{
    const struct pf_call_argument *argument = &call->arguments[index];

    for (unsigned i = 0; i < index; i++) {
        const struct pf_call_argument *other = &call->arguments[i];

        if (is_in_table_order(other) && other->given == argument->given
                && other->item_bytes == argument->item_bytes && !other->writes
                && !argument->writes)
            return other;
    }
    return NULL;
}

static enum parfun_status regroup(struct pf_call *call, unsigned index,
        const struct pf_crew *crew, const struct pf_limits *limits)
{
    struct pf_call_argument *argument = &call->arguments[index];
    const struct parfun_groups *groups =
            pf_groups_of(call->groups, argument->given);
    const struct pf_call_argument *same = find_same(call, index);

    argument->in_table = argument->host;
    argument->table_bytes = argument->bytes;
    argument->bytes = call->rows * argument->item_bytes;
    if (!groups->places) {
        argument->host += groups->first * argument->item_bytes;
        return PARFUN_OK;
    }
    if (same) {
        argument->host = same->host;
        return PARFUN_OK;
    }
    argument->host = argument->regrouped =
            pf_memory_take(crew->memory, argument->bytes);
    if (!argument->host)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no memory for the rows of '%s' by groups (%zu bytes)",
                call->kernel->name, argument->parameter->name, argument->bytes);
    return argument->reads ? move_array(groups, argument, crew, limits, false)
                           : PARFUN_OK;
}

enum parfun_status pf_regroup_begin(struct pf_call *call,
        const struct pf_crew *crew, const struct pf_limits *limits)
{
    for (unsigned i = 0; call->groups && i < call->clauses->argument_count; i++)
        if (is_in_table_order(&call->arguments[i]))
            PF_TRY(regroup(call, i, crew, limits));
    return PARFUN_OK;
}

enum parfun_status pf_regroup_end(struct pf_call *call, const struct pf_crew *crew,
        const struct pf_limits *limits, bool done)
{
    enum parfun_status status = PARFUN_OK;

    for (unsigned i = 0; call->groups && i < call->clauses->argument_count; i++) {
        struct pf_call_argument *argument = &call->arguments[i];

        if (!argument->in_table)
            continue;
        if (done && !status && argument->writes && argument->regrouped)
            status = move_array(pf_groups_of(call->groups, argument->given),
                    argument, crew, limits, true);
        pf_memory_give(crew->memory, argument->regrouped, argument->bytes);
        argument->host = argument->in_table;
        argument->bytes = argument->table_bytes;
        argument->in_table = argument->regrouped = NULL;
    }
    return status;
}
