# SPDX-License-Identifier: Apache-2.0
"""What parfun-cc generates: headers, descriptors, native code."""

import ctypes
import os
import unittest

from support import SOURCE, FolderTest

CC = os.environ["CC"]
CXX = os.environ["CXX"]
INCLUDE = os.path.join(SOURCE, "include")
STUB = os.path.join(os.path.dirname(os.path.abspath(__file__)), "stub.c")
STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Wconversion", "-Werror",
          "-I" + INCLUDE, "-I."]

SAXPY = """#pragma parfun split(x, y) combine(y)
kernel void saxpy(float a, global const float *x, global float *y)
{ size_t i = get_global_id(0); y[i] = a * x[i] + y[i]; }
"""


class Functions(FolderTest):
    def generate(self, text, *options, name="k"):
        self.write(name + ".cl", text)
        result = self.compile(name + ".cl", "-o", name + ".o", "--header",
                              name + ".h", *options)
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        return self.read(name + ".h")

    def run_c(self, body, *objects, headers=("k.h",), name="main"):
        """Compiles statements with the generated headers, runs them."""
        self.write(name + ".c", "#include <stdio.h>\n#include <string.h>\n"
                   + "".join(f'#include "{h}"\n' for h in headers)
                   + "int main(void)\n{\n" + body + "\nreturn 0;\n}\n")
        self.succeed(CC, "-std=c17", *STRICT, name + ".c", "-Wno-unused-result",
                     STUB, *(objects or ("k.o",)), "-o", name, "-lm",
                     *(["-lmvec"] if os.uname().machine == "x86_64" else []))
        return self.succeed(self.path(name))

    def prototype(self, header, name):
        begin = header.index("PARFUN_TRY enum parfun_status " + name + "(")
        return " ".join(header[begin:header.index(";", begin)].split())

    def test_native_code_computes(self):
        self.generate(SAXPY)
        out = self.run_c("float x[1000], y[1000];\n"
                         "for (int i = 0; i < 1000; i++)\n"
                         "    x[i] = (float)i, y[i] = 0;\n"
                         "const struct parfun_kernel *k = &parfun_kernel_saxpy;\n"
                         "if (saxpy(1000, 2, x, y)) return 1;\n"
                         "int times = (int)(y[999] / 1998);\n"
                         "for (int i = 0; i < 1000; i++)\n"
                         "    if (y[i] != 2 * x[i] * (float)times) return 2;\n"
                         'printf("%d %s %s\\n", times > 0, '
                         "k->variants[k->variant_count - 1].isa, k->file);")
        self.assertEqual(out, "call saxpy items 1000 4:0 4:0 4:0\n1 generic k.cl\n")

    def test_the_descriptor_tells_all(self):
        self.generate("struct body { float4 place; char name[5]; };\n" + SAXPY
                      + "kernel __attribute__((reqd_work_group_size(8, 4, 2)))\n"
                      "void g(global const struct body *b, constant double *c,\n"
                      "       local ushort4 *l, global void *v, uchar3 u)\n"
                      "{ l[get_local_id(0)] = 0; barrier(CLK_LOCAL_MEM_FENCE);\n"
                      "  ((global char *)v)[0] = b->name[0] + (char)c[0]; }\n")
        out = self.run_c(
            "const struct parfun_kernel *k = &parfun_kernel_g;\n"
            'printf("%u %u %u %u\\n", k->abi, k->required_group[0],\n'
            "        k->required_group[1], k->required_group[2]);\n"
            "for (unsigned i = 0; i < k->parameter_count; i++) {\n"
            "    const struct parfun_parameter *p = &k->parameters[i];\n"
            '    printf("%s %s %u %u %u %u\\n", p->name, p->type, p->bytes,\n'
            "            p->alignment, p->space, p->is_const);\n}\n"
            'printf("%u %u %u\\n", k->pragma_count,\n'
            "        (k->flags & PARFUN_KERNEL_BARRIERS) != 0,\n"
            "        (k->flags & PARFUN_KERNEL_DOUBLES) != 0);\n"
            "const struct parfun_pragma *p = parfun_kernel_saxpy.pragmas;\n"
            'printf("%s %u %u\\n", p->text, p->line, p->column);')
        self.assertEqual(out, "3 8 4 2\n"
                         "b struct body 32 16 1 1\n"
                         "c double 8 8 2 1\n"
                         "l ushort4 8 8 3 0\n"
                         "v void 1 1 1 0\n"
                         "u uchar3 4 4 0 0\n"
                         "0 1 1\n"
                         "split(x, y) combine(y) 2 16\n")

    def test_parameters_that_the_library_fills_are_left_out(self):
        header = self.generate(
            "#pragma parfun range(w, items) items(n) first(f) local(4*16: t)\n"
            "#pragma parfun workgroup(4, 4) split(rows(w): x) combine(rows(w): y)\n"
            "kernel void k(int w, uint n, ulong f, global const float *x,\n"
            "    local float *t, global float *y)\n"
            "{ t[get_local_id(0)] = 0; barrier(CLK_LOCAL_MEM_FENCE);\n"
            "  y[get_global_id(1) * w] = x[0] + n + f; }\n")
        self.assertEqual(self.prototype(header, "k"),
                         "PARFUN_TRY enum parfun_status k(size_t items, int32_t w, "
                         "const float *x, float *y)")

    def test_whole_arrays_packs_and_wide_sums_change_the_parameters(self):
        header = self.generate(
            "#pragma parfun split(x) combine(sum(double): s) combine(max: m)\n"
            "#pragma parfun combine(pack(flag): k, l)\n"
            "kernel void f(global const float *x, global const uchar *table,\n"
            "    global float *s, global float2 *m, global uchar *flag,\n"
            "    global ulong *k, global short *l)\n"
            "{ size_t i = get_global_id(0); s[i] = x[i]; m[i] = x[i];\n"
            "  flag[i] = table[i & 7]; k[i] = i; l[i] = 0; }\n")
        self.assertEqual(
            self.prototype(header, "f"),
            "PARFUN_TRY enum parfun_status f(size_t items, const float *x, "
            "const uint8_t *table, size_t table_count, double *s, "
            "parfun_float2 *m, uint64_t *k, int16_t *l, size_t *count)")
        self.assertEqual(
            self.run_c("float x[3] = { 0 }; uint8_t t[8] = { 0 };\n"
                       "double s; parfun_float2 m; uint64_t k[3]; int16_t l[3];\n"
                       "size_t count;\n"
                       "if (f(3, x, t, 8, &s, &m, k, l, &count)) return 1;"),
            "call f items 3 4:0 1:8 8:0 8:0 8:0 2:0 8:0\n")

    def test_what_a_combiner_makes_of_results_may_be_anything(self):
        header = self.generate(
            "#pragma parfun split(by(weeks): x) combine(each(n): bins)\n"
            "kernel void f(global const uint *x, uint n, global uint *bins)\n"
            "{ atomic_inc(&bins[x[get_global_id(0)] % n]); }\n")
        self.assertEqual(self.prototype(header, "f"),
                         "PARFUN_TRY enum parfun_status f(size_t items, "
                         "const uint32_t *x, uint32_t n, void *bins)")

    def test_structs_are_pointers_that_need_no_definition(self):
        header = self.generate(
            "struct body { float4 place; float mass; };\n"
            "typedef struct { int a, b; } pair;\n"
            "#pragma parfun split(b, p) combine(y)\n"
            "kernel void f(struct body origin, global const struct body *b,\n"
            "    global const pair *p, global float *y)\n"
            "{ size_t i = get_global_id(0);\n"
            "  y[i] = b[i].mass + origin.mass + p[i].b; }\n")
        self.assertIn("struct body;\n", header)
        self.assertEqual(
            self.prototype(header, "f"),
            "PARFUN_TRY enum parfun_status f(size_t items, "
            "const struct body *origin, const struct body *b, const void *p, "
            "float *y)")
        out = self.run_c(
            "struct body { parfun_float4 place; float mass; } o = { .mass = 1 };\n"
            "(void)o; (void)f; puts(\"\");")
        self.assertEqual(out, "\n")

    def test_names_that_c_or_cpp_cannot_have_are_changed(self):
        header = self.generate(
            "#pragma parfun split(new, x) combine(y)\n"
            "kernel void f(int items, global const float *new,\n"
            "    global const float *x, global const float *z, int z_count,\n"
            "    global float *y)\n"
            "{ size_t i = get_global_id(0);\n"
            "  y[i] = new[i] + x[i] + items + z[z_count]; }\n")
        self.assertEqual(
            self.prototype(header, "f"),
            "PARFUN_TRY enum parfun_status f(size_t items_, int32_t items, "
            "const float *new_, const float *x, const float *z, size_t z_count_, "
            "int32_t z_count, float *y)")

    def test_headers_work_in_cpp(self):
        self.generate(SAXPY)
        self.write("main.cpp", '#include "k.h"\n#include "k.h"\n'
                   "int main() { float x = 1, y = 2;\n"
                   "return saxpy(1, 2, &x, &y) || saxpy_function(); }\n")
        self.succeed(CC, "-std=c17", "-I" + INCLUDE, "-c", STUB, "-o", "stub.o")
        self.succeed(CXX, "-std=c++17", *STRICT, "main.cpp", "stub.o", "k.o",
                     "-o", "main", "-lm",
                     *(["-lmvec"] if os.uname().machine == "x86_64" else []))
        self.assertEqual(self.succeed(self.path("main")),
                         "call saxpy items 1 4:0 4:0 4:0\nfunction saxpy\n")

    def test_kernels_without_clauses_have_a_descriptor_only(self):
        header = self.generate("kernel void f(global int *x)\n"
                               "{ x[get_global_id(0)] = 1; }\n")
        self.assertIn("extern const struct parfun_kernel parfun_kernel_f;", header)
        self.assertNotIn("PARFUN_TRY", header)

    def test_two_files_with_the_same_helpers_and_kernels_link(self):
        text = ("constant int table[2] = { 1, 2 };\n"
                "int helper(int x) { return table[x & 1]; }\n"
                "#pragma parfun combine(y)\nkernel void f(global int *y)\n"
                "{ size_t i = get_global_id(0); y[i] = helper((int)i); }\n")
        self.generate(text, "--prefix", "a_", name="a")
        self.generate(text, "--prefix", "b_", name="b")
        out = self.run_c("int y[2] = { 0 };\n"
                         "if (a_f(2, y) || b_f(2, y)) return 1;\n"
                         'printf("%d %d\\n", y[0], y[1]);', "a.o", "b.o",
                         headers=("a.h", "b.h"))
        self.assertEqual(out, "call f items 2 4:0\ncall f items 2 4:0\n1 2\n")

    def test_a_kernel_called_like_a_built_in_can_use_the_built_in(self):
        self.generate("#pragma parfun split(x) combine(y)\n"
                      "kernel void sqrt(global const float *x, global float *y)\n"
                      "{ size_t i = get_global_id(0); y[i] = sqrt(x[i]); }\n",
                      "--prefix", "my_")
        out = self.run_c("float x = 9, y = 0;\n"
                         "if (my_sqrt(1, &x, &y)) return 1;\n"
                         'printf("%g %s\\n", (double)y, parfun_kernel_my_sqrt.name);')
        self.assertEqual(out, "call my_sqrt items 1 4:0 4:0\n3 my_sqrt\n")

    def test_drivers_get_the_included_files(self):
        self.write("lib/h.h", "#pragma once\nfloat half_of(float x)\n"
                              "{ return x / 2; }")
        self.write("lib/i.h", "#ifndef I_H\n#define I_H\n#include \"h.h\"\n"
                              "#define FOUR 4\n#endif\n")
        self.generate('#include "h.h"\n#include <i.h> /* and\n more */\n'
                      '#if 0\n#include "not-there.h"\n#endif\n'
                      "kernel void f(global float *x)\n"
                      "{ x[0] = half_of(FOUR) + SIZE; }\n",
                      "-Ilib", "-DSIZE=3 + 1", "-DEMPTY=", "-cl-mad-enable")
        out = self.run_c('printf("%s\\n%s\\n", parfun_kernel_f.build,\n'
                         "        parfun_kernel_f.source);")
        self.assertTrue(out.startswith("-cl-mad-enable\n#define SIZE 3 + 1\n"))
        self.assertEqual(out.count("half_of(float x)"), 2)
        self.assertIn('#line 8 "k.cl"', out.replace('#line 4 "k.cl"', '#line 8 "k.cl"'))
        # The text compiles by itself, and its lines are the user's.
        text = out.split("\n", 1)[1]
        self.write("again.cl", text.replace("x[0]", "y[0]"))
        result = self.compile("again.cl", "--check")
        self.assertIn("k.cl:8:3: error: use of undeclared identifier 'y'",
                      result.stderr)
        self.write("again.cl", text)
        self.assertEqual(self.compile("again.cl", "--check").stderr, "")

    def test_texts_survive_as_c_strings(self):
        self.generate("// \\ \" ??/ \u00e9 %s\nkernel void f(global char *x)\n"
                      "{ x[0] = '\\n'; }\n")
        out = self.run_c('printf("%s", strchr(parfun_kernel_f.source, 10) + 1);')
        self.assertEqual(out, self.read("k.cl"))

    def test_build_options_of_one_kernel_do_not_reach_the_others(self):
        text = ("#pragma parfun {}combine(y)\nkernel void {}(global int *y)\n"
                "{{\n#ifdef __FAST_RELAXED_MATH__\ny[get_global_id(0)] = 1;\n"
                "#else\ny[get_global_id(0)] = 2;\n#endif\n}}\n")
        self.generate(text.format("", "a") + text.format(
            "build(-cl-fast-relaxed-math) ", "b") + text.format("", "c"))
        out = self.run_c("int y[3];\n"
                         "if (a(1, y) || b(1, y + 1) || c(1, y + 2)) return 1;\n"
                         'printf("%d %d %d\\n", y[0], y[1], y[2]);')
        self.assertTrue(out.endswith("2 1 2\n"), out)

    def test_the_rule_for_make_names_what_was_read(self):
        self.write("a b/h.h", "#define ONE 1\n")
        self.generate('#include "h.h"\nkernel void f(global int *x)\n'
                      "{ x[0] = ONE; }\n", "-Ia b", "--depfile", "k.d")
        rule = self.read("k.d").replace("\\\n", " ")
        self.assertTrue(rule.startswith("k.o k.h:"))
        self.assertIn(" k.cl", rule)
        self.assertIn("a\\ b/h.h", rule)
        self.assertNotIn(self.temporary, rule)

    def test_check_writes_nothing(self):
        self.write("k.cl", SAXPY)
        before = sorted(os.listdir(self.folder))
        self.assertEqual(self.compile("k.cl", "--check", "-o", "k.o", "--header",
                                      "k.h", "--depfile", "k.d").returncode, 0)
        self.assertEqual(sorted(os.listdir(self.folder)), before)

    def test_a_shared_library_holds_the_same(self):
        self.write("k.cl", SAXPY)
        result = self.compile("k.cl", "-o", "k.so", "--emit-shared")
        self.assertEqual(result.returncode, 0, result.stderr)
        with open(self.path("k.so"), "rb") as file:
            self.assertIn(b"parfun_kernel_saxpy", file.read())

    def load_kernel(self, name, *options, said=""):
        """The descriptor's address and the names, of one kernel of two.cl."""
        self.write("two.cl", "float twice(float x) { return x + x; }\n"
                   "#pragma parfun split(x) combine(nonsense)\n"
                   "kernel void read(global const float *x, global float *y)\n"
                   "{ y[get_global_id(0)] = twice(x[get_global_id(0)]); }\n"
                   "kernel void write(global float *y) { y[0] = 1; }\n")
        result = self.compile("two.cl", "-o", f"{name}.so", "--kernel", name, *options)
        self.assertEqual((result.returncode, result.stderr), (0, said))
        library = ctypes.CDLL(self.path(f"{name}.so"))
        names = ctypes.c_char * 16
        return (ctypes.c_void_p.in_dll(library, "pf_text_kernel").value,
                names.in_dll(library, "pf_text_names").value)

    def test_one_kernel_alone_needs_no_right_clauses_and_takes_any_name(self):
        address, names = self.load_kernel("read", "--isa", "generic")
        self.assertEqual(names, b"read, write")
        self.assertTrue(address)

    def test_clauses_from_the_command_line_reach_the_compiler(self):
        self.load_kernel("write", "--clauses", "combine(y) build(-DSIZE=3)")
        result = self.compile("two.cl", "-o", "x.so", "--kernel", "write", "--clauses",
                              "combine(y) build(-I.)")
        self.assertIn("two.cl: error: build(-I.): only", result.stderr)

    def test_a_kernel_that_is_not_there_leaves_the_names(self):
        said = "two.cl: warning: no kernel walk; it has read, write\n"
        self.assertEqual(self.load_kernel("walk", said=said), (None, b"read, write"))

    def test_one_instruction_set_is_enough(self):
        self.generate(SAXPY, "--isa", "generic")
        out = self.run_c('printf("%u %s\\n", parfun_kernel_saxpy.variant_count,\n'
                         "        parfun_kernel_saxpy.variants[0].isa);")
        self.assertEqual(out, "1 generic\n")

    @unittest.skipUnless(os.uname().machine == "x86_64", "instructions of x86-64")
    def test_vectors_of_three_are_stored_next_to_each_other(self):
        self.generate("#pragma parfun split(x) combine(y)\n"
                      "kernel void k(global const float *x, global float3 *y)\n"
                      "{ float v = x[get_global_id(0)];\n"
                      "  y[get_global_id(0)] = (float3)(v, -v, v + 1); }\n",
                      "--isa", "x86-64-v4")
        code = self.succeed("objdump", "-d", "k.o")
        self.assertIn("zmm", code)
        self.assertNotIn("scatter", code)


if __name__ == "__main__":
    unittest.main()
