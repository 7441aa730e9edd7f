/* SPDX-License-Identifier: Apache-2.0 */
/*
 * declaration_test.c: what a kernel's text alone tells, against what clang tells of the same
 * kernels.
 */
#include "barriers.h"
#include "conformance.h"
#include "storage.h"

#include "runtime/base/error.h"
#include "runtime/declaration.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* clang-format off */
#define KERNELS(ENTRY) \
    ENTRY(c_saxpy) ENTRY(c_waves) ENTRY(c_doubles) ENTRY(c_grey) \
    ENTRY(c_column_filter) ENTRY(c_columns) ENTRY(c_floats) ENTRY(c_integers) \
    ENTRY(c_vectors) ENTRY(c_counts) ENTRY(c_highest) ENTRY(c_filter) \
    ENTRY(c_gather) ENTRY(c_absolute) ENTRY(c_absolute_sum) \
    ENTRY(c_reverse_groups) ENTRY(c_group_ids) ENTRY(c_planes) \
    ENTRY(c_scatter) ENTRY(c_twice) ENTRY(c_exact) ENTRY(c_escape) \
    ENTRY(reversed) ENTRY(barrier_in_loop) ENTRY(barrier_in_function) \
    ENTRY(barriers_in_switch) ENTRY(guard_before_barrier) ENTRY(scan) \
    ENTRY(private_array_across_barriers) ENTRY(local_arrays) \
    ENTRY(local_atomics) ENTRY(structs) ENTRY(program_constants) \
    ENTRY(asynchronous_copies) ENTRY(bytes) ENTRY(called_kernel) \
    ENTRY(kernel_calls_kernel)
/* clang-format on */

/* What printf() of floats and the like need tells only a compiler. */
enum {
    TOLD = PARFUN_KERNEL_BARRIERS | PARFUN_KERNEL_GROUPS | PARFUN_KERNEL_EXTENT
            | PARFUN_KERNEL_GROUP_EXTENT | PARFUN_KERNEL_DOUBLES
            | PARFUN_KERNEL_PRINTF
};

static void compare(
        const struct parfun_kernel *own, const struct parfun_kernel *clang)
{
    assert_string_equal(own->name, clang->name);
    if (own->parameter_count != clang->parameter_count)
        fail_msg("%s: %u parameters, not %u", clang->name, own->parameter_count,
                clang->parameter_count);
    for (unsigned i = 0; i < own->parameter_count; i++) {
        const struct parfun_parameter *a = &own->parameters[i];
        const struct parfun_parameter *b = &clang->parameters[i];

        if (strcmp(a->name, b->name) != 0 || strcmp(a->type, b->type) != 0
                || a->bytes != b->bytes || a->alignment != b->alignment
                || a->space != b->space || a->is_const != b->is_const)
            fail_msg(
                    "%s: parameter %u is %s %s (%u, %u, %u, %u), not %s %s (%u, %u, "
                    "%u, %u)",
                    clang->name, i, a->type, a->name, a->bytes, a->alignment,
                    a->space, a->is_const, b->type, b->name, b->bytes, b->alignment,
                    b->space, b->is_const);
    }
    if ((own->flags & TOLD) != (clang->flags & TOLD))
        fail_msg("%s: flags 0x%x, not 0x%x", clang->name, own->flags, clang->flags);
    assert_memory_equal(
            own->required_group, clang->required_group, sizeof own->required_group);
    assert_int_equal(own->pragma_count, clang->pragma_count);
    for (unsigned i = 0; i < own->pragma_count; i++)
        assert_string_equal(own->pragmas[i].text, clang->pragmas[i].text);
}

static void tells_what_a_compiler_tells(void **state)
{
    (void)state;
#define ENTRY(name) &parfun_kernel_##name,
    static const struct parfun_kernel *const kernels[] = { KERNELS(ENTRY) };
#undef ENTRY

    for (size_t i = 0; i < sizeof kernels / sizeof *kernels; i++) {
        struct pf_declaration *source;

        if (pf_declaration_create(
                    "x.cl", kernels[i]->source, kernels[i]->name, &source))
            fail_msg("%s: %s", kernels[i]->name, pf_error_text());
        compare(pf_declaration_kernel(source), kernels[i]);
        pf_declaration_destroy(source);
    }
}

