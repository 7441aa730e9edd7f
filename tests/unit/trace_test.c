/* SPDX-License-Identifier: Apache-2.0 */
/* trace_test.c: what the file of a trace contains, and where it can not be written. */
#include "runtime/trace.h"
#include "runtime/base/error.h"
#include "support/cmocka.h"
#include "support/folder.h"

#include <fcntl.h>
#include <unistd.h>

enum { PATH = 512, ROWS = 3 };

static const char header[] =
        "requested_partition_size,partition_size,partition_duration,"
        "function_duration,combine_duration,first,device,start,copy_in,kernel,"
        "copy_out\n";

static char folder[256], path[PATH];

static int set_up(void **state)
{
    (void)state;
    if (test_folder_make(folder, sizeof folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/trace.csv", folder);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    test_folder_remove(folder);
    return 0;
}

static void read_back(char *text, size_t bytes)
{
    FILE *file = fopen(path, "r");

    assert_non_null(file);
    text[fread(text, 1, bytes - 1, file)] = '\0';
    (void)fclose(file);
}

/* Rows in the order in which their partitions ended. */
static enum parfun_status write_rows(size_t count)
{
    const struct pf_device cores = { .selector = (char[]){ "threads" } },
                           gpu = { .selector = (char[]){ "opencl:0" } };
    static const struct parfun_kernel kernel = { .name = "twice" };
    const struct pf_call call = { .kernel = &kernel };
    struct pf_tally tally[2] = { { .device = &cores }, { .device = &gpu } };
    struct pf_trace_row rows[ROWS] = {
        { .requested = 50,
                .count = 50,
                .first = 100,
                .partitioning_ns = 1,
                .function_ns = 2,
                .combining_ns = 3,
                .start_ns = 4,
                .copy_in_ns = 5,
                .copy_out_ns = 6,
                .worker = 1 },
        { .count = 7, .first = 150, .function_ns = 8 },
        { .requested = 99, .count = 100, .first = 0, .start_ns = 5000000000 },
    };
    struct pf_feed feed = { .rows = { .row = rows, .count = count } };
    struct pf_run run = { .feed = &feed, .call = &call, .tally = tally };

    return pf_trace_write(&run, path);
}

static void rows_are_in_the_order_of_the_items(void **state)
{
    char text[1024];

    (void)state;
    assert_int_equal(pf_trace_check("twice", path), PARFUN_OK);
    assert_int_equal(write_rows(ROWS), PARFUN_OK);
    read_back(text, sizeof text);
    assert_memory_equal(text, header, strlen(header));
    assert_string_equal(text + strlen(header),
            "99,100,0,0,0,0,threads,5000000000,0,0,0\n"
            "50,50,1,2,3,100,opencl:0,4,5,2,6\n"
            ",7,0,8,0,150,threads,0,0,8,0\n"); /* its size was fixed */
}

static void the_last_call_is_in_the_file(void **state)
{
    char text[1024];

    (void)state;
    assert_int_equal(write_rows(ROWS), PARFUN_OK);
    assert_int_equal(write_rows(0), PARFUN_OK);
    read_back(text, sizeof text);
    assert_string_equal(text, header);
}

static void a_check_leaves_no_file(void **state)
{
    (void)state;
    assert_int_equal(pf_trace_check("twice", path), PARFUN_OK);
    assert_int_equal(access(path, F_OK), -1);
}

static void a_check_leaves_a_file_as_it_is(void **state)
{
    char text[16];

    (void)state;
    assert_int_equal(test_folder_put(folder, "trace.csv", "mine"), 0);
    assert_int_equal(pf_trace_check("twice", path), PARFUN_OK);
    read_back(text, sizeof text);
    assert_string_equal(text, "mine");
}

static void assert_refused(const char *where)
{
    assert_int_equal(pf_trace_check("twice", where), PARFUN_INVALID);
    assert_non_null(strstr(pf_error_text(), "twice()"));
    assert_non_null(strstr(pf_error_text(), where));
}

static void what_can_not_be_written_is_refused_before_anything_runs(void **state)
{
    char none[PATH + 16];

    (void)state;
    assert_refused("");
    assert_refused(folder);
    (void)snprintf(none, sizeof none, "%s/none/trace.csv", folder);
    assert_refused(none);
    assert_int_equal(mkfifo(path, 0600), 0);
    assert_refused(path); /* that nobody reads */
}

static void a_disk_that_is_full_is_said(void **state)
{
    (void)state;
    if (access("/dev/full", W_OK))
        skip();
    (void)snprintf(path, sizeof path, "/dev/full");
    assert_int_equal(write_rows(ROWS), PARFUN_SYSTEM);
    assert_non_null(strstr(pf_error_text(), "the results are complete"));
}

#define TRACE(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TRACE(rows_are_in_the_order_of_the_items),
        TRACE(the_last_call_is_in_the_file),
        TRACE(a_check_leaves_no_file),
        TRACE(a_check_leaves_a_file_as_it_is),
        TRACE(what_can_not_be_written_is_refused_before_anything_runs),
        TRACE(a_disk_that_is_full_is_said),
    };
    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
