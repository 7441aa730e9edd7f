/* SPDX-License-Identifier: Apache-2.0 */
/* distinct.c: finding and sorting distinct keys. */
#include "runtime/distinct.h"

#include "runtime/base/error.h"
#include "runtime/radix.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_BITS = 8 };

void pf_distinct_finish(struct pf_distinct *distinct)
{
    free(distinct->slots);
    pf_near_close(&distinct->near);
    free(distinct->keys);
    *distinct = (struct pf_distinct){ 0 };
}

/* ---- Room ---------------------------------------------------------------------------- */

/* Multiplicative hashing; the constant is 2^64 divided by the golden ratio: Knuth,
 * "The Art of Computer Programming", volume 3, section 6.4.  Folding first lets keys
 * count that differ in their high bits alone, as floats may. */
static inline size_t place_of(uint64_t key, unsigned bits)
{
    return (size_t)(((key ^ key >> 32) * UINT64_C(0x9e3779b97f4a7c15))
            >> (64 - bits));
}

static enum parfun_status no_memory(void)
{
    return pf_fail(PARFUN_NO_MEMORY, "no memory for the keys of groups");
}

static enum parfun_status grow_slots(struct pf_distinct *distinct)
{
    const unsigned bits = distinct->slots ? distinct->bits + 1 : FIRST_BITS;
    const size_t mask = ((size_t)1 << bits) - 1;
    struct pf_distinct_slot *grown = calloc(mask + 1, sizeof *grown);

    if (!grown)
        return no_memory();
    for (size_t i = 0; distinct->slots && i < (size_t)1 << distinct->bits; i++) {
        size_t at = place_of(distinct->slots[i].key, bits);

        if (!distinct->slots[i].number)
            continue;
        while (grown[at].number)
            at = (at + 1) & mask;
        grown[at] = distinct->slots[i];
    }
    free(distinct->slots);
    distinct->slots = grown;
    distinct->bits = bits;
    return PARFUN_OK;
}

static enum parfun_status reserve_key(struct pf_distinct *distinct)
{
    if (distinct->count == distinct->room) {
        const size_t room =
                distinct->room ? 2 * (size_t)distinct->room : 1u << FIRST_BITS;
        struct pf_distinct_key *grown =
                realloc(distinct->keys, room * sizeof *grown);

        if (!grown)
            return no_memory();
        distinct->keys = grown;
        distinct->room = room < UINT32_MAX ? (uint32_t)room : UINT32_MAX;
    }
    return PARFUN_OK;
}

/* Room for one key more; at most every other slot is taken. */
static enum parfun_status reserve(struct pf_distinct *distinct)
{
    if (!distinct->slots || distinct->count >= (uint32_t)1 << (distinct->bits - 1))
        PF_TRY(grow_slots(distinct));
    return reserve_key(distinct);
}

/* ---- Finding ------------------------------------------------------------------------- */

/* The codes of near numbers come first. */
static uint32_t first_number(const struct pf_distinct *distinct)
{
    return (uint32_t)distinct->near.count;
}

/* A new key in an empty slot; `key` is what the slot holds of it. */
static enum parfun_status add(struct pf_distinct *distinct,
        struct pf_distinct_slot *slot, uint64_t key, struct pf_distinct_key added)
{
    distinct->keys[distinct->count] = added;
    *slot = (struct pf_distinct_slot){ key, ++distinct->count, 1 };
    return reserve(distinct);
}

/* Identifiers mostly are near to each other.  In a hash table about every third search
 * goes on behind its first slot, which no processor foresees.  Fewer rows do not make up
 * for the memory, which takes some 30 us to come by. */
static void open_near(struct pf_distinct *distinct, uint64_t number)
{
    const bool many = distinct->rows >= PF_NEAR_COUNT
            && distinct->rows <= UINT32_MAX - 2 * PF_NEAR_COUNT; /* or codes end */

    if (many && distinct->near.count == 0 && distinct->count == 0)
        pf_near_open(&distinct->near, number);
}

static inline struct pf_distinct_slot *find_slot(
        struct pf_distinct_slot *slots, unsigned bits, uint64_t number)
{
    const size_t mask = ((size_t)1 << bits) - 1;
    size_t at = place_of(number, bits);

    while (slots[at].number && slots[at].key != number)
        at = (at + 1) & mask;
    return &slots[at];
}

/* Counts keys up to the first one that is new and not near; how many. */
static inline size_t count_known(struct pf_distinct *distinct,
        const uint64_t *restrict numbers, size_t first, size_t count,
        uint32_t *restrict codes)
{
    struct pf_near near = distinct->near;
    struct pf_distinct_slot *restrict slots = distinct->slots;
    const uint32_t base = first_number(distinct);
    const unsigned bits = distinct->bits;

    for (size_t i = 0; i < count; i++) {
        struct pf_distinct_slot *slot;

        if (codes[i] == PF_DISTINCT_NONE
                || pf_near_count(&near, numbers[i], first + i, &codes[i]))
            continue;
        slot = find_slot(slots, bits, numbers[i]);
        if (slot->number == 0)
            return i;
        slot->rows++;
        codes[i] = base + slot->number - 1;
    }
    return count;
}

enum parfun_status pf_distinct_numbers(struct pf_distinct *distinct,
        const uint64_t *numbers, size_t first, size_t count, uint32_t *codes)
{
    size_t known = 0; /* as what stands for nulls means nothing */

    PF_TRY(reserve(distinct));
    while (known < count && codes[known] == PF_DISTINCT_NONE)
        known++;
    if (known < count)
        open_near(distinct, numbers[known]);
    for (size_t i = known; i < count; i++) {
        i += count_known(distinct, numbers + i, first + i, count - i, codes + i);
        if (i == count)
            break;
        codes[i] = first_number(distinct) + distinct->count;
        PF_TRY(add(distinct, find_slot(distinct->slots, distinct->bits, numbers[i]),
                numbers[i],
                (struct pf_distinct_key){
                        .key.number = numbers[i], .row = (uint32_t)(first + i) }));
    }
    return PARFUN_OK;
}

