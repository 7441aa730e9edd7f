/* SPDX-License-Identifier: Apache-2.0 */
/*
 * remember_test.c: what one process has learned the next one knows, and a file that is
 * none of the library's does no harm.  Each scene is a process of its own.
 */
#include "errors/child.h"
#include "slow.h"
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/folder.h"

#include <dirent.h>
#include <parfun.h>
#include <stdlib.h>
#include <unistd.h>

enum { CALLS = 8, MOST = 60, PATH = 512 };

static char folder[256], keep_there[PATH], trace_there[PATH];

/* ---- Scenes ---------------------------------------------------------------------------- */

static int fail_scene(const char *what)
{
    (void)fprintf(stderr, "%s: %s\n", what, parfun_error());
    return 1;
}

/* Until there were so many launches of a device that takes half a second for each. */
static int play_calls(const char *selector, int calls, size_t launches)
{
    const struct fake_device like = { .launch_s = 0.5, .seconds_per_item = 1e-12 };
    static int x[ITEMS], y[ITEMS];
    const struct parfun_kernel kernel = slow_twice();
    struct parfun_function *function;

    fake_set_devices(&like, 1);
    if (parfun_set_backend(selector)
            || parfun_function_create(&kernel, NULL, &function))
        return fail_scene("begin");
    for (int i = 0; i < calls || fake_count(0, FAKE_LAUNCH) < launches; i++)
        if (PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)))
            return fail_scene("call");
        else if (i == MOST)
            return fail_scene("too few launches");
    (void)printf("%zu", fake_count(0, FAKE_LAUNCH));
    parfun_function_destroy(function);
    if (parfun_shutdown())
        return fail_scene("end");
    return 0;
}

static int play_many(void)
{
    return play_calls("threads:2", CALLS, 0);
}

static int play_one(void)
{
    return play_calls("threads:2", 1, 0);
}

static int play_until_the_device_is_known(void)
{
    return play_calls("threads:1, fake", 1, 2);
}

static int play_few_with_the_device(void)
{
    return play_calls("threads:1, fake", 3, 0);
}

static const struct scene scenes[] = {
    { "many", play_many },
    { "one", play_one },
    { "until the device is known", play_until_the_device_is_known },
    { "few with the device", play_few_with_the_device },
};

/* ---- What they leave ------------------------------------------------------------------- */

static void play(const char *scene)
{
    struct child child;

    CHILD_RUN(scene, &child, keep_there, trace_there);
    child_expect_success(&child);
}

/* The first partition, in items, of the last call that was traced. */
static size_t first_partition(void)
{
    const char *path = strchr(trace_there, '=') + 1;
    FILE *file = fopen(path, "r");
    size_t size = 0, requested = 0;

    assert_non_null(file);
    (void)fscanf(file, "%*[^\n]");
    assert_int_equal(fscanf(file, "%zu,%zu", &requested, &size), 2);
    (void)fclose(file);
    return size;
}

/* Does something to every file of the cache; how many there are. */
static unsigned each_file(void (*change)(const char *path))
{
    char path[PATH];
    unsigned count = 0;
    DIR *files = opendir(folder);

    assert_non_null(files);
    for (struct dirent *file; (file = readdir(files));) {
        if (!strstr(file->d_name, ".model"))
            continue;
        (void)snprintf(path, sizeof path, "%s/%.200s", folder, file->d_name);
        change(path);
        count++;
    }
    (void)closedir(files);
    return count;
}

static void flip_a_bit(const char *path)
{
    FILE *file = fopen(path, "r+");
    int byte;

    assert_non_null(file);
    assert_int_equal(fseek(file, 200, SEEK_SET), 0);
    byte = fgetc(file);
    assert_int_equal(fseek(file, 200, SEEK_SET), 0);
    assert_int_not_equal(fputc(byte ^ 1, file), EOF);
    assert_int_equal(fclose(file), 0);
}

static void cut_short(const char *path)
{
    assert_int_equal(truncate(path, 100), 0);
}

static void leave_alone(const char *path)
{
    (void)path;
}

/* ---- Tests ------------------------------------------------------------------------------- */

static void a_second_process_cuts_by_what_the_first_has_learned(void **state)
{
    (void)state;
    play("one");
    assert_int_equal(first_partition(), 1); /* nothing is known */
    play("many");
    assert_int_equal(each_file(leave_alone), 1);
    play("one");
    assert_true(first_partition() > 100);
}

static void a_file_that_was_damaged_is_ignored(void **state)
{
    (void)state;
    play("many");
    assert_int_equal(each_file(flip_a_bit), 1);
    play("one");
    assert_int_equal(first_partition(), 1);
    play("many");
    assert_int_equal(each_file(cut_short), 1);
    play("one");
    assert_int_equal(first_partition(), 1);
}

static void a_second_process_leaves_out_the_devices_that_are_too_slow(void **state)
{
    struct child child;

    (void)state;
    play("until the device is known");
    CHILD_RUN("few with the device", &child, keep_there, trace_there);
    child_expect_success(&child);
    assert_string_equal(child.printed, "0");
}

static int set_up(void **state)
{
    (void)state;
    if (test_folder_make(folder, sizeof folder))
        return 1;
    (void)snprintf(keep_there, sizeof keep_there, "PARFUN_CACHE_DIR=%s", folder);
    (void)snprintf(
            trace_there, sizeof trace_there, "PARFUN_TRACE=%s/trace.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(
                a_second_process_cuts_by_what_the_first_has_learned, set_up,
                tear_down),
        cmocka_unit_test_setup_teardown(
                a_file_that_was_damaged_is_ignored, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
                a_second_process_leaves_out_the_devices_that_are_too_slow, set_up,
                tear_down),
    };
    const int played =
            child_play(argc, argv, scenes, sizeof scenes / sizeof scenes[0]);

    return played >= 0
            ? played
            : cmocka_run_group_tests_name("sched.remember", tests, NULL, NULL);
}
