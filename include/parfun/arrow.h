/* SPDX-License-Identifier: Apache-2.0 */
/*
 * parfun/arrow.h: tables from and to other libraries, by Arrow's C data interface,
 * https://arrow.apache.org/docs/format/CDataInterface.html.  No library is needed.
 */
#ifndef PARFUN_ARROW_H
#define PARFUN_ARROW_H

#include <parfun.h>

#ifdef __cplusplus
extern "C" {
#endif

/* The structures below are Apache Arrow's, copied from its specification as that
 * asks.  Copyright 2016-2024 The Apache Software Foundation, Apache License 2.0. */
/* clang-format off */
#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  // Array type description
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;

  // Release callback
  void (*release)(struct ArrowSchema*);
  // Opaque producer-specific data
  void* private_data;
};

struct ArrowArray {
  // Array data description
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;

  // Release callback
  void (*release)(struct ArrowArray*);
  // Opaque producer-specific data
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE
/* clang-format on */

/*
 * A table of the columns of a record batch (an array of structs): integers, floating
 * point and utf8 or large_utf8 strings, each with nulls or without; nothing is copied.
 * Lengths, offsets, counts, types and the offsets of strings are checked; how large
 * buffers are is not known.  PARFUN_INVALID for what is wrong, PARFUN_UNSUPPORTED for
 * other types, such as booleans, dates and dictionaries.
 *
 * Takes over both structures, whatever it returns: they are released, `schema` at
 * once and `array` when the table and all groups of it are destroyed or after a
 * failure, each exactly once, on the thread that does so.  Both are then marked as
 * released; a structure that is so already is PARFUN_INVALID.
 */
PARFUN_TRY enum parfun_status parfun_table_import(struct ArrowSchema *schema,
        struct ArrowArray *array, struct parfun_table **table);

/*
 * The table's columns as a record batch, for whoever releases both structures.  The
 * memory of columns is not copied, but for strings of char *, so the user's must live
 * until then; the table may be destroyed.
 */
PARFUN_TRY enum parfun_status parfun_table_export(const struct parfun_table *table,
        struct ArrowSchema *schema, struct ArrowArray *array);

#ifdef __cplusplus
}
#endif

#endif
