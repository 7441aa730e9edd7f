#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Installs the library into an empty folder, builds programs against it as a user
would, and runs them on every backend.

usage: programs_test.py CMAKE BUILD_FOLDER SOURCE_FOLDER BACKEND ..."""

import os
import subprocess
import sys
import tempfile

PROGRAMS = ["saxpy", "dot", "mandelbrot", "histogram", "blur", "filter", "pi", "tiles",
            "weeks", "nested", "words", "overrides", "text", "countries", "nbody",
            "plusplus"]


def run(command, folder=None, **environment):
    """Runs a command; stops the test with its output if it fails."""
    result = subprocess.run(command, cwd=folder, text=True, stdout=subprocess.PIPE,
                            stderr=subprocess.STDOUT, timeout=600, check=False,
                            env={**os.environ, **environment})
    if result.returncode:
        sys.exit(f"{environment.get('PARFUN_BACKEND', '')} {' '.join(command)} failed "
                 f"with {result.returncode}:\n{result.stdout}")
    return result.stdout


def write_picture(path):
    """A grey wedge, as a binary PGM."""
    with open(path, "wb") as file:
        file.write(b"P5 640 480 255\n" + bytes(i * 7 // 5 % 256 for i in range(640 * 480)))


def check_pkg_config(prefix, library_folder, scratch):
    """The library without CMake: pkg-config tells all that a C compiler needs."""
    environment = {"PKG_CONFIG_PATH": os.path.join(library_folder, "pkgconfig")}
    flags = run(["pkg-config", "--cflags", "--libs", "parfun"], **environment).split()
    source = os.path.join(scratch, "plain.c")
    with open(source, "w", encoding="ascii") as file:
        file.write("#include <parfun.h>\n#include <stdio.h>\n"
                   "int main(void)\n{\n    puts(parfun_version());\n"
                   "    return parfun_set_backend(\"threads\");\n}\n")
    program = os.path.join(scratch, "plain")
    run(["cc", "-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", source, *flags,
         f"-Wl,-rpath,{library_folder}", "-o", program])
    version = run(["pkg-config", "--modversion", "parfun"], **environment)
    if run([program]) != version:
        sys.exit(f"parfun.pc in {prefix} and the library disagree on the version")


def main():
    if len(sys.argv) < 5:
        sys.exit(__doc__)
    cmake, build, source = sys.argv[1:4]
    with tempfile.TemporaryDirectory() as scratch:
        prefix = os.path.join(scratch, "prefix")
        programs = os.path.join(scratch, "build")
        work = os.path.join(scratch, "work")
        os.mkdir(work)
        run([cmake, "--install", build, "--prefix", prefix])
        run([cmake, "-S", os.path.join(source, "tests/install/programs"), "-B", programs,
             f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release"])
        run([cmake, "--build", programs, "--parallel", "2"])
        library = next(folder for folder, _, files in os.walk(prefix)
                       if "libparfun.so" in files)
        check_pkg_config(prefix, library, scratch)
        write_picture(os.path.join(work, "picture.pgm"))
        for backend in sys.argv[4:]:
            for program in PROGRAMS:
                arguments = ["picture.pgm"] if program == "histogram" else []
                run([os.path.join(programs, program), *arguments], work,
                    PARFUN_BACKEND=backend)
            print(f"{backend}: {len(PROGRAMS)} programs right")


if __name__ == "__main__":
    main()
