/* SPDX-License-Identifier: Apache-2.0 */
/* cuts.c: finds where partitions of unequal items may end. */
#include "runtime/cuts.h"

size_t pf_cuts_find(const struct pf_cuts *cuts, size_t row)
{
    size_t low = 0, high = cuts->count;

    if (!cuts->at)
        return row < cuts->count ? row : cuts->count;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (cuts->at[middle] < row)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t pf_cuts_round(
        const struct pf_cuts *cuts, size_t first, size_t wanted, size_t largest)
{
    const size_t rows = cuts->at[cuts->count] - first;
    size_t item;

    if (wanted > largest)
        wanted = largest;
    item = pf_cuts_find(cuts, first + (wanted < rows ? wanted : rows));
    if (cuts->at[item] - first > largest && cuts->at[item - 1] > first)
        item--;
    return cuts->at[item] - first;
}
