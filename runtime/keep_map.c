/* SPDX-License-Identifier: Apache-2.0 */
/* keep_map.c: the pieces of a kept array. */
#include "runtime/keep_map.h"

#include "runtime/base/error.h"

#include <stdlib.h>
#include <string.h>

void pf_keep_map_init(struct pf_keep_map *map, size_t bytes, uint64_t places)
{
    map->only = (struct pf_keep_piece){ bytes, places };
    map->piece = &map->only;
    map->count = map->room = 1;
}

void pf_keep_map_finish(struct pf_keep_map *map)
{
    if (map->piece != &map->only)
        free(map->piece);
}

/* The index of the piece that has this byte. */
static size_t locate(const struct pf_keep_map *map, size_t byte)
{
    size_t low = 0, high = map->count - 1;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (map->piece[middle].end > byte)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static size_t begin_of(const struct pf_keep_map *map, size_t index)
{
    return index ? map->piece[index - 1].end : 0;
}

static enum parfun_status reserve(struct pf_keep_map *map, size_t count)
{
    struct pf_keep_piece *grown;
    size_t room = 2 * map->room + 8;

    if (count <= map->room)
        return PARFUN_OK;
    if (room < count)
        room = count;
    grown = malloc(room * sizeof *grown);
    if (!grown)
        return pf_fail(PARFUN_NO_MEMORY,
                "no memory for the parts of a kept array (%zu of them)", count);
    memcpy(grown, map->piece, map->count * sizeof *grown);
    pf_keep_map_finish(map);
    map->piece = grown;
    map->room = room;
    return PARFUN_OK;
}

/* A piece begins at this byte; there is room. */
static void cut(struct pf_keep_map *map, size_t byte)
{
    const size_t at = locate(map, byte);

    if (begin_of(map, at) == byte || byte >= map->piece[map->count - 1].end)
        return;
    memmove(&map->piece[at + 1], &map->piece[at],
            (map->count - at) * sizeof *map->piece);
    map->piece[at].end = byte;
    map->count++;
}

/* Neighbours among pieces [first, end) that are alike become one. */
static void join(struct pf_keep_map *map, size_t first, size_t end)
{
    size_t kept = first;

    for (size_t i = first + 1; i < end; i++) {
        if (map->piece[i].places != map->piece[kept].places)
            kept++;
        map->piece[kept] = map->piece[i];
    }
    memmove(&map->piece[kept + 1], &map->piece[end],
            (map->count - end) * sizeof *map->piece);
    map->count -= end - kept - 1;
}

enum parfun_status pf_keep_map_change(struct pf_keep_map *map,
        struct pf_keep_span span, uint64_t without, uint64_t with)
{
    size_t first, end;

    if (span.first >= span.end)
        return PARFUN_OK;
    PF_TRY(reserve(map, map->count + 2));
    cut(map, span.first);
    cut(map, span.end);
    first = locate(map, span.first);
    end = locate(map, span.end - 1) + 1;
    for (size_t i = first; i < end; i++)
        map->piece[i].places = (map->piece[i].places & ~without) | with;
    join(map, first ? first - 1 : 0, end < map->count ? end + 1 : end);
    return PARFUN_OK;
}

bool pf_keep_map_find(const struct pf_keep_map *map, struct pf_keep_span span,
        uint64_t in, uint64_t out, struct pf_keep_span *found, uint64_t *places)
{
    if (span.first >= span.end)
        return false;
    for (size_t i = locate(map, span.first);
            i < map->count && begin_of(map, i) < span.end; i++) {
        const struct pf_keep_piece *piece = &map->piece[i];
        const size_t begin = begin_of(map, i);

        if ((in && !(piece->places & in)) || (piece->places & out))
            continue;
        found->first = begin > span.first ? begin : span.first;
        found->end = piece->end < span.end ? piece->end : span.end;
        if (places)
            *places = piece->places;
        return true;
    }
    return false;
}
