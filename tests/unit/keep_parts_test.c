/* SPDX-License-Identifier: Apache-2.0 */
/*
 * keep_parts_test.c: kept arrays whose partitions are no pieces of them: index lists of a
 * generator, rows of groups.  They go by way of the host, from wherever the newest is.
 */
#include "support/cmocka.h"
#include "support/fake_backend.h"
#include "support/native_kernels.h"

#include <string.h>

enum { N = 240, GROUPS = 7 };

static const char *const selectors[] = { "fake", "threads:1, fake", "threads:2",
    "serial" };
enum { SELECTORS = sizeof selectors / sizeof *selectors };

static int in[N], middle[N], out[N];

static void must(enum parfun_status status)
{
    if (status)
        fail_msg("%s: %s", parfun_status_text(status), parfun_error());
}

/* `middle` is twice `in`, and on the device alone. */
static void begin(struct parfun_function *twice)
{
    const struct fake_device apart = { .lanes = 2 };

    fake_set_devices(&apart, 1);
    for (int i = 0; i < N; i++)
        in[i] = i + 1;
    memset(middle, 0, sizeof middle);
    memset(out, 0, sizeof out);
    must(parfun_set_backend("fake"));
    must(parfun_keep(in, sizeof in));
    must(parfun_keep(middle, sizeof middle));
    must(parfun_keep(out, sizeof out));
    must(PARFUN_CALL(twice, N, PARFUN_ARRAY(in), PARFUN_ARRAY(middle)));
    assert_int_equal(middle[0], 0);
}

static void end(void)
{
    must(parfun_release(in));
    must(parfun_release(middle));
    must(parfun_release(out));
    must(parfun_shutdown());
    assert_int_equal(fake_live(), 0);
    if (fake_breach())
        fail_msg("%s", fake_breach());
    fake_reset();
}

/* ---- Generators ----------------------------------------------------------------- */

static size_t order[N];

/* Thirty items at a time, from everywhere. */
static enum parfun_status shuffled(struct parfun_split *split, size_t wanted,
        struct parfun_piece *piece, void *user)
{
    const size_t n = parfun_split_items(split);

    (void)wanted;
    (void)user;
    piece->first += piece->count;
    piece->count = n - piece->first < 30 ? n - piece->first : 30;
    piece->indices = order + piece->first;
    return PARFUN_OK;
}

static void index_lists_see_what_a_device_has(void **state)
{
    const struct parfun_named_generator generators[] = { { "shuffled", shuffled },
        { 0 } };
    struct parfun_function *twice, *shuffling;

    (void)state;
    for (size_t i = 0; i < N; i++)
        order[i] = i * 7 % N;
    must(parfun_function_create(&native_twice, NULL, &twice));
    must(parfun_function_create(&native_twice,
            PARFUN_OPTIONS(.clauses = "split(by(shuffled): x) combine(y)",
                    .generators = generators),
            &shuffling));
    for (unsigned s = 0; s < SELECTORS; s++) {
        begin(twice);
        must(parfun_set_backend(selectors[s]));
        must(PARFUN_CALL(shuffling, N, PARFUN_ARRAY(middle), PARFUN_ARRAY(out)));
        must(parfun_set_backend("fake"));
        must(PARFUN_CALL(twice, N, PARFUN_ARRAY(out), PARFUN_ARRAY(middle)));
        must(parfun_update_host(out));
        must(parfun_update_host(middle));
        for (int i = 0; i < N; i++) {
            assert_int_equal(out[i], 4 * (i + 1));
            assert_int_equal(middle[i], 8 * (i + 1));
        }
        end();
    }
    parfun_function_destroy(twice);
    parfun_function_destroy(shuffling);
}

/* ---- Groups ------------------------------------------------------------------------ */

/* Each group's sum, and in each row that of its group. */
static void sums_run(const struct parfun_ndrange *range, void *const *arguments)
{
    const int *value = *(int *const *)arguments[0];
    const uint32_t *first = *(uint32_t *const *)arguments[1];
    int *sum = *(int *const *)arguments[2], *back = *(int *const *)arguments[3];

    for (size_t g = range->group_begin[0] * range->local_size[0];
            g < range->group_end[0] * range->local_size[0]
            && g < range->global_size[0];
            g++) {
        sum[g] = 0;
        for (uint32_t i = first[g]; i < first[g + 1]; i++)
            sum[g] += value[i];
        for (uint32_t i = first[g]; i < first[g + 1]; i++)
            back[i] = sum[g];
    }
}

