#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Record batches of pyarrow become tables of the library, and come back.

usage: arrow_test.py LIBRARY      exits with 77 if there is no pyarrow
"""

import ctypes
import random
import sys
import unittest

try:
    import pyarrow
    from pyarrow.cffi import ffi
except ImportError as missing:
    print(f"skipped: {missing}; pip install pyarrow cffi")
    sys.exit(77)

ROWS = 1000
LIBRARY = ctypes.CDLL(sys.argv.pop(1))
LIBRARY.parfun_error.restype = ctypes.c_char_p
for counter in ("table_rows", "table_columns", "groups_count", "groups_rows", "groups_dropped"):
    getattr(LIBRARY, "parfun_" + counter).restype = ctypes.c_size_t
LIBRARY.parfun_table_column.restype = ctypes.c_void_p
LIBRARY.parfun_table_column_name.restype = ctypes.c_char_p


def address(structure):
    return int(ffi.cast("uintptr_t", structure))


class Batch:
    """A pair of Arrow's structures."""

    def __init__(self):
        self.schema = ffi.new("struct ArrowSchema *")
        self.array = ffi.new("struct ArrowArray *")

    def addresses(self):
        return address(self.array), address(self.schema)

    def is_released(self):
        return self.schema.release == ffi.NULL and self.array.release == ffi.NULL


class Table:
    """A table of the library's."""

    def __init__(self, batch):
        self.batch, self.handle = Batch(), ctypes.c_void_p()
        batch._export_to_c(*self.batch.addresses())
        self.status = LIBRARY.parfun_table_import(
            ctypes.c_void_p(address(self.batch.schema)),
            ctypes.c_void_p(address(self.batch.array)), ctypes.byref(self.handle))
        self.error = LIBRARY.parfun_error().decode()

    def export(self):
        batch = Batch()
        status = LIBRARY.parfun_table_export(
            self.handle, ctypes.c_void_p(address(batch.schema)),
            ctypes.c_void_p(address(batch.array)))
        assert status == 0, LIBRARY.parfun_error()
        return pyarrow.RecordBatch._import_from_c(*batch.addresses())

    def names(self):
        return [LIBRARY.parfun_table_column_name(self.handle, ctypes.c_size_t(i)).decode()
                for i in range(LIBRARY.parfun_table_columns(self.handle))]

    def type(self, name):
        """The number in enum parfun_type."""
        kind = ctypes.c_int()
        status = LIBRARY.parfun_table_column_type(
            self.handle, name.encode(), ctypes.byref(kind))
        assert status == 0, LIBRARY.parfun_error()
        return kind.value

    def valid(self, name, rows):
        valid = (ctypes.c_uint8 * rows)()
        status = LIBRARY.parfun_table_column_validity(
            self.handle, name.encode(), ctypes.c_size_t(0), ctypes.c_size_t(rows), valid)
        assert status == 0, LIBRARY.parfun_error()
        return [bool(v) for v in valid]

    def strings(self, name, rows):
        text, lengths = (ctypes.c_void_p * rows)(), (ctypes.c_size_t * rows)()
        status = LIBRARY.parfun_table_column_strings(
            self.handle, name.encode(), ctypes.c_size_t(0), ctypes.c_size_t(rows), text,
            lengths)
        assert status == 0, LIBRARY.parfun_error()
        return [None if t is None else ctypes.string_at(t, n).decode()
                for t, n in zip(text, lengths)]

    def destroy(self):
        LIBRARY.parfun_table_destroy(self.handle)

    def group(self, *names):
        """Numbers of groups, of their rows, and of rows without a key."""
        columns = (ctypes.c_char_p * len(names))(*[n.encode() for n in names])
        groups = ctypes.c_void_p()
        status = LIBRARY.parfun_group_by(
            self.handle, columns, ctypes.c_size_t(len(names)), ctypes.byref(groups))
        assert status == 0, LIBRARY.parfun_error()
        counts = tuple(getattr(LIBRARY, "parfun_groups_" + count)(groups)
                       for count in ("count", "rows", "dropped"))
        LIBRARY.parfun_groups_destroy(groups)
        return counts


