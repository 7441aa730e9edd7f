/* SPDX-License-Identifier: Apache-2.0 */
/*
 * call_test.c: what a checked call knows of its arguments: bytes, halos, pitches,
 * copies, what is read and written; and that a refused call holds nothing.
 */
#include "runtime/call.h"

#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/native_kernels.h"

#include <stdlib.h>
#include <string.h>

enum { ARGUMENTS = 8, ITEMS = 16 };

/* One call of a kernel, checked. */
struct trial {
    struct pf_clauses *clauses;
    struct pf_call_argument arguments[ARGUMENTS];
    struct pf_call call;
    enum parfun_status status;
};

static void begin(struct trial *trial, const struct parfun_kernel *kernel,
        size_t items, const struct parfun_value *values, size_t count)
{
    memset(trial, 0, sizeof *trial);
    if (pf_clauses_create(kernel, kernel->file, kernel->pragmas,
                kernel->pragma_count, &trial->clauses))
        fail_msg("%s", pf_error_text());
    trial->call.arguments = trial->arguments;
    trial->status = pf_call_check(
            &trial->call, kernel, trial->clauses, items, values, count);
}

static void end(struct trial *trial, bool done)
{
    if (!trial->status)
        pf_call_finish(&trial->call, done);
    pf_clauses_destroy(trial->clauses);
}

#define BEGIN(trial, kernel, items, ...)                                      \
    begin((trial), (kernel), (items), (struct parfun_value[]){ __VA_ARGS__ }, \
            sizeof((struct parfun_value[]){ __VA_ARGS__ })                    \
                    / sizeof(struct parfun_value))

static void knows_rows_and_halos(void **state)
{
    (void)state;
    int w = 3, in[(ITEMS + 2) * 3], out[ITEMS * 3];
    struct trial trial;

    BEGIN(&trial, &native_blur, ITEMS, PARFUN_VALUE(&w), PARFUN_ARRAY(in),
            PARFUN_ARRAY(out));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_int_equal(trial.arguments[1].item_bytes, 12);
    assert_int_equal(trial.arguments[1].halo_bytes, 12);
    assert_int_equal(trial.arguments[1].bytes, sizeof in);
    assert_true(trial.arguments[1].reads && !trial.arguments[1].writes);
    assert_int_equal(trial.arguments[2].bytes, sizeof out);
    assert_true(!trial.arguments[2].reads && trial.arguments[2].writes);
    assert_ptr_equal(trial.arguments[2].host, out);
    assert_true(trial.call.bytes_in == 12 && trial.call.bytes_out == 12);
    assert_false(trial.call.ordered);
    end(&trial, true);
}

static void knows_the_stride_of_columns(void **state)
{
    (void)state;
    int rows = 4, stride = 20, in[80], out[ITEMS];
    struct trial trial;

    BEGIN(&trial, &native_columns, ITEMS, PARFUN_VALUE(&rows),
            PARFUN_VALUE(&stride), PARFUN_ARRAY(in), PARFUN_ARRAY(out));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_int_equal(trial.arguments[2].rows, 4);
    assert_int_equal(trial.arguments[2].pitch, 80);
    assert_int_equal(trial.arguments[2].item_bytes, 4);
    assert_int_equal(trial.arguments[2].bytes, sizeof in);
    end(&trial, true);
}

static void knows_whole_arrays(void **state)
{
    (void)state;
    int index[ITEMS] = { 0 }, table[5] = { 0 }, out[ITEMS];
    struct trial trial;

    BEGIN(&trial, &native_gather, ITEMS, PARFUN_ARRAY(index),
            PARFUN_COUNTED(table, 5), PARFUN_ARRAY(out));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_int_equal(trial.arguments[1].item_bytes, 0);
    assert_int_equal(trial.arguments[1].bytes, 20);
    assert_int_equal(trial.arguments[1].count, 5);
    end(&trial, true);
}

static void knows_the_second_dimension(void **state)
{
    (void)state;
    int w = 3, a[ITEMS * 3], b[ITEMS * 3];
    struct trial trial;

    BEGIN(&trial, &native_plane, ITEMS, PARFUN_VALUE(&w), PARFUN_ARRAY(a),
            PARFUN_ARRAY(b));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_int_equal(trial.call.dimensions, 2);
    assert_int_equal(trial.call.inner[0], 3);
    assert_int_equal(trial.call.inner_items, 3);
    end(&trial, true);
}

