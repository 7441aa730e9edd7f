/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_map.h: which parts of an array are up to date where.  An interval map from
 * bytes to sets of places; neighbours with the same places are one piece.  Pure: it
 * knows of no memory and no device.
 */
#ifndef PF_KEEP_MAP_H
#define PF_KEEP_MAP_H

#include <parfun.h>

/* Places are bits: the host, and one for each of so many devices. */
#define PF_KEEP_HOST UINT64_C(1)
enum { PF_KEEP_DEVICES = 63 };
#define PF_KEEP_DEVICE(number) (UINT64_C(2) << (number))

struct pf_keep_piece {
    size_t end;      /* it begins where the one before ends */
    uint64_t places; /* 0: nowhere any more */
};

struct pf_keep_map {
    struct pf_keep_piece *piece; /* in order, at least one */
    size_t count, room;
    struct pf_keep_piece only; /* where a map begins, without memory of its own */
};

/* Bytes [first, end). */
struct pf_keep_span {
    size_t first, end;
};

/* `bytes` of them, at least 1, all in `places`. */
void pf_keep_map_init(struct pf_keep_map *map, size_t bytes, uint64_t places);
void pf_keep_map_finish(struct pf_keep_map *map);

/* The span's places lose those in `without`, and then gain those in `with`.
 * PARFUN_NO_MEMORY changes nothing. */
enum parfun_status pf_keep_map_change(struct pf_keep_map *map,
        struct pf_keep_span span, uint64_t without, uint64_t with);

/* The first part of the span that is in one of the places `in` and in none of `out`,
 * as long as its places stay the same; false if there is none.  `in` 0: in any, or
 * nowhere.  *places may be NULL. */
bool pf_keep_map_find(const struct pf_keep_map *map, struct pf_keep_span span,
        uint64_t in, uint64_t out, struct pf_keep_span *found, uint64_t *places);

#endif
