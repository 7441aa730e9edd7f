/* SPDX-License-Identifier: Apache-2.0 */
/* bodies_test.c: what bodies see of each split, and what becomes of their results. */
#include "functions/functions.h"

#include <math.h>
#include <stdlib.h>

enum { MOST = 5000, WIDTH = 3, BINS = 7 };

static const size_t counts[] = { 0, 1, 2, 63, 64, 1023, 1024, 1025, MOST };
static const size_t sizes[] = { 0, 1, 100, 1024, MOST };

#define COUNT(array) (sizeof(array) / sizeof(array)[0])
#define FOR_EACH_SIZE(function, items)                                  \
    for (size_t c_ = 0; c_ < COUNT(counts); c_++)                       \
        for (size_t s_ = 0; s_ < COUNT(sizes); s_++)                    \
            if (((items) = counts[c_], sizes[s_] != 1 || (items) < 100) \
                    && (set_size((function), sizes[s_]), true))

static const char *clauses; /* of the function under test */

static void set_size(struct parfun_function *function, size_t size)
{
    MUST(parfun_set_options(function,
            PARFUN_OPTIONS(.clauses = clauses, .fixed_partition_size = size)));
}

static struct parfun_function *with(
        const char *text, const char *signature, parfun_body *body)
{
    clauses = text;
    return make("f", signature, body, PARFUN_OPTIONS(.clauses = text));
}

/* ---- Splits ---------------------------------------------------------------------------- */

static enum parfun_status scale(struct parfun_partition *part, void *user)
{
    const double *x = parfun_argument(part, "x");
    const double *a = parfun_argument(part, "a");
    double *y = parfun_argument(part, "y");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        y[i] = *a * x[i] + y[i];
    return PARFUN_OK;
}

static void one_element_per_item_is_read_and_updated_in_place(void **state)
{
    static double x[MOST], y[MOST];
    struct parfun_function *function = with("split(x, y) combine(y)",
            "const double *x, double a, double *y", scale);
    size_t items;

    (void)state;
    FOR_EACH_SIZE(function, items)
    {
        double a = 2;

        for (size_t i = 0; i < MOST; i++)
            x[i] = (double)i, y[i] = 1;
        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(x), PARFUN_VALUE(&a),
                PARFUN_ARRAY(y)));
        for (size_t i = 0; i < MOST; i++)
            assert_true(y[i] == (i < items ? 2 * (double)i + 1 : 1));
    }
    parfun_function_destroy(function);
}

static enum parfun_status blur(struct parfun_partition *part, void *user)
{
    const float *in = parfun_argument(part, "in");
    float *out = parfun_argument(part, "out");
    const int width = *(const int *)parfun_argument(part, "width");

    (void)user;
    /* the part begins with the halo's row */
    for (size_t i = 0; i < parfun_items(part) * (size_t)width; i++)
        out[i] = in[i] + in[i + (size_t)width] + in[i + 2 * (size_t)width];
    return PARFUN_OK;
}

static void rows_come_with_their_halo(void **state)
{
    static float in[(MOST + 2) * WIDTH], out[MOST * WIDTH];
    struct parfun_function *function =
            with("split(rows(width), halo(1): in) combine(rows(width): out)",
                    "int width, const float *in, float *out", blur);
    size_t items;

    (void)state;
    for (size_t i = 0; i < COUNT(in); i++)
        in[i] = (float)(i % 11);
    FOR_EACH_SIZE(function, items)
    {
        int width = WIDTH;

        memset(out, 0, sizeof out);
        MUST(PARFUN_CALL(function, items, PARFUN_VALUE(&width), PARFUN_ARRAY(in),
                PARFUN_ARRAY(out)));
        for (size_t i = 0; i < items * WIDTH; i++)
            assert_true(out[i] == in[i] + in[i + WIDTH] + in[i + 2 * WIDTH]);
    }
    parfun_function_destroy(function);
}

static enum parfun_status transpose(struct parfun_partition *part, void *user)
{
    const int *in = parfun_argument(part, "in");
    int *out = parfun_argument(part, "out");
    const size_t *stride = parfun_argument(part, "n");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        for (size_t r = 0; r < WIDTH; r++)
            out[i * WIDTH + r] = in[r * *stride + i];
    return PARFUN_OK;
}

