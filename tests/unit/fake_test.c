/* SPDX-License-Identifier: Apache-2.0 */
/* fake_test.c: that the fake devices, which other tests rely on, do what they say;
 * and that the host's devices run native code. */
#include "backends/table.h"
#include "runtime/base/clock.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/fake_kernels.h"

#include <stdlib.h>
#include <string.h>

enum { ITEMS = 100 };

struct bench {
    struct pf_device_list list;
    struct pf_device *device;
    struct pf_code *code;
    struct pf_memory *on_x, *on_y;
    float x[ITEMS], y[ITEMS];
};

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static void open_bench(struct bench *bench, const struct fake_device *like)
{
    memset(bench, 0, sizeof *bench);
    fake_set_devices(like, 1);
    struct pf_backend_options options = { .processors = 1 };
    must(fake_backend.open(&options, &bench->list));
    assert_int_equal(bench->list.count, 1);
    bench->device = bench->list.devices[0];
    struct pf_code_request request = {
        .kernel = &fake_saxpy, .build = "", .dimensions = 1
    };
    must(fake_backend.code_create(bench->device, &request, &bench->code));
    bool shared;
    must(fake_backend.memory_create(bench->device, sizeof bench->x, bench->x,
            PF_ACCESS_READ, &bench->on_x, &shared));
    assert_int_equal(shared, like->shared_memory);
    must(fake_backend.memory_create(bench->device, sizeof bench->y, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &bench->on_y, &shared));
    assert_false(shared);
    for (size_t i = 0; i < ITEMS; i++) {
        bench->x[i] = (float)i;
        bench->y[i] = 1;
    }
}

static void close_bench(struct bench *bench)
{
    fake_backend.code_destroy(bench->device, bench->code);
    fake_backend.memory_destroy(bench->device, bench->on_x);
    fake_backend.memory_destroy(bench->device, bench->on_y);
    fake_backend.close(bench->device);
    free(bench->list.devices);
    free(bench->list.skipped);
    assert_int_equal(fake_live(), 0);
}

static enum parfun_status submit(struct bench *bench, uint64_t *mark)
{
    struct pf_device *device = bench->device;
    float a = 2;
    struct pf_copy x = { .memory = bench->on_x,
        .host = bench->x,
        .rows = 1,
        .row_bytes = sizeof bench->x };
    struct pf_copy y = { .memory = bench->on_y,
        .host = bench->y,
        .rows = 1,
        .row_bytes = sizeof bench->y };
    /* All but the first item and the last. */
    const struct pf_launch_argument arguments[] = {
        { .value = &a, .bytes = sizeof a },
        { .memory = bench->on_x, .offset = sizeof(float) },
        { .memory = bench->on_y, .offset = sizeof(float) },
    };
    struct pf_launch launch = { .size = { ITEMS - 2, 1, 1 },
        .arguments = arguments };
    PF_TRY(fake_backend.write(device, 0, &x));
    PF_TRY(fake_backend.write(device, 0, &y));
    PF_TRY(fake_backend.launch(device, 0, bench->code, &launch));
    PF_TRY(fake_backend.read(device, 0, &y));
    return fake_backend.mark(device, 0, mark);
}

static enum parfun_status finish(
        struct bench *bench, uint64_t mark, struct pf_lane_times *times)
{
    bool reached = false;
    enum parfun_status status =
            fake_backend.wait(bench->device, 0, mark, UINT64_MAX, &reached, times);
    if (status == PARFUN_OK)
        assert_true(reached);
    return status;
}

static void check(const struct bench *bench, bool done)
{
    for (size_t i = 0; i < ITEMS; i++) {
        bool inside = done && i > 0 && i < ITEMS - 1;
        assert_true(bench->y[i] == (inside ? 2 * (float)i + 1 : 1));
    }
}

