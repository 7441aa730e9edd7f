#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks that the layers of the library stay layers.

    check_layers.py [ROOT]

Prints one line, FILE:LINE: RULE, for each breach and exits with 1 if there are
any.  What may include what, which library has which door, and how long files may
be stands in the tables below.
"""

import fnmatch
import os
import re
import sys

FOLDERS = ("include", "runtime", "backends", "kernels", "tools", "tests", "docs")
SOURCES = (".c", ".h", ".cpp", ".py", ".cl")
LONGEST = 500

# Files of the first pattern that matches may include only these of the project.
# The files of their own folder are always allowed but in runtime/ itself.
LAYERS = (
    ("include/*", ("include/*",)),
    ("runtime/base/*", ("runtime/base/*", "include/*")),
    ("runtime/*", ("runtime/*", "include/*",
                   "backends/backend.h", "backends/table.h")),
    ("backends/table.*", ("backends/*", "runtime/base/*", "include/*")),
    ("backends/backend.h", ("runtime/base/*", "include/*")),
    ("backends/*", ("backends/backend.h", "backends/table.h", "OWN/*",
                    "runtime/base/*", "include/*")),
    ("kernels/*", ("kernels/*", "include/*")),
    ("tools/parfun-cc/*", ("tools/parfun-cc/*", "runtime/clauses.h",
                           "runtime/nearest.h", "runtime/scan.h", "runtime/base/*",
                           "include/*")),
    ("tools/*", ("tools/*", "runtime/*", "include/*",
                 "backends/backend.h", "backends/table.h")),
)

# Includes of foreign libraries, and the files that may have them.  Tests and
# rivals in benchmarks go their own ways.
ELSEWHERE = ("tests/*", "tools/bench/*", "docs/*")
DOORS = (
    (r"hwloc(\.h$|/)", "hwloc",
     ("runtime/base/machine*.c", "tools/bench/*")),
    (r"CL/", "OpenCL", ("backends/opencl/*",) + ELSEWHERE),
    (r"(pthread|threads)\.h$", "threads",
     ("runtime/base/thread.[ch]",) + ELSEWHERE),
    (r"(llvm|clang)(-c)?/", "LLVM", ("tools/parfun-cc/plugin/*",)),
)

# Calls that only some files of the library may make.
CALLS = (
    (r"\b(secure_)?getenv\s*\(", "the environment is read in runtime/config.c",
     ("runtime/*", "backends/*"), ("runtime/config.c",)),
    (r"\b(abort|exit|_exit|_Exit|quick_exit)\s*\(",
     "the library never ends the process", ("runtime/*", "backends/*"), ()),
)

# Programs as users write them: no licence of ours on them.
PROGRAMS = ("tests/install/programs/*", "docs/examples/*", "*.cl")

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]')
TOKENS = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
                    re.DOTALL)


def matches(path, patterns):
    return any(fnmatch.fnmatchcase(path, pattern) for pattern in patterns)


def list_files(root):
    for folder in FOLDERS:
        for place, folders, names in os.walk(os.path.join(root, folder)):
            folders[:] = sorted(f for f in folders
                                if not f.startswith((".", "build", "__")))
            for name in sorted(names):
                if name.endswith(SOURCES):
                    path = os.path.join(place, name)
                    yield os.path.relpath(path, root).replace(os.sep, "/")


def strip(text):
    """Blanks out comments and strings; lines keep their numbers."""
    def blank(token):
        return re.sub(r"[^\n]", " ", token.group())
    return TOKENS.sub(blank, text)


def find_includes(text):
    """Yields line number, "<" or '"', and name."""
    code = TOKENS.sub(lambda t: re.sub(r"[^\n]", " ", t.group())
                      if t.group().startswith("/") else t.group(), text)
    for number, line in enumerate(code.split("\n"), 1):
        found = INCLUDE.match(line)
        if found:
            yield number, found.group(1), found.group(2)


def resolve(files, path, quote, name):
    """The file of the project that an include means, or None."""
    beside = os.path.normpath(os.path.join(os.path.dirname(path), name))
    candidates = ["include/" + name]
    if quote == '"':
        candidates = [beside.replace(os.sep, "/"), name] + candidates
    for candidate in candidates:
        if candidate in files:
            return candidate
    return None


def check_include(path, number, target):
    for pattern, allowed in LAYERS:
        if not fnmatch.fnmatchcase(path, pattern):
            continue
        own = os.path.dirname(path)
        if not matches(target, [a.replace("OWN", own) for a in allowed]):
            yield f"{path}:{number}: {pattern} must not include {target}"
        return


def check_doors(path, number, name):
    for pattern, library, allowed in DOORS:
        if re.match(pattern, name) and not matches(path, allowed):
            yield (f"{path}:{number}: {library} is used in {allowed[0]} only, "
                   f"not <{name}> here")


def check_calls(path, text):
    for pattern, rule, scope, allowed in CALLS:
        if not matches(path, scope) or matches(path, allowed):
            continue
        for number, line in enumerate(strip(text).split("\n"), 1):
            if re.search(pattern, line):
                yield f"{path}:{number}: {rule}"


def check_form(path, text):
    lines = text.count("\n")
    if lines > LONGEST:
        yield f"{path}:{LONGEST + 1}: the file has {lines} lines, more than {LONGEST}"
    first = 2 if text.startswith("#!") else 1
    line = (text.split("\n") + ["", ""])[first - 1]
    if "SPDX-License-Identifier: Apache-2.0" not in line and not matches(path, PROGRAMS):
        yield f"{path}:{first}: the licence (SPDX-License-Identifier) is missing"


def check_cycles(graph):
    """One line for each cycle of includes: graph[file] = [(line, file)]."""
    finished = set()

    def visit(path, above):
        for number, target in graph.get(path, ()):
            if target in above:
                ring = above[above.index(target):] + [target]
                yield f"{path}:{number}: includes form a ring: {' > '.join(ring)}"
            elif target not in finished:
                yield from visit(target, above + [target])
        finished.add(path)

    for path in sorted(graph):
        if path not in finished:
            yield from visit(path, [path])


def check(root):
    """All breaches in the tree at `root`, as lines."""
    files = list(list_files(root))
    known = set(files)
    graph = {}
    for path in files:
        with open(os.path.join(root, path), encoding="utf-8") as file:
            text = file.read()
        yield from check_form(path, text)
        if not path.endswith((".c", ".h", ".cpp")):
            continue
        for number, quote, name in find_includes(text):
            target = resolve(known, path, quote, name)
            if target:
                graph.setdefault(path, []).append((number, target))
                yield from check_include(path, number, target)
            else:
                yield from check_doors(path, number, name)
        yield from check_calls(path, text)
    yield from check_cycles(graph)


def main(arguments):
    if len(arguments) > 1 or arguments[:1] in (["-h"], ["--help"]):
        print(__doc__.strip())
        return 0 if len(arguments) == 1 else 2
    root = arguments[0] if arguments else os.path.join(os.path.dirname(__file__), "..")
    breaches = list(check(root))
    for breach in breaches:
        print(breach)
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
