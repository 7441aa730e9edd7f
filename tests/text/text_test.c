/* SPDX-License-Identifier: Apache-2.0 */
/*
 * text_test.c: kernels that come as text, on the backend that the first argument
 * names; with a second one, also what is refused.  The environment says whether there
 * is a kernel compiler.
 */
#include "home.h"
#include "support/cmocka.h"
#include "support/leaks.h"

#include <parfun.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ITEMS = 1000, TILES = 16 * 64 };

static const char *backend;

static const char source[] =
        "__constant float weights[3] = { 0.25f, 0.5f, 3.0f };\n"
        "typedef float real;\n"
        "#define TWICE(x) ((x) + (x))\n"
        "#define HERE get_global_id(0)\n"
        "real heavier(real x) { return TWICE(x) * weights[2]; }\n"
        "#pragma parfun split(x) combine(y)\n"
        "kernel void scale(global const real *x, global real *y)\n"
        "{ y[HERE] = heavier(x[HERE]); }\n"
        "\n"
        "#pragma parfun split(x) combine(sum: s) first(begin)\n"
        "kernel void total(global const int *restrict x, ulong begin,\n"
        "        global long *s)\n"
        "{ s[HERE] = x[HERE] + (long)begin - (long)begin; }\n"
        "\n"
        "#pragma parfun workgroup(16) local(16: tile)\n"
        "#pragma parfun split(x) combine(y)\n"
        "kernel void flip(global const int *x, global int *y, local int *tile)\n"
        "{\n"
        "    size_t i = get_local_id(0);\n"
        "    tile[i] = x[HERE];\n"
        "    barrier(CLK_LOCAL_MEM_FENCE);\n"
        "    y[HERE] = tile[15 - i];\n"
        "}\n"
        "kernel void bare(global const int *x, global int *y) { y[HERE] = x[HERE]; }\n"
        "#pragma parfun combine(nonsense)\n"
        "kernel void bad(global int *y) { y[HERE] = 1; }\n";

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

static struct parfun_function *compile(const char *name, const char *clauses)
{
    struct parfun_function *function = NULL;

    must(parfun_function_compile(
            source, name, PARFUN_OPTIONS(.clauses = clauses), &function));
    return function;
}

/* It fails so, and the sentence has these words. */
static void refuse(const char *text, const char *name, const char *clauses,
        enum parfun_status wanted, const char *words)
{
    struct parfun_function *function = NULL;
    const enum parfun_status got = parfun_function_compile(
            text, name, PARFUN_OPTIONS(.clauses = clauses), &function);

    if (got != wanted || !strstr(parfun_error(), words))
        fail_msg("%s instead of %s with \"%s\": %s", parfun_status_text(got),
                parfun_status_text(wanted), words, parfun_error());
    assert_null(function);
}

