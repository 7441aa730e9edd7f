/* SPDX-License-Identifier: Apache-2.0 */
/* The k-th allocation of the base fails, for every k, once and from then on.  The
 * linker puts the functions below in place of malloc and its sisters. */
#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/log.h"
#include "runtime/base/machine.h"
#include "runtime/base/quota.h"
#include "runtime/base/thread.h"
#include "runtime/config.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <unistd.h>

void *__real_malloc(size_t bytes);              /* NOLINT: the linker's names */
void *__real_calloc(size_t count, size_t size); /* NOLINT */
void *__real_realloc(void *old, size_t bytes);  /* NOLINT */
void *__wrap_malloc(size_t bytes);              /* NOLINT */
void *__wrap_calloc(size_t count, size_t size); /* NOLINT */
void *__wrap_realloc(void *old, size_t bytes);  /* NOLINT */

static long left = -1; /* allocations before the one that fails; -1: all succeed */
static bool for_ever;
static bool has_failed;

static bool fails(void)
{
    if (left < 0)
        return false;
    if (left > 0) {
        left--;
        return false;
    }
    if (!for_ever)
        left = -1;
    has_failed = true;
    return true;
}

void *__wrap_malloc(size_t bytes) /* NOLINT */
{
    return fails() ? NULL : __real_malloc(bytes);
}

void *__wrap_calloc(size_t count, size_t size) /* NOLINT */
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *old, size_t bytes) /* NOLINT */
{
    return fails() ? NULL : __real_realloc(old, bytes);
}

static char folder[128];

/* Runs the scenario with the k-th allocation failing until none does: then it must
 * succeed.  Before, it may do without the memory unless that is `required`. */
static void fail_each(enum parfun_status (*scenario)(void), bool required)
{
    for (int sticky = 0; sticky < 2; sticky++) {
        long k = 0;
        do {
            has_failed = false;
            for_ever = sticky;
            left = k++;
            enum parfun_status status = scenario();
            left = -1;
            if (!has_failed || (!required && status == PARFUN_OK)) {
                assert_int_equal(status, PARFUN_OK);
            } else {
                assert_int_equal(status, PARFUN_NO_MEMORY);
                assert_non_null(strstr(pf_error_text(), "out of memory"));
            }
            assert_true(k < 10000);
        } while (has_failed);
        assert_true(k > 1);
    }
}

static enum parfun_status read_config(void)
{
    struct pf_config config;
    PF_TRY(pf_config_read(&config));
    pf_config_finish(&config);
    return PARFUN_OK;
}

static void reads_the_environment_or_says_why_not(void **state)
{
    (void)state;
    setenv("PARFUN_BACKEND", "threads", 1);
    setenv("PARFUN_TRACE", "trace.csv", 1);
    setenv("POCL_CACHE_DIR", "/pocl", 1);
    setenv("HOME", "/home", 1);
    unsetenv("PARFUN_CACHE_DIR");
    fail_each(read_config, true);
}

static enum parfun_status load_machine(void)
{
    struct pf_machine machine;
    struct pf_machine_origin origin = { .synthetic = "pack:2 core:2 pu:2",
        .root = folder };
    PF_TRY(pf_machine_load_from(&origin, &machine));
    pf_machine_finish(&machine);
    return PARFUN_OK;
}

static void finds_the_machine_or_says_why_not(void **state)
{
    (void)state;
    fail_each(load_machine, false);
}

static enum parfun_status load_plainly(void)
{
    struct pf_machine machine;
    struct pf_machine_origin origin = { .plain = true, .root = "/nowhere" };
    PF_TRY(pf_machine_load_from(&origin, &machine));
    pf_machine_finish(&machine);
    return PARFUN_OK;
}

static void takes_each_processor_as_a_core_or_says_why_not(void **state)
{
    (void)state;
    fail_each(load_plainly, false);
}

static enum parfun_status read_quota(void)
{
    unsigned processors = pf_quota_processors(folder);
    return processors == 0 || processors == 2 ? PARFUN_OK : PARFUN_SYSTEM;
}