size_t pf_distinct_column(struct pf_distinct *distinct,
        const struct pf_column *column, size_t first, size_t count, uint32_t *codes)
{
    uint64_t number = 0;

    if (count == 0 || column->type == PARFUN_STRING)
        return 0;
    if (distinct->near.count == 0) {
        pf_key_numbers(column, first, 1, &number);
        open_near(distinct, number);
    }
    return pf_near_count_column(&distinct->near, column, first, count, codes);
}

static uint64_t hash_text(struct pf_key_text text)
{
    uint64_t hash = text.bytes, word;
    size_t at = 0;

    for (; at + sizeof word <= text.bytes; at += sizeof word) {
        memcpy(&word, text.text + at, sizeof word);
        hash = (hash ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    for (; at < text.bytes; at++)
        hash = (hash ^ (unsigned char)text.text[at]) * UINT64_C(0x100000001b3);
    return hash ^ hash >> 32;
}

static bool is_text(const struct pf_distinct *distinct,
        const struct pf_distinct_slot *slot, uint64_t hash, struct pf_key_text text)
{
    const struct pf_key_text known = distinct->keys[slot->number - 1].key.text;

    return slot->key == hash && known.bytes == text.bytes
            && memcmp(known.text, text.text, text.bytes) == 0;
}

enum parfun_status pf_distinct_texts(struct pf_distinct *distinct,
        const struct pf_key_text *texts, size_t first, size_t count,
        uint32_t *codes)
{
    PF_TRY(reserve(distinct));
    for (size_t i = 0; i < count; i++) {
        const size_t mask = ((size_t)1 << distinct->bits) - 1;
        const uint64_t hash = hash_text(texts[i]);
        size_t at = place_of(hash, distinct->bits);
        struct pf_distinct_slot *slot = &distinct->slots[at];

        if (codes[i] == PF_DISTINCT_NONE)
            continue;
        while (slot->number && !is_text(distinct, slot, hash, texts[i]))
            slot = &distinct->slots[at = (at + 1) & mask];
        if (slot->number) {
            slot->rows++;
            codes[i] = slot->number - 1;
            continue;
        }
        codes[i] = distinct->count;
        PF_TRY(add(distinct, slot, hash,
                (struct pf_distinct_key){
                        .key.text = texts[i], .row = (uint32_t)(first + i) }));
    }
    return PARFUN_OK;
}

/* ---- Settling ------------------------------------------------------------------------ */

static void settle_slots(struct pf_distinct *distinct)
{
    for (size_t i = 0; distinct->slots && i < (size_t)1 << distinct->bits; i++) {
        const uint32_t number = distinct->slots[i].number;

        if (number) {
            distinct->keys[number - 1].rows = distinct->slots[i].rows;
            distinct->keys[number - 1].code = first_number(distinct) + number - 1;
        }
    }
}

static enum parfun_status settle_near(struct pf_distinct *distinct)
{
    for (uint32_t i = 0; i < distinct->near.count; i++) {
        const struct pf_near_entry *entry = &distinct->near.entries[i];

        if (entry->rows == 0)
            continue;
        PF_TRY(reserve_key(distinct));
        distinct->keys[distinct->count++] = (struct pf_distinct_key){
            .key.number = distinct->near.first + i,
            .row = entry->row,
            .rows = entry->rows,
            .code = i,
        };
    }
    return PARFUN_OK;
}

enum parfun_status pf_distinct_settle(struct pf_distinct *distinct)
{
    distinct->codes_end = first_number(distinct) + distinct->count;
    settle_slots(distinct);
    return settle_near(distinct);
}

/* ---- Sorting ------------------------------------------------------------------------- */

static enum parfun_status order_numbers(
        const struct pf_distinct *distinct, uint32_t *places)
{
    const uint32_t count = distinct->count;
    struct pf_radix_entry *entries = malloc(2 * (size_t)count * sizeof *entries);
    const struct pf_radix_entry *sorted;

    if (!entries)
        return no_memory();
    for (uint32_t k = 0; k < count; k++)
        entries[k] = (struct pf_radix_entry){ distinct->keys[k].key.number, k };
    sorted = pf_radix_sort(entries, entries + count, count);
    for (uint32_t i = 0; i < count; i++)
        places[sorted[i].of] = i;
    free(entries);
    return PARFUN_OK;
}

static int compare_keys(const void *a, const void *b)
{
    const struct pf_distinct_key *const *first = a, *const *second = b;

    return pf_key_compare_texts((*first)->key.text, (*second)->key.text);
}

enum parfun_status pf_distinct_order(
        const struct pf_distinct *distinct, bool texts, uint32_t *places)
{
    const struct pf_distinct_key **order;

    if (distinct->count == 0)
        return PARFUN_OK;
    if (!texts)
        return order_numbers(distinct, places);
    order = malloc(distinct->count * sizeof *order);
    if (!order)
        return no_memory();
    for (uint32_t k = 0; k < distinct->count; k++)
        order[k] = &distinct->keys[k];
    qsort(order, distinct->count, sizeof *order, compare_keys);
    for (uint32_t i = 0; i < distinct->count; i++)
        places[order[i] - distinct->keys] = i;
    free(order);
    return PARFUN_OK;
}
