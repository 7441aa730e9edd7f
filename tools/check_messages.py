#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fails unless docs/errors.md has every sentence that a user can get.

usage: tools/check_messages.py      in the root of the tree

Reads the format strings of pf_fail() and pf_clauses_say() in runtime/ and backends/,
and looks for the longest piece of each between two conversions.  Lack of memory has
one row for all; failures of runtime/base/ reach users in other sentences alone.
"""

import pathlib
import re
import sys

CALL = re.compile(
    r"\b(?:pf_fail\(\s*(PARFUN_\w+),\s*(?=\")|pf_clauses_say\()")
PART = re.compile(r'"((?:[^"\\]|\\.)*)"|(PARFUN_VERSION)|([,)])')
CONVERSION = re.compile(r"%(?:\.\*|\.\d+)?[a-z0-9]*?[sducxgp]|%\.\d+f|%td|%zu|%02x|\n")
SHORTEST = 8  # pieces below it say nothing


def read_format(text, at):
    """The string literals from `at` on, joined."""
    joined = ""
    for part in PART.finditer(text, at):
        if part.group(3):
            break
        joined += "\n" if part.group(2) else part.group(1)
    return joined.replace('\\"', '"').replace("\\n", "\n")


def formats(path):
    text = path.read_text()
    for call in CALL.finditer(text):
        if call.group(1) == "PARFUN_NO_MEMORY":
            continue
        at = text.find('"', call.end())
        if at >= 0:
            yield text.count("\n", 0, call.start()) + 1, read_format(text, at)


def main():
    documented = " ".join(pathlib.Path("docs/errors.md").read_text().split())
    sources = sorted(pathlib.Path("runtime").glob("*.c"))
    sources += sorted(pathlib.Path("backends").rglob("*.c"))
    found, missing = 0, 0
    for path in sources:
        for line, sentence in formats(path):
            piece = max(CONVERSION.split(sentence), key=len).strip(" '\",;:()")
            if len(piece) < SHORTEST:
                continue
            found += 1
            if " ".join(piece.split()) not in documented:
                missing += 1
                print(f'{path}:{line}: docs/errors.md does not have "{piece}"')
    if not found:
        print("no sentence was found at all")
    return 1 if missing or not found else 0


if __name__ == "__main__":
    sys.exit(main())
