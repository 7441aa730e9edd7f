# SPDX-License-Identifier: Apache-2.0
"""parfun_add_kernels() from an installed tree that was moved."""

import glob
import os
import shutil
import subprocess
import tempfile
import unittest

from support import FolderTest

BUILD = os.environ["PARFUN_BUILD"]
CMAKE = os.environ["CMAKE"]
CC = os.environ["CC"]

LISTS = """cmake_minimum_required(VERSION 3.25)
project(user LANGUAGES C)
find_package(parfun REQUIRED)
add_executable(app main.c)
parfun_add_kernels(app kernels/scale.cl PREFIX my_
    OPTIONS -DTIMES=3 "-I${CMAKE_CURRENT_SOURCE_DIR}/some where")
"""
KERNEL = """#include "plus.h"
#pragma parfun split(x) combine(y)
kernel void scale(global const float *x, global float *y)
{ size_t i = get_global_id(0); y[i] = TIMES * x[i] + PLUS; }
"""
MAIN = """#include "my_scale.h"
#include <stdio.h>
int main(void)
{
    float x[3] = { 1, 2, 3 }, y[3];
    if (parfun_set_backend("none") || my_scale(3, x, y))
        return fprintf(stderr, "%s\\n", parfun_error()), 1;
    printf("%g %g %g\\n", (double)y[0], (double)y[1], (double)y[2]);
    return 0;
}
"""


class Package(FolderTest):
    @classmethod
    def setUpClass(cls):
        cls.place = tempfile.mkdtemp(prefix="parfun-test-")
        cls.addClassCleanup(shutil.rmtree, cls.place)
        first = os.path.join(cls.place, "first")
        cls.prefix = os.path.join(cls.place, "moved")
        subprocess.run([CMAKE, "--install", BUILD, "--prefix", first], check=True,
                       stdout=subprocess.DEVNULL)
        os.rename(first, cls.prefix)

    def project(self):
        self.write("CMakeLists.txt", LISTS)
        self.write("main.c", MAIN)
        self.write("kernels/scale.cl", KERNEL)
        self.write("some where/plus.h", "#define PLUS 1\n")

    def configure(self, generator, *options):
        return self.command(CMAKE, "-G", generator, "-S", ".", "-B", "build",
                            "-DCMAKE_PREFIX_PATH=" + self.prefix,
                            "-DCMAKE_C_COMPILER=" + CC, *options)

    def build(self):
        return self.succeed(CMAKE, "--build", "build")

    def build_and_change(self, generator):
        self.project()
        result = self.configure(generator)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.build()
        app = self.path("build/app")
        self.assertEqual(self.succeed(app), "4 7 10\n")
        self.assertNotIn("Compiling kernels", self.build())
        # Files behind -I are part of the rule, too.
        self.write("some where/plus.h", "#define PLUS 2\n")
        self.assertIn("Compiling kernels", self.build())
        self.assertEqual(self.succeed(app), "5 8 11\n")
        self.assertNotIn("Compiling kernels", self.build())
        # A mistake stops the build, and the next one begins where it stopped.
        self.write("kernels/scale.cl", KERNEL.replace("split(x)", "split(z)"))
        result = self.command(CMAKE, "--build", "build")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("scale.cl:2:22: error: 'z'", result.stdout + result.stderr)
        self.write("kernels/scale.cl", KERNEL)
        self.build()
        self.assertEqual(self.succeed(app), "5 8 11\n")

    @unittest.skipUnless(shutil.which("ninja"), "ninja is not installed")
    def test_ninja_builds_what_changed(self):
        self.build_and_change("Ninja")

    @unittest.skipUnless(shutil.which("make"), "make is not installed")
    def test_make_builds_what_changed(self):
        self.build_and_change("Unix Makefiles")

    def test_an_unfit_clang_is_told_when_configuring(self):
        self.project()
        result = self.configure("Unix Makefiles", "-DPARFUN_CLANG=/bin/true")
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("apt-get install", " ".join(result.stderr.split()))
        self.assertIn("clang-", result.stderr)

    def test_missing_tools_are_told_when_configuring(self):
        self.project()
        moved = os.path.join(self.prefix, "bin", "parfun-cc")
        os.rename(moved, moved + ".away")
        try:
            result = self.configure("Unix Makefiles")
        finally:
            os.rename(moved + ".away", moved)
        self.assertNotEqual(result.returncode, 0)
        self.assertIn("tools are not installed", " ".join(result.stderr.split()))

    def test_a_library_may_hold_kernels(self):
        self.project()
        self.write("CMakeLists.txt", LISTS.replace(
            "add_executable(app main.c)",
            "add_library(part STATIC part.c)\nadd_executable(app main.c)\n"
            "target_link_libraries(app PRIVATE part parfun::parfun)\n"
            "target_include_directories(app PRIVATE "
            "${CMAKE_CURRENT_BINARY_DIR}/part.kernels)\n"
            "add_dependencies(app part)").replace("kernels(app", "kernels(part"))
        self.write("part.c", "typedef int nothing;\n")
        result = self.configure("Unix Makefiles")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.build()
        self.assertEqual(self.succeed(self.path("build/app")), "4 7 10\n")

    def test_pkg_config_knows_the_library_and_the_compiler(self):
        folders = glob.glob(os.path.join(self.prefix, "**", "pkgconfig"),
                            recursive=True)
        self.assertEqual(len(folders), 1)
        ask = ["env", "PKG_CONFIG_PATH=" + folders[0], "pkg-config"]
        compiler = self.succeed(*ask, "--variable=parfun_cc", "parfun").strip()
        self.assertTrue(os.path.samefile(
            compiler, os.path.join(self.prefix, "bin", "parfun-cc")))
        self.write("main.c", "#include <parfun.h>\n#include <stdio.h>\n"
                   "int main(void) { return !puts(parfun_version()); }\n")
        self.succeed(CC, "main.c", "-o", "main",
                     *self.succeed(*ask, "--cflags", "--libs", "parfun").split())
        library = os.path.dirname(folders[0])
        self.assertEqual(self.succeed("env", "LD_LIBRARY_PATH=" + library, "./main"),
                         self.succeed(*ask, "--modversion", "parfun"))


if __name__ == "__main__":
    unittest.main()
