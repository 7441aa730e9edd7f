/* SPDX-License-Identifier: Apache-2.0 */
/*
 * arrow_fuzz.c: any record batch, with exactly the memory that its numbers ask for
 * where that is little, and none where it is much.  What is taken is grouped by each
 * of its columns and exported; each structure must be released once.
 *
 * The bytes: of the batch its numbers, then of each column its format, numbers, and
 * memory, until they end.
 */
#include "runtime/base/error.h"

#include <parfun/arrow.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COLUMNS = 4, BUFFERS = 3, LITTLE = 1024 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct input {
    const uint8_t *data;
    size_t size;
};

static struct made {
    struct ArrowSchema schema, schemas[COLUMNS], *schema_list[COLUMNS];
    struct ArrowArray array, arrays[COLUMNS], *array_list[COLUMNS];
    const void *buffers[1 + COLUMNS][BUFFERS];
    void *memory[COLUMNS][BUFFERS];
    char names[COLUMNS][4], formats[COLUMNS][4];
    unsigned schema_releases, array_releases;
} made;

static void require(bool holds, const char *what)
{
    if (holds)
        return;
    fprintf(stderr, "arrow_fuzz: %s (last error: %s)\n", what, pf_error_text());
    abort();
}

static void release_schema(struct ArrowSchema *schema)
{
    made.schema_releases++;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    made.array_releases++;
    array->release = NULL;
}

static uint8_t byte(struct input *input)
{
    if (!input->size)
        return 0;
    input->size--;
    return *input->data++;
}

/* Mostly small numbers, sometimes any. */
static int64_t number(struct input *input)
{
    const int64_t small = (int8_t)byte(input);
    uint64_t large = 0;

    if (small != INT8_MIN)
        return small;
    for (unsigned i = 0; i < 8; i++)
        large = large << 8 | byte(input);
    return (int64_t)large;
}

static void draw_numbers(struct input *input, struct ArrowArray *array)
{
    array->length = number(input);
    array->offset = number(input);
    array->null_count = number(input);
    array->n_buffers = byte(input) % (BUFFERS + 1);
}

/* `bytes` of the input's, or nothing. */
static void *draw_memory(struct input *input, size_t bytes)
{
    uint8_t *memory = byte(input) == 0xff ? NULL : malloc(bytes ? bytes : 1);

    for (size_t i = 0; memory && i < bytes; i++)
        memory[i] = byte(input);
    return memory;
}

static void draw_column(struct input *input, unsigned c)
{
    static const char *const known[] = { "c", "C", "s", "S", "i", "I", "l", "L",
        "e", "f", "g", "u", "U", "b", "n", "tdD" };
    struct ArrowSchema *schema = &made.schemas[c];
    struct ArrowArray *array = &made.arrays[c];
    const uint8_t format = byte(input);
    const int64_t most = INT64_C(1) << 40;

    snprintf(made.formats[c], sizeof made.formats[c], "%s", known[format % 16]);
    snprintf(made.names[c], sizeof made.names[c], "%d", format / 16 % 5);
    schema->format = format == 0xff ? NULL : made.formats[c];
    schema->name = made.names[c];
    draw_numbers(input, array);
    array->buffers = made.buffers[1 + c];
    array->release = format == 0xfe ? NULL : release_array;
    const int64_t count = array->length < most && array->offset < most
                    && array->length >= 0 && array->offset >= 0
            ? array->length + array->offset
            : LITTLE + 1;
    if (count > LITTLE)
        return;
    made.memory[c][0] = draw_memory(input, (size_t)count / 8 + 1);
    made.memory[c][1] = draw_memory(input, ((size_t)count + 1) * 8);
    made.memory[c][2] = draw_memory(input, LITTLE);
    /* characters have no size: offsets beyond these can only be believed */
    for (int64_t i = 0; made.memory[c][1] && i <= count && format % 16 >= 11; i++) {
        int32_t *narrow = made.memory[c][1];
        int64_t *wide = made.memory[c][1];

        if (format % 16 == 11)
            narrow[i] = narrow[i] % LITTLE;
        else
            wide[i] = wide[i] % LITTLE;
    }
    for (unsigned b = 0; b < BUFFERS; b++)
        made.buffers[1 + c][b] = made.memory[c][b];
}

static void draw_batch(struct input *input)
{
    const unsigned columns = byte(input) % (COLUMNS + 1);

    memset(&made, 0, sizeof made);
    made.schema = (struct ArrowSchema){ .format = "+s",
        .n_children = columns,
        .children = made.schema_list,
        .release = release_schema };
    made.array = (struct ArrowArray){ .n_children = columns,
        .children = made.array_list,
        .buffers = made.buffers[0],
        .release = release_array };
    draw_numbers(input, &made.array);
    made.array.n_buffers += 1;
    for (unsigned c = 0; c < columns; c++) {
        made.schema_list[c] = &made.schemas[c];
        made.array_list[c] = &made.arrays[c];
        draw_column(input, c);
    }
}

static void use(struct parfun_table *table)
{
    struct ArrowSchema schema;
    struct ArrowArray array;

    /* memory was made for batches of few rows alone */
    for (int c = 0; c < 5 && parfun_table_rows(table) <= LITTLE; c++) {
        const char name[] = { (char)('0' + c), 0 };
        const char *const names[] = { name };
        struct parfun_groups *groups = NULL;

        if (parfun_group_by(table, names, 1, &groups))
            continue;
        require(parfun_groups_rows(groups) + parfun_groups_dropped(groups)
                        == parfun_table_rows(table),
                "rows are lost");
        parfun_groups_destroy(groups);
    }
    require(parfun_table_export(table, &schema, &array) == PARFUN_OK, "no export");
    schema.release(&schema);
    array.release(&array);
    parfun_table_destroy(table);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct input input = { data, size };
    struct parfun_table *table = NULL;

    draw_batch(&input);
    if (parfun_table_import(&made.schema, &made.array, &table) == PARFUN_OK)
        use(table);
    require(made.schema_releases == 1, "the schema is not released once");
    require(made.array_releases == 1, "the array is not released once");
    for (unsigned c = 0; c < COLUMNS; c++)
        for (unsigned b = 0; b < BUFFERS; b++)
            free(made.memory[c][b]);
    return 0;
}
