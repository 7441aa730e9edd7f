/* SPDX-License-Identifier: Apache-2.0 */
/* What each clause that is accepted means. */
#include "support/clause_plans.h"

#define COUNT(array) (sizeof(array) / sizeof(array)[0])

static void needs_no_clause_where_nothing_is_written(void **state)
{
    (void)state;
    struct pf_clauses *clauses = NULL;

    assert_int_equal(
            pf_clauses_create(clause_kernel("inputs"), NULL, NULL, 0, &clauses),
            PARFUN_OK);
    assert_values("inputs", clauses,
            "w, n, h, k, f, pair, point, in, other, table, bytes");
    assert_int_equal(clauses->arguments[6].type, PF_TYPE_OTHER);
    assert_int_equal(clauses->arguments[5].width, 2);
    assert_int_equal(clauses->arguments[9].role, PF_ROLE_ARRAY);
    pf_clauses_destroy(clauses);
}

static void splits_the_rest_of_the_inputs(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make("inputs", "split(rows(2): *) split(rows(w): in)");
    const struct pf_argument *a = clauses->arguments;

    assert_extent("inputs", &a[7].extent, "w");
    assert_int_equal(a[8].split, PF_SPLIT_ROWS);
    assert_extent("inputs", &a[8].extent, "2");
    assert_int_equal(a[9].split, PF_SPLIT_NONE); /* constant memory */
    assert_int_equal(a[10].split, PF_SPLIT_ROWS);
    pf_clauses_destroy(clauses);
}

static void splits_constant_memory_if_it_is_named(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("inputs", "split(table)");

    assert_int_equal(clauses->arguments[9].split, PF_SPLIT_ROWS);
    pf_clauses_destroy(clauses);
}

static void multiplies_numbers_and_parameters_in_one_order(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } rows[] = {
        { "split(rows(w): in)", "w" },
        { "split(rows(3 * w * 2): in)", "6*w" },
        { "split(rows(k * w): in)", "w*k" },
        { "split(rows(h*n*w*w): in)", "w*w*n*h" },
        { "split(rows(18446744073709551615): in)", "18446744073709551615" },
        { "split(rows(4294967296*4294967295): in)", "18446744069414584320" },
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        struct pf_clauses *clauses = make("inputs", rows[i].text);
        assert_extent("inputs", &clauses->arguments[7].extent, rows[i].want);
        pf_clauses_destroy(clauses);
    }
}

static void gives_columns_their_own_number_of_rows(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("inputs", "split(columns(w, 2*n): in)");
    const struct pf_argument *in = &clauses->arguments[7];

    assert_int_equal(in->split, PF_SPLIT_COLUMNS);
    assert_extent("inputs", &in->extent, "w");
    assert_extent("inputs", &in->column_rows, "2*n");
    pf_clauses_destroy(clauses);
}

static void takes_the_shape_of_the_other_clause_in_place(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        enum pf_split split;
        enum pf_combine combine;
        const char *extent, *rows;
    } cases[] = {
        { "split(rows(width): out) combine(out)", PF_SPLIT_ROWS, PF_COMBINE_ROWS,
                "width", "" },
        { "combine(rows(width): out) split(out)", PF_SPLIT_ROWS, PF_COMBINE_ROWS,
                "width", "" },
        { "split(rows(width*2): out) combine(rows(2*width): out)", PF_SPLIT_ROWS,
                PF_COMBINE_ROWS, "2*width", "" },
        { "split(columns(8, width): out) combine(out)", PF_SPLIT_COLUMNS,
                PF_COMBINE_COLUMNS, "8", "width" },
        { "split(out) combine(columns(8, width): out)", PF_SPLIT_COLUMNS,
                PF_COMBINE_COLUMNS, "8", "width" },
        { "combine(columns(8, width): out)", PF_SPLIT_NONE, PF_COMBINE_COLUMNS, "8",
                "width" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pf_clauses *clauses = make("blur", cases[i].text);
        const struct pf_argument *out = &clauses->arguments[2];
        assert_int_equal(out->split, cases[i].split);
        assert_int_equal(out->combine, cases[i].combine);
        assert_extent("blur", &out->extent, cases[i].extent);
        assert_extent("blur", &out->column_rows, cases[i].rows);
        pf_clauses_destroy(clauses);
    }
}

static void cuts_one_to_three_dimensions(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("inputs", "range(items)");
    assert_int_equal(clauses->dimensions, 1);
    pf_clauses_destroy(clauses);

    clauses = make("inputs", "range(2*w, 5, items)");
    assert_int_equal(clauses->dimensions, 3);
    assert_extent("inputs", &clauses->range[0], "2*w");
    assert_extent("inputs", &clauses->range[1], "5");
    pf_clauses_destroy(clauses);
}

