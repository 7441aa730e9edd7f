/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cache_test.c: when the kernel compiler runs and when its work is found in the cache
 * folder, and what happens with compilers that do not work.  PARFUN_CC is the real one;
 * scripts stand before it.
 */
#include "home.h"
#include "support/cmocka.h"

#include <parfun.h>

#include <dirent.h>
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ITEMS = 100, THREADS = 4 };

static const char source[] =
        "#pragma parfun split(x) combine(y)\n"
        "kernel void cube(global const int *x, global int *y)\n"
        "{ int a = x[get_global_id(0)]; y[get_global_id(0)] = a * a * a; }\n";

static const char *compiler; /* the real one */

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* Another environment holds from the library's next start on. */
static void restart(const char *named)
{
    must(parfun_shutdown());
    assert_int_equal(setenv("PARFUN_CC", named, 1), 0);
    must(parfun_set_backend("threads:2"));
}

/* A compiler that counts how often it runs.  It works once, and then gives out what
 * it has made, as its time is not what is tested. */
static void write_counting_compiler(const char *comment)
{
    char script[4096];

    (void)snprintf(script, sizeof script,
            "#!/bin/sh\n# %s\necho >> %s\n"
            "if [ -e %s ]; then exec cp %s \"$3\"; fi\n"
            "%s \"$@\" && exec cp \"$3\" %s\n",
            comment, home_path("runs"), home_path("made"), home_path("made"),
            compiler, home_path("made"));
    home_script("counting", script);
}

static void use_counting_compiler(void)
{
    (void)unlink(home_path("runs"));
    restart(home_path("counting"));
}

static long runs(void)
{
    struct stat info;

    return stat(home_path("runs"), &info) ? 0 : (long)info.st_size;
}

static enum parfun_status try(void)
{
    struct parfun_function *cube;
    int x[ITEMS], y[ITEMS] = { 0 };
    enum parfun_status status =
            parfun_function_compile(source, "cube", NULL, &cube);

    if (status)
        return status;
    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    status = PARFUN_CALL(cube, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y));
    for (int i = 0; !status && i < ITEMS; i++)
        assert_int_equal(y[i], i * i * i);
    parfun_function_destroy(cube);
    return status;
}

/* The one library in the cache. */
static const char *kept(void)
{
    DIR *folder = opendir(home_path("cache"));
    const struct dirent *entry;
    static char name[300];

    name[0] = '\0';
    while (folder && (entry = readdir(folder)) != NULL)
        if (!strncmp(entry->d_name, "text-", 5))
            (void)snprintf(name, sizeof name, "cache/%s", entry->d_name);
    if (folder)
        closedir(folder);
    assert_true(name[0] != '\0');
    return home_path(name);
}

static void compiles_once_for_all_later_processes(void **state)
{
    (void)state;
    use_counting_compiler();
    must(try());
    must(try());
    restart(home_path("counting"));
    must(try());
    assert_int_equal(runs(), 1);
}

static void put(const char *path, const void *data, size_t bytes)
{
    FILE *file = fopen(path, "wb");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, bytes, file), bytes);
    assert_int_equal(fclose(file), 0);
}

static char *take(const char *path, size_t *bytes)
{
    FILE *file = fopen(path, "rb");
    char *data = malloc(1 << 20);

    assert_true(file && data);
    *bytes = fread(data, 1, 1 << 20, file);
    assert_int_equal(fclose(file), 0);
    return data;
}

static void compiles_again_what_is_broken_or_not_its_own(void **state)
{
    (void)state;
    const char *path;
    size_t bytes;
    char *right;

    use_counting_compiler();
    path = kept();
    right = take(path, &bytes);

    right[bytes / 2] ^= 1; /* one bit */
    put(path, right, bytes);
    right[bytes / 2] ^= 1;
    must(try());
    assert_int_equal(runs(), 1);

    put(path, right, bytes - 1); /* torn */
    must(try());
    assert_int_equal(runs(), 2);

    put(path, "", 0);
    must(try());
    assert_int_equal(runs(), 3);

    assert_int_equal(chmod(path, 0666), 0); /* anybody's */
    must(try());
    assert_int_equal(runs(), 4);

    must(try());
    assert_int_equal(runs(), 4);
    free(right);
}

/* Whoever may write there could put another file in the place of one that was looked
 * at. */
static void loads_no_code_from_a_folder_that_others_may_write_to(void **state)
{
    (void)state;
    must(try());
    use_counting_compiler();
    must(try());
    assert_int_equal(runs(), 0);
    assert_int_equal(chmod(home_path("cache"), 0777), 0);
    must(try());
    assert_int_equal(runs(), 1);
    assert_int_equal(chmod(home_path("cache"), 0700), 0);
}

