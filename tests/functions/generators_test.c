/* SPDX-License-Identifier: Apache-2.0 */
/* generators_test.c: partitions that the caller's own functions cut. */
#include "functions/cuts.h"
#include "functions/functions.h"

#include <stdatomic.h>

enum { DAYS = 365 };

static int day[DAYS];
static double rain[DAYS], total[DAYS];

/* What a generator was asked, and what bodies saw. */
static struct {
    size_t asked, wanted_least, wanted_most, freed;
    _Atomic size_t made, done, most_alive;
} seen;

static void watch(void)
{
    seen.asked = seen.wanted_most = seen.freed = 0;
    seen.wanted_least = SIZE_MAX;
    atomic_store(&seen.made, 0);
    atomic_store(&seen.done, 0);
    atomic_store(&seen.most_alive, 0);
    for (int i = 0; i < DAYS; i++) {
        day[i] = i + 3;
        rain[i] = i % 5;
        total[i] = -1;
    }
}

static void note(size_t wanted)
{
    const size_t alive =
            atomic_fetch_add(&seen.made, 1) + 1 - atomic_load(&seen.done);

    seen.asked++;
    if (wanted < seen.wanted_least)
        seen.wanted_least = wanted;
    if (wanted > seen.wanted_most)
        seen.wanted_most = wanted;
    if (alive > atomic_load(&seen.most_alive))
        atomic_store(&seen.most_alive, alive);
}

static enum parfun_status by_week(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const enum parfun_status status = cut_into_weeks(split, wanted, piece, user);

    if (piece->count)
        note(wanted);
    return status;
}

static enum parfun_status weekly(struct parfun_partition *part, void *user)
{
    const double *in = parfun_argument(part, "rain");
    double *out = parfun_argument(part, "total"), sum = 0;

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        sum += in[i];
    for (size_t i = 0; i < parfun_items(part); i++)
        out[i] = sum;
    (void)atomic_fetch_add(&seen.done, 1);
    return PARFUN_OK;
}

static const char signature[] = "const int *day, const double *rain, double *total";
static const char clauses[] = "split(by(g): day) split(rain) combine(total)";

static struct parfun_function *make_weekly(
        parfun_generator *generator, const char *text)
{
    const struct parfun_named_generator generators[] = { { "g", generator },
        { 0 } };

    watch();
    return make("weekly", signature, weekly,
            PARFUN_OPTIONS(.clauses = text, .generators = generators));
}

#define WEEKS PARFUN_ARRAY(day), PARFUN_ARRAY(rain), PARFUN_ARRAY(total)

static double week_of(size_t i)
{
    double sum = 0;

    for (int j = 0; j < DAYS; j++)
        if ((j + 3) / 7 == ((int)i + 3) / 7)
            sum += j % 5;
    return sum;
}

static void other_splits_follow_the_cuts_of_a_generator(void **state)
{
    struct parfun_function *function = make_weekly(by_week, clauses);

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    for (size_t i = 0; i < DAYS; i++)
        assert_true(total[i] == week_of(i));
    assert_int_equal(seen.asked, 53);
    parfun_function_destroy(function);
}

static void a_star_is_split_by_a_generator(void **state)
{
    struct parfun_function *function =
            make_weekly(by_week, "split(by(g): *) combine(total)");

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    for (size_t i = 0; i < DAYS; i++)
        assert_true(total[i] == week_of(i));
    parfun_function_destroy(function);
}

/* With w workers at most w run, w + 1 are made; a caller of a small machine counts as
 * well as one of a large one. */
static void cutting_is_lazy(void **state)
{
    struct parfun_function *function = make_weekly(by_week, clauses);

    (void)state;
    MUST(parfun_push_backend("threads:3"));
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    MUST(parfun_pop_backend());
    assert_int_equal(seen.asked, 53);
    assert_in_range(atomic_load(&seen.most_alive), 1, 4);
    watch();
    MUST(parfun_push_backend("serial"));
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    MUST(parfun_pop_backend());
    assert_in_range(atomic_load(&seen.most_alive), 1, 2);
    parfun_function_destroy(function);
}

