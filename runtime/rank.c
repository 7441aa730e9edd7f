/* SPDX-License-Identifier: Apache-2.0 */
/* rank.c: keys become codes, codes become places.  Several key columns become one of
 * codes, two at a time. */
#include "runtime/rank.h"

#include "runtime/base/error.h"
#include "runtime/base/memory.h"
#include "runtime/distinct.h"
#include "runtime/rank_sort.h"
#include "runtime/row_keys.h"

#include <stdlib.h>
#include <string.h>

enum { BLOCK = PF_KEY_BLOCK };

struct slice {
    size_t first, end;
    struct pf_distinct distinct;
    uint32_t *codes; /* by the slice's own: the sorted code, then the next place */
    size_t dropped;
    enum parfun_status status;
};

struct work {
    struct pf_row_keys keys;
    uint32_t *codes; /* by row: what comes out; may be keys.before */
    struct slice *slices;
    const struct pf_crew *crew;
    unsigned slice_count;
    size_t rows;
    struct pf_distinct all;
    uint32_t *places; /* of the keys in `all`, sorted */
};

/* ---- Codes ------------------------------------------------------------------------- */

static enum parfun_status number_block(
        const struct work *work, struct slice *slice, size_t first, size_t count)
{
    uint32_t *codes = work->codes + first;
    uint64_t numbers[BLOCK];
    size_t done = 0;

    if (pf_row_keys_are_texts(&work->keys)) {
        struct pf_key_text texts[BLOCK];

        pf_row_keys_nulls(&work->keys, first, count, codes);
        pf_key_texts(work->keys.column, first, count, texts);
        return pf_distinct_texts(&slice->distinct, texts, first, count, codes);
    }
    if (work->keys.column)
        done = pf_distinct_column(
                &slice->distinct, work->keys.column, first, count, codes);
    if (done == count)
        return PARFUN_OK;
    first += done, count -= done, codes += done;
    pf_row_keys_numbers(&work->keys, first, count, numbers);
    pf_row_keys_nulls(&work->keys, first, count, codes);
    return pf_distinct_numbers(&slice->distinct, numbers, first, count, codes);
}

static void number_slice(void *context, unsigned s)
{
    struct work *work = context;
    struct slice *slice = &work->slices[s];
    const size_t rows = slice->end - slice->first;
    uint32_t known = 0;

    slice->distinct.rows = rows;
    for (size_t at = slice->first; at < slice->end && !slice->status; at += BLOCK)
        slice->status = number_block(
                work, slice, at, slice->end - at < BLOCK ? slice->end - at : BLOCK);
    if (!slice->status)
        slice->status = pf_distinct_settle(&slice->distinct);
    if (slice->status)
        return;
    slice->codes =
            malloc(((size_t)slice->distinct.codes_end + 1) * sizeof *slice->codes);
    if (!slice->codes)
        slice->status = PARFUN_NO_MEMORY;
    for (uint32_t k = 0; k < slice->distinct.count; k++)
        known += slice->distinct.keys[k].rows;
    slice->dropped = rows - known;
}

static uint32_t *code_of(const struct slice *slice, uint32_t key)
{
    return &slice->codes[slice->distinct.keys[key].code];
}

/* One slice's keys join those of the slices before it. */
static enum parfun_status join_slice(struct work *work, struct slice *slice)
{
    const bool texts = pf_row_keys_are_texts(&work->keys);

    for (uint32_t k = 0; k < slice->distinct.count; k++) {
        const struct pf_distinct_key *key = &slice->distinct.keys[k];
        uint32_t *code = code_of(slice, k);

        *code = 0;
        if (texts)
            PF_TRY(pf_distinct_texts(
                    &work->all, &key->key.text, key->row, 1, code));
        else
            PF_TRY(pf_distinct_numbers(
                    &work->all, &key->key.number, key->row, 1, code));
    }
    return PARFUN_OK;
}

static enum parfun_status join_slices(struct work *work)
{
    const bool texts = pf_row_keys_are_texts(&work->keys);

