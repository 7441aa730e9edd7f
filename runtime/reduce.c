/* SPDX-License-Identifier: Apache-2.0 */
/*
 * reduce.c: the tree of a reduction.  What has been reduced so far is a short stack
 * of nodes in the order of their items; a node that arrives joins its left sibling
 * as soon as both are there, which is a binary counter.
 */
#include "runtime/reduce.h"

#include "runtime/base/error.h"
#include "runtime/reduce_block.h"

#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

enum {
    /* Any run of blocks is at most 64 nodes going up and 64 going down, and there
     * is one more while a node is pushed. */
    NODES = 130,
    BATCH = 64, /* blocks reduced before their results are joined */
    SCALARS = PF_REDUCE_BLOCK,
    WIDTH_MAX = 16,
    SCALAR_MAX = 8 /* bytes */
};
_Static_assert(WIDTH_MAX *SCALAR_MAX == PF_REDUCE_BYTES, "see reduce.h");

/* A reduction, ready to run. */
struct shape {
    struct pf_reduction reduction;
    struct pf_reduce_code code;
    pf_reduce_convert *convert; /* NULL: the types are the same */
    pf_reduce_blocks *blocks;   /* for whole blocks of width 1; NULL: convert */
    size_t width;               /* as stored */
    size_t value_bytes, result_bytes;   /* of an element */
    size_t value_scalar, result_scalar; /* of a component */
};

struct nodes {
    const struct shape *shape;
    char *results;
    size_t count;
    struct place {
        size_t index;
        unsigned height;
    } places[NODES];
};

static size_t stored_width(const struct pf_reduction *reduction)
{
    return reduction->width == 3 ? 4 : reduction->width;
}

size_t pf_reduce_value_bytes(const struct pf_reduction *reduction)
{
    return stored_width(reduction) * pf_type_info(reduction->type)->bytes;
}

size_t pf_reduce_result_bytes(const struct pf_reduction *reduction)
{
    return stored_width(reduction) * pf_type_info(reduction->result_type)->bytes;
}

static enum parfun_status prepare(
        struct shape *shape, const struct pf_reduction *reduction)
{
    const enum pf_reduce_isa isa = pf_reduce_best_isa();
    const enum pf_operator operation = reduction->operation;
    const enum pf_type from = reduction->type, to = reduction->result_type;

    shape->reduction = *reduction;
    shape->width = stored_width(reduction);
    shape->value_scalar = pf_type_info(from)->bytes;
    shape->result_scalar = pf_type_info(to)->bytes;
    shape->value_bytes = shape->width * shape->value_scalar;
    shape->result_bytes = shape->width * shape->result_scalar;
    shape->code = pf_reduce_code(isa, operation, to);
    shape->convert = from == to ? NULL : pf_reduce_converter(from, to);
    shape->blocks = from == to ? shape->code.blocks
                               : pf_reduce_widening(isa, operation, from, to);
    if (!shape->code.join || (from != to && !shape->convert))
        return pf_fail(PARFUN_INVALID,
                "values of %s cannot be reduced to %s with this operator",
                pf_type_info(from)->name, pf_type_info(to)->name);
    return PARFUN_OK;
}

/* ---- One block --------------------------------------------------------------------- */

/* Joins rows of 32 elements to the lanes, one after another: 32 scalars at a time, which
 * stay in registers meanwhile. */
static void add_rows(
        const struct shape *shape, char *lanes, const char *values, size_t rows)
{
    const size_t stride = PF_REDUCE_LANES * shape->width;

    for (size_t k = 0; k < stride; k += PF_REDUCE_LANES)
        shape->code.rows(lanes + k * shape->result_scalar,
                values + k * shape->result_scalar, stride, rows);
}

/* Lanes s and up join the lanes below, for s = 16, 8 ... 1, where they exist. */
static void fold(const struct shape *shape, char *lanes, size_t count)
{
    for (size_t s = PF_REDUCE_LANES / 2; s > 0; s /= 2)
        if (count > s) {
            shape->code.join(lanes, lanes + s * shape->result_bytes,
                    (count - s) * shape->width);
            count = s;
        }
}

