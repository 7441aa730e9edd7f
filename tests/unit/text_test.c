/* SPDX-License-Identifier: Apache-2.0 */
/* Strings that grow, lines of the log, and what is read out of strings. */
#include "runtime/base/log.h"
#include "runtime/base/text.h"
#include "support/cmocka.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void is_an_empty_string_before_anything_is_added(void **state)
{
    (void)state;
    struct pf_text text = { 0 };
    assert_string_equal(pf_text_get(&text), "");
    char *taken = pf_text_take(&text);
    assert_non_null(taken);
    assert_string_equal(taken, "");
    free(taken);
}

static void joins_what_is_added(void **state)
{
    (void)state;
    struct pf_text text = { 0 };
    pf_text_add(&text, "one");
    pf_text_add_bytes(&text, ", two and more", 5);
    pf_text_format(&text, ", %d%s", 3, "!");
    assert_string_equal(pf_text_get(&text), "one, two, 3!");
    assert_int_equal(text.bytes, 12);
    char *taken = pf_text_take(&text);
    assert_string_equal(taken, "one, two, 3!");
    assert_string_equal(pf_text_get(&text), "");
    free(taken);
}

static void grows_through_every_length(void **state)
{
    (void)state;
    struct pf_text added = { 0 }, formatted = { 0 };
    char want[3001] = "";
    for (size_t i = 0; i < 1000; i++) {
        pf_text_add(&added, "abc");
        pf_text_format(&formatted, "%s", "abc");
        memcpy(want + 3 * i, "abc", 4);
        assert_string_equal(pf_text_get(&added), want);
        assert_string_equal(pf_text_get(&formatted), want);
    }
    pf_text_finish(&added);
    pf_text_finish(&formatted);
}

static void remembers_that_memory_ran_out(void **state)
{
    (void)state;
    struct pf_text text = { 0 };
    pf_text_add(&text, "x");
    pf_text_add_bytes(&text, "", SIZE_MAX / 2);
    assert_true(text.failed);
    pf_text_add(&text, "y");
    assert_string_equal(pf_text_get(&text), "x");
    assert_null(pf_text_take(&text));
}

static void copies_and_prints(void **state)
{
    (void)state;
    char *copy = pf_text_copy("opencl:0");
    char *printed = pf_text_print("%200d|%s", 5, copy);
    assert_string_equal(copy, "opencl:0");
    assert_int_equal(strlen(printed), 209);
    assert_string_equal(printed + 199, "5|opencl:0");
    free(copy);
    free(printed);
}

static void tells_beginnings_and_ends(void **state)
{
    (void)state;
    assert_true(pf_text_begins("trace.csv", "trace"));
    assert_true(pf_text_begins("trace", "trace"));
    assert_false(pf_text_begins("trac", "trace"));
    assert_true(pf_text_ends("trace.csv", ".csv"));
    assert_false(pf_text_ends("csv", ".csv"));
    assert_false(pf_text_ends("trace.csv2", ".csv"));
}

static void reads_numbers_and_nothing_else(void **state)
{
    (void)state;
    static const char *const refused[] = { "", " 1", "1 ", "-1", "+1", "1.5",
        "0x10", "1e3", "18446744073709551616", "99999999999999999999", "one" };
    size_t value = 0;
    assert_true(pf_text_parse_size("0", &value));
    assert_true(value == 0);
    assert_true(pf_text_parse_size("007", &value));
    assert_true(value == 7);
    assert_true(pf_text_parse_size("18446744073709551615", &value));
    assert_true(value == SIZE_MAX);
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        value = 42;
        assert_false(pf_text_parse_size(refused[i], &value));
        assert_true(value == 42);
    }
}

/* What `print` writes to stderr. */
static void capture(void (*print)(void), char *output, size_t bytes)
{
    char path[] = "/tmp/parfun-text-XXXXXX";
    int file = mkstemp(path);
    assert_true(file >= 0);
    unlink(path);
    fflush(stderr);
    int saved = dup(STDERR_FILENO);
    dup2(file, STDERR_FILENO);
    print();
    dup2(saved, STDERR_FILENO);
    close(saved);
    ssize_t got = pread(file, output, bytes - 1, 0);
    close(file);
    assert_true(got >= 0);
    output[got] = '\0';
}

static void log_at_all_levels(void)
{
    pf_log(PF_LOG_NONE, "at level %d", PF_LOG_NONE);
    pf_log(PF_LOG_ERROR, "at level %d", PF_LOG_ERROR);
    pf_log(PF_LOG_WARNING, "at level %d", PF_LOG_WARNING);
    pf_log(PF_LOG_INFO, "at level %d", PF_LOG_INFO);
    pf_log(PF_LOG_DEBUG, "at level %d", PF_LOG_DEBUG);
}

static void log_lines(void)
{
    errno = EXDEV;
    pf_log(PF_LOG_ERROR, "one\ntwo\n");
    pf_log(PF_LOG_ERROR, "%s", "");
    assert_int_equal(errno, EXDEV);
}

static void prints_only_the_levels_asked_for(void **state)
{
    (void)state;
    char output[256];
    capture(log_at_all_levels, output, sizeof output);
    assert_string_equal(output, "");
    pf_log_set_level(PF_LOG_WARNING);
    assert_true(pf_log_wants(PF_LOG_ERROR));
    assert_false(pf_log_wants(PF_LOG_INFO));
    capture(log_at_all_levels, output, sizeof output);
    assert_string_equal(output, "parfun: at level 1\nparfun: at level 2\n");
    pf_log_set_level(PF_LOG_NONE);
}

static void puts_the_prefix_before_each_line(void **state)
{
    (void)state;
    char output[256];
    pf_log_set_level(PF_LOG_DEBUG);
    capture(log_lines, output, sizeof output);
    pf_log_set_level(PF_LOG_NONE);
    assert_string_equal(output, "parfun: one\nparfun: two\nparfun: \n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(is_an_empty_string_before_anything_is_added),
        cmocka_unit_test(joins_what_is_added),
        cmocka_unit_test(grows_through_every_length),
        cmocka_unit_test(remembers_that_memory_ran_out),
        cmocka_unit_test(copies_and_prints),
        cmocka_unit_test(tells_beginnings_and_ends),
        cmocka_unit_test(reads_numbers_and_nothing_else),
        cmocka_unit_test(prints_only_the_levels_asked_for),
        cmocka_unit_test(puts_the_prefix_before_each_line),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
