/* SPDX-License-Identifier: Apache-2.0 */
/*
 * backends_test.c: choices of backends that can not be had, and scopes.  The choice
 * before stays, and calls go on with it.
 */
#include "child.h"
#include "errors.h"
#include "expect.h"
#include "support/folder.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int choose_serial(void **state)
{
    (void)state;
    return parfun_set_backend("serial") != PARFUN_OK;
}

/* After each test: the same choice, and a call that works. */
static int check_choice(void **state)
{
    (void)state;
    assert_string_equal(parfun_backend(), "serial");
    expect_next_call_to_work();
    return 0;
}

/* ---- Refusals --------------------------------------------------------------------- */

static void names_the_backends_that_there_are(void **state)
{
    (void)state;
    EXPECT_FAILURE(parfun_set_backend("cuda"), PARFUN_NO_BACKEND,
            "parfun_set_backend(): backend \"cuda\": there is no backend \"cuda\"",
            "there are auto, none, serial, threads");
    EXPECT_FAILURE(parfun_push_backend("threads:1, mpi"), PARFUN_NO_BACKEND,
            "parfun_push_backend(): backend \"threads:1, mpi\": there is no backend "
            "\"mpi\"",
            "there are auto");
    EXPECT_FAILURE(parfun_set_backend("Threads"), PARFUN_NO_BACKEND, "\"Threads\"",
            "threads");
}

static void refuses_a_null_or_empty_selector(void **state)
{
    (void)state;
    EXPECT_FAILURE(parfun_set_backend(NULL), PARFUN_INVALID,
            "parfun_set_backend(): the selector is NULL", "\"threads\"");
    EXPECT_FAILURE(parfun_push_backend(NULL), PARFUN_INVALID,
            "parfun_push_backend(): the selector is NULL");
    EXPECT_FAILURE(parfun_set_backend(""), PARFUN_INVALID,
            "parfun_set_backend(): backend \"\": a name is missing", "\"auto\"");
    EXPECT_FAILURE(
            parfun_set_backend("threads:1, "), PARFUN_INVALID, "a name is missing");
}

static void refuses_numbers_of_threads_that_make_no_sense(void **state)
{
    (void)state;
    static const char *const words[] = { "0", "-1", "two", "", "1.5", "5000",
        "99999999999999999999" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        char selector[64], quoted[64];

        (void)snprintf(selector, sizeof selector, "threads:%s", words[i]);
        (void)snprintf(
                quoted, sizeof quoted, "\"%s\" is no number of threads", words[i]);
        EXPECT_FAILURE(parfun_set_backend(selector), PARFUN_INVALID,
                "parfun_set_backend(): backend \"threads:", quoted,
                "give 1 to 4096");
    }
}

static void refuses_a_selector_of_any_length(void **state)
{
    (void)state;
    char *selector = malloc(100001);

    assert_non_null(selector);
    memset(selector, 'x', 100000);
    selector[100000] = '\0';
    EXPECT_FAILURE(parfun_set_backend(selector), PARFUN_INVALID,
            "parfun_set_backend(): the backend's selector has 100000 characters",
            "at most 1023");
    free(selector);
}

/* ---- Devices that are not there ----------------------------------------------------- */

static int try_without_drivers(void)
{
    EXPECT_FAILURE(parfun_set_backend("opencl"), PARFUN_NO_DEVICE,
            "parfun_set_backend(): backend \"opencl\": no opencl device was found",
            "no OpenCL driver here", "apt-get install pocl-opencl-icd");
    EXPECT_FAILURE(parfun_set_backend("threads:1, opencl:gpu"), PARFUN_NO_DEVICE,
            "no opencl device was found");
    assert_string_equal(parfun_backend(), "auto");
    expect_next_call_to_work(); /* on the cores */
    EXPECT_SUCCESS(parfun_set_backend("auto"));
    expect_next_call_to_work();
    return 0;
}

static void says_what_to_install_where_there_is_no_driver(void **state)
{
    (void)state;
    char folder[256], vendors[300];
    struct child child;

    assert_int_equal(test_folder_make(folder, sizeof folder), 0);
    (void)snprintf(vendors, sizeof vendors, "OCL_ICD_VENDORS=%s", folder);
    CHILD_RUN("without drivers", &child, vendors);
    test_folder_remove(folder);
    child_expect_success(&child);
    assert_string_equal(child.said, "");
}

