/* SPDX-License-Identifier: Apache-2.0 */
/* cuts.h: what the generators of these tests are made of.  All but the first two keep
 * memory of their own from piece to piece, and free it when they are told to. */
#ifndef PF_TESTS_FUNCTIONS_CUTS_H
#define PF_TESTS_FUNCTIONS_CUTS_H

#include <parfun.h>

/* Pieces of the wanted size; as many as are left at the end. */
enum parfun_status cut_as_wanted(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user);

/* Runs of days of one week, by the numbers in the argument `day`. */
enum parfun_status cut_into_weeks(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user);

/* Pieces of `size` items; as many as are left at the end. */
enum parfun_status cut_forwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t size);

/* The same from the end on. */
enum parfun_status cut_backwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t size);

/* Lists of indices: every `step`-th item, beginning with each of the first ones. */
enum parfun_status cut_combs(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t step);

#endif
