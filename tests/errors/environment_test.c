/* SPDX-License-Identifier: Apache-2.0 */
/*
 * environment_test.c: what each PARFUN_ variable does, and what a user reads who
 * has set it wrongly.  Each scene is a process with an environment of its own.
 */
#include "child.h"
#include "errors.h"
#include "expect.h"
#include "support/folder.h"

#include <dirent.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { ITEMS = 64, MANY = 1 << 20 };

static int numbers[MANY], results[MANY];

/* ---- Scenes ------------------------------------------------------------------------ */

/* Prints what a call says; with the variables unset, the next one works. */
static int play_call(void)
{
    const enum parfun_status status = e_twice(ITEMS, numbers, results);

    printf("%s: %s\n", parfun_status_text(status), status ? parfun_error() : "");
    EXPECT_SUCCESS(parfun_shutdown()); /* so that they are read again */
    for (char **e = environ; *e;) {
        char name[64];

        (void)snprintf(name, sizeof name, "%.*s", (int)strcspn(*e, "="), *e);
        if (strncmp(name, "PARFUN_", 7) == 0 && unsetenv(name) == 0)
            e = environ;
        else
            e++;
    }
    expect_next_call_to_work();
    return parfun_shutdown() != PARFUN_OK;
}

static int play_groups(void)
{
    const enum parfun_status status = e_groups(ITEMS, numbers, results);

    printf("%s: %s\n", parfun_status_text(status), status ? parfun_error() : "");
    expect_next_call_to_work();
    return 0;
}

static int play_choice(void)
{
    const enum parfun_status status = parfun_set_backend("serial");

    printf("%s: %s\n", parfun_status_text(status), status ? parfun_error() : "");
    return parfun_set_backend("serial") != status;
}

static int play_backend(void)
{
    printf("%s\n", parfun_backend());
    EXPECT_SUCCESS(e_twice(ITEMS, numbers, results));
    EXPECT_SUCCESS(parfun_set_backend("none"));
    printf("%s\n", parfun_backend());
    return 0;
}

static int play_opencl(void)
{
    if (parfun_set_backend("opencl"))
        return 77;
    return e_twice(ITEMS, numbers, results) != PARFUN_OK;
}

/* The processors that a thread of this process may run on: "0-3". */
static void read_allowed(const char *thread, char allowed[256])
{
    char path[300], line[512];
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/self/task/%s/status", thread);
    file = fopen(path, "r");
    assert_non_null(file);
    allowed[0] = '\0';
    while (fgets(line, sizeof line, file))
        (void)sscanf(line, "Cpus_allowed_list: %255s", allowed);
    (void)fclose(file);
}

/* A sanitizer has threads, too. */
static bool is_of_the_library(const char *thread)
{
    char path[300], name[32] = "";
    FILE *file;

    (void)snprintf(path, sizeof path, "/proc/self/task/%s/comm", thread);
    file = fopen(path, "r");
    assert_non_null(file);
    (void)fscanf(file, "%31s", name);
    (void)fclose(file);
    return strncmp(name, "parfun-", 7) == 0;
}

static bool is_one(const char *allowed)
{
    return *allowed && strspn(allowed, "0123456789") == strlen(allowed);
}

/* How many threads of the library's have begun; waits until each is bound to one
 * processor, if it is to be. */
static unsigned count_threads(bool bound, const char *before)
{
    char allowed[256];
    unsigned count = 0;
    struct dirent *entry;
    DIR *folder = opendir("/proc/self/task");

    assert_non_null(folder);
    while ((entry = readdir(folder))) {
        if (entry->d_name[0] == '.' || !is_of_the_library(entry->d_name))
            continue;
        count++;
        for (read_allowed(entry->d_name, allowed); bound && !is_one(allowed);
                read_allowed(entry->d_name, allowed))
            (void)sched_yield();
        if (!bound)
            assert_string_equal(allowed, before);
    }
    (void)closedir(folder);
    return count;
}

/* Prints how many threads there are; this one is bound as before. */
static int play_threads(void)
{
    const bool several = strcmp(getenv("PARFUN_NUM_THREADS"), "1") != 0;
    char before[256], after[256], own[32];
    unsigned others;

    (void)snprintf(own, sizeof own, "%d", (int)getpid());
    read_allowed(own, before);
    EXPECT_SUCCESS(parfun_set_options(
            e_twice_function(), PARFUN_OPTIONS(.fixed_partition_size = 64)));
    do {
        EXPECT_SUCCESS(e_twice(MANY, numbers, results));
        others = count_threads(getenv("PARFUN_PROC_BIND") != NULL, before);
    } while (several && others == 0);
    read_allowed(own, after);
    assert_string_equal(before, after);
    printf("%u\n", others);
    return 0;
}