static enum parfun_status as_wanted(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const enum parfun_status status = cut_as_wanted(split, wanted, piece, user);

    if (piece->count)
        note(wanted);
    return status;
}

static void a_generator_that_asks_is_told_the_size_that_is_wanted(void **state)
{
    const struct parfun_named_generator generators[] = { { "g", as_wanted },
        { 0 } };
    struct parfun_function *function = make_weekly(as_wanted, clauses);

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    assert_true(seen.wanted_least >= 1 && seen.wanted_most <= DAYS);
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = clauses, .generators = generators,
                    .fixed_partition_size = 100)));
    watch();
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    assert_int_equal(seen.wanted_least, 100);
    assert_int_equal(seen.wanted_most, 100);
    assert_int_equal(seen.asked, 4);
    parfun_function_destroy(function);
}

/* What is learned would be the end of the initial size. */
static void nothing_is_learned_from_the_pieces_of_a_generator(void **state)
{
    const struct parfun_named_generator generators[] = { { "g", as_wanted },
        { 0 } };
    struct parfun_function *function = make_weekly(as_wanted, clauses);
    struct parfun_profile profile = { .size = sizeof profile };

    const size_t size = strcmp(parfun_backend(), "none") == 0 ? DAYS : 17;

    (void)state;
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = clauses, .generators = generators,
                    .initial_partition_size = 17)));
    for (unsigned again = 0; again < 5; again++) {
        watch();
        MUST(PARFUN_CALL(function, DAYS, WEEKS));
        assert_int_equal(seen.wanted_least, size);
        assert_int_equal(seen.wanted_most, size);
    }
    MUST(parfun_get_profile(function, &profile));
    assert_int_equal(profile.partition_size, 0);
    assert_true(profile.alpha_ns == 0 && profile.beta_ns == 0);
    parfun_function_destroy(function);
}

/* ---- State ------------------------------------------------------------------------------- */

static enum parfun_status with_state(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const enum parfun_status status = cut_forwards(split, wanted, piece, 50);

    (void)user;
    if (wanted == 0) {
        seen.freed++;
        return status;
    }
    note(wanted);
    return seen.asked == 3 && *(const int *)parfun_split_argument(split, "day") == 0
            ? parfun_fail("enough")
            : status;
}

static void the_state_of_a_generator_is_freed_once_also_after_a_failure(
        void **state)
{
    struct parfun_function *function = make_weekly(with_state, clauses);

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    assert_int_equal(seen.freed, 1);
    watch();
    day[0] = 0;
    MUST_FAIL(PARFUN_CALL(function, DAYS, WEEKS), PARFUN_FUNCTION_FAILED,
            "weekly(): enough");
    assert_int_equal(seen.freed, 1);
    parfun_function_destroy(function);
}

static void each_call_has_a_state_of_its_own(void **state)
{
    static double other[DAYS];
    struct parfun_function *function = make_weekly(with_state, clauses);
    struct parfun_running *first = NULL, *second = NULL;
    const struct parfun_value one[] = { WEEKS },
                              two[] = { PARFUN_ARRAY(day), PARFUN_ARRAY(rain),
                                  PARFUN_ARRAY(other) };

    (void)state;
    MUST(parfun_start(function, DAYS, one, 3, &first));
    MUST(parfun_start(function, DAYS, two, 3, &second));
    MUST(parfun_finish(second));
    MUST(parfun_finish(first));
    assert_int_equal(seen.freed, 2);
    assert_memory_equal(total, other, sizeof total);
    parfun_function_destroy(function);
}

/* ---- Lists of indices -------------------------------------------------------------------- */

enum { STRIDE = 7 };

static enum parfun_status by_weekday(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    return cut_combs(split, wanted, piece, STRIDE);
}

