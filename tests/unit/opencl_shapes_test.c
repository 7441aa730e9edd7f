/* SPDX-License-Identifier: Apache-2.0 */
/* opencl_shapes_test.c: launches of one kernel in several shapes, under way at once. */
#include "support/leaks.h"
#include "support/opencl_bench.h"

static void launch_saxpy(struct pf_device *device, unsigned lane,
        struct pf_code *code, struct pf_memory *x, struct pf_memory *y,
        size_t items)
{
    float a = 2;
    const struct pf_launch_argument arguments[] = { VALUE(a), { .memory = x },
        { .memory = y } };
    const struct pf_launch launch = { .size = { items, 1, 1 },
        .arguments = arguments };
    must(opencl->launch(device, lane, code, &launch));
}

/* PoCL before 6 counts the users of both shapes together, and an assertion fails if the
 * second one is compiled while the first one runs. */
static void runs_short_and_long_ranges_of_a_kernel_side_by_side(void **state)
{
    enum { SHORT = 60000, LONG = 200000, LAUNCHES = 1000 };
    static const char *const builds[] = { "-DA", "-DB", "-DC" };
    struct pf_device *device = ((struct bench *)*state)->device;
    struct pf_memory *x = array(device, LONG * sizeof(float));
    struct pf_memory *y[2] = { array(device, LONG * sizeof(float)),
        array(device, LONG * sizeof(float)) };
    for (size_t i = 0; i < sizeof builds / sizeof *builds; i++) {
        struct pf_code_request request = {
            .kernel = &saxpy, .build = builds[i], .dimensions = 1
        };
        struct pf_code *code = NULL;
        must(opencl->code_create(device, &request, &code));
        for (int launch = 0; launch < LAUNCHES; launch++) {
            uint64_t mark;
            launch_saxpy(device, 0, code, x, y[0], SHORT);
            must(opencl->mark(device, 0, &mark));
            if (launch == 0) {
                launch_saxpy(device, 1, code, x, y[1], LONG);
                must(opencl->mark(device, 1, &mark));
            }
        }
        finish(device, 0);
        finish(device, 1);
        opencl->code_destroy(device, code);
    }
    opencl->memory_destroy(device, x);
    opencl->memory_destroy(device, y[0]);
    opencl->memory_destroy(device, y[1]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        ON_DEVICE(runs_short_and_long_ranges_of_a_kernel_side_by_side),
    };
    return without_leaks(
            cmocka_run_group_tests_name("opencl_shapes", tests, NULL, NULL));
}
