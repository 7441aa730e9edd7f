/* SPDX-License-Identifier: Apache-2.0 */
/* print_test.c: what kernels print, with a vector's components between commas, as
 * OpenCL C's specification asks (1.2, 6.12.13.2). */
#include "run.h"

#include "print.h"
#include "support/cmocka.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char wanted[] =
        "7  1.50 st  |x% 70000000000\n"
        "7,-2 7,7,7 a,7,ff,ffffffff 1,2,3,4,5,6,7,7\n"
        "-1,2 255,0,7 a,b,c,ff 7,7,7,7,7,7,7,7,7,7,7,7,7,7,7,7\n"
        "-1,7 65535,0,7 1,2,3,ffff\n"
        "1099511627776,-7 7,1,2,ffffffffffffffff\n"
        "1.500000,2.000000 1.500000,2.000000,3.000000 "
        "1.5e+00,1.0e+00,2.0e+00,3.0e+00\n"
        "1.500000,2.000000 1.5,2,3 1.5,1.5\n"
        "    1,    7|7  |+1.5,-1.5\n"
        "12,345\n";

/* Runs the kernel with the standard output in a file, of which it gives the text. */
static void print(const struct parfun_variant *variant, float *result, char *text,
        size_t room)
{
    static const struct range one = {
        .dimensions = 1, .global = { 1, 1, 1 }, .local = { 1, 1, 1 }
    };
    int number = 7;
    int *x = &number;
    void *arguments[] = { &x, &result };
    FILE *file = tmpfile();
    const int output = dup(STDOUT_FILENO);

    assert_non_null(file);
    assert_true(output >= 0);
    fflush(stdout);
    assert_int_equal(dup2(fileno(file), STDOUT_FILENO), STDOUT_FILENO);
    *result = 1.5f;
    run_kernel(variant, &one, 1, arguments, 0);
    fflush(stdout);
    assert_int_equal(dup2(output, STDOUT_FILENO), STDOUT_FILENO);
    close(output);
    rewind(file);
    text[fread(text, 1, room - 1, file)] = '\0';
    fclose(file);
}

static void prints_the_components_of_vectors(void **state)
{
    const struct parfun_kernel *kernel = &parfun_kernel_print;

    (void)state;
    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        char text[2 * sizeof wanted] = "";
        float result;

        if (!can_run(kernel->variants[v].isa))
            continue;
        print(&kernel->variants[v], &result, text, sizeof text);
        assert_string_equal(text, wanted);
        assert_true(result == (float)strlen("12,345\n"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prints_the_components_of_vectors),
    };

    return cmocka_run_group_tests_name("print", tests, NULL, NULL);
}
