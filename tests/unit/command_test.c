/* SPDX-License-Identifier: Apache-2.0 */
/* Programs that are run, and the folders that they run in. */
#include "runtime/base/command.h"
#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/folder.h"
#include "runtime/base/text.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char parent[256];

/* Runs a shell in a new folder; its output goes to *output, which the caller frees. */
static int run(const char *script, char **output)
{
    const char *const arguments[] = { "/bin/sh", "-c", script, NULL };
    char *folder, *log;
    size_t bytes;
    int code = -2;

    assert_int_equal(pf_folder_create(parent, &folder), PARFUN_OK);
    log = pf_text_print("%s/log", folder);
    assert_non_null(log);
    const struct pf_command command = { arguments, folder, log };

    assert_int_equal(pf_command_run(&command, &code), PARFUN_OK);
    assert_int_equal(
            pf_file_read(log, PF_FILE_PRIVATE, 1 << 20, output, &bytes), PARFUN_OK);
    pf_folder_remove(folder);
    assert_int_equal(access(folder, F_OK), -1);
    free(folder);
    free(log);
    return code;
}

static void expect(const char *script, int code, const char *output)
{
    char *printed = NULL;

    assert_int_equal(run(script, &printed), code);
    assert_string_equal(printed, output);
    free(printed);
}

static void tells_how_a_program_ended(void **state)
{
    (void)state;
    expect("exit 0", 0, "");
    expect("exit 7", 7, "");
    expect("kill -9 $$", 128 + 9, "");
}

static void takes_all_that_it_prints_and_gives_it_nothing_to_read(void **state)
{
    (void)state;
    expect("echo out; echo wrong >&2", 0, "out\nwrong\n");
    expect("[ /proc/self/fd/0 -ef /dev/null ] && echo nothing", 0, "nothing\n");
}

static void runs_it_in_its_folder(void **state)
{
    (void)state;
    expect("echo text > file; ls", 0, "file\nlog\n");
}

static void leaves_it_signals_as_programs_expect_them(void **state)
{
    (void)state;
    sigset_t blocked, before;

    sigemptyset(&blocked);
    sigaddset(&blocked, SIGTERM);
    assert_int_equal(sigprocmask(SIG_BLOCK, &blocked, &before), 0);
    assert_true(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
    expect("kill -TERM $$; echo alive", 128 + SIGTERM, "");
    expect("kill -PIPE $$; echo alive", 128 + SIGPIPE, "");
    assert_true(signal(SIGPIPE, SIG_DFL) != SIG_ERR);
    assert_int_equal(sigprocmask(SIG_SETMASK, &before, NULL), 0);
}

static void says_what_can_not_be_started(void **state)
{
    (void)state;
    const char *const arguments[] = { "/nowhere/program", NULL };
    char *log = pf_text_print("%s/log", parent);
    const struct pf_command command = { arguments, parent, log };
    int code = 42;

    assert_int_equal(pf_command_run(&command, &code), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "/nowhere/program: posix_spawn"));
    assert_int_equal(code, 42);
    free(log);
}

static void makes_folders_for_this_user_alone(void **state)
{
    (void)state;
    struct stat info;
    char *a, *b;

    assert_int_equal(pf_folder_create(parent, &a), PARFUN_OK);
    assert_int_equal(pf_folder_create(parent, &b), PARFUN_OK);
    assert_string_not_equal(a, b);
    assert_int_equal(stat(a, &info), 0);
    assert_int_equal(info.st_mode & 0777, 0700);
    pf_folder_remove(a);
    pf_folder_remove(b);
    free(a);
    free(b);
    assert_int_equal(pf_folder_create("/nowhere", &a), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "set TMPDIR"));
}

static int set_up(void **state)
{
    (void)state;
    return test_folder_make(parent, sizeof parent);
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_remove(parent);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_how_a_program_ended),
        cmocka_unit_test(takes_all_that_it_prints_and_gives_it_nothing_to_read),
        cmocka_unit_test(runs_it_in_its_folder),
        cmocka_unit_test(leaves_it_signals_as_programs_expect_them),
        cmocka_unit_test(says_what_can_not_be_started),
        cmocka_unit_test(makes_folders_for_this_user_alone),
    };

    return cmocka_run_group_tests_name("unit.command", tests, set_up, tear_down);
}
