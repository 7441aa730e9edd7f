/* SPDX-License-Identifier: Apache-2.0 */
/*
 * simulate.c: prints how near parfun's decisions, and those of published schedulers,
 * come to the lower bound on made-up machines.
 */
#include "tools/bench/simulate/decisions.h"
#include "tools/bench/simulate/scenarios.h"
#include "tools/bench/simulate/schedulers.h"
#include "tools/bench/simulate/tables.h"

#include <stdio.h>
#include <string.h>

enum { ROWS = 1 + SIM_RIVALS, SCENARIO_SEEDS = 5 };

static void print_row(const char *name, const struct sim_row *row)
{
    printf("| %s |", name);
    for (unsigned m = 0; m < SIM_MACHINES; m++)
        if (row->machine[m].count)
            printf(" %.3f |", sim_cell_mean(&row->machine[m]));
        else
            printf(" - |");
    if (row->all.count)
        printf(" %.3f | %.3f | %.3f |\n", sim_cell_mean(&row->all), row->all.worst,
                row->all.single);
    else
        printf(" - | - | - |\n");
}

static void print_table(const struct sim_table *table, bool alone)
{
    const struct sim_scheduler *schedulers[ROWS] = { &sim_parfun };
    const unsigned count = alone ? 1 : ROWS;
    struct sim_row rows[ROWS];

    memcpy(schedulers + 1, sim_rival, sizeof sim_rival);
    sim_table_run(table, schedulers, count, rows);
    printf("### %s\n\n| algorithm |", table->title);
    for (unsigned m = 0; m < SIM_MACHINES; m++)
        printf(" %s |", sim_machine[m].name);
    printf(" all | worst | single |\n|---|");
    for (unsigned m = 0; m < SIM_MACHINES + 3; m++)
        printf("---|");
    printf("\n");
    for (unsigned r = 0; r < count; r++)
        print_row(schedulers[r]->name, &rows[r]);
    printf("\n");
    (void)fflush(stdout);
}

static void print_scenarios(void)
{
    printf("| scenario | machine | worst of %d | at least |\n|---|---|---|---|\n",
            SCENARIO_SEEDS);
    for (unsigned i = 0; i < sim_scenarios; i++) {
        const struct sim_scenario *scenario = &sim_scenario[i];

        printf("| %s | %s | %.3f | %.2f |\n", scenario->name, scenario->machine,
                sim_scenario_run(scenario, &sim_parfun, SCENARIO_SEEDS),
                scenario->least);
        (void)fflush(stdout);
    }
    printf("\n");
}

static void print_decisions(void)
{
    static const unsigned workers[] = { 2, 16, 64 };

    printf("| CPU workers | one decision and one report, us |\n|---|---|\n");
    for (unsigned i = 0; i < sizeof workers / sizeof *workers; i++)
        printf("| %u | %.2f |\n", workers[i], 1e6 * sim_decision_s(workers[i]));
    printf("\n");
}

static int explain(const char *program)
{
    printf("usage: %s [--alone] [TABLE ...]\n\n"
           "Prints tables in Markdown: T1 to T7 and R1 to R7 (a prefix selects: T),\n"
           "\"scenarios\", and \"decisions\", which are timed on this machine; all of\n"
           "them without a name.  --alone leaves the rivals\n"
           "out, which take most of the time.\n",
            program);
    return 0;
}

/* Is it named on the command line, or is nothing? */
static bool is_chosen(const char *title, int argc, char **argv)
{
    bool any = false;

    for (int i = 1; i < argc; i++) {
        if (strncmp(argv[i], "--", 2) == 0)
            continue;
        any = true;
        if (strncmp(title, argv[i], strlen(argv[i])) == 0)
            return true;
    }
    return !any;
}

int main(int argc, char **argv)
{
    bool alone = false;

    for (int i = 1; i < argc; i++) {
        if (strcmp(argv[i], "--help") == 0)
            return explain(argv[0]);
        if (strcmp(argv[i], "--alone") == 0)
            alone = true;
    }
    for (unsigned t = 0; t < SIM_TABLES; t++)
        if (is_chosen(sim_table[t].title, argc, argv))
            print_table(&sim_table[t], alone);
    if (is_chosen("scenarios", argc, argv))
        print_scenarios();
    if (is_chosen("decisions", argc, argv))
        print_decisions();
    return 0;
}