static void fills_the_number_of_items(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("inputs", "first(k) items(n)");

    assert_int_equal(clauses->arguments[1].role, PF_ROLE_ITEMS);
    assert_int_equal(clauses->arguments[3].role, PF_ROLE_FIRST);
    pf_clauses_destroy(clauses);
}

/* Puts the outputs that `text` does not name behind it as shared. */
static struct pf_clauses *make_outputs(const char *text)
{
    const struct parfun_kernel *kernel = clause_kernel("outputs");
    char whole[500];
    int used = snprintf(whole, sizeof whole, "%s combine(shared: mark", text);

    for (unsigned i = 1; i + 1 < kernel->parameter_count; i++)
        if (!strstr(text, kernel->parameters[i].name))
            used += snprintf(whole + used, sizeof whole - (size_t)used, ", %s",
                    kernel->parameters[i].name);
    snprintf(whole + used, sizeof whole - (size_t)used, ")");
    return make_for(kernel, whole);
}

static void knows_every_operator_and_wider_type(void **state)
{
    (void)state;
    static const struct {
        const char *text, *name;
        enum pf_operator operation;
        enum pf_type wider;
    } cases[] = {
        { "combine(sum: tiny)", "tiny", PF_SUM, PF_TYPE_CHAR },
        { "combine(sum(long): tiny)", "tiny", PF_SUM, PF_TYPE_LONG },
        { "combine(sum(int): tiny)", "tiny", PF_SUM, PF_TYPE_INT },
        { "combine(sum(int): whole)", "whole", PF_SUM, PF_TYPE_INT },
        { "combine(min(long): whole)", "whole", PF_MIN, PF_TYPE_LONG },
        { "combine(max: real)", "real", PF_MAX, PF_TYPE_FLOAT },
        { "combine(product(double): real)", "real", PF_PRODUCT, PF_TYPE_DOUBLE },
        { "combine(sum(double): fine)", "fine", PF_SUM, PF_TYPE_DOUBLE },
        { "combine(and: mask)", "mask", PF_AND, PF_TYPE_UINT },
        { "combine(or(ulong): mask)", "mask", PF_OR, PF_TYPE_ULONG },
        { "combine(xor: flag)", "flag", PF_XOR, PF_TYPE_UCHAR },
        { "combine(sum(double): points)", "points", PF_SUM, PF_TYPE_DOUBLE },
        { "combine(or: pairs)", "pairs", PF_OR, PF_TYPE_INT },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pf_clauses *clauses = make_outputs(cases[i].text);
        const struct pf_argument *argument =
                &clauses->arguments[index_of("outputs", cases[i].name)];
        assert_int_equal(argument->combine, PF_COMBINE_REDUCE);
        assert_int_equal(argument->operation, cases[i].operation);
        assert_int_equal(argument->result_type, cases[i].wider);
        pf_clauses_destroy(clauses);
    }
}

static void runs_shared_outputs_on_the_host_only(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("saxpy", "split(x) combine(shared: y)");

    assert_true(clauses->host_only);
    assert_int_equal(clauses->arguments[2].combine, PF_COMBINE_SHARED);
    assert_int_equal(clauses->arguments[2].split, PF_SPLIT_NONE);
    pf_clauses_destroy(clauses);
}

static void numbers_generators_by_their_names(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("inputs",
            "split(by(weeks): in) split(by(days), rows(2): other) "
            "split(by(weeks): table)");
    const struct pf_argument *arguments = clauses->arguments;

    assert_int_equal(clauses->generator_count, 2);
    assert_string_equal(clauses->generators[0], "weeks");
    assert_string_equal(clauses->generators[1], "days");
    assert_int_equal(arguments[index_of("inputs", "in")].generator, 1);
    assert_int_equal(arguments[index_of("inputs", "other")].generator, 2);
    assert_int_equal(arguments[index_of("inputs", "other")].extent.factor, 2);
    assert_int_equal(arguments[index_of("inputs", "table")].generator, 1);
    assert_int_equal(arguments[index_of("inputs", "bytes")].generator, 0);
    pf_clauses_destroy(clauses);
}

static void leaves_results_of_a_size_to_a_combiner(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("saxpy", "split(x) combine(each(8): y)");

    assert_int_equal(clauses->each_count, 1);
    assert_int_equal(clauses->arguments[2].combine, PF_COMBINE_EACH);
    assert_int_equal(clauses->arguments[2].extent.factor, 8);
    assert_int_equal(clauses->value_count, 3);
    pf_clauses_destroy(clauses);
}

static void puts_each_count_after_the_last_output_of_its_pack(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make_outputs("combine(pack(flag): bodies, tiny, real) "
                         "combine(pack(mask): whole)");
    const struct pf_argument *a = clauses->arguments;

    assert_int_equal(clauses->pack_count, 2);
    assert_int_equal(a[index_of("outputs", "flag")].pack, 0);
    assert_int_equal(a[index_of("outputs", "mask")].pack, 1);
    assert_int_equal(a[index_of("outputs", "bodies")].pack, 0);
    assert_int_equal(a[index_of("outputs", "whole")].pack, 1);
    assert_values("outputs", clauses,
            "n, tiny, whole, count 1, real, fine, halves, points, pairs, bodies, "
            "count 0, mark");
    pf_clauses_destroy(clauses);
}