static const struct parfun_parameter sums_parameters[] = {
    { "value", "int", 4, 4, PARFUN_GLOBAL_SPACE, 1, 0, { 0 } },
    { "begin", "uint", 4, 4, PARFUN_GLOBAL_SPACE, 1, 0, { 0 } },
    { "sum", "int", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
    { "back", "int", 4, 4, PARFUN_GLOBAL_SPACE, 0, 0, { 0 } },
};
static const struct parfun_pragma sums_pragma = {
    "split(group: value) offsets(begin) combine(sum) combine(scatter: back)", 1, 1
};
static const struct parfun_variant sums_variant = { .isa = "generic",
    .run = sums_run };
static const struct parfun_kernel sums_kernel = {
    .abi = PARFUN_KERNEL_ABI,
    .name = "sums",
    .file = "sums.cl",
    .source = "",
    .build = "",
    .parameters = sums_parameters,
    .pragmas = &sums_pragma,
    .variants = &sums_variant,
    .parameter_count = 4,
    .pragma_count = 1,
    .variant_count = 1,
};

static void check_sums(const int *sum, const int *key)
{
    int plain[GROUPS] = { 0 };

    for (int i = 0; i < N; i++)
        plain[key[i]] += 2 * (i + 1);
    for (int g = 0; g < GROUPS; g++)
        assert_int_equal(sum[g], plain[g]);
    for (int i = 0; i < N; i++)
        assert_int_equal(out[i], plain[key[i]]);
}

/* `sorted`: the rows stay in their places. */
static void sum_groups(bool sorted)
{
    static const char *const keys[] = { "key" };
    static int key[N], sum[GROUPS];
    struct parfun_function *twice, *sums;
    struct parfun_table *table;
    struct parfun_groups *groups;

    for (int i = 0; i < N; i++)
        key[i] = sorted ? i * GROUPS / N : i % GROUPS;
    must(parfun_table_create(N, &table));
    must(parfun_table_add(table, "key", PARFUN_INT32, key));
    must(parfun_group_by(table, keys, 1, &groups));
    must(parfun_function_create(&native_twice, NULL, &twice));
    must(parfun_function_create(&sums_kernel, NULL, &sums));
    for (unsigned s = 0; s < SELECTORS; s++) {
        const struct parfun_value values[] = { PARFUN_ARRAY(middle),
            PARFUN_ARRAY(sum), PARFUN_ARRAY(out) };

        begin(twice);
        must(parfun_keep(sum, sizeof sum));
        must(parfun_set_backend(selectors[s]));
        for (unsigned round = 0; round < 3; round++)
            must(parfun_call_groups(sums, groups, values, 3));
        must(parfun_update_host(sum));
        must(parfun_update_host(out));
        check_sums(sum, key);
        must(parfun_release(sum));
        end();
    }
    parfun_function_destroy(twice);
    parfun_function_destroy(sums);
    parfun_groups_destroy(groups);
    parfun_table_destroy(table);
}

static void groups_see_what_a_device_has(void **state)
{
    (void)state;
    sum_groups(false);
    sum_groups(true);
}

/* ---- Combiners --------------------------------------------------------------------- */

static enum parfun_status add_up(struct parfun_partition *partition, void *user)
{
    const int *x = parfun_argument(partition, "x");
    int *sums = parfun_argument(partition, "sums");

    (void)user;
    for (size_t i = 0; i < parfun_items(partition); i++)
        sums[i % 4] += x[i];
    return PARFUN_OK;
}

static enum parfun_status add_all(
        struct parfun_results *results, void *combined, void *user)
{
    struct parfun_partition *partition;
    int total = 0;

    (void)user;
    for (;;) {
        const int *sums;
        enum parfun_status status = parfun_next(results, &partition);

        if (status)
            return status;
        if (!partition)
            break;
        sums = parfun_argument(partition, "sums");
        total += sums[0] + sums[1] + sums[2] + sums[3];
    }
    *(int *)combined = total;
    return PARFUN_OK;
}

/* Nobody knows how large it is: here, smaller than what a partition leaves. */
static void a_combiners_outcome_may_end_a_kept_array(void **state)
{
    struct parfun_function *twice, *adding;

    (void)state;
    must(parfun_function_create(&native_twice, NULL, &twice));
    must(parfun_function_from_c("adding", "const int *x, int *sums", add_up,
            PARFUN_OPTIONS(.clauses = "split(x) combine(each(4): sums)",
                    .combiner = add_all, .fixed_partition_size = 50),
            &adding));
    begin(twice);
    must(PARFUN_CALL(adding, N, PARFUN_ARRAY(middle), PARFUN_VALUE(&out[N - 1])));
    assert_int_equal(out[N - 1], N * (N + 1));
    end();
    parfun_function_destroy(twice);
    parfun_function_destroy(adding);
}

/* ---- Started calls --------------------------------------------------------------------- */

static void a_started_call_uses_kept_arrays(void **state)
{
    struct parfun_function *twice;

    (void)state;
    must(parfun_function_create(&native_twice, NULL, &twice));
    for (unsigned s = 0; s < 3; s++) {
        const struct parfun_value values[] = { PARFUN_ARRAY(middle),
            PARFUN_ARRAY(out) };
        struct parfun_running *running;

        begin(twice);
        must(parfun_set_backend(selectors[s]));
        must(parfun_start(twice, N, values, 2, &running));
        assert_int_equal(parfun_release(out), PARFUN_INVALID);
        must(parfun_finish(running));
        must(parfun_update_host(out));
        for (int i = 0; i < N; i++)
            assert_int_equal(out[i], 4 * (i + 1));
        end();
    }
    parfun_function_destroy(twice);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(index_lists_see_what_a_device_has),
        cmocka_unit_test(groups_see_what_a_device_has),
        cmocka_unit_test(a_combiners_outcome_may_end_a_kept_array),
        cmocka_unit_test(a_started_call_uses_kept_arrays),
    };

    return cmocka_run_group_tests_name("keep_parts", tests, NULL, NULL);
}
