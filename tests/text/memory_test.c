/* SPDX-License-Identifier: Apache-2.0 */
/*
 * memory_test.c: the k-th allocation fails, once or from then on, while a text becomes a
 * function: compiled, found in the cache, or read without a compiler.  There is a
 * sentence, nothing is lost, and the next try is right.
 */
#include "home.h"
#include "runtime/base/error.h"
#include "runtime/declaration.h"
#include "support/allocations.h"
#include "support/cmocka.h"
#include "support/folder.h"

enum { ITEMS = 100 };

static const char source[] =
        "typedef int number;\n"
        "#define ARGUMENTS global const number *x, global number *y\n"
        "int third(int x) { return x * x * x; }\n"
        "#pragma parfun split(x) combine(y)\n"
        "kernel void cube(ARGUMENTS)\n"
        "{ y[get_global_id(0)] = third(x[get_global_id(0)]); }\n";

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static void check(struct parfun_function *cube)
{
    int x[ITEMS], y[ITEMS] = { 0 };

    for (int i = 0; i < ITEMS; i++)
        x[i] = i;
    must(PARFUN_CALL(cube, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], i * i * i);
}

static void compile_at(long k, bool for_ever, bool *failed)
{
    struct parfun_function *cube = NULL;
    enum parfun_status status;

    allocations_fail(k, for_ever);
    status = parfun_function_compile(source, "cube", NULL, &cube);
    *failed = allocations_all_succeed();
    if (status) {
        assert_true(*failed);
        assert_true(*parfun_error());
        assert_null(cube);
        must(parfun_function_compile(source, "cube", NULL, &cube));
    }
    check(cube);
    parfun_function_destroy(cube);
    assert_int_equal(home_count("tmp"), 0);
}

static void fail_each(void (*before)(void))
{
    for (int for_ever = 0; for_ever < 2; for_ever++) {
        bool failed = true;
        long k = 0;

        for (; failed; k++) {
            before();
            compile_at(k, for_ever, &failed);
        }
        assert_in_range(k, 10, 1000);
    }
}

static void leave_cache(void)
{
}

static void empty_cache(void)
{
    test_folder_remove(home_path("cache"));
}

static void finds_texts_in_the_cache_without_memory(void **state)
{
    (void)state;
    fail_each(leave_cache);
}

static void compiles_texts_without_memory(void **state)
{
    (void)state;
    fail_each(empty_cache);
}

static void reads_texts_without_memory(void **state)
{
    (void)state;
    struct pf_declaration *read = NULL;
    enum parfun_status status = PARFUN_NO_MEMORY;
    long k = 0;

    for (; status; k++) {
        allocations_fail(k, false);
        status = pf_declaration_create("cube.cl", source, "cube", &read);
        if (status)
            assert_true(allocations_failed());
        (void)allocations_all_succeed();
        if (status)
            assert_int_equal(status, PARFUN_NO_MEMORY);
    }
    assert_in_range(k, 10, 100);
    assert_int_equal(pf_declaration_kernel(read)->parameter_count, 2);
    pf_declaration_destroy(read);
}

/* The first result of the real compiler is what later ones give out. */
static int set_up(void **state)
{
    const char *compiler = getenv("PARFUN_CC");
    char script[2048];

    if (!compiler || home_make(state))
        return -1;
    (void)snprintf(script, sizeof script,
            "#!/bin/sh\nif [ -e %s ]; then exec cp %s \"$3\"; fi\n"
            "%s \"$@\" && exec cp \"$3\" %s\n",
            home_path("made"), home_path("made"), compiler, home_path("made"));
    home_script("once", script);
    return setenv("PARFUN_CC", home_path("once"), 1)
            || parfun_set_backend("serial");
}

static int tear_down(void **state)
{
    return parfun_shutdown() || home_remove(state);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_texts_in_the_cache_without_memory),
        cmocka_unit_test(compiles_texts_without_memory),
        cmocka_unit_test(reads_texts_without_memory),
    };

    return cmocka_run_group_tests_name("text.memory", tests, set_up, tear_down);
}
