/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_run_test.c: launches, memory, copies and marks on an OpenCL device. */
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "support/leaks.h"
#include "support/opencl_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Launches -------------------------------------------------------------------------- */

static void runs_any_size_from_any_element(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &saxpy);
    assert_true(opencl->offsets(code));
    static const size_t sizes[] = { 1, 2, 63, 64, 65, 127, 128, 129, 255, 256, 257,
        1021, 4096, 10007 };
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        check_saxpy(device, code, sizes[i], 0);
        check_saxpy(device, code, sizes[i], 1);
        check_saxpy(device, code, sizes[i], 33);
    }
    opencl->code_destroy(device, code);
}

static void check_grid(
        struct pf_device *device, struct pf_code *code, size_t width, size_t rows)
{
    const size_t count = width * rows, bytes = (count + 7) * sizeof(float);
    float *y = malloc(bytes);
    fill(y, count + 7, -9000);
    struct pf_memory *on_y = array(device, bytes);
    put(device, 0, on_y, y, bytes);
    int columns = (int)width;
    const struct pf_launch_argument arguments[] = { VALUE(columns),
        { .memory = on_y } };
    struct pf_launch launch = { .size = { width, rows, 1 },
        .arguments = arguments };
    must(opencl->launch(device, 0, code, &launch));
    get(device, 0, on_y, y, bytes);
    finish(device, 0);
    for (size_t i = 0; i < count; i++)
        assert_true(y[i] == 1000.0f * (float)(i / width) + (float)(i % width));
    for (size_t i = count; i < count + 7; i++)
        assert_true(y[i] == -9000 + (float)i);
    opencl->memory_destroy(device, on_y);
    free(y);
}

static void runs_two_dimensions_of_any_size(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &grid, .build = "", .dimensions = 2
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    check_grid(device, code, 1, 1);
    check_grid(device, code, 3, 1001);
    check_grid(device, code, 100, 7);
    check_grid(device, code, 999, 2);
    opencl->code_destroy(device, code);
}

static void counts_absolute_ids_from_the_first_item(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &indices, .build = "", .dimensions = 1, .absolute = true
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    float y[101];
    struct pf_memory *on_y = array(device, sizeof y);
    for (size_t first = 0; first < 5000; first += 1234) {
        fill(y, 101, -500);
        put(device, 0, on_y, y, sizeof y);
        /* The memory holds items `first` and later: the pointer lies before it. */
        const struct pf_launch_argument argument = { .memory = on_y,
            .offset = -(ptrdiff_t)(first * sizeof(float)) };
        struct pf_launch launch = {
            .size = { 100, 1, 1 }, .first = first, .arguments = &argument
        };
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        finish(device, 0);
        for (size_t i = 0; i < 100; i++)
            assert_true(y[i] == (float)(first + i));
        assert_true(y[100] == -400);
    }
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

static void runs_kernels_that_ask_for_the_size_at_that_size(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &extent);
    static const size_t sizes[] = { 1, 64, 77, 1000 };
    for (size_t s = 0; s < 4; s++) {
        float y[1010];
        fill(y, 1010, 0.5f);
        struct pf_memory *on_y = array(device, sizeof y);
        put(device, 0, on_y, y, sizeof y);
        const struct pf_launch_argument argument = { .memory = on_y, .offset = 4 };
        struct pf_launch launch = { .size = { sizes[s], 1, 1 },
            .arguments = &argument };
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        finish(device, 0);
        assert_true(y[0] == 0.5f);
        for (size_t i = 1; i <= sizes[s]; i++)
            assert_true(y[i] == (float)sizes[s]);
        assert_true(y[sizes[s] + 1] == 0.5f + (float)(sizes[s] + 1));
        opencl->memory_destroy(device, on_y);
    }
    opencl->code_destroy(device, code);
}

