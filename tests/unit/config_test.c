/* SPDX-License-Identifier: Apache-2.0 */
/* The environment's words, what they mean, and what is refused. */
#include "runtime/base/error.h"
#include "runtime/base/file.h"
#include "runtime/config.h"
#include "support/cmocka.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int clear_environment(void **state)
{
    (void)state;
    return clearenv();
}

static void has_defaults(void **state)
{
    (void)state;
    struct pf_config config;
    assert_int_equal(pf_config_read(&config), PARFUN_OK);
    assert_string_equal(config.backend, "auto");
    assert_true(config.threads == 0);
    assert_int_equal(config.proc_bind, PF_PROC_BIND_NONE);
    assert_false(config.profile);
    assert_null(config.trace);
    assert_int_equal(config.log, PF_LOG_NONE);
    assert_null(config.cache_dir);
    assert_true(config.partition_size == 0);
    assert_int_equal(config.zero_copy, PF_ZERO_COPY_AUTO);
    assert_int_equal(config.hang_limit_s, 60);
    assert_false(config.secure);
    assert_null(config.pocl_cache_dir);
    assert_null(config.compiler);
    assert_null(config.search_path);
    assert_string_equal(config.temporary_dir, "/tmp");
    pf_config_finish(&config);
    pf_config_finish(&config);
}

static void reads_every_variable(void **state)
{
    (void)state;
    struct pf_config config;
    setenv("PARFUN_BACKEND", "threads:2, opencl:gpu", 1);
    setenv("PARFUN_NUM_THREADS", "3", 1);
    setenv("PARFUN_PROC_BIND", "spread", 1);
    setenv("PARFUN_PROFILE", "1", 1);
    setenv("PARFUN_TRACE", "trace.csv", 1);
    setenv("PARFUN_LOG", "error", 1);
    setenv("PARFUN_CACHE_DIR", "/var/cache/here", 1);
    setenv("PARFUN_PARTITION_SIZE", "4096", 1);
    setenv("PARFUN_ZERO_COPY", "off", 1);
    setenv("PARFUN_HANG_LIMIT", "600", 1);
    setenv("POCL_CACHE_DIR", "/pocl", 1);
    setenv("PARFUN_CC", "/opt/parfun-cc", 1);
    setenv("PATH", "/bin", 1);
    setenv("TMPDIR", "/scratch", 1);
    assert_int_equal(pf_config_read(&config), PARFUN_OK);
    assert_string_equal(config.backend, "threads:2, opencl:gpu");
    assert_true(config.threads == 3);
    assert_int_equal(config.proc_bind, PF_PROC_BIND_SPREAD);
    assert_true(config.profile);
    assert_string_equal(config.trace, "trace.csv");
    assert_int_equal(config.log, PF_LOG_ERROR);
    assert_true(pf_log_wants(PF_LOG_ERROR));
    assert_false(pf_log_wants(PF_LOG_WARNING));
    assert_string_equal(config.cache_dir, "/var/cache/here");
    assert_true(config.partition_size == 4096);
    assert_int_equal(config.zero_copy, PF_ZERO_COPY_OFF);
    assert_int_equal(config.hang_limit_s, 600);
    assert_string_equal(config.pocl_cache_dir, "/pocl");
    assert_string_equal(config.compiler, "/opt/parfun-cc");
    assert_string_equal(config.search_path, "/bin");
    assert_string_equal(config.temporary_dir, "/scratch");
    pf_config_finish(&config);
}

static void takes_an_empty_variable_as_unset(void **state)
{
    (void)state;
    struct pf_config config;
    setenv("PARFUN_BACKEND", "", 1);
    setenv("PARFUN_NUM_THREADS", "", 1);
    setenv("PARFUN_CACHE_DIR", "", 1);
    setenv("PARFUN_LOG", "", 1);
    assert_int_equal(pf_config_read(&config), PARFUN_OK);
    assert_string_equal(config.backend, "auto");
    assert_true(config.threads == 0);
    assert_null(config.cache_dir);
    pf_config_finish(&config);
}

static void keeps_caches_where_the_desktop_says(void **state)
{
    (void)state;
    static const struct {
        const char *own, *xdg, *home, *found;
    } rows[] = {
        { "/a", "/b", "/c", "/a" },
        { NULL, "/b", "/c", "/b/parfun" },
        { NULL, NULL, "/c", "/c/.cache/parfun" },
        { NULL, "relative", "/c", "/c/.cache/parfun" },
        { NULL, NULL, "relative", NULL },
        { NULL, NULL, NULL, NULL },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_config config;
        clearenv();
        if (rows[i].own)
            setenv("PARFUN_CACHE_DIR", rows[i].own, 1);
        if (rows[i].xdg)
            setenv("XDG_CACHE_HOME", rows[i].xdg, 1);
        if (rows[i].home)
            setenv("HOME", rows[i].home, 1);
        assert_int_equal(pf_config_read(&config), PARFUN_OK);
        if (rows[i].found)
            assert_string_equal(config.cache_dir, rows[i].found);
        else
            assert_null(config.cache_dir);
        pf_config_finish(&config);
    }
}

