/* SPDX-License-Identifier: Apache-2.0 */
/* What split() and combine() refuse. */
#include "support/clause_refusals.h"

static void refuses_groups_in_the_wrong_places(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "split(group(2): value)", 7,
                "group has the wrong number of arguments: write group, or scatter, "
                "alone" },
        { "split(scatter: value)", 7,
                "'scatter' is no modifier of split(): rows, columns, halo, by, group; "
                "see docs/kernels.md" },
        { "split(group, rows(2): value)", 14,
                "rows(), columns() or group is given already in this clause: "
                "write another clause for other parameters" },
        { "split(group, halo(1): value)", 14,
                "halo() counts rows: give their width with rows(W)" },
        { "offsets(value)", 9,
                "offsets() fills an array that the kernel reads: declare 'value' "
                "as global const uint * or ulong *" },
        { "offsets(average)", 9,
                "offsets() fills an array that the kernel reads: declare "
                "'average' as global const uint * or ulong *" },
        { "offsets(begin) offsets(begin)", 16,
                "offsets() is written twice for this kernel" },
        { "offsets(begin, value)", 16, "offsets() names one parameter" },
        { "offsets(begin) split(begin)", 22,
                "'begin' receives the groups' offsets, which the library makes: it "
                "is neither split nor combined" },
        { "split(by(g): begin) split(group: value) combine(to_mean, average)", 14,
                "by() does not go with groups: partitions are whole groups" },
        { "split(group: value) ids(absolute) combine(to_mean, average)", 21,
                "ids(absolute) does not go with groups, whose rows are counted "
                "from the partition's first" },
    };
    ASSERT_REFUSED("relative_metrics", refusals);
    static const struct refusal updates[] = {
        { "split(group: y) combine(rows(2): y)", 34,
                "'y' is split by group and combined in another way, or the other "
                "way round: write split(group: ...) and combine(scatter: ...), or "
                "give the kernel another parameter for the result" },
        { "split(group: y) combine(group: y)", 32,
                "'y' is split by group and combined in another way, or the other "
                "way round: write split(group: ...) and combine(scatter: ...), or "
                "give the kernel another parameter for the result" },
        { "split(rows(3): y) combine(scatter: y)", 36,
                "'y' is split by group and combined in another way, or the other "
                "way round: write split(group: ...) and combine(scatter: ...), or "
                "give the kernel another parameter for the result" },
    };
    ASSERT_REFUSED("saxpy", updates);
    static const struct refusal workgroups[] = {
        { "workgroup(4) local(4: one, two) combine(scatter: out)", 1,
                "work-groups of 4 items do not go with groups, which partitions "
                "have any number of: make the last size of workgroup() 1, and give "
                "range() another dimension" },
    };
    ASSERT_REFUSED("tiles", workgroups);
}

static void refuses_what_names_no_generator(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "split(by: in)", 7,
                "by has the wrong number of arguments: write by(NAME)" },
        { "split(by(a, b): in)", 7,
                "by has the wrong number of arguments: write by(NAME)" },
        { "split(by(7): in)", 10, "'7' is no name of a generator" },
        { "split(by(a*b): in)", 10, "'a*b' is no name of a generator" },
        { "split(by(a), by(b): in)", 14, "by() is given already in this clause" },
        { "combine(by(a): in)", 9,
                "'by' is no modifier of combine(): rows, columns, sum, min, max, "
                "product, and, or, xor, accumulate, pack, shared, each, group, "
                "scatter; see docs/kernels.md" },
    };
    ASSERT_REFUSED("inputs", refusals);
}

static void refuses_results_of_no_size(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "combine(each: real)", 9,
                "each has the wrong number of arguments: write each(N)" },
        { "combine(each(0): real)", 14, "a size of 0: sizes are at least 1" },
    };
    ASSERT_REFUSED("outputs", refusals);
}

