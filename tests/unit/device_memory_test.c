/* SPDX-License-Identifier: Apache-2.0 */
/*
 * device_memory_test.c: what runs only on devices with memory of their own, tried
 * on PoCL made to look like one: arrays are copied, blocks reduced on the device.
 */
#include "support/cmocka.h"
#include "support/leaks.h"

#include "runtime/process.h"

#include <parfun/kernel.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 300017 };

static const struct parfun_parameter parameters[] = {
    { "x", "float", 4, 4, PARFUN_GLOBAL_SPACE, 1, 0, { 0 } },
    { "sum", "float", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
    { "wide", "float", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
    { "low", "float", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
};

static void run(const struct parfun_ndrange *range, void *const *arguments)
{
    const float *x = *(float *const *)arguments[0];

    for (unsigned a = 1; a < 4; a++)
        for (size_t i = range->group_begin[0]; i < range->group_end[0]; i++)
            (*(float *const *)arguments[a])[i] = x[i];
}

static const struct parfun_pragma pragma = {
    "split(x) combine(sum: sum) combine(sum(double): wide) combine(min: low)", 1, 1
};
static const struct parfun_variant variant = { "generic", run, 0, 0, NULL };
static const struct parfun_kernel kernel = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "totals",
    .file = "totals.cl",
    .source =
            "kernel void totals(global const float *x, global float *sum,\n"
            "        global float *wide, global float *low)\n"
            "{ size_t i = get_global_id(0); sum[i] = wide[i] = low[i] = x[i]; }\n",
    .build = "",
    .parameters = parameters,
    .pragmas = &pragma,
    .variants = &variant,
    .parameter_count = 4,
    .pragma_count = 1,
    .variant_count = 1,
};

struct totals {
    double wide;
    float sum, low;
};

static struct totals total(
        struct parfun_function *function, const float *x, size_t items)
{
    struct totals totals;

    if (PARFUN_CALL(function, items, PARFUN_ARRAY(x), PARFUN_VALUE(&totals.sum),
                PARFUN_VALUE(&totals.wide), PARFUN_VALUE(&totals.low)))
        fail_msg("%s", parfun_error());
    return totals;
}

static struct pf_driver *first_driver(void)
{
    struct pf_entry entry;
    struct pf_driver *driver;

    assert_int_equal(pf_process_enter(&entry, false), PARFUN_OK);
    driver = &entry.engine->devices->driver[0];
    pf_process_leave(&entry);
    return driver;
}

static void reduces_on_the_device_to_the_same_bits(void **state)
{
    static const size_t items[] = { 1, 1023, 1024, 5000, ITEMS };
    static const size_t sizes[] = { 0, 700, 1024, 100003 };
    float *x = malloc(ITEMS * sizeof *x);
    struct parfun_function *function;
    struct pf_driver *driver;

    (void)state;
    assert_non_null(x);
    for (size_t i = 0; i < ITEMS; i++)
        x[i] = (float)(i % 1000) * 0.37f - 100 + 1 / (float)(i + 1);
    assert_int_equal(parfun_function_create(&kernel, NULL, &function), PARFUN_OK);
    assert_int_equal(parfun_set_backend("opencl:pocl"), PARFUN_OK);
    driver = first_driver();
    driver->device->limits.shared_memory = false;
    for (size_t n = 0; n < sizeof items / sizeof *items; n++) {
        struct totals expected;

        assert_int_equal(parfun_push_backend("serial"), PARFUN_OK);
        expected = total(function, x, items[n]);
        assert_int_equal(parfun_pop_backend(), PARFUN_OK);
        for (size_t s = 0; s < sizeof sizes / sizeof *sizes; s++) {
            struct totals got;

            assert_int_equal(
                    parfun_set_options(function,
                            PARFUN_OPTIONS(.fixed_partition_size = sizes[s])),
                    PARFUN_OK);
            got = total(function, x, items[n]);
            assert_memory_equal(&got.wide, &expected.wide, sizeof got.wide);
            assert_memory_equal(&got.sum, &expected.sum, sizeof got.sum);
            assert_memory_equal(&got.low, &expected.low, sizeof got.low);
        }
    }
    assert_non_null(driver->reducers);
    parfun_function_destroy(function);
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    free(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reduces_on_the_device_to_the_same_bits),
    };

    return without_leaks(cmocka_run_group_tests(tests, NULL, NULL));
}
