/* The keys of groups, beside what a kernel found out about each. */
#include <parfun.h>
#include <stdio.h>
#include <string.h>
#include "keys.h"

enum { ROWS = 6, MOST_GROUPS = ROWS };

static const char *const city[ROWS] = { "Oslo", "Bern", "Oslo", "Bern", "Oslo",
    "Oslo" };
static const int32_t year[ROWS] = { 2024, 2025, 2025, 2025, 2024, 2025 };
static const double rain[ROWS] = { 80, 55, 91, 65, 100, 89 };

static enum parfun_status group(struct parfun_groups **groups)
{
    static const char *const by[] = { "city", "year" };
    struct parfun_table *table = NULL;
    enum parfun_status status = parfun_table_create(ROWS, &table);

    if (!status)
        status = parfun_table_add(table, "city", PARFUN_STRING, city);
    if (!status)
        status = parfun_table_add(table, "year", PARFUN_INT32, year);
    if (!status)
        status = parfun_group_by(table, by, 2, groups);
    parfun_table_destroy(table);
    return status;
}

int main(void)
{
    static const uint32_t row[ROWS] = { 0, 1, 2, 3, 4, 5 };
    struct parfun_groups *groups = NULL;
    uint32_t any[MOST_GROUPS];
    double mean[MOST_GROUPS];

    if (group(&groups) || means(groups, row, rain, any, mean))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    /* part: print */
    for (size_t i = 0; i < parfun_groups_count(groups); i++)
        printf("%s %d: %g\n", city[any[i]], year[any[i]], mean[i]);
    /* end */
    parfun_groups_destroy(groups);
    return strcmp(city[any[1]], "Oslo") != 0 || year[any[1]] != 2024
            || mean[1] != 90;
}
