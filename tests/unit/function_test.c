/* SPDX-License-Identifier: Apache-2.0 */
/* function_test.c: what a function holds: options for the calls under way, what was
 * built of it, what was learned about it, and what its last calls were. */
#include "runtime/function.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/fake_kernels.h"

#include <string.h>

struct scene {
    struct pf_devices devices;
    struct pf_driver *driver;
    struct parfun_function *function;
    struct pf_settings *settings;
};

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static int set_up(void **state)
{
    static struct scene scene;
    const struct fake_device like = { .lanes = 1 };
    const struct pf_backend_options options = { .processors = 1 };
    const struct pf_device_list *list;

    fake_set_devices(&like, 1);
    must(pf_devices_init(&scene.devices, &options, false));
    must(scene.devices.source.open(&scene.devices.source, &fake_backend, &list));
    scene.driver = pf_devices_driver(&scene.devices, list->devices[0]);
    must(pf_function_create(&fake_saxpy, NULL, &scene.function));
    scene.settings = pf_function_begin(scene.function);
    *state = &scene;
    return 0;
}

static int tear_down(void **state)
{
    struct scene *scene = *state;

    pf_function_end(scene->function, scene->settings);
    pf_function_destroy(scene->function, NULL);
    pf_devices_finish(&scene->devices);
    assert_int_equal(fake_live(), 0);
    assert_null(fake_breach());
    fake_reset();
    return 0;
}

/* ---- Options -------------------------------------------------------------------------- */

static void calls_keep_the_options_that_they_began_with(void **state)
{
    struct scene *scene = *state;
    struct pf_settings *newer;

    must(pf_function_set_options(
            scene->function, PARFUN_OPTIONS(.fixed_partition_size = 7)));
    assert_int_equal(scene->settings->options.fixed_partition_size, 0);
    newer = pf_function_begin(scene->function);
    assert_ptr_not_equal(newer, scene->settings);
    assert_int_equal(newer->options.fixed_partition_size, 7);
    pf_function_end(scene->function, newer);
}

static void refused_options_change_nothing(void **state)
{
    struct scene *scene = *state;
    struct pf_settings *again;

    assert_int_equal(pf_function_set_options(scene->function,
                             PARFUN_OPTIONS(.fixed_partition_size = 7,
                                     .initial_partition_size = 7)),
            PARFUN_INVALID);
    again = pf_function_begin(scene->function);
    assert_ptr_equal(again, scene->settings);
    pf_function_end(scene->function, again);
}

/* ---- Builds --------------------------------------------------------------------------- */

static enum parfun_status build(struct scene *scene)
{
    struct pf_code *code = NULL;
    enum parfun_status status;

    pf_turn_take(&scene->driver->turn);
    status = pf_function_build(
            scene->function, scene->settings, scene->driver, &code);
    pf_turn_give(&scene->driver->turn);
    if (!status)
        assert_non_null(code);
    return status;
}

static void a_kernel_is_built_once_for_each_device(void **state)
{
    struct scene *scene = *state;

    must(build(scene));
    must(build(scene));
    assert_int_equal(fake_count(0, FAKE_CODE_CREATE), 1);
    /* and ahead of calls, on the device's own thread, no more often */
    pf_function_build_ahead(scene->function, scene->settings, scene->driver);
    pf_function_build_ahead(scene->function, scene->settings, scene->driver);
    pf_function_close(scene->function, NULL);
    assert_int_equal(fake_count(0, FAKE_CODE_CREATE), 1);
}

static void a_kernel_that_was_refused_is_not_built_again(void **state)
{
    struct scene *scene = *state;

    fake_fail(&(const struct fake_failure){
            .call = FAKE_CODE_CREATE, .status = PARFUN_COMPILE });
    assert_int_equal(build(scene), PARFUN_COMPILE);
    (void)pf_fail(PARFUN_INVALID, "another sentence");
    assert_int_equal(build(scene), PARFUN_COMPILE);
    assert_string_equal(pf_error_text(), "fake:0: fake failure");
    assert_int_equal(fake_count(0, FAKE_CODE_CREATE), 1);
}

