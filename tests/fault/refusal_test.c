/* SPDX-License-Identifier: Apache-2.0 */
/*
 * refusal_test.c: devices that can not run a function: without doubles, without
 * memory.  The call says so, or goes on with others; the next one works.
 */
#include "support/calls.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 960 };

static struct parfun_kernel doubles; /* native_twice that says it has doubles */

static void set_up(const struct fake_device *devices, unsigned count)
{
    fake_set_devices(devices, count);
    doubles = native_twice;
    doubles.name = "doubles";
    doubles.flags |= PARFUN_KERNEL_DOUBLES;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(parfun_shutdown(), PARFUN_OK);
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
    return 0;
}

static const struct test_call *find_call(const char *name)
{
    for (unsigned i = 0; i < test_call_count; i++)
        if (strcmp(test_calls[i].name, name) == 0)
            return &test_calls[i];
    fail_msg("there is no call %s", name);
    return NULL;
}

/* Makes a call of the named kind with another kernel, if it is not NULL. */
static enum parfun_status try_call(const char *selector, const char *name,
        const struct parfun_kernel *kernel, const struct parfun_options *options)
{
    const struct test_call *call = find_call(name);
    struct parfun_function *function;
    const char *wrong;
    enum parfun_status status;

    assert_int_equal(parfun_set_backend(selector), PARFUN_OK);
    assert_int_equal(parfun_function_create(
                             kernel ? kernel : call->kernel, options, &function),
            PARFUN_OK);
    status = call->run(function, ITEMS, &wrong);
    if (wrong)
        fail_msg("%s: %s", selector, wrong);
    parfun_function_destroy(function);
    return status;
}

static void expect_sentence(const char *const *words)
{
    for (; *words; words++)
        if (!strstr(parfun_error(), *words))
            fail_msg("\"%s\" does not say \"%s\"", parfun_error(), *words);
}

#define EXPECT_WORDS(...) \
    expect_sentence((const char *const[]){ __VA_ARGS__, NULL })

static void refuses_doubles_where_there_are_none(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .no_doubles = true } }, 1);
    assert_int_equal(try_call("fake", "twice", &doubles, NULL), PARFUN_UNSUPPORTED);
    EXPECT_WORDS("doubles(): ", "fake:0", "doubles");
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_OK);
    assert_int_equal(try_call("threads:1, fake", "twice", &doubles, NULL),
            PARFUN_OK); /* the CPU has them */
}

static void takes_the_device_that_has_doubles(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .no_doubles = true }, { .lanes = 2 } }, 2);
    assert_int_equal(try_call("fake", "twice", &doubles, NULL), PARFUN_OK);
}

static void says_why_the_first_of_several_devices_can_not(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .name = "Small", .no_doubles = true },
                   { .name = "Tiny", .no_doubles = true } },
            2);
    assert_int_equal(try_call("fake", "twice", &doubles, NULL), PARFUN_UNSUPPORTED);
    EXPECT_WORDS("doubles(): no chosen device can run it", "Small", "doubles");
}

/* 960 items of 8 bytes: partitions are made as small as needed. */
static void makes_partitions_that_fit_a_small_memory(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .memory_bytes = 256 } }, 1);
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_OK);
    assert_int_equal(try_call("fake", "twice", NULL,
                             PARFUN_OPTIONS(.fixed_partition_size = ITEMS)),
            PARFUN_OK);
    assert_true(fake_count(0, FAKE_LAUNCH) > 30);
}

static void says_when_not_even_one_item_fits(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .name = "Nutshell", .memory_bytes = 4 } }, 1);
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_UNSUPPORTED);
    EXPECT_WORDS("twice(): ", "fake:0", "bytes");
    assert_int_equal(try_call("fake, threads:1", "twice", NULL, NULL), PARFUN_OK);
    assert_int_equal(try_call("threads:1", "twice", NULL, NULL), PARFUN_OK);
}

/* The table of "gather" is whole on each device. */
static void says_when_a_whole_array_does_not_fit(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .memory_bytes = 32 } }, 1);
    assert_int_equal(try_call("fake", "gather", NULL, NULL), PARFUN_UNSUPPORTED);
    EXPECT_WORDS("gather(): ", "fake:0", "bytes");
    assert_int_equal(try_call("threads:1", "gather", NULL, NULL), PARFUN_OK);
}

/* As a kernel that needs more registers than there are. */
static void a_refused_launch_costs_a_call_the_device_and_no_other(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .lanes = 2 }, { .lanes = 2 } }, 2);
    fake_fail(&(struct fake_failure){
            .device = 0, .call = FAKE_LAUNCH, .status = PARFUN_UNSUPPORTED });
    assert_int_equal(try_call("fake:0", "twice", NULL, NULL), PARFUN_UNSUPPORTED);
    EXPECT_WORDS("twice(): fake:0: fake failure");
    assert_int_equal(try_call("fake:0", "saxpy", NULL, NULL), PARFUN_OK);
    fake_fail(&(struct fake_failure){ .device = 0,
            .call = FAKE_LAUNCH,
            .for_ever = true,
            .status = PARFUN_UNSUPPORTED });
    assert_int_equal(try_call("fake", "twice", NULL,
                             PARFUN_OPTIONS(.fixed_partition_size = 96)),
            PARFUN_OK);
}

static void says_that_a_device_has_failed_before(void **state)
{
    (void)state;
    set_up((struct fake_device[]){ { .name = "Wreck" } }, 1);
    fake_fail(&(struct fake_failure){
            .call = FAKE_LAUNCH, .status = PARFUN_DEVICE_FAILED });
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_DEVICE_FAILED);
    EXPECT_WORDS("twice(): ", "fake:0: fake failure");
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_DEVICE_FAILED);
    EXPECT_WORDS("twice(): Wreck (fake:0) has failed before", "\"threads\"",
            "parfun_shutdown()");
    assert_int_equal(try_call("threads:1", "twice", NULL, NULL), PARFUN_OK);
    assert_int_equal(parfun_shutdown(), PARFUN_OK); /* as the sentence says */
    assert_int_equal(try_call("fake", "twice", NULL, NULL), PARFUN_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(refuses_doubles_where_there_are_none, tear_down),
        cmocka_unit_test_teardown(takes_the_device_that_has_doubles, tear_down),
        cmocka_unit_test_teardown(
                says_why_the_first_of_several_devices_can_not, tear_down),
        cmocka_unit_test_teardown(
                makes_partitions_that_fit_a_small_memory, tear_down),
        cmocka_unit_test_teardown(says_when_not_even_one_item_fits, tear_down),
        cmocka_unit_test_teardown(says_when_a_whole_array_does_not_fit, tear_down),
        cmocka_unit_test_teardown(
                a_refused_launch_costs_a_call_the_device_and_no_other, tear_down),
        cmocka_unit_test_teardown(says_that_a_device_has_failed_before, tear_down),
    };
    return cmocka_run_group_tests_name("fault.refusal", tests, NULL, NULL);
}
