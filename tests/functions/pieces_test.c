/* SPDX-License-Identifier: Apache-2.0 */
/* pieces_test.c: generators that are made of generators. */
#include "functions/cuts.h"
#include "functions/functions.h"

enum { DAYS = 365 };

static int day[DAYS];
static double total[DAYS];

/* ---- What they are made of ------------------------------------------------------------- */

static unsigned freed;

/* Counted in memory of its own. */
static enum parfun_status by_fifty(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    freed += wanted == 0;
    return cut_forwards(split, wanted, piece, 50);
}

static enum parfun_status by_weekday(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    return cut_combs(split, wanted, piece, 7);
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
    return parfun_pieces_flatmap(
            cut_into_weeks, halves, split, wanted, piece, user);
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
    return parfun_pieces_map(cut_as_wanted, mirror, split, wanted, piece, user);
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
            cut_into_weeks, by_fifty, shorter, split, wanted, piece, user);
}

static size_t asked;

static enum parfun_status as_it_is(
        struct parfun_split *split, struct parfun_piece *piece, void *user)
{
    (void)split, (void)piece, (void)user;
    return PARFUN_OK;
}

/* Asks for 2, 5 and 4 items in turn. */
static enum parfun_status asking(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    static const size_t sizes[] = { 2, 5, 4 };

    return parfun_pieces_map(cut_as_wanted, as_it_is, split,
            wanted ? sizes[asked++ % 3] : 0, piece, user);
}

/* All items as one piece. */
static enum parfun_status whole(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)wanted, (void)user;
    piece->count = piece->count ? 0 : parfun_split_items(split);
    return PARFUN_OK;
}

static enum parfun_status weeks_of_the_whole(struct parfun_split *split,
        size_t wanted, struct parfun_piece *piece, void *user)
{
    return parfun_pieces_flatmap(whole, cut_into_weeks, split, wanted, piece, user);
}

static enum parfun_status whole_weeks(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return parfun_pieces_flatmap(cut_into_weeks, whole, split, wanted, piece, user);
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

/* Weeks ask nobody for a size: they count as many items as they have all the same. */
static void flatmap_with_the_whole_is_the_other_generator(void **state)
{
    static parfun_generator *const made[] = { weeks_of_the_whole, whole_weeks };

    (void)state;
    for (unsigned g = 0; g < 2; g++) {
        struct parfun_function *function = make_counting(made[g]);
        struct parfun_profile profile = { .size = sizeof profile };

        MUST(PARFUN_CALL(function, DAYS, COUNTED));
        for (int i = 0; i < DAYS; i++)
            assert_true(total[i] == (i < 4 ? 4 : i < 361 ? 7 : 4));
        MUST(parfun_get_profile(function, &profile));
        assert_int_equal(profile.partitions, 53);
        assert_int_equal(profile.items, DAYS);
        parfun_function_destroy(function);
    }
}

static void a_size_is_asked_anew_before_every_piece(void **state)
{
    static const double sizes[10] = { 2, 2, 5, 5, 5, 5, 5, 3, 3, 3 };
    struct parfun_function *function = make_counting(asking);
    struct parfun_profile profile = { .size = sizeof profile };

    (void)state;
    asked = 0;
    MUST(PARFUN_CALL(function, 10, COUNTED));
    assert_memory_equal(total, sizes, sizeof sizes);
    MUST(parfun_get_profile(function, &profile));
    assert_int_equal(profile.partitions, 3);
    parfun_function_destroy(function);
}

static void map_changes_each_piece(void **state)
{
    struct parfun_function *function = make_counting(mirrored);

    (void)state;
    MUST(parfun_push_backend("threads:2"));
    MUST(PARFUN_CALL(function, DAYS, COUNTED));
    MUST(parfun_pop_backend());
    assert_true(total[DAYS - 1] == DAYS / 4 && total[0] < total[DAYS - 1]);
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
        cmocka_unit_test(flatmap_with_the_whole_is_the_other_generator),
        cmocka_unit_test(a_size_is_asked_anew_before_every_piece),
        cmocka_unit_test(map_changes_each_piece),
        cmocka_unit_test(zip_pairs_pieces_and_ends_with_the_shorter),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
