/* SPDX-License-Identifier: Apache-2.0 */
/* Files as others may leave them, and what is written in their place. */
#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/base/text.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* A folder of its own for each test; `path` joins a name to it. */
static char folder[64];

static char *path(const char *name)
{
    static char joined[128];
    assert_true(strlen(folder) + strlen(name) + 2 < sizeof joined);
    strcpy(joined, folder);
    strcat(joined, "/");
    return strcat(joined, name);
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

static unsigned count_entries(const char *name)
{
    unsigned count = 0;
    DIR *opened = opendir(name);
    assert_non_null(opened);
    while (readdir(opened))
        count++;
    closedir(opened);
    return count - 2;
}

static void put(const char *name, const char *content, mode_t mode)
{
    int file = open(path(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
    assert_true(file >= 0);
    assert_int_equal(write(file, content, strlen(content)), strlen(content));
    assert_int_equal(fchmod(file, mode), 0);
    close(file);
}

static void assert_refused(const char *name, const char *why)
{
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(pf_file_read(path(name), PF_FILE_PRIVATE, 1000, &data, &bytes),
            PARFUN_SYSTEM);
    assert_null(data);
    assert_non_null(strstr(pf_error_text(), path(name)));
    assert_non_null(strstr(pf_error_text(), why));
}

static void reads_a_whole_file(void **state)
{
    (void)state;
    enum { LENGTH = 100000 };
    char *content = malloc(LENGTH + 1);
    memset(content, 'x', LENGTH);
    content[LENGTH] = '\0';
    put("large", content, 0600);
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(
            pf_file_read(path("large"), PF_FILE_PRIVATE, LENGTH, &data, &bytes),
            PARFUN_OK);
    assert_int_equal(bytes, LENGTH);
    assert_string_equal(data, content);
    free(data);
    assert_int_equal(
            pf_file_read(path("large"), PF_FILE_PRIVATE, LENGTH - 1, &data, &bytes),
            PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "99999 bytes"));
    free(content);
}

static void tells_a_missing_file_from_an_empty_one(void **state)
{
    (void)state;
    char *data = folder;
    size_t bytes = 1;
    assert_int_equal(pf_file_read(path("none"), PF_FILE_PRIVATE, 10, &data, &bytes),
            PARFUN_OK);
    assert_null(data);
    assert_int_equal(bytes, 0);
    put("empty", "", 0600);
    assert_int_equal(
            pf_file_read(path("empty"), PF_FILE_PRIVATE, 10, &data, &bytes),
            PARFUN_OK);
    assert_non_null(data);
    assert_int_equal(bytes, 0);
    free(data);
}

static void reads_files_that_do_not_know_their_size(void **state)
{
    (void)state;
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(pf_file_read("/proc/self/status", PF_FILE_ANYBODY, 1 << 20,
                             &data, &bytes),
            PARFUN_OK);
    assert_true(bytes > 0);
    assert_non_null(strstr(data, "Cpus_allowed"));
    free(data);
}

static void follows_no_symbolic_link(void **state)
{
    (void)state;
    put("real", "content", 0600);
    char *target = pf_text_copy(path("real"));
    assert_int_equal(symlink(target, path("link")), 0);
    free(target);
    assert_refused("link", "open");
}

static void does_not_wait_for_a_fifo(void **state)
{
    (void)state;
    assert_int_equal(mkfifo(path("fifo"), 0600), 0);
    assert_refused("fifo", "regular");
}

static void refuses_folders_and_devices(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path("inner"), 0700), 0);
    assert_refused("inner", "regular");
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(pf_file_read("/dev/zero", PF_FILE_ANYBODY, 10, &data, &bytes),
            PARFUN_SYSTEM);
}

static void refuses_what_others_may_write(void **state)
{
    (void)state;
    put("group", "x", 0620);
    assert_refused("group", "other users");
    put("world", "x", 0602);
    assert_refused("world", "other users");
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(
            pf_file_read(path("world"), PF_FILE_ANYBODY, 10, &data, &bytes),
            PARFUN_OK);
    free(data);
}

static void refuses_what_another_user_owns(void **state)
{
    (void)state;
    if (geteuid() != 0)
        skip();
    put("foreign", "x", 0600);
    assert_int_equal(chown(path("foreign"), 12345, 12345), 0);
    assert_refused("foreign", "another user");
}