static void runs_work_groups_with_local_memory(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code_request request = {
        .kernel = &reverse, .build = "", .dimensions = 1, .group = { 8, 1, 1 }
    };
    struct pf_code *code = NULL;
    must(opencl->code_create(device, &request, &code));
    assert_false(opencl->offsets(code));
    float y[32];
    fill(y, 32, 0);
    struct pf_memory *on_y = array(device, sizeof y);
    put(device, 1, on_y, y, sizeof y);
    struct pf_launch_argument arguments[] = {
        { .memory = on_y },
        { .bytes = 8 * sizeof(float) },
    };
    struct pf_launch launch = { .size = { 24, 1, 1 }, .arguments = arguments };
    must(opencl->launch(device, 1, code, &launch));
    get(device, 1, on_y, y, sizeof y);
    finish(device, 1);
    for (size_t i = 0; i < 32; i++) {
        size_t wanted = i < 24 ? i / 8 * 8 + 7 - i % 8 : i;
        assert_true(y[i] == (float)wanted);
    }

    launch.size[0] = 25;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_INVALID);
    launch.size[0] = 8;
    arguments[0].offset = 4;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_INVALID);
    arguments[0].offset = 0;
    /* one array alone, and together with the kernel's own */
    arguments[1].bytes = device->limits.local_bytes + 1;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_UNSUPPORTED);
    arguments[1].bytes = device->limits.local_bytes;
    assert_int_equal(opencl->launch(device, 1, code, &launch), PARFUN_UNSUPPORTED);
    finish(device, 1);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

static void passes_structs_vectors_and_constants(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &typed);
    float table[40], y[33];
    fill(table, 40, 0);
    const struct {
        float scale;
        int unused;
    } how = { 3, 0 };
    const parfun_float3 shift = { .s = { 0, 0, 0.5f, 0 } };
    struct pf_memory *on_table = array(device, sizeof table),
                     *on_y = array(device, sizeof y);
    put(device, 0, on_table, table, sizeof table);
    const struct pf_launch_argument arguments[] = {
        { .memory = on_table, .offset = 16 },
        VALUE(how),
        VALUE(shift),
        { .memory = on_y },
    };
    struct pf_launch launch = { .size = { 33, 1, 1 }, .arguments = arguments };
    must(opencl->launch(device, 0, code, &launch));
    get(device, 0, on_y, y, sizeof y);
    finish(device, 0);
    for (size_t i = 0; i < 33; i++)
        assert_true(y[i] == 3 * (float)(i + 4) + 0.5f);
    opencl->memory_destroy(device, on_table);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

/* ---- Memory ------------------------------------------------------------------------- */

static void copies_rows_with_a_pitch_both_ways(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ROWS = 5, PITCH = 12, WIDTH = 4, INNER = 6 };
    float host[ROWS * PITCH], back[ROWS * PITCH], flat[2 + ROWS * INNER];
    fill(host, ROWS * PITCH, 0);
    fill(back, ROWS * PITCH, -1000);
    fill(flat, 2 + ROWS * INNER, -50);
    struct pf_memory *memory = array(device, sizeof flat);
    put(device, 0, memory, flat, sizeof flat);
    struct pf_copy copy = { .memory = memory,
        .offset = 2 * sizeof(float),
        .host = host + 3,
        .rows = ROWS,
        .row_bytes = WIDTH * sizeof(float),
        .host_pitch = PITCH * sizeof(float),
        .memory_pitch = INNER * sizeof(float) };
    must(opencl->write(device, 0, &copy));
    get(device, 0, memory, flat, sizeof flat);
    copy.host = back + 3;
    must(opencl->read(device, 0, &copy));
    finish(device, 0);
    for (size_t row = 0; row < ROWS; row++)
        for (size_t i = 0; i < INNER; i++) {
            size_t at = 2 + row * INNER + i;
            assert_true(flat[at]
                    == (i < WIDTH ? (float)(row * PITCH + 3 + i)
                                  : -50 + (float)at));
        }
    for (size_t i = 0; i < ROWS * PITCH; i++) {
        bool inside = i % PITCH >= 3 && i % PITCH < 3 + WIDTH;
        assert_true(back[i] == (inside ? (float)i : -1000 + (float)i));
    }
    opencl->memory_destroy(device, memory);
}

static void refuses_copies_that_leave_an_array(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    float host[64] = { 0 };
    struct pf_memory *memory = array(device, 100);
    struct pf_copy copy = whole(memory, host, 101);
    assert_int_equal(opencl->write(device, 0, &copy), PARFUN_INVALID);
    copy = whole(memory, host, 50);
    copy.offset = 51;
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    copy.offset = SIZE_MAX;
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    copy = (struct pf_copy){ .memory = memory,
        .host = host,
        .rows = 3,
        .row_bytes = 20,
        .host_pitch = 20,
        .memory_pitch = 41 };
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    copy.memory_pitch = SIZE_MAX / 2 + 1; /* twice which is 0 */
    assert_int_equal(opencl->read(device, 0, &copy), PARFUN_INVALID);
    opencl->memory_destroy(device, memory);
}

