/* SPDX-License-Identifier: Apache-2.0 */
/* Texts that are no clauses, and where they say so. */
#include "support/clause_refusals.h"

#include <stdlib.h>

static void refuses_what_the_grammar_does_not_know(void **state)
{
    (void)state;
    static const struct refusal refusals[] = {
        { "splitt(in)", 1, "'splitt' is no clause; did you mean 'split'?" },
        { "reduction(sum: out)", 1,
                "'reduction' is no clause; write it as in combine(sum: s)" },
        { "sum(out)", 1, "'sum' is no clause; write it as in combine(sum: s)" },
        { "rows(in)", 1, "'rows' is no clause; write it as in split(rows(W): m)" },
        { "schedule(in)", 1,
                "'schedule' is no clause; there are split, combine, items, "
                "first, offsets, range, workgroup, local, ids and build" },
        { "split(in", 9, "expected ',' or ')', but the text ends" },
        { "split(in))", 10, "expected the name of a clause, not ')'" },
        { "split in", 7, "expected '(' after 'split'" },
        { "split(in) other", 16, "expected '(' after 'other'" },
        { "split()", 7,
                "split() names nothing: put something between the parentheses" },
        { "split(rows(): in)", 12,
                "rows() names nothing: put something between the parentheses" },
        { "split(in,)", 10, "expected a name or a number, not ')'" },
        { "split(in other)", 10, "expected ',' or ')', not 'other'" },
        { "split(:in)", 7, "expected a modifier before the ':', not ':'" },
        { "split(rows(w):)", 15,
                "split() names nothing: put something between the parentheses" },
        { "split(rows(w) in)", 11,
                "'(' after an argument: modifiers stand before a ':', as in "
                "split(rows(w): x)" },
        { "combine(sum: a, max: b)", 20,
                "':' stands once in a clause, after its modifiers: give what needs "
                "others a clause of its own, as in combine(sum: s) combine(max: m)" },
        { "split(3: in)", 7, "expected a modifier before the ':', not '3'" },
        { "split(rows(w) halo(1): in)", 15,
                "expected ',' or ':' after a modifier, not 'halo'" },
        { "split(rows(w)", 11,
                "'(' after an argument: modifiers stand before a ':', as in "
                "split(rows(w): x)" },
        { "split(rows(w*): in)", 14,
                "expected a name or a number after '*', not ')'" },
        { "split(rows(w**2): in)", 14,
                "expected a name or a number after '*', not '*'" },
        { "split(rows(12w): in)", 12,
                "'12w' is no number: numbers are decimal digits alone" },
        { "split(rows(0x10): in)", 12,
                "'0x10' is no number: numbers are decimal digits alone" },
        { "split(rows(-1): in)", 12,
                "'-' has no meaning in clauses: sizes are numbers, parameters and "
                "products of them, as 2 * w; give another size as a parameter" },
        { "split(rows(w+1): in)", 13,
                "'+' has no meaning in clauses: sizes are numbers, parameters and "
                "products of them, as 2 * w; give another size as a parameter" },
        { "combine(+: out)", 9,
                "'+' has no meaning in clauses: write sum, as in combine(sum: x)" },
        { "combine(*: out)", 9,
                "'*' has no meaning in clauses: write product, as in "
                "combine(product: x)" },
        { "combine(&&:out)", 9,
                "'&&' has no meaning in clauses: write and, as in combine(and: x), of "
                "zeros and ones, as it joins them bit by bit" },
        { "combine(| : out)", 9,
                "'|' has no meaning in clauses: write or, as in combine(or: x)" },
        { "combine(accumulate(^, w): out)", 20,
                "'^' has no meaning in clauses: write xor, as in combine(xor: x)" },
        { "reduction(-: out)", 11,
                "'-' has no meaning in clauses: write sum, as in combine(sum: x)" },
        { "split(rows(w / 2): in)", 14,
                "'/' has no meaning in clauses: sizes are numbers, parameters and "
                "products of them, as 2 * w; give another size as a parameter" },
        { "combine(each(sizeof(int)): out)", 14,
                "'sizeof' has no meaning in clauses, which are text: write the "
                "number, of elements, or of bytes where they are of type void; "
                "snprintf() can" },
        { "combine(each(4 * sizeof x): out)", 18,
                "'sizeof' has no meaning in clauses, which are text: write the "
                "number, of elements, or of bytes where they are of type void; "
                "snprintf() can" },
        { "split(rows(18446744073709551616): in)", 12,
                "the number 18446744073709551616 is too large: the largest "
                "is 18446744073709551615" },
        { "split(in);", 10, "';' has no meaning in clauses" },
        { "split(in) /* x", 11, "this comment has no end" },
        { "build((-a)", 6, "this '(' has no ')'" },
        { ", split(in)", 1, "expected the name of a clause, not ','" },
        { "split(in) \xc3\xa9", 11, "the byte 0xc3 has no meaning in clauses" },
        { "split(rows(w: in)", 11,
                "'(' after an argument: modifiers stand before a ':', as in "
                "split(rows(w): x)" },
        { "local(3 in)", 9,
                "expected ':' after the size in local(N: name), not 'in'" },
    };
    ASSERT_REFUSED("inputs", refusals);
}

/* What the pragmas are refused with. */
static const char *sentence_of(const char *kernel, const char *file,
        const struct parfun_pragma *pragmas, size_t count)
{
    struct pf_clauses *clauses = NULL;

    assert_int_equal(pf_clauses_create(
                             clause_kernel(kernel), file, pragmas, count, &clauses),
            PARFUN_INVALID);
    return pf_error_text();
}

