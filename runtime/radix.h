/* SPDX-License-Identifier: Apache-2.0 */
/* radix.h: sorts numbers that stand for something. */
#ifndef PF_RADIX_H
#define PF_RADIX_H

#include <stdint.h>

struct pf_radix_entry {
    uint64_t number;
    uint32_t of;
};

/* Equal numbers stay in their order.  Returns the one of both arrays that ends up
 * sorted. */
struct pf_radix_entry *pf_radix_sort(struct pf_radix_entry *entries,
        struct pf_radix_entry *room, uint32_t count);

#endif
