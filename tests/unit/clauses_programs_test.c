/* SPDX-License-Identifier: Apache-2.0 */
/* What the clauses of whole programs mean together: those of the examples. */
#include "support/clause_plans.h"

static void splits_and_combines_one_element_per_item(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("saxpy", "split(x, y) combine(y)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(clauses->argument_count, 3);
    assert_int_equal(a[0].role, PF_ROLE_VALUE);
    assert_int_equal(a[0].type, PF_TYPE_FLOAT);
    assert_int_equal(a[1].role, PF_ROLE_ARRAY);
    assert_int_equal(a[1].split, PF_SPLIT_ROWS);
    assert_int_equal(a[1].combine, PF_COMBINE_NONE);
    assert_extent("saxpy", &a[1].extent, "1");
    assert_extent("saxpy", &a[1].halo, "");
    assert_int_equal(a[2].split, PF_SPLIT_ROWS);
    assert_int_equal(a[2].combine, PF_COMBINE_ROWS);
    assert_extent("saxpy", &a[2].extent, "1");
    assert_values("saxpy", clauses, "a, x, y");
    assert_int_equal(clauses->dimensions, 1);
    assert_int_equal(clauses->workgroup[0], 0);
    assert_int_equal(clauses->pack_count, 0);
    assert_false(clauses->absolute);
    assert_false(clauses->host_only);
    assert_string_equal(clauses->build, "");
    pf_clauses_destroy(clauses);
}

static void splits_rows_by_group_and_scatters_them_back(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("relative_metrics",
            "split(group: value) offsets(begin) combine(scatter: to_mean) "
            "combine(average)");
    const struct pf_argument *a = clauses->arguments;

    assert_true(clauses->grouped);
    assert_int_equal(a[0].split, PF_SPLIT_GROUP);
    assert_int_equal(a[1].role, PF_ROLE_OFFSETS);
    assert_int_equal(a[2].combine, PF_COMBINE_SCATTER);
    assert_int_equal(a[2].split, PF_SPLIT_NONE);
    assert_int_equal(a[3].combine, PF_COMBINE_ROWS);
    assert_values("relative_metrics", clauses, "value, to_mean, average");
    pf_clauses_destroy(clauses);

    clauses = make("relative_metrics",
            "split(group: *) offsets(begin) combine(group: to_mean) "
            "combine(sum: average)");
    assert_int_equal(clauses->arguments[0].split, PF_SPLIT_GROUP);
    assert_int_equal(clauses->arguments[1].split, PF_SPLIT_NONE);
    assert_int_equal(clauses->arguments[2].combine, PF_COMBINE_GROUP);
    assert_values("relative_metrics", clauses, "value, to_mean, average");
    pf_clauses_destroy(clauses);
}

static void updates_rows_by_group_in_place(void **state)
{
    static const char *const texts[] = { "split(group: y) combine(scatter: y)",
        "split(group: y) combine(y)", "split(y) combine(scatter: y)" };

    (void)state;
    for (unsigned t = 0; t < 3; t++) {
        char text[100];
        snprintf(text, sizeof text, "split(x) %s", texts[t]);
        struct pf_clauses *clauses = make("saxpy", text);
        const struct pf_argument *a = clauses->arguments;

        assert_true(clauses->grouped);
        assert_int_equal(a[1].split, PF_SPLIT_ROWS);
        assert_int_equal(a[2].split, PF_SPLIT_GROUP);
        assert_int_equal(a[2].combine, PF_COMBINE_SCATTER);
        pf_clauses_destroy(clauses);
    }
}

static void cuts_rows_with_a_halo(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("blur",
            "range(width, items) "
            "split(rows(width), halo(1): in) combine(rows(width): out)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(clauses->dimensions, 2);
    assert_extent("blur", &clauses->range[0], "width");
    assert_int_equal(a[1].split, PF_SPLIT_ROWS);
    assert_extent("blur", &a[1].extent, "width");
    assert_extent("blur", &a[1].halo, "1");
    assert_int_equal(a[2].split, PF_SPLIT_NONE);
    assert_int_equal(a[2].combine, PF_COMBINE_ROWS);
    assert_extent("blur", &a[2].extent, "width");
    pf_clauses_destroy(clauses);
}

static void reduces_with_several_operators(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("summary",
            "split(x) combine(min: low) combine(max: high) "
            "combine(sum(double): total)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(a[1].combine, PF_COMBINE_REDUCE);
    assert_int_equal(a[1].operation, PF_MIN);
    assert_int_equal(a[1].result_type, PF_TYPE_FLOAT);
    assert_int_equal(a[2].operation, PF_MAX);
    assert_int_equal(a[3].operation, PF_SUM);
    assert_int_equal(a[3].type, PF_TYPE_FLOAT);
    assert_int_equal(a[3].result_type, PF_TYPE_DOUBLE);
    assert_extent("summary", &a[3].extent, "1");
    pf_clauses_destroy(clauses);
}

static void packs_with_a_flag_of_its_own(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make(
            "above", "split(price) combine(pack(wanted): kept, index) first(row)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(clauses->pack_count, 1);
    assert_int_equal(a[2].role, PF_ROLE_FIRST);
    assert_int_equal(a[3].role, PF_ROLE_FLAG);
    assert_int_equal(a[3].pack, 0);
    assert_extent("above", &a[3].extent, "1");
    assert_int_equal(a[4].combine, PF_COMBINE_PACK);
    assert_int_equal(a[5].combine, PF_COMBINE_PACK);
    assert_values("above", clauses, "limit, price, kept, index, count 0");
    pf_clauses_destroy(clauses);
}

static void accumulates_in_bins(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make("histogram", "split(pixel) combine(accumulate(sum, 256): bins)");
    const struct pf_argument *bins = &clauses->arguments[1];

    assert_int_equal(bins->combine, PF_COMBINE_ACCUMULATE);
    assert_int_equal(bins->operation, PF_SUM);
    assert_int_equal(bins->result_type, PF_TYPE_UINT);
    assert_extent("histogram", &bins->extent, "256");
    pf_clauses_destroy(clauses);
}

static void fills_the_first_row_and_takes_no_value_for_it(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("mandelbrot",
            "range(width, items) first(row) combine(rows(width): steps)");

    assert_int_equal(clauses->arguments[5].role, PF_ROLE_FIRST);
    assert_values("mandelbrot", clauses, "width, left, top, step, limit, steps");
    pf_clauses_destroy(clauses);
}

static void leaves_unnamed_inputs_whole(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make("accelerate", "split(position, velocity) combine(velocity)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(a[2].role, PF_ROLE_ARRAY);
    assert_int_equal(a[2].split, PF_SPLIT_NONE);
    assert_int_equal(a[2].combine, PF_COMBINE_NONE);
    assert_int_equal(a[2].type, PF_TYPE_FLOAT);
    assert_int_equal(a[2].width, 4);
    pf_clauses_destroy(clauses);
}

static void needs_no_input(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make("throw_darts", "first(first) combine(sum: hits)");

    assert_int_equal(clauses->arguments[0].role, PF_ROLE_FIRST);
    assert_values("throw_darts", clauses, "throws, hits");
    pf_clauses_destroy(clauses);
}

static void gives_work_groups_and_local_memory(void **state)
{
    (void)state;
    static const struct parfun_pragma pragmas[] = {
        { "range(width, items) workgroup(16, 8) local(16*17: tile)", 4, 16 },
        { "split(columns(height): in) combine(rows(width): out)", 5, 16 }
    };
    struct pf_clauses *clauses = NULL;

    assert_int_equal(pf_clauses_create(clause_kernel("transpose"), NULL, pragmas, 2,
                             &clauses),
            PARFUN_OK);
    const struct pf_argument *a = clauses->arguments;
    assert_int_equal(clauses->workgroup[0], 16);
    assert_int_equal(clauses->workgroup[1], 8);
    assert_int_equal(clauses->workgroup[2], 1);
    assert_int_equal(a[4].role, PF_ROLE_LOCAL);
    assert_extent("transpose", &a[4].extent, "272");
    assert_int_equal(a[2].split, PF_SPLIT_COLUMNS);
    assert_extent("transpose", &a[2].extent, "height");
    assert_extent("transpose", &a[2].column_rows, "");
    assert_values("transpose", clauses, "width, height, in, out");
    pf_clauses_destroy(clauses);
}

static void counts_ids_from_the_first_item_of_the_call(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("transpose_plain",
            "range(width, items) ids(absolute) combine(rows(width): out)");

    assert_true(clauses->absolute);
    assert_int_equal(clauses->arguments[2].split, PF_SPLIT_NONE);
    pf_clauses_destroy(clauses);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_and_combines_one_element_per_item),
        cmocka_unit_test(splits_rows_by_group_and_scatters_them_back),
        cmocka_unit_test(updates_rows_by_group_in_place),
        cmocka_unit_test(cuts_rows_with_a_halo),
        cmocka_unit_test(reduces_with_several_operators),
        cmocka_unit_test(packs_with_a_flag_of_its_own),
        cmocka_unit_test(accumulates_in_bins),
        cmocka_unit_test(fills_the_first_row_and_takes_no_value_for_it),
        cmocka_unit_test(leaves_unnamed_inputs_whole),
        cmocka_unit_test(needs_no_input),
        cmocka_unit_test(gives_work_groups_and_local_memory),
        cmocka_unit_test(counts_ids_from_the_first_item_of_the_call),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