static void lists_devices_with_selectors_to_paste(void **state)
{
    (void)state;
    char selector[64];
    const char *at;

    if (parfun_push_backend("opencl") != PARFUN_OK)
        skip();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    EXPECT_FAILURE(parfun_set_backend("opencl:/no such name/"), PARFUN_NO_DEVICE,
            "parfun_set_backend(): backend \"opencl:/no such name/\": no opencl "
            "device matches; there are:",
            "\n  opencl:0  ");
    EXPECT_FAILURE(parfun_set_backend("opencl:99"), PARFUN_NO_DEVICE,
            "\"opencl:99\"", "\n  opencl:0  ");
    at = strstr(parfun_error(), "\n  ");
    assert_int_equal(sscanf(at, " %63s", selector), 1);
    EXPECT_SUCCESS(parfun_push_backend(selector));
    expect_next_call_to_work();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

/* ---- Scopes ---------------------------------------------------------------------------- */

static void nests_scopes(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_push_backend("threads:2"));
    assert_string_equal(parfun_backend(), "threads:2");
    expect_next_call_to_work();
    EXPECT_SUCCESS(parfun_push_backend(" none "));
    assert_string_equal(parfun_backend(), " none ");
    expect_next_call_to_work();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    assert_string_equal(parfun_backend(), "threads:2");
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

static void keeps_the_scope_after_an_error(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_push_backend("threads:2"));
    EXPECT_FAILURE(parfun_push_backend("cuda"), PARFUN_NO_BACKEND, "\"cuda\"");
    assert_string_equal(parfun_backend(), "threads:2");
    EXPECT_FAILURE(parfun_set_backend("threads:0"), PARFUN_INVALID, "threads");
    assert_string_equal(parfun_backend(), "threads:2");
    EXPECT_FAILURE(e_twice(1, NULL, NULL), PARFUN_INVALID, "NULL");
    assert_string_equal(parfun_backend(), "threads:2");
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

static void refuses_to_pop_what_was_not_pushed(void **state)
{
    (void)state;
    EXPECT_FAILURE(parfun_pop_backend(), PARFUN_INVALID,
            "parfun_pop_backend(): this thread has pushed no backend");
}

static void refuses_scopes_without_end(void **state)
{
    (void)state;
    unsigned pushed = 0;

    while (pushed < 1000 && parfun_push_backend("none") == PARFUN_OK)
        pushed++;
    assert_in_range(pushed, 8, 999);
    EXPECT_FAILURE(parfun_push_backend("none"), PARFUN_INVALID,
            "parfun_push_backend(): more than", "parfun_pop_backend() missing");
    assert_string_equal(parfun_backend(), "none");
    while (pushed--)
        assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

/* What another thread sees: filled in there, looked at here. */
struct other {
    char before[64], inside[64], after[64];
    enum parfun_status pop;
    bool works;
};

static void *run_other(void *data)
{
    struct other *other = data;
    float x = 1, y = 1;

    (void)snprintf(other->before, sizeof other->before, "%s", parfun_backend());
    if (parfun_push_backend("threads:1") == PARFUN_OK)
        (void)snprintf(other->inside, sizeof other->inside, "%s", parfun_backend());
    other->works = e_saxpy(1, 2, &x, &y) == PARFUN_OK;
    (void)parfun_pop_backend();
    (void)snprintf(other->after, sizeof other->after, "%s", parfun_backend());
    other->pop = parfun_pop_backend();
    return NULL;
}

static void leaves_other_threads_the_choice_of_the_process(void **state)
{
    (void)state;
    struct other other = { .works = false };
    pthread_t thread;

    EXPECT_SUCCESS(parfun_push_backend("none"));
    assert_int_equal(pthread_create(&thread, NULL, run_other, &other), 0);
    assert_int_equal(pthread_join(thread, NULL), 0);
    assert_string_equal(other.before, "serial");
    assert_string_equal(other.inside, "threads:1");
    assert_string_equal(other.after, "serial");
    assert_int_equal(other.pop, PARFUN_INVALID);
    assert_true(other.works);
    assert_string_equal(parfun_backend(), "none");
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

static void keeps_scopes_over_a_shutdown(void **state)
{
    (void)state;
    EXPECT_SUCCESS(parfun_push_backend("threads:2"));
    EXPECT_SUCCESS(parfun_shutdown());
    assert_string_equal(parfun_backend(), "threads:2");
    expect_next_call_to_work();
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
    assert_string_equal(parfun_backend(), "auto");
    EXPECT_SUCCESS(parfun_set_backend("serial"));
}

static void takes_long_selectors_and_gives_them_back(void **state)
{
    (void)state;
    char selector[1024];

    memset(selector, ' ', sizeof selector);
    memcpy(selector, "threads", 7);
    memcpy(selector + 1014, ":1", 3);
    EXPECT_SUCCESS(parfun_push_backend(selector));
    assert_string_equal(parfun_backend(), selector);
    assert_int_equal(parfun_pop_backend(), PARFUN_OK);
}

static const struct scene scenes[] = { { "without drivers", try_without_drivers } };

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(names_the_backends_that_there_are, check_choice),
        cmocka_unit_test_teardown(refuses_a_null_or_empty_selector, check_choice),
        cmocka_unit_test_teardown(
                refuses_numbers_of_threads_that_make_no_sense, check_choice),
        cmocka_unit_test_teardown(refuses_a_selector_of_any_length, check_choice),
        cmocka_unit_test_teardown(
                says_what_to_install_where_there_is_no_driver, check_choice),
        cmocka_unit_test_teardown(
                lists_devices_with_selectors_to_paste, check_choice),
        cmocka_unit_test_teardown(nests_scopes, check_choice),
        cmocka_unit_test_teardown(keeps_the_scope_after_an_error, check_choice),
        cmocka_unit_test_teardown(refuses_to_pop_what_was_not_pushed, check_choice),
        cmocka_unit_test_teardown(refuses_scopes_without_end, check_choice),
        cmocka_unit_test_teardown(
                leaves_other_threads_the_choice_of_the_process, check_choice),
        cmocka_unit_test_teardown(keeps_scopes_over_a_shutdown, check_choice),
        cmocka_unit_test_teardown(
                takes_long_selectors_and_gives_them_back, check_choice),
    };
    const int played =
            child_play(argc, argv, scenes, sizeof scenes / sizeof *scenes);

    return without_leaks(played >= 0
                    ? played
                    : cmocka_run_group_tests_name("errors.backends", tests,
                              choose_serial, expect_shutdown));
}
