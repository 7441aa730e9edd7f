/* SPDX-License-Identifier: Apache-2.0 */
/* plain.h: the same by a plain loop, for comparison. */
#ifndef PLAIN_H
#define PLAIN_H

#include <stddef.h>

struct metrics {
    double *difference, *squared, *relative; /* by row */
};

/* Rows with equal names are a group; rows without one are left alone.  Returns the
 * number of groups; 0 for lack of memory, or if there are none. */
size_t plain_metrics(char *const *names, const double *values, size_t rows,
        struct metrics *metrics);

#endif
