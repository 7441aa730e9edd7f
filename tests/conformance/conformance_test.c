/* SPDX-License-Identifier: Apache-2.0 */
/*
 * conformance_test.c: a backend computes what `serial` does, for every clause, any
 * number of items and any partition size: integers and sums to the bit, built-in
 * functions within a bound.  The backend's selector is the argument; with "kept" after
 * it all arrays stay on the devices (parfun_keep).
 */
#include "cases.h"

#include "support/cmocka.h"
#include "support/leaks.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *backend;
static bool kept;

static const size_t sizes[] = { 0, 1, 2, 63, 64, 65, 1023, 1024, 1025, 7919, 100003,
    1000000 };

/* 0: learned.  Small ones only for few items, or a device takes for ever. */
static const size_t partition_sizes[] = { 0, 1, 3, 64, 1000, 4096, 65537 };

enum { PARTITIONS_MAX = 130, DEVICE_PARTITIONS_MAX = 40 };

static struct inputs inputs;

static uint64_t next_random(void)
{
    static uint64_t state = 88172645463325252u;

    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
}

static void *allocate(size_t bytes)
{
    void *memory = aligned_alloc(128, (bytes / 128 + 1) * 128);

    assert_non_null(memory);
    return memory;
}

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s", parfun_error());
}

static void keep(const void *memory, size_t bytes)
{
    if (kept && bytes)
        must(parfun_keep(memory, bytes));
}

static void update_devices(const void *memory, size_t bytes)
{
    if (kept && bytes)
        must(parfun_update_devices(memory));
}

static void update_host(void *memory, size_t bytes)
{
    if (kept && bytes)
        must(parfun_update_host(memory));
}

static void release(void *memory, size_t bytes)
{
    if (kept && bytes)
        must(parfun_release(memory));
    free(memory);
}

static int make_inputs(void **state)
{
    const size_t n = CASE_ITEMS_MAX;

    (void)state;
    inputs.floats = allocate(4 * n * sizeof(float));
    inputs.doubles = allocate(n * sizeof(double));
    inputs.integers = allocate(n * sizeof(int));
    inputs.bytes = allocate(4 * n);
    inputs.order = allocate(n * sizeof(uint32_t));
    for (size_t i = 0; i < 4 * n; i++) {
        inputs.floats[i] = (float)(int64_t)(next_random() % 20001 - 10000) * 1e-3f;
        inputs.bytes[i] = (unsigned char)next_random();
    }
    for (size_t i = 0; i < n; i++) {
        inputs.doubles[i] = (double)(int64_t)next_random() * 1e-15;
        inputs.integers[i] = (int)(next_random() >> 40);
    }
    keep(inputs.floats, 4 * n * sizeof(float));
    keep(inputs.doubles, n * sizeof(double));
    keep(inputs.integers, n * sizeof(int));
    keep(inputs.bytes, 4 * n);
    keep(inputs.order, n * sizeof(uint32_t));
    return parfun_set_backend(backend) ? fprintf(stderr, "%s\n", parfun_error())
                                       : 0;
}

static int free_inputs(void **state)
{
    (void)state;
    release(inputs.floats, 1), release(inputs.doubles, 1);
    release(inputs.integers, 1), release(inputs.bytes, 1), release(inputs.order, 1);
    return parfun_shutdown() != PARFUN_OK;
}

static void permute(size_t n)
{
    for (size_t i = 0; i < n; i++)
        inputs.order[i] = (uint32_t)i;
    for (size_t i = n; i > 1; i--) {
        const size_t j = next_random() % i;
        const uint32_t other = inputs.order[j];

        inputs.order[j] = inputs.order[i - 1];
        inputs.order[i - 1] = other;
    }
    update_devices(inputs.order, 1);
}

/* Floats as integers in the order of their values. */
static int64_t ordered(float value)
{
    int32_t bits;

    memcpy(&bits, &value, sizeof bits);
    return bits < 0 ? (int64_t)INT32_MIN - bits : bits;
}

