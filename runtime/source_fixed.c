/* SPDX-License-Identifier: Apache-2.0 */
/* source_fixed.c: partitions of one size, in order. */
#include "runtime/source.h"

#include "runtime/base/error.h"

#include <stdatomic.h>
#include <stdlib.h>

static struct pf_source_fixed *fixed(struct pf_source *source)
{
    return (struct pf_source_fixed *)source;
}

static void describe(
        const struct pf_source_fixed *self, size_t first, struct pf_piece *piece)
{
    const size_t rest = self->items - first;

    if (self->cuts.at) {
        const size_t row = self->cuts.at[first];
        const size_t rows = pf_cuts_round(&self->cuts, row, self->size, SIZE_MAX);

        *piece = (struct pf_piece){ .first = first,
            .count = pf_cuts_find(&self->cuts, row + rows) - first };
        return;
    }
    *piece = (struct pf_piece){ .first = first,
        .count = rest < self->size ? rest : self->size };
}

bool pf_source_fixed_take(struct pf_source_fixed *source, struct pf_piece *piece)
{
    size_t first;

    if (atomic_load_explicit(&source->next, memory_order_relaxed) >= source->items)
        return false;
    first = atomic_fetch_add_explicit(
            &source->next, source->size, memory_order_relaxed);
    if (first >= source->items)
        return false;
    describe(source, first, piece);
    return true;
}

static bool take(struct pf_source *source, unsigned worker, double now_s,
        struct pf_piece *piece)
{
    struct pf_source_fixed *self = fixed(source);
    size_t next;

    (void)worker, (void)now_s;
    if (self->returned_count) {
        *piece = self->returned[--self->returned_count];
        return true;
    }
    next = atomic_load_explicit(&self->next, memory_order_relaxed);
    if (next >= self->items)
        return false;
    describe(self, next, piece);
    atomic_store(&self->next, next + piece->count);
    return true;
}

static bool left(const struct pf_source *source)
{
    const struct pf_source_fixed *self = (const struct pf_source_fixed *)source;

    return self->returned_count
            || atomic_load_explicit(&self->next, memory_order_relaxed)
            < self->items;
}

static bool done(struct pf_source *source, unsigned worker,
        const struct pf_piece *piece, const struct pf_plan_times *times)
{
    (void)source, (void)worker, (void)piece, (void)times;
    return false;
}

static enum parfun_status give_back(
        struct pf_source *source, unsigned worker, const struct pf_piece *piece)
{
    struct pf_source_fixed *self = fixed(source);

    (void)worker;
    if (self->returned_count == self->returned_room) {
        const size_t room = self->returned_room ? 2 * self->returned_room : 16;
        struct pf_piece *grown = realloc(self->returned, room * sizeof *grown);

        if (!grown)
            return pf_fail(PARFUN_NO_MEMORY, "no memory to run a partition again");
        self->returned = grown;
        self->returned_room = room;
    }
    self->returned[self->returned_count] = *piece;
    self->returned[self->returned_count++].result = NULL;
    return PARFUN_OK;
}

static void leave(struct pf_source *source, unsigned worker)
{
    (void)source, (void)worker;
}

static bool active(const struct pf_source *source, unsigned worker)
{
    const struct pf_source_fixed *self = (const struct pf_source_fixed *)source;

    return worker < (self->items - 1) / self->size + 1;
}

static bool summons(const struct pf_source *source, unsigned worker)
{
    (void)source, (void)worker;
    return true;
}

void pf_source_fixed_init(struct pf_source_fixed *source, size_t items, size_t size)
{
    static const struct pf_source_kind kind = {
        .take = take,
        .left = left,
        .done = done,
        .give_back = give_back,
        .leave = leave,
        .active = active,
        .summons = summons,
    };

    source->source.kind = &kind;
    source->items = items;
    source->cuts = (struct pf_cuts){ NULL, 0 };
    source->size = size;
    atomic_store_explicit(&source->next, 0, memory_order_relaxed);
    source->returned_count = 0;
}

void pf_source_fixed_finish(struct pf_source_fixed *source)
{
    free(source->returned);
    source->returned = NULL;
    source->returned_room = 0;
}
