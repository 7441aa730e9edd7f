/* SPDX-License-Identifier: Apache-2.0 */
/* kernels_test.c: generators and combiners for kernels, on every device. */
#include "functions/cuts.h"
#include "functions/functions.h"
#include "support/native_kernels.h"

enum { ITEMS = 1000, BINS = 16, STEP = 37, ROWS = 5 };

static int x[ITEMS], y[ITEMS];

static struct parfun_function *with(
        const struct parfun_kernel *kernel, const struct parfun_options *options)
{
    struct parfun_function *function = NULL;

    for (int i = 0; i < ITEMS; i++)
        x[i] = i - 300, y[i] = -1;
    if (parfun_function_create(kernel, options, &function))
        fail_msg("%s", parfun_error());
    return function;
}

/* ---- Generators -------------------------------------------------------------------------- */

static enum parfun_status backwards(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    return cut_backwards(split, wanted, piece, STEP);
}

static enum parfun_status combs(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    (void)user;
    return cut_combs(split, wanted, piece, STEP);
}

static const struct parfun_named_generator generators[] = { { "b", backwards },
    { "c", combs }, { 0 } };

static void a_kernel_sees_the_pieces_of_a_generator(void **state)
{
    static const char *const clauses[] = { "split(by(b): x) combine(y)",
        "split(by(c): x) combine(y)" };

    (void)state;
    for (unsigned c = 0; c < 2; c++) {
        struct parfun_function *function = with(&native_twice,
                PARFUN_OPTIONS(.clauses = clauses[c], .generators = generators));

        MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)));
        for (int i = 0; i < ITEMS; i++)
            assert_int_equal(y[i], 2 * x[i]);
        parfun_function_destroy(function);
    }
}

static void what_is_updated_in_place_goes_back_to_its_places(void **state)
{
    static float in[ITEMS], out[ITEMS];
    float a = 2;
    struct parfun_function *function = with(&native_saxpy,
            PARFUN_OPTIONS(.clauses = "split(by(c): x, y) combine(y)",
                    .generators = generators));

    (void)state;
    for (int i = 0; i < ITEMS; i++)
        in[i] = (float)i, out[i] = (float)(i % 7);
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_VALUE(&a), PARFUN_ARRAY(in),
            PARFUN_ARRAY(out)));
    for (int i = 0; i < ITEMS; i++)
        assert_true(out[i] == 2 * (float)i + (float)(i % 7));
    parfun_function_destroy(function);
}

/* In the order of the generator: numbers that a float adds exactly. */
static void reductions_take_every_item_of_a_generator_once(void **state)
{
    static const char *const clauses[] = {
        "split(by(b): x, y) combine(sum: sum)",
        "split(by(c): x, y) combine(sum: sum)",
        "split(by(c): x) split(by(c): y) combine(sum: sum)",
    };
    static float a[ITEMS], b[ITEMS];

    (void)state;
    for (int i = 0; i < ITEMS; i++)
        a[i] = (float)(i % 10), b[i] = (float)(i % 3);
    for (unsigned c = 0; c < 3; c++) {
        struct parfun_function *function = with(&native_dot,
                PARFUN_OPTIONS(.clauses = clauses[c], .generators = generators));
        float sum = -1, wanted = 0;

        for (int i = 0; i < ITEMS; i++)
            wanted += a[i] * b[i];
        MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(a), PARFUN_ARRAY(b),
                PARFUN_VALUE(&sum)));
        assert_true(sum == wanted);
        parfun_function_destroy(function);
    }
}

static void columns_that_a_list_chooses_keep_their_distance(void **state)
{
    static int in[ROWS * ITEMS];
    int rows = ROWS, stride = ITEMS;
    struct parfun_function *function = with(&native_columns,
            PARFUN_OPTIONS(.clauses =
                                   "split(by(c), columns(stride, rows): in) combine(out)",
                    .generators = generators));

    (void)state;
    for (int i = 0; i < ROWS * ITEMS; i++)
        in[i] = i % 101;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_VALUE(&rows), PARFUN_VALUE(&stride),
            PARFUN_ARRAY(in), PARFUN_ARRAY(y)));
    for (int i = 0; i < ITEMS; i++) {
        int sum = 0;

        for (int r = 0; r < ROWS; r++)
            sum += in[r * ITEMS + i];
        assert_int_equal(y[i], sum);
    }
    parfun_function_destroy(function);
}

static void halos_need_their_neighbours(void **state)
{
    static int in[ITEMS + 2];
    int width = 1;
    struct parfun_function *function = with(&native_blur,
            PARFUN_OPTIONS(.clauses = "split(by(b), rows(w), halo(1): in) "
                                      "combine(rows(w): out)",
                    .generators = generators));

    (void)state;
    for (int i = 0; i < ITEMS + 2; i++)
        in[i] = i;
    MUST(PARFUN_CALL(function, ITEMS, PARFUN_VALUE(&width), PARFUN_ARRAY(in),
            PARFUN_ARRAY(y)));
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(y[i], 3 * (i + 1));
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = "split(by(c), rows(w), halo(1): in) "
                                      "combine(rows(w): out)",
                    .generators = generators)));
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_VALUE(&width), PARFUN_ARRAY(in),
                      PARFUN_ARRAY(y)),
            PARFUN_INVALID,
            "blur(): generator 'c' gave a list of indices, which does not go with "
            "halo()");
    parfun_function_destroy(function);
}

