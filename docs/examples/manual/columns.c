/* What a table of someone else's has, and its columns as a kernel wants them. */
#include <parfun.h>
#include <parfun/arrow.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "keys.h"

enum { ROWS = 5 };

static const char *const city[ROWS] = { "Oslo", "Bern", "Oslo", "Bern", "Oslo" };
static const float rain[ROWS] = { 80, 55, 90, 65, 0 };
static const uint8_t is_known[] = { 0x0f }; /* the last row's rain is null */

/* As from another library: strings with offsets, and 32 bits. */
static enum parfun_status receive(struct parfun_table **table)
{
    struct parfun_table *made = NULL;
    struct ArrowSchema schema;
    struct ArrowArray array;
    enum parfun_status status = parfun_table_create(ROWS, &made);

    if (!status)
        status = parfun_table_add(made, "city", PARFUN_STRING, city);
    if (!status)
        status = parfun_table_add_nullable(
                made, "rain", PARFUN_FLOAT32, rain, is_known);
    if (!status)
        status = parfun_table_export(made, &schema, &array);
    parfun_table_destroy(made);
    return status ? status : parfun_table_import(&schema, &array, table);
}

static enum parfun_status list(const struct parfun_table *table)
{
    /* part: list */
    for (size_t i = 0; i < parfun_table_columns(table); i++) {
        const char *name = parfun_table_column_name(table, i);
        enum parfun_type type;

        if (parfun_table_column_type(table, name, &type))
            return PARFUN_INVALID;
        printf("%s: %s\n", name, type == PARFUN_STRING ? "strings" : "numbers");
    }
    /* end */
    return PARFUN_OK;
}

/* part: widen */
/* The column as doubles, NaN where it is null. */
static enum parfun_status widen(
        const struct parfun_table *table, const char *name, double *wide)
{
    uint8_t valid[ROWS];
    enum parfun_type type;
    enum parfun_status status = parfun_table_column_type(table, name, &type);

    if (!status)
        status = parfun_table_column_validity(table, name, 0, ROWS, valid);
    if (status)
        return status;
    if (type != PARFUN_FLOAT32)
        return PARFUN_UNSUPPORTED;
    const float *narrow = parfun_table_column(table, name);

    for (size_t row = 0; row < ROWS; row++)
        wide[row] = valid[row] ? (double)narrow[row] : (double)NAN;
    return PARFUN_OK;
}
/* end */

static enum parfun_status print(const struct parfun_table *table,
        const struct parfun_groups *groups, const uint32_t *any, const double *mean)
{
    /* part: strings */
    for (size_t i = 0; i < parfun_groups_count(groups); i++) {
        const char *text;
        size_t bytes;

        if (parfun_table_column_strings(table, "city", any[i], 1, &text, &bytes))
            return PARFUN_INVALID;
        printf("%.*s: %g\n", (int)bytes, text, mean[i]);
    }
    /* end */
    return PARFUN_OK;
}

int main(void)
{
    static const uint32_t row[ROWS] = { 0, 1, 2, 3, 4 };
    static const char *const by[] = { "city" };
    struct parfun_table *table = NULL;
    struct parfun_groups *groups = NULL;
    double wide[ROWS], mean[ROWS];
    uint32_t any[ROWS];

    if (receive(&table) || list(table) || widen(table, "rain", wide)
            || parfun_group_by(table, by, 1, &groups)
            || means(groups, row, wide, any, mean)
            || print(table, groups, any, mean))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    const int wrong = mean[0] != 60 || !isnan(mean[1]) || wide[2] != 90;

    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
    return wrong ? fprintf(stderr, "wrong\n"), 1 : 0;
}