    for (unsigned s = 0; s < work->slice_count; s++) {
        if (work->slices[s].status)
            return pf_fail(PARFUN_NO_MEMORY, "no memory for the keys of groups");
        PF_TRY(join_slice(work, &work->slices[s]));
    }
    work->places = malloc(((size_t)work->all.count + 1) * sizeof *work->places);
    if (!work->places)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the keys of groups");
    PF_TRY(pf_distinct_order(&work->all, texts, work->places));
    for (unsigned s = 0; s < work->slice_count; s++) {
        const struct slice *slice = &work->slices[s];

        for (uint32_t k = 0; k < slice->distinct.count; k++) {
            uint32_t *code = code_of(slice, k);

            *code = work->places[*code];
        }
    }
    return PARFUN_OK;
}

/* Numbers every row's key, by slices, and sorts the distinct ones. */
static enum parfun_status number_rows(struct work *work)
{
    for (unsigned s = 0; s < work->slice_count; s++)
        work->slices[s] = (struct slice){
            .first = pf_crew_begin(work->rows, s, work->slice_count),
            .end = pf_crew_begin(work->rows, s + 1, work->slice_count),
        };
    pf_crew_run(work->crew, work->slice_count, number_slice, work);
    return join_slices(work);
}

static void forget(struct work *work)
{
    for (unsigned s = 0; s < work->slice_count; s++) {
        pf_distinct_finish(&work->slices[s].distinct);
        free(work->slices[s].codes);
        work->slices[s].codes = NULL;
    }
    pf_distinct_finish(&work->all);
    free(work->places);
    work->places = NULL;
}

static void code_slice(void *context, unsigned s)
{
    const struct work *work = context;
    const struct slice *slice = &work->slices[s];

    for (size_t i = slice->first; i < slice->end; i++)
        if (work->codes[i] != PF_DISTINCT_NONE)
            work->codes[i] = slice->codes[work->codes[i]];
}

static enum parfun_status code_by_sorting(struct work *work, uint32_t *count)
{
    struct pf_ranks ranks = { 0 };
    const enum parfun_status status = pf_rank_sort(
            &work->keys, work->rows, work->crew, false, work->codes, &ranks);

    *count = (uint32_t)ranks.count;
    free(ranks.offsets);
    free(ranks.first_rows);
    return status;
}

/* Every row's code: how many keys are less than its own. */
static enum parfun_status code_rows(struct work *work, uint32_t *count)
{
    enum parfun_status status;
    bool many;

    PF_TRY(pf_rank_sort_is_worth(&work->keys, work->rows, &many));
    if (many)
        return code_by_sorting(work, count);
    status = number_rows(work);

    if (!status)
        pf_crew_run(work->crew, work->slice_count, code_slice, work);
    *count = work->all.count;
    forget(work);
    return status;
}

/* ---- Places -------------------------------------------------------------------------- */

static void place_slice(void *context, unsigned s)
{
    const struct work *work = context;
    uint32_t *next = work->slices[s].codes;

    for (size_t i = work->slices[s].first; i < work->slices[s].end; i++)
        if (work->codes[i] != PF_DISTINCT_NONE)
            work->codes[i] = next[work->codes[i]]++;
}

static enum parfun_status count_groups(struct work *work, struct pf_ranks *ranks)
{
    const size_t count = work->all.count;
    size_t *offsets = calloc(count + 1, sizeof *offsets);

    ranks->count = count;
    ranks->offsets = offsets;
    ranks->first_rows = malloc((count + 1) * sizeof *ranks->first_rows);
    if (!offsets || !ranks->first_rows)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for %zu groups", count);
    for (uint32_t k = 0; k < count; k++)
        ranks->first_rows[work->places[k]] = work->all.keys[k].row;
    for (unsigned s = 0; s < work->slice_count; s++) {
        const struct slice *slice = &work->slices[s];

        ranks->dropped += slice->dropped;
        for (uint32_t k = 0; k < slice->distinct.count; k++)
            offsets[*code_of(slice, k) + 1] += slice->distinct.keys[k].rows;
    }
    for (size_t g = 0; g < count; g++)
        offsets[g + 1] += offsets[g];
    return PARFUN_OK;
}

