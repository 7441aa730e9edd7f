/* SPDX-License-Identifier: Apache-2.0 */
/*
 * scenarios_test.c: on made-up machines the plan comes as near to the lower bound as
 * is written down in tools/bench/simulate/scenarios.c: whatever the machine, the
 * workload, and what goes wrong.  Deterministic.
 */
#include "support/cmocka.h"

#include "tools/bench/simulate/scenarios.h"
#include "tools/bench/simulate/schedulers.h"

static void every_scenario_reaches_its_threshold(void **state)
{
    unsigned failed = 0;

    (void)state;
    for (unsigned i = 0; i < sim_scenarios; i++) {
        const struct sim_scenario *scenario = &sim_scenario[i];
        const double worst = sim_scenario_run(scenario, &sim_parfun, SEEDS);

        if (worst >= scenario->least)
            continue;
        print_error("%s, %s: %.3f, below %.2f\n", scenario->name, scenario->machine,
                worst, scenario->least);
        failed++;
    }
    assert_int_equal(failed, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_scenario_reaches_its_threshold),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