static void refuses_wrong_names_and_roles_of_arrays(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "", 1,
                "'y' is an output that is not combined: add combine(y), or "
                "declare it const if it is only read" },
        { "split(x)", 1,
                "'y' is an output that is not combined: add combine(y), or "
                "declare it const if it is only read" },
        { "combine(y) split(z)", 18, "'z' is no parameter of saxpy(a, x, y)" },
        { "combine(y) split(a)", 18,
                "'a' is a value, not an array: every partition sees it as it "
                "is, remove it from split()" },
        { "split(x, y)", 10,
                "'y' is split but not combined, though it may be written: add combine(y), or declare it const" },
        { "split(x, x) combine(y)", 10, "'x' is split twice" },
        { "combine(y, y)", 12, "'y' is combined twice" },
        { "combine(x, y)", 9,
                "'x' is declared const, so the kernel can not write it: "
                "remove it from combine(), or declare it as global without "
                "const" },
        { "combine(a)", 9,
                "'a' is a value, not an array: every partition sees it as it "
                "is, remove it from combine()" },
        { "split(3)", 7, "'3' is no parameter: write names" },
        { "split(x*y)", 7, "'x*y' is no parameter: write names" },
        { "split(x, *)", 10,
                "'*' stands for every input array, alone and in split(*) "
                "only: name the parameters" },
        { "split(*) split(*)", 16, "split(*) is written twice" },
        { "combine(*)", 9,
                "'*' stands for every input array, alone and in split(*) "
                "only: name the parameters" },
        { "split(y) combine(sum: y)", 23,
                "'y' is split, so combine() can only write it in place: give "
                "the kernel another parameter for this result" },
        { "split(y) combine(shared: y)", 26,
                "'y' is split, so combine() can only write it in place: give "
                "the kernel another parameter for this result" },
        { "combine(shared(2): y)", 9,
                "shared has the wrong number of arguments: write shared" },
    };
    ASSERT_REFUSED("saxpy", refusals);
}

static void refuses_wrong_shapes(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "split(rows(width), halo(1): out) combine(out)", 42,
                "'out' is split with halo(), so its rows can not be written "
                "in place while neighbours read them: give the kernel "
                "another parameter for the output" },
        { "split(rows(width): out) combine(rows(2): out)", 42,
                "'out' is split in one way and combined in another: write "
                "the same rows() or columns() in both" },
        { "split(rows(width): out) combine(columns(width, 2): out)", 52,
                "'out' is split in one way and combined in another: write "
                "the same rows() or columns() in both" },
        { "split(columns(width, 3): out) combine(columns(width, 2): out)", 58,
                "'out' is split in one way and combined in another: write "
                "the same rows() or columns() in both" },
        { "split(columns(2, width): out) combine(columns(width, 2): out)", 58,
                "'out' is split in one way and combined in another: write the "
                "same rows() or columns() in both" },
        { "split(rows(1): out) combine(rows(width): out)", 42,
                "'out' is split in one way and combined in another: write "
                "the same rows() or columns() in both" },
        { "split(halo(1): in)", 7,
                "halo() counts rows: give their width with rows(W)" },
        { "split(columns(width, 2), halo(1): in)", 26,
                "halo() counts rows: give their width with rows(W)" },
        { "split(rows(width), halo(1), halo(1): in)", 29,
                "halo() is given already in this clause" },
        { "split(rows(width), columns(2): in)", 20,
                "rows(), columns() or group is given already in this clause: write "
                "another clause for other parameters" },
        { "combine(halo(1): out)", 9,
                "halo() is for inputs: partitions write their own rows alone" },
        { "combine(rows(width), columns(2): out)", 22,
                "combine() takes one modifier: write another combine() for "
                "'columns'" },
        { "split(rows(0): in)", 12, "a size of 0: sizes are at least 1" },
        { "split(rows(width*0): in)", 18, "a size of 0: sizes are at least 1" },
        { "split(rows(width), halo(0): in)", 25,
                "a size of 0: sizes are at least 1" },
        { "split(rows(w): in)", 12, "'w' is no parameter of blur(width, in, out)" },
        { "split(rows(in): in)", 12,
                "'in' is no integer value: sizes are made of numbers and of "
                "integer parameters" },
        { "split(rows(*): in)", 12,
                "expected a number or an integer parameter, not '*'" },
        { "split(rows(1, 2): in)", 7,
                "rows has the wrong number of arguments: write rows(W)" },
        { "split(rows: in)", 7,
                "rows has the wrong number of arguments: write rows(W)" },
        { "split(columns(1, 2, 3): in)", 7,
                "columns has the wrong number of arguments: write columns(S) "
                "or columns(S, R)" },
        { "split(columns(width): in)", 1,
                "'out' is an output that is not combined: add combine(out), "
                "or declare it const if it is only read" },
        { "combine(columns(width): out)", 25,
                "how many rows the columns of 'out' have is not known: write "
                "columns(S, R), as range() has no other dimension" },
        { "split(row(width): in)", 7,
                "'row' is no modifier of split(): rows, columns, halo, by, "
                "group; did you mean 'rows'?" },
        { "split(zigzag: in)", 7,
                "'zigzag' is no modifier of split(): rows, columns, halo, "
                "by, group; see docs/kernels.md" },
        { "combine(add: out)", 9,
                "'add' is no modifier of combine(): rows, columns, sum, "
                "min, max, product, and, or, xor, accumulate, pack, shared, "
                "each, group, scatter; did you mean 'sum'?" },
        { "combine(mul: out)", 9,
                "'mul' is no modifier of combine(): rows, columns, sum, "
                "min, max, product, and, or, xor, accumulate, pack, shared, "
                "each, group, scatter; did you mean 'product'?" },
        { "combine(total: out)", 9,
                "'total' is no modifier of combine(): rows, columns, sum, "
                "min, max, product, and, or, xor, accumulate, pack, shared, "
                "each, group, scatter; see docs/kernels.md" },
        { "split(halo: in)", 7,
                "halo has the wrong number of arguments: write halo(H)" },
        { "combine(columns(width, 0): out)", 24,
                "a size of 0: sizes are at least 1" },
    };
    ASSERT_REFUSED("blur", refusals);
}

