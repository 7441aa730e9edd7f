/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h: a file of comma-separated values, column by column. */
#ifndef READER_H
#define READER_H

#include <stdbool.h>
#include <stddef.h>

struct column {
    char *name;
    bool numeric;    /* every field is a number, or empty */
    char **texts;    /* by row; NULL: empty */
    double *numbers; /* of numeric columns; NAN: empty */
};

struct file {
    struct column *columns;
    size_t column_count, rows;
    char *text; /* what the fields point into */
};

/* Every row `copies` times.  NULL, or why it can not be read. */
const char *read_file(const char *path, size_t copies, struct file *file);
void free_file(struct file *file);

#endif
