/* SPDX-License-Identifier: Apache-2.0 */
/* generator.c: asks generators for pieces, checks them, and hands them out. */
#include "runtime/generator.h"

#include "runtime/base/error.h"

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static struct pf_generator *generator_of(struct pf_source *source)
{
    return (struct pf_generator *)source;
}

static const char *name_of(const struct pf_generator *self, unsigned g)
{
    return self->call->clauses->generators[g];
}

/* ---- Checks -------------------------------------------------------------------------- */

static bool is_given(const struct pf_generated *generated, size_t item)
{
    if (!generated->given)
        return item < generated->next;
    return generated->given[item / 8] >> item % 8 & 1;
}

/* From now on each item is looked at: they do not come in order. */
static enum parfun_status begin_marks(struct pf_generator *self, unsigned g)
{
    struct pf_generated *generated = &self->generated[g];

    generated->given = calloc(self->call->items / 8 + 1, 1);
    if (!generated->given)
        return pf_fail(PARFUN_NO_MEMORY,
                "%s(): no memory to check the items of generator '%s'",
                self->call->kernel->name, name_of(self, g));
    for (size_t i = 0; i < generated->next; i++)
        generated->given[i / 8] |= (unsigned char)(1u << i % 8);
    return PARFUN_OK;
}

static enum parfun_status mark(struct pf_generator *self, unsigned g, size_t item)
{
    struct pf_generated *generated = &self->generated[g];

    if (is_given(generated, item))
        return pf_fail(PARFUN_INVALID,
                "%s(): generator '%s' gave item %zu twice; results in place and "
                "reductions need every item once",
                self->call->kernel->name, name_of(self, g), item);
    generated->given[item / 8] |= (unsigned char)(1u << item % 8);
    return PARFUN_OK;
}

/* Every item once, so far. */
static enum parfun_status mark_piece(struct pf_generator *self, unsigned g)
{
    struct pf_generated *generated = &self->generated[g];
    const struct parfun_piece *piece = &generated->piece;

    if (!generated->given) {
        if (!piece->indices && piece->first == generated->next) {
            generated->next += piece->count;
            return PARFUN_OK;
        }
        PF_TRY(begin_marks(self, g));
    }
    for (size_t i = 0; i < piece->count; i++)
        PF_TRY(mark(
                self, g, piece->indices ? piece->indices[i] : piece->first + i));
    return PARFUN_OK;
}

static enum parfun_status beyond(
        const struct pf_generator *self, unsigned g, size_t item)
{
    return pf_fail(PARFUN_INVALID,
            "%s(): generator '%s' gave item %zu, but the call's %zu items end before",
            self->call->kernel->name, name_of(self, g), item, self->call->items);
}

/* Clauses that need neighbours, or one beginning. */
static enum parfun_status check_indices(const struct pf_generator *self, unsigned g)
{
    const struct pf_call *call = self->call;
    const char *what = call->clauses->absolute ? "ids(absolute)" : NULL;

    for (unsigned i = 0; i < call->clauses->argument_count; i++)
        if (call->arguments[i].plan->role == PF_ROLE_ARRAY
                && call->arguments[i].halo_bytes)
            what = "halo()";
    if (!what)
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): generator '%s' gave a list of indices, which does not go with %s",
            call->kernel->name, name_of(self, g), what);
}

static enum parfun_status check_piece(
        struct pf_generator *self, unsigned g, const struct parfun_piece *before)
{
    const struct parfun_piece *piece = &self->generated[g].piece;
    const size_t items = self->call->items;

    if (piece->indices) {
        PF_TRY(check_indices(self, g));
        for (size_t i = 0; i < piece->count; i++)
            if (piece->indices[i] >= items)
                return beyond(self, g, piece->indices[i]);
    } else if (piece->first >= items || piece->count > items - piece->first) {
        return beyond(self, g, piece->first < items ? items : piece->first);
    }
    if (piece->count > PF_CALL_ITEMS_MAX)
        return pf_fail(PARFUN_INVALID,
                "%s(): generator '%s' gave a piece of %zu items; at most %d are "
                "possible",
                self->call->kernel->name, name_of(self, g), piece->count,
                (int)PF_CALL_ITEMS_MAX);
    if (piece->count % self->call->multiple)
        return pf_fail(PARFUN_INVALID,
                "%s(): generator '%s' gave a piece of %zu items, which is no multiple "
                "of the work-group's %zu",
                self->call->kernel->name, name_of(self, g), piece->count,
                self->call->multiple);
    if (self->strict)
        return mark_piece(self, g);
    if (!piece->indices && !before->indices && piece->first == before->first
            && piece->count == before->count)
        return pf_fail(PARFUN_INVALID,
                "%s(): generator '%s' gave the %zu items from %zu on twice in a row; "
                "it goes on from its last piece: piece->first += piece->count",
                self->call->kernel->name, name_of(self, g), piece->count,
                piece->first);
    return PARFUN_OK;
}