/* Instead of its codes each slice gets the places of its first rows. */
static enum parfun_status find_places(struct work *work, const size_t *offsets)
{
    uint32_t *next = malloc(((size_t)work->all.count + 1) * sizeof *next);

    if (!next)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for the keys of groups");
    for (uint32_t g = 0; g < work->all.count; g++)
        next[g] = (uint32_t)offsets[g];
    for (unsigned s = 0; s < work->slice_count; s++) {
        struct slice *slice = &work->slices[s];

        for (uint32_t k = 0; k < slice->distinct.count; k++) {
            uint32_t *code = code_of(slice, k);
            const uint32_t place = next[*code];

            next[*code] += slice->distinct.keys[k].rows;
            *code = place;
        }
    }
    free(next);
    return PARFUN_OK;
}

static enum parfun_status place_rows(struct work *work, struct pf_ranks *ranks)
{
    enum parfun_status status;
    bool many;

    PF_TRY(pf_rank_sort_is_worth(&work->keys, work->rows, &many));
    if (many)
        return pf_rank_sort(
                &work->keys, work->rows, work->crew, true, work->codes, ranks);
    status = number_rows(work);
    if (!status)
        status = count_groups(work, ranks);
    if (!status)
        status = find_places(work, ranks->offsets);
    if (!status)
        pf_crew_run(work->crew, work->slice_count, place_slice, work);
    forget(work);
    return status;
}

/* All columns before the last become codes; the last one's are in `last`. */
static enum parfun_status join_columns(struct work *work,
        const struct pf_column *const *columns, size_t column_count, uint32_t *last)
{
    uint32_t *const codes = work->codes;
    uint32_t count = 0;

    work->keys = (struct pf_row_keys){ .column = columns[0] };
    PF_TRY(code_rows(work, &count));
    for (size_t c = 1; c < column_count; c++) {
        work->codes = last;
        work->keys = (struct pf_row_keys){ .column = columns[c] };
        PF_TRY(code_rows(work, &count));
        work->codes = codes;
        work->keys = (struct pf_row_keys){
            .before = codes, .last = last, .factor = count
        };
        if (c + 1 < column_count)
            PF_TRY(code_rows(work, &count));
    }
    return PARFUN_OK;
}

static enum parfun_status rank_columns(struct work *work,
        const struct pf_column *const *columns, size_t column_count,
        struct pf_ranks *ranks)
{
    uint32_t *last = NULL;
    enum parfun_status status = PARFUN_OK;

    if (column_count == 1) {
        work->keys = (struct pf_row_keys){ .column = columns[0] };
        return place_rows(work, ranks);
    }
    last = pf_memory_take(work->crew->memory, work->rows * sizeof *last);
    if (!last)
        return pf_fail(PARFUN_NO_MEMORY, "no memory to group %zu rows", work->rows);
    status = join_columns(work, columns, column_count, last);
    if (!status)
        status = place_rows(work, ranks);
    pf_memory_give(work->crew->memory, last, work->rows * sizeof *last);
    return status;
}

enum parfun_status pf_rank(const struct pf_column *const *columns,
        size_t column_count, size_t rows, const struct pf_crew *crew,
        struct pf_ranks *ranks)
{
    struct work work = { .rows = rows, .crew = crew };
    enum parfun_status status = PARFUN_NO_MEMORY;

    *ranks = (struct pf_ranks){ 0 };
    work.slice_count = pf_crew_slices(crew, rows);
    work.slices = calloc(work.slice_count, sizeof *work.slices);
    work.codes = ranks->places =
            pf_memory_take(crew->memory, rows * sizeof *ranks->places);
    if (work.slices && work.codes)
        status = rank_columns(&work, columns, column_count, ranks);
    else
        status = pf_fail(PARFUN_NO_MEMORY, "no memory to group %zu rows", rows);
    free(work.slices);
    if (status) {
        pf_memory_give(crew->memory, ranks->places, rows * sizeof *ranks->places);
        free(ranks->offsets);
        free(ranks->first_rows);
    }
    return status;
}