/* What "kernel void f(...)" has for its first parameter. */
static void expect(const char *text, const char *type, uint32_t bytes,
        enum parfun_space space, bool is_const)
{
    struct pf_declaration *source;
    const struct parfun_parameter *parameter;

    if (pf_declaration_create("f.cl", text, "f", &source))
        fail_msg("%s: %s", text, pf_error_text());
    assert_int_equal(pf_declaration_kernel(source)->parameter_count, 1);
    parameter = &pf_declaration_kernel(source)->parameters[0];
    assert_string_equal(parameter->name, "x");
    assert_string_equal(parameter->type, type);
    assert_int_equal(parameter->bytes, bytes);
    assert_int_equal(parameter->space, space);
    assert_int_equal(parameter->is_const, is_const);
    pf_declaration_destroy(source);
}

static void reads_declarations_in_all_their_forms(void **state)
{
    (void)state;
    expect("kernel void f(unsigned int x) { }", "uint", 4, PARFUN_VALUE_SPACE,
            false);
    expect("__kernel void f(const unsigned long x) { }", "ulong", 8,
            PARFUN_VALUE_SPACE, false);
    expect("void kernel f(__global float3 *__restrict x) { }", "float3", 16,
            PARFUN_GLOBAL_SPACE, false);
    expect("kernel void f(float const global volatile *restrict const x) { }",
            "float", 4, PARFUN_GLOBAL_SPACE, true);
    expect("kernel void f(/* a */ constant\n double // b\n * x) { }", "double", 8,
            PARFUN_CONSTANT_SPACE, true);
    expect("kernel void f(global const void *x) { }", "void", 1,
            PARFUN_GLOBAL_SPACE, true);
    expect("#define G __global\n#define IN(T) const T\ntypedef uchar byte;\n"
           "kernel void f(G byte *x) { }",
            "uchar", 1, PARFUN_GLOBAL_SPACE, false);
    expect("typedef global const int *list;\nkernel void f(list x) { }", "int", 4,
            PARFUN_GLOBAL_SPACE, true);
    expect("kernel void f(local int *x) { }", "int", 4, PARFUN_LOCAL_SPACE, false);
}

static uint32_t flags_of(const char *text)
{
    struct pf_declaration *source;
    uint32_t flags;

    if (pf_declaration_create("f.cl", text, "f", &source))
        fail_msg("%s: %s", text, pf_error_text());
    flags = pf_declaration_kernel(source)->flags;
    pf_declaration_destroy(source);
    return flags;
}

static void follows_functions_and_macros_and_nothing_else(void **state)
{
    (void)state;
    assert_int_equal(flags_of("void g(void) { barrier(0); }\n"
                              "void h(void) { g(); }\n"
                              "kernel void f(int x) { h(); }"),
            PARFUN_KERNEL_BARRIERS);
    assert_int_equal(flags_of("#define SYNC(x) barrier(x)\n"
                              "kernel void f(int x) { SYNC(0); }"),
            PARFUN_KERNEL_BARRIERS);
    assert_int_equal(flags_of("kernel void g(int x) { barrier(0); }\n"
                              "kernel void f(int x) { /* barrier */ }"),
            0);
    assert_int_equal(flags_of("void f2(void) { f2(); }\n"
                              "kernel void f(int x) { f2(); get_group_id(0); }"),
            PARFUN_KERNEL_GROUPS | PARFUN_KERNEL_GROUP_EXTENT);
}

static void refuse(const char *text, enum parfun_status wanted, const char *words)
{
    struct pf_declaration *source = NULL;
    const enum parfun_status got =
            pf_declaration_create("f.cl", text, "f", &source);

    if (got != wanted || !strstr(pf_error_text(), words))
        fail_msg("%s: %s: %s", text, parfun_status_text(got), pf_error_text());
    assert_null(source);
}

#define REQUIRED(sizes) \
    "kernel __attribute__((reqd_work_group_size(" sizes "))) void f(int x) { }"

static void expect_group(const char *text, uint32_t x, uint32_t y, uint32_t z)
{
    const uint32_t wanted[3] = { x, y, z };
    struct pf_declaration *source;

    if (pf_declaration_create("f.cl", text, "f", &source))
        fail_msg("%s: %s", text, pf_error_text());
    assert_memory_equal(
            pf_declaration_kernel(source)->required_group, wanted, sizeof wanted);
    pf_declaration_destroy(source);
}

