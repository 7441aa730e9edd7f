/* SPDX-License-Identifier: Apache-2.0 */
/* spares_test.c: that memory is kept between calls, but neither for ever, nor too much of
 * it, nor from those who need it. */
#include "runtime/base/error.h"
#include "runtime/devices.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"

#include <stdlib.h>

enum { MEBIBYTE = 1 << 20 };

struct bench {
    struct pf_device_list list;
    struct pf_driver driver;
};

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static void open_bench(struct bench *bench, size_t memory_bytes)
{
    const struct pf_backend_options options = { .processors = 1 };
    const struct fake_device like = { .memory_bytes = memory_bytes };

    fake_set_devices(&like, 1);
    *bench = (struct bench){ 0 };
    must(fake_backend.open(&options, &bench->list));
    bench->driver.device = bench->list.devices[0];
}

static void close_bench(struct bench *bench)
{
    pf_spares_finish(&bench->driver);
    assert_int_equal(bench->driver.spares.count, 0);
    assert_int_equal(bench->driver.spares.bytes, 0);
    fake_backend.close(bench->driver.device);
    free(bench->list.devices);
    free(bench->list.skipped);
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
}

static struct pf_memory *take(struct bench *bench, size_t bytes, size_t *room)
{
    struct pf_memory *memory = NULL;

    must(pf_spares_take(&bench->driver, bytes, &memory, room));
    assert_non_null(memory);
    assert_true(*room >= bytes);
    return memory;
}

static void what_is_given_is_taken_again(void **state)
{
    struct bench bench;
    size_t room, again;
    struct pf_memory *memory;
    void *host;

    (void)state;
    open_bench(&bench, 0);
    memory = take(&bench, 1000003, &room);
    host = pf_spares_take_host(&bench.driver, 5001, &again);
    assert_non_null(host);
    pf_spares_give(&bench.driver, memory, room);
    pf_spares_give_host(&bench.driver, host, again);
    assert_ptr_equal(take(&bench, 1000001, &room), memory);
    assert_ptr_equal(pf_spares_take_host(&bench.driver, 5000, &again), host);
    assert_int_equal(fake_count(0, FAKE_MEMORY_CREATE), 1);
    pf_spares_give(&bench.driver, memory, room);
    pf_spares_give_host(&bench.driver, host, again);
    pf_spares_give(&bench.driver, NULL, 0);
    pf_spares_give_host(&bench.driver, NULL, 0);
    close_bench(&bench);
}

/* Sizes are learned, and differ a little from call to call. */
static void a_little_more_than_before_fits_too(void **state)
{
    struct bench bench;
    size_t room;

    (void)state;
    open_bench(&bench, 0);
    for (size_t bytes = 1000000; bytes < 1040000; bytes += 1000) {
        struct pf_memory *memory = take(&bench, bytes, &room);

        assert_true(room < bytes + bytes / 7);
        pf_spares_give(&bench.driver, memory, room);
    }
    assert_true(fake_count(0, FAKE_MEMORY_CREATE) <= 2);
    close_bench(&bench);
}

static void the_smallest_that_suffices_is_taken(void **state)
{
    static const size_t bytes[] = { 4000, 1000, 2000, 100000 };
    struct pf_memory *memory[4];
    struct bench bench;
    size_t room[4], again;

    (void)state;
    open_bench(&bench, 0);
    for (int i = 0; i < 4; i++)
        memory[i] = take(&bench, bytes[i], &room[i]);
    for (int i = 0; i < 4; i++)
        pf_spares_give(&bench.driver, memory[i], room[i]);
    assert_ptr_equal(take(&bench, 1900, &again), memory[2]);
    assert_int_equal(again, room[2]);
    pf_spares_give(&bench.driver, memory[2], room[2]);
    /* far larger ones are left to those who need them */
    memory[3] = take(&bench, 10, &again);
    assert_int_equal(fake_count(0, FAKE_MEMORY_CREATE), 5);
    pf_spares_give(&bench.driver, memory[3], again);
    close_bench(&bench);
}

static void no_more_is_kept_than_the_limits_say(void **state)
{
    enum { COUNT = PF_SPARES + 10 };
    struct pf_memory *memory[COUNT];
    struct bench bench;
    size_t room[COUNT];

    (void)state;
    open_bench(&bench, 0);
    for (int i = 0; i < COUNT; i++)
        memory[i] = take(&bench, 100, &room[i]);
    for (int i = 0; i < COUNT; i++)
        pf_spares_give(&bench.driver, memory[i], room[i]);
    assert_int_equal(bench.driver.spares.count, PF_SPARES);
    assert_int_equal(fake_live(), 1 + PF_SPARES);
    /* the oldest go first, and what is larger than all is not kept */
    memory[0] = take(&bench, PF_SPARES_BYTES, &room[0]);
    pf_spares_give(&bench.driver, memory[0], room[0]);
    assert_int_equal(bench.driver.spares.count, 1);
    memory[0] = take(&bench, PF_SPARES_BYTES + 1, &room[0]);
    pf_spares_give(&bench.driver, memory[0], room[0]);
    assert_int_equal(bench.driver.spares.bytes, PF_SPARES_BYTES);
    close_bench(&bench);
}

static void who_needs_the_memory_gets_it(void **state)
{
    struct bench bench;
    struct pf_memory *memory;
    bool zero_copy;
    size_t room;

    (void)state;
    open_bench(&bench, 10 * MEBIBYTE);
    memory = take(&bench, 6 * MEBIBYTE, &room);
    pf_spares_give(&bench.driver, memory, room);
    must(pf_spares_create(&bench.driver, 8 * MEBIBYTE, NULL, PF_ACCESS_READ,
            &memory, &zero_copy));
    assert_int_equal(bench.driver.spares.count, 0);
    assert_int_equal(pf_spares_create(&bench.driver, 8 * MEBIBYTE, NULL,
                             PF_ACCESS_READ, &memory, &zero_copy),
            PARFUN_NO_MEMORY);
    fake_backend.memory_destroy(bench.driver.device, memory);
    close_bench(&bench);
}

/* Sizes are rounded up, but not where only the size itself fits. */
static void the_last_byte_can_be_taken(void **state)
{
    struct bench bench;
    struct pf_memory *memory;
    size_t room;

    (void)state;
    open_bench(&bench, 1000003);
    memory = take(&bench, 1000003, &room);
    assert_int_equal(room, 1000003);
    pf_spares_give(&bench.driver, memory, room);
    close_bench(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_given_is_taken_again),
        cmocka_unit_test(a_little_more_than_before_fits_too),
        cmocka_unit_test(the_smallest_that_suffices_is_taken),
        cmocka_unit_test(no_more_is_kept_than_the_limits_say),
        cmocka_unit_test(who_needs_the_memory_gets_it),
        cmocka_unit_test(the_last_byte_can_be_taken),
    };
    return cmocka_run_group_tests_name("spares", tests, NULL, NULL);
}
