/* Groups of rows: whole groups go into a partition. */
#include <parfun.h>
#include <stdio.h>
#include "groups.h"

/* part: call */
static const char *const company[] = { "Apple", "ASML", "Volkswagen", "Citigroup",
    "Tencent" };
static const char *const country[] = { "US", "NL", "DE", "US", "CN" };
static const double market_cap[] = { 2828e9, 236e9, 55.55e9, 80.31e9, 345e9 };

static enum parfun_status relative_metrics(double *difference)
{
    static const char *const by[] = { "country" };
    struct parfun_table *table = NULL;
    struct parfun_groups *groups = NULL;
    enum parfun_status status = parfun_table_create(5, &table);

    if (!status)
        status = parfun_table_add(table, "country", PARFUN_STRING, country);
    if (!status)
        status = parfun_group_by(table, by, 1, &groups);
    if (!status)
        status = to_mean(groups, market_cap, difference);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    return status;
}
/* end */

int main(void)
{
    double difference[5];

    if (relative_metrics(difference))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    for (int i = 0; i < 5; i++)
        printf("%-10s %+e\n", company[i], difference[i]);
    return difference[0] < 1373e9 || difference[1] < 0 || difference[1] > 0;
}
