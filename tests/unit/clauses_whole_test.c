/* SPDX-License-Identifier: Apache-2.0 */
/* What the other clauses refuse, and clauses that do not go together. */
#include "support/clause_refusals.h"

static void refuses_wrong_values_ranges_and_words(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "items(f)", 7,
                "items() fills a parameter that is an integer value, which "
                "'f' is not" },
        { "items(in)", 7,
                "items() fills a parameter that is an integer value, which "
                "'in' is not" },
        { "first(pair)", 7,
                "first() fills a parameter that is an integer value, which "
                "'pair' is not" },
        { "first(n, w)", 10, "first() names one parameter" },
        { "first(n) items(n)", 16, "'n' is filled by first() already" },
        { "first(n) first(n)", 16, "'n' is filled by first() already" },
        { "first(n) first(w)", 10, "first() is written twice for this kernel" },
        { "items(3)", 7, "'3' is no parameter: write names" },
        { "items(x: n)", 7,
                "items() has no modifiers: remove what stands before the ':'" },
        { "range(w)", 7,
                "the last dimension of range() is the one that is cut: write "
                "'items', not 'w'" },
        { "range(items, w)", 7,
                "'items' must be the last dimension of range(): it is the "
                "one that is cut" },
        { "range(w, 2*items)", 10,
                "the last dimension of range() is the one that is cut: write "
                "'items', not '2*items'" },
        { "range(1, 2, 3, items)", 16, "range() has at most 3 dimensions" },
        { "range(f, items)", 7,
                "'f' is no integer value: sizes are made of numbers and of "
                "integer parameters" },
        { "range(0, items)", 7, "a size of 0: sizes are at least 1" },
        { "range(items) range(items)", 14,
                "range() is written twice for this kernel" },
        { "range(*)", 7,
                "the last dimension of range() is the one that is cut: write "
                "'items', not '*'" },
        { "workgroup(16)", 1,
                "workgroup() is for kernels with barriers, local memory or local "
                "ids, and inputs has none: remove it" },
        { "ids(relative)", 5,
                "ids() knows one word: write ids(absolute), or nothing for "
                "ids that count from 0 in every partition" },
        { "ids(absolute, absolute)", 5,
                "ids() knows one word: write ids(absolute), or nothing for "
                "ids that count from 0 in every partition" },
        { "ids(absolute) ids(absolute)", 15,
                "ids() is written twice for this kernel" },
        { "build()", 1, "build() is empty: give options, or remove it" },
        { "build( ) ", 1, "build() is empty: give options, or remove it" },
        { "build(-a) build(-b)", 11, "build() is written twice for this kernel" },
    };
    ASSERT_REFUSED("inputs", refusals);
}

static void refuses_wrong_work_groups_and_local_memory(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "local(1: one, two) combine(out)", 1,
                "tiles has barriers or local memory: add workgroup(N), with "
                "one number for each dimension" },
        { "workgroup(64) local(1: one) combine(out)", 1,
                "'two' is local memory of no size: add local(N: two)" },
        { "workgroup(8, 8) local(1: one, two) combine(out)", 1,
                "workgroup() has 2 sizes, but the range has 1 dimensions: "
                "write one size for each" },
        { "workgroup(8) range(w, items) local(1: one, two) combine(out)", 1,
                "workgroup() has 1 sizes, but the range has 2 dimensions: "
                "write one size for each" },
        { "workgroup(w)", 11,
                "a work-group's size is a number, the same in every call" },
        { "workgroup(0)", 11, "a size of 0: sizes are at least 1" },
        { "workgroup(65536, 65536)", 18,
                "a work-group of more than 2147483647 work-items" },
        { "workgroup(1, 1, 1, 1)", 20, "workgroup() has at most 3 dimensions" },
        { "workgroup(64) workgroup(64)", 15,
                "workgroup() is written twice for this kernel" },
        { "local(1: one, one)", 15, "'one' is given two sizes by local()" },
        { "local(1: out)", 10,
                "'out' is not declared local: local() sizes local arrays" },
        { "local(1: w)", 10,
                "'w' is not declared local: local() sizes local arrays" },
        { "local(0: one)", 7, "a size of 0: sizes are at least 1" },
        { "local(f: one)", 7, "'f' is no parameter of tiles(w, one, two, out)" },
        { "local(one)", 10,
                "expected ':' after the size in local(N: name), not ')'" },
        { "local(1, 2: one)", 8,
                "expected ':' after the size in local(N: name), not ','" },
        { "split(one)", 7,
                "'one' is local memory: it can only be given a size, with "
                "local(N: one)" },
    };
    ASSERT_REFUSED("tiles", refusals);
}

