/* SPDX-License-Identifier: Apache-2.0 */
/*
 * pieces.c: generators made of generators.  Each keeps the pieces of those that it is
 * made of in the state of its own piece.
 */
#include "runtime/partition.h"

#include "runtime/base/error.h"

#include <stdlib.h>

/* Of map: one; of zip: both; of flatmap: outer and inner. */
struct state {
    struct parfun_piece a, b;
    bool nested;     /* flatmap: `b` goes on inside `a` */
    size_t *indices; /* flatmap: of the piece given last */
    size_t room;
};

static enum parfun_status find_state(
        struct parfun_piece *piece, struct state **state)
{
    if (!piece->state)
        piece->state = calloc(1, sizeof(struct state));
    *state = piece->state;
    return *state ? PARFUN_OK
                  : pf_fail(PARFUN_NO_MEMORY, "no memory for a generator's state");
}

/* The last call of one of them: its state is freed, if it has one. */
static void end(parfun_generator *generator, struct parfun_split *split,
        struct parfun_piece *piece, void *user)
{
    if (piece->state)
        (void)generator(split, 0, piece, user);
}

static void destroy(struct parfun_piece *piece)
{
    struct state *state = piece->state;

    free(state->indices);
    free(state);
    piece->state = NULL;
}

enum parfun_status parfun_pieces_map(parfun_generator *of,
        parfun_piece_change *change, struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    struct state *state = piece->state;

    if (wanted == 0) {
        end(of, split, &state->a, user);
        destroy(piece);
        return PARFUN_OK;
    }
    PF_TRY(find_state(piece, &state));
    PF_TRY(of(split, wanted, &state->a, user));
    piece->first = state->a.first;
    piece->count = state->a.count;
    piece->indices = state->a.indices;
    return piece->count ? change(split, piece, user) : PARFUN_OK;
}

enum parfun_status parfun_pieces_zip(parfun_generator *a, parfun_generator *b,
        parfun_piece_pair *pair, struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    struct state *state = piece->state;

    if (wanted == 0) {
        end(a, split, &state->a, user);
        end(b, split, &state->b, user);
        destroy(piece);
        return PARFUN_OK;
    }
    PF_TRY(find_state(piece, &state));
    PF_TRY(a(split, wanted, &state->a, user));
    PF_TRY(b(split, wanted, &state->b, user));
    if (state->a.count && state->b.count)
        return pair(split, &state->a, &state->b, piece, user);
    piece->count = 0;
    return PARFUN_OK;
}

/* ---- Flatmap ------------------------------------------------------------------------- */

/* The items of the outer piece, for the inner generator. */
static struct parfun_split inside(
        const struct parfun_split *split, const struct parfun_piece *outer)
{
    return (struct parfun_split){
        .call = split->call,
        .first = split->first + outer->first,
        .count = outer->count,
        .scattered = split->scattered || outer->indices,
    };
}

/* What the inner generator gave, in items of the whole. */
static enum parfun_status translate(struct state *state, struct parfun_piece *piece)
{
    const struct parfun_piece *outer = &state->a, *inner = &state->b;

    piece->first = outer->first + inner->first;
    piece->count = inner->count;
    piece->indices = NULL;
    if (inner->first > outer->count
            || (!inner->indices && inner->count > outer->count - inner->first))
        return pf_fail(PARFUN_INVALID,
                "parfun_pieces_flatmap(): the inner generator gave items beyond the "
                "%zu of the outer one's piece",
                outer->count);
    if (!outer->indices && !inner->indices)
        return PARFUN_OK;
    if (state->room < inner->count) {
        free(state->indices);
        state->room = 0;
        state->indices = malloc(inner->count * sizeof *state->indices);
        if (!state->indices)
            return pf_fail(PARFUN_NO_MEMORY, "no memory for a generator's indices");
        state->room = inner->count;
    }
    for (size_t i = 0; i < inner->count; i++) {
        const size_t item = inner->indices ? inner->indices[i] : inner->first + i;

        if (item >= outer->count)
            return pf_fail(PARFUN_INVALID,
                    "parfun_pieces_flatmap(): the inner generator gave item %zu of "
                    "an outer piece of %zu",
                    item, outer->count);
        state->indices[i] =
                outer->indices ? outer->indices[item] : outer->first + item;
    }
    piece->indices = state->indices;
    return PARFUN_OK;
}

/* The inner generator begins anew with each outer piece. */
static void end_inner(parfun_generator *inner, struct parfun_split *split,
        struct state *state, void *user)
{
    struct parfun_split part = inside(split, &state->a);

    end(inner, &part, &state->b, user);
    state->b = (struct parfun_piece){ 0 };
    state->nested = false;
}

enum parfun_status parfun_pieces_flatmap(parfun_generator *outer,
        parfun_generator *inner, struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    struct state *state = piece->state;

    if (wanted == 0) {
        end_inner(inner, split, state, user);
        end(outer, split, &state->a, user);
        destroy(piece);
        return PARFUN_OK;
    }
    PF_TRY(find_state(piece, &state));
    for (;;) {
        if (!state->nested) {
            PF_TRY(outer(split, wanted, &state->a, user));
            if (!state->a.count) {
                piece->count = 0;
                return PARFUN_OK;
            }
            state->nested = true;
        }
        struct parfun_split part = inside(split, &state->a);

        PF_TRY(inner(&part, wanted, &state->b, user));
        if (state->b.count)
            return translate(state, piece);
        end_inner(inner, split, state, user);
    }
}
