/* SPDX-License-Identifier: Apache-2.0 */
/* pieces_test.c: generators that are made of generators. */
#include "functions/functions.h"

#include <stdlib.h>

enum { DAYS = 365 };

static int day[DAYS];
static double total[DAYS];

/* ---- What they are made of ------------------------------------------------------------- */

/* Runs of days of one week. */
static enum parfun_status by_week(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const int *days = parfun_split_argument(split, "day");
    const size_t n = parfun_split_items(split);
    size_t end;

    (void)user, (void)wanted;
    piece->first += piece->count;
    for (end = piece->first; end < n && days[end] / 7 == days[piece->first] / 7;)
        end++;
    piece->count = end - piece->first;
    return PARFUN_OK;
}

static enum parfun_status as_wanted(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t n = parfun_split_items(split);

    (void)user;
    piece->first += piece->count;
    piece->count = wanted < n - piece->first ? wanted : n - piece->first;
    return PARFUN_OK;
}

static unsigned freed;

/* Pieces of 50, counted in memory of its own. */
static enum parfun_status by_fifty(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    size_t *left = piece->state;

    (void)user;
    if (wanted == 0) {
        free(left);
        freed++;
        return PARFUN_OK;
    }
    if (!left) {
        left = piece->state = malloc(sizeof *left);
        assert_non_null(left);
        *left = parfun_split_items(split);
    }
    piece->first += piece->count;
    piece->count = *left < 50 ? *left : 50;
    *left -= piece->count;
    return PARFUN_OK;
}

enum { STRIDE = 7 };

/* Every seventh day, beginning with each day of the first week. */
static enum parfun_status by_weekday(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    size_t *list = piece->state;
    const size_t n = parfun_split_items(split);

    (void)user;
    if (wanted == 0) {
        free(list);
        return PARFUN_OK;
    }
    if (!list) {
        list = piece->state = malloc((n + 1) * sizeof *list);
        assert_non_null(list);
        list[0] = 0;
    }
    piece->count = 0;
    for (size_t i = list[0]; list[0] < STRIDE && i < n; i += STRIDE)
        list[1 + piece->count++] = i;
    list[0]++;
    piece->indices = list + 1;
    return PARFUN_OK;
}

/* ---- What they make --------------------------------------------------------------------- */

static enum parfun_status halves(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t n = parfun_split_items(split);
    const int *days = parfun_split_argument(split, "day");

    (void)wanted, (void)user;
    if (days && days[0] % 7 != 0 && days[0] != 3)
        return parfun_fail("a week begins with day %d", days[0]);
    piece->first += piece->count;
    piece->count = piece->first == 0 ? (n + 1) / 2 : n - piece->first;
    return PARFUN_OK;
}

static enum parfun_status half_weeks(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return parfun_pieces_flatmap(by_week, halves, split, wanted, piece, user);
}

static enum parfun_status half_weekdays(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return parfun_pieces_flatmap(by_weekday, halves, split, wanted, piece, user);
}

static enum parfun_status mirror(
        struct parfun_split *split, struct parfun_piece *piece, void *user)
{
    (void)user;
    piece->first = parfun_split_items(split) - piece->first - piece->count;
    return PARFUN_OK;
}

static enum parfun_status mirrored(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return parfun_pieces_map(as_wanted, mirror, split, wanted, piece, user);
}

/* The shorter of the two, from where the last pair ended. */
static enum parfun_status shorter(struct parfun_split *split,
        const struct parfun_piece *a, const struct parfun_piece *b,
        struct parfun_piece *piece, void *user)
{
    (void)split, (void)user;
    piece->first += piece->count;
    piece->count = a->count < b->count ? a->count : b->count;
    return PARFUN_OK;
}

static enum parfun_status zipped(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return parfun_pieces_zip(
            by_week, by_fifty, shorter, split, wanted, piece, user);
}

static enum parfun_status count_items(struct parfun_partition *part, void *user)
{
    const int *days = parfun_argument(part, "day");
    double *out = parfun_argument(part, "total");

    (void)user, (void)days;
    for (size_t i = 0; i < parfun_items(part); i++)
        out[i] = (double)parfun_items(part);
    return PARFUN_OK;
}

static struct parfun_function *make_counting(parfun_generator *generator)
{
    const struct parfun_named_generator generators[] = { { "g", generator },
        { 0 } };

    freed = 0;
    for (int i = 0; i < DAYS; i++)
        day[i] = i + 3;
    return make("count", "const int *day, double *total", count_items,
            PARFUN_OPTIONS(.clauses = "split(by(g): day) combine(total)",
                    .generators = generators));
}

#define COUNTED PARFUN_ARRAY(day), PARFUN_ARRAY(total)

static void flatmap_cuts_each_piece_of_another_generator(void **state)
{
    struct parfun_function *function = make_counting(half_weeks);

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, COUNTED));
    assert_true(total[0] == 2 && total[2] == 2); /* of 4 days */
    assert_true(total[4] == 4 && total[8] == 3); /* of 7 */
    parfun_function_destroy(function);
    function = make_counting(half_weekdays);
    MUST(PARFUN_CALL(function, DAYS, COUNTED));
    assert_true(total[0] == 27 && total[7 * 27] == 26 && total[1] == 26);
    parfun_function_destroy(function);
}

static void map_changes_each_piece(void **state)
{
    struct parfun_function *function = make_counting(mirrored);

    (void)state;
    MUST(parfun_push_backend("serial"));
    MUST(PARFUN_CALL(function, DAYS, COUNTED));
    MUST(parfun_pop_backend());
    assert_true(total[DAYS - 1] == DAYS / 2 && total[0] == 1);
    MUST(PARFUN_CALL(function, DAYS, COUNTED));
    parfun_function_destroy(function);
}

static void zip_pairs_pieces_and_ends_with_the_shorter(void **state)
{
    struct parfun_function *function = make_counting(zipped);

    (void)state;
    /* eight pieces of the second: 4 + 7 * 7 items */
    MUST_FAIL(PARFUN_CALL(function, DAYS, COUNTED), PARFUN_INVALID,
            "generator 'g' left out item 53");
    assert_int_equal(freed, 1);
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(flatmap_cuts_each_piece_of_another_generator),
        cmocka_unit_test(map_changes_each_piece),
        cmocka_unit_test(zip_pairs_pieces_and_ends_with_the_shorter),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