static const struct scene scenes[] = {
    { "a call", play_call },
    { "groups", play_groups },
    { "a choice", play_choice },
    { "backend", play_backend },
    { "opencl", play_opencl },
    { "threads", play_threads },
};

/* ---- Junk ---------------------------------------------------------------------------- */

static void refuses_junk_in_each_variable(void **state)
{
    (void)state;
    static const struct {
        const char *variable, *status, *name, *may;
    } junk[] = {
        { "PARFUN_NUM_THREADS=0", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_NUM_THREADS is \"0\"",
                "it may be a whole number from 1 to 4096, or unset" },
        { "PARFUN_NUM_THREADS=-2", "PARFUN_INVALID: e_twice(): ",
                "PARFUN_NUM_THREADS is \"-2\"", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS=4 cores", "PARFUN_INVALID: e_twice(): ",
                "PARFUN_NUM_THREADS is \"4 cores\"", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS=5000", "PARFUN_INVALID: e_twice(): ",
                "PARFUN_NUM_THREADS is \"5000\"", "from 1 to 4096" },
        { "PARFUN_PROC_BIND=yes", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_PROC_BIND is \"yes\"",
                "none, close or spread" },
        { "PARFUN_PROFILE=yes", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_PROFILE is \"yes\"", "0 or 1" },
        { "PARFUN_LOG=loud", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_LOG is \"loud\"",
                "none, error, warning, info or debug" },
        { "PARFUN_CACHE_DIR=cache", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_CACHE_DIR is \"cache\"",
                "begins with \"/\"" },
        { "PARFUN_PARTITION_SIZE=0", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_PARTITION_SIZE is \"0\"",
                "a whole number from 1" },
        { "PARFUN_ZERO_COPY=maybe", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_ZERO_COPY is \"maybe\"",
                "auto, on or off" },
        { "PARFUN_TRACE=/no such folder/trace.csv", "PARFUN_INVALID: e_twice(): ",
                "the trace \"/no such folder/trace.csv\" can not be written",
                "PARFUN_TRACE" },
        { "PARFUN_BACKEND=cuda", "PARFUN_NO_BACKEND: e_twice(): ",
                "environment variable PARFUN_BACKEND: backend \"cuda\"",
                "there are auto" },
        { "PARFUN_BACKEND=threads:0", "PARFUN_INVALID: e_twice(): ",
                "environment variable PARFUN_BACKEND: backend \"threads:0\"",
                "give 1 to 4096" },
    };

    for (size_t i = 0; i < sizeof junk / sizeof *junk; i++) {
        struct child child;

        CHILD_RUN("a call", &child, junk[i].variable);
        child_expect_success(&child);
        if (!strstr(child.printed, junk[i].status)
                || !strstr(child.printed, junk[i].name)
                || !strstr(child.printed, junk[i].may))
            fail_msg("%s: %s", junk[i].variable, child.printed);
        assert_string_equal(child.said, "");
    }
}

static void refuses_junk_when_a_backend_is_chosen(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("a choice", &child, "PARFUN_NUM_THREADS=many");
    child_expect_success(&child);
    assert_non_null(strstr(child.printed,
            "PARFUN_INVALID: parfun_set_backend(): environment variable "
            "PARFUN_NUM_THREADS is \"many\""));
    CHILD_RUN("a choice", &child, "PARFUN_BACKEND=cuda"); /* the program's counts */
    child_expect_success(&child);
    assert_string_equal(child.printed, "PARFUN_OK: \n");
}

static void refuses_a_size_that_cuts_work_groups(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("groups", &child, "PARFUN_PARTITION_SIZE=12");
    child_expect_success(&child);
    assert_string_equal(child.printed,
            "PARFUN_INVALID: e_groups(): the partition size 12 (environment "
            "variable PARFUN_PARTITION_SIZE) is no multiple of the work-group's 8 "
            "items\n");
}

static void mentions_unknown_variables_in_the_log_alone(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("a call", &child, "PARFUN_BAKEND=serial");
    child_expect_success(&child);
    assert_string_equal(child.printed, "PARFUN_OK: \n");
    assert_string_equal(child.said, "");
    CHILD_RUN("backend", &child, "PARFUN_BAKEND=serial", "PARFUN_LOG=warning");
    child_expect_success(&child);
    assert_string_equal(child.said,
            "parfun: environment variable PARFUN_BAKEND is unknown and ignored; "
            "docs/options.md lists those that exist\n");
}

/* ---- Effects ------------------------------------------------------------------------------ */

static void chooses_the_backend(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("backend", &child, "PARFUN_BACKEND=threads:1");
    child_expect_success(&child);
    assert_string_equal(child.printed, "threads:1\nnone\n");
    CHILD_RUN("backend", &child, NULL);
    child_expect_success(&child);
    assert_string_equal(child.printed, "auto\nnone\n");
}

