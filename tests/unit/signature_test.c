/* SPDX-License-Identifier: Apache-2.0 */
/* signature_test.c: declarations of C become parameters, or are refused in place. */
#include "support/cmocka.h"

#include "runtime/base/error.h"
#include "runtime/signature.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct pf_signature *read(const char *text)
{
    struct pf_signature *signature = NULL;

    if (pf_signature_create("f", text, &signature))
        fail_msg("%s: %s", text, pf_error_text());
    return signature;
}

static void expect_type(const char *declaration, const char *type, unsigned bytes)
{
    struct pf_signature *signature = read(declaration);
    const struct parfun_parameter *parameter = &signature->parameters[0];

    assert_int_equal(signature->kernel.parameter_count, 1);
    assert_string_equal(parameter->name, "x");
    assert_string_equal(parameter->type, type);
    assert_int_equal(parameter->bytes, bytes);
    pf_signature_destroy(signature);
}

static void expect_refusal(const char *text, size_t character, const char *part)
{
    struct pf_signature *signature = NULL;
    char place[80];

    snprintf(place, sizeof place,
            "the signature of f(), character %zu: ", character);
    assert_int_equal(pf_signature_create("f", text, &signature), PARFUN_INVALID);
    assert_null(signature);
    if (!strstr(pf_error_text(), place) || !strstr(pf_error_text(), part))
        fail_msg("\"%s\": %s; expected %s ... %s", text, pf_error_text(), place,
                part);
}

static void knows_the_arithmetic_types_of_c(void **state)
{
    (void)state;
    expect_type("float x", "float", 4);
    expect_type("const double *x", "double", 8);
    expect_type("int x", "int", 4);
    expect_type("unsigned x", "uint", 4);
    expect_type("signed x", "int", 4);
    expect_type("long unsigned int x", "ulong", 8);
    expect_type("long long x", "long", 8);
    expect_type("int long unsigned long *x", "ulong", 8);
    expect_type("short int x", "short", 2);
    expect_type("unsigned short *x", "ushort", 2);
    expect_type("signed char x", "char", 1);
    expect_type("unsigned char const *x", "uchar", 1);
    expect_type("bool x", "uchar", 1);
    expect_type("_Bool *x", "uchar", 1);
    expect_type("uint64_t x", "ulong", 8);
    expect_type("size_t x", "ulong", 8);
    expect_type("const int16_t *restrict x", "short", 2);
    expect_type("float *__restrict__ x", "float", 4);
    expect_type("float x[static 8]", "float", 4);
    expect_type("float x[restrict static const 8]", "float", 4);
    expect_type("parfun_float4 *x", "float4", 16);
    expect_type("parfun_double3 *x", "double3", 32);
}

static void leaves_the_size_of_other_types_to_the_caller(void **state)
{
    (void)state;
    expect_type("struct body *x", "struct body", 0);
    expect_type("enum colour x", "enum colour", 0);
    expect_type("const union u *x", "const union u", 0);
    expect_type("gsl_vector *x", "gsl_vector", 0);
    expect_type("parfun_float5 *x", "parfun_float5", 0);
    expect_type("void *x", "void", 0);
    expect_type("long double *x", "long double", sizeof(long double));
}

static void pointers_to_pointers_are_arrays_of_pointers(void **state)
{
    (void)state;
    expect_type("const char *const *x", "const char *const", sizeof(void *));
    expect_type("char **x", "char *", sizeof(void *));
    expect_type("struct node ***x", "struct node **", sizeof(void *));
    expect_type("char *x[]", "char *", sizeof(void *));
}

static void what_is_const_is_an_input(void **state)
{
    static const struct {
        const char *text;
        bool is_const;
    } cases[] = {
        { "const double *x", true },
        { "double const *x", true },
        { "double *const x", false },
        { "double *x", false },
        { "const char *const *x", true },
        { "const char **x", false },
        { "char *const *x", true },
        { "char *const x[]", true },
        { "const float x[]", true },
        { "float x[16]", false },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct pf_signature *signature = read(cases[i].text);

        if (signature->parameters[0].is_const != cases[i].is_const
                || signature->parameters[0].space != PARFUN_GLOBAL_SPACE)
            fail_msg("%s", cases[i].text);
        pf_signature_destroy(signature);
    }
}