static void compares_shapes_by_their_parameters(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "split(rows(width): out) combine(rows(height): out)", 47,
                "'out' is split in one way and combined in another: write the "
                "same rows() or columns() in both" },
    };
    ASSERT_REFUSED("transpose_plain", refusals);
}

static void refuses_wrong_sizes(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "split(othr)", 7,
                "'othr' is no parameter of inputs(w, n, h, k, f, pair, "
                "point, in, other, table, bytes); did you mean 'other'?" },
        { "split(tabel)", 7,
                "'tabel' is no parameter of inputs(w, n, h, k, f, pair, "
                "point, in, other, table, bytes); did you mean 'table'?" },
        { "combine(table)", 9,
                "'table' is declared constant, so the kernel can not write "
                "it: remove it from combine(), or declare it as global "
                "without const" },
        { "split(rows(f): in)", 12,
                "'f' is no integer value: sizes are made of numbers and of "
                "integer parameters" },
        { "split(rows(pair): in)", 12,
                "'pair' is no integer value: sizes are made of numbers and "
                "of integer parameters" },
        { "first(n) split(rows(n): in)", 21,
                "'n' is filled by first(), partition by partition: sizes are "
                "made of what the caller gives" },
        { "split(rows(n): in) items(n)", 12,
                "'n' is filled by items(), partition by partition: sizes are "
                "made of what the caller gives" },
        { "split(rows(w*w*w*w*w): in)", 20, "a product of more than 4 parameters" },
        { "split(rows(4294967296*4294967296): in)", 12,
                "the product 4294967296*4294967296 is too large: the largest "
                "is 18446744073709551615" },
        { "split(IN)", 7,
                "'IN' is no parameter of inputs(w, n, h, k, f, pair, point, "
                "in, other, table, bytes); did you mean 'in'?" },
        { "split(In)", 7,
                "'In' is no parameter of inputs(w, n, h, k, f, pair, point, "
                "in, other, table, bytes); did you mean 'in'?" },
        { "items(k) split(rows(n*k): in)", 23,
                "'k' is filled by items(), partition by partition: sizes are "
                "made of what the caller gives" },
        { "combine(wrong: in)", 9,
                "'wrong' is no modifier of combine(): rows, columns, sum, "
                "min, max, product, and, or, xor, accumulate, pack, shared, "
                "each, group, scatter; see docs/kernels.md" },
        { "split(in) split(rows(2): in)", 26, "'in' is split twice" },
        { "split(f: in)", 7,
                "'f' is no modifier of split(): rows, columns, halo, by, group; "
                "see docs/kernels.md" },
    };
    ASSERT_REFUSED("inputs", refusals);
}

