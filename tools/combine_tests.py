#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Puts the tests of several presets into one folder for ctest.

    combine_tests.py FOLDER PRESET ...

Each preset's tests, as its test preset selects them, become PRESET/NAME.  One ctest
then runs them all, in parallel, with one summary.  They share a cache in the folder.
"""

import json
import os
import subprocess
import sys

# Properties that name other tests, or what tests share within one build.
NAMES = ("DEPENDS", "FIXTURES_CLEANUP", "FIXTURES_REQUIRED", "FIXTURES_SETUP")


def quote(text):
    return f"[==[{text}]==]"


def listing(value):
    if isinstance(value, bool):
        return "ON" if value else "OFF"
    if isinstance(value, list):
        return ";".join(str(entry) for entry in value)
    return str(value)


def environment(preset):
    """What the test preset and those that it inherits set for each test."""
    with open("CMakePresets.json", encoding="utf-8") as file:
        presets = {p["name"]: p for p in json.load(file)["testPresets"]}
    values = {}
    while preset:
        entry = presets[preset]
        values = {**entry.get("environment", {}), **values}
        preset = entry.get("inherits")
    return [f"{name}={value}" for name, value in values.items()]


def combine(preset):
    """The lines of a CTestTestfile.cmake."""
    shown = subprocess.run(
        ["ctest", "--preset", preset, "--show-only=json-v1"],
        check=True, stdout=subprocess.PIPE)
    for test in json.loads(shown.stdout)["tests"]:
        name = f"{preset}/{test['name']}"
        command = test.get("command", ["false"])  # not built: it shall fail
        yield f"add_test({quote(name)} {' '.join(map(quote, command))})"
        properties = {p["name"]: p["value"] for p in test.get("properties", [])}
        for key in NAMES:
            if key in properties:
                properties[key] = [f"{preset}/{n}" for n in properties[key]]
        properties["LABELS"] = properties.get("LABELS", []) + [preset]
        properties["ENVIRONMENT"] = (environment(preset)
                                     + properties.get("ENVIRONMENT", []))
        for key, value in properties.items():
            yield (f"set_tests_properties({quote(name)} PROPERTIES {key} "
                   f"{quote(listing(value))})")


def caches(folder):
    """The lines that keep what tests compile and learn out of the user's own cache."""
    cache = os.path.join(os.path.abspath(folder), "cache")
    yield f"set(ENV{{XDG_CACHE_HOME}} {quote(cache)})"
    yield f"set(ENV{{PARFUN_CACHE_DIR}} {quote(os.path.join(cache, 'parfun'))})"


def main(arguments):
    if len(arguments) < 2:
        print(__doc__.strip())
        return 2
    folder, presets = arguments[0], arguments[1:]
    lines = [*caches(folder)]
    lines += [line for preset in presets for line in combine(preset)]
    os.makedirs(folder, exist_ok=True)
    path = os.path.join(folder, "CTestTestfile.cmake")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