def draw(generator, kind, rows):
    """A column of some kind, with nulls."""
    def value():
        if generator.random() < 0.2:
            return None
        if pyarrow.types.is_floating(kind):
            return generator.choice([0.5, -1.0, 2.0, float("inf")])
        if pyarrow.types.is_integer(kind):
            return generator.randrange(100)
        return generator.choice(["", "NL", "NA", "a longer string", "é"])
    return pyarrow.array([value() for _ in range(rows)], kind)


KINDS = [pyarrow.int8(), pyarrow.uint8(), pyarrow.int16(), pyarrow.uint16(),
         pyarrow.int32(), pyarrow.uint32(), pyarrow.int64(), pyarrow.uint64(),
         pyarrow.float32(), pyarrow.float64(), pyarrow.utf8(),
         pyarrow.large_utf8()]


class ArrowTest(unittest.TestCase):
    def setUp(self):
        generator = random.Random(1)
        self.batch = pyarrow.record_batch(
            [draw(generator, kind, ROWS) for kind in KINDS],
            names=[str(kind) for kind in KINDS])

    def test_every_type_comes_back_as_it_was(self):
        for first, rows in ((0, ROWS), (13, 700), (ROWS, 0), (5, 1)):
            batch = self.batch.slice(first, rows)
            table = Table(batch)
            self.assertEqual(table.status, 0, table.error)
            self.assertTrue(table.batch.is_released())
            self.assertEqual(LIBRARY.parfun_table_rows(table.handle), rows)
            back = table.export()
            table.destroy()
            back.validate(full=True)
            self.assertEqual(back, batch)

    def test_columns_are_not_copied(self):
        table = Table(self.batch)
        column = LIBRARY.parfun_table_column(table.handle, b"double")
        self.assertEqual(column, self.batch.column("double").buffers()[1].address)
        table.destroy()

    def test_columns_are_told_as_they_are(self):
        half = 8  # PARFUN_FLOAT16, which KINDS does not have
        types = [t for t in range(12) if t != half] + [11]
        for first, rows in ((0, ROWS), (13, 700), (ROWS, 0), (5, 1)):
            batch = self.batch.slice(first, rows)
            table = Table(batch)
            self.assertEqual(table.names(), batch.schema.names)
            for name, kind in zip(batch.schema.names, types):
                self.assertEqual(table.type(name), kind, name)
                self.assertEqual(table.valid(name, rows),
                                 batch.column(name).is_valid().to_pylist(), name)
            for name in ("string", "large_string"):
                self.assertEqual(table.strings(name, rows),
                                 batch.column(name).to_pylist(), name)
            table.destroy()

    def test_columns_without_nulls_are_valid_in_every_row(self):
        table = Table(pyarrow.record_batch([pyarrow.array([3, 1, 4])], names=["x"]))
        self.assertEqual(table.valid("x", 3), [True] * 3)
        table.destroy()

    def test_groups_are_as_many_as_pyarrow_finds(self):
        for first, rows in ((0, ROWS), (13, 700)):
            batch = self.batch.slice(first, rows)
            table = Table(batch)
            for names in [(str(kind),) for kind in KINDS] + [("int8", "string")]:
                known = pyarrow.Table.from_batches([batch]).select(names).drop_null()
                found = known.group_by(list(names)).aggregate([])
                self.assertEqual(table.group(*names),
                                 (found.num_rows, known.num_rows,
                                  rows - known.num_rows), names)
            table.destroy()

    def test_memory_is_given_back(self):
        before = pyarrow.total_allocated_bytes()
        batch = pyarrow.record_batch([pyarrow.array(range(100000))], names=["x"])
        table = Table(batch)
        del batch
        self.assertGreater(pyarrow.total_allocated_bytes(), before)
        table.destroy()
        self.assertEqual(pyarrow.total_allocated_bytes(), before)

    def test_other_types_are_refused_and_given_back(self):
        for column in (pyarrow.array([True, None]),
                       pyarrow.array(["a", "b"]).dictionary_encode(),
                       pyarrow.array([[1], []]), pyarrow.nulls(2)):
            table = Table(pyarrow.record_batch([column], names=["x"]))
            self.assertEqual(table.status, 5, column.type)
            self.assertIn("column 'x'", table.error)
            self.assertTrue(table.batch.is_released())


if __name__ == "__main__":
    unittest.main()
