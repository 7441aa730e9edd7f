/* SPDX-License-Identifier: Apache-2.0 */
/* reduce_device_test.c: a device reduces blocks to the bits of the plain tree. */
#include "backends/table.h"
#include "runtime/base/error.h"
#include "runtime/reduce_device.h"
#include "support/cmocka.h"
#include "support/reduce_plain.h"
#include "support/leaks.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCKS = 3, FIRST = 7 /* values before the first block */ };

static const struct pf_backend *const opencl = &pf_backend_opencl;
static struct pf_device_list list;
static struct pf_device *device;
static uint64_t random_state = 88172645463325252u;

static uint64_t random_bits(void)
{
    random_state ^= random_state << 13;
    random_state ^= random_state >> 7;
    return random_state ^= random_state << 17;
}

static void must(enum parfun_status status)
{
    if (status != PARFUN_OK)
        fail_msg("status %d: %s", (int)status, pf_error_text());
}

static int open_device(void **state)
{
    static const struct pf_backend_options options = { .processors = 2 };

    (void)state;
    if (opencl->open(&options, &list) != PARFUN_OK || list.count == 0)
        return -1;
    device = list.devices[0];
    return 0;
}

static int close_device(void **state)
{
    (void)state;
    for (size_t i = 0; i < list.count; i++)
        opencl->close(list.devices[i]);
    free(list.devices);
    free(list.skipped);
    return 0;
}

/* Many magnitudes, a NaN and a negative zero now and then; products near 1. */
static void fill(const struct pf_reduction *reduction, void *values, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const double random = (double)(int64_t)random_bits() * 0x1p-63;
        double d = reduction->operation == PF_PRODUCT
                ? 1 + random * 1e-3
                : ldexp(random, (int)(random_bits() % 20));
        float f;
        const uint64_t u = random_bits();
        const size_t bytes = pf_type_info(reduction->type)->bytes;
        char *at = (char *)values + i * bytes;

        if (reduction->operation == PF_MIN || reduction->operation == PF_MAX)
            d = u % 50 == 0 ? (double)NAN : u % 50 == 1 ? -0.0 : d;
        f = (float)d;
        memcpy(at,
                reduction->type == PF_TYPE_FLOAT            ? (const void *)&f
                        : reduction->type == PF_TYPE_DOUBLE ? (const void *)&d
                                                            : (const void *)&u,
                bytes);
    }
}

static struct pf_memory *array(size_t bytes)
{
    struct pf_memory *memory;
    bool zero_copy;

    must(opencl->memory_create(device, bytes, NULL,
            PF_ACCESS_READ | PF_ACCESS_WRITE, &memory, &zero_copy));
    return memory;
}

static void run(const struct pf_reduction *reduction, void *values,
        size_t value_bytes, void *blocks, size_t block_bytes)
{
    struct pf_reduce_device kernel;
    struct pf_code *code;
    struct pf_memory *in = array(value_bytes), *out = array(block_bytes);
    const uint64_t first = FIRST;
    uint64_t mark;
    bool reached = false;

    pf_reduce_device_init(&kernel, reduction);
    must(opencl->code_create(device,
            &(struct pf_code_request){ .kernel = &kernel.kernel,
                    .build = "",
                    .dimensions = 1,
                    .group = { PF_REDUCE_LANES, 1, 1 } },
            &code));
    must(opencl->write(device, 0,
            &(struct pf_copy){ .memory = in,
                    .host = values,
                    .rows = 1,
                    .row_bytes = value_bytes }));
    must(opencl->launch(device, 0, code,
            &(struct pf_launch){ .size = { BLOCKS * PF_REDUCE_LANES, 1, 1 },
                    .arguments = (struct pf_launch_argument[]){ { .memory = in },
                            { .value = &first, .bytes = sizeof first },
                            { .memory = out } } }));
    must(opencl->read(device, 0,
            &(struct pf_copy){ .memory = out,
                    .host = blocks,
                    .rows = 1,
                    .row_bytes = block_bytes }));
    must(opencl->mark(device, 0, &mark));
    must(opencl->wait(device, 0, mark, UINT64_MAX, &reached, NULL));
    assert_true(reached);
    opencl->code_destroy(device, code);
    opencl->memory_destroy(device, in);
    opencl->memory_destroy(device, out);
}

