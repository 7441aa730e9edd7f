/* SPDX-License-Identifier: Apache-2.0 */
/* The names of types in OpenCL C, and what they mean. */
#include "runtime/base/type.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>

static void reads_every_name_that_it_tells(void **state)
{
    (void)state;
    static const unsigned widths[] = { 1, 2, 3, 4, 8, 16 };
    for (int type = PF_TYPE_CHAR; type <= PF_TYPE_DOUBLE; type++) {
        const struct pf_type_info *info = pf_type_info((enum pf_type)type);
        for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
            char name[32];
            unsigned width = 0;
            if (widths[i] == 1)
                snprintf(name, sizeof name, "%s", info->name);
            else
                snprintf(name, sizeof name, "%s%u", info->name, widths[i]);
            assert_int_equal(pf_type_parse(name, &width), type);
            assert_int_equal(width, widths[i]);
        }
    }
}

static void knows_sizes_and_signs(void **state)
{
    (void)state;
    static const struct {
        enum pf_type type;
        const char *c_name;
        unsigned bytes;
        bool is_integer, is_signed;
    } rows[] = {
        { PF_TYPE_OTHER, "", 0, false, false },
        { PF_TYPE_UCHAR, "uint8_t", 1, true, false },
        { PF_TYPE_SHORT, "int16_t", 2, true, true },
        { PF_TYPE_UINT, "uint32_t", 4, true, false },
        { PF_TYPE_LONG, "int64_t", 8, true, true },
        { PF_TYPE_HALF, "uint16_t", 2, false, true },
        { PF_TYPE_FLOAT, "float", 4, false, true },
        { PF_TYPE_DOUBLE, "double", 8, false, true },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct pf_type_info *info = pf_type_info(rows[i].type);
        assert_string_equal(info->c_name, rows[i].c_name);
        assert_int_equal(info->bytes, rows[i].bytes);
        assert_int_equal(info->is_integer, rows[i].is_integer);
        assert_int_equal(info->is_signed, rows[i].is_signed);
    }
}

static void reads_the_long_names_of_c(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        enum pf_type type;
    } rows[] = {
        { "unsigned", PF_TYPE_UINT },
        { "unsigned int", PF_TYPE_UINT },
        { "unsigned char", PF_TYPE_UCHAR },
        { "signed char", PF_TYPE_CHAR },
        { "unsigned short", PF_TYPE_USHORT },
        { "unsigned long", PF_TYPE_ULONG },
        { "long int", PF_TYPE_LONG },
        { "size_t", PF_TYPE_ULONG },
        { "ptrdiff_t", PF_TYPE_LONG },
        { "bool", PF_TYPE_UCHAR },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        unsigned width = 0;
        assert_int_equal(pf_type_parse(rows[i].name, &width), rows[i].type);
        assert_int_equal(width, 1);
    }
}

static void calls_everything_else_other(void **state)
{
    (void)state;
    static const char *const names[] = { "", "4", "void", "float5", "float32",
        "float44", "float4 ", "Float", "struct body", "bool4", "size_t2",
        "image2d_t", "float *", "floats" };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        unsigned width = 0;
        assert_int_equal(pf_type_parse(names[i], &width), PF_TYPE_OTHER);
        assert_int_equal(width, 1);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_every_name_that_it_tells),
        cmocka_unit_test(knows_sizes_and_signs),
        cmocka_unit_test(reads_the_long_names_of_c),
        cmocka_unit_test(calls_everything_else_other),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
