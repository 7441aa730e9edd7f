# SPDX-License-Identifier: Apache-2.0
"""random_kernels.py: kernels made by chance mean the same in native code and to a C
compiler that knows neither plugin nor optimisation, or to an OpenCL device.

usage: random_kernels.py c|opencl FIRST END      seeds

Needs PARFUN_CC, PARFUN_SOURCE and CC in the environment, as ctest gives them.  A seed
takes some ten seconds.  Exit status: 77 without an OpenCL device.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import random_text
import random_vectors

CC = os.environ["PARFUN_CC"]
SOURCE = os.environ["PARFUN_SOURCE"]
HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = 6  # of a seed


SKIPPED = 77
# A driver compiles anew for each size of work-groups, so it is given fewer ranges.
WAYS = {"c": (random_text.Kernel, ["-DSTEP=1"]),
        "opencl": (random_vectors.Kernel, ["-DSTEP=3", "-l:libOpenCL.so.1"])}


def build(way, seed, folder):
    """The commands that make the program of a seed; what they read is written."""
    kind, options = WAYS[way]
    names = random_text.names(KERNELS)
    with open(os.path.join(folder, "kernels.cl"), "w", encoding="utf-8") as file:
        file.write(random_text.make(kind, seed, KERNELS))
    with open(os.path.join(folder, "names.h"), "w", encoding="utf-8") as file:
        file.write("#define NAMES(X) " + " ".join(f"X({name})" for name in names) + "\n")
    return [[CC, "kernels.cl", "-o", "kernels.o", "-w"],
            [os.environ["CC"], "-std=c17", "-D_GNU_SOURCE", "-O0", "-w", "-I.",
             "-I" + os.path.join(SOURCE, "include"),
             "-I" + os.path.join(SOURCE, "tests"), "-I" + HERE,
             os.path.join(HERE, "random_run.c"), os.path.join(HERE, f"random_{way}.c"),
             os.path.join(HERE, "run.c"), "kernels.o", "-o", "run", "-lcmocka", "-lm"]
            + options,
            [os.path.join(folder, "run")]]


def check(way, seed):
    """0, or what an exit status tells; the folder of what is wrong stays for whoever
    looks into it."""
    folder = tempfile.mkdtemp(prefix="parfun-random-")
    environment = dict(os.environ, POCL_CACHE_DIR=folder)
    for command in build(way, seed, folder):
        result = subprocess.run(command, cwd=folder, text=True, check=False,
                                env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT)
        if result.returncode:
            print(f"seed {seed}: {' '.join(command)}, in {folder}:\n"
                  + result.stdout[-2000:])
            return 1
    shutil.rmtree(folder)
    return SKIPPED if "SKIPPED" in result.stdout else 0


def main(arguments):
    way, first, end = arguments[0], int(arguments[1]), int(arguments[2])
    results = {seed: check(way, seed) for seed in range(first, end)}
    wrong = [seed for seed, result in results.items() if result == 1]
    print(f"{end - first} seeds, {(end - first) * KERNELS} kernels; wrong: {wrong}")
    return 1 if wrong else max(results.values())


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