static void columns_keep_their_distance(void **state)
{
    static int in[WIDTH * MOST], out[MOST * WIDTH];
    struct parfun_function *function =
            with("split(columns(n, 3): in) combine(rows(3): out)",
                    "const int *in, int *out, size_t n", transpose);
    size_t items;

    (void)state;
    for (size_t i = 0; i < COUNT(in); i++)
        in[i] = (int)i;
    FOR_EACH_SIZE(function, items)
    {
        size_t n = MOST;

        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(in), PARFUN_ARRAY(out),
                PARFUN_VALUE(&n)));
        for (size_t i = 0; i < items; i++)
            for (size_t r = 0; r < WIDTH; r++)
                assert_int_equal(out[i * WIDTH + r], r * MOST + i);
    }
    parfun_function_destroy(function);
}

struct point {
    char name;
    double x, y;
};

static enum parfun_status look_up(struct parfun_partition *part, void *user)
{
    const struct point *table = parfun_argument(part, "table");
    const struct point *origin = parfun_argument(part, "origin");
    const unsigned *index = parfun_argument(part, "index");
    struct point *out = parfun_argument(part, "out");

    (void)user;
    if (parfun_items_of(part, "table") != BINS
            || parfun_items_of(part, "index") != parfun_items(part)
            || parfun_items_of(part, "origin") != 1
            || parfun_items_of(part, "nothing") != 0
            || parfun_argument(part, "nothing") != NULL)
        return parfun_fail("the partition says something else");
    for (size_t i = 0; i < parfun_items(part); i++) {
        out[i] = table[index[i]];
        out[i].x -= origin->x;
    }
    return PARFUN_OK;
}

static void structs_are_as_large_as_the_caller_says(void **state)
{
    static unsigned index[MOST];
    static struct point out[MOST];
    struct point table[BINS], origin = { 'o', 1, 2 };
    struct parfun_function *function = with("split(index) combine(out)",
            "const struct point *table, struct point origin, "
            "const unsigned *index, struct point *out",
            look_up);
    size_t items;

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        index[i] = (unsigned)(i * i % BINS);
    for (size_t i = 0; i < BINS; i++)
        table[i] = (struct point){ (char)('a' + i), (double)i, 0 };
    FOR_EACH_SIZE(function, items)
    {
        MUST(PARFUN_CALL(function, items, PARFUN_COUNTED(table, BINS),
                PARFUN_VALUE(&origin), PARFUN_ARRAY(index), PARFUN_ARRAY(out)));
        for (size_t i = 0; i < items; i++)
            assert_true(out[i].name == 'a' + (int)index[i]
                    && out[i].x == index[i] - 1.0);
    }
    parfun_function_destroy(function);
}

static enum parfun_status measure(struct parfun_partition *part, void *user)
{
    const char *const *line = parfun_argument(part, "line");
    size_t *length = parfun_argument(part, "length");

    for (size_t i = 0; i < parfun_items(part); i++)
        length[i] = strlen(line[i]) + *(size_t *)user;
    return PARFUN_OK;
}

static void strings_are_pointers_to_pointers(void **state)
{
    static const char *line[MOST];
    static size_t length[MOST];
    size_t more = 10;
    struct parfun_function *function = make("measure",
            "const char *const *line, size_t *length", measure,
            PARFUN_OPTIONS(.clauses = "split(*) combine(length)", .user = &more));

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        line[i] = &"every word"[i % 10];
    MUST(PARFUN_CALL(function, MOST, PARFUN_ARRAY(line), PARFUN_ARRAY(length)));
    for (size_t i = 0; i < MOST; i++)
        assert_int_equal(length[i], 20 - i % 10);
    parfun_function_destroy(function);
}

static enum parfun_status number(struct parfun_partition *part, void *user)
{
    size_t *out = parfun_argument(part, "out");
    const size_t first = *(size_t *)parfun_argument(part, "first");
    const size_t count = *(size_t *)parfun_argument(part, "count");

    (void)user;
    if (first != parfun_first(part) || count != parfun_items(part))
        return parfun_fail("the parameters say something else");
    for (size_t i = 0; i < count; i++)
        out[i] = first + i;
    return PARFUN_OK;
}

static void no_splitter_at_all_is_a_range_of_numbers(void **state)
{
    static size_t out[MOST];
    struct parfun_function *function =
            with("combine(out) first(first) items(count)",
                    "size_t first, size_t count, size_t *out", number);
    size_t items;

    (void)state;
    FOR_EACH_SIZE(function, items)
    {
        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(out)));
        for (size_t i = 0; i < items; i++)
            assert_int_equal(out[i], i);
    }
    parfun_function_destroy(function);
}

/* ---- Results ----------------------------------------------------------------------------- */

static enum parfun_status values_of(struct parfun_partition *part, void *user)
{
    const float *x = parfun_argument(part, "x");
    float *sum = parfun_argument(part, "sum"), *low = parfun_argument(part, "low");
    unsigned *bits = parfun_argument(part, "bits");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        sum[i] = low[i] = x[i];
        bits[i] = 1u << (parfun_first(part) + i) % 4;
    }
    return PARFUN_OK;
}

