#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Made-up trees, good and bad, and what tools/check_layers.py says of them."""

import contextlib
import io
import os
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "..", "tools"))

import check_layers  # noqa: E402  (its folder has just been added)

C = "/* SPDX-License-Identifier: Apache-2.0 */\n"

GOOD = {
    "include/parfun.h": C + "#include <stddef.h>\n",
    "include/parfun/kernel.h": C + "#include <parfun.h>\n",
    "runtime/base/error.h": C + "#include <parfun.h>\n",
    "runtime/base/thread.h": C + "#include <pthread.h>\n",
    "runtime/base/machine.c": C + "#include <hwloc.h>\n",
    "runtime/config.c": C + "char *c = getenv(name);\n",
    "runtime/plan.h": C,
    "runtime/plan.c": C + '#include "runtime/plan.h"\n'
                          '#include "backends/backend.h"\n'
                          '#include "backends/table.h"\n'
                          "/* getenv(x) and abort() */ char *s = \"exit(1)\";\n",
    "runtime/clauses.h": C,
    "backends/backend.h": C + "#include <parfun/kernel.h>\n",
    "backends/table.h": C + '#include "backends/backend.h"\n',
    "backends/opencl/code.h": C + "#include <CL/cl.h>\n",
    "backends/opencl/code.c": C + '#include "code.h"\n'
                                  '#include "backends/opencl/code.h"\n'
                                  '#include "runtime/base/error.h"\n',
    "tools/parfun-cc/main.c": C + '#include "runtime/clauses.h"\n',
    "tools/parfun-cc/plugin/pass.cpp": C + '#include "llvm/IR/Pass.h"\n',
    "tests/fault/layer.c": C + "#include <CL/cl.h>\n#include <pthread.h>\n",
}

# What is put into the good tree, and what must be said.
BAD = {
    "a header of the interface reaches into the library":
        ("include/parfun.h", '#include "runtime/plan.h"\n',
         "include/parfun.h:2: include/* must not include runtime/plan.h"),
    "the base reaches up":
        ("runtime/base/error.h", '#include "../plan.h"\n',
         "runtime/base/error.h:2: runtime/base/* must not include runtime/plan.h"),
    "the runtime knows one backend":
        ("runtime/plan.h", '\n# include "backends/opencl/code.h"\n',
         "runtime/plan.h:3: runtime/* must not include backends/opencl/code.h"),
    "a backend includes the runtime":
        ("backends/opencl/code.h", '#include "runtime/plan.h"\n',
         "backends/opencl/code.h:2: backends/* must not include runtime/plan.h"),
    "a backend includes another":
        ("backends/host/host.c", '#include "backends/opencl/code.h"\n',
         "backends/host/host.c:2: backends/* must not include "
         "backends/opencl/code.h"),
    "the kernel compiler includes the runtime":
        ("tools/parfun-cc/main.c", '#include "runtime/plan.h"\n',
         "tools/parfun-cc/main.c:2: tools/parfun-cc/* must not include "
         "runtime/plan.h"),
    "hwloc through another door":
        ("runtime/plan.c", "#include <hwloc/bitmap.h>\n",
         "runtime/plan.c:2: hwloc is used in runtime/base/machine*.c only, "
         "not <hwloc/bitmap.h> here"),
    "OpenCL through another door":
        ("backends/host/host.c", "#include <CL/cl.h>\n",
         "backends/host/host.c:2: OpenCL is used in backends/opencl/* only, "
         "not <CL/cl.h> here"),
    "threads through another door":
        ("runtime/plan.c", "#include <pthread.h>\n",
         "runtime/plan.c:2: threads is used in runtime/base/thread.[ch] only, "
         "not <pthread.h> here"),
    "LLVM through another door":
        ("tools/parfun-cc/main.c", "#include <llvm-c/Core.h>\n",
         "tools/parfun-cc/main.c:2: LLVM is used in tools/parfun-cc/plugin/* only, "
         "not <llvm-c/Core.h> here"),
    "the environment through another door":
        ("runtime/plan.c", "/* one\ntwo */ int x;\nint y = !secure_getenv (n);\n",
         "runtime/plan.c:4: the environment is read in runtime/config.c"),
    "the end of the process":
        ("backends/host/host.c", "void f(void) { abort(); }\n",
         "backends/host/host.c:2: the library never ends the process"),
    "a long file":
        ("kernels/long.cl", "\n" * 500,
         "kernels/long.cl:501: the file has 501 lines, more than 500"),
    "a ring":
        ("runtime/plan.h", '#include "runtime/call.h"\n',
         "runtime/plan.h:2: includes form a ring: "
         "runtime/call.h > runtime/plan.h > runtime/call.h"),
}


def put(root, tree):
    for path, text in tree.items():
        path = os.path.join(root, path)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


class Layers(unittest.TestCase):
    def check(self, tree):
        with tempfile.TemporaryDirectory() as root:
            put(root, tree)
            return list(check_layers.check(root))

    def test_says_nothing_of_a_good_tree(self):
        self.assertEqual(self.check(GOOD), [])

    def test_reports_each_breach_with_file_line_and_rule(self):
        for what, (path, text, said) in BAD.items():
            with self.subTest(what):
                tree = dict(GOOD)
                tree["runtime/call.h"] = C + '#include "runtime/plan.h"\n'
                tree[path] = C + text
                self.assertEqual(self.check(tree), [said])

    def test_reports_a_missing_licence(self):
        tree = {"runtime/a.c": "int x;\n", "tools/t.py": "#!/usr/bin/python3\n\n",
                "docs/examples/main.c": "int x;\n", "kernels/sum.cl": "int x;\n"}
        self.assertEqual(
            self.check(tree),
            ["runtime/a.c:1: the licence (SPDX-License-Identifier) is missing",
             "tools/t.py:2: the licence (SPDX-License-Identifier) is missing"])

    def test_leaves_built_and_hidden_files_alone(self):
        self.assertEqual(self.check({"tools/build/a.c": "", "tests/.b/c.c": ""}), [])

    def test_ends_with_one_if_anything_is_wrong(self):
        for tree, code in ((GOOD, 0), ({"runtime/a.c": "int x;\n"}, 1)):
            with tempfile.TemporaryDirectory() as root:
                put(root, tree)
                with contextlib.redirect_stdout(io.StringIO()) as printed:
                    self.assertEqual(check_layers.main([root]), code)
                self.assertEqual(bool(printed.getvalue()), bool(code))


if __name__ == "__main__":
    unittest.main()