static void replaces_a_file_and_leaves_nothing_behind(void **state)
{
    (void)state;
    char *data = NULL;
    size_t bytes = 0;
    assert_int_equal(pf_file_write(path("out"), "first", 5), PARFUN_OK);
    assert_int_equal(pf_file_write(path("out"), "2nd", 3), PARFUN_OK);
    assert_int_equal(pf_file_read(path("out"), PF_FILE_ANYBODY, 10, &data, &bytes),
            PARFUN_OK);
    assert_string_equal(data, "2nd");
    free(data);
    assert_int_equal(count_entries(folder), 1);
}

static void leaves_nothing_behind_when_it_cannot_replace(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path("taken"), 0700), 0);
    assert_int_equal(pf_file_write(path("taken"), "x", 1), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "rename"));
    assert_int_equal(count_entries(folder), 1);
    assert_int_equal(pf_file_write(path("none/x"), "x", 1), PARFUN_SYSTEM);
    assert_int_equal(count_entries(folder), 1);
}

static void makes_private_folders(void **state)
{
    (void)state;
    struct stat info;
    char *deep = pf_text_copy(path("a/b/c/"));
    assert_int_equal(pf_file_write_private(deep, "model", "\0\1\2", 3), PARFUN_OK);
    assert_int_equal(stat(path("a/b/c"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0700);
    assert_int_equal(stat(path("a/b/c/model"), &info), 0);
    assert_int_equal(info.st_mode & 07777, 0600);
    assert_int_equal(info.st_size, 3);
    assert_int_equal(pf_file_make_folder(deep), PARFUN_OK);
    free(deep);
}

static void refuses_folders_of_others(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path("open"), 0700), 0);
    assert_int_equal(chmod(path("open"), 0777), 0);
    assert_int_equal(
            pf_file_write_private(path("open"), "x", "", 0), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "other users"));
    assert_int_equal(count_entries(path("open")), 0);

    char *target = pf_text_copy(path("open"));
    assert_int_equal(symlink(target, path("link")), 0);
    free(target);
    assert_int_equal(pf_file_make_folder(path("link")), PARFUN_SYSTEM);
    put("file", "", 0600);
    assert_int_equal(pf_file_make_folder(path("file")), PARFUN_SYSTEM);
    assert_int_equal(pf_file_make_folder(""), PARFUN_SYSTEM);
}

static void refuses_names_that_are_paths(void **state)
{
    (void)state;
    assert_int_equal(pf_file_write_private(folder, "../x", "", 0), PARFUN_SYSTEM);
    assert_int_equal(pf_file_write_private(folder, "", "", 0), PARFUN_SYSTEM);
    assert_int_equal(count_entries(folder), 0);
}

static void computes_the_usual_crc(void **state)
{
    (void)state;
    /* The check value of CRC-32/ISO-HDLC, and its concatenation. */
    assert_int_equal(pf_file_crc32(0, "123456789", 9), 0xcbf43926);
    assert_int_equal(
            pf_file_crc32(pf_file_crc32(0, "1234", 4), "56789", 5), 0xcbf43926);
    assert_int_equal(pf_file_crc32(0, "", 0), 0);
}

#define FILE_TEST(name) \
    cmocka_unit_test_setup_teardown(name, make_folder, remove_folder)

int main(void)
{
    const struct CMUnitTest tests[] = {
        FILE_TEST(reads_a_whole_file),
        FILE_TEST(tells_a_missing_file_from_an_empty_one),
        cmocka_unit_test(reads_files_that_do_not_know_their_size),
        FILE_TEST(follows_no_symbolic_link),
        FILE_TEST(does_not_wait_for_a_fifo),
        FILE_TEST(refuses_folders_and_devices),
        FILE_TEST(refuses_what_others_may_write),
        FILE_TEST(refuses_what_another_user_owns),
        FILE_TEST(replaces_a_file_and_leaves_nothing_behind),
        FILE_TEST(leaves_nothing_behind_when_it_cannot_replace),
        FILE_TEST(makes_private_folders),
        FILE_TEST(refuses_folders_of_others),
        FILE_TEST(refuses_names_that_are_paths),
        cmocka_unit_test(computes_the_usual_crc),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
