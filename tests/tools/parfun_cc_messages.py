# SPDX-License-Identifier: Apache-2.0
"""Mistakes are told as file:line:column, with a remedy."""

import os
import re
import unittest

from support import SOURCE, FolderTest

COPY = """kernel void f(global const float *x, global float *y)
{
    y[get_global_id(0)] = x[get_global_id(0)];
}
"""
CLAUSES = "#pragma parfun split(x) combine(y)\n"


class Messages(FolderTest):
    def refuse(self, text, expected, *options, name="k.cl", status=1):
        self.write(name, text)
        result = self.compile(name, "-o", "k.o", "--header", "k.h", *options)
        self.assertIn(expected, result.stderr)
        self.assertEqual(result.returncode, status, result.stderr)
        self.assertFalse(os.path.exists(self.path("k.o")))
        self.assertFalse(os.path.exists(self.path("k.h")))

    def accept(self, text, *options, name="k.cl"):
        self.write(name, text)
        result = self.compile(name, "--check", *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))

    def warn(self, text, line, sentence, begin):
        """The one warning, which is an error if they are, and silent if not wanted."""
        self.write("k.cl", text)
        result = self.compile("k.cl", "--check")
        self.assertEqual(result.returncode, 0)
        self.assertRegex(result.stderr,
                         r"\Ak.cl:%d:\d+: warning: %s\n\Z" % (line, sentence))
        self.accept(text, "-w")
        self.refuse(text, "error: " + begin, "-Werror")

    # ---- Where a pragma stands

    def test_comments_and_other_pragmas_may_stand_between(self):
        self.accept(CLAUSES + "\n/* a\n b */ // c\n#pragma OPENCL FP_CONTRACT OFF\n"
                    + COPY)

    def test_several_pragmas_are_one(self):
        self.accept("#pragma parfun split(x)\n# pragma parfun combine(y)\n" + COPY)

    def test_pragmas_in_comments_and_strings_are_none(self):
        self.accept("/*\n#pragma parfun nonsense\n*/\n"
                    "__constant char text[] = \"\\\n#pragma parfun nonsense\";\n"
                    + CLAUSES + COPY)

    def test_attributes_and_macros_may_name_the_kernel(self):
        self.accept("#define KERNEL(name) kernel void name\n" + CLAUSES
                    + "KERNEL(f)(global const float *x, global float *y)\n"
                    "{ y[get_global_id(0)] = x[get_global_id(0)]; }\n")
        self.accept(CLAUSES + "kernel __attribute__((vec_type_hint(float))) void\n"
                    "f(global const float *x, global float *y)\n"
                    "{ y[get_global_id(0)] = x[get_global_id(0)]; }\n")

    def test_conditions_may_open_a_function_twice(self):
        self.accept("#if 1\nfloat g(float x) {\n#else\nfloat g(double x) {\n#endif\n"
                    "return x; }\n" + CLAUSES + COPY)

    def test_a_pragma_inside_a_condition_is_refused(self):
        self.refuse("#if 1\n" + CLAUSES + COPY + "#endif\n",
                    "k.cl:2:1: error: `#pragma parfun` inside #if")

    def test_a_condition_between_is_refused(self):
        self.refuse(CLAUSES + "#ifdef A\n#endif\n" + COPY,
                    "k.cl:1: error: #ifdef (line 2) stands between")

    def test_a_pragma_inside_a_macro_is_refused(self):
        self.refuse('#define P _Pragma("parfun split(x)")\n' + COPY,
                    "k.cl:1:1: error: `#pragma parfun` inside a macro")

    def test_a_pragma_inside_a_function_is_refused(self):
        self.refuse("kernel void f(global float *y)\n{\n  " + CLAUSES
                    + "  y[0] = 0;\n}\n",
                    "k.cl:3:3: error: `#pragma parfun` inside a function")

    def test_a_pragma_above_a_prototype_is_refused(self):
        self.refuse(CLAUSES + "kernel void f(global const float *x, "
                    "global float *y);\n" + COPY,
                    "k.cl:1: error: a declaration (line 2) stands between")

    def test_a_pragma_above_a_helper_is_refused(self):
        self.refuse(CLAUSES + "float g(float x) { return x; }\n" + COPY,
                    "k.cl:1: error: no kernel follows this `#pragma parfun`: g "
                    "(line 2)")

    def test_a_pragma_at_the_end_is_refused(self):
        self.refuse(COPY + CLAUSES, "k.cl:5: error: no kernel follows")

    def test_a_pragma_in_an_included_file_is_refused(self):
        self.write("h.h", "\n" + CLAUSES + COPY)
        self.refuse('#include "h.h"\n' + COPY.replace(" f(", " g("),
                    "h.h:2:1: error: `#pragma parfun` in an included file")

    def test_a_misspelt_pragma_is_told_with_its_line(self):
        for word in "Parfun", "PARFUN", "prafun", "parfunn", "parfum", "parfun:":
            text = "\n" + CLAUSES.replace("parfun", word) + COPY
            self.write("k.cl", text)
            result = self.compile("k.cl", "--check")
            self.assertEqual((result.returncode, result.stderr),
                             (0, f"k.cl:2:1: warning: `#pragma {word}` is not read; "
                              "did you mean `#pragma parfun`?\n"))
            self.accept(text, "-w")
            self.refuse(text, f"k.cl:2:1: error: `#pragma {word}`", "-Werror")

    def test_pragmas_of_others_are_no_misspelt_ones(self):
        for word in "omp parallel", "par", "fun", "OPENCL FP_CONTRACT OFF":
            self.accept(f"#pragma {word}\n" + CLAUSES + COPY)

    def test_a_kernel_without_a_pragma_is_told_in_the_header_and_by_v(self):
        self.write("k.cl", COPY)
        result = self.compile("k.cl", "-o", "k.o", "--header", "k.h", "-v",
                              "--prefix", "my_")
        self.assertEqual(result.returncode, 0)
        self.assertIn("k.cl:1: note: kernel f has no `#pragma parfun` directly above "
                      "it, so there is no function my_f()\n", result.stderr)
        self.assertIn("No function my_f(): kernel f, k.cl:1, has no `#pragma parfun`",
                      self.read("k.h"))

    # ---- What it says

    def test_clauses_are_checked_with_line_and_column(self):
        self.refuse("\n#pragma parfun split(x) combine(z)\n" + COPY,
                    "k.cl:2:33: error: 'z' is no parameter")

    def test_every_kernel_is_checked(self):
        text = ("#pragma parfun split(q) combine(y)\n" + COPY
                + "#pragma parfun split(r) combine(y)\n"
                + COPY.replace(" f(", " g("))
        self.refuse(text, "k.cl:1:22: error: 'q'")
        self.refuse(text, "k.cl:6:22: error: 'r'")

    def test_errors_of_the_language_are_told_with_the_users_line(self):
        self.refuse(CLAUSES + "kernel void f(global const float *x, "
                    "global float *y)\n{\n    y[0] = nothing;\n}\n",
                    "k.cl:4:12: error: use of undeclared identifier 'nothing'")

    def test_functions_of_c_without_a_counterpart_get_a_remedy(self):
        text = CLAUSES + COPY.replace("x[", "rand() + missing * x[")
        remedy = "note: OpenCL C has no rand: take the numbers from the caller"
        self.refuse(text, remedy)
        self.write("k.cl", "float rand(void) { return 4; }\n" + text)
        result = self.compile("k.cl", "--check")
        self.assertEqual(result.returncode, 1)
        self.assertNotIn("OpenCL C has no", result.stderr)

    def test_words_of_c_get_those_of_opencl_c(self):
        text = ("#pragma parfun split(x) combine(y)\n"
                "kernel void f(TYPE n, global const float *x, global float *y)\n"
                "{\n    y[get_global_id(0)] = CALL(x[get_global_id(0)]);\n}\n")
        for kind, call, expected in (
                ("size_t", "sqrt", "k.cl:2:15: note: a parameter's type has one size"),
                ("ulong", "sqrtf", "k.cl:4:27: note: OpenCL C has sqrt, for float"),
                ("uint64_t", "sqrt", "k.cl:2:15: note: OpenCL C has ulong in place of")):
            self.refuse(text.replace("TYPE", kind).replace("CALL", call), expected)
        self.refuse("#include <math.h>\n" + COPY,
                    "k.cl:1:1: note: kernels have no C library")
        self.accept("#ifdef __cplusplus\n#include <math.h>\n#endif\n" + CLAUSES + COPY)

    def test_words_that_the_file_declares_are_its_own(self):
        self.write("types.h", "typedef uchar uint8_t;\n")
        for declaration, use in (
                ("typedef uint uint32_t;", "uint32_t n"),
                ("typedef struct { int n; } uint32_t;", "uint32_t n"),
                ("#define uint32_t uint", "uint32_t n"),
                ('#include "types.h"', "uint8_t n"),
                ("float *sqrtf(float x);", "sqrtf(1)"),
                ("float sqrtf(float x) { return x; }", "sqrtf(1)"),
                ("constant float sqrtf = 1;", "g(sqrtf)"),
                ("#define sqrtf(x) sqrt(x)", "sqrtf(1)"),
                ("#ifdef __cplusplus\n#include <math.h>\n#endif", "g()")):
            text = declaration + "\n" + COPY.replace("{", "{ nothing; " + use + ";")
            self.refuse(text, "undeclared identifier 'nothing'")
            self.assertNotRegex(self.compile("k.cl", "--check").stderr,
                                "note: (OpenCL C has|kernels have no C library)")
        for use in "const uint32_t n = 1", "return sqrtf(1)", "g(2 * sqrtf(1))":
            self.refuse(COPY.replace("{", "{ " + use + ";"), "note: OpenCL C has")

    def test_warnings_come_once(self):
        self.write("k.cl", CLAUSES + COPY.replace("{", "{ int unused;"))
        result = self.compile("k.cl", "-o", "k.o", "-Wall")
        self.assertEqual(result.returncode, 0)
        self.assertEqual(result.stderr.count("warning: unused variable"), 1)
        self.assertIn("k.cl:3:7: warning", result.stderr)

    def test_a_misspelt_built_in_is_told_by_its_own_name(self):
        self.refuse(CLAUSES + COPY.replace("y[get_global_id", "y[get_globl_id"),
                    "did you mean 'get_global_id'?")

    def test_all_warnings_say_nothing_about_parfuns_pragmas(self):
        text = CLAUSES.replace(") c", ") /* a\n b */ \\\n c") + COPY
        self.accept(text, "-Wall")
        self.write("k.cl", "#pragma other\n" + text)
        result = self.compile("k.cl", "--check", "-Wall")
        self.assertEqual(result.stderr.count("warning: unknown pragma"), 1)
        self.assertIn("k.cl:1:9: warning: unknown pragma", result.stderr)

    def test_a_reduction_of_what_all_items_write_at_one_place_is_told(self):
        text = ("#pragma parfun split(x) combine(max: y)\n" + COPY)
        self.accept(text)
        self.accept(text.replace("    y[", "    global float *z = y;\n    z["))
        for element in "y[0]", "*y", "*(y + 1)":
            wrong = text.replace("y[get_global_id(0)]", element)
            self.warn(wrong, 4, r"combine\(max: y\) joins one value "
                      r"of each item, .*: write y\[get_global_id\(0\)\]", "combine(max: y)")

    def test_a_result_in_place_that_all_items_write_at_one_place_is_told(self):
        element = "y[get_global_id(0)]"
        for clauses, statement, dimension in (
                (CLAUSES, "y[0] = x[1]", 0),
                (CLAUSES, "if (x[0] > 1) return; *y += x[1]", None),
                (CLAUSES, "if (get_global_id(0) == 0) y[0] = 1", None),
                (CLAUSES, "if (x[0] > 1) y[1] = 2; y[0] = 1", 0),
                (CLAUSES, "y[get_global_id(0)] = 1; y[0] = 2", None),
                ("#pragma parfun split(x, y) combine(y)\n", "*y += x[1]", 0),
                ("#pragma parfun split(x) combine(y) range(2, items)\n", "y[0] = 1", 1),
                ("#pragma parfun combine(y)\n", "y[0] = x[1]", None), # of one item
                ("#pragma parfun split(x) combine(rows(2): y)\n", "y[0] = x[1]", None),
                ("#pragma parfun split(by(G): x) combine(y)\n", "y[0] = x[1]", None),
                ("#pragma parfun split(group: x) combine(y)\n", "y[0] = x[1]", None)):
            text = clauses + COPY.replace(element + " = x[get_global_id(0)]", statement)
            if dimension is None:
                self.accept(text)
                continue
            self.write("k.cl", text)
            self.assertRegex(self.compile("k.cl", "--check").stderr,
                             r"\Ak.cl:4:\d+: warning: combine\(y\) keeps one element of "
                             r"each item, .*: write y\[get_global_id\(%d\)\], and, .* "
                             r"combine\(sum: y\) or its like\n\Z" % dimension)

    def test_an_accumulated_array_that_is_changed_without_atomics_is_told(self):
        text = ("#pragma parfun split(x) combine(accumulate(sum, 4): y)\n"
                "kernel void f(global const int *x, global int *y)\n{\n"
                "    int i = x[get_global_id(0)] & 3;\n    global int *z = y;\n"
                "    atomic_inc(&y[i]);\n}\n")
        self.accept(text)
        self.accept(text.replace("atomic_inc(&y[i])", "atomic_add(y + i, y[i] & 1)"))
        self.accept(text.replace("atomic_inc(&y[i])", "y[i] = 1"))
        for update in "y[i]++", "--y[i]", "y[i] += 2", "y[0] |= i", "*y += 1":
            wrong = text.replace("atomic_inc(&y[i])", update)
            self.warn(wrong, 6, r"combine\(accumulate\(sum, ...\): "
                      r"y\) is updated by several items at once, .*", "combine(accumulate")

    def test_an_element_of_another_item_is_told(self):
        text = ("#pragma parfun split(x) combine(y)\n"
                "kernel void f(global const float *x, global float *y, uint n)\n{\n"
                "    size_t i = get_global_id(0);\n    int k = i;\n"
                "    y[i] = x[i];\n}\n")
        for element in ("x[i]", "x[k]", "x[i + 0]", "x[i + 1 - 1]", "x[i + n]", "x[1]",
                        "x[i / 2]"):
            self.accept(text.replace("x[i]", element))
        for element in ("x[i - 1]", "x[k + 1]", "x[get_global_id(0) + 3]", "x[1 + i]",
                        "(i > 0 ? x[i - 1] : 0)"):
            wrong = text.replace("x[i]", element)
            self.warn(wrong, 6, r"this element of 'x' is another "
                      r"item's, .*: split it as rows\(1\), halo\(N\), .*", "this element of 'x'")
        wrong = text.replace("x[i]", "x[i - 1]")
        for clauses in ("split(rows(1), halo(1): x) combine(y)", "combine(y) ids(absolute)",
                        "split(rows(2): x) combine(y)"):
            self.accept(wrong.replace("split(x) combine(y)", clauses))
        self.refuse(text.replace("y[i] =", "y[i + 1] ="), "each item writes its own",
                    "-Werror")

    def test_recursion_is_refused(self):
        self.refuse("int g(int n)\n{\n    return n < 2 ? 1 : g(n - 1);\n}\n"
                    "kernel void f(global int *y)\n{\n    y[0] = g(3);\n}\n",
                    "k.cl:")

    def test_functions_without_a_body_are_refused_where_they_are_called(self):
        self.refuse("float g(float);\nkernel void f(global float *y)\n{\n"
                    "    y[0] = g(3);\n}\n", "k.cl:4:")

    def test_options_for_native_code_and_drivers_only(self):
        self.refuse("#pragma parfun split(x) combine(y) build(-fsomething)\n" + COPY,
                    "-fsomething")

    def test_a_file_without_kernels_is_refused(self):
        self.refuse("float g(float x) { return x; }\n", "k.cl: error: no kernel")

    def test_parameters_need_names(self):
        self.refuse("kernel void f(int n, global float *)\n{\n}\n",
                    "k.cl:1: error: kernel f: parameter 2 has no name")

    def test_line_ends_and_marks_of_other_systems_are_accepted(self):
        text = "#pragma parfun split(x) \\\n combine(y)\n" + COPY
        self.accept("\ufeff" + text.replace("\n", "\r\n"))
        self.refuse("\ufeff" + text.replace("(y)", "(z)").replace("\n", "\r\n"),
                    "k.cl:1:")

    # ---- Names

    def test_taken_names_are_refused(self):
        for name in "fma", "dot", "native_sin", "vload4", "convert_int4":
            self.refuse(COPY.replace(" f(", f" {name}(").replace("float", "int"),
                        "k.cl:1")
        for name in "qsort", "main", "new", "index", "class":
            self.refuse(COPY.replace(" f(", f" {name}("), "k.cl:1: error: kernel "
                        + name)
        self.refuse(COPY.replace(" f(", " parfun_f("), "are the library's")

    def test_names_near_to_taken_ones_are_accepted(self):
        for name in "dots", "atom_energy", "vloader", "as_new", "mainly":
            self.accept(CLAUSES + COPY.replace(" f(", f" {name}("))

    def test_a_prefix_frees_names(self):
        for name in "fma", "qsort", "new", "dot":
            self.accept(CLAUSES + COPY.replace(" f(", f" {name}("), "--prefix", "my_")

    def test_a_header_that_hides_a_standard_one_is_refused(self):
        self.write("math.cl", CLAUSES + COPY)
        result = self.compile("math.cl", "-o", "m.o", "--header", "math.h")
        self.assertEqual(result.returncode, 1)
        self.assertIn("math.cl: error: its header math.h would hide", result.stderr)

    def test_functions_that_would_be_generated_twice_are_refused(self):
        self.refuse(CLAUSES + COPY + CLAUSES + COPY.replace(" f(", " f_function("),
                    "k.cl:7: error: kernel f_function")

    # ---- The command line

    def test_the_manual_page_names_the_same_options(self):
        listed = set(re.findall(r"--[a-z-]+", self.compile("--help").stdout))
        with open(os.path.join(SOURCE, "docs", "man", "parfun-cc.1"),
                  encoding="utf-8") as page:
            told = {f"-{name}" for name in re.findall(r"Fl (-[a-z-]+)", page.read())}
        self.assertEqual(told, listed)

    def test_help_and_version(self):
        for option in "--help", "--version":
            result = self.compile(option)
            self.assertEqual(result.returncode, 0)
            self.assertIn("parfun-cc", result.stdout)

    def test_mistakes_on_the_command_line_have_a_status_of_their_own(self):
        self.write("k.cl", COPY)
        for words in (), ("k.cl",), ("none.cl", "-o", "k.o"), ("k.cl", "-o"), \
                ("k.cl", "--what"), ("k.cl", "k.cl", "-o", "k.o"), \
                ("k.cl", "-o", "k.o", "--prefix", "1"), \
                ("k.cl", "-o", "k.o", "--isa", ""), \
                ("k.cl", "-o", "k.o", "--isa", "avx2"), \
                ("k.cl", "-o", "k.o", "--clang", "no-such-clang"), \
                ("k.cl", "-o", "k.o", "--plugin", "no-such-plugin"), \
                ("k.cl", "-o", "no/such/folder/k.o"):
            result = self.compile(*words)
            self.assertEqual(result.returncode, 2, words)
            self.assertIn("error", result.stderr, words)

    def test_a_kernel_that_is_not_there_is_told_with_those_that_are(self):
        self.write("k.cl", COPY + COPY.replace(" f(", " g("))
        result = self.compile("k.cl", "-o", "k.so", "--kernel", "nope")
        self.assertEqual((result.returncode, result.stderr),
                         (0, "k.cl: warning: no kernel nope; it has f, g\n"))

    def test_a_failed_run_removes_the_old_object(self):
        self.write("k.o", "old")
        self.write("k.cl", "nonsense")
        self.assertEqual(self.compile("k.cl", "-o", "k.o").returncode, 1)
        self.assertFalse(os.path.exists(self.path("k.o")))


if __name__ == "__main__":
    unittest.main()
