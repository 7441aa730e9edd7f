/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_map_fuzz.c: changes of a map of kept memory, four bytes each: where it begins,
 * how long it is, what the places lose and gain.  The map says what plain bytes say.
 */
#include "runtime/keep_map.h"

#include <stdlib.h>

enum { BYTES = 256 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool right)
{
    if (!right)
        abort();
}

/* Every piece is found, in order, by the places that it has. */
static void check(const struct pf_keep_map *map, const uint8_t *plain)
{
    struct pf_keep_span rest = { 0, BYTES }, found;
    uint64_t places;

    for (size_t i = 0; i < map->count; i++) {
        must(pf_keep_map_find(map, rest, 0, 0, &found, &places));
        must(found.first == rest.first && found.end == map->piece[i].end);
        for (size_t byte = found.first; byte < found.end; byte++)
            must(plain[byte] == places);
        must(!i || map->piece[i - 1].places != places);
        rest.first = found.end;
    }
    must(rest.first == BYTES);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct pf_keep_map map;
    uint8_t plain[BYTES];

    pf_keep_map_init(&map, BYTES, PF_KEEP_HOST);
    for (size_t i = 0; i < BYTES; i++)
        plain[i] = PF_KEEP_HOST;
    for (; size >= 4; data += 4, size -= 4) {
        const size_t first = data[0],
                     end = first + data[1] < BYTES ? first + data[1] : BYTES;

        if (pf_keep_map_change(
                    &map, (struct pf_keep_span){ first, end }, data[2], data[3]))
            break;
        for (size_t i = first; i < end; i++)
            plain[i] = (uint8_t)((plain[i] & ~data[2]) | data[3]);
        check(&map, plain);
    }
    pf_keep_map_finish(&map);
    return 0;
}
