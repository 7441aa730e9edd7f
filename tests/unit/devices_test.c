/* SPDX-License-Identifier: Apache-2.0 */
/* devices_test.c: backends are opened once, and each device has a driver of its own. */
#include "runtime/devices.h"
#include "backends/table.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"

#include <string.h>

static struct pf_devices devices;

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static void begin(unsigned count, bool forked)
{
    const struct fake_device likes[3] = { { .lanes = 1 }, { .lanes = 2 } };
    const struct pf_backend_options options = { .processors = 2 };

    fake_set_devices(likes, count);
    must(pf_devices_init(&devices, &options, forked));
}

static int end(void **state)
{
    (void)state;
    pf_devices_finish(&devices);
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
    return 0;
}

static enum parfun_status open_list(
        const struct pf_backend *backend, const struct pf_device_list **list)
{
    return devices.source.open(&devices.source, backend, list);
}

static void a_backend_is_opened_once(void **state)
{
    const struct pf_device_list *list = NULL, *again = NULL;

    (void)state;
    begin(2, false);
    assert_int_equal(fake_count(0, FAKE_OPEN), 0);
    must(open_list(&fake_backend, &list));
    must(open_list(&fake_backend, &again));
    assert_ptr_equal(list, again);
    assert_int_equal(list->count, 2);
    assert_int_equal(fake_count(0, FAKE_OPEN), 1);
}

static void each_device_has_a_driver_with_a_number(void **state)
{
    const struct pf_device_list *list = NULL;

    (void)state;
    begin(3, false);
    must(open_list(&fake_backend, &list));
    for (unsigned i = 0; i < 3; i++) {
        const struct pf_driver *driver =
                pf_devices_driver(&devices, list->devices[i]);

        assert_ptr_equal(driver->device, list->devices[i]);
        assert_int_equal(driver->number, i);
        assert_non_null(driver->thread);
        assert_false(driver->lost);
        assert_int_equal(driver->spares.count, 0);
    }
}

static void threads_need_no_driver(void **state)
{
    const struct pf_device_list *list = NULL;

    (void)state;
    begin(1, false);
    must(open_list(&pf_backend_threads, &list));
    assert_int_equal(list->count, 1);
    assert_int_equal(devices.driver_count, 0);
}

static void who_could_not_open_may_try_again(void **state)
{
    const struct fake_failure failure = { .call = FAKE_OPEN,
        .status = PARFUN_NO_MEMORY };
    const struct pf_device_list *list = NULL;

    (void)state;
    begin(2, false);
    fake_fail(&failure);
    assert_int_equal(open_list(&fake_backend, &list), PARFUN_NO_MEMORY);
    assert_int_equal(devices.driver_count, 0);
    assert_int_equal(fake_live(), 0);
    must(open_list(&fake_backend, &list));
    assert_int_equal(list->count, 2);
}

static void in_the_child_of_a_fork_only_the_host_opens(void **state)
{
    const struct pf_device_list *list = NULL;

    (void)state;
    begin(1, true);
    assert_int_equal(open_list(&fake_backend, &list), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "\"serial\""));
    assert_int_equal(fake_count(0, FAKE_OPEN), 0);
    must(open_list(&pf_backend_serial, &list));
    assert_int_equal(list->count, 1);
}

static void what_can_not_be_divided_is_used_as_a_whole(void **state)
{
    const struct pf_device_list *list = NULL;
    struct pf_device *part = NULL;

    (void)state;
    begin(1, false);
    must(open_list(&fake_backend, &list));
    must(devices.source.part(&devices.source, list->devices[0], 1, &part));
    assert_ptr_equal(part, list->devices[0]);
    assert_int_equal(devices.driver_count, 1);
}

#define DEVICES(test) cmocka_unit_test_teardown(test, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        DEVICES(a_backend_is_opened_once),
        DEVICES(each_device_has_a_driver_with_a_number),
        DEVICES(threads_need_no_driver),
        DEVICES(who_could_not_open_may_try_again),
        DEVICES(in_the_child_of_a_fork_only_the_host_opens),
        DEVICES(what_can_not_be_divided_is_used_as_a_whole),
    };
    return cmocka_run_group_tests_name("devices", tests, NULL, NULL);
}