static void keeps_the_parameters_in_their_order(void **state)
{
    struct pf_signature *signature =
            read("\n const double *x , double a,\tdouble *y ");

    (void)state;
    assert_int_equal(signature->kernel.parameter_count, 3);
    assert_string_equal(signature->parameters[0].name, "x");
    assert_string_equal(signature->parameters[1].name, "a");
    assert_int_equal(signature->parameters[1].space, PARFUN_VALUE_SPACE);
    assert_string_equal(signature->parameters[2].name, "y");
    assert_string_equal(signature->kernel.name, "f");
    pf_signature_destroy(signature);
    signature = read("  ");
    assert_int_equal(signature->kernel.parameter_count, 0);
    pf_signature_destroy(signature);
    signature = read(" void ");
    assert_int_equal(signature->kernel.parameter_count, 0);
    pf_signature_destroy(signature);
}

static void refuses_what_is_no_declaration_and_says_where(void **state)
{
    (void)state;
    expect_refusal("const double *", 15, "expected the parameter's name, but");
    expect_refusal("double", 7, "expected the parameter's name");
    expect_refusal("double *x, , int y", 12, "expected a type, not ','");
    expect_refusal("double *x,", 11, "expected a type, but the text ends");
    expect_refusal("double x y", 10, "expected ',' or the end, not 'y'");
    expect_refusal("float double x", 7, "'double' makes no type of C");
    expect_refusal("unsigned float x", 10, "makes no type");
    expect_refusal("long long long x", 11, "makes no type");
    expect_refusal("struct *x", 8, "expected the name of the struct");
    expect_refusal("struct int x", 8, "makes no type");
    expect_refusal("body int x", 6, "makes no type");
    expect_refusal("int x, double *x", 16, "'x' is declared twice");
    expect_refusal("void x", 6, "is of type void");
    expect_refusal("void (*f)(int)", 6, "pointers to functions");
    expect_refusal("double a[2][2]", 12, "arrays of arrays");
    expect_refusal("double a[2", 11, "expected ']'");
    expect_refusal("int 7", 5, "expected the parameter's name, not '7'");
    expect_refusal("static int x", 1, "has no meaning here");
    expect_refusal("...", 1, "expected a type");
    expect_refusal(
            "int \xc3\xa4", 5, "expected the parameter's name, not the byte 0xc3");
    expect_refusal("void, int x", 5, "expected the parameter's name, not ','");
}

static void bounds_what_it_reads(void **state)
{
    char *text = malloc(PF_SIGNATURE_BYTES + 2);
    size_t length = 0;

    (void)state;
    assert_non_null(text);
    memset(text, ' ', PF_SIGNATURE_BYTES + 1);
    text[PF_SIGNATURE_BYTES + 1] = '\0';
    expect_refusal(text, 1, "longer than 16384 characters");
    for (unsigned i = 0; i <= PF_SIGNATURE_PARAMETERS; i++)
        length += (size_t)snprintf(text + length, 20, "%sint x%u", i ? "," : "", i);
    expect_refusal(text, strlen(text) - strlen("int x255") + 1,
            "more than 255 parameters");
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(knows_the_arithmetic_types_of_c),
        cmocka_unit_test(leaves_the_size_of_other_types_to_the_caller),
        cmocka_unit_test(pointers_to_pointers_are_arrays_of_pointers),
        cmocka_unit_test(what_is_const_is_an_input),
        cmocka_unit_test(keeps_the_parameters_in_their_order),
        cmocka_unit_test(refuses_what_is_no_declaration_and_says_where),
        cmocka_unit_test(bounds_what_it_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
