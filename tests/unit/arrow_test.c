/* SPDX-License-Identifier: Apache-2.0 */
/* Record batches made by hand: what is refused, and who is released how often.  Right
 * ones from another library: tests/arrow. */
#include "runtime/base/error.h"
#include "runtime/table.h"
#include "support/cmocka.h"

#include <parfun/arrow.h>
#include <stdlib.h>
#include <string.h>

enum { ROWS = 4, COLUMNS = 2 };

static const int32_t numbers[] = { 9, 9, 1, 2, 3, 4 };
static const int32_t offsets[] = { 0, 0, 2, 2, 4, 7 };
static const char characters[] = "NLDEUSA";
static const uint8_t validity[] = { 0x2b }; /* from bit 2 on: 0, 1, 0, 1 */

/* A batch of rows 1 to 4 of `numbers`' elements from 1 on, and of strings. */
struct batch {
    struct ArrowSchema schema, schemas[COLUMNS], *schema_list[COLUMNS];
    struct ArrowArray array, arrays[COLUMNS], *array_list[COLUMNS];
    const void *buffers[1 + COLUMNS][3];
};

static unsigned schemas_released, arrays_released;

static void release_schema(struct ArrowSchema *schema)
{
    schemas_released++;
    schema->release = NULL;
}

static void release_array(struct ArrowArray *array)
{
    arrays_released++;
    array->release = NULL;
}

static void release_child_schema(struct ArrowSchema *schema)
{
    schema->release = NULL;
}

static void release_child(struct ArrowArray *array)
{
    array->release = NULL;
}

static void make(struct batch *batch)
{
    *batch = (struct batch){
        .schema = { .format = "+s",
                .name = "",
                .n_children = COLUMNS,
                .children = batch->schema_list,
                .release = release_schema },
        .schemas = { { .format = "i",
                             .name = "number",
                             .release = release_child_schema },
                { .format = "u",
                        .name = "text",
                        .release = release_child_schema } },
        .array = { .length = ROWS,
                .offset = 1,
                .n_buffers = 1,
                .buffers = batch->buffers[0],
                .n_children = COLUMNS,
                .children = batch->array_list,
                .release = release_array },
        .arrays = { { .length = ROWS + 1,
                            .null_count = -1,
                            .offset = 1,
                            .n_buffers = 2,
                            .buffers = batch->buffers[1],
                            .release = release_child },
                { .length = ROWS + 1,
                        .n_buffers = 3,
                        .buffers = batch->buffers[2],
                        .release = release_child } },
        .buffers = { { NULL }, { validity, numbers },
                { NULL, offsets, characters } },
    };
    for (unsigned c = 0; c < COLUMNS; c++) {
        batch->schema_list[c] = &batch->schemas[c];
        batch->array_list[c] = &batch->arrays[c];
    }
    schemas_released = arrays_released = 0;
}

static void imports_without_a_copy_and_releases_with_the_last_user(void **state)
{
    static const char *const names[] = { "text" };
    struct batch batch;
    struct parfun_table *table;
    struct parfun_groups *groups;

    (void)state;
    make(&batch);
    assert_int_equal(
            parfun_table_import(&batch.schema, &batch.array, &table), PARFUN_OK);
    assert_null(batch.schema.release);
    assert_null(batch.array.release);
    assert_int_equal(schemas_released, 1);
    assert_int_equal(parfun_table_rows(table), ROWS);
    assert_ptr_equal(parfun_table_column(table, "number"), numbers + 2);
    assert_null(parfun_table_column(table, "text"));
    assert_non_null(strstr(parfun_error(), "Arrow's strings"));
    for (size_t row = 0; row < ROWS; row++)
        assert_int_equal(pf_column_is_null(pf_table_find(table, "number"), row),
                row % 2 == 0);
    assert_int_equal(parfun_group_by(table, names, 1, &groups), PARFUN_OK);
    assert_int_equal(parfun_groups_count(groups), 4); /* "NL" "" "DE" "USA" */
    parfun_table_destroy(table);
    assert_int_equal(arrays_released, 0);
    parfun_groups_destroy(groups);
    assert_int_equal(arrays_released, 1);
}

/* Older producers give an empty column of strings an offsets buffer of no bytes. */
static void reads_no_offset_of_strings_without_rows(void **state)
{
    static const int32_t behind_the_end[] = { -7 };
    struct batch batch;
    struct parfun_table *table;

    (void)state;
    make(&batch);
    batch.array.length = batch.array.offset = 0;
    for (unsigned c = 0; c < COLUMNS; c++)
        batch.arrays[c].length = batch.arrays[c].offset = 0;
    batch.buffers[2][1] = behind_the_end;
    if (parfun_table_import(&batch.schema, &batch.array, &table))
        fail_msg("%s", parfun_error());
    assert_int_equal(parfun_table_rows(table), 0);
    parfun_table_destroy(table);
}