static void compiles_again_for_another_compiler(void **state)
{
    (void)state;
    use_counting_compiler();
    must(try());
    assert_int_equal(runs(), 0);
    write_counting_compiler("a newer version");
    must(try());
    assert_int_equal(runs(), 1);
}

static void works_without_a_cache(void **state)
{
    (void)state;
    home_script("file", "");
    assert_int_equal(setenv("PARFUN_CACHE_DIR", home_path("file"), 1), 0);
    use_counting_compiler();
    must(try());
    must(try());
    assert_int_equal(runs(), 2);
    assert_int_equal(setenv("PARFUN_CACHE_DIR", home_path("cache"), 1), 0);
}

static void *try_in_a_thread(void *unused)
{
    (void)unused;
    return (void *)(intptr_t)try();
}

static void compiles_for_many_threads_at_once(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    void *status;

    assert_int_equal(unlink(kept()), 0);
    use_counting_compiler();
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
                pthread_create(&threads[i], NULL, try_in_a_thread, NULL), 0);
    for (int i = 0; i < THREADS; i++) {
        assert_int_equal(pthread_join(threads[i], &status), 0);
        assert_null(status);
    }
    assert_in_range(runs(), 1, THREADS);
}

/* Its atomics are plain instructions, which threads that share it would lose. */
static void refuses_to_share_what_was_compiled_as_each_worker_s_own(void **state)
{
    (void)state;
    static const char text[] =
            "#pragma parfun combine(accumulate(sum, 1): count)\n"
            "kernel void f(global int *count) { atomic_add(count, 1); }\n";
    static const char shared[] = "combine(shared: count)";
    struct parfun_function *function;
    int count = 0;

    restart(compiler);
    must(parfun_function_compile(text, "f", NULL, &function));
    assert_int_equal(
            parfun_set_options(function, PARFUN_OPTIONS(.clauses = shared)),
            PARFUN_INVALID);
    assert_non_null(
            strstr(parfun_error(), "'count' was compiled for accumulate()"));
    must(PARFUN_CALL(function, ITEMS, PARFUN_COUNTED(&count, 1)));
    assert_int_equal(count, ITEMS);
    parfun_function_destroy(function);
    must(parfun_function_compile(
            text, "f", PARFUN_OPTIONS(.clauses = shared), &function));
    count = 0;
    must(PARFUN_CALL(function, ITEMS, PARFUN_COUNTED(&count, 1)));
    assert_int_equal(count, ITEMS);
    parfun_function_destroy(function);
}

/* ---- Children ----------------------------------------------------------------------- */

static volatile sig_atomic_t reaped;

static void reap(int number)
{
    const int code = errno;

    (void)number;
    while (waitpid(-1, NULL, WNOHANG) > 0)
        reaped = 1;
    errno = code;
}

static void leaves_no_child_behind(void **state)
{
    (void)state;
    use_counting_compiler();
    assert_int_equal(unlink(kept()), 0);
    must(try());
    assert_int_equal(waitpid(-1, NULL, WNOHANG), -1);
    assert_int_equal(errno, ECHILD);
}

static void works_where_the_program_waits_for_all_its_children(void **state)
{
    (void)state;
    const struct sigaction handle = { .sa_handler = reap };
    const struct sigaction ignore = { .sa_handler = SIG_IGN };
    struct parfun_function *none = NULL;
    struct sigaction before;

    assert_int_equal(sigaction(SIGCHLD, &handle, &before), 0);
    assert_int_equal(unlink(kept()), 0);
    must(try());
    assert_int_equal(sigaction(SIGCHLD, &ignore, NULL), 0);
    assert_int_equal(unlink(kept()), 0);
    must(try());
    restart(compiler);
    assert_int_equal(
            parfun_function_compile(
                    "kernel void f(global int *x) { x = y; }", "f", NULL, &none),
            PARFUN_COMPILE);
    assert_int_equal(sigaction(SIGCHLD, &before, NULL), 0);
}

/* ---- Compilers that do not work ------------------------------------------------------- */

static void refuse(const char *script, const char *words)
{
    enum parfun_status status;

    home_script("wrong", script);
    restart(home_path("wrong"));
    status = try();
    if (status != PARFUN_UNSUPPORTED || !strstr(parfun_error(), words))
        fail_msg("%s without \"%s\": %s", parfun_status_text(status), words,
                parfun_error());
    assert_int_equal(home_count("tmp"), 0);
}