static void check(const struct pf_reduction *reduction)
{
    const size_t element = pf_reduce_value_bytes(reduction);
    const size_t result = pf_reduce_result_bytes(reduction);
    const size_t bytes = (FIRST + BLOCKS * PF_REDUCE_BLOCK) * element;
    const size_t compared =
            reduction->width * pf_type_info(reduction->result_type)->bytes;
    char *values = malloc(bytes);
    char got[BLOCKS * PF_REDUCE_BYTES], want[PF_REDUCE_BYTES];

    assert_non_null(values);
    fill(reduction, values, bytes / pf_type_info(reduction->type)->bytes);
    run(reduction, values, bytes, got, BLOCKS * result);
    for (size_t j = 0; j < BLOCKS; j++) {
        plain_reduce(reduction, values + (FIRST + j * PF_REDUCE_BLOCK) * element,
                PF_REDUCE_BLOCK, want);
        if (memcmp(got + j * result, want, compared) != 0)
            fail_msg("operator %d of %u x %s to %s, block %zu",
                    (int)reduction->operation, reduction->width,
                    pf_type_info(reduction->type)->name,
                    pf_type_info(reduction->result_type)->name, j);
    }
    free(values);
}

static bool can_run(const struct pf_reduction *reduction)
{
    return device->limits.doubles
            || (reduction->type != PF_TYPE_DOUBLE
                    && reduction->result_type != PF_TYPE_DOUBLE);
}

static void every_operator_gives_the_bits_of_the_plain_tree(void **state)
{
    (void)state;
    for (int operation = PF_SUM; operation <= PF_XOR; operation++)
        for (int type = PF_TYPE_CHAR; type <= PF_TYPE_DOUBLE; type++) {
            const struct pf_reduction reduction = { (enum pf_operator)operation,
                (enum pf_type)type, (enum pf_type)type, 1 };

            /* Types by turns: a driver compiles each for a while. */
            if (type == PF_TYPE_HALF || !can_run(&reduction)
                    || (type < PF_TYPE_FLOAT && (type + operation) % 3)
                    || (type >= PF_TYPE_FLOAT && operation >= PF_AND))
                continue;
            check(&reduction);
        }
}

static void vectors_and_wider_results_do_so_too(void **state)
{
    static const struct pf_reduction reductions[] = {
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_FLOAT, 3 },
        { PF_MIN, PF_TYPE_FLOAT, PF_TYPE_FLOAT, 4 },
        { PF_MAX, PF_TYPE_CHAR, PF_TYPE_CHAR, 3 },
        { PF_SUM, PF_TYPE_DOUBLE, PF_TYPE_DOUBLE, 16 },
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 1 },
        { PF_SUM, PF_TYPE_FLOAT, PF_TYPE_DOUBLE, 2 },
        { PF_SUM, PF_TYPE_CHAR, PF_TYPE_LONG, 1 },
        { PF_PRODUCT, PF_TYPE_USHORT, PF_TYPE_UINT, 8 },
        { PF_SUM, PF_TYPE_INT, PF_TYPE_LONG, 4 },
        { PF_XOR, PF_TYPE_UINT, PF_TYPE_UINT, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof reductions / sizeof reductions[0]; i++)
        if (can_run(&reductions[i]))
            check(&reductions[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operator_gives_the_bits_of_the_plain_tree),
        cmocka_unit_test(vectors_and_wider_results_do_so_too),
    };
    return without_leaks(cmocka_run_group_tests(tests, open_device, close_device));
}