/* One block of `count` items, a whole one or the last, of any width and types. */
static void reduce_block(
        const struct shape *shape, const char *values, size_t count, char *result)
{
    _Alignas(64) char lanes[PF_REDUCE_LANES * PF_REDUCE_BYTES];
    _Alignas(64) char converted[SCALARS * SCALAR_MAX];
    const size_t row_items = PF_REDUCE_LANES;
    const size_t most = shape->convert ? SCALARS / shape->width : count;

    for (size_t begin = 0, n; begin < count; begin += n) {
        const char *from = values + begin * shape->value_bytes;
        size_t rows, rest;

        n = count - begin < most ? count - begin : most;
        if (shape->convert) {
            shape->convert(converted, from, n * shape->width);
            from = converted;
        }
        rows = n / row_items;
        rest = n % row_items;
        if (begin == 0) {
            const size_t first = rows > 0 ? row_items : rest;

            memcpy(lanes, from, first * shape->result_bytes);
            from += first * shape->result_bytes;
            if (rows > 0)
                rows--;
            else
                rest = 0;
        }
        if (rows > 0)
            add_rows(shape, lanes, from, rows);
        if (rest > 0)
            shape->code.join(lanes, from + rows * row_items * shape->result_bytes,
                    rest * shape->width);
    }
    fold(shape, lanes, count < row_items ? count : row_items);
    memcpy(result, lanes, shape->result_bytes);
}

static void reduce_blocks(
        const struct shape *shape, const char *values, size_t blocks, char *results)
{
    if (shape->width == 1 && shape->blocks) {
        shape->blocks(results, values, blocks);
        return;
    }
    for (size_t j = 0; j < blocks; j++)
        reduce_block(shape, values + j * PF_REDUCE_BLOCK * shape->value_bytes,
                PF_REDUCE_BLOCK, results + j * shape->result_bytes);
}

/* ---- Nodes --------------------------------------------------------------------------- */

static void push(
        struct nodes *nodes, unsigned height, size_t index, const char *result)
{
    const struct shape *shape = nodes->shape;
    const size_t bytes = shape->result_bytes;
    size_t top = nodes->count;

    memcpy(nodes->results + top * bytes, result, bytes);
    while (top > 0 && index % 2 == 1 && nodes->places[top - 1].height == height
            && nodes->places[top - 1].index == index - 1) {
        shape->code.join(nodes->results + (top - 1) * bytes,
                nodes->results + top * bytes, shape->width);
        top--;
        index /= 2;
        height++;
    }
    nodes->places[top] = (struct place){ index, height };
    nodes->count = top + 1;
}

/* Consecutive blocks, which are overwritten: as far as they are whole subtrees, these
 * are reduced first. */
static void push_results(
        struct nodes *nodes, size_t index, char *results, size_t count)
{
    const struct shape *shape = nodes->shape;

    while (count > 0) {
        unsigned height = 0;

        while (shape->width == 1 && index % ((size_t)2 << height) == 0
                && count >= (size_t)2 << height)
            height++;
        for (size_t rest = (size_t)1 << height; rest > 1; rest /= 2)
            shape->code.pairs(results, rest / 2);
        push(nodes, height, index >> height, results);
        results += shape->result_bytes << height;
        index += (size_t)1 << height;
        count -= (size_t)1 << height;
    }
}

static void push_blocks(
        struct nodes *nodes, size_t index, const char *values, size_t blocks)
{
    _Alignas(64) char results[BATCH * PF_REDUCE_BYTES];
    const struct shape *shape = nodes->shape;

    while (blocks > 0) {
        const size_t n = blocks < BATCH ? blocks : BATCH;

        reduce_blocks(shape, values, n, results);
        push_results(nodes, index, results, n);
        values += n * PF_REDUCE_BLOCK * shape->value_bytes;
        index += n;
        blocks -= n;
    }
}

/* ---- Partitions ------------------------------------------------------------------------ */

struct pf_reduce_part {
    struct shape shape;
    size_t first, end;
    size_t at;          /* the next item */
    size_t head_end;    /* up to here items belong to the left neighbour's block */
    char *head, *block; /* item values: of the head, and since the last boundary */
    char *memory;
    size_t memory_bytes;
    struct nodes nodes;
    _Alignas(64) char results[];
};

