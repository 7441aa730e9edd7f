#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails unless docs/behaviours.md names tests that there are.

usage: tools/check_behaviours.py      in the root of the tree

The last column of each row of its tables names tests, by files in tests/:

    `functions/cutting_test.c`: `zero_items_run_nothing`, `one_piece_runs_in_the_caller`

A test in C is a function that its file uses, too; one in Python is a method.
"""

import pathlib
import re
import sys

PAGE = pathlib.Path("docs/behaviours.md")
NAME = r"`[a-z_0-9]+`"
FILE = rf"`([a-z_0-9/]+_test\.(?:c|py))`: ({NAME}(?:, {NAME})*)"
TESTS = re.compile(rf"{FILE}(?:; {FILE})*")
RULE = re.compile(r"\|(?:-+\|)+")


def is_there(text, suffix, name):
    if suffix == ".py":
        return re.search(rf"^    def {name}\(self\):", text, re.MULTILINE)
    return (re.search(rf"^static void {name}\(\s*void \*\*state\)", text, re.MULTILINE)
            and len(re.findall(rf"\b{name}\b", text)) > 1)


def check_cell(cell):
    """What is wrong with the tests that a row names."""
    if not TESTS.fullmatch(cell):
        yield "names no tests as `folder/file`: `test`, `test`"
        return
    for file, names in re.findall(FILE, cell):
        path = pathlib.Path("tests") / file
        if not path.is_file():
            yield f"there is no {path}"
            continue
        text = path.read_text()
        for name in re.findall(r"[a-z_0-9]+", names):
            if not is_there(text, path.suffix, name):
                yield f"{path} has no test {name}"


def rows(lines):
    """Numbers and last cells of the rows, without those that head a table."""
    for number, line in enumerate(lines, 1):
        if not line.startswith("|") or RULE.fullmatch(line):
            continue
        if number < len(lines) and RULE.fullmatch(lines[number]):
            continue
        yield number, line.rstrip("| ").rsplit("|", 1)[-1].strip()


def main():
    found, wrong = 0, 0
    for number, cell in rows(PAGE.read_text().splitlines()):
        found += 1
        for sentence in check_cell(cell):
            wrong += 1
            print(f"{PAGE}:{number}: {sentence}")
    if not found:
        print(f"{PAGE} has no rows")
    return 1 if wrong or not found else 0


if __name__ == "__main__":
    sys.exit(main())