static void takes_batches_whose_rows_are_all_there_by_their_bits(void **state)
{
    static const uint8_t bits[] = { 0x1e };
    const void *buffers[] = { bits };
    struct batch batch;
    struct parfun_table *table;

    (void)state;
    make(&batch);
    batch.array.buffers = buffers;
    batch.array.null_count = -1; /* nobody has counted */
    if (parfun_table_import(&batch.schema, &batch.array, &table))
        fail_msg("%s", parfun_error());
    parfun_table_destroy(table);
    assert_int_equal(arrays_released, 1);
}

/* ---- What is refused ---------------------------------------------------------------- */

static struct batch bad;

static void expect(enum parfun_status status, const char *sentence)
{
    const unsigned schemas = bad.schema.release != NULL;
    const unsigned arrays = bad.array.release != NULL;
    struct parfun_table *table = NULL;

    assert_int_equal(parfun_table_import(&bad.schema, &bad.array, &table), status);
    if (!strstr(parfun_error(), sentence))
        fail_msg("not \"%s\" but \"%s\"", sentence, parfun_error());
    assert_null(table);
    assert_null(bad.schema.release);
    assert_null(bad.array.release);
    assert_int_equal(schemas_released, schemas);
    assert_int_equal(arrays_released, arrays);
    make(&bad);
}

static void refuses_batches_that_are_none_and_releases_them_once(void **state)
{
    const void *bits[] = { validity };

    (void)state;
    make(&bad);
    bad.array.release = NULL;
    expect(PARFUN_INVALID, "the array was released or moved away before");
    bad.schema.release = NULL;
    expect(PARFUN_INVALID, "the schema was released or moved away before");
    bad.schema.format = "i";
    expect(PARFUN_INVALID, "has Arrow's type \"i\"; give a record batch");
    bad.array.n_children = 1;
    expect(PARFUN_INVALID, "the schema has 2 columns, and the array 1");
    bad.array.length = -1;
    expect(PARFUN_INVALID, "the batch has -1 elements from 1 on");
    bad.array.offset = INT64_MAX;
    expect(PARFUN_INVALID, "elements from 9223372036854775807 on");
    bad.array.n_buffers = 2;
    expect(PARFUN_INVALID, "the batch has 2 buffers, but its type needs 1");
    bad.array.buffers = bits;
    bad.array.null_count = 1;
    expect(PARFUN_UNSUPPORTED, "rows that are null as a whole");
    bad.array.buffers = bits;
    bad.array.null_count = -1;
    expect(PARFUN_UNSUPPORTED, "rows that are null as a whole");
}

static void refuses_columns_that_are_none_and_releases_the_batch_once(void **state)
{
    static const int32_t backwards[] = { 0, 3, 2, 4, 4, 7 };
    struct ArrowArray values = { 0 };
    struct parfun_table *table;

    (void)state;
    make(&bad);
    bad.arrays[1].release = NULL;
    expect(PARFUN_INVALID, "column 'text' was released or moved away before");
    bad.schemas[0].name = NULL;
    expect(PARFUN_INVALID, "column 1 has no name");
    bad.schemas[0].name = "text";
    expect(PARFUN_INVALID, "has a column 'text' already");
    bad.schemas[0].format = "b";
    expect(PARFUN_UNSUPPORTED, "column 'number' has Arrow's type \"b\"");
    bad.arrays[1].dictionary = &values;
    expect(PARFUN_UNSUPPORTED, "is encoded by a dictionary");
    bad.arrays[0].length = ROWS;
    expect(PARFUN_INVALID, "has 4 elements, fewer than the 5 rows");
    bad.arrays[0].null_count = 6;
    expect(PARFUN_INVALID, "has 6 nulls among 5 elements");
    bad.arrays[1].null_count = 1;
    expect(PARFUN_INVALID, "has nulls but no validity bits");
    bad.arrays[1].n_buffers = 2;
    expect(PARFUN_INVALID, "has 2 buffers, but its type needs 3");
    bad.buffers[1][1] = NULL;
    expect(PARFUN_INVALID, "has 5 elements but no memory");
    bad.buffers[1][1] = (const char *)numbers + 2;
    expect(PARFUN_INVALID, "is not aligned to the 4 bytes");
    bad.buffers[2][1] = backwards;
    expect(PARFUN_INVALID, "string 1 ends at 2, before it begins");
    bad.buffers[2][2] = NULL;
    expect(PARFUN_INVALID, "has strings but no characters");
    assert_int_equal(/* the next one is taken */
            parfun_table_import(&bad.schema, &bad.array, &table), PARFUN_OK);
    assert_int_equal(parfun_table_rows(table), ROWS);
    parfun_table_destroy(table);
}