static void compare(const struct conformance_case *tested, size_t n,
        size_t partition, const char *expected, const char *got, size_t bytes)
{
    bool equal = memcmp(expected, got, bytes) == 0;

    if (!equal && tested->ulp) {
        equal = true;
        for (size_t i = 0; i < bytes / sizeof(float) && equal; i++) {
            float e, g;

            memcpy(&e, expected + i * sizeof e, sizeof e);
            memcpy(&g, got + i * sizeof g, sizeof g);
            equal = llabs(ordered(e) - ordered(g)) <= tested->ulp;
        }
    }
    if (!equal) {
        size_t at = 0;

        while (expected[at] == got[at])
            at++;
        fail_msg("%s differs from serial at byte %zu of %zu: %zu items, partition "
                 "size %zu, backend %s",
                tested->name, at, bytes, n, partition, backend);
    }
}

static void try_size(const struct conformance_case *tested, size_t n,
        size_t partition, const char *expected, char *got, size_t bytes)
{
    enum parfun_status status = parfun_set_options(
            tested->function(), PARFUN_OPTIONS(.fixed_partition_size = partition));

    if (!status) {
        memset(got, 0x5a, bytes);
        update_devices(got, bytes);
        status = tested->run(n, &inputs, got);
    }
    if (!status)
        update_host(got, bytes);
    if (status)
        fail_msg("%s: %zu items, partition size %zu: %s", tested->name, n,
                partition, parfun_error());
    compare(tested, n, partition, expected, got, bytes);
}

static void run_case(const struct conformance_case *tested)
{
    const bool device = strstr(backend, "opencl") != NULL;
    const size_t most = tested->most ? tested->most : CASE_ITEMS_MAX;

    for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        const size_t multiple = tested->multiple ? tested->multiple : 1;
        const size_t wanted = sizes[s] < most ? sizes[s] : most;
        const size_t n = wanted / multiple * multiple;
        const size_t bytes = n * tested->out_bytes + tested->out_extra;
        char *expected = allocate(bytes), *got = allocate(bytes);

        permute(n);
        keep(got, bytes);
        memset(expected, 0x5a, bytes);
        assert_int_equal(parfun_push_backend("serial"), PARFUN_OK);
        assert_int_equal(parfun_set_options(tested->function(), NULL), PARFUN_OK);
        if (tested->run(n, &inputs, expected))
            fail_msg("%s on serial: %s", tested->name, parfun_error());
        assert_int_equal(parfun_pop_backend(), PARFUN_OK);
        for (size_t p = 0; p < sizeof partition_sizes / sizeof(size_t); p++) {
            const size_t size = partition_sizes[p] / multiple * multiple;
            const size_t partitions = size ? n / size : 0;

            if ((partition_sizes[p] && !size)
                    || partitions
                            > (device ? DEVICE_PARTITIONS_MAX : PARTITIONS_MAX))
                continue;
            try_size(tested, n, size, expected, got, bytes);
        }
        free(expected);
        release(got, bytes);
    }
}

static void computes_what_serial_does(void **state)
{
    run_case(*state);
}

/* No device has the caller's memory: the function is refused, and nothing else
 * suffers. */
static void refuses_shared_arrays_without_a_cpu(void **state)
{
    const struct conformance_case *tested = *state;
    char out[64];

    permute(16);
    assert_int_equal(tested->run(16, &inputs, out), PARFUN_UNSUPPORTED);
    assert_non_null(strstr(parfun_error(), "shared"));
}

int main(int argc, char **argv)
{
    struct CMUnitTest *tests = calloc(conformance_case_count, sizeof *tests);
    const bool device_only =
            argc > 1 && strncmp(argv[1], "opencl", 6) == 0 && !strchr(argv[1], ',');
    int failures;

    kept = argc == 3 && strcmp(argv[2], "kept") == 0;
    if ((argc != 2 && !kept) || !tests)
        return fprintf(stderr, "usage: conformance_test BACKEND [kept]\n"), 2;
    backend = argv[1];
    for (size_t i = 0; i < conformance_case_count; i++)
        tests[i] = (struct CMUnitTest){
            .name = conformance_cases[i].name,
            .test_func = device_only && conformance_cases[i].host_only
                    ? refuses_shared_arrays_without_a_cpu
                    : computes_what_serial_does,
            .initial_state = (void *)(uintptr_t)&conformance_cases[i],
        };
    failures = _cmocka_run_group_tests(
            "conformance", tests, conformance_case_count, make_inputs, free_inputs);
    free(tests);
    return without_leaks(failures);
}