static void computes(struct parfun_function *scale)
{
    float x[ITEMS], y[ITEMS] = { 0 };

    for (int i = 0; i < ITEMS; i++)
        x[i] = (float)i;
    must(PARFUN_CALL(scale, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    for (int i = 0; i < ITEMS; i++)
        assert_true(y[i] == (float)(6 * i));
}

static void runs_a_kernel_with_helpers_constants_and_macros(void **state)
{
    (void)state;
    struct parfun_function *scale = compile("scale", NULL);

    computes(scale);
    parfun_function_destroy(scale);
}

static void runs_several_kernels_of_one_text(void **state)
{
    (void)state;
    struct parfun_function *total = compile("total", NULL);
    struct parfun_function *flip = compile("flip", NULL);
    int x[TILES], y[TILES] = { 0 };
    int64_t sum = 0;

    for (int i = 0; i < TILES; i++)
        x[i] = i;
    must(PARFUN_CALL(total, TILES, PARFUN_ARRAY(x), PARFUN_VALUE(&sum)));
    assert_int_equal(sum, TILES * (TILES - 1) / 2);
    must(PARFUN_CALL(flip, TILES, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    for (int i = 0; i < TILES; i++)
        assert_int_equal(y[i], i / 16 * 16 + 15 - i % 16);
    parfun_function_destroy(total);
    parfun_function_destroy(flip);
}

static void takes_clauses_from_the_options(void **state)
{
    (void)state;
    struct parfun_function *bare = compile("bare", "split(x) combine(y)");
    struct parfun_function *product =
            compile("bare", "split(x) combine(product: y)");
    int x[8] = { 1, 2, 3, 4, 5, 6, 7, 8 }, y[8] = { 0 }, result = 0;

    must(PARFUN_CALL(bare, 8, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    assert_memory_equal(x, y, sizeof x);
    must(PARFUN_CALL(product, 8, PARFUN_ARRAY(x), PARFUN_VALUE(&result)));
    assert_int_equal(result, 40320);
    must(parfun_set_options(
            bare, PARFUN_OPTIONS(.clauses = "split(x) combine(max: y)")));
    must(PARFUN_CALL(bare, 8, PARFUN_ARRAY(x), PARFUN_VALUE(&result)));
    assert_int_equal(result, 8);
    parfun_function_destroy(bare);
    parfun_function_destroy(product);
}

static void hands_build_options_to_the_compiler(void **state)
{
    (void)state;
    static const char text[] =
            "#pragma parfun combine(y) build(-DNUMBER=42)\n"
            "kernel void f(global int *y) { y[get_global_id(0)] = NUMBER; }\n";
    struct parfun_function *function;
    int y[3] = { 0 };

    must(parfun_function_compile(text, "f", NULL, &function));
    must(PARFUN_CALL(function, 3, PARFUN_ARRAY(y)));
    assert_int_equal(y[2], 42);
    parfun_function_destroy(function);
    must(parfun_function_compile(text, "f",
            PARFUN_OPTIONS(.clauses = "combine(y) build(-DNUMBER=7)"), &function));
    must(PARFUN_CALL(function, 3, PARFUN_ARRAY(y)));
    assert_int_equal(y[2], 7);
    parfun_function_destroy(function);
}

static struct parfun_function *shared_scale;

static enum parfun_status scale_part(struct parfun_partition *partition, void *user)
{
    const float *x = parfun_argument(partition, "x");
    float *y = parfun_argument(partition, "y");

    (void)user;
    return PARFUN_CALL(shared_scale, parfun_items(partition),
            ((struct parfun_value){ (void *)(uintptr_t)x, sizeof *x, 0 }),
            PARFUN_ARRAY(y));
}

static void runs_inside_functions_and_beside_its_caller(void **state)
{
    (void)state;
    struct parfun_function *outer;
    struct parfun_running *running;
    float x[ITEMS], y[ITEMS] = { 0 }, z[ITEMS] = { 0 };

    for (int i = 0; i < ITEMS; i++)
        x[i] = (float)i;
    shared_scale = compile("scale", NULL);
    must(parfun_function_from_c("scale_part", "const float *x, float *y",
            scale_part,
            PARFUN_OPTIONS(.clauses = "split(x) combine(y)",
                    .fixed_partition_size = ITEMS / 4),
            &outer));
    must(PARFUN_CALL(outer, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
    must(parfun_start(shared_scale, ITEMS,
            (struct parfun_value[]){ PARFUN_ARRAY(x), PARFUN_ARRAY(z) }, 2,
            &running));
    must(parfun_finish(running));
    for (int i = 0; i < ITEMS; i++)
        assert_true(y[i] == (float)(6 * i) && z[i] == y[i]);
    parfun_function_destroy(outer);
    parfun_function_destroy(shared_scale);
}

static const char by_group[] =
        "#pragma parfun split(group: x) offsets(begin) combine(sum)\n"
        "kernel void add(global const int *x, global const uint *begin,\n"
        "        global int *sum)\n"
        "{\n"
        "    size_t g = get_global_id(0);\n"
        "    int all = 0;\n"
        "    for (uint i = begin[g]; i < begin[g + 1]; i++)\n"
        "        all += x[i];\n"
        "    sum[g] = all;\n"
        "}\n";

static void runs_over_the_groups_of_a_table(void **state)
{
    enum { ROWS = 6, GROUPS = 3 };
    static const int32_t key[ROWS] = { 7, 9, 7, 8, 7, 9 };
    static const int x[ROWS] = { 1, 2, 4, 8, 16, 32 }, sums[] = { 21, 8, 34 };
    const char *const by[] = { "key" };
    struct parfun_table *table;
    struct parfun_groups *groups;
    struct parfun_function *function;
    int sum[GROUPS] = { 0 };

    (void)state;
    must(parfun_function_compile(by_group, "add", NULL, &function));
    must(parfun_table_create(ROWS, &table));
    must(parfun_table_add(table, "key", PARFUN_INT32, key));
    must(parfun_group_by(table, by, 1, &groups));
    must(parfun_call_groups(function, groups,
            (struct parfun_value[]){ PARFUN_ARRAY(x), PARFUN_ARRAY(sum) }, 2));
    assert_memory_equal(sum, sums, sizeof sums);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    parfun_function_destroy(function);
}

static void compiles_a_text_with_a_byte_order_mark(void **state)
{
    (void)state;
    static const char text[] =
            "\xEF\xBB\xBF#pragma parfun combine(y)\n"
            "kernel void f(global int *y) { y[get_global_id(0)] = 7; }\n";
    struct parfun_function *function;
    int y[3] = { 0 };

    must(parfun_function_compile(text, "f", NULL, &function));
    must(PARFUN_CALL(function, 3, PARFUN_ARRAY(y)));
    assert_int_equal(y[2], 7);
    parfun_function_destroy(function);
}

static void compiles_a_text_whose_last_line_goes_on(void **state)
{
    (void)state;
    static const char text[] =
            "kernel void f(global int *y) { y[get_global_id(0)] = 7; } // \\";
    struct parfun_function *function;
    int y[3] = { 0 };

    must(parfun_function_compile(
            text, "f", PARFUN_OPTIONS(.clauses = "combine(y)"), &function));
    must(PARFUN_CALL(function, 3, PARFUN_ARRAY(y)));
    assert_int_equal(y[2], 7);
    parfun_function_destroy(function);
    refuse(text, "g", NULL, PARFUN_INVALID, "no kernel g; it has f");
}

static void needs_the_text_no_more(void **state)
{
    (void)state;
    char *text = strdup(source), name[] = "scale";
    struct parfun_function *scale;

    must(parfun_function_compile(text, name, NULL, &scale));
    memset(text, 'x', strlen(text));
    memset(name, 'x', strlen(name));
    free(text);
    computes(scale);
    parfun_function_destroy(scale);
}

static void outlives_the_end_of_the_library(void **state)
{
    (void)state;
    struct parfun_function *scale = compile("scale", NULL);

    computes(scale);
    must(parfun_shutdown());
    must(parfun_set_backend(backend));
    computes(scale);
    parfun_function_destroy(scale);
}

static void tells_the_line_that_does_not_compile(void **state)
{
    (void)state;
    refuse("kernel void f(global int *x)\n{\n    x[0] = y;\n}\n", "f", NULL,
            PARFUN_COMPILE, "f.cl:3:");
    refuse("kernel void f(global int *x)\n{\n", "f", "combine(x)", PARFUN_COMPILE,
            "expected '}'");
    refuse("this is no kernel", "f", NULL, PARFUN_COMPILE, "f.cl:1:");
}

static void tells_of_the_text_before_it_tells_of_its_clauses(void **state)
{
    (void)state;
    refuse("#pragma parfun split(z)\nkernel void f(global int *x) { x[0] = y; }\n",
            "f", NULL, PARFUN_COMPILE, "f.cl:2:");
    refuse(source, "bad", NULL, PARFUN_INVALID, "bad.cl:25:24: error: 'nonsense'");
    refuse(source, "bare", NULL, PARFUN_INVALID, "no #pragma parfun above it");
    refuse(source, "bare", "split(z)", PARFUN_INVALID, "'z'");
}

static void names_the_kernels_that_there_are(void **state)
{
    (void)state;
    refuse(source, "scala", NULL, PARFUN_INVALID,
            "no kernel scala; it has scale, total, flip, bare, bad");
    refuse("int f(int x) { return x; }\n", "f", NULL, PARFUN_INVALID,
            "no kernel f, nor any other");
    refuse("", "f", NULL, PARFUN_INVALID, "no kernel f, nor any other");
}

static void refuses_images_and_included_files(void **state)
{
    (void)state;
    struct parfun_function *function = NULL;

    assert_int_equal(
            parfun_function_compile(
                    "kernel void f(read_only image2d_t a, global int *y)\n"
                    "{ y[0] = get_image_width(a); }\n",
                    "f", PARFUN_OPTIONS(.clauses = "combine(y)"), &function),
            PARFUN_COMPILE);
    assert_non_null(strstr(parfun_error(), "image"));
    refuse("\n #include \"f.h\"\nkernel void f(global int *y) { y[0] = 1; }\n", "f",
            NULL, PARFUN_COMPILE, "f.cl:2:2: error: a text can not include files");
    refuse("#import \"/etc/passwd\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:1: error: a text can not include files");
    refuse("#include_next \"f.h\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:1: error: a text can not include files");
    /* in every way in which C can write it */
    refuse("%:include \"f.h\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:1: error: a text can not include files");
    refuse("/**/#/* */include \"f.h\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:5: error: a text can not include files");
    refuse("#inc\\\nlude \"f.h\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:1: error: a text can not include files");
    refuse("?\?=inc?\?/\nlude \"f.h\"\n", "f", NULL, PARFUN_COMPILE,
            "f.cl:1:1: error: a text can not include files");
    refuse("constant uchar a[] = {\n#embed \"/etc/passwd\"\n};\n", "f", NULL,
            PARFUN_COMPILE, "f.cl:2:1: error: a text can not include files");
}

static void refuses_what_is_no_text_or_name(void **state)
{
    (void)state;
    assert_int_equal(
            parfun_function_compile(source, "scale", NULL, NULL), PARFUN_INVALID);
    refuse(NULL, "scale", NULL, PARFUN_INVALID, "`source` is NULL");
    refuse(source, NULL, NULL, PARFUN_INVALID, "`kernel_name` is NULL");
    refuse(source, "../scale", NULL, PARFUN_INVALID, "no name of a kernel");
    refuse(source, "", NULL, PARFUN_INVALID, "no name of a kernel");
}

static void leaves_no_temporary_files(void **state)
{
    (void)state;
    assert_int_equal(home_count("tmp"), 0);
}

static int set_up(void **state)
{
    return home_make(state) || parfun_set_backend(backend);
}

int main(int count, char **arguments)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(runs_a_kernel_with_helpers_constants_and_macros),
        cmocka_unit_test(runs_several_kernels_of_one_text),
        cmocka_unit_test(runs_inside_functions_and_beside_its_caller),
        cmocka_unit_test(runs_over_the_groups_of_a_table),
        cmocka_unit_test(compiles_a_text_with_a_byte_order_mark),
        cmocka_unit_test(compiles_a_text_whose_last_line_goes_on),
        cmocka_unit_test(needs_the_text_no_more),
        cmocka_unit_test(outlives_the_end_of_the_library),
        cmocka_unit_test(leaves_no_temporary_files),
    };
    const struct CMUnitTest more[] = {
        cmocka_unit_test(takes_clauses_from_the_options),
        cmocka_unit_test(hands_build_options_to_the_compiler),
        cmocka_unit_test(tells_the_line_that_does_not_compile),
        cmocka_unit_test(tells_of_the_text_before_it_tells_of_its_clauses),
        cmocka_unit_test(names_the_kernels_that_there_are),
        cmocka_unit_test(refuses_images_and_included_files),
        cmocka_unit_test(refuses_what_is_no_text_or_name),
        cmocka_unit_test(leaves_no_temporary_files),
    };

    if (count < 2)
        return fprintf(stderr, "usage: text_test BACKEND [all]\n"), 2;
    backend = arguments[1];

    int failures = cmocka_run_group_tests_name(backend, tests, set_up, home_remove);

    if (count > 2)
        failures += cmocka_run_group_tests_name(backend, more, set_up, home_remove);
    return without_leaks(failures);
}