static void refuses_absolute_ids_of_groups(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "range(width, items) workgroup(4, 4) local(16: tile) ids(absolute) "
          "combine(rows(width): out)",
                53,
                "transpose asks for get_num_groups or get_group_id, which is "
                "the partition's and does not go with ids(absolute): pass "
                "the size as a parameter" },
    };
    ASSERT_REFUSED("transpose", refusals);
}

/* A copy of a kernel that does something else, too. */
static struct parfun_kernel changed(const char *name, uint32_t flags,
        uint32_t group_0, uint32_t group_1, uint32_t group_2)
{
    struct parfun_kernel kernel = *clause_kernel(name);
    kernel.flags = flags;
    kernel.required_group[0] = group_0;
    kernel.required_group[1] = group_1;
    kernel.required_group[2] = group_2;
    return kernel;
}

static void refuses_absolute_ids_with_the_size_of_the_range(void **state)
{
    (void)state;
    struct parfun_kernel kernel = changed("saxpy", PARFUN_KERNEL_EXTENT, 0, 0, 0);
    static const struct refusal refusals[] = {
        { "combine(y) ids(absolute)", 12,
                "saxpy asks for get_global_size, which is the partition's and "
                "does not go with ids(absolute): pass the size as a parameter" },
    };
    assert_refused(&kernel, refusals, 1);
}

static void refuses_work_groups_other_than_required(void **state)
{
    (void)state;
    struct parfun_kernel kernel = changed("saxpy", 0, 8, 4, 1);
    static const struct refusal refusals[] = {
        { "combine(y) range(5, items) workgroup(4, 8)", 28,
                "the kernel's reqd_work_group_size is (8, 4, 1): workgroup() "
                "must agree with it" },
        { "combine(y)", 1,
                "the kernel's reqd_work_group_size is (8, 4, 1): the dimensions "
                "of range() must agree with it" },
        { "combine(y) workgroup(8)", 12,
                "the kernel's reqd_work_group_size is (8, 4, 1): workgroup() "
                "must agree with it" },
    };
    assert_refused(&kernel, refusals, 3);
}

static void wants_work_groups_for_whatever_depends_on_them(void **state)
{
    (void)state;
    static const struct {
        uint32_t flag;
        const char *sentence;
    } rows[] = {
        { PARFUN_KERNEL_BARRIERS,
                "saxpy has barriers or local memory: add workgroup(N), with one "
                "number for each dimension" },
        { PARFUN_KERNEL_GROUPS,
                "saxpy asks for its place in a work-group: add workgroup(N), "
                "with one number for each dimension" },
        { PARFUN_KERNEL_GROUP_EXTENT,
                "saxpy asks for its place in a work-group: add workgroup(N), "
                "with one number for each dimension" },
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct parfun_kernel kernel = changed("saxpy", rows[i].flag, 0, 0, 0);
        struct refusal refusal = { "combine(y)", 1, rows[i].sentence };
        assert_refused(&kernel, &refusal, 1);
    }
    struct parfun_kernel local = changed("tiles", 0, 0, 0, 0);
    struct refusal refusal = { "combine(out) local(1: one, two)", 1,
        "tiles has local memory: add workgroup(N), with one number for each "
        "dimension" };
    assert_refused(&local, &refusal, 1);
}

static void refuses_more_parameters_than_it_can_number(void **state)
{
    (void)state;
    struct parfun_kernel kernel = { .name = "huge", .parameter_count = 256 };
    static const struct refusal refusals[] = {
        { "split(x)", 1, "huge has 256 parameters: at most 255 are possible" },
    };
    assert_refused(&kernel, refusals, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_wrong_values_ranges_and_words),
        cmocka_unit_test(refuses_wrong_work_groups_and_local_memory),
        cmocka_unit_test(refuses_absolute_ids_of_groups),
        cmocka_unit_test(refuses_absolute_ids_with_the_size_of_the_range),
        cmocka_unit_test(refuses_work_groups_other_than_required),
        cmocka_unit_test(wants_work_groups_for_whatever_depends_on_them),
        cmocka_unit_test(refuses_more_parameters_than_it_can_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