static int forget(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

/* ---- Fake devices ------------------------------------------------------------- */

static void runs_native_code_when_it_is_waited_for(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t mark;
    open_bench(&bench, &(struct fake_device){ .lanes = 3 });
    assert_int_equal(bench.device->lanes, 3);
    must(submit(&bench, &mark));
    check(&bench, false);
    must(finish(&bench, mark, NULL));
    check(&bench, true);
    assert_int_equal(fake_bytes_written(), 2 * sizeof bench.x);
    assert_int_equal(fake_bytes_read(), sizeof bench.y);
    assert_int_equal(fake_count(FAKE_ANY, FAKE_LAUNCH), 1);
    close_bench(&bench);
    assert_null(fake_breach());
}

static void shares_what_is_only_read_if_it_shares_memory(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t mark;
    open_bench(&bench, &(struct fake_device){ .shared_memory = true });
    must(submit(&bench, &mark));
    must(finish(&bench, mark, NULL));
    check(&bench, true);
    assert_int_equal(fake_bytes_written(), sizeof bench.y);
    close_bench(&bench);
    assert_null(fake_breach());
}

static void takes_the_time_that_it_is_told_to_take(void **state)
{
    (void)state;
    struct bench bench;
    struct pf_lane_times times;
    uint64_t mark;
    open_bench(&bench,
            &(struct fake_device){
                    .launch_s = 1e-3, .seconds_per_item = 1e-5, .copy_s = 1e-4 });
    must(submit(&bench, &mark));
    must(finish(&bench, mark, &times));
    assert_true(times.kernel_s > 1.97e-3 && times.kernel_s < 1.99e-3);
    assert_true(times.copy_in_s > 1.9e-4 && times.copy_in_s < 2.1e-4);
    assert_true(times.copy_out_s > 0.9e-4 && times.copy_out_s < 1.1e-4);
    assert_true(times.begin_ns < times.end_ns && times.end_ns <= pf_clock_ns());
    check(&bench, true);
    close_bench(&bench);
}

static void fails_the_call_that_the_script_names(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t mark;
    open_bench(&bench, &(struct fake_device){ .name = "Weak" });
    fake_fail(&(struct fake_failure){
            .call = FAKE_WRITE, .nth = 1, .status = PARFUN_NO_MEMORY });
    assert_int_equal(submit(&bench, &mark), PARFUN_NO_MEMORY);
    must(submit(&bench, &mark));
    must(finish(&bench, mark, NULL));
    assert_null(fake_breach());
    fake_fail(&(struct fake_failure){
            .call = FAKE_LAUNCH, .late = true, .status = PARFUN_DEVICE_FAILED });
    must(submit(&bench, &mark));
    assert_int_equal(finish(&bench, mark, NULL), PARFUN_DEVICE_FAILED);
    /* The device is not to be used now, but to be closed. */
    assert_null(fake_breach());
    assert_int_equal(submit(&bench, &mark), PARFUN_DEVICE_FAILED);
    assert_non_null(strstr(fake_breach(), "fake:0"));
    close_bench(&bench);
}

static void hangs_until_it_is_woken(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t mark;
    bool reached = true;
    open_bench(&bench, &(struct fake_device){ .lanes = 2 });
    fake_fail(&(struct fake_failure){ .call = FAKE_LAUNCH, .hangs = true });
    must(submit(&bench, &mark));
    must(fake_backend.wait(
            bench.device, 0, mark, pf_clock_ns() + 1000000, &reached, NULL));
    assert_false(reached);
    check(&bench, false);
    fake_wake();
    must(finish(&bench, mark, NULL));
    check(&bench, true);
    close_bench(&bench);
    assert_null(fake_breach());
}

static void goes_on_after_its_end_if_it_hung(void **state)
{
    (void)state;
    struct bench bench;
    uint64_t mark;
    open_bench(&bench, &(struct fake_device){ .lanes = 2 });
    fake_fail(&(struct fake_failure){ .call = FAKE_READ, .hangs = true });
    must(submit(&bench, &mark));
    fake_backend.give_up(bench.device);
    close_bench(&bench);
    check(&bench, false);
    fake_wake();
    check(&bench, true);
    assert_null(fake_breach());
}

static void records_copies_that_leave_a_memory(void **state)
{
    (void)state;
    struct bench bench;
    open_bench(&bench, &(struct fake_device){ .lanes = 2 });
    struct pf_copy copy = { .memory = bench.on_x,
        .offset = 4,
        .host = bench.x,
        .rows = 1,
        .row_bytes = sizeof bench.x };
    assert_int_equal(fake_backend.write(bench.device, 0, &copy), PARFUN_INVALID);
    assert_non_null(fake_breach());
    close_bench(&bench);
}

static void has_only_the_memory_that_it_has(void **state)
{
    (void)state;
    struct bench bench;
    struct pf_memory *more;
    bool shared;
    open_bench(&bench,
            &(struct fake_device){ .memory_bytes = 2 * sizeof bench.x + 10 });
    assert_int_equal(fake_backend.memory_create(bench.device, 11, NULL,
                             PF_ACCESS_READ, &more, &shared),
            PARFUN_NO_MEMORY);
    must(fake_backend.memory_create(
            bench.device, 10, NULL, PF_ACCESS_READ, &more, &shared));
    fake_backend.memory_destroy(bench.device, more);
    close_bench(&bench);
    assert_null(fake_breach());
}

/* ---- Host devices ---------------------------------------------------------------- */

static void host_devices_run_the_best_variant(void **state)
{
    (void)state;
    static const char *const names[] = { "none", "serial", "threads" };
    const struct parfun_variant variants[] = { { .isa = "x86-64-v99" },
        fake_saxpy_variant };
    struct parfun_kernel kernel = fake_saxpy;
    kernel.variants = variants;
    kernel.variant_count = 2;
    struct pf_backend_options options = { .processors = 3 };
    for (size_t i = 0; i < 3; i++) {
        const struct pf_backend *backend = pf_backend_find(names[i]);
        struct pf_device_list list;
        struct pf_code *code;
        must(backend->open(&options, &list));
        assert_int_equal(list.count, 1);
        struct pf_device *device = list.devices[0];
        assert_true(device->host);
        assert_string_equal(device->selector, names[i]);
        assert_int_equal(device->workers, i == 2 ? 3 : 1);
        assert_int_equal(backend->cuts, i > 0);
        struct pf_code_request request = {
            .kernel = &kernel, .build = "", .dimensions = 1
        };
        must(backend->code_create(device, &request, &code));
        assert_ptr_equal(backend->native(code), &variants[1]);
        backend->code_destroy(device, code);
        kernel.variant_count = 1;
        assert_int_equal(
                backend->code_create(device, &request, &code), PARFUN_UNSUPPORTED);
        kernel.variant_count = 0;
        assert_int_equal(
                backend->code_create(device, &request, &code), PARFUN_UNSUPPORTED);
        assert_non_null(strstr(pf_error_text(), "native code"));
        kernel.variant_count = 2;
        backend->close(device);
        free(list.devices);
        free(list.skipped);
    }
    assert_null(pf_backend_find("thread"));
}

#define WITH_FAKES(test) cmocka_unit_test_teardown(test, forget)

int main(void)
{
    const struct CMUnitTest tests[] = {
        WITH_FAKES(runs_native_code_when_it_is_waited_for),
        WITH_FAKES(shares_what_is_only_read_if_it_shares_memory),
        WITH_FAKES(takes_the_time_that_it_is_told_to_take),
        WITH_FAKES(fails_the_call_that_the_script_names),
        WITH_FAKES(hangs_until_it_is_woken),
        WITH_FAKES(goes_on_after_its_end_if_it_hung),
        WITH_FAKES(records_copies_that_leave_a_memory),
        WITH_FAKES(has_only_the_memory_that_it_has),
        cmocka_unit_test(host_devices_run_the_best_variant),
    };
    return cmocka_run_group_tests_name("fake", tests, NULL, NULL);
}
