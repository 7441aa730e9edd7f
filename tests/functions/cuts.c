/* SPDX-License-Identifier: Apache-2.0 */
/* cuts.c: ways to cut items into pieces. */
#include "functions/cuts.h"

#include <stdbool.h>
#include <stdlib.h>

enum parfun_status cut_as_wanted(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t n = parfun_split_items(split);

    (void)user;
    piece->first += piece->count;
    piece->count = wanted < n - piece->first ? wanted : n - piece->first;
    return PARFUN_OK;
}

enum parfun_status cut_into_weeks(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const int *days = parfun_split_argument(split, "day");
    const size_t n = parfun_split_items(split);
    size_t end;

    (void)user, (void)wanted;
    piece->first += piece->count;
    for (end = piece->first; end < n && days[end] / 7 == days[piece->first] / 7;)
        end++;
    piece->count = end - piece->first;
    return PARFUN_OK;
}

/* Takes the next `size` items off those that are left; false at the end of all. */
static bool take(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t size, size_t *left)
{
    size_t *counter = piece->state;

    if (wanted == 0) {
        free(counter);
        return false;
    }
    if (!counter) {
        counter = piece->state = malloc(sizeof *counter);
        if (!counter)
            abort();
        *counter = parfun_split_items(split);
    }
    piece->count = *counter < size ? *counter : size;
    *counter -= piece->count;
    *left = *counter;
    return true;
}

enum parfun_status cut_forwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t size)
{
    size_t left;

    if (take(split, wanted, piece, size, &left))
        piece->first = parfun_split_items(split) - left - piece->count;
    return PARFUN_OK;
}

enum parfun_status cut_backwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t size)
{
    size_t left;

    if (take(split, wanted, piece, size, &left))
        piece->first = left;
    return PARFUN_OK;
}

enum parfun_status cut_combs(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, size_t step)
{
    size_t *list = piece->state; /* how many were made, then the last one */
    const size_t n = parfun_split_items(split);

    if (wanted == 0) {
        free(list);
        return PARFUN_OK;
    }
    if (!list) {
        list = piece->state = malloc((n + 1) * sizeof *list);
        if (!list)
            abort();
        list[0] = 0;
    }
    piece->count = 0;
    for (size_t i = list[0]; list[0] < step && i < n; i += step)
        list[1 + piece->count++] = i;
    list[0]++;
    piece->indices = list + 1;
    return PARFUN_OK;
}