static size_t aligned(size_t bytes)
{
    return (bytes + 63) / 64 * 64;
}

static size_t smaller(size_t a, size_t b)
{
    return a < b ? a : b;
}

enum parfun_status pf_reduce_part_reset(
        struct pf_reduce_part *part, size_t first, size_t count)
{
    const size_t within = first % PF_REDUCE_BLOCK;
    const size_t head = within ? smaller(count, PF_REDUCE_BLOCK - within) : 0;
    const size_t rest = smaller(count - head, PF_REDUCE_BLOCK);
    const size_t head_bytes = aligned(head * part->shape.value_bytes);
    const size_t bytes = head_bytes + aligned(rest * part->shape.value_bytes);

    if (bytes > part->memory_bytes) {
        free(part->memory);
        part->memory_bytes = 0;
        part->memory = aligned_alloc(64, bytes);
        if (!part->memory)
            return pf_fail(PARFUN_NO_MEMORY,
                    "no memory for the values of a reduction (%zu bytes)", bytes);
        part->memory_bytes = bytes;
    }
    part->first = part->at = first;
    part->end = first + count;
    part->head_end = first + head;
    part->head = part->memory;
    part->block = part->memory ? part->memory + head_bytes : NULL;
    part->nodes.count = 0;
    return PARFUN_OK;
}

enum parfun_status pf_reduce_part_create(const struct pf_reduction *reduction,
        size_t first, size_t count, struct pf_reduce_part **part)
{
    const size_t bytes = aligned(sizeof(struct pf_reduce_part)
            + NODES * pf_reduce_result_bytes(reduction));
    struct pf_reduce_part *made = aligned_alloc(64, bytes);
    enum parfun_status status;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a reduction");
    made->memory = NULL;
    made->memory_bytes = 0;
    made->nodes.shape = &made->shape;
    made->nodes.results = made->results;
    status = prepare(&made->shape, reduction);
    if (!status)
        status = pf_reduce_part_reset(made, first, count);
    if (status) {
        pf_reduce_part_destroy(made);
        return status;
    }
    *part = made;
    return PARFUN_OK;
}

void pf_reduce_part_destroy(struct pf_reduce_part *part)
{
    if (!part)
        return;
    free(part->memory);
    free(part);
}

/* Keeps values of a block that is not whole yet; returns how many. */
static size_t keep(struct pf_reduce_part *part, const char *values, size_t count)
{
    const size_t within = part->at % PF_REDUCE_BLOCK;
    const size_t n = smaller(count, PF_REDUCE_BLOCK - within);
    const size_t bytes = part->shape.value_bytes;

    memcpy(part->block + within * bytes, values, n * bytes);
    if (within + n == PF_REDUCE_BLOCK)
        push_blocks(&part->nodes, part->at / PF_REDUCE_BLOCK, part->block, 1);
    return n;
}

void pf_reduce_part_values(
        struct pf_reduce_part *part, const void *values, size_t count)
{
    const size_t bytes = part->shape.value_bytes;
    const char *from = values;

    while (count > 0) {
        size_t n;

        if (part->at < part->head_end) {
            n = smaller(count, part->head_end - part->at);
            memcpy(part->head + (part->at - part->first) * bytes, from, n * bytes);
        } else if (part->at % PF_REDUCE_BLOCK == 0 && count >= PF_REDUCE_BLOCK) {
            n = count / PF_REDUCE_BLOCK;
            push_blocks(&part->nodes, part->at / PF_REDUCE_BLOCK, from, n);
            n *= PF_REDUCE_BLOCK;
        } else {
            n = keep(part, from, count);
        }
        part->at += n;
        from += n * bytes;
        count -= n;
    }
}

void pf_reduce_part_blocks(struct pf_reduce_part *part, void *blocks, size_t count)
{
    push_results(&part->nodes, part->at / PF_REDUCE_BLOCK, blocks, count);
    part->at += count * PF_REDUCE_BLOCK;
}

