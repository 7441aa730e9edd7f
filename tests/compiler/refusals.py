# SPDX-License-Identifier: Apache-2.0
"""What native code cannot do is refused where it stands in the file, with a reason;
what is near to it and right is accepted."""

import re
import unittest

from support import FolderTest

KERNEL = "kernel void f(global int *y)\n{\n%s\n}\n"


class Refusals(FolderTest):
    def messages(self, text, *options):
        """parfun-cc's errors as "LINE: reason"; it must not crash."""
        self.write("k.cl", text)
        result = self.compile("k.cl", "--check", *options)
        self.assertNotRegex(result.stderr, "Stack dump|PLEASE submit|signal")
        errors = re.findall(r"^k\.cl:(\d+:)(?:\d+:)? error: (.*)$", result.stderr,
                            re.MULTILINE)
        self.assertEqual(result.returncode, 1 if errors else 0, result.stderr)
        return [line + " " + reason for line, reason in errors]

    def refuse(self, text, expected, *options):
        found = self.messages(text, *options)
        self.assertTrue(any(expected in message for message in found),
                        f"{expected!r} is not in {found}")

    def accept(self, text, *options):
        self.assertEqual(self.messages(text, *options), [])

    def refuse_in_kernel(self, body, expected, *options):
        """The body begins in line 3."""
        self.refuse(KERNEL % body, expected, *options)

    def refuse_all(self, cases, *options):
        """Pairs of a body and a reason: kernels of one line each."""
        text = "constant int c[2] = { 1, 2 }; void g(local int *p) { p[0] = 1; }\n"
        for number, (body, _) in enumerate(cases):
            text += f"kernel void f{number}(global int *y) {{ {body}; }}\n"
        found = self.messages(text, *options)
        for number, (body, reason) in enumerate(cases):
            start = f"{number + 2}: {reason}"
            self.assertTrue(any(message.startswith(start) for message in found),
                            f"{body}: {start!r} is not in {found}")

    # ---- Objects of OpenCL that native code has not

    def test_images(self):
        kinds = ["image1d_t", "image1d_buffer_t", "image1d_array_t", "image2d_t",
                 "image2d_array_t", "image3d_t"]
        found = self.messages("".join(f"kernel void f{kind}(read_only {kind} i) {{ }}\n"
                                      for kind in kinds))
        self.assertEqual(found, [
            f"{line + 1}: 'pf_image' is unavailable: images are not supported in "
            "native code" for line in range(len(kinds))])
        self.refuse_all([(use, "'pf_images' is unavailable: images are not supported")
                         for use in ("read_imagef(y, 0, 1)", "read_imageui(y, 1)",
                                     "write_imagei(y, 1, 2)", "get_image_width(y)")])

    def test_samplers(self):
        self.refuse("\nkernel void f(sampler_t s, global int *y)\n{\n}\n",
                    "2: parameter 's' of kernel 'f' has the type 'sampler_t'")
        self.refuse_in_kernel("    const sampler_t s = CLK_FILTER_NEAREST;\n"
                              "    y[0] = read_imagei(y, s, 1).x;",
                              "4: 'pf_images' is unavailable")
        self.refuse("void g(sampler_t s)\n{\n}\n" + KERNEL
                    % "    const sampler_t s = CLK_FILTER_NEAREST;\n    g(s);",
                    "samplers are not supported")

    def test_pipes(self):
        self.refuse("\nkernel void f(read_only pipe int p)\n{\n}\n", "2: ")
        self.refuse_in_kernel("    read_pipe(y, y);",
                              "3: 'pf_pipes' is unavailable: pipes are not")

    def test_device_queues_and_blocks(self):
        self.refuse_all(
            [(use, "use of undeclared identifier '" + use.split()[0])
             for use in ("queue_t q", "clk_event_t e", "reserve_id_t r", "ndrange_t n")]
            + [("enqueue_kernel(0, 0, 0, 0)", "'pf_device_queues' is unavailable"),
               ("y[0] = ^(int x) { return x; }(1)", "blocks support disabled")])

    def test_sub_groups_and_group_functions(self):
        self.refuse_all([
            ("y[0] = get_sub_group_id()", "'pf_sub_groups' is unavailable: sub-groups"),
            ("y[0] = intel_sub_group_shuffle(1, 2)", "use of undeclared identifier"),
            ("y[0] = work_group_reduce_add(1)", "'pf_group_functions' is unavailable")])

    # ---- Functions

    def test_recursion(self):
        self.refuse("int g(int n)\n{\n    return n < 2 ? 1 :\n        g(n - 1);\n}\n"
                    + KERNEL % "    y[0] = g(3);",
                    "4: recursion is not allowed in OpenCL C: 'g' calls itself")

    def test_recursion_of_kernels(self):
        self.refuse_in_kernel("    if (y[0])\n        f(y + 1);",
                              "4: recursion is not allowed in OpenCL C: 'f' calls")

    def test_mutual_recursion(self):
        self.refuse("int h(int n);\nint g(int n)\n{\n    return h(n);\n}\n"
                    "int h(int n)\n{\n    return n ? g(n - 1) : 0;\n}\n"
                    + KERNEL % "    y[0] = g(3);",
                    "4: recursion is not allowed in OpenCL C: 'g' calls a function "
                    "that calls it")

    def test_recursion_that_no_kernel_reaches(self):
        self.refuse("int g(int n)\n{\n    return n ? g(n - 1) : 0;\n}\n"
                    + KERNEL % "    y[0] = 1;", "3: recursion is not allowed")

    def test_functions_without_a_body(self):
        self.refuse("int g(int n);\n" + KERNEL % "    y[0] = g(3);",
                    "4: 'g' is neither defined here nor a supported built-in")
        self.refuse('int g(int n) __asm__("h");\n' + KERNEL % "    y[0] = g(3);",
                    "4: 'h' is neither defined here nor a supported built-in")
        self.refuse_in_kernel("    y[0] = g(3);", "3: use of undeclared identifier")

    def test_functions_of_the_c_library(self):
        self.refuse("void abort(void);\n" + KERNEL
                    % "    abort();\n    y[0] = __builtin_memcmp(y, y + 1, 4);",
                    "5: 'memcmp' is neither defined here")

    def test_function_pointers(self):
        self.refuse("int g(int n) { return n; }\n"
                    + KERNEL % "    int (*p)(int) = g;\n    y[0] = p(3);",
                    "4: pointers to functions are not allowed")
        self.refuse("int g(int n) { return n; }\n"
                    + KERNEL % "    y[0] = (int)(size_t)&g;",
                    "4: taking address of function is not allowed")
        self.refuse("void g(void) { }\n"
                    'void h(void) __attribute__((alias("g")));\n'
                    + KERNEL % "    h();",
                    "5: calls through pointers to functions, or aliases, are not")

    def test_variadic_functions(self):
        self.refuse("int g(int n, ...)\n{\n    return n;\n}\n" + KERNEL % "",
                    "1: invalid prototype, variadic arguments are not allowed")

    def test_inline_assembly(self):
        self.refuse('\n__asm__(".globl name");\n' + KERNEL % "",
                    "2: GNU-style inline assembly is disabled")
        self.refuse_in_kernel('    __asm__("nop");',
                              "3: GNU-style inline assembly is disabled")
        self.refuse_in_kernel('    __asm__ volatile("" ::: "memory");',
                              "3: inline assembly is not supported")

    # ---- Memory

    def test_variable_length_arrays(self):
        self.refuse_in_kernel("    int n = y[0];\n    int a[n];\n    y[1] = a[0];",
                              "4: variable length arrays are not supported")

    def test_private_memory_beyond_the_stack(self):
        self.refuse("\nkernel void f(global int *y)\n{\n    int a[1 << 24];\n"
                    "    a[y[0]] = 1;\n    y[1] = a[y[2]];\n}\n",
                    "2: 'f' has 671088")
        self.accept(KERNEL % "    int a[1 << 14];\n    a[y[0]] = 1;\n"
                    "    y[1] = a[y[2]];")

    def test_address_spaces(self):
        changes = "'__global int *__private' changes address space of pointer"
        self.refuse_all([
            ("local int *p = y",
             "initializing '__local int *__private' with an expression of type "
             + changes),
            ("int *p = y", "initializing '__private int *__private' with an "
             "expression of type " + changes),
            ("local int *p = (local int *)y", "casting '__global int *' to type"),
            ("int n; y = &n", "assigning '__private int *' to '__global int"),
            ("g(y)", "passing '__global int *__private' to parameter of type"),
            ("c[0] = 1", "read-only variable is not assignable")])
        self.refuse("kernel void f(int *y)\n{\n}\n",
                    "1: pointer arguments to kernel functions must reside in")
        self.refuse("kernel void f(global int *global *y)\n{\n}\n",
                    "1: kernel parameter cannot be declared as a pointer to a pointer")

    def test_generic_pointers(self):
        self.refuse_all([
            ("generic int *p = y",
             "OpenCL C version 1.2 does not support the 'generic' type qualifier"),
            ("y = to_global(y)", "use of undeclared identifier 'to_global'")])

    def test_variables_of_the_program(self):
        self.refuse("\nglobal int n[4];\n" + KERNEL % "    n[0]++;",
                    "2: program scope variable must reside in constant")
        self.refuse_in_kernel("    static int n = 1;\n    y[0] = n++;", "3: ")
        self.refuse("extern constant int table[4];\n"
                    + KERNEL % "    y[0] = 1 +\n        table[y[1]];",
                    "5: 'table' is declared, but not defined here")
        self.accept("extern constant int table[4];\n"
                    "constant int table[4] = { 1, 2, 3, 4 };\n"
                    + KERNEL % "    y[0] = table[y[1]];")

    def test_local_variables_outside_of_kernels(self):
        self.refuse("void g(void)\n{\n    local int n;\n    n = 1;\n}\n" + KERNEL % "",
                    "3: non-kernel function variable cannot be declared in local")
        self.refuse_in_kernel("    if (y[0]) {\n        local int n;\n        n = 1;\n"
                              "    }", "4: variables in the local address space")
        self.refuse_in_kernel("    local int n = 1;\n    y[0] = n;",
                              "3: '__local' variable cannot have an initializer")

    # ---- Types

    def test_numbers_beyond_the_language(self):
        self.refuse_all([(f"{kind} n = y[0]; y[1] = n * n",
                          "numbers other than those of OpenCL C 1.2 are not supported")
                         for kind in ("_Float16", "__float128", "__int128",
                                      "long double")])
        self.accept("kernel void f(global long *y)\n"
                    "{ y[0] = mul_hi(y[1], y[2]) + mad_sat(y[3], y[4], y[5]); }\n")

    def test_arithmetic_with_halves(self):
        enable = "#pragma OPENCL EXTENSION cl_khr_fp16 : enable\n"
        for prefix in "", enable:
            line = 3 + prefix.count("\n")
            self.refuse(prefix + KERNEL % "    half h = y[0];\n    y[0] = h * h;",
                        f"{line}: declaring variable of type '__private half'")
            self.refuse(prefix + "kernel void f(global half *y)\n{\n"
                        "    y[0] = y[1] + y[2];\n}\n",
                        f"{line}: loading directly from pointer to type")
        self.refuse("kernel void f(half h, global int *y)\n{\n}\n", "1: declaring")
        self.accept("#ifdef cl_khr_fp16\n#error it is not there\n#endif\n"
                    "kernel void f(global half *y)\n"
                    "{ vstore_half(vload_half(1, y), 0, y); }\n")

    def test_types_of_parameters(self):
        found = self.messages("kernel void f(\n    bool b,\n    size_t s,\n"
                              "    event_t e)\n{\n}\n")
        self.assertEqual([message[:2] for message in found], ["2:", "3:", "4:"])
        self.assertIn("cannot be used as the type of a kernel parameter", found[2])
        self.refuse("struct s { global int *p; };\nkernel void f(struct s s)\n{\n}\n",
                    "2: struct kernel parameters may not contain pointers")
        self.refuse("\nkernel int f(void)\n{\n    return 1;\n}\n",
                    "2: kernel must have void return type")

    def test_bit_fields(self):
        self.refuse("struct s {\n    int n : 3;\n};\n" + KERNEL % "",
                    "2: bit-fields are not supported in OpenCL")

    # ---- Built-in functions

    def test_atomics_of_version_2(self):
        self.refuse_all([(use, "'pf_version_2_atomics' is unavailable: the atomics")
                         for use in ("atomic_fetch_add(y, 1)", "atomic_load(y)",
                                     "atomic_work_item_fence(1, 2, 3)")]
                        + [("_Atomic int n", "use of undeclared identifier '_Atomic'")])
        self.refuse("kernel void f(\n    global atomic_int *y)\n{\n}\n",
                    "2: unknown type name 'atomic_int'")

    def test_atomics_on_other_memory_and_types(self):
        self.refuse_in_kernel("    int n;\n    atomic_add(&n, 1);",
                              "4: no matching function for call to 'atomic_add'")
        self.refuse("kernel void f(global float *y)\n{\n    atomic_add(y, 1.0f);\n}\n",
                    "3: call to 'atomic_add' is ambiguous")

    def test_printf(self):
        self.refuse_all([(f"printf({call})", reason) for call, reason in (
                ('"%d", (int4)1', "printf's %d does not fit its argument"),
                ('"%v4d", 1', "printf's %v4d does not fit its argument"),
                ('"%-3v8hhx", (char4)1', "printf's %-3v8hhx does not fit its"),
                ('"%v16lf", (double8)1', "printf's %v16lf does not fit its argument"),
                ('"%v5d", (int8)1', "printf does not know the conversion '%v5d'"),
                ('"%vd", (int8)1', "printf does not know the conversion '%vd'"),
                ('"%v4s", "x"', "printf does not know the conversion '%v4s'"),
                ('"%v4lld", (long4)1', "printf does not know the conversion '%v4lld'"),
                ('"%ls", "x"', "printf does not know the conversion '%ls'"),
                ('"%n", y', "printf does not know the conversion '%n'"),
                ('"%Lf", 1.0', "printf does not know the conversion '%Lf'"),
                ('"%hld", 1', "printf does not know the conversion '%hld'"),
                ('"%"', "printf does not know the conversion '%'"),
                ('"%s", y', "printf's %s takes string literals only"),
                ('"%d %d", 1', "printf has more conversions than arguments"),
                ('"%*d", 1', "printf has more conversions than arguments"),
                ('(constant char *)y[0]', "the format of printf must be a literal"))], "-w")
        self.accept('constant char format[] = "%d\\n";\n' + KERNEL
                    % '    printf("%% %-*d %5.2f %s %c %lx %p", 3, 1, 2.0f, "%n", 99,'
                      ' 1L, y);\n    printf(format, 1);\n    printf("none\\n");',
                    "-w")

    # ---- Standards

    def test_other_versions_of_the_language(self):
        self.accept(KERNEL % "    y[0] = 1;", "-cl-std=CL1.1")
        for version in "CL2.0", "CL3.0", "CLC++":
            self.write("k.cl", KERNEL % "    y[0] = 1;")
            result = self.compile("k.cl", "--check", "-cl-std=" + version)
            self.assertEqual(result.returncode, 2)
            self.assertIn(version + ": parfun speaks OpenCL C 1.2", result.stderr)

    def test_other_versions_for_one_kernel(self):
        self.write("k.cl", "\n#pragma parfun combine(y) build(-cl-std=CL2.0)\n"
                   + KERNEL % "    y[get_global_id(0)] = 1;")
        result = self.compile("k.cl", "-o", "k.o", "--header", "k.h")
        self.assertIn("k.cl:2: error: build(-cl-std=CL2.0): parfun speaks",
                      result.stderr)


if __name__ == "__main__":
    unittest.main()
