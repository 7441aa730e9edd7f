/* SPDX-License-Identifier: Apache-2.0 */
/* gather.c: items to and from the places that indices say. */
#include "runtime/gather.h"

#include <string.h>

bool pf_gather_concerns(const struct pf_call_argument *argument)
{
    return argument->plan->role == PF_ROLE_ARRAY && argument->item_bytes
            && argument->plan->combine != PF_COMBINE_REDUCE;
}

size_t pf_gather_bytes(const struct pf_call_argument *argument, size_t count)
{
    return (argument->rows ? argument->rows - 1 : 0) * argument->pitch
            + count * argument->item_bytes;
}

/* Items of the usual sizes are moved as one. */
static inline void move(char *to, const char *from, const size_t *indices,
        size_t count, size_t bytes)
{
    for (size_t i = 0; i < count; i++)
        memcpy(to + i * bytes, from + indices[i] * bytes, bytes);
}

void pf_gather(const struct pf_call_argument *argument, const size_t *indices,
        size_t count, void *gathered)
{
    const size_t bytes = argument->item_bytes;

    for (size_t r = 0; r < argument->rows; r++) {
        const char *row = argument->host + r * argument->pitch;
        char *to = (char *)gathered + r * argument->pitch;

        if (bytes == 4)
            move(to, row, indices, count, 4);
        else if (bytes == 8)
            move(to, row, indices, count, 8);
        else
            move(to, row, indices, count, bytes);
    }
}

void pf_scatter(const struct pf_call_argument *argument, const size_t *indices,
        size_t count, const void *gathered)
{
    const size_t bytes = argument->item_bytes;

    for (size_t r = 0; r < argument->rows; r++) {
        char *row = argument->host + r * argument->pitch;
        const char *from = (const char *)gathered + r * argument->pitch;

        for (size_t i = 0; i < count; i++)
            memcpy(row + indices[i] * bytes, from + i * bytes, bytes);
    }
}
