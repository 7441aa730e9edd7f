/* SPDX-License-Identifier: Apache-2.0 */
/* rank_sort.c: keys are sorted together with their rows. */
#include "runtime/rank_sort.h"

#include "runtime/base/error.h"
#include "runtime/distinct.h"
#include "runtime/radix.h"

#include <stdlib.h>

enum {
    SAMPLE = 16384,
    LEAST_ROWS = 8 * SAMPLE, /* fewer fit a cache in any case */
    BLOCK = PF_KEY_BLOCK
};

/* 58,000 keys that are equally frequent leave 7 of 8 different ones in the sample; a
 * hash table of as many fills a second-level cache. */
static const double MANY = 7.0 / 8;

enum parfun_status pf_rank_sort_is_worth(
        const struct pf_row_keys *keys, size_t rows, bool *worth)
{
    struct pf_distinct distinct = { 0 };
    enum parfun_status status = PARFUN_OK;
    uint32_t seen = 0;

    *worth = false;
    if (rows < LEAST_ROWS || pf_row_keys_are_texts(keys))
        return PARFUN_OK;
    for (size_t i = 0; i < SAMPLE && !status; i++) {
        const size_t row = i * (rows / SAMPLE);
        uint64_t number;
        uint32_t code;

        pf_row_keys_numbers(keys, row, 1, &number);
        pf_row_keys_nulls(keys, row, 1, &code);
        if (code == PF_DISTINCT_NONE)
            continue;
        seen++;
        status = pf_distinct_numbers(&distinct, &number, row, 1, &code);
    }
    *worth = seen > SAMPLE / 2 && distinct.count > MANY * seen;
    pf_distinct_finish(&distinct);
    return status;
}

/* The rows with a key, in their order; how many.  Others' codes say that they have
 * none. */
static uint32_t read_rows(const struct pf_row_keys *keys, size_t rows,
        uint32_t *codes, struct pf_radix_entry *entries)
{
    uint64_t numbers[BLOCK];
    uint32_t kept = 0;

    for (size_t at = 0; at < rows; at += BLOCK) {
        const size_t count = rows - at < BLOCK ? rows - at : BLOCK;

        pf_row_keys_numbers(keys, at, count, numbers);
        pf_row_keys_nulls(keys, at, count, codes + at);
        for (size_t i = 0; i < count; i++)
            if (codes[at + i] != PF_DISTINCT_NONE)
                entries[kept++] =
                        (struct pf_radix_entry){ numbers[i], (uint32_t)(at + i) };
    }
    return kept;
}

static size_t count_groups(const struct pf_radix_entry *entries, uint32_t kept)
{
    size_t groups = kept > 0;

    for (uint32_t i = 1; i < kept; i++)
        groups += entries[i].number != entries[i - 1].number;
    return groups;
}

static enum parfun_status fill(const struct pf_radix_entry *entries, uint32_t kept,
        bool places, uint32_t *codes, struct pf_ranks *ranks)
{
    size_t group = 0;

    ranks->count = count_groups(entries, kept);
    ranks->offsets = malloc((ranks->count + 1) * sizeof *ranks->offsets);
    ranks->first_rows = malloc((ranks->count + 1) * sizeof *ranks->first_rows);
    if (!ranks->offsets || !ranks->first_rows)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for %zu groups", ranks->count);
    for (uint32_t i = 0; i < kept; i++) {
        if (i == 0 || entries[i].number != entries[i - 1].number) {
            ranks->offsets[group] = i;
            ranks->first_rows[group++] = entries[i].of;
        }
        codes[entries[i].of] = places ? i : (uint32_t)group - 1;
    }
    ranks->offsets[group] = kept;
    return PARFUN_OK;
}

enum parfun_status pf_rank_sort(const struct pf_row_keys *keys, size_t rows,
        const struct pf_crew *crew, bool places, uint32_t *codes,
        struct pf_ranks *ranks)
{
    const size_t bytes = 2 * rows * sizeof(struct pf_radix_entry);
    struct pf_radix_entry *entries = pf_memory_take(crew->memory, bytes);
    enum parfun_status status;
    uint32_t kept;

    if (!entries)
        return pf_fail(PARFUN_NO_MEMORY, "no memory to group %zu rows", rows);
    kept = read_rows(keys, rows, codes, entries);
    ranks->dropped = rows - kept;
    status = fill(pf_radix_sort(entries, entries + rows, kept), kept, places, codes,
            ranks);
    pf_memory_give(crew->memory, entries, bytes);
    return status;
}
