#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails unless the manual's blocks of C are parts of programs that are built and run.

usage: tools/check_manual.py [--fix]      in the root of the tree

Above each block of C in the documents below stands where it is from,

    <!-- manual: sums.cl dot -->

which is the lines between "part: dot" and "end" of docs/examples/manual/sums.cl,
without the indentation that they share.  --fix writes them anew.
"""

import pathlib
import re
import sys
import textwrap

DOCUMENTS = ("docs/getting-started.md", "docs/coming-from-python.md", "docs/kernels.md",
             "docs/tables.md")
FOLDER = pathlib.Path("docs/examples/manual")
BLOCK = re.compile(r"(?:<!-- manual: (\S+) (\S+) -->\n)?```c\n(.*?)```\n", re.DOTALL)
PART = re.compile(r"^ */\* part: (\S+) \*/\n(.*?)^ */\* end \*/\n", re.DOTALL | re.MULTILINE)


def read_parts():
    """The text of each part, by file and name."""
    parts = {}
    for path in sorted(FOLDER.iterdir()):
        if path.suffix not in (".c", ".cl", ".h"):
            continue
        for name, text in PART.findall(path.read_text()):
            parts[path.name, name] = textwrap.dedent(text)
    return parts


def check(document, parts, used):
    """The document with all blocks as they must be, and what is wrong with it."""
    wrong = []
    text = document.read_text()

    def replace(block):
        key = block.group(1), block.group(2)
        line = text.count("\n", 0, block.start()) + 1
        if key not in parts:
            wrong.append(f"{document}:{line}: the block is no part of a program"
                         if key == (None, None) else
                         f"{document}:{line}: there is no part {key[1]} in {key[0]}")
            return block.group(0)
        used.add(key)
        if block.group(3) != parts[key]:
            wrong.append(f"{document}:{line}: {key[0]} has it otherwise")
        return f"<!-- manual: {key[0]} {key[1]} -->\n```c\n{parts[key]}```\n"

    return BLOCK.sub(replace, text), wrong


def main(arguments):
    if arguments not in ([], ["--fix"]):
        sys.exit(__doc__.strip())
    parts, used, failed = read_parts(), set(), False
    for document in map(pathlib.Path, DOCUMENTS):
        right, wrong = check(document, parts, used)
        if arguments and right != document.read_text():
            document.write_text(right)
            wrong = [w for w in wrong if "otherwise" not in w]
        for line in wrong:
            print(line)
        failed |= bool(wrong)
    for name, part in sorted(set(parts) - used):
        print(f"{FOLDER / name}: part {part} is quoted nowhere")
        failed = True
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