/* ---- There and back ------------------------------------------------------------------- */

static void keeps_the_table_for_columns_that_were_moved_out_of_a_batch(void **state)
{
    struct batch batch;
    struct parfun_table *table;
    struct ArrowSchema schema;
    struct ArrowArray array, moved;

    (void)state;
    make(&batch);
    assert_int_equal(
            parfun_table_import(&batch.schema, &batch.array, &table), PARFUN_OK);
    assert_int_equal(parfun_table_export(table, &schema, &array), PARFUN_OK);
    parfun_table_destroy(table);
    assert_string_equal(schema.children[0]->format, "i");
    assert_string_equal(schema.children[1]->name, "text");
    assert_int_equal(array.length, ROWS);
    moved = *array.children[0];
    array.children[0]->release = NULL;
    array.release(&array);
    schema.release(&schema);
    assert_null(array.release);
    assert_null(schema.release);
    assert_int_equal(arrays_released, 0);
    assert_ptr_equal((const int32_t *)moved.buffers[1] + moved.offset, numbers + 2);
    moved.release(&moved);
    assert_int_equal(arrays_released, 1);
}

static void imports_again_what_was_exported(void **state)
{
    static const char *const names[] = { "word" };
    const char *const words[] = { "b", NULL, "a", "a" };
    struct parfun_table *table, *again;
    struct parfun_groups *groups;
    struct ArrowSchema schema;
    struct ArrowArray array;

    (void)state;
    assert_int_equal(parfun_table_create(ROWS, &table), PARFUN_OK);
    assert_int_equal(
            parfun_table_add(table, "word", PARFUN_STRING, words), PARFUN_OK);
    assert_int_equal(parfun_table_export(table, &schema, &array), PARFUN_OK);
    parfun_table_destroy(table);
    assert_int_equal(parfun_table_import(&schema, &array, &again), PARFUN_OK);
    assert_int_equal(parfun_group_by(again, names, 1, &groups), PARFUN_OK);
    assert_int_equal(parfun_groups_count(groups), 2);
    assert_int_equal(parfun_groups_dropped(groups), 1);
    parfun_table_destroy(again);
    parfun_groups_destroy(groups);
}

static void refuses_structures_that_are_not_there_and_releases_the_others(
        void **state)
{
    struct ArrowSchema schema;
    struct ArrowArray array;
    struct parfun_table *table;

    (void)state;
    make(&bad);
    assert_int_equal(parfun_table_import(NULL, &bad.array, &table), PARFUN_INVALID);
    assert_non_null(strstr(parfun_error(), "`schema` is NULL"));
    assert_int_equal(arrays_released, 1);
    assert_null(bad.array.release);
    assert_int_equal(
            parfun_table_import(&bad.schema, NULL, &table), PARFUN_INVALID);
    assert_int_equal(schemas_released, 1);
    assert_null(bad.schema.release);
    make(&bad);
    assert_int_equal(
            parfun_table_import(&bad.schema, &bad.array, NULL), PARFUN_INVALID);
    assert_int_equal(arrays_released, 1);
    assert_int_equal(schemas_released, 1);
    assert_int_equal(
            parfun_table_import(&bad.schema, &bad.array, NULL), PARFUN_INVALID);
    assert_int_equal(arrays_released, 1);
    assert_int_equal(schemas_released, 1);
    assert_int_equal(parfun_table_export(NULL, &schema, &array), PARFUN_INVALID);
    assert_non_null(strstr(parfun_error(), "`table` is NULL"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(imports_without_a_copy_and_releases_with_the_last_user),
        cmocka_unit_test(reads_no_offset_of_strings_without_rows),
        cmocka_unit_test(takes_batches_whose_rows_are_all_there_by_their_bits),
        cmocka_unit_test(refuses_batches_that_are_none_and_releases_them_once),
        cmocka_unit_test(refuses_columns_that_are_none_and_releases_the_batch_once),
        cmocka_unit_test(
                keeps_the_table_for_columns_that_were_moved_out_of_a_batch),
        cmocka_unit_test(imports_again_what_was_exported),
        cmocka_unit_test(
                refuses_structures_that_are_not_there_and_releases_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
