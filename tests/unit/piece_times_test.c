/* SPDX-License-Identifier: Apache-2.0 */
/* What partitions are said to have cost their devices. */
#include "runtime/piece_times.h"
#include "support/cmocka.h"

enum { US = 1000 };

static struct pf_piece_times fill(uint64_t start_us, uint64_t now_us,
        uint64_t last_us, double kernel_us, bool shared_memory)
{
    const struct pf_lane_times lane = { .copy_in_s = 3e-6,
        .copy_out_s = 2e-6,
        .kernel_s = kernel_us * 1e-6,
        .end_ns = (now_us - 1) * US };
    struct pf_piece_times times = { .start_ns = start_us * US,
        .now_ns = now_us * US,
        .partitioning_ns = 7,
        .unfit = true };

    pf_piece_times_fill(&times, &lane, shared_memory, last_us * US);
    assert_int_equal(times.partitioning_ns, 7);
    assert_true(times.unfit);
    return times;
}

/* Times of kernels are rounded to nanoseconds. */
static void assert_costs(const struct pf_piece_times *times, uint64_t us)
{
    assert_in_range(times->busy_ns, us * US - 1, us * US);
}

static void a_device_with_memory_of_its_own_costs_what_its_kernels_take(
        void **state)
{
    const struct pf_piece_times times = fill(100, 160, 90, 40, false);

    (void)state;
    assert_costs(&times, 40);
    assert_int_equal(times.function_ns, times.busy_ns);
    assert_in_range(times.copy_in_ns, 3 * US - 1, 3 * US);
    assert_in_range(times.copy_out_ns, 2 * US - 1, 2 * US);
    assert_int_equal(times.executed_ns, 159 * US);
}

static void where_memory_is_shared_copies_cost_too(void **state)
{
    const struct pf_piece_times first = fill(100, 160, 0, 40, true);
    const struct pf_piece_times next = fill(100, 210, 160, 40, true);

    (void)state;
    assert_costs(&first, 60); /* since it was begun */
    assert_costs(&next, 50);  /* since the device was free for it */
    assert_int_equal(next.executed_ns, 210 * US);
}

static void of_two_that_ran_side_by_side_none_was_free(void **state)
{
    const struct pf_piece_times first = fill(100, 200, 0, 90, true);
    const struct pf_piece_times second = fill(101, 201, 200, 90, true);

    (void)state;
    assert_costs(&first, 100);
    assert_costs(&second, 90);
}

static void clocks_that_disagree_do_no_harm(void **state)
{
    const struct pf_piece_times later = fill(100, 160, 170, 40, true);
    const struct pf_lane_times lane = { .kernel_s = 1e-6, .end_ns = 900 };
    struct pf_piece_times times = { .start_ns = 100, .now_ns = 200 };

    (void)state;
    assert_costs(&later, 40);
    pf_piece_times_fill(&times, &lane, false, 0);
    assert_int_equal(times.executed_ns, 200); /* not after it was told */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(
                a_device_with_memory_of_its_own_costs_what_its_kernels_take),
        cmocka_unit_test(where_memory_is_shared_copies_cost_too),
        cmocka_unit_test(of_two_that_ran_side_by_side_none_was_free),
        cmocka_unit_test(clocks_that_disagree_do_no_harm),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
