#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Relative metrics by group: the library against pandas, by turns; Markdown.

usage: groups.py [--rows N] [--groups N] [--turns N] [--check] SERVE

SERVE is the program that is built beside this.  Grouping counts on both sides.
Exits with 77 if there is no pandas, with 1 if the results differ.
"""

import argparse
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

try:
    import numpy
    import pandas
except ImportError as missing:
    print(f"skipped: {missing}; on Debian: apt-get install python3-pandas")
    sys.exit(77)

TOLERANCE = 1e-6  # of weighted sums of squares, whose additions have another order


def make_input(rows, groups):
    generator = numpy.random.default_rng(1)
    return pandas.DataFrame({
        "key": generator.integers(0, groups, rows, dtype=numpy.int32),
        "value": generator.random(rows)})


def with_pandas(frame):
    """Seconds, and the results."""
    begin = time.perf_counter()
    group = frame.groupby("key")["value"]
    difference = frame["value"] - group.transform("mean")
    squared = difference ** 2
    relative = difference / group.transform("std")
    return time.perf_counter() - begin, (difference, squared, relative)


class Library:
    """A process that waits for its turns."""

    def __init__(self, program, frame, folder):
        files = []
        for name in ("key", "value"):
            files.append(str(pathlib.Path(folder) / name))
            frame[name].to_numpy().tofile(files[-1])
        self.process = subprocess.Popen(
            [program, str(len(frame)), *files], text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def turn(self):
        """Seconds, of grouping, and sums of the results."""
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        fields = [float(field) for field in self.process.stdout.readline().split()]
        return fields[0], fields[1], fields[2:]

    def end(self):
        self.process.stdin.close()
        return self.process.wait()


def agree(results, sums):
    weights = 1 + numpy.arange(len(results[0])) % 7
    for result, found in zip(results, sums):
        values = result.to_numpy()
        scale = float(numpy.sum(numpy.abs(values) * weights))
        if abs(float(numpy.sum(values * weights)) - found) > TOLERANCE * scale:
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--groups", type=int, default=1000)
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--check", action="store_true", help="results alone, few rows")
    parser.add_argument("serve")
    options = parser.parse_args()
    if options.check:
        options.rows, options.turns = 20000, 1

    frame = make_input(options.rows, options.groups)
    ours, grouping, theirs, right = [], [], [], True
    with tempfile.TemporaryDirectory() as folder:
        library = Library(options.serve, frame, folder)
        for turn in range(options.turns + 1):
            seconds, results = with_pandas(frame)
            whole, grouped, sums = library.turn()
            right = right and agree(results, sums)
            if turn > 0 or options.check:  # the first one warms up
                theirs.append(seconds)
                ours.append(whole)
                grouping.append(grouped)
        right = library.end() == 0 and right
    print("| rows | groups | library, ms | of it grouping | pandas "
          f"{pandas.__version__}, ms | ratio |\n|---|---|---|---|---|---|")
    print(f"| {options.rows} | {options.groups} "
          f"| {1e3 * statistics.median(ours):.1f} "
          f"| {1e3 * statistics.median(grouping):.1f} "
          f"| {1e3 * statistics.median(theirs):.1f} "
          f"| {statistics.median(theirs) / statistics.median(ours):.2f} |")
    if not right:
        print("the results differ")
    return not right


if __name__ == "__main__":
    sys.exit(main())