static void keeps_to_its_memory_budget(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    device->limits.memory_bytes = 10000;
    struct pf_memory *first = array(device, 6000), *second = NULL;
    bool zero_copy;
    assert_int_equal(opencl->memory_create(device, 6000, NULL, PF_ACCESS_READ,
                             &second, &zero_copy),
            PARFUN_NO_MEMORY);
    assert_null(second);
    assert_non_null(strstr(pf_error_text(), device->name));
    second = array(device, 4000);
    opencl->memory_destroy(device, first);
    first = array(device, 6000);
    opencl->memory_destroy(device, first);
    opencl->memory_destroy(device, second);

    device->limits.memory_bytes = SIZE_MAX;
    device->limits.allocation_bytes = 5000;
    assert_int_equal(opencl->memory_create(device, 5001, NULL, PF_ACCESS_READ,
                             &first, &zero_copy),
            PARFUN_NO_MEMORY);
}

static void works_in_the_callers_memory_where_it_is_shared(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ITEMS = 5000 };
    const size_t bytes = ITEMS * sizeof(float);
    float *table = aligned_alloc(4096, 5 * 4096),
          *y = aligned_alloc(4096, 5 * 4096);
    struct pf_code *code = build(device, &typed);
    const struct {
        float scale;
        int unused;
    } how = { 2, 0 };
    const parfun_float3 shift = { .s = { 0, 0, 0, 0 } };
    struct pf_memory *on_table, *on_y, *both;
    bool shared;
    const bool wanted = device->limits.shared_memory;
    must(opencl->memory_create(
            device, bytes, table, PF_ACCESS_READ, &on_table, &shared));
    assert_int_equal(shared, wanted);
    must(opencl->memory_create(device, bytes, y, PF_ACCESS_WRITE, &on_y, &shared));
    assert_int_equal(shared, wanted);
    must(opencl->memory_create(
            device, bytes, y, PF_ACCESS_READ | PF_ACCESS_WRITE, &both, &shared));
    assert_false(shared);

    for (unsigned round = 0; round < 3; round++) {
        fill(table, ITEMS, (float)round);
        fill(y, ITEMS, -1);
        /* In two halves, in two lanes. */
        for (unsigned lane = 0; lane < 2; lane++) {
            const size_t half = bytes / 2, from = lane * half;
            struct pf_copy copy = { .memory = on_table,
                .offset = from,
                .host = (char *)table + from,
                .rows = 1,
                .row_bytes = half };
            must(opencl->write(device, lane, &copy));
            const struct pf_launch_argument arguments[] = {
                { .memory = on_table, .offset = (ptrdiff_t)from },
                VALUE(how),
                VALUE(shift),
                { .memory = on_y, .offset = (ptrdiff_t)from },
            };
            struct pf_launch launch = { .size = { ITEMS / 2, 1, 1 },
                .arguments = arguments };
            must(opencl->launch(device, lane, code, &launch));
            copy.memory = on_y;
            copy.host = (char *)y + from;
            must(opencl->read(device, lane, &copy));
        }
        finish(device, 0);
        finish(device, 1);
        for (size_t i = 0; i < ITEMS; i++)
            assert_true(y[i] == 2 * (float)(i + round));
    }
    opencl->memory_destroy(device, on_table);
    opencl->memory_destroy(device, on_y);
    opencl->memory_destroy(device, both);
    opencl->code_destroy(device, code);
    free(table);
    free(y);
}

/* ---- Marks --------------------------------------------------------------------------- */