/* ---- The whole call -------------------------------------------------------------------- */

struct pf_reduce_total {
    struct shape shape;
    size_t block;  /* the one that is being filled */
    size_t filled; /* items of it */
    char *values;  /* theirs */
    struct nodes nodes;
    _Alignas(64) char results[];
};

enum parfun_status pf_reduce_total_create(const struct pf_reduction *reduction,
        size_t items, struct pf_reduce_total **total)
{
    const size_t values = smaller(items, PF_REDUCE_BLOCK);
    const size_t results = aligned(sizeof(struct pf_reduce_total)
            + NODES * pf_reduce_result_bytes(reduction));
    struct pf_reduce_total *made = aligned_alloc(
            64, results + aligned(values * pf_reduce_value_bytes(reduction)));
    enum parfun_status status;

    if (!made)
        return pf_fail(PARFUN_NO_MEMORY, "no memory for a reduction");
    made->block = made->filled = 0;
    made->values = (char *)made + results;
    made->nodes.shape = &made->shape;
    made->nodes.results = made->results;
    made->nodes.count = 0;
    status = prepare(&made->shape, reduction);
    if (status) {
        free(made);
        return status;
    }
    *total = made;
    return PARFUN_OK;
}

void pf_reduce_total_destroy(struct pf_reduce_total *total)
{
    free(total);
}

/* At most what is missing in the block. */
static void append_values(
        struct pf_reduce_total *total, const char *values, size_t count)
{
    const size_t bytes = total->shape.value_bytes;

    if (count == 0)
        return;
    memcpy(total->values + total->filled * bytes, values, count * bytes);
    total->filled += count;
    if (total->filled == PF_REDUCE_BLOCK) {
        push_blocks(&total->nodes, total->block, total->values, 1);
        total->block++;
        total->filled = 0;
    }
}

void pf_reduce_total_append(
        struct pf_reduce_total *total, const struct pf_reduce_part *part)
{
    const struct nodes *nodes = &part->nodes;

    append_values(total, part->head, part->head_end - part->first);
    for (size_t i = 0; i < nodes->count; i++) {
        const struct place *place = &nodes->places[i];

        push(&total->nodes, place->height, place->index,
                nodes->results + i * part->shape.result_bytes);
        total->block = (place->index + 1) << place->height;
    }
    if (part->end > part->head_end)
        append_values(total, part->block, part->end % PF_REDUCE_BLOCK);
}

/* Which NaN an addition of two gives is for the compiler to choose: so that the
 * bits are the same always, there is one. */
static void settle_nans(const struct shape *shape, char *result)
{
    for (size_t c = 0; c < shape->width; c++) {
        float f;
        double d;

        if (shape->reduction.result_type == PF_TYPE_FLOAT) {
            memcpy(&f, result + c * sizeof f, sizeof f);
            f = isnan(f) ? NAN : f;
            memcpy(result + c * sizeof f, &f, sizeof f);
        } else if (shape->reduction.result_type == PF_TYPE_DOUBLE) {
            memcpy(&d, result + c * sizeof d, sizeof d);
            d = isnan(d) ? (double)NAN : d;
            memcpy(result + c * sizeof d, &d, sizeof d);
        }
    }
}

void pf_reduce_total_finish(struct pf_reduce_total *total, void *result)
{
    const struct shape *shape = &total->shape;
    struct nodes *nodes = &total->nodes;
    const size_t bytes = shape->result_bytes;

    if (total->filled > 0) {
        char last[PF_REDUCE_BYTES];

        reduce_block(shape, total->values, total->filled, last);
        push(nodes, 0, total->block, last);
        total->filled = 0;
    }
    if (nodes->count == 0) {
        pf_reduce_identity(&shape->reduction, result);
        return;
    }
    /* The nodes that still wait for a right sibling, from the lowest up. */
    for (; nodes->count > 1; nodes->count--)
        shape->code.join(nodes->results + (nodes->count - 2) * bytes,
                nodes->results + (nodes->count - 1) * bytes, shape->width);
    memcpy(result, nodes->results, bytes);
    settle_nans(shape, result);
}