/* No OpenCL stands in, by the loader's own variable. */
static void tells_what_is_wrong_with_a_compiler(void **state)
{
    (void)state;
    assert_int_equal(setenv("OCL_ICD_VENDORS", "/nowhere", 1), 0);
    refuse("#!/bin/sh\necho 'parfun-cc: error: no clang' >&2\nexit 2\n",
            "wrong does not work (exit status 2): parfun-cc: error: no clang");
    refuse("#!/bin/sh\nkill -9 $$\n", "(exit status 137): it printed nothing");
    refuse("#!/bin/sh\nexit 0\n", "does not work (exit status 0)");
    refuse("#!/bin/sh\necho nonsense > \"$3\"\n", "can not be loaded");
    refuse("#!/nowhere/sh\n", "posix_spawn");
    restart("/nowhere/parfun-cc");
    assert_int_equal(try(), PARFUN_UNSUPPORTED);
    assert_non_null(strstr(parfun_error(), "no program /nowhere/parfun-cc"));
    assert_non_null(strstr(parfun_error(), "apt-get install libparfun-dev"));
}

/* Warnings without end stand before what matters. */
static void tells_the_mistake_behind_two_million_characters_of_warnings(
        void **state)
{
    (void)state;
    home_script("wordy",
            "#!/bin/sh\nyes 'cube.cl:1:1: warning: words, words, words' |"
            " head -c 2000000\necho 'cube.cl:2:1: error: this'\nexit 1\n");
    restart(home_path("wordy"));
    assert_int_equal(try(), PARFUN_COMPILE);
    assert_non_null(strstr(parfun_error(), "compile:\ncube.cl:1:1: warning"));
    assert_non_null(strstr(parfun_error(), "cube.cl:2:1: error: this"));
}

static void compiles_kernels_whose_names_are_longer_than_those_of_files(
        void **state)
{
    (void)state;
    enum { LENGTH = 300 };
    char name[LENGTH + 1] = { 0 }, text[LENGTH + 100];
    struct parfun_function *function;

    memset(name, 'k', LENGTH);
    (void)snprintf(text, sizeof text,
            "kernel void %s(global int *y) { y[get_global_id(0)] = 1; }\n", name);
    restart(compiler);
    must(parfun_function_compile(
            text, name, PARFUN_OPTIONS(.clauses = "combine(y)"), &function));
    parfun_function_destroy(function);
}

/* The compiler runs in another folder than this process. */
static void compiles_where_temporary_files_are_to_be_in_a_relative_folder(
        void **state)
{
    (void)state;
    assert_int_equal(setenv("TMPDIR", "tmp", 1), 0);
    assert_int_equal(setenv("PARFUN_CACHE_DIR", home_path("another"), 1), 0);
    restart(compiler);
    must(try());
    assert_int_equal(setenv("TMPDIR", home_path("tmp"), 1), 0);
    assert_int_equal(setenv("PARFUN_CACHE_DIR", home_path("cache"), 1), 0);
}

/* Every open file of this process: the child has none of them. */
static void hands_no_files_to_the_compiler(void **state)
{
    (void)state;
    char script[1024];
    int files[2];

    assert_int_equal(pipe(files), 0);
    (void)snprintf(script, sizeof script,
            "#!/bin/sh\n[ -e /proc/self/fd/%d ] && exec %s \"$@\"\necho closed\nexit 2\n",
            files[1], compiler);
    refuse(script, "closed");
    assert_int_equal(close(files[0]), 0);
    assert_int_equal(close(files[1]), 0);
}

static void leaves_no_temporary_files(void **state)
{
    (void)state;
    assert_int_equal(home_count("tmp"), 0);
}

static int set_up(void **state)
{
    if (home_make(state))
        return -1;
    write_counting_compiler("the first version");
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(compiles_once_for_all_later_processes),
        cmocka_unit_test(compiles_again_what_is_broken_or_not_its_own),
        cmocka_unit_test(works_without_a_cache),
        cmocka_unit_test(compiles_for_many_threads_at_once),
        cmocka_unit_test(refuses_to_share_what_was_compiled_as_each_worker_s_own),
        cmocka_unit_test(leaves_no_child_behind),
        cmocka_unit_test(works_where_the_program_waits_for_all_its_children),
        cmocka_unit_test(loads_no_code_from_a_folder_that_others_may_write_to),
        cmocka_unit_test(compiles_again_for_another_compiler),
        cmocka_unit_test(tells_what_is_wrong_with_a_compiler),
        cmocka_unit_test(
                tells_the_mistake_behind_two_million_characters_of_warnings),
        cmocka_unit_test(
                compiles_kernels_whose_names_are_longer_than_those_of_files),
        cmocka_unit_test(
                compiles_where_temporary_files_are_to_be_in_a_relative_folder),
        cmocka_unit_test(hands_no_files_to_the_compiler),
        cmocka_unit_test(leaves_no_temporary_files),
    };

    compiler = getenv("PARFUN_CC");
    if (!compiler)
        return fprintf(stderr, "cache_test: PARFUN_CC is not set\n"), 2;
    compiler = strdup(compiler);
    return cmocka_run_group_tests_name("text.cache", tests, set_up, home_remove);
}
