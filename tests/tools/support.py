# SPDX-License-Identifier: Apache-2.0
"""support.py: runs parfun-cc in a folder of the test's own."""

import os
import shutil
import subprocess
import tempfile
import unittest

CC = os.environ["PARFUN_CC"]
SOURCE = os.environ["PARFUN_SOURCE"]


class FolderTest(unittest.TestCase):
    """A test with a folder of its own, in which commands run."""

    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="parfun-test-")
        self.addCleanup(shutil.rmtree, self.folder)
        # A second one, to see that parfun-cc leaves nothing behind.
        self.temporary = os.path.join(self.folder, "temporary")
        os.mkdir(self.temporary)

    def path(self, name):
        return os.path.join(self.folder, name)

    def write(self, name, text):
        os.makedirs(os.path.dirname(self.path(name)), exist_ok=True)
        with open(self.path(name), "w", encoding="utf-8",
                  newline="") as file:
            file.write(text)

    def read(self, name):
        with open(self.path(name), encoding="utf-8") as file:
            return file.read()

    def command(self, *words):
        environment = dict(os.environ, TMPDIR=self.temporary, LC_ALL="C")
        return subprocess.run(words, cwd=self.folder, env=environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                              check=False)

    def compile(self, *words):
        """Runs parfun-cc, which must leave no temporary files."""
        result = self.command(CC, *words)
        self.assertEqual(os.listdir(self.temporary), [])
        return result

    def succeed(self, *words):
        result = self.command(*words)
        self.assertEqual(result.returncode, 0,
                         " ".join(words) + "\n" + result.stdout + result.stderr)
        return result.stdout
