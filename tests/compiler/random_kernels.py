# SPDX-License-Identifier: Apache-2.0
"""random_kernels.py: kernels made by chance mean the same in native code and to a C
compiler that knows neither plugin nor optimisation.

usage: random_kernels.py [FIRST [END]]      seeds; default: 1 4

Needs PARFUN_CC, PARFUN_SOURCE and CC in the environment, as ctest gives them.  A seed
takes some six seconds.
"""

import os
import shutil
import subprocess
import sys
import tempfile

import random_text

CC = os.environ["PARFUN_CC"]
SOURCE = os.environ["PARFUN_SOURCE"]
HERE = os.path.dirname(os.path.abspath(__file__))
KERNELS = 6  # of a seed


def build(seed, folder):
    """The commands that make the program of a seed; what they read is written."""
    names = random_text.names(KERNELS)
    with open(os.path.join(folder, "kernels.cl"), "w", encoding="utf-8") as file:
        file.write(random_text.make(seed, KERNELS))
    with open(os.path.join(folder, "names.h"), "w", encoding="utf-8") as file:
        file.write("#define NAMES(X) " + " ".join(f"X({name})" for name in names) + "\n")
    return [[CC, "kernels.cl", "-o", "kernels.o", "-w"],
            [os.environ["CC"], "-std=c17", "-D_GNU_SOURCE", "-O0", "-w", "-I.",
             "-I" + os.path.join(SOURCE, "include"),
             "-I" + os.path.join(SOURCE, "tests"),
             os.path.join(HERE, "random_run.c"), os.path.join(HERE, "run.c"),
             "kernels.o", "-o", "run", "-lcmocka", "-lm"],
            [os.path.join(folder, "run")]]


def check(seed):
    """Prints what is wrong; the folder stays for whoever looks into it."""
    folder = tempfile.mkdtemp(prefix="parfun-random-")
    for command in build(seed, folder):
        result = subprocess.run(command, cwd=folder, text=True, check=False,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if result.returncode:
            print(f"seed {seed}: {' '.join(command)}, in {folder}:\n"
                  + result.stdout[-2000:])
            return False
    shutil.rmtree(folder)
    return True


def main(arguments):
    first, end = ([int(word) for word in arguments] + [1, 4][len(arguments):])[:2]
    wrong = [seed for seed in range(first, end) if not check(seed)]
    print(f"{end - first} seeds, {(end - first) * KERNELS} kernels; wrong: {wrong}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