static void items_of_an_index_list_are_gathered_and_go_back_to_their_places(
        void **state)
{
    struct parfun_function *function = make_weekly(by_weekday, clauses);

    (void)state;
    MUST(PARFUN_CALL(function, DAYS, WEEKS));
    for (size_t i = 0; i < DAYS; i++) {
        double sum = 0;

        for (size_t j = i % STRIDE; j < DAYS; j += STRIDE)
            sum += rain[j];
        assert_true(total[i] == sum);
    }
    parfun_function_destroy(function);
}

static enum parfun_status transpose(struct parfun_partition *part, void *user)
{
    const int *in = parfun_argument(part, "in");
    int *out = parfun_argument(part, "out"), *sum = parfun_argument(part, "sum");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        for (size_t r = 0; r < 3; r++)
            out[i * 3 + r] = in[r * DAYS + i];
        sum[i] = in[i];
    }
    return PARFUN_OK;
}

static void index_lists_choose_rows_columns_and_values_to_be_reduced(void **state)
{
    static int in[3 * DAYS], out[3 * DAYS];
    const struct parfun_named_generator generators[] = { { "g", by_weekday },
        { 0 } };
    struct parfun_function *function = make("transpose",
            "const int *in, int *out, int *sum", transpose,
            PARFUN_OPTIONS(.clauses = "split(by(g), columns(365, 3): in) "
                                      "combine(rows(3): out) combine(sum: sum)",
                    .generators = generators));
    int sum = 0;

    (void)state;
    for (int i = 0; i < 3 * DAYS; i++)
        in[i] = i;
    MUST(PARFUN_CALL(function, DAYS, PARFUN_ARRAY(in), PARFUN_ARRAY(out),
            PARFUN_VALUE(&sum)));
    for (int i = 0; i < DAYS; i++)
        for (int r = 0; r < 3; r++)
            assert_int_equal(out[i * 3 + r], r * DAYS + i);
    assert_int_equal(sum, DAYS * (DAYS - 1) / 2);
    parfun_function_destroy(function);
}

/* ---- Several generators -------------------------------------------------------------------- */

static enum parfun_status backwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    return cut_backwards(split, wanted, piece, 10);
}

static enum parfun_status forwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    return cut_forwards(split, wanted, piece, *(const size_t *)user);
}

static enum parfun_status copy(struct parfun_partition *part, void *user)
{
    (void)user;
    memcpy(parfun_argument(part, "out"), parfun_argument(part, "in"),
            parfun_items(part) * sizeof(int));
    return PARFUN_OK;
}

static void two_generators_go_in_step(void **state)
{
    static int in[DAYS], out[DAYS];
    const struct parfun_named_generator generators[] = { { "a", forwards },
        { "b", backwards }, { 0 } };
    size_t step = 10;
    struct parfun_function *function = make("f", "const int *in, int *out", copy,
            PARFUN_OPTIONS(.clauses = "split(by(a): in) split(by(b): out) "
                                      "combine(out)",
                    .generators = generators, .user = &step));

    (void)state;
    for (int i = 0; i < DAYS; i++)
        in[i] = i, out[i] = -1;
    MUST(PARFUN_CALL(function, 360, PARFUN_ARRAY(in), PARFUN_ARRAY(out)));
    for (int i = 0; i < 360; i++)
        assert_int_equal(out[350 - i / 10 * 10 + i % 10], i);
    step = 20;
    MUST_FAIL(PARFUN_CALL(function, 360, PARFUN_ARRAY(in), PARFUN_ARRAY(out)),
            PARFUN_INVALID,
            "f(): generators 'a' and 'b' gave pieces of 20 and 10 items; they must "
            "agree piece by piece");
    parfun_function_destroy(function);
}

/* ---- Mistakes --------------------------------------------------------------------------------- */

static int mistake;