static void refuses_junk_and_says_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *allowed;
    } rows[] = {
        { "PARFUN_NUM_THREADS", "0", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS", "-1", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS", "4097", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS", "two", "from 1 to 4096" },
        { "PARFUN_NUM_THREADS", "2 ", "from 1 to 4096" },
        { "PARFUN_PROC_BIND", "master", "none, close or spread" },
        { "PARFUN_PROC_BIND", "Close", "none, close or spread" },
        { "PARFUN_PROFILE", "yes", "0 or 1" },
        { "PARFUN_LOG", "loud", "none, error, warning, info or debug" },
        { "PARFUN_CACHE_DIR", "here", "begins with \"/\"" },
        { "PARFUN_PARTITION_SIZE", "0", "whole number from 1" },
        { "PARFUN_PARTITION_SIZE", "1e6", "whole number from 1" },
        { "PARFUN_PARTITION_SIZE", "99999999999999999999", "whole number from 1" },
        { "PARFUN_ZERO_COPY", "1", "auto, on or off" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pf_config config;
        clearenv();
        setenv(rows[i].name, rows[i].value, 1);
        for (int again = 0; again < 2; again++) {
            pf_error_clear();
            assert_int_equal(pf_config_read(&config), PARFUN_INVALID);
            assert_non_null(strstr(pf_error_text(), rows[i].name));
            assert_non_null(strstr(pf_error_text(), rows[i].value));
            assert_non_null(strstr(pf_error_text(), rows[i].allowed));
        }
        unsetenv(rows[i].name);
        assert_int_equal(pf_config_read(&config), PARFUN_OK);
        pf_config_finish(&config);
    }
}

static void leaves_the_configuration_alone_when_it_refuses(void **state)
{
    (void)state;
    struct pf_config config = { .threads = 7 };
    setenv("PARFUN_NUM_THREADS", "3", 1);
    setenv("PARFUN_ZERO_COPY", "junk", 1);
    assert_int_equal(pf_config_read(&config), PARFUN_INVALID);
    assert_true(config.threads == 7);
    assert_null(config.backend);
}

static void trusts_no_variable_with_privileges(void **state)
{
    (void)state;
    struct pf_config config;
    setenv("PARFUN_CC", "/tmp/evil", 1);
    setenv("TMPDIR", "/evil", 1);
    setenv("PATH", "/evil", 1);
    setenv("PARFUN_BACKEND", "opencl", 1);
    setenv("PARFUN_NUM_THREADS", "junk", 1);
    setenv("PARFUN_TRACE", "/etc/passwd", 1);
    setenv("HOME", "/root", 1);
    setenv("POCL_CACHE_DIR", "/pocl", 1);
    assert_int_equal(pf_config_read_as(true, &config), PARFUN_OK);
    assert_true(config.secure);
    assert_string_equal(config.backend, "auto");
    assert_null(config.trace);
    assert_null(config.cache_dir);
    assert_null(config.pocl_cache_dir);
    assert_null(config.compiler);
    assert_null(config.search_path);
    assert_string_equal(config.temporary_dir, "/tmp");
    pf_config_finish(&config);
}

/* What reading the configuration prints. */
static void read_aloud(char *output, size_t bytes)
{
    struct pf_config config;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    int saved = dup(STDERR_FILENO);
    dup2(ends[1], STDERR_FILENO);
    enum parfun_status status = pf_config_read(&config);
    dup2(saved, STDERR_FILENO);
    close(saved);
    close(ends[1]);
    ssize_t got = read(ends[0], output, bytes - 1);
    close(ends[0]);
    assert_int_equal(status, PARFUN_OK);
    assert_true(got >= 0);
    output[got] = '\0';
    pf_config_finish(&config);
}

static void logs_one_line_for_an_unknown_variable(void **state)
{
    (void)state;
    char output[1024];
    setenv("PARFUN_THREADS", "4", 1);
    read_aloud(output, sizeof output);
    assert_string_equal(output, "");
    setenv("PARFUN_LOG", "warning", 1);
    setenv("PARFUNNY", "4", 1);
    read_aloud(output, sizeof output);
    assert_non_null(strstr(output, "parfun: environment variable PARFUN_THREADS"));
    assert_null(strstr(output, "PARFUNNY"));
    assert_ptr_equal(strchr(output, '\n'), output + strlen(output) - 1);
}

/* To print it anew: config_test --options > docs/options.md */
static void agrees_with_its_document(void **state)
{
    (void)state;
    struct pf_text options = { 0 };
    char *document = NULL;
    size_t bytes = 0;
    pf_config_print_options(&options);
    assert_false(options.failed);
    assert_int_equal(pf_file_read(PARFUN_SOURCE_DIR "/docs/options.md",
                             PF_FILE_ANYBODY, 1 << 20, &document, &bytes),
            PARFUN_OK);
    assert_non_null(document);
    assert_string_equal(document, pf_text_get(&options));
    free(document);
    pf_text_finish(&options);
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--options") == 0) {
        struct pf_text options = { 0 };
        pf_config_print_options(&options);
        fputs(pf_text_get(&options), stdout);
        pf_text_finish(&options);
        return 0;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(has_defaults, clear_environment),
        cmocka_unit_test_setup(reads_every_variable, clear_environment),
        cmocka_unit_test_setup(takes_an_empty_variable_as_unset, clear_environment),
        cmocka_unit_test(keeps_caches_where_the_desktop_says),
        cmocka_unit_test(refuses_junk_and_says_what_is_allowed),
        cmocka_unit_test_setup(
                leaves_the_configuration_alone_when_it_refuses, clear_environment),
        cmocka_unit_test_setup(
                trusts_no_variable_with_privileges, clear_environment),
        cmocka_unit_test_setup(
                logs_one_line_for_an_unknown_variable, clear_environment),
        cmocka_unit_test(agrees_with_its_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
