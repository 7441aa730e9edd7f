#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails unless the C and C++ sources are as clang-format leaves them.

usage: tools/check_format.py [--fix] [CLANG_FORMAT]      default: clang-format-19
"""

import pathlib
import subprocess
import sys

FOLDERS = "runtime", "backends", "include", "tests", "tools", "docs"
# Set by hand, as tables; and programs that others wrote.
LEFT_OUT = "tests/install/programs",
SUFFIXES = ".c", ".h", ".cpp"


def sources(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            name = path.relative_to(root).as_posix()
            if path.suffix in SUFFIXES and not name.startswith(LEFT_OUT):
                yield name


def main(arguments):
    fix = arguments[:1] == ["--fix"]
    program = (arguments[fix:] or ["clang-format-19"])[0]
    root = pathlib.Path(__file__).resolve().parent.parent
    mode = ["-i"] if fix else ["--dry-run", "--Werror"]
    return subprocess.run([program, *mode, *sources(root)], cwd=root,
                          check=False).returncode


if __name__ == "__main__":
    if sys.argv[1:] in (["--help"], ["-h"]):
        print(__doc__.strip())
    else:
        sys.exit(main(sys.argv[1:]))