static void reductions_have_the_same_bits_for_every_size(void **state)
{
    static float x[MOST];
    struct parfun_function *function = with(
            "split(x) combine(sum: sum) combine(min: low) combine(or: bits)",
            "const float *x, float *sum, float *low, unsigned *bits", values_of);
    size_t items;
    float wanted[COUNT(counts)];

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        x[i] = (float)(i % 100) - 1 / (float)(i + 3);
    FOR_EACH_SIZE(function, items)
    {
        float sum = -1, low = -1;
        unsigned bits = 77;

        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(x), PARFUN_VALUE(&sum),
                PARFUN_VALUE(&low), PARFUN_VALUE(&bits)));
        if (s_ == 0)
            wanted[c_] = sum;
        assert_memory_equal(&sum, &wanted[c_], sizeof sum);
        assert_true(items ? low == x[0] : isinf(low));
        assert_int_equal(bits, items < 4 ? (1u << items) - 1 : 15);
    }
    parfun_function_destroy(function);
}

static enum parfun_status count_bins(struct parfun_partition *part, void *user)
{
    const unsigned char *x = parfun_argument(part, "x");
    unsigned *bins = parfun_argument(part, "bins");
    double *weight = parfun_argument(part, "weight");

    (void)user;
    if (parfun_items_of(part, "bins") != BINS)
        return parfun_fail("%zu bins", parfun_items_of(part, "bins"));
    for (size_t i = 0; i < parfun_items(part); i++) {
        bins[x[i]]++;
        weight[x[i]] += 0.5;
    }
    return PARFUN_OK;
}

static void accumulated_arrays_are_overwritten_with_the_total(void **state)
{
    static unsigned char x[MOST];
    struct parfun_function *function = with(
            "split(x) combine(accumulate(sum, 7): bins, weight)",
            "const unsigned char *x, unsigned *bins, double *weight", count_bins);
    size_t items;

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        x[i] = (unsigned char)(i * i % BINS);
    FOR_EACH_SIZE(function, items)
    {
        unsigned bins[BINS], wanted[BINS] = { 0 };
        double weight[BINS];

        memset(bins, 0x55, sizeof bins);
        memset(weight, 0x55, sizeof weight);
        for (size_t i = 0; i < items; i++)
            wanted[x[i]]++;
        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(bins),
                PARFUN_ARRAY(weight)));
        assert_memory_equal(bins, wanted, sizeof bins);
        for (size_t b = 0; b < BINS; b++)
            assert_true(weight[b] == 0.5 * wanted[b]);
    }
    parfun_function_destroy(function);
}

static enum parfun_status pick(struct parfun_partition *part, void *user)
{
    const int *x = parfun_argument(part, "x");
    int *kept = parfun_argument(part, "kept");
    bool *wanted = parfun_argument(part, "wanted");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++) {
        wanted[i] = x[i] % 3 == 0;
        kept[i] = x[i];
    }
    return PARFUN_OK;
}

static void packed_elements_stand_in_item_order(void **state)
{
    static int x[MOST], kept[MOST];
    struct parfun_function *function = with("split(x) combine(pack(wanted): kept)",
            "const int *x, bool *wanted, int *kept", pick);
    size_t items;

    (void)state;
    for (size_t i = 0; i < MOST; i++)
        x[i] = (int)(i * 7 % 1000);
    FOR_EACH_SIZE(function, items)
    {
        size_t count = 99, next = 0;

        MUST(PARFUN_CALL(function, items, PARFUN_ARRAY(x), PARFUN_ARRAY(kept),
                PARFUN_VALUE(&count)));
        for (size_t i = 0; i < items; i++)
            if (x[i] % 3 == 0)
                assert_int_equal(kept[next++], x[i]);
        assert_int_equal(count, next);
    }
    parfun_function_destroy(function);
}

static enum parfun_status place(struct parfun_partition *part, void *user)
{
    const size_t *to = parfun_argument(part, "to");
    size_t *out = parfun_argument(part, "out");

    (void)user;
    for (size_t i = 0; i < parfun_items(part); i++)
        out[to[i]] = parfun_first(part) + i;
    return PARFUN_OK;
}

static void a_shared_array_is_written_wherever_a_body_likes(void **state)
{
    static size_t to[MOST], out[MOST];
    struct parfun_function *function = with("split(to) combine(shared: out)",
            "const size_t *to, size_t *out", place);
    size_t items;

    (void)state;
    FOR_EACH_SIZE(function, items)
    {
        for (size_t i = 0; i < items; i++)
            to[i] = items - 1 - i;
        MUST(PARFUN_CALL(
                function, items, PARFUN_ARRAY(to), PARFUN_COUNTED(out, MOST)));
        for (size_t i = 0; i < items; i++)
            assert_int_equal(out[i], items - 1 - i);
    }
    parfun_function_destroy(function);
}