static void accumulates_over_any_number_of_dimensions(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make("histogram",
            "range(4, 4, items) split(rows(16): pixel) "
            "combine(accumulate(xor, 2*128): bins)");

    assert_int_equal(clauses->arguments[1].operation, PF_XOR);
    assert_extent("histogram", &clauses->arguments[1].extent, "256");
    pf_clauses_destroy(clauses);
}

static void sizes_several_local_arrays(void **state)
{
    (void)state;
    struct pf_clauses *clauses =
            make("tiles", "workgroup(64) local(64*w: one, two) combine(out)");

    assert_extent("tiles", &clauses->arguments[1].extent, "64*w");
    assert_extent("tiles", &clauses->arguments[2].extent, "64*w");
    assert_values("tiles", clauses, "w, out");
    pf_clauses_destroy(clauses);
}

static void takes_the_work_group_that_the_kernel_requires(void **state)
{
    (void)state;
    struct parfun_kernel kernel = *clause_kernel("blur");
    kernel.required_group[0] = 8;
    kernel.required_group[1] = 4;
    kernel.required_group[2] = 1;

    struct pf_clauses *clauses =
            make_for(&kernel, "range(width, items) combine(rows(width): out)");
    assert_int_equal(clauses->workgroup[0], 8);
    assert_int_equal(clauses->workgroup[1], 4);
    assert_int_equal(clauses->workgroup[2], 1);
    pf_clauses_destroy(clauses);

    clauses = make_for(&kernel,
            "range(width, items) combine(rows(width): out) workgroup(8, 4)");
    assert_int_equal(clauses->workgroup[1], 4);
    pf_clauses_destroy(clauses);
}

static void allows_absolute_ids_with_work_groups(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make(
            "tiles", "ids(absolute) workgroup(64) local(1: one, two) combine(out)");

    assert_true(clauses->absolute);
    assert_int_equal(clauses->workgroup[0], 64);
    pf_clauses_destroy(clauses);
}

static void keeps_the_options_of_the_build(void **state)
{
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "build(-cl-mad-enable)", "-cl-mad-enable" },
        { "build( -DN=f(1, (2))\t -I$x/*.h:// ) range(items)",
                "-DN=f(1, (2)) -I$x/*.h://" },
        { "build(-a\\\n   -b\\\r\n-c)", "-a -b -c" },
    };
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct pf_clauses *clauses = make("inputs", cases[i].text);
        assert_string_equal(clauses->build, cases[i].want);
        pf_clauses_destroy(clauses);
    }
}

static void passes_over_blanks_and_comments(void **state)
{
    (void)state;
    struct pf_clauses *clauses = make(
            "saxpy", "\tsplit\\\r\n ( x ,\\\n /* ( */ y\r\n)combine(y)// split(");

    assert_int_equal(clauses->arguments[2].split, PF_SPLIT_ROWS);
    pf_clauses_destroy(clauses);
}

static void names_the_operators(void **state)
{
    (void)state;
    assert_string_equal(pf_operator_name(PF_SUM), "sum");
    assert_string_equal(pf_operator_name(PF_PRODUCT), "product");
    assert_string_equal(pf_operator_name(PF_XOR), "xor");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(needs_no_clause_where_nothing_is_written),
        cmocka_unit_test(splits_the_rest_of_the_inputs),
        cmocka_unit_test(splits_constant_memory_if_it_is_named),
        cmocka_unit_test(multiplies_numbers_and_parameters_in_one_order),
        cmocka_unit_test(gives_columns_their_own_number_of_rows),
        cmocka_unit_test(takes_the_shape_of_the_other_clause_in_place),
        cmocka_unit_test(cuts_one_to_three_dimensions),
        cmocka_unit_test(fills_the_number_of_items),
        cmocka_unit_test(knows_every_operator_and_wider_type),
        cmocka_unit_test(runs_shared_outputs_on_the_host_only),
        cmocka_unit_test(numbers_generators_by_their_names),
        cmocka_unit_test(leaves_results_of_a_size_to_a_combiner),
        cmocka_unit_test(puts_each_count_after_the_last_output_of_its_pack),
        cmocka_unit_test(accumulates_over_any_number_of_dimensions),
        cmocka_unit_test(sizes_several_local_arrays),
        cmocka_unit_test(takes_the_work_group_that_the_kernel_requires),
        cmocka_unit_test(allows_absolute_ids_with_work_groups),
        cmocka_unit_test(keeps_the_options_of_the_build),
        cmocka_unit_test(passes_over_blanks_and_comments),
        cmocka_unit_test(names_the_operators),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
