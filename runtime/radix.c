/* SPDX-License-Identifier: Apache-2.0 */
/* radix.c: by one digit after the other, the lowest first. */
#include "runtime/radix.h"

#include <string.h>

enum { DIGIT_BITS = 11, DIGITS = 1 << DIGIT_BITS };

/* Digits that are the same in all numbers cost one look. */
struct pf_radix_entry *pf_radix_sort(
        struct pf_radix_entry *from, struct pf_radix_entry *to, uint32_t count)
{
    uint32_t place[DIGITS + 1];

    for (unsigned shift = 0; shift < 64 && count > 1; shift += DIGIT_BITS) {
        struct pf_radix_entry *other = to;

        memset(place, 0, sizeof place);
        for (uint32_t i = 0; i < count; i++)
            place[(from[i].number >> shift & (DIGITS - 1)) + 1]++;
        if (place[(from[0].number >> shift & (DIGITS - 1)) + 1] == count)
            continue;
        for (unsigned d = 0; d < DIGITS; d++)
            place[d + 1] += place[d];
        for (uint32_t i = 0; i < count; i++)
            to[place[from[i].number >> shift & (DIGITS - 1)]++] = from[i];
        to = from;
        from = other;
    }
    return from;
}