static void marks_grow_and_tell_what_their_lane_did(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    enum { ITEMS = 20000 };
    const size_t bytes = ITEMS * sizeof(float);
    float *zeros = calloc(ITEMS, sizeof *zeros), *result[2], a = 1;
    struct pf_code *code = build(device, &saxpy);
    struct pf_memory *x = array(device, bytes), *y[2];
    put(device, 0, x, zeros, bytes);
    finish(device, 0);
    const uint64_t begin_ns = pf_clock_ns();
    uint64_t mark[2][3];
    for (unsigned lane = 0; lane < 2; lane++) {
        y[lane] = array(device, bytes);
        result[lane] = malloc(bytes);
        for (unsigned i = 0; i < 3; i++) {
            const struct pf_launch_argument arguments[] = { VALUE(a),
                { .memory = x }, { .memory = y[lane] } };
            struct pf_launch launch = { .size = { ITEMS, 1, 1 },
                .arguments = arguments };
            put(device, lane, y[lane], zeros, bytes);
            must(opencl->launch(device, lane, code, &launch));
            if (i == 2)
                get(device, lane, y[lane], result[lane], bytes);
            must(opencl->mark(device, lane, &mark[lane][i]));
            assert_true(mark[lane][i] > (i ? mark[lane][i - 1] : 0));
        }
    }
    for (unsigned lane = 0; lane < 2; lane++)
        for (unsigned i = 0; i < 3; i++) {
            bool reached = false;
            struct pf_lane_times times;
            must(opencl->wait(
                    device, lane, mark[lane][i], UINT64_MAX, &reached, &times));
            assert_true(reached);
            assert_true(times.kernel_s > 0 && times.copy_in_s > 0);
            assert_int_equal(times.copy_out_s > 0, i == 2);
            assert_true(begin_ns <= times.begin_ns && times.begin_ns < times.end_ns
                    && times.end_ns <= pf_clock_ns());
            /* Again: there is nothing left to wait for, nor to tell. */
            must(opencl->wait(device, lane, mark[lane][i], 0, &reached, &times));
            assert_true(reached && times.kernel_s == 0 && times.begin_ns == 0);
        }
    opencl->memory_destroy(device, x);
    opencl->memory_destroy(device, y[0]);
    opencl->memory_destroy(device, y[1]);
    opencl->code_destroy(device, code);
    free(result[0]);
    free(result[1]);
    free(zeros);
}

static void an_empty_lane_has_marks_too(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    uint64_t first, second;
    bool reached = false;
    must(opencl->mark(device, 1, &first));
    must(opencl->mark(device, 1, &second));
    assert_true(0 < first && first < second);
    must(opencl->wait(device, 1, second, UINT64_MAX, &reached, NULL));
    assert_true(reached);
}

static void waits_no_longer_than_it_is_told(void **state)
{
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_code *code = build(device, &slow);
    enum { ITEMS = 64 };
    float y[ITEMS] = { 0 };
    struct pf_memory *on_y = array(device, sizeof y);
    uint32_t rounds = 1;
    bool reached = true;
    /* Longer and longer, until a wait of no time at all comes too early. */
    while (reached && rounds < 1u << 20) {
        rounds *= 8;
        const struct pf_launch_argument arguments[] = { VALUE(rounds),
            { .memory = on_y } };
        struct pf_launch launch = { .size = { ITEMS, 1, 1 },
            .arguments = arguments };
        uint64_t mark;
        must(opencl->launch(device, 0, code, &launch));
        get(device, 0, on_y, y, sizeof y);
        must(opencl->mark(device, 0, &mark));
        must(opencl->wait(device, 0, mark, pf_clock_ns(), &reached, NULL));
    }
    assert_false(reached);
    finish(device, 0);
    assert_true(y[ITEMS - 1] > 0);
    opencl->memory_destroy(device, on_y);
    opencl->code_destroy(device, code);
}

/* The device's memory is the host's, or its own: both ways. */
static void may_be_told_to_copy(void **state)
{
    (void)state;
    struct pf_backend_options off = { .processors = 2,
        .zero_copy = PF_ZERO_COPY_OFF };
    struct pf_device_list list;
    must(opencl->open(&off, &list));
    assert_true(list.count > 0);
    float *host = aligned_alloc(4096, 4096);
    struct pf_memory *memory;
    bool shared = true;
    must(opencl->memory_create(
            list.devices[0], 4096, host, PF_ACCESS_READ, &memory, &shared));
    assert_false(shared);
    opencl->memory_destroy(list.devices[0], memory);
    close_all(&list);
    free(host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DEVICE(runs_any_size_from_any_element),
        ON_DEVICE(runs_two_dimensions_of_any_size),
        ON_DEVICE(counts_absolute_ids_from_the_first_item),
        ON_DEVICE(runs_kernels_that_ask_for_the_size_at_that_size),
        ON_DEVICE(runs_work_groups_with_local_memory),
        ON_DEVICE(passes_structs_vectors_and_constants),
        ON_DEVICE(copies_rows_with_a_pitch_both_ways),
        ON_DEVICE(refuses_copies_that_leave_an_array),
        ON_DEVICE(keeps_to_its_memory_budget),
        ON_DEVICE(works_in_the_callers_memory_where_it_is_shared),
        ON_DEVICE(marks_grow_and_tell_what_their_lane_did),
        ON_DEVICE(an_empty_lane_has_marks_too),
        ON_DEVICE(waits_no_longer_than_it_is_told),
        cmocka_unit_test(may_be_told_to_copy),
    };
    return without_leaks(
            cmocka_run_group_tests_name("opencl_run", tests, NULL, NULL));
}