static void reads_the_work_groups_size(void **state)
{
    (void)state;
    expect_group("kernel void f(int x) { }", 0, 0, 0);
    expect_group(REQUIRED("8, 4, 1"), 8, 4, 1);
    expect_group("#define N (64)\n" REQUIRED("N, ((0x2u)), 1"), 64, 2, 1);
}

static void refuses_what_it_does_not_understand(void **state)
{
    (void)state;
    const enum parfun_status no = PARFUN_UNSUPPORTED;

    refuse(REQUIRED("2 * 32, 1, 1"), no, "f.cl:1: reqd_work_group_size of f() is");
    refuse(REQUIRED("64, 1"), no, "reqd_work_group_size of f() is more");
    refuse(REQUIRED("N, 1, 1"), no, "reqd_work_group_size of f() is more");
    refuse("struct s { int a; };\nkernel void f(struct s x) { }", no,
            "f.cl:2: parameter 1 of f() is more than can be understood without "
            "parfun-cc (\"struct s\")");
    refuse("kernel void f(global int **x) { }", no, "parameter 1");
    refuse("kernel void f(int y, global int *x[2]) { }", no, "parameter 2");
    refuse("kernel void f(int y, global int *) { }", no, "parameter 2");
    refuse("kernel void f(global int x) { }", no, "parameter 1");
    refuse("kernel void f(int *x) { }", no, "parameter 1");
    refuse("#ifdef A\n#define T int\n#else\n#define T float\n#endif\n"
           "kernel void f(T x) { }",
            no, "(\"T\")");
    refuse("#if 1\nkernel void f(int x) { }\n#else\nkernel void f(float x) { }\n"
           "#endif\n",
            no, "f.cl:4: kernel f is defined a second time");
    refuse("kernel void f(write_only image2d_t x) { }", PARFUN_COMPILE,
            "images and samplers are not supported");
    refuse("kernel void g(int x) { }", PARFUN_INVALID, "it has g");
    refuse("#pragma parfun split(x)\nint a;\nkernel void f(int x) { }",
            PARFUN_INVALID, "f.cl:1: error: a declaration (line 2) stands between");
}

static void reads_texts_that_are_no_programs(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "kernel", "kernel void f",
        "kernel void f(", "kernel void f(int f(int x { }", "kernel void f(int x",
        "kernel void f(int x)", "{", "}", "kernel f { }", "kernel void f(int x) {",
        "#", "#define", "typedef", "typedef int",
        "kernel __attribute__((reqd_work_group_size(", "\"", "/*", "\\\n" };

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct pf_declaration *source = NULL;

        if (!pf_declaration_create("f.cl", texts[i], "f", &source))
            assert_string_equal(texts[i], "kernel void f(int x) {");
        pf_declaration_destroy(source);
    }
}

/* As generated texts have: in the time of the test, which is not squared. */
static void reads_texts_of_very_many_macros(void **state)
{
    (void)state;
    enum { MACROS = 200000, LONGEST = 40 };
    static const char kernel[] = "kernel void f(global M199999 *y) { y[0] = 1; }";
    char *text = malloc((size_t)MACROS * LONGEST + sizeof kernel), *at = text;
    struct pf_declaration *declaration;

    assert_non_null(text);
    for (int i = 0; i < MACROS; i++)
        at += sprintf(at, "#define M%d int\n", i);
    strcpy(at, kernel);
    assert_int_equal(
            pf_declaration_create("f.cl", text, "f", &declaration), PARFUN_OK);
    assert_string_equal(
            pf_declaration_kernel(declaration)->parameters[0].type, "int");
    pf_declaration_destroy(declaration);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_a_compiler_tells),
        cmocka_unit_test(reads_declarations_in_all_their_forms),
        cmocka_unit_test(follows_functions_and_macros_and_nothing_else),
        cmocka_unit_test(reads_the_work_groups_size),
        cmocka_unit_test(refuses_what_it_does_not_understand),
        cmocka_unit_test(reads_texts_that_are_no_programs),
        cmocka_unit_test(reads_texts_of_very_many_macros),
    };

    return cmocka_run_group_tests_name("text.declaration", tests, NULL, NULL);
}