static enum parfun_status wrong(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    static const size_t list[] = { 1, 5, 400 };
    const size_t n = parfun_split_items(split);

    (void)user, (void)wanted;
    piece->first += piece->count;
    piece->count = piece->first < n ? 73 : 0;
    switch (mistake) {
    case 0: /* overlaps */
        piece->first -= piece->first > 200;
        break;
    case 1: /* leaves out */
        piece->first += piece->first == 73;
        if (piece->first + piece->count > n)
            piece->count = n - piece->first;
        break;
    case 2: /* ends too early */
        piece->count = piece->first < 300 ? 73 : 0;
        if (piece->first > 200)
            piece->count = 0;
        break;
    case 3: /* goes beyond the end */
        piece->count = piece->first == 292 ? 74 : piece->count;
        break;
    case 4: /* for ever */
        piece->first = 0;
        piece->count = 73;
        break;
    case 5:
        piece->indices = list;
        piece->count = 3;
        break;
    case 6:
        return piece->first > 100 ? parfun_fail("no week %d", 7) : PARFUN_OK;
    default:
        return piece->first > 100 ? PARFUN_NO_MEMORY : PARFUN_OK;
    }
    return PARFUN_OK;
}

static void mistakes_of_generators_are_errors_with_a_sentence(void **state)
{
    static const struct {
        enum parfun_status status;
        const char *sentence;
    } wanted[] = {
        { PARFUN_INVALID, "generator 'g' gave item 218 twice" },
        { PARFUN_INVALID, "generator 'g' left out item 73" },
        { PARFUN_INVALID, "generator 'g' left out item 219" },
        { PARFUN_INVALID,
                "generator 'g' gave item 365, but the call's 365 items end" },
        { PARFUN_INVALID, "generator 'g' gave item 0 twice" },
        { PARFUN_INVALID, "generator 'g' gave item 400, but the call's 365" },
        { PARFUN_FUNCTION_FAILED, "weekly(): no week 7" },
        { PARFUN_NO_MEMORY, "generator 'g' returned PARFUN_NO_MEMORY" },
    };
    struct parfun_function *function = make_weekly(wrong, clauses);

    (void)state;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        mistake = (int)i;
        MUST_FAIL(PARFUN_CALL(function, DAYS, WEEKS), wanted[i].status,
                wanted[i].sentence);
    }
    parfun_function_destroy(function);
    function = make_weekly(by_week, clauses);
    MUST(PARFUN_CALL(function, DAYS, WEEKS)); /* the next call works */
    parfun_function_destroy(function);
}

static void a_generator_that_is_not_given_is_an_error_at_definition(void **state)
{
    struct parfun_function *function = NULL;

    (void)state;
    MUST_FAIL(parfun_function_from_c("weekly", signature, weekly,
                      PARFUN_OPTIONS(.clauses = clauses), &function),
            PARFUN_INVALID,
            "split(by(g): ...) names a generator that is not in "
            "parfun_options.generators");
}

static void zero_items_ask_no_generator(void **state)
{
    struct parfun_function *function = make_weekly(by_week, clauses);

    (void)state;
    MUST(PARFUN_CALL(function, 0, WEEKS));
    assert_int_equal(seen.asked, 0);
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(other_splits_follow_the_cuts_of_a_generator),
        cmocka_unit_test(a_star_is_split_by_a_generator),
        cmocka_unit_test(cutting_is_lazy),
        cmocka_unit_test(a_generator_that_asks_is_told_the_size_that_is_wanted),
        cmocka_unit_test(nothing_is_learned_from_the_pieces_of_a_generator),
        cmocka_unit_test(
                the_state_of_a_generator_is_freed_once_also_after_a_failure),
        cmocka_unit_test(each_call_has_a_state_of_its_own),
        cmocka_unit_test(
                items_of_an_index_list_are_gathered_and_go_back_to_their_places),
        cmocka_unit_test(index_lists_choose_rows_columns_and_values_to_be_reduced),
        cmocka_unit_test(two_generators_go_in_step),
        cmocka_unit_test(mistakes_of_generators_are_errors_with_a_sentence),
        cmocka_unit_test(a_generator_that_is_not_given_is_an_error_at_definition),
        cmocka_unit_test(zero_items_ask_no_generator),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
