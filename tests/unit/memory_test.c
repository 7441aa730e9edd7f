/* SPDX-License-Identifier: Apache-2.0 */
/* Memory for arrays: aligned, and kept where it is large. */
#include "runtime/base/memory.h"
#include "support/cmocka.h"

#include <stdlib.h>
#include <string.h>

enum { LARGE = 5 << 20 };

static void gives_aligned_memory_of_any_size(void **state)
{
    static const size_t sizes[] = { 0, 1, 127, 128, 4 << 20, LARGE };

    (void)state;
    for (unsigned s = 0; s < sizeof sizes / sizeof *sizes; s++) {
        char *memory = pf_memory_create(sizes[s]);

        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % 128, 0);
        memset(memory, 1, sizes[s]);
        free(memory);
    }
    assert_null(pf_memory_create(SIZE_MAX));
}

static void keeps_large_arrays_for_the_next_ones_of_their_size(void **state)
{
    struct pf_memory_pool pool = PF_MEMORY_POOL_INITIALIZER;
    void *memory[PF_MEMORY_SPARE + 2];

    (void)state;
    for (unsigned i = 0; i < PF_MEMORY_SPARE + 2; i++)
        memory[i] = pf_memory_take(&pool, LARGE);
    for (unsigned i = 0; i < PF_MEMORY_SPARE + 2; i++)
        pf_memory_give(&pool, memory[i], LARGE);
    for (unsigned i = 0; i < PF_MEMORY_SPARE; i++)
        assert_ptr_equal(pool.spare[i].memory, memory[i]);
    assert_ptr_equal(pf_memory_take(&pool, LARGE + 1), memory[0]);
    assert_ptr_not_equal(memory[1] = pf_memory_take(&pool, 2 * LARGE), NULL);
    for (unsigned i = 1; i < PF_MEMORY_SPARE; i++)
        assert_non_null(pool.spare[i].memory);
    pf_memory_give(&pool, memory[0], LARGE + 1);
    pf_memory_give(NULL, memory[1], 2 * LARGE);
    pf_memory_pool_empty(&pool);
    for (unsigned i = 0; i < PF_MEMORY_SPARE; i++)
        assert_null(pool.spare[i].memory);
}

static void keeps_no_small_arrays(void **state)
{
    struct pf_memory_pool pool = PF_MEMORY_POOL_INITIALIZER;

    (void)state;
    pf_memory_give(&pool, pf_memory_take(&pool, 1000), 1000);
    pf_memory_give(&pool, NULL, LARGE);
    for (unsigned i = 0; i < PF_MEMORY_SPARE; i++)
        assert_null(pool.spare[i].memory);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gives_aligned_memory_of_any_size),
        cmocka_unit_test(keeps_large_arrays_for_the_next_ones_of_their_size),
        cmocka_unit_test(keeps_no_small_arrays),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
