/* A table, its groups, and its way to other libraries. */
#include <parfun.h>
#include <parfun/arrow.h>
#include <math.h>
#include <stdio.h>
#include "tables.h"

enum { ROWS = 6 };

static const char *const country[ROWS] = { "US", "NL", "DE", "US", "DE", NULL };
static const double workforce[ROWS] = { 161000, 39850, 650951, 240000, 311000, 5 };

static int compute(struct parfun_table **made, struct parfun_groups **found,
        double *difference, double *relative, double *average)
{
    /* part: call */
    const char *by[] = { "country" };
    struct parfun_table *table;
    struct parfun_groups *groups;

    if (parfun_table_create(ROWS, &table)
            || parfun_table_add(table, "country", PARFUN_STRING, country)
            || parfun_table_add(table, "workforce", PARFUN_FLOAT64, workforce)
            || parfun_group_by(table, by, 1, &groups)
            || relative_metrics(groups, parfun_table_column(table, "workforce"),
                    difference, relative, average))
        return fprintf(stderr, "%s\n", parfun_error());
    /* end */
    *made = table;
    *found = groups;
    return 0;
}

static enum parfun_status export(struct parfun_table *table, const double *relative,
        struct ArrowSchema *schema, struct ArrowArray *array) {
    enum parfun_status status;

    /* part: arrow */
    status = parfun_table_add(table, "relative", PARFUN_FLOAT64, relative);
    if (!status) status = parfun_table_export(table, schema, array);
    /* end */
    return status;
}

int main(void)
{
    double difference[ROWS] = { 0 }, relative[ROWS] = { 0 }, average[ROWS];
    struct parfun_table *table, *again;
    struct parfun_groups *groups;
    struct ArrowSchema schema;
    struct ArrowArray array;

    if (compute(&table, &groups, difference, relative, average))
        return 1;
    if (export(table, relative, &schema, &array)
            || parfun_table_import(&schema, &array, &again))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    parfun_table_destroy(table);
    if (parfun_groups_count(groups) != 3 || average[0] != (650951 + 311000) / 2.0
            || difference[3] != 39500 || !isnan(relative[1]) || difference[5] != 0
            || parfun_groups_dropped(groups) != 1
            || parfun_table_column(again, "relative") != relative)
        return fprintf(stderr, "wrong\n"), 1;
    parfun_table_destroy(again);
    parfun_groups_destroy(groups);
    return 0;
}