static void counts_lines_and_columns(void **state)
{
    (void)state;
    static const struct parfun_pragma pragma = {
        "split(x) \\\n    combine(y)\n\n  # ", 12, 16
    };
    assert_string_equal(sentence_of("saxpy", "a.cl", &pragma, 1),
            "a.cl:15:3: error: '#' has no meaning in clauses");
    static const struct parfun_pragma first_line = { "split(x) $", 12, 16 };
    assert_string_equal(sentence_of("saxpy", "a.cl", &first_line, 1),
            "a.cl:12:25: error: '$' has no meaning in clauses");
}

static void blames_the_pragma_that_is_wrong(void **state)
{
    (void)state;
    static const struct parfun_pragma pragmas[] = { { "split(x)", 3, 16 },
        { " combine(q)", 4, 15 }, { "split(x)", 9, 16 } };
    assert_string_equal(sentence_of("saxpy", "dir/b.cl", pragmas, 3),
            "dir/b.cl:4:24: error: 'q' is no parameter of saxpy(a, x, y)");
}

static void names_the_text_clauses_without_a_file(void **state)
{
    (void)state;
    static const struct parfun_pragma pragma = { "split", 1, 1 };
    assert_string_equal(sentence_of("saxpy", NULL, &pragma, 1),
            "clauses:1:6: error: expected '(' after 'split'");
}

static void blames_the_beginning_for_what_is_missing(void **state)
{
    (void)state;
    static const struct parfun_pragma pragmas[] = { { "split(x)", 3, 16 },
        { "range(items)", 4, 16 } };
    static const char sentence[] =
            "error: 'y' is an output that is not combined: add combine(y), or "
            "declare it const if it is only read";
    char want[200];

    snprintf(want, sizeof want, "c.cl:3:16: %s", sentence);
    assert_string_equal(sentence_of("saxpy", "c.cl", pragmas, 2), want);
    snprintf(want, sizeof want, "c.cl:1:1: %s", sentence);
    assert_string_equal(sentence_of("saxpy", "c.cl", NULL, 0), want);
}

static void ends_clauses_with_their_pragma(void **state)
{
    (void)state;
    static const struct parfun_pragma pragmas[] = { { "split(x,", 3, 16 },
        { "y)", 4, 16 } };
    assert_string_equal(sentence_of("saxpy", "c.cl", pragmas, 2),
            "c.cl:3:24: error: expected a name or a number, but the text ends");
}

static void cuts_long_words_and_lists(void **state)
{
    (void)state;
    enum { PARAMETERS = 200 };
    static char names[PARAMETERS][8], word[5001];
    static struct parfun_parameter parameters[PARAMETERS];
    struct parfun_kernel kernel = {
        .name = "many", .parameters = parameters, .parameter_count = PARAMETERS
    };
    struct parfun_pragma pragma = { word, 1, 1 };
    struct pf_clauses *clauses = NULL;

    for (int i = 0; i < PARAMETERS; i++) {
        snprintf(names[i], sizeof names[i], "p%d", i);
        parameters[i] = (struct parfun_parameter){
            .name = names[i], .type = "int", .bytes = 4, .alignment = 4
        };
    }
    memset(word, 'p', sizeof word - 1);
    memcpy(word, "split(", 6);
    word[sizeof word - 2] = ')';
    assert_int_equal(
            pf_clauses_create(&kernel, NULL, &pragma, 1, &clauses), PARFUN_INVALID);
    static const char begin[] = "clauses:1:7: error: 'pppppppppppppppppppppppppp"
                                "pppppppppppppppppppppppppppppppppp' is no "
                                "parameter of many(p0, p1, p2, ";
    assert_memory_equal(pf_error_text(), begin, sizeof begin - 1);
    assert_non_null(strstr(pf_error_text(), ", ...)"));
    assert_true(strlen(pf_error_text()) < 600);
}

static void reads_long_texts(void **state)
{
    (void)state;
    enum { COPIES = 20000 };
    static const char begin[] = "combine(y) build(", copy[] = "(*,:) ";
    size_t length = sizeof copy - 1;
    char *text = calloc(1, sizeof begin + length * COPIES + 1);
    struct parfun_pragma pragma = { text, 1, 1 };
    struct pf_clauses *clauses = NULL;

    assert_non_null(text);
    strcpy(text, begin);
    for (size_t i = 0; i < COPIES; i++)
        memcpy(text + sizeof begin - 1 + i * length, copy, length);
    text[sizeof begin - 1 + length * COPIES] = ')';
    assert_int_equal(
            pf_clauses_create(clause_kernel("saxpy"), NULL, &pragma, 1, &clauses),
            PARFUN_OK);
    assert_int_equal(strlen(clauses->build), length * COPIES - 1);
    pf_clauses_destroy(clauses);
    free(text);
}

static void destroys_nothing(void **state)
{
    (void)state;
    pf_clauses_destroy(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_the_grammar_does_not_know),
        cmocka_unit_test(counts_lines_and_columns),
        cmocka_unit_test(blames_the_pragma_that_is_wrong),
        cmocka_unit_test(names_the_text_clauses_without_a_file),
        cmocka_unit_test(blames_the_beginning_for_what_is_missing),
        cmocka_unit_test(ends_clauses_with_their_pragma),
        cmocka_unit_test(cuts_long_words_and_lists),
        cmocka_unit_test(reads_long_texts),
        cmocka_unit_test(destroys_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
