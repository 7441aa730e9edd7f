/* Partitions of one's own. */
#include <parfun.h>
#include <stdio.h>

enum { DAYS = 365 };

/* part: generator */
/* A partition is a run of days of one week. */
static enum parfun_status by_week(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const int *day = parfun_split_argument(split, "day");
    const size_t days = parfun_split_items(split);
    size_t end;

    (void)wanted, (void)user;
    piece->first += piece->count; /* both are zero before the first call */
    for (end = piece->first; end < days && day[end] / 7 == day[piece->first] / 7;)
        end++;
    piece->count = end - piece->first; /* zero: that was all */
    return PARFUN_OK;
}
/* end */

/* part: aware */
/* As many whole weeks as the library wants days, but at least one. */
static enum parfun_status by_weeks(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t first = piece->first + piece->count;
    struct parfun_piece week = { .first = first };
    enum parfun_status status;

    do {
        status = by_week(split, wanted, &week, user);
    } while (!status && week.count && week.first + week.count - first < wanted);
    *piece = (struct parfun_piece){ .first = first,
        .count = week.first + week.count - first };
    return status;
}
/* end */

static enum parfun_status add_up(struct parfun_partition *partition, void *user)
{
    const double *rain = parfun_argument(partition, "rain");
    double *total = parfun_argument(partition, "total"), sum = 0;

    (void)user;
    for (size_t i = 0; i < parfun_items(partition); i++)
        sum += rain[i];
    for (size_t i = 0; i < parfun_items(partition); i++)
        total[i] = sum;
    return PARFUN_OK;
}

static enum parfun_status run(const int *day, const double *rain, double *total)
{
    struct parfun_function *function;
    enum parfun_status status;

    /* part: call */
    const struct parfun_named_generator generators[] = { { "by_week", by_week },
        { "by_weeks", by_weeks }, { 0 } };

    status = parfun_function_from_c("add_up",
            "const int *day, const double *rain, double *total", add_up,
            PARFUN_OPTIONS(.clauses =
                                   "split(by(by_week): day) split(rain) combine(total)",
                    .generators = generators),
            &function);
    /* end */
    if (status)
        return status;
    status = PARFUN_CALL(function, DAYS, PARFUN_ARRAY(day), PARFUN_ARRAY(rain),
            PARFUN_ARRAY(total));
    if (!status && (total[0] != 7 || total[7] != 14))
        status = parfun_fail("wrong: %g, %g", total[0], total[7]);
    if (!status)
        status = parfun_set_options(function,
                PARFUN_OPTIONS(.clauses =
                                       "split(by(by_weeks): day) split(rain) combine(total)",
                        .generators = generators));
    if (!status)
        status = PARFUN_CALL(function, DAYS, PARFUN_ARRAY(day), PARFUN_ARRAY(rain),
                PARFUN_ARRAY(total));
    parfun_function_destroy(function);
    return status;
}

int main(void)
{
    static int day[DAYS];
    static double rain[DAYS], total[DAYS];

    for (int i = 0; i < DAYS; i++)
        day[i] = i, rain[i] = i / 7 + 1;
    if (run(day, rain, total))
        return fprintf(stderr, "%s\n", parfun_error()), 1;
    return 0;
}