/* Packed elements are moved together behind those of earlier pieces. */
static enum parfun_status check_packing(const struct pf_generator *self)
{
    const struct parfun_piece *piece = &self->generated[0].piece;

    if (!self->call->clauses->pack_count
            || (!piece->indices && piece->first == self->items))
        return PARFUN_OK;
    return pf_fail(PARFUN_INVALID,
            "%s(): generator '%s' gave items out of order, which does not go with "
            "pack()",
            self->call->kernel->name, name_of(self, 0));
}

static enum parfun_status check_end(const struct pf_generator *self)
{
    if (!self->strict || self->items == self->call->items)
        return PARFUN_OK;
    for (unsigned g = 0; g < self->count; g++)
        for (size_t i = 0; i < self->call->items; i++)
            if (!is_given(&self->generated[g], i))
                return pf_fail(PARFUN_INVALID,
                        "%s(): generator '%s' left out item %zu; results in place and "
                        "reductions need every item once",
                        self->call->kernel->name, name_of(self, g), i);
    return PARFUN_OK;
}

/* ---- Making ---------------------------------------------------------------------------- */

/* The least part of an equal share that is wanted: at most so much of its time does a
 * worker wait for the others at the end, and crumbs cost more than that. */
enum { LEAST_PART = 64 };

/* Large pieces first, so that all workers end together. */
static size_t guided(const struct pf_generator *self)
{
    const size_t items = self->call->items, workers = self->workers;
    const size_t rest = items > self->items ? items - self->items : items;
    const size_t least = items / workers / LEAST_PART;
    const size_t size = rest / workers / 2;

    if (size >= least)
        return size;
    return least < rest ? least : rest;
}

static size_t wanted(const struct pf_generator *self)
{
    const size_t multiple = self->call->multiple;
    size_t size = self->size ? self->size : guided(self);

    if (size > PF_CALL_ITEMS_MAX)
        size = PF_CALL_ITEMS_MAX;
    size = size / multiple * multiple;
    return size ? size : multiple;
}

static enum parfun_status ask(struct pf_generator *self, unsigned g, size_t size)
{
    struct pf_generated *generated = &self->generated[g];
    const struct parfun_piece before = generated->piece;
    enum parfun_status status;

    pf_error_clear();
    status = self->generate[g](&self->split, size, &generated->piece, self->user);
    if (status && !*pf_error_text())
        (void)pf_fail(status, "generator '%s' returned %s and gave no reason",
                name_of(self, g), parfun_status_text(status));
    if (status)
        return (unsigned)status <= PARFUN_SYSTEM ? status : PARFUN_FUNCTION_FAILED;
    return generated->piece.count ? check_piece(self, g, &before) : PARFUN_OK;
}

/* The others must give as many items as the first. */
static enum parfun_status ask_all(struct pf_generator *self)
{
    const size_t size = wanted(self);

    for (unsigned g = 0; g < self->count; g++) {
        PF_TRY(ask(self, g, size));
        if (self->generated[g].piece.count != self->generated[0].piece.count)
            return pf_fail(PARFUN_INVALID,
                    "%s(): generators '%s' and '%s' gave pieces of %zu and %zu items; "
                    "they must agree piece by piece",
                    self->call->kernel->name, name_of(self, 0), name_of(self, g),
                    self->generated[0].piece.count, self->generated[g].piece.count);
    }
    return check_packing(self);
}

static enum parfun_status copy_indices(struct pf_indices *copy,
        const struct parfun_piece *piece, struct pf_cut *cut)
{
    *cut = (struct pf_cut){ piece->first, NULL };
    if (!piece->indices)
        return PARFUN_OK;
    if (copy->room < piece->count) {
        free(copy->index);
        copy->room = 0;
        copy->index = malloc(piece->count * sizeof *copy->index);
        if (!copy->index)
            return pf_fail(PARFUN_NO_MEMORY, "no memory for a partition's indices");
        copy->room = piece->count;
    }
    memcpy(copy->index, piece->indices, piece->count * sizeof *copy->index);
    cut->indices = copy->index;
    return PARFUN_OK;
}

static enum parfun_status make(struct pf_source *source)
{
    struct pf_generator *self = generator_of(source);
    struct pf_slot *slot = self->made;

    if (!slot)
        slot = self->made = calloc(1, sizeof *slot);
    if (!slot)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a partition");
    PF_TRY(ask_all(self));
    slot->first = self->items;
    slot->count = self->generated[0].piece.count;
    if (!slot->count)
        return check_end(self);
    for (unsigned g = 0; g < self->count; g++)
        PF_TRY(copy_indices(
                &slot->indices[g], &self->generated[g].piece, &slot->cuts[g]));
    if (self->items > SIZE_MAX / 2 - slot->count)
        return pf_fail(PARFUN_INVALID, "%s(): generator '%s' has no end",
                self->call->kernel->name, name_of(self, 0));
    self->items += slot->count;
    return PARFUN_OK;
}