static void knows_work_groups_and_local_memory(void **state)
{
    (void)state;
    int x[ITEMS], y[ITEMS];
    struct trial trial;

    BEGIN(&trial, &native_reverse, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_int_equal(trial.call.multiple, 8);
    end(&trial, true);
    BEGIN(&trial, &native_reverse, ITEMS - 1, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    assert_int_equal(trial.status, PARFUN_INVALID);
    end(&trial, false);
}

static void knows_what_is_combined_in_order(void **state)
{
    (void)state;
    int x[ITEMS], kept[ITEMS];
    size_t count;
    struct trial trial;

    BEGIN(&trial, &native_pick, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(kept),
            PARFUN_VALUE(&count));
    assert_int_equal(trial.status, PARFUN_OK);
    assert_true(trial.call.ordered);
    assert_ptr_equal(trial.call.pack_count[0], &count);
    end(&trial, true);
}

/* Misaligned arrays, one byte into `room`. */
static void gives_copies_back_only_when_done(void **state)
{
    (void)state;
    char room_x[ITEMS * 4 + 4] = { 0 }, room_y[ITEMS * 4 + 4];

    for (int done = 0; done < 2; done++) {
        struct trial trial;

        memset(room_y, 7, sizeof room_y);
        BEGIN(&trial, &native_twice, ITEMS, { room_x + 1, 4, 0 },
                { room_y + 1, 4, 0 });
        assert_int_equal(trial.status, PARFUN_OK);
        assert_true(trial.arguments[0].copied && trial.arguments[1].copied);
        assert_int_equal((uintptr_t)trial.arguments[1].host % 128, 0);
        assert_memory_equal(trial.arguments[1].host, room_y + 1, ITEMS * 4);
        memset(trial.arguments[1].host, 9, ITEMS * 4);
        end(&trial, done);
        assert_int_equal(room_y[0], 7);
        assert_int_equal(room_y[1], done ? 9 : 7);
        assert_int_equal(room_y[ITEMS * 4], done ? 9 : 7);
        assert_int_equal(room_y[ITEMS * 4 + 1], 7);
    }
}

/* The shared array is refused after the other has been copied: no leak. */
static void holds_nothing_when_refused(void **state)
{
    (void)state;
    char room[ITEMS * 4 + 4] = { 0 }, shared[ITEMS * 4 + 4];
    int n = ITEMS;
    struct trial trial;

    BEGIN(&trial, &native_backwards, ITEMS, PARFUN_VALUE(&n), { room + 1, 4, 0 },
            { shared + 1, 4, 0 });
    assert_int_equal(trial.status, PARFUN_INVALID);
    for (unsigned i = 0; i < ARGUMENTS; i++)
        assert_false(trial.arguments[i].copied);
    end(&trial, false);
}

static void lets_arrays_be_the_same_only_where_they_are_split_alike(void **state)
{
    (void)state;
    int w = 3, room[(ITEMS + 2) * 3], index[ITEMS] = { 0 };
    struct trial trial;

    BEGIN(&trial, &native_twice, ITEMS, PARFUN_ARRAY(room), PARFUN_ARRAY(room));
    assert_int_equal(trial.status, PARFUN_OK);
    end(&trial, true);
    BEGIN(&trial, &native_plane, ITEMS, PARFUN_VALUE(&w), PARFUN_ARRAY(room),
            PARFUN_ARRAY(room));
    assert_int_equal(trial.status, PARFUN_OK);
    end(&trial, true);
    BEGIN(&trial, &native_blur, ITEMS, PARFUN_VALUE(&w), PARFUN_ARRAY(room),
            PARFUN_ARRAY(room)); /* neighbours are read */
    assert_int_equal(trial.status, PARFUN_INVALID);
    end(&trial, false);
    BEGIN(&trial, &native_gather, ITEMS, PARFUN_ARRAY(index),
            PARFUN_COUNTED(room, ITEMS), PARFUN_ARRAY(room)); /* all is read */
    assert_int_equal(trial.status, PARFUN_INVALID);
    end(&trial, false);
    BEGIN(&trial, &native_gather, ITEMS, PARFUN_ARRAY(index),
            PARFUN_COUNTED(index, ITEMS), PARFUN_ARRAY(room)); /* inputs only */
    assert_int_equal(trial.status, PARFUN_OK);
    end(&trial, true);
    BEGIN(&trial, &native_pick, ITEMS, PARFUN_ARRAY(room), PARFUN_ARRAY(room),
            PARFUN_VALUE(&(size_t){ 0 })); /* results move */
    assert_int_equal(trial.status, PARFUN_INVALID);
    end(&trial, false);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_rows_and_halos),
        cmocka_unit_test(knows_the_stride_of_columns),
        cmocka_unit_test(knows_whole_arrays),
        cmocka_unit_test(knows_the_second_dimension),
        cmocka_unit_test(knows_work_groups_and_local_memory),
        cmocka_unit_test(knows_what_is_combined_in_order),
        cmocka_unit_test(gives_copies_back_only_when_done),
        cmocka_unit_test(holds_nothing_when_refused),
        cmocka_unit_test(lets_arrays_be_the_same_only_where_they_are_split_alike),
    };
    return cmocka_run_group_tests_name("unit.call", tests, NULL, NULL);
}