static void refuses_wrong_reductions(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "combine(sum: bodies)", 14,
                "sum of 'bodies' is not possible: its elements are of type "
                "struct body, not integers, float or double" },
        { "combine(sum: halves)", 14,
                "sum of 'halves' is not possible: its elements are of type "
                "half, not integers, float or double" },
        { "combine(or: real)", 13,
                "or of 'real' is not possible: its elements are float, and "
                "or is for integers" },
        { "combine(sum(float): fine)", 13,
                "double can not become float: float may become double, "
                "signed integers int or long, unsigned ones uint or ulong" },
        { "combine(sum(double): whole)", 13,
                "int can not become double: float may become double, signed "
                "integers int or long, unsigned ones uint or ulong" },
        { "combine(sum(short): tiny)", 13,
                "char can not become short: float may become double, signed "
                "integers int or long, unsigned ones uint or ulong" },
        { "combine(sum(uint): whole)", 13,
                "int can not become uint: float may become double, signed "
                "integers int or long, unsigned ones uint or ulong" },
        { "combine(sum(double4): points)", 13,
                "'double4' is no type of a result: write a scalar one, such "
                "as double, long or ulong" },
        { "combine(sum(3): real)", 13,
                "'3' is no type of a result: write a scalar one, such as "
                "double, long or ulong" },
        { "combine(sum(double): halves)", 22,
                "sum of 'halves' is not possible: its elements are of type "
                "half, not integers, float or double" },
        { "combine(sum(long, long): whole)", 9,
                "sum has the wrong number of arguments: write sum, or "
                "sum(double) for a wider result" },
        { "combine(accumulate(sum): whole)", 9,
                "accumulate has the wrong number of arguments: write "
                "accumulate(sum, N)" },
        { "combine(accumulate(avg, 4): whole)", 20,
                "'avg' is no operator: sum, min, max, product, and, or, xor" },
        { "combine(accumulate(and, 4): real)", 29,
                "and of 'real' is not possible: its elements are float, and "
                "and is for integers" },
        { "combine(accumulate(sum, 0): whole)", 25,
                "a size of 0: sizes are at least 1" },
        { "combine(accumulate(sum, 4): bodies)", 29,
                "sum of 'bodies' is not possible: its elements are of type "
                "struct body, not integers, float or double" },
        { "combine(max(char): tiny, whole)", 13,
                "int can not become char: float may become double, signed "
                "integers int or long, unsigned ones uint or ulong" },
    };
    ASSERT_REFUSED("outputs", refusals);
}

static void refuses_wrong_flags(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "combine(pack: real)", 9,
                "pack has the wrong number of arguments: write pack(flag)" },
        { "combine(pack(n): real)", 14,
                "the flag 'n' must be a global array of integers that the "
                "kernel writes" },
        { "combine(pack(real): fine)", 14,
                "the flag 'real' must be a global array of integers that the "
                "kernel writes" },
        { "combine(pack(pairs): fine)", 14,
                "the flag 'pairs' must be a global array of integers that "
                "the kernel writes" },
        { "combine(pack(flag): fine) combine(pack(flag): real)", 40,
                "'flag' is the flag of another pack(): put all outputs into "
                "one clause" },
    };
    ASSERT_REFUSED("outputs", refusals);
}

static void keeps_the_flags_of_pack_to_itself(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "combine(pack(wanted): kept, index) combine(wanted)", 44,
                "'wanted' is the flag of a pack(), which is the library's "
                "own memory: it is neither split nor combined" },
        { "combine(pack(wanted): kept, index, wanted)", 36,
                "'wanted' is the flag of a pack(), which is the library's "
                "own memory: it is neither split nor combined" },
        { "split(wanted) combine(pack(wanted): kept, index)", 7,
                "'wanted' is the flag of a pack(), which is the library's "
                "own memory: it is neither split nor combined" },
        { "combine(pack(2): kept)", 14, "'2' is no parameter: write names" },
        { "range(2, items) combine(pack(wanted): kept, index)", 39,
                "pack() of 'kept' takes one element per item: range() must "
                "have one dimension" },
    };
    ASSERT_REFUSED("above", refusals);
}

static void reduces_one_dimension_only(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "range(2, items) combine(sum: low, high, total)", 30,
                "sum of 'low' takes one value per item: range() must have "
                "one dimension" },
    };
    ASSERT_REFUSED("summary", refusals);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_groups_in_the_wrong_places),
        cmocka_unit_test(refuses_what_names_no_generator),
        cmocka_unit_test(refuses_results_of_no_size),
        cmocka_unit_test(refuses_wrong_names_and_roles_of_arrays),
        cmocka_unit_test(refuses_wrong_shapes),
        cmocka_unit_test(compares_shapes_by_their_parameters),
        cmocka_unit_test(refuses_wrong_sizes),
        cmocka_unit_test(refuses_wrong_reductions),
        cmocka_unit_test(refuses_wrong_flags),
        cmocka_unit_test(keeps_the_flags_of_pack_to_itself),
        cmocka_unit_test(reduces_one_dimension_only),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
