/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parfun/pieces.h: generators made of generators.  A part of <parfun.h>, which includes
 * it.
 */
#ifndef PARFUN_PIECES_H
#define PARFUN_PIECES_H

#ifndef PARFUN_H
#error "include <parfun.h>, which includes this"
#endif

#ifdef __cplusplus
extern "C" {
#endif

/*
 * What a generator of one's own may consist of:
 *
 *     static enum parfun_status half_weeks(struct parfun_split *split, size_t wanted,
 *             struct parfun_piece *piece, void *user)
 *     { return parfun_pieces_flatmap(by_week, halves, split, wanted, piece, user); }
 *
 * They use piece->state for those that they are made of.
 *
 * map: the pieces of `of`, each changed (its first, count, indices).
 * zip: pairs of pieces, made one; ends with the shorter.
 * flatmap: each piece of `outer` is cut by `inner`, which sees it as if it were the
 * whole call: parfun_split_items() is its count, arguments begin at its first item
 * (of index lists arguments can not be seen: NULL).
 */
typedef enum parfun_status parfun_piece_change(
        struct parfun_split *split, struct parfun_piece *piece, void *user);
typedef enum parfun_status parfun_piece_pair(struct parfun_split *split,
        const struct parfun_piece *a, const struct parfun_piece *b,
        struct parfun_piece *piece, void *user);
PARFUN_TRY enum parfun_status parfun_pieces_map(parfun_generator *of,
        parfun_piece_change *change, struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user);
PARFUN_TRY enum parfun_status parfun_pieces_zip(parfun_generator *a,
        parfun_generator *b, parfun_piece_pair *pair, struct parfun_split *split,
        size_t wanted, struct parfun_piece *piece, void *user);
PARFUN_TRY enum parfun_status parfun_pieces_flatmap(parfun_generator *outer,
        parfun_generator *inner, struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user);

#ifdef __cplusplus
}
#endif

#endif