static void packing_needs_items_in_order(void **state)
{
    size_t count = 0;
    struct parfun_function *function = with(&native_pick,
            PARFUN_OPTIONS(.clauses = "split(by(b): x) combine(pack(wanted): kept)",
                    .generators = generators));

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y),
                      PARFUN_VALUE(&count)),
            PARFUN_INVALID, "generator 'b' gave items out of order");
    parfun_function_destroy(function);
}

static void a_kernel_without_its_generator_or_combiner_says_what_is_missing(
        void **state)
{
    static const struct parfun_parameter parameters[] = {
        { "x", "int", 4, 4, PARFUN_GLOBAL_SPACE, 1, 0, { 0 } },
        { "y", "int", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
    };
    static const struct parfun_pragma pragmas[] = {
        { "split(by(weeks): x) combine(y)", 1, 1 },
        { "split(x) combine(each(2): y)", 1, 1 },
    };
    static const char *const sentences[] = {
        "twice(): its clauses name the generator 'weeks'; give it",
        "twice(): its clauses have an each() output, but it has no combiner",
    };

    (void)state;
    for (unsigned p = 0; p < 2; p++) {
        struct parfun_kernel kernel = native_twice;
        struct parfun_function *function;

        kernel.parameters = parameters;
        kernel.pragmas = &pragmas[p];
        function = with(&kernel, NULL);
        MUST_FAIL(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_ARRAY(y)),
                PARFUN_INVALID, sentences[p]);
        parfun_function_destroy(function);
    }
}

/* ---- Combiners ---------------------------------------------------------------------------- */

static enum parfun_status add_counts(
        struct parfun_results *results, void *combined, void *user)
{
    unsigned *total = combined;
    struct parfun_partition *part;
    enum parfun_status status;
    size_t next = 0;

    (void)user;
    while (!(status = parfun_next(results, &part)) && part) {
        const unsigned *counts = parfun_argument(part, "counts");

        if (parfun_first(part) != next)
            return parfun_fail("out of order");
        next += parfun_items(part);
        for (unsigned b = 0; b < BINS; b++)
            total[b] += counts[b];
    }
    return status;
}

static struct parfun_function *make_counting(parfun_combiner *combiner, size_t size)
{
    struct parfun_function *function = with(&native_count,
            PARFUN_OPTIONS(.clauses = "split(bin) combine(each(n): counts)",
                    .combiner = combiner, .fixed_partition_size = size));

    for (int i = 0; i < ITEMS; i++)
        x[i] = i * i % BINS;
    return function;
}

static void a_combiner_takes_a_kernels_results_in_order(void **state)
{
    static const size_t sizes[] = { 0, 10, 333, ITEMS };
    int n = BINS;

    (void)state;
    for (unsigned s = 0; s < 4; s++) {
        struct parfun_function *function = make_counting(add_counts, sizes[s]);

        for (unsigned again = 0; again < 3; again++) {
            unsigned total[BINS] = { 0 }, wanted[BINS] = { 0 };

            for (int i = 0; i < ITEMS; i++)
                wanted[x[i]]++;
            MUST(PARFUN_CALL(function, ITEMS, PARFUN_ARRAY(x), PARFUN_VALUE(&n),
                    PARFUN_ARRAY(total)));
            assert_memory_equal(total, wanted, sizeof wanted);
        }
        parfun_function_destroy(function);
    }
}

static void a_started_kernels_results_are_taken_as_they_come(void **state)
{
    struct parfun_function *function = make_counting(NULL, 10);
    struct parfun_running *running = NULL;
    struct parfun_partition *part;
    int n = BINS;
    unsigned items = 0;
    const struct parfun_value values[] = { PARFUN_ARRAY(x), PARFUN_VALUE(&n),
        { NULL, sizeof(unsigned), 0 } };

    (void)state;
    MUST(parfun_start(function, ITEMS, values, 3, &running));
    for (;;) {
        MUST(parfun_next(parfun_results(running), &part));
        if (!part)
            break;
        const unsigned *counts = parfun_argument(part, "counts");

        for (unsigned b = 0; b < BINS; b++)
            items += counts[b];
    }
    assert_int_equal(items, ITEMS);
    MUST(parfun_finish(running));
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_kernel_sees_the_pieces_of_a_generator),
        cmocka_unit_test(what_is_updated_in_place_goes_back_to_its_places),
        cmocka_unit_test(reductions_take_every_item_of_a_generator_once),
        cmocka_unit_test(columns_that_a_list_chooses_keep_their_distance),
        cmocka_unit_test(halos_need_their_neighbours),
        cmocka_unit_test(packing_needs_items_in_order),
        cmocka_unit_test(
                a_kernel_without_its_generator_or_combiner_says_what_is_missing),
        cmocka_unit_test(a_combiner_takes_a_kernels_results_in_order),
        cmocka_unit_test(a_started_kernels_results_are_taken_as_they_come),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