static void what_failed_for_lack_of_memory_is_built_later(void **state)
{
    struct scene *scene = *state;

    fake_fail(&(const struct fake_failure){
            .call = FAKE_CODE_CREATE, .status = PARFUN_NO_MEMORY });
    assert_int_equal(build(scene), PARFUN_NO_MEMORY);
    must(build(scene));
}

/* ---- What was learned ----------------------------------------------------------------- */

static void calls_beside_one_another_do_not_share_a_model(void **state)
{
    static struct pf_model copy;
    struct scene *scene = *state;
    struct pf_model *first = pf_function_model(scene->function, &copy);

    assert_ptr_equal(first, &scene->function->model);
    first->device_class[0].seconds_per_item = 5;
    /* nothing is known yet of what the first one learns */
    assert_ptr_equal(pf_function_model(scene->function, &copy), &copy);
    assert_true(pf_model_valid(&copy));
    assert_true(!(copy.device_class[0].seconds_per_item > 0));
    pf_function_learn(scene->function, &copy, NULL, 0); /* is forgotten */
    pf_function_learn(scene->function, first, NULL, 0);
    /* from now on they begin with what it has learned */
    first = pf_function_model(scene->function, &copy);
    assert_ptr_equal(first, &scene->function->model);
    first->device_class[0].seconds_per_item = 6;
    assert_ptr_equal(pf_function_model(scene->function, &copy), &copy);
    assert_true(copy.device_class[0].seconds_per_item > 4.9
            && copy.device_class[0].seconds_per_item < 5.1);
    pf_function_learn(scene->function, first, NULL, 0);
}

static void a_class_is_the_device_that_it_was_first(void **state)
{
    struct scene *scene = *state;
    const struct pf_device other = { .name = (char[]){ "another" },
        .platform = (char[]){ "" },
        .driver = (char[]){ "" } };
    uint64_t key;

    pf_function_name_class(scene->function, 1, scene->driver->device);
    key = scene->function->keys.device[1];
    assert_int_not_equal(key, 0);
    pf_function_name_class(scene->function, 1, &other);
    assert_int_equal(scene->function->keys.device[1], key);
    pf_function_name_class(scene->function, 2, &other);
    assert_int_not_equal(scene->function->keys.device[2], key);
}

/* ---- Profiles ------------------------------------------------------------------------- */

static void each_thread_reads_its_own_last_call(void **state)
{
    struct scene *scene = *state;
    struct parfun_profile profile = { .items = 0 };

    assert_false(pf_function_profile_get(scene->function, 1, &profile));
    for (uint64_t thread = 1; thread <= PF_FUNCTION_PROFILES; thread++)
        for (size_t call = 0; call < 2; call++)
            pf_function_profile_put(scene->function, thread,
                    &(const struct parfun_profile){ .items = 10 * thread + call });
    for (uint64_t thread = 1; thread <= PF_FUNCTION_PROFILES; thread++) {
        assert_true(pf_function_profile_get(scene->function, thread, &profile));
        assert_int_equal(profile.items, 10 * thread + 1);
    }
}

static void the_oldest_threads_profile_makes_room(void **state)
{
    struct scene *scene = *state;
    struct parfun_profile profile = { .items = 1 };

    for (uint64_t thread = 1; thread <= PF_FUNCTION_PROFILES + 1; thread++)
        pf_function_profile_put(scene->function, thread, &profile);
    assert_false(pf_function_profile_get(scene->function, 1, &profile));
    assert_true(pf_function_profile_get(scene->function, 2, &profile));
    assert_true(pf_function_profile_get(
            scene->function, PF_FUNCTION_PROFILES + 1, &profile));
}

#define FUNCTION(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FUNCTION(calls_keep_the_options_that_they_began_with),
        FUNCTION(refused_options_change_nothing),
        FUNCTION(a_kernel_is_built_once_for_each_device),
        FUNCTION(a_kernel_that_was_refused_is_not_built_again),
        FUNCTION(what_failed_for_lack_of_memory_is_built_later),
        FUNCTION(calls_beside_one_another_do_not_share_a_model),
        FUNCTION(a_class_is_the_device_that_it_was_first),
        FUNCTION(each_thread_reads_its_own_last_call),
        FUNCTION(the_oldest_threads_profile_makes_room),
    };
    return cmocka_run_group_tests_name("function", tests, NULL, NULL);
}