/* ---- The source -------------------------------------------------------------------------- */

/* Also takes a spare slot for make(), which has no lock. */
static bool hungry(struct pf_source *source)
{
    struct pf_generator *self = generator_of(source);

    if (self->ended || self->alive > self->workers)
        return false;
    if (!self->made && self->spare) {
        self->made = self->spare;
        self->spare = self->made->next;
        self->made->next = NULL; /* it stays `made` if make() fails */
    }
    return true;
}

static void add(struct pf_source *source)
{
    struct pf_generator *self = generator_of(source);
    struct pf_slot *slot = self->made;

    self->made = NULL;
    if (!slot->count) {
        self->ended = true;
        slot->next = self->spare;
        self->spare = slot;
        return;
    }
    slot->next = NULL;
    if (self->oldest)
        self->newest->next = slot;
    else
        self->oldest = slot;
    self->newest = slot;
    self->alive++;
    self->pieces++;
}

static bool take(struct pf_source *source, unsigned worker, double now_s,
        struct pf_piece *piece)
{
    struct pf_generator *self = generator_of(source);
    struct pf_slot *slot = self->oldest;

    (void)worker, (void)now_s;
    if (!slot)
        return false;
    self->oldest = slot->next;
    *piece = (struct pf_piece){
        .first = slot->first, .count = slot->count, .cuts = slot->cuts
    };
    return true;
}

static bool left(const struct pf_source *source)
{
    const struct pf_generator *self = (const struct pf_generator *)source;

    return self->oldest || !self->ended;
}

static struct pf_slot *slot_of(const struct pf_piece *piece)
{
    return (struct pf_slot *)(uintptr_t)((const char *)piece->cuts
            - offsetof(struct pf_slot, cuts));
}

static bool done(struct pf_source *source, unsigned worker,
        const struct pf_piece *piece, const struct pf_plan_times *times)
{
    struct pf_generator *self = generator_of(source);
    struct pf_slot *slot = slot_of(piece);

    (void)worker, (void)times;
    slot->next = self->spare;
    self->spare = slot;
    self->alive--;
    return false;
}

static enum parfun_status give_back(
        struct pf_source *source, unsigned worker, const struct pf_piece *piece)
{
    struct pf_generator *self = generator_of(source);
    struct pf_slot *slot = slot_of(piece);

    (void)worker;
    slot->next = self->oldest;
    if (!self->oldest)
        self->newest = slot;
    self->oldest = slot;
    return PARFUN_OK;
}

static void leave(struct pf_source *source, unsigned worker)
{
    (void)source, (void)worker;
}

static bool active(const struct pf_source *source, unsigned worker)
{
    return worker < ((const struct pf_generator *)source)->pieces;
}

static bool summons(const struct pf_source *source, unsigned worker)
{
    (void)source, (void)worker;
    return true;
}

/* ---- A call ---------------------------------------------------------------------------------- */

/* Do all outputs of the call take overlapping pieces? */
static bool is_strict(const struct pf_call *call)
{
    for (unsigned i = 0; i < call->clauses->argument_count; i++) {
        const struct pf_argument *plan = call->arguments[i].plan;

        if (plan->role == PF_ROLE_ARRAY && plan->combine != PF_COMBINE_NONE
                && plan->combine != PF_COMBINE_EACH
                && plan->combine != PF_COMBINE_SHARED)
            return true;
    }
    return false;
}

void pf_generator_begin(struct pf_generator *generator, const struct pf_call *call,
        parfun_generator *const *generate, void *user, unsigned workers,
        size_t size)
{
    static const struct pf_source_kind kind = {
        .take = take,
        .left = left,
        .done = done,
        .give_back = give_back,
        .leave = leave,
        .active = active,
        .summons = summons,
        .hungry = hungry,
        .make = make,
        .add = add,
    };

    *generator = (struct pf_generator){
        .source.kind = &kind,
        .call = call,
        .generate = generate,
        .user = user,
        .count = call->clauses->generator_count,
        .workers = workers,
        .size = size,
        .split = { .call = call, .count = call->items },
        .strict = is_strict(call),
    };
}

static void free_slots(struct pf_slot *slot)
{
    while (slot) {
        struct pf_slot *next = slot->next;

        for (unsigned g = 0; g < PF_GENERATORS_MAX; g++)
            free(slot->indices[g].index);
        free(slot);
        slot = next;
    }
}

void pf_generator_end(struct pf_generator *generator)
{
    for (unsigned g = 0; g < generator->count; g++) {
        struct pf_generated *generated = &generator->generated[g];

        if (generated->piece.state)
            (void)generator->generate[g](
                    &generator->split, 0, &generated->piece, generator->user);
        free(generated->given);
        *generated = (struct pf_generated){ 0 };
    }
    free_slots(generator->oldest);
    free_slots(generator->spare);
    free_slots(generator->made);
    generator->oldest = generator->spare = generator->made = NULL;
}