static void takes_a_quota_that_it_has_no_memory_for_as_none(void **state)
{
    (void)state;
    assert_int_equal(test_folder_put(folder, "proc/self/cgroup", "0::/a\n"), 0);
    assert_int_equal(test_folder_put(folder, "proc/self/mountinfo",
                             "30 23 0:26 / /groups rw - cgroup2 cgroup2 rw\n"),
            0);
    assert_int_equal(
            test_folder_put(folder, "groups/a/cpu.max", "200000 100000\n"), 0);
    assert_int_equal(pf_quota_processors(folder), 2);
    fail_each(read_quota, false);
}

static enum parfun_status use_files(void)
{
    char *data = NULL;
    size_t bytes = 0;
    char path[160];
    PF_TRY(pf_file_write_private(folder, "cached", "content", 7));
    snprintf(path, sizeof path, "%s/cached", folder);
    PF_TRY(pf_file_read(path, PF_FILE_PRIVATE, 100, &data, &bytes));
    free(data);
    return PARFUN_OK;
}

static void leaves_no_temporary_files(void **state)
{
    (void)state;
    fail_each(use_files, true);
    DIR *opened = opendir(folder);
    assert_non_null(opened);
    for (struct dirent *entry; (entry = readdir(opened));)
        assert_null(strstr(entry->d_name, ".tmp"));
    closedir(opened);
}

static void do_nothing(void *argument)
{
    (void)argument;
}

static enum parfun_status start_thread(void)
{
    struct pf_thread thread;
    PF_TRY(pf_thread_start(&thread, "thread", do_nothing, NULL));
    pf_thread_join(&thread);
    return PARFUN_OK;
}

static void starts_a_thread_or_says_why_not(void **state)
{
    (void)state;
    fail_each(start_thread, true);
}

static void fails_in_a_new_thread(void *argument)
{
    char *kept = argument;
    static char text[2001];
    memset(text, 'y', sizeof text - 1);
    left = 0;
    for_ever = true;
    (void)pf_fail(PARFUN_SYSTEM, "x%s", text);
    (void)pf_error_prefix(PARFUN_SYSTEM, "prefix: ");
    left = -1;
    snprintf(kept, 600, "%s", pf_error_text());
}

static void cuts_sentences_that_it_has_no_memory_for(void **state)
{
    (void)state;
    char kept[600] = "";
    struct pf_thread thread;
    assert_int_equal(pf_thread_start(&thread, "cut", fails_in_a_new_thread, kept),
            PARFUN_OK);
    pf_thread_join(&thread);
    assert_int_equal(strlen(kept), 511);
    assert_memory_equal(kept, "prefix: xyyy", 12);
}

static enum parfun_status log_line(void)
{
    pf_log(PF_LOG_ERROR, "%100d", 1);
    return PARFUN_OK;
}

static void logs_what_it_can(void **state)
{
    (void)state;
    int nowhere = open("/dev/null", O_WRONLY), saved = dup(STDERR_FILENO);
    assert_true(nowhere >= 0 && saved >= 0);
    dup2(nowhere, STDERR_FILENO);
    pf_log_set_level(PF_LOG_ERROR);
    fail_each(log_line, false);
    pf_log_set_level(PF_LOG_NONE);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(nowhere);
}

static int make_folder(void **state)
{
    (void)state;
    return test_folder_make(folder, sizeof folder);
}

static int remove_folder(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_the_environment_or_says_why_not),
        cmocka_unit_test(finds_the_machine_or_says_why_not),
        cmocka_unit_test(takes_each_processor_as_a_core_or_says_why_not),
        cmocka_unit_test(takes_a_quota_that_it_has_no_memory_for_as_none),
        cmocka_unit_test(leaves_no_temporary_files),
        cmocka_unit_test(starts_a_thread_or_says_why_not),
        cmocka_unit_test(cuts_sentences_that_it_has_no_memory_for),
        cmocka_unit_test(logs_what_it_can),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
