/* SPDX-License-Identifier: Apache-2.0 */
/*
 * python_estimator.h: what the Python library would estimate from the same
 * partitions; for reports.  No decision of this library uses it.
 *
 *     time per item = alpha + beta / size        least squares, beta >= 0
 *     estimate      = ceil(beta / (alpha (1 - 0.95)))
 *
 * is the smallest partition whose overhead is below 5 %.  With fewer than five
 * samples, or if alpha or beta are not positive, the sizes 64, 8, 96, 32, 256, 1, 128,
 * 48, 4 are estimated in turn.  A hundred samples are kept; the next ones replace
 * those of the nearest size.
 *
 * Source: the behaviour of LinearRegessionEstimator of opengris-parfun 7.4.0
 * (parfun/partition_size_estimator/linear_regression_estimator.py).
 *
 * Pure.  Calls that share one hold a lock, as for a model.  All 0 is an estimator
 * that has seen nothing.
 */
#ifndef PF_PYTHON_ESTIMATOR_H
#define PF_PYTHON_ESTIMATOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PF_PYTHON_ESTIMATOR_SAMPLES = 100 };

struct pf_python_sample {
    size_t size;       /* items; at least 1 */
    uint64_t per_item; /* nanoseconds, rounded down */
};

struct pf_python_estimator {
    unsigned count, turn; /* samples; learning sizes given so far */
    struct pf_python_sample sample[PF_PYTHON_ESTIMATOR_SAMPLES];
};

struct pf_python_estimate {
    bool running;       /* five samples have been seen */
    size_t size;        /* items; at least 1 */
    double alpha, beta; /* nanoseconds; both 0 if no line explains the samples */
};

/* A partition of `size` items took `ns`; ignored if there were no items. */
void pf_python_estimator_add(
        struct pf_python_estimator *estimator, size_t size, uint64_t ns);

/* The estimate as it stands, as the Python library reports it. */
struct pf_python_estimate pf_python_estimator_look(
        const struct pf_python_estimator *estimator);

/* The size of the next partition: the estimate, or the next learning size. */
size_t pf_python_estimator_next(struct pf_python_estimator *estimator);

#endif