static void sets_the_number_of_threads(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("threads", &child, "PARFUN_NUM_THREADS=3", "PARFUN_BACKEND=threads",
            "PARFUN_PROFILE=1");
    child_expect_success(&child);
    assert_in_range(strtol(child.printed, NULL, 10), 1, 2);
    assert_non_null(strstr(child.said, "device threads (3 CPU threads): "));
    CHILD_RUN("threads", &child, "PARFUN_NUM_THREADS=1", "PARFUN_BACKEND=threads");
    child_expect_success(&child);
    assert_string_equal(child.printed, "0\n");
}

static void binds_threads_to_processors(void **state)
{
    (void)state;
    static const char *const bind[] = { "PARFUN_PROC_BIND=close",
        "PARFUN_PROC_BIND=spread" };
    struct child child;

    for (size_t i = 0; i < 2; i++) {
        CHILD_RUN("threads", &child, bind[i], "PARFUN_NUM_THREADS=3",
                "PARFUN_BACKEND=threads");
        child_expect_success(&child);
        assert_in_range(strtol(child.printed, NULL, 10), 1, 2);
    }
}

static void sets_the_partitions_size(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("backend", &child, "PARFUN_PARTITION_SIZE=10", "PARFUN_PROFILE=1");
    child_expect_success(&child);
    assert_non_null(strstr(child.said, "    total partition count: 7\n"));
}

static void logs_what_was_chosen(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("backend", &child, "PARFUN_LOG=info", "PARFUN_BACKEND=threads:1");
    child_expect_success(&child);
    assert_non_null(strstr(
            child.said, "parfun: backend \"threads:1\": threads (1 CPU thread)\n"));
    assert_non_null(strstr(child.said, "parfun: backend \"none\": none"));
}

static size_t count_entries(const char *path)
{
    size_t count = 0;
    DIR *folder = opendir(path);
    struct dirent *entry;

    while (folder && (entry = readdir(folder)))
        count += entry->d_name[0] != '.';
    if (folder)
        (void)closedir(folder);
    return count;
}

static void keeps_compiled_kernels_in_the_cache(void **state)
{
    (void)state;
    char folder[256], variable[300], file[300];
    struct child child;

    assert_int_equal(test_folder_make(folder, sizeof folder), 0);
    (void)snprintf(variable, sizeof variable, "PARFUN_CACHE_DIR=%s/cache", folder);
    (void)snprintf(file, sizeof file, "%s/cache", folder);
    CHILD_RUN("opencl", &child, variable);
    if (child.result == 77) {
        test_folder_remove(folder);
        skip();
    }
    child_expect_success(&child);
    assert_in_range(count_entries(file), 1, 9);
    /* a file is in the folder's place: nothing is kept, and nothing fails */
    test_folder_remove(file);
    assert_int_equal(test_folder_put(folder, "cache", ""), 0);
    CHILD_RUN("opencl", &child, variable);
    test_folder_remove(folder);
    child_expect_success(&child);
}

static void shares_or_copies_arrays(void **state)
{
    (void)state;
    struct child child;

    CHILD_RUN("opencl", &child, "PARFUN_ZERO_COPY=off", "PARFUN_PROFILE=1");
    if (child.result == 77)
        skip();
    child_expect_success(&child);
    assert_non_null(strstr(child.said, ", 256 bytes copied in, 256 bytes out\n"));
    CHILD_RUN("opencl", &child, "PARFUN_ZERO_COPY=on", "PARFUN_PROFILE=1");
    child_expect_success(&child);
    assert_non_null(strstr(child.said, ", 0 bytes copied in, 0 bytes out"));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_junk_in_each_variable),
        cmocka_unit_test(refuses_junk_when_a_backend_is_chosen),
        cmocka_unit_test(refuses_a_size_that_cuts_work_groups),
        cmocka_unit_test(mentions_unknown_variables_in_the_log_alone),
        cmocka_unit_test(chooses_the_backend),
        cmocka_unit_test(sets_the_number_of_threads),
        cmocka_unit_test(binds_threads_to_processors),
        cmocka_unit_test(sets_the_partitions_size),
        cmocka_unit_test(logs_what_was_chosen),
        cmocka_unit_test(keeps_compiled_kernels_in_the_cache),
        cmocka_unit_test(shares_or_copies_arrays),
    };
    const int played =
            child_play(argc, argv, scenes, sizeof scenes / sizeof *scenes);

    return without_leaks(played >= 0
                    ? played
                    : cmocka_run_group_tests_name(
                              "errors.environment", tests, NULL, NULL));
}
