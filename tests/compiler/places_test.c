/* SPDX-License-Identifier: Apache-2.0 */
/* places_test.c: what is computed inline has the same bits in a vector and alone, so
 * that no partition changes a result, and is right where estimates are not. */
#include "run.h"

#include "places.h"
#include "support/cmocka.h"

#include <math.h>
#include <string.h>

enum { ITEMS = 4099, RESULTS = 3 };

static float x[ITEMS], together[ITEMS][RESULTS], alone[ITEMS][RESULTS];

/* Every few floats, negative ones, too; then the special ones. */
static void fill(void)
{
    static const float special[] = { 0.0f, -0.0f, INFINITY, -INFINITY, NAN, 1.0f,
        0x1p-149f, 0x1p-126f, 0x1.fffffep127f };

    for (uint32_t i = 0; i < ITEMS; i++) {
        const uint32_t bits = i * (UINT32_MAX / ITEMS);

        memcpy(&x[i], &bits, sizeof bits);
    }
    memcpy(x + ITEMS - sizeof special / sizeof special[0], special, sizeof special);
}

static void run(const struct parfun_variant *variant, size_t first, size_t count,
        float (*results)[RESULTS])
{
    const struct range range = {
        .dimensions = 1, .global = { count, 1, 1 }, .local = { 1, 1, 1 }
    };
    const float *input = x + first;
    float *output = results[first];
    void *arguments[] = { (void *)&input, &output };

    run_kernel(variant, &range, 1, arguments, 0);
}

static void the_place_of_an_item_does_not_change_its_bits(void **state)
{
    const struct parfun_kernel *kernel = &parfun_kernel_inline_functions;

    (void)state;
    fill();
    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        run(&kernel->variants[v], 0, ITEMS, together);
        for (size_t i = 0; i < ITEMS; i++) {
            run(&kernel->variants[v], i, 1, alone);
            for (size_t k = 0; k < RESULTS; k++)
                if (!isnan(alone[i][k]) || !isnan(together[i][k]))
                    assert_memory_equal(
                            &alone[i][k], &together[i][k], sizeof(float));
        }
    }
}

static void rsqrt_is_right_everywhere(void **state)
{
    const struct parfun_kernel *kernel = &parfun_kernel_inline_functions;

    (void)state;
    fill();
    for (uint32_t v = 0; v < kernel->variant_count; v++) {
        if (!can_run(kernel->variants[v].isa))
            continue;
        run(&kernel->variants[v], 0, ITEMS, together);
        for (size_t i = 0; i < ITEMS; i++) {
            const double exact = 1 / sqrt((double)x[i]);
            const double result = (double)together[i][0];

            if (isnan(exact))
                assert_true(isnan(result));
            else if (isinf(exact))
                assert_true(isinf(result) && signbit(result) == signbit(exact));
            else /* 2 units in the last place: at most 2^-23 of the number each */
                assert_true(fabs(result - exact) <= 2 * 0x1p-23 * exact);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_place_of_an_item_does_not_change_its_bits),
        cmocka_unit_test(rsqrt_is_right_everywhere),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