/* ---- Definitions --------------------------------------------------------------------------- */

static void mistakes_are_errors_at_definition(void **state)
{
    static const struct {
        const char *signature, *clauses, *sentence;
    } wrong[] = {
        { "const double *x, double *y", "split(z) combine(y)",
                "options of f(): clauses:1:7: error: 'z' is no parameter of f(x, y)" },
        { "const double *x, double *y", "split(x)",
                "'y' is an output that is not" },
        { "const double *x, double *y", "split(x) combine(x)", "declared const" },
        { "double *x y", "combine(x)", "the signature of f(), character 11" },
        { "const char **line, double *y", "split(line) combine(y)",
                "options of f(): clauses:1:7: error: 'line' is split but not "
                "combined, though it may be written: add combine(line), or "
                "declare it const char *const *line" },
        { "const char **line, double *y", "split(*) combine(y)",
                "options of f(): clauses:1:1: error: 'line' is an output that is "
                "not combined: add combine(line), or declare it const char "
                "*const *line if it is only read" },
        { "double *y", NULL, "a function written in C has no clauses" },
        { "double *y, int w", "range(w, items) combine(rows(w): y)",
                "range() is for kernels" },
        { "double *y", "combine(y) ids(absolute)", "ids() is for kernels" },
        { "double *y", "combine(y) build(-O3)", "build() is for kernels" },
        { "double *y", "combine(y) workgroup(3)", "workgroup() is for kernels" },
        { "struct s *y", "combine(sum: y)", "sum of 'y' is not possible" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(wrong); i++) {
        struct parfun_function *function = NULL;

        MUST_FAIL(parfun_function_from_c("f", wrong[i].signature, scale,
                          PARFUN_OPTIONS(.clauses = wrong[i].clauses), &function),
                PARFUN_INVALID, wrong[i].sentence);
        assert_null(function);
    }
    MUST_FAIL(parfun_function_from_c("f", "int n", NULL, NULL, NULL),
            PARFUN_INVALID, "parfun_function_from_c(): `body` is NULL");
}

static void lengths_that_differ_are_an_error_that_names_both(void **state)
{
    double x[10] = { 0 }, y[12] = { 0 }, a = 1;
    struct parfun_function *function = with("split(x, y) combine(y)",
            "const double *x, double a, double *y", scale);

    (void)state;
    MUST_FAIL(PARFUN_CALL(function, 10, PARFUN_COUNTED(x, 10), PARFUN_VALUE(&a),
                      PARFUN_COUNTED(y, 12)),
            PARFUN_INVALID, "f(): arguments 'x' and 'y' have 10 and 12 items");
    MUST_FAIL(PARFUN_CALL(function, 12, PARFUN_COUNTED(x, 10), PARFUN_VALUE(&a),
                      PARFUN_COUNTED(y, 12)),
            PARFUN_INVALID, "f(): arguments 'x' and 'y' have 10 and 12 items");
    MUST_FAIL(PARFUN_CALL(function, 9, PARFUN_COUNTED(x, 10), PARFUN_VALUE(&a),
                      PARFUN_ARRAY(y)),
            PARFUN_INVALID,
            "argument 'x' has 10 elements, but a call over 9 items");
    MUST(PARFUN_CALL(function, 10, PARFUN_COUNTED(x, 10), PARFUN_VALUE(&a),
            PARFUN_COUNTED(y, 10)));
    parfun_function_destroy(function);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_element_per_item_is_read_and_updated_in_place),
        cmocka_unit_test(rows_come_with_their_halo),
        cmocka_unit_test(columns_keep_their_distance),
        cmocka_unit_test(structs_are_as_large_as_the_caller_says),
        cmocka_unit_test(strings_are_pointers_to_pointers),
        cmocka_unit_test(no_splitter_at_all_is_a_range_of_numbers),
        cmocka_unit_test(reductions_have_the_same_bits_for_every_size),
        cmocka_unit_test(accumulated_arrays_are_overwritten_with_the_total),
        cmocka_unit_test(packed_elements_stand_in_item_order),
        cmocka_unit_test(a_shared_array_is_written_wherever_a_body_likes),
        cmocka_unit_test(mistakes_are_errors_at_definition),
        cmocka_unit_test(lengths_that_differ_are_an_error_that_names_both),
    };

    return RUN_ON_BACKENDS(argc, argv, tests);
}
